"""Signatures at a gate: which count, and who is asked next.

An approval counts while the content it covered equals the content of now, it is neither taken back nor older than
its level lets it be, nobody behind it has a separated role now, and the levels below it are complete. Separation is
by person: a second role or a mandate does not make a second person. A rejection stands until the content changes; so
does a request for changes, unless the work is resubmitted as it stands.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from domain.identity import parse_iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import LEVELS, ApprovalLevel
from domain.records.governance import Mandate
from domain.records.item import Approval
from domain.rules.conditions import unmet_conditions
from domain.rules.content import content_hash, with_values
from domain.rules.evidence import missing_evidence
from domain.rules.exception_rules import grant_obstacles
from domain.rules.facts import Facts
from domain.rules.fields import missing_fields, unknown_choices
from domain.rules.mandates import behind, mandates_giving, represented
from domain.rules.passed_obstacles import standing
from domain.rules.rights import people_in_roles, with_delegates
from domain.rules.urgencies import unconfirmed
from domain.rules.version_rules import effect_obstacles

REQUEST_GATES = ("cancel", "reopen")
"""Gates that no transition passes."""


class LevelState(msgspec.Struct, frozen=True, kw_only=True):
    """One level now: who has signed so that it counts, and who could.

    `wanted` is how many signatures complete it; `candidates` are holders of the role and delegates; `mandates` are
    those that delegates among them would sign under; `done` are the people behind what was decided here already.
    """

    level: ApprovalLevel
    counted: tuple[Approval, ...]
    candidates: tuple[str, ...]
    complete: bool
    wanted: int = 1
    mandates: tuple[Mandate, ...] = ()
    abstained: tuple[Approval, ...] = ()
    done: frozenset[str] = frozenset()


class GateApprovals(msgspec.Struct, frozen=True, kw_only=True):
    """The signatures at one gate in the item's present cycle.

    `rejected` and `changes_requested` hold the item at the gate; `overtaken` covered other content than there is
    now; `expired` are older than their level lets them be; `revoked` were taken back by their signers.
    """

    gate: str
    levels: tuple[LevelState, ...]
    rejected: tuple[Approval, ...]
    overtaken: tuple[Approval, ...]
    changes_requested: tuple[Approval, ...] = ()
    expired: tuple[Approval, ...] = ()
    revoked: tuple[Approval, ...] = ()
    people: frozenset[str] = frozenset()

    @property
    def current(self) -> LevelState | None:
        """The level asked now; None when all are complete."""
        return next((each for each in self.levels if not each.complete), None)

    @property
    def stopped(self) -> tuple[Approval, ...]:
        """What holds the item at the gate until the content changes."""
        return self.rejected + self.changes_requested

    @property
    def given(self) -> bool:
        """Whether every level is complete and nobody has rejected this content or asked for changes."""
        return self.current is None and not self.stopped

    @property
    def signers(self) -> frozenset[str]:
        """The people behind the approvals that count: signers, and those they signed for."""
        return self.people


def judge_approvals(facts: Facts, gate: str) -> GateApprovals:
    """Count the signatures at a gate."""
    levels = facts.process.levels_for(gate, facts.file.item.severity)
    taken_back = {each.approval for each in facts.file.revocations}
    at_gate = [each for each in facts.file.approvals if each.gate == gate and each.cycle == facts.file.item.cycle]
    here = [each for each in at_gate if each.id not in taken_back]
    content = content_hash(facts, gate) if here else ""
    standing = [each for each in here if each.content == content]
    expired = _expired(facts, levels, standing)
    states: list[LevelState] = []
    for level in levels:
        at_level = [each for each in standing if each.level == level.level and each not in expired]
        states.append(_judge_level(facts, level, at_level, separated_from(facts, level, states)))
    answered = {approval for each in facts.file.resubmissions for approval in each.answers}
    return GateApprovals(
        gate=gate,
        levels=tuple(states),
        rejected=tuple(each for each in standing if each.decision == "rejected"),
        overtaken=tuple(each for each in here if each.decision == "approved" and each.content != content),
        changes_requested=tuple(
            each for each in standing if each.decision == "changes_requested" and each.id not in answered
        ),
        expired=tuple(expired),
        revoked=tuple(each for each in at_gate if each.id in taken_back),
        people=frozenset(person for state in states for each in state.counted for person in behind(facts, each)),
    )


def _expired(facts: Facts, levels: tuple[ApprovalLevel, ...], standing: list[Approval]) -> list[Approval]:
    days = {level.level: level.expires_after_days for level in levels if level.expires_after_days}
    return [
        each
        for each in standing
        if each.decision == "approved"
        and each.level in days
        and facts.actor.at >= parse_iso(each.given_at) + timedelta(days=days[each.level])
    ]


def _judge_level(facts: Facts, level: ApprovalLevel, at_level: list[Approval], excluded: dict[str, str]) -> LevelState:
    counted: list[Approval] = []
    used: set[str] = set()
    for each in at_level:
        people = behind(facts, each)
        if each.decision == "approved" and not people & used and not people & excluded.keys():
            counted.append(each)
            used |= people
    abstained = tuple(each for each in at_level if each.decision == "abstained")
    silent = {represented(facts, each) for each in abstained}
    holders = facts.holders.get(level.role, ())
    asked = [person for person in holders if person not in excluded and person not in silent]
    waiting = [person for person in asked if person not in used]
    delegated = mandates_giving(facts, level.role) if level.delegates else ()
    mandates = [
        each for each in delegated if each.delegator in waiting and each.delegate not in excluded | dict.fromkeys(used)
    ]
    wanted = {
        "any": 1,
        "n": max(level.n, 1),
        "all": max(len(asked), 1),
        "percent": max(-(-len(asked) * level.percent // 100), 1),
    }[level.need]
    complete = bool(counted) and not waiting if level.need == "all" else len(counted) >= wanted
    return LevelState(
        level=level,
        counted=tuple(counted),
        candidates=tuple(dict.fromkeys([*waiting, *(each.delegate for each in mandates)])),
        complete=complete,
        wanted=wanted,
        mandates=tuple(mandates),
        abstained=abstained,
        done=frozenset(used | silent),
    )


def separated_from(facts: Facts, level: ApprovalLevel, lower: list[LevelState]) -> dict[str, str]:
    """People who may not sign at a level, each with the role that keeps them from it."""
    found: dict[str, str] = {}
    for role, people in people_in_roles(facts, level.separate_from).items():
        found |= dict.fromkeys(with_delegates(facts, people), role)
    for state in lower:
        if LEVELS in level.separate_from or LEVELS in state.level.separate_from:
            signers = {person for approval in state.counted for person in behind(facts, approval)}
            found |= dict.fromkeys(with_delegates(facts, signers), LEVELS)
    return found


def gate_title(facts: Facts, gate: str) -> str:
    """The words people know a gate by."""
    transition = facts.process.transition(gate)
    return (
        transition.title
        if transition
        else {"cancel": message("approvals.cancel"), "reopen": message("approvals.reopen")}.get(gate, gate)
    )


def not_ready(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What must be on file before anybody is asked to sign: fields, conditions and evidence of the gate."""
    found = facts.process.gate(gate)
    if found is None or gate in REQUEST_GATES:
        return ()
    purpose = message("approvals.pass", gate=gate_title(facts, gate))
    return (
        *missing_fields(facts, facts.process.required_fields(gate), purpose),
        *unknown_choices(facts),
        *unmet_conditions(facts, found.conditions),
        *missing_evidence(facts, gate),
        *effects_missing(facts, gate),
        *grant_obstacles(facts, gate),
    )


