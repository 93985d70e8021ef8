"""Signatures at a gate: which count, who is asked next, and who may not sign.

An approval counts while the content it covered equals the content of now, its signer wears no separated hat
now, and the levels below it are complete. Separation is by person: a second role does not make a second person.
A rejection stands until the content changes.
"""

from __future__ import annotations

import msgspec

from domain.gates.content import content_hash, with_values
from domain.gates.evidence import missing_evidence
from domain.gates.facts import Facts
from domain.gates.fields import missing_fields, unmet_conditions
from domain.gates.people import name_of, role_words, who_can
from domain.gates.rights import hats_of, separation
from domain.gates.verdict import Obstacle
from domain.items.item import Approval
from domain.process.definition import LEVELS, ApprovalLevel

LIFE_GATES = ("cancel", "reopen")
"""Gates that no transition passes."""


class LevelState(msgspec.Struct, frozen=True, kw_only=True):
    """One level now: who has signed so that it counts, and who could."""

    level: ApprovalLevel
    counted: tuple[Approval, ...]
    candidates: tuple[str, ...]
    complete: bool


class GateApprovals(msgspec.Struct, frozen=True, kw_only=True):
    """The signatures at one gate in the item's present cycle."""

    gate: str
    levels: tuple[LevelState, ...]
    rejected: tuple[Approval, ...]
    overtaken: tuple[Approval, ...]

    @property
    def current(self) -> LevelState | None:
        """The level asked now; None when all are complete."""
        return next((each for each in self.levels if not each.complete), None)

    @property
    def given(self) -> bool:
        """Whether every level is complete and nobody has rejected this content."""
        return self.current is None and not self.rejected

    @property
    def signers(self) -> frozenset[str]:
        """The people whose approvals count."""
        return frozenset(approval.person for state in self.levels for approval in state.counted)


def judge_approvals(facts: Facts, gate: str) -> GateApprovals:
    """Count the signatures at a gate."""
    found = facts.process.gate(gate)
    levels = found.approvals if found else ()
    here = [each for each in facts.file.approvals if each.gate == gate and each.cycle == facts.file.item.cycle]
    content = content_hash(facts, gate) if here else ""
    states: list[LevelState] = []
    for level in levels:
        excluded = separated_from(facts, level, states)
        counted: dict[str, Approval] = {}
        for each in here:
            fits = each.level == level.level and each.decision == "approved" and each.content == content
            if fits and each.person not in excluded:
                counted.setdefault(each.person, each)
        holders = tuple(person for person in facts.holders.get(level.role, ()) if person not in excluded)
        waiting = tuple(person for person in holders if person not in counted)
        complete = {
            "any": bool(counted),
            "n": len(counted) >= max(level.n, 1),
            "all": bool(counted) and not waiting,
        }[level.need]
        states.append(LevelState(level=level, counted=tuple(counted.values()), candidates=waiting, complete=complete))
    return GateApprovals(
        gate=gate,
        levels=tuple(states),
        rejected=tuple(each for each in here if each.decision == "rejected" and each.content == content),
        overtaken=tuple(each for each in here if each.decision == "approved" and each.content != content),
    )


def separated_from(facts: Facts, level: ApprovalLevel, lower: list[LevelState]) -> dict[str, str]:
    """People who may not sign at a level, each with the hat that keeps them from it."""
    found: dict[str, str] = {}
    for hat, people in hats_of(facts, level.separate_from).items():
        found |= dict.fromkeys(people, hat)
    for state in lower:
        if LEVELS in level.separate_from or LEVELS in state.level.separate_from:
            found |= {approval.person: LEVELS for approval in state.counted}
    return found


