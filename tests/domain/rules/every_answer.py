"""Every attempt at every kind of moment of the shipped stories, by everybody in them, and the answers word for word.

    .venv/bin/python tests/domain/rules/every_answer.py

writes `every_answer.json` anew: for each process the words under each rule (one example, in clear), and for each story
a hash over all of its answers. Read the difference before you keep it: a changed word is a changed promise.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import msgspec
from every_forgery import Told, forging
from every_vault_answer import vault_answers

from domain.commands.approvals import AnswerQuestion, ApproveItem, AskQuestion, ResubmitItem, RevokeApproval
from domain.commands.closure import BeginRecurrence
from domain.commands.command import verdict_of as obstacles
from domain.commands.handoffs import ReturnHandoff
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.migration import MigrateItems
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.commands.risk_acceptance import DecideWaiver, RequestWaiver, RevokeWaiver
from domain.commands.urgency import ApproveUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.errors import CountersignError, UsageProblem
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion, Scenario
from domain.records.people import ProcessVersionRecord
from domain.replay.as_signed import as_signed
from domain.rules import acts_ahead, attempt, waiting
from domain.rules.facts import Facts, Other, gather
from domain.rules.next_action import next_actions, pending_approvals
from domain.rules.versions_carried import CarriedVersion
from domain.simulation import run as engine
from domain.simulation.stage import Stage
from domain.simulation.words import Teller

PROCESSES = Path(__file__).resolve().parents[3] / "resources" / "processes"
SHIPPED = {
    path.stem: decode_process(path.read_text(encoding="utf-8"))
    for path in sorted(PROCESSES.glob("*.json"))
    if path.name != "schema.json"
}
ANSWERS = Path(__file__).with_suffix(".json")
WORDS = "Because it is so."
NOBODY, NOWHERE, FAR_DAY = "nobody", "nowhere", "2099-12-31"
_VAULT_IS_ASKED = ("straight_road", "refused")
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def moments(version: ProcessVersion, scenario: Scenario) -> Iterator[tuple[str, Stage]]:
    """A story after each of its moves, with the place of the move."""
    story = engine.story_of(version, scenario)
    stage = engine._stage(version, story.scenarios, SHIPPED)
    teller = Teller(version, {name: roles for each in story.scenarios for name, roles in each.people.items()}, SHIPPED)
    for place, move in story.before:
        assert engine._move(stage, teller, place, move, checked=False) is None
        yield place, stage
        if scenario.until in {stage.register.item(item).step for item in stage.items.values()}:
            break
    for place, move in story.own:
        assert engine._move(stage, teller, place, move, checked=False) is None
        yield place, stage


def looks(stage: Stage) -> tuple[Any, ...]:
    """How the items of a story stand: moments that look alike are asked about once."""
    found = []
    for item in stage.items.values():
        file = stage.register.item_file(item)
        records = (
            file.urgencies,
            file.obligations,
            file.requests,
            file.waivers,
            file.handoffs,
            file.links,
            file.evidence,
        )
        states = tuple(tuple(sorted({each.state for each in some})) for some in records)
        asked = any(not each.answered_at for each in file.questions)
        decisions = tuple(sorted({each.decision for each in file.approvals}))
        found.append(
            (file.item.process, file.item.step, file.item.state, states, asked, decisions, file.item.cycle > 1)
        )
    return tuple(sorted(found))


def attempts(facts: Facts) -> Iterator[tuple[attempt.ItemAttempt, Facts]]:
    """Attempts of every kind: complete, without words, about what is not there, out of its bounds."""
    yield from ((each, facts) for each in acts_ahead._attempts(facts))
    for each in _plain(facts):
        yield each, facts
    item = facts.file.item
    for carried in _carried(facts):
        with_version = msgspec.structs.replace(facts, version=carried)
        for way in facts.process.from_step(item.step):
            yield attempt.MoveTo(step=way.target, reason=WORDS), with_version
            yield attempt.Approve(gate=way.id), with_version
    for target in _targets(facts.process.id, item.step):
        with_target = msgspec.structs.replace(facts, target=target)
        for reason in ("", WORDS):
            yield MigrateItems(version=target.id, reason=reason), with_target
    others = (
        Other(id=item.id, number=item.number, state="open", owner=item.owner, way_back=(item.number,)),
        Other(id="x", number="X-1", state="closed", owner="", way_back=()),
        Other(id="x", number="X-2", state="open", owner="", way_back=("X-2", "X-3", item.number)),
        Other(id="x", number="X-4", state="open", owner="", way_back=()),
    )
    for other in others:
        with_other = msgspec.structs.replace(facts, other=other)
        for kind in ("blocked_by", "related", "passed_by"):
            yield LinkItems(item="", other=other.id, kind=kind), with_other
        for link in facts.file.links:
            yield ReplaceLink(item="", link=link.id, other=other.id, reason=""), with_other


def _carried(facts: Facts) -> Iterator[CarriedVersion]:
    """The version that the item names in every state: carried by others, outdated, unproven, failing, unwise."""
    there = facts.version
    if there is None:
        return
    record, draft, change = there.record, there.draft, msgspec.structs.replace
    for state in ("draft", "in_review", "in_force", "retired"):
        now = change(there, record=change(record, state=state))
        yield now
        yield change(now, carrier="T-1", carrier_state="open")
        yield change(now, carrier="T-1", carrier_state="closed")
        yield change(now, newest="other@9")
        yield change(now, draft=change(draft, base="", tested="x"))
        yield change(now, draft=change(draft, scenarios=[["straight_road", "It broke."]], tested=record.sha256))
        yield change(now, draft=change(draft, authors=sorted(facts.active)))
        document = {**json.loads(record.definition), "scenarios": [], "risk_controls": []}
        yield change(now, record=change(record, state=state, definition=json.dumps(document)))


@cache
def _targets(name: str, here: str) -> tuple[ProcessVersionRecord, ...]:
    """Versions an item could come over to: mapped as it stands, elsewhere, nowhere; with stricter and newer gates."""
    process, later = SHIPPED[name], SHIPPED[name].version + 7
    found: list[ProcessVersionRecord] = []
    steps = [each.id for each in process.steps]
    same = {"from_version": process.version, "steps": {}}
    strict: dict[str, Any] = {"approvals": [{"level": 1, "role": process.owner_role, "meaning": "Seen."}]}
    changes: tuple[dict[str, Any], ...] = (
        {"migration": None},
        {"migration": same},
        {"migration": {**same, "from_version": later - 1}},
        {"migration": {**same, "steps": {here: steps[0]}}},
        {"migration": {**same, "steps": {here: steps[-2]}}, "owner_role": process.roles[-1].id},
        {"migration": same, "gates": {**strict, "fields": ["description", "due"]}},
        {"migration": same, "gates": {"evidence": [each.id for each in process.evidence][:1]}},
        {"migration": {**same, "steps": {here: steps[-2]}}, "gates": {"fields": ["owner", "raised"]}},
    )
    for change in changes:
        document = {**msgspec.to_builtins(process), "version": later, "migration": change["migration"]}
        document["owner_role"] = change.get("owner_role", process.owner_role)
        if "gates" in change:
            document["transitions"] = [{**way, "gate": change["gates"]} for way in document["transitions"]]
        text = json.dumps(document)
        try:
            decode_process(text)
        except UsageProblem:  # such a version could never be in force: nothing comes over to it
            continue
        found.append(_record(name, later, text))
    return (*found, _record(name, process.version, json.dumps(msgspec.to_builtins(process))), _record("other", 1, ""))


def _record(process: str, version: int, definition: str) -> ProcessVersionRecord:
    return ProcessVersionRecord(
        id=f"{process}@{version}",
        process=process,
        version=version,
        state="in_force",
        definition=definition,
        sha256="",
        in_force_from="2020-01-01",
    )


def _plain(facts: Facts) -> Iterator[attempt.ItemAttempt]:
    yield from _work(facts)
    yield from _decisions(facts)
    yield from _life(facts)
    yield from _records(facts)


def _work(facts: Facts) -> Iterator[attempt.ItemAttempt]:
    process, file = facts.process, facts.file
    for field in ("title", "severity", "due", "owner", *(each.id for each in process.fields), NOWHERE):
        for value in ("", "Something else", "2026-13-40", "\x07", [{"x": "y"}]):
            yield attempt.EditFields(fields={field: value})
    for person in (NOBODY, file.item.owner, *sorted(facts.active)[:2]):
        yield attempt.AssignOwner(person=person)
    for step in (*(each.id for each in process.steps), NOWHERE):
        for reason in ("", WORDS):
            yield attempt.MoveTo(step=step, reason=reason)


def _decisions(facts: Facts) -> Iterator[attempt.ItemAttempt]:
    process, file = facts.process, facts.file
    for gate in (*(way.id for way in process.from_step(file.item.step)), "cancel", "reopen", NOWHERE):
        yield attempt.Approve(gate=gate)
        yield attempt.Approve(gate=gate, bulk=True)
        for reason in ("", WORDS):
            yield attempt.Reject(gate=gate, reason=reason)
            yield ApproveItem(item="", decision="changes_requested", gate=gate, reason=reason)
            yield ApproveItem(item="", decision="abstained", gate=gate, reason=reason)
            yield ResubmitItem(item="", gate=gate, reason=reason)
            yield RefuseUrgent(item="", gate=gate, reason=reason)
            yield MarkUrgent(item="", gate=gate, code="" if reason else NOWHERE, reason=reason)
        for asked in (facts.actor.person, NOBODY, file.item.owner):
            yield AskQuestion(item="", gate=gate, text="" if asked == NOBODY else WORDS, asked_of=asked)
    for requirement in (*(each.id for each in process.evidence), NOWHERE):
        yield attempt.AddEvidence(requirement=requirement)
    for evidence in (*(each.id for each in file.evidence), NOWHERE):
        for accept, note in ((True, ""), (False, ""), (False, WORDS)):
            yield attempt.ReviewEvidence(evidence=evidence, accept=accept, note=note)


def _life(facts: Facts) -> Iterator[attempt.ItemAttempt]:
    process, due = facts.process, facts.file.item.due
    for reason, day, other in (("", "", ""), (WORDS, "2020-01-01", ""), (WORDS, FAR_DAY, "X-1"), (WORDS, "soon", "")):
        yield attempt.Hold(reason=reason, review_on=day, waiting_for=other)
    for reason in ("", WORDS):
        yield attempt.Resume(reason=reason)
        yield attempt.Cancel(reason=reason, code=NOWHERE)
        yield attempt.Reopen(reason=reason)
        yield BeginRecurrence(item="", reason=reason)
        yield WithdrawUrgent(item="", reason=reason)
        yield ReturnHandoff(item="", reason=reason)
        yield RequestCancellation(item="", reason=reason, code=NOWHERE, fates={NOWHERE: ""})
        yield RequestExtension(item="", due=due, reason=reason, interim_risk="")
        yield RequestChange(item="", fields={"due": FAR_DAY} if reason else {}, reason=reason)
        yield MigrateItems(version=f"{process.id}@9", reason=reason)
    yield ApproveUrgent(item="")
    yield attempt.KeepPack()
    for outcome in (*(each.outcome for each in process.closure.outcomes), NOWHERE):
        yield attempt.Close(outcome=outcome)


def _records(facts: Facts) -> Iterator[attempt.ItemAttempt]:
    process, file = facts.process, facts.file
    for each in (*(one.id for one in file.requests), NOWHERE):
        for approve, reason, bulk in ((True, "", False), (False, "", False), (False, WORDS, False), (True, "", True)):
            yield DecideRequest(item="", request=each, approve=approve, reason=reason, bulk=bulk)
        yield WithdrawRequest(item="", request=each, reason="")
    rule = process.waiver
    for name in (*(rule.rules if rule else ()), NOWHERE):
        yield RequestWaiver(item="", gate=NOWHERE, rule=name, reason="", risk="", expires_on=FAR_DAY)
    for each in (*(one.id for one in file.waivers), NOWHERE):
        for accept, reason in ((True, ""), (False, ""), (False, WORDS)):
            yield DecideWaiver(item="", waiver=each, accept=accept, reason=reason)
        yield RevokeWaiver(item="", waiver=each, reason="")
    for each in (*(one.id for one in file.links), NOWHERE):
        yield UnlinkItems(item="", link=each, reason="")
        yield AskBlocker(item="", link=each, text="")
    for each in (*(one.id for one in file.questions), NOWHERE):
        yield AnswerQuestion(item="", question=each, answer="")
    for each in (*(one.id for one in file.approvals), NOWHERE):
        yield RevokeApproval(item="", approval=each, reason="")


def answers_at(stage: Stage) -> Iterator[tuple[str, Any]]:
    """Who asks what, and the answer: obstacles and what passes, as JSON values; what waits and what is next too."""
    for name, item in sorted(stage.items.items()):
        for person in sorted(stage.people):
            try:
                facts = gather(stage.register, item, stage.actor(person))
            except CountersignError as problem:
                yield f"{name} {person}", str(problem)
                continue
            for asked, judged_by in attempts(facts):
                verdict = obstacles(asked, judged_by)
                told = [[o.rule, o.text, o.cure, o.who, o.about] for o in verdict.obstacles]
                told += [["passed", p.text, p.rule, p.kind, p.until] for p in verdict.passed]
                yield f"{name} {person} {msgspec.json.encode(asked).decode()}", told
            for signature in facts.file.approvals if person == min(stage.people) else ():
                found = as_signed(stage.register, item=item, signature=signature.id, by=stage.actor(person))
                shown = {part: getattr(found, part) for part in found.__struct_fields__ if part != "facts"}
                yield f"{name} signed {signature.id}", msgspec.to_builtins(shown)
            yield f"{name} {person} waits", msgspec.to_builtins(waiting.waiting_for_actor(facts))
            yield f"{name} {person} awaits", msgspec.to_builtins(waiting.awaited_from_others(facts))
            yield f"{name} {person} pending", msgspec.to_builtins(pending_approvals(facts))
            yield f"{name} {person} next", [[each.transition, each.title] for each in next_actions(facts)]
            yield f"{name} {person} ahead", sorted(acts_ahead.acts_ahead(facts))
            yield f"{name} {person} waivable", msgspec.to_builtins(acts_ahead.waivable_ahead(facts))


def answers_of(version: ProcessVersion) -> dict[str, Any]:
    """The words under each rule, one example each, at items and at the vault; a hash over all answers of a story."""
    at_items: dict[str, list[str]] = {}
    at_vault: dict[str, list[str]] = {}
    at_replay: dict[str, list[str]] = {}
    stories: dict[str, str] = {}
    seen: set[tuple[Any, ...]] = set()
    forged: Counter[str] = Counter()
    for scenario in version.scenarios:
        digest, stage, told = sha256(), None, Told()
        with forging(told, forged):
            lived = sum(1 for _ in moments(version, scenario))
        _take(digest, at_replay, told)
        assert lived, scenario.id
        for place, stage in moments(version, scenario):
            if (look := looks(stage)) in seen:
                continue
            seen.add(look)
            _take(digest, at_items, ((f"{place} {asked}", told) for asked, told in answers_at(stage)))
        if stage is not None and scenario.kind in _VAULT_IS_ASKED:
            _take(digest, at_vault, vault_answers(stage, version))
        stories[scenario.id] = digest.hexdigest()[:16]
    found = {"words": at_items, "vault": at_vault, "replay": at_replay}
    return {**{name: dict(sorted(words.items())) for name, words in found.items()}, "stories": stories}


def _take(digest: Any, words: dict[str, list[str]], answers: Iterable[tuple[str, Any]]) -> None:
    for asked, told in answers:
        digest.update(_ID.sub("#", json.dumps([asked, told], ensure_ascii=False)).encode())
        for each in _obstacles(told):
            words.setdefault(each[0], [_ID.sub("#", text) for text in each[1:4]])


def _obstacles(told: Any) -> list[list[str]]:
    """The obstacles of an answer: rule, text, cure, who, about; other answers have none."""
    lists = isinstance(told, list) and told and isinstance(told[0], list)
    return [each for each in told if len(each) == 5 and each[0] != "passed"] if lists else []


if __name__ == "__main__":
    found = {name: answers_of(version) for name, version in SHIPPED.items()}
    ANSWERS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
