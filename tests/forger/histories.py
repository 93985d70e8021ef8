"""Random histories: random people give random commands; whatever is decided is recorded, what is refused too.

What a command may name (items, people, records, words, days) is drawn from what is there, so that many get through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random
from typing import Any, Literal, get_args, get_origin

import msgspec
from rich_history import ADA, BO, LEA, LEO, OLGA, RITA, WIM, ScenarioRun
from rich_process import next_work, texts
from rich_world import World, a_file

from domain.act import Change
from domain.calendar.working_time import USUAL
from domain.commands.alerts import RaiseAlerts
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import NONCE_SIZE, Command, ItemCommand, values_of
from domain.commands.deciding import decide, judge
from domain.commands.evidence import AddEvidence, GetEvidence, ReviewEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.links import AskBlocker
from domain.commands.migration import MigrateItems
from domain.commands.oversight import AcknowledgeClock
from domain.commands.people import CreateVault, EnrolPerson
from domain.commands.process_versions import PublishProcess
from domain.commands.urgency import ConfirmUrgent
from domain.commands.vault_events import RecordRefusal
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.records.item import Item
from domain.registry import COMMANDS
from domain.replay.decide_again import EntryJudge
from domain.replay.state import MemoryState
from domain.rules.alert_scan import NothingToRaise, Scan
from domain.rules.facts import Facts, gather

WORKERS = (OLGA, OLGA, WIM, LEA, LEA, LEO, RITA, BO, ADA)
ITEM_COMMANDS = tuple(kind for kind in COMMANDS.values() if issubclass(kind, ItemCommand))
OTHER_COMMANDS = tuple(kind for kind in COMMANDS.values() if not issubclass(kind, ItemCommand | CreateVault))
MINUTES = (0, 0, 0, 1, 1, 5, 60, 60, 60, 60, 600, 600, 1440, 4000, -1)


_BACKWARDS, _BY_CHANCE, _HELP, _RARE = 0.01, 0.5, 0.25, 0.04
_ENDS = frozenset(
    {
        *("cancel_item", "request_cancellation", "hold_item", "request_change", "assign_item", "ask_question"),
        *("get_evidence", "mark_urgent", "withdraw_urgent", "withdraw_request"),
    }
)
"""After these little else happens to an item for a while."""


class DictOverflow:
    """A backup folder in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get(self, space: str, key: str) -> bytes | None:
        return self._kept.get((space, key))

    def put(self, space: str, values: Iterable[tuple[str, bytes]]) -> None:
        self._kept.update(((space, key), data) for key, data in values)