def approval_gaps(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What signatures still stand between the item and the gate, with the earlier gates that must still hold."""
    found = facts.process.gate(gate)
    earlier = tuple(obstacle for each in (found.still_approved if found else ()) for obstacle in _gaps(facts, each))
    return earlier + _gaps(facts, gate)


def _gaps(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    state = judge_approvals(facts, gate)
    title = gate_title(facts, gate)
    if state.rejected:
        return tuple(_rejected(facts, each, title) for each in state.rejected)
    current = state.current
    if current is None:
        return ()
    level = current.level
    changed = ""
    if state.overtaken:
        signers = ", ".join(dict.fromkeys(name_of(facts, each.person) for each in state.overtaken))
        changed = f" What {signers} signed has changed since."
    wanted = {"any": "a signature", "n": f"{level.n} signatures", "all": "the signatures of all"}[level.need]
    return (
        Obstacle(
            rule="approval.overtaken" if state.overtaken else "approval.missing",
            text=f"'{title}' needs {wanted} of {role_words(facts, (level.role,))} at level {level.level}, by "
            f"{facts.process.name}; {len(current.counted)} counted.{changed}",
            cure="Ask for the approval.",
            who=_who(facts, current),
        ),
    )


def _who(facts: Facts, state: LevelState) -> str:
    holders = frozenset(facts.holders.get(state.level.role, ()))
    return who_can(facts, (state.level.role,), without=holders - frozenset(state.candidates))


def _rejected(facts: Facts, rejection: Approval, title: str) -> Obstacle:
    return Obstacle(
        rule="approval.rejected",
        text=f"{name_of(facts, rejection.person)} rejected '{title}': {rejection.reason} ({facts.process.name}).",
        cure="Change what was rejected; then it can be approved anew.",
        who=who_can(facts, ("owner",)) if facts.file.item.owner else "",
    )


def gate_title(facts: Facts, gate: str) -> str:
    """The words people know a gate by."""
    transition = facts.process.transition(gate)
    return transition.title if transition else {"cancel": "Cancel", "reopen": "Reopen"}.get(gate, gate)


def not_ready(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What must be on file before anybody is asked to sign: fields, conditions and evidence of the gate."""
    found = facts.process.gate(gate)
    if found is None or gate in LIFE_GATES:
        return ()
    purpose = f"pass '{gate_title(facts, gate)}'"
    return (
        *missing_fields(facts, facts.process.required_fields(gate), purpose),
        *unmet_conditions(facts, found.conditions),
        *missing_evidence(facts, gate),
    )


def gates_asked(facts: Facts) -> tuple[str, ...]:
    """Gates at which signatures can be given now: earlier ones that must still hold, then those ahead."""
    process, item = facts.process, facts.file.item
    if item.state == "closed":
        return ("reopen",) if process.reopen.approvals else ()
    ahead = [way.id for way in process.from_step(item.step)]
    earlier = [each for way in ahead if (gate := process.gate(way)) for each in gate.still_approved]
    signing = [each for each in (*earlier, *ahead) if (gate := process.gate(each)) and gate.approvals]
    return (*dict.fromkeys(signing), *(("cancel",) if process.cancel.approvals else ()))


def sign_obstacles(facts: Facts, gate: str, *, approve: bool, reason: str = "") -> tuple[Obstacle, ...]:
    """May the actor sign at this gate now?"""
    process = facts.process
    asked = gates_asked(facts)
    if gate not in asked:
        listed = ", ".join(asked)
        return (
            Obstacle(
                rule="approval.not_asked",
                text=f"No signature is asked at '{gate}' while the item is at '{facts.file.item.step}' "
                f"({process.name}).",
                cure=f"Sign at one of: {listed}." if listed else "Bring the item to a step that asks for signatures.",
                who=facts.actor.name,
            ),
        )
    state = judge_approvals(facts, gate)
    obstacles = list(not_ready(facts, gate)) if approve else []
    if not approve and not reason.strip():
        obstacles.append(
            Obstacle(
                rule="reason.missing",
                text=f"A rejection needs a reason ({process.name}).",
                cure="Say what has to change.",
                who=facts.actor.name,
            )
        )
    obstacles += [_rejected(facts, each, gate_title(facts, gate)) for each in state.rejected]
    obstacles += _signer_obstacles(facts, state)
    return tuple(obstacles)


def _signer_obstacles(facts: Facts, state: GateApprovals) -> list[Obstacle]:
    title, person, name = gate_title(facts, state.gate), facts.actor.person, facts.process.name
    current = state.current
    if current is None:
        return [
            Obstacle(
                rule="approval.complete",
                text=f"'{title}' has every signature it needs ({name}).",
                cure="Take the step.",
                who=facts.actor.name,
            )
        ]
    level = current.level
    role = role_words(facts, (level.role,))
    found = []
    if level.role not in facts.actor.roles:
        found.append(
            Obstacle(
                rule="approval.role",
                text=f"'{title}' asks for a signature of {role} (level {level.level}); {facts.actor.name} does not "
                f"hold that role ({name}).",
                cure=f"Let {role} sign first.",
                who=_who(facts, current),
            )
        )
    if any(each.person == person for each in current.counted):
        found.append(
            Obstacle(
                rule="approval.twice",
                text=f"{facts.actor.name} has already signed '{title}' at level {level.level} ({name}).",
                cure="Another person has to sign.",
                who=_who(facts, current),
            )
        )
    lower = [each for each in state.levels if each.level.level < level.level]
    excluded = separated_from(facts, level, lower)
    if person in excluded:
        found.append(separation(facts, excluded[person], f"sign '{title}'", (level.role,), frozenset(excluded)))
    return found


def overtaken_by(facts: Facts, fields: dict[str, object]) -> tuple[Approval, ...]:
    """Approvals that count now and would no longer count after this edit: what to tell a person before saving."""
    after = with_values(facts, fields)
    gates = {each.gate for each in facts.file.approvals if each.cycle == facts.file.item.cycle}
    return tuple(
        approval
        for gate in sorted(gates)
        for state in judge_approvals(facts, gate).levels
        for approval in state.counted
        if approval.content != content_hash(after, gate)
    )