def effects_missing(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What stands against the effect that passing the gate has on a process version; () when it has none."""
    transition = facts.process.transition(gate)
    return effect_obstacles(facts, transition) if transition else ()


def is_ready(facts: Facts, gate: str) -> bool:
    """Whether nothing but signatures is missing at a gate, or is passed visibly by an exception or a risk
    acceptance.
    """
    return not standing(facts, gate, not_ready(facts, gate))


def gates_asked(facts: Facts) -> tuple[str, ...]:
    """Gates at which signatures can be given now: earlier ones that must still hold, those ahead, and those that
    were passed urgently and wait to be confirmed.
    """
    process, item = facts.process, facts.file.item
    severity = item.severity
    if item.state == "closed":
        return ("reopen",) if process.levels_for("reopen", severity) else ()
    ahead = [transition.id for transition in process.from_step(item.step)]
    earlier = [each for transition in ahead if (gate := process.gate(transition)) for each in gate.still_approved]
    outstanding = [each.gate for each in unconfirmed(facts.file)]
    signing = [each for each in (*earlier, *ahead, *outstanding, "cancel") if process.levels_for(each, severity)]
    return tuple(dict.fromkeys(signing))


def overtaken_by(facts: Facts, fields: dict[str, object]) -> tuple[Approval, ...]:
    """Approvals that count now and would no longer count after this edit: what to inform a person before saving."""
    after = with_values(facts, fields)
    gates = {each.gate for each in facts.file.approvals if each.cycle == facts.file.item.cycle}
    return tuple(
        approval
        for gate in sorted(gates)
        for state in judge_approvals(facts, gate).levels
        for approval in state.counted
        if approval.content != content_hash(after, gate)
    )