class History:
    """One random history. `happened` counts what came of it: words recorded, words refused, "senseless"."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.world = World(seed)
        self.happened: Counter[str] = Counter()
        scenario_run = ScenarioRun(self.world)
        scenario_run.people()
        self.world.give(ADA, PublishProcess(definition=texts()[2]))
        for _ in range(3):
            scenario_run.new_item(owner=self.dice.choice((OLGA, WIM, LEA)), by=self.dice.choice((WIM, LEA)))
        scenario_run.started()

    def run(self, steps: int) -> World:
        for _ in range(steps):
            self.world.now += timedelta(minutes=self.dice.choice(MINUTES), milliseconds=self.dice.randrange(1000))
            if self.dice.random() < _BACKWARDS:
                self.world.now -= timedelta(minutes=90)
                self.try_it(ADA, AcknowledgeClock(reason="a word", device="d", meaning="I looked"))
            person = self.dice.choice(WORKERS)
            command = self._command(person) if self.dice.random() < _BY_CHANCE else None
            if command is not None:
                self.try_it(person, command)
            else:
                self._something_allowed()
        return self.world

    def _something_allowed(self) -> None:
        """One of the things that may be done to some item now, by somebody who may."""
        state = self.world.state
        item = self.dice.choice(state.all_of(Item)).id
        allowed: dict[str, list[tuple[str, Command]]] = {}
        for person in self.dice.sample(sorted(set(WORKERS)), 3):
            facts = gather(state, item, self.world.actor(person))
            for command in possible(facts):
                if command.judge_by(facts).allowed:
                    allowed.setdefault(command.word, []).append((person, command))
        if self.dice.random() < _HELP:
            facts = gather(state, item, self.world.actor(OLGA))
            self.try_it(LEA, self._helpful(facts))
        elif allowed:
            words = sorted(allowed)
            word = self.dice.choices(words, [_RARE if each in _ENDS else 1 for each in words])[0]
            self.try_it(*self.dice.choice(allowed[word]))

    def try_it(self, person: str, command: Command) -> None:
        """Have it decided; a refusal is put on record as a session does."""
        world, by = self.world, self.world.actor(person)
        nonce = self.dice.randbytes(NONCE_SIZE)
        try:
            verdict = judge(command, world.state, by)
            act = decide(command, world.state, by, nonce=nonce)
            assert act.changes, f"{command} changes nothing"
        except Refused:
            self._refused(person, command, [each.rule for each in verdict.obstacles])
        except UsageProblem:
            self.happened["senseless"] += 1
        else:
            world.take(act, by, command, nonce)
            self.happened[command.word] += 1

    def _refused(self, person: str, command: Command, rules: list[str]) -> None:
        world, by = self.world, self.world.actor(person)
        stands = [each for each in rules if each != "declaration.missing"]
        if not stands or not command.recorded_when_refused or "person.disabled" in stands:
            return
        nonce = self.dice.randbytes(NONCE_SIZE)
        refusal = RecordRefusal(refused=values_of(command))
        act = decide(refusal, world.state, by, nonce=nonce)
        assert [each["rule"] for each in act.changes[0].after["obstacles"]] == stands
        world.take(act, by, refusal, nonce)
        self.happened[f"refused {command.word}"] += 1

    def _command(self, person: str) -> Command | None:
        weights = {self._creation: 5, self._alerts: 3, self._enrolment: 3, self._of_the_vault: 14, self._of_an_item: 75}
        made: Command | None = self.dice.choices(list(weights), list(weights.values()))[0](person)
        return made

    def _creation(self, _person: str) -> Command:
        owner, process = self.dice.choice((OLGA, WIM)), self.dice.choice(("work", "again", "carry"))
        return CreateItem(
            process=process, fields={"title": "T", "owner": owner, "due": self._day(), "severity": "high"}
        )

    def _enrolment(self, _person: str) -> Command:
        name = f"N{self.dice.randrange(9)}"
        key = self.world.new_key(f"p-{name}", name)
        return EnrolPerson(person=f"p-{name}", name=name, identity_checked="Passport seen", roles=("worker",), key=key)

    def _of_the_vault(self, _person: str) -> Command | None:
        return self._made_up(self.dice.choice(OTHER_COMMANDS), {})

    def _of_an_item(self, person: str) -> Command | None:
        item, which = self.dice.choice(self.world.state.all_of(Item)), self.dice.random()
        facts = gather(self.world.state, item.id, self.world.actor(person))
        if which < 0.2:
            return self._helpful(facts)
        if which < 0.4:
            return self._made_up(self.dice.choice(ITEM_COMMANDS), {"item": item.id}, facts)
        return self.dice.choice(tuple(possible(facts)))

    def _helpful(self, facts: Facts) -> Command:
        """What an item needs to go on."""
        item = facts.file.item.id
        if facts.process.id == "carry":
            return EditItem(item=item, fields={"version": "work@2", "in_force_from": self._day()})
        if self.dice.random() < 0.5 and facts.process.evidence:
            file = a_file(str(self.dice.random()))
            return AddEvidence(item=item, requirement="proof", file=file.sha256, size=file.size, file_name="p.txt")
        fields = {"plan": self.dice.choice("AAAB"), "verdict": "good", "due": self._day(), "cost": "12.50 EUR"}
        return EditItem(item=item, fields=dict([self.dice.choice(sorted(fields.items()))]), reason="Seen anew")

    def _alerts(self, person: str) -> Command | None:
        try:
            found = Scan(self.world.state, self.world.actor(person)).alerts()
        except NothingToRaise:
            return None
        return RaiseAlerts.of(found[: self.dice.randrange(1, 4)], running_since=iso(self.world.now)) if found else None

    def _day(self) -> str:
        return (self.world.now + timedelta(days=self.dice.choice((-1, 0, 1, 9, 15, 60)))).date().isoformat()

    def _made_up(self, kind: type[Command], given: dict[str, Any], facts: Facts | None = None) -> Command | None:
        """A command of this kind, each field drawn from what there is of its name and type."""
        if kind is MigrateItems:
            given = {"items": [each.id for each in self.world.state.all_of(Item)][:1], "version": "work@2"}
        values: dict[str, Any] = {"command": str(kind.__struct_config__.tag)}
        for field in msgspec.structs.fields(kind):
            if field.name in given:
                values[field.name] = given[field.name]
            elif field.required or self.dice.random() < 0.5:
                values[field.name] = self._value(field.name, field.type, facts)
        try:
            return msgspec.convert(values, kind, strict=True)
        except msgspec.ValidationError:
            return None

    def _value(self, name: str, hint: Any, facts: Facts | None) -> Any:
        dice, origin = self.dice, get_origin(hint) or hint
        by_name: dict[str, tuple[Any, ...]] = {
            "calendar": tuple(
                msgspec.to_builtins(msgspec.structs.replace(USUAL, ends=hour * 60)) for hour in (15, 16, 17)
            ),
            "definition": (next_work(), texts()[0], texts()[1]),
        }
        if facts is not None:
            by_name["fields"] = ({"plan": "A"}, {"title": ""}, {"due": self._day()}, {"cost": "A"}, {"kind": "label"})
        by_kind: dict[Any, tuple[Any, ...]] = {
            Literal: get_args(hint),
            int: (0, 1, 2, 12),
            bool: (True, True, False),
            tuple: ((),),
            dict: ({},),
        }
        return dice.choice(by_name.get(name) or by_kind.get(origin) or tuple(self._words(name, facts)))

    def _words(self, name: str, facts: Facts | None) -> Iterator[str]:
        state, day = self.world.state, self._day()
        kinds = {"category": "category", "mandate": "mandate", "reset": "key_reset"}
        known: dict[str, tuple[str, ...]] = {
            "person": (OLGA, WIM, LEO, RITA),
            "delegate": (OLGA, WIM, LEO, RITA),
            "role": ("lead", "worker", "risk", "board"),
            "process": ("work", "again", "fresh"),
            "version": ("work@1", "work@2", "again@2"),
            "other": tuple(each.id for each in state.all_of(Item)),
            "kind": ("blocked_by", "follow_up_of", "related"),
            "step": ("asked", "doing", "checking", "done"),
            "outcome": ("reached", "partly", "not_reached"),
            "rule": ("blocked.open", "evidence.missing", "approval.missing"),
            "code": ("duplicate", "safety", "not_needed"),
            "name": ("reveal_needs_two",),
            "value": ("yes", "no"),
            "category_word": ("label", "box"),
            "fingerprint": ("f" * 32,),
            "file": (a_file("a pack").sha256,),
            "requirement": ("proof",),
        }
        yield from known.get(name, ())
        if name in kinds:
            yield from (row["id"] for row in state.rows(kinds[name]))
        if facts is not None and name in ("evidence", "link", "request", "risk_acceptance", "question", "approval"):
            members = {"evidence": facts.file.evidence, "approval": facts.file.approvals}
            found = members.get(name) or getattr(facts.file, f"{name}s", ())
            yield from (each.id for each in found)
        if name.endswith(("_day", "_on", "_from")) or name == "due":
            yield day
        yield from ("a word", "a word", "a word", "") if name not in known else ("nonsense",)


def possible(facts: Facts) -> Iterator[ItemCommand]:
    """Commands worth asking about on an item now, those with a form of their own on screen among them."""
    item = facts.file.item
    for kind in ITEM_COMMANDS:
        yield from kind.possible(facts)
    for transition in facts.process.from_step(item.step):
        yield MoveItem(item=item.id, step=transition.target, reason="a word")
    for decision in ("approved", "approved", "rejected", "changes_requested", "abstained"):
        yield ApproveItem(item=item.id, decision=decision, reason="a word", meaning="I mean it")
    yield ConfirmUrgent(item=item.id)
    for outcome in ("reached", "partly"):
        yield CloseItem(item=item.id, outcome=outcome)
    for evidence in facts.file.evidence:
        yield ReviewEvidence(item=item.id, evidence=evidence.id, accept=evidence.id[-1] > "3", note="a word")
        yield GetEvidence(item=item.id, evidence=evidence.id, purpose="a word")
    for link in facts.file.links:
        yield AskBlocker(item=item.id, link=link.id, text="When?")


def breaches_of(world: World, state: MemoryState) -> list[tuple[int, str, str]]:
    """What replaying a history finds fault with: entry, command, text."""
    judge, found = EntryJudge(state), []
    for output in world.output:
        judge.begin(output.header)
        for leaf in output.act.command:
            judge.command_leaf(leaf)
        for change in output.act.changes:
            data = change.data()
            judge.change(msgspec.json.decode(data, type=Change), data)
        found += [(output.header.seq, output.command.word, each.text) for each in judge.end()]
    return found
