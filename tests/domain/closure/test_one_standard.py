"""The gate, the closing page and the pack judge one closure standard: in random lives they never differ."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import Any

import pytest
from closed_item import MEANING, ClosedItem, created, definition

from domain.closure.decided import decide_shown
from domain.closure.proof import make_proof, open_proof
from domain.commands.approvals import ApproveItem, RevokeApproval
from domain.commands.closure import CloseItem
from domain.commands.command import Case
from domain.commands.delegation import GrantMandate
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.people import GrantRole
from domain.errors import CountersignError
from domain.identity import parse_iso
from domain.rules.approvals import judge_approvals
from domain.rules.closure_demands import closure_demands, meets
from domain.rules.facts import Facts, gather
from domain.rules.holding_roles import actor_at
from domain.rules.passing import closing_transition

LIVES, STATES = 25, 8
"""Random lives, and how many states of each are looked at; the bench looks at many more."""
DAY = 24 * 60


def _process() -> dict[str, Any]:
    """Signatures at two gates, that expire, may be given by delegates, and have to differ."""
    process = definition()
    level = {
        "level": 1,
        "role": "quality_lead",
        "meaning": MEANING,
        "separate_from": [],
        "expires_after_days": 5,
        "delegates": True,
    }
    second = {"level": 2, "role": "engineer", "meaning": MEANING, "separate_from": ["levels"], "delegates": True}
    process["transitions"][1]["gate"] = {"approvals": [level, second]}
    process["closure"]["gate"]["approvals"] = [{**level, "separate_from": ["owner"]}]
    return process


def _ran(seed: int) -> tuple[ClosedItem, random.Random]:
    chance = random.Random(seed)
    log, lead, engineer = created(seed="one", process=_process())
    log.perform(lead, CreateItem(process="capa", fields={"title": "Burr", "owner": engineer.id}))
    item = log.entries[-1].header.subject
    return ClosedItem(log, lead, engineer, item), chance


def _step(closed: ClosedItem, chance: random.Random) -> str:
    """Try something at random; what it was comes back, or "" when it was refused."""
    item, by = closed.item, chance.choice((closed.lead, closed.engineer))
    file = closed.file
    waiting = [each.id for each in file.evidence if each.state == "submitted"]
    number = str(len(closed.log.entries))
    failed_unlocks = {
        "edit": EditItem(item=item, fields={"cause": f"cause {number}"}, reason="Seen anew"),
        "overtake": EditItem(item=item, fields={"description": f"text {number}"}, reason="Seen anew"),
        "result": EditItem(item=item, fields={"result": f"result {number}"}, reason="Seen anew"),
        "move": MoveItem(item=item, step=chance.choice(("analysed", "implemented")), reason="Onward"),
        "approve": ApproveItem(item=item, meaning=MEANING),
        "revoke": RevokeApproval(item=item, reason="In error", meaning="I take it back"),
        "evidence": AddEvidence(
            item=item,
            requirement="effectiveness",
            file=sha256(number.encode()).hexdigest(),
            size=9,
            file_name=f"{number}.txt",
        ),
        "review": ReviewEvidence(
            item=item, evidence=next(iter(waiting), "none"), accept=chance.random() < 0.8, note="Seen"
        ),
        "role": GrantRole(person="p-lead", role="engineer"),
        "mandate": GrantMandate(
            delegate="p-eng" if by is closed.lead else "p-lead",
            role=chance.choice(("engineer", "quality_lead")),
            first_day=closed.log.next_at[:10],
            last_day="2026-12-20",
            reason="On leave",
            meaning="I give a mandate",
        ),
    }
    what = chance.choice((*failed_unlocks, "move", "approve", "review", "evidence", "approve", "days"))
    if what == "days":
        closed.log.lag += chance.choice((1, 6)) * DAY
        return what
    try:
        closed.perform(by, failed_unlocks[what])
    except CountersignError:
        return ""
    return what


def _facts(closed: ClosedItem) -> tuple[Facts, Facts]:
    """The facts of the vault and those that a pack shows, for one person at one moment."""
    state, at = closed.log.state, closed.log.next_at
    by = actor_at(state, closed.lead.id, parse_iso(at))
    parts = closed.parts()
    proof = make_proof(
        item=closed.item,
        printer=parts["printer"],
        vault=parts["vault"],
        keys=parts["keys"],
        entries=parts["entries"],
        definition=parts["process"].definition,
        checkpoint="",
    )
    decided = decide_shown(open_proof(proof), closed.item)
    assert decided.findings == ()
    assert decided.unjudged == ()
    shown, missing = decided.state.facts(by)
    assert missing == frozenset()
    return gather(state, closed.item, by), shown


def _list(facts: Facts) -> list[tuple[str, bool, tuple[str, ...]]]:
    transition = closing_transition(facts)
    return [
        (
            f"{demand.kind} {demand.about} {demand.level}",
            (meeting := meets(demand, facts)).met,
            tuple(each.rule for each in meeting.obstacles),
        )
        for demand in closure_demands(
            facts.process,
            gate=transition.id if transition else "",
            outcome="reached",
            severity=facts.file.item.severity,
        )
    ]


@pytest.mark.parametrize("seed", range(LIVES))
def test_gate_closing_page_and_pack_give_one_list(seed: int) -> None:
    closed, chance = _ran(seed)
    for _ in range(STATES):
        for _ in range(6):
            _step(closed, chance)
        vault, pack = _facts(closed)
        assert _list(pack) == _list(vault)
        if closing_transition(vault) is None:
            continue
        verdict = CloseItem(item=closed.item, outcome="reached").judge(Case(closed.log.state, vault.actor))
        gate = {each.rule for each in verdict.obstacles} - {"right.missing"}
        assert gate == {rule for _, _, rules in _list(pack) for rule in rules}


def test_the_random_lives_hold_overtaken_revoked_expired_and_delegated_signatures() -> None:
    seen: set[str] = set()
    for seed in range(LIVES):
        closed, chance = _ran(seed)
        for _ in range(STATES * 6):
            _step(closed, chance)
            facts = gather(
                closed.log.state,
                closed.item,
                actor_at(closed.log.state, closed.lead.id, parse_iso(closed.log.next_at)),
            )
            for gate in ("analysed->implemented", "implemented->closed"):
                state = judge_approvals(facts, gate)
                seen |= {kind for kind in ("overtaken", "revoked", "expired") if getattr(state, kind)}
                seen |= {"delegated" for level in state.levels for each in level.counted if each.mandate}
    assert seen == {"overtaken", "revoked", "expired", "delegated"}
