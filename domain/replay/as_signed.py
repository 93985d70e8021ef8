"""What somebody signed, opened again exactly as it was, and what has changed since.

The item file is put together from the log as it stood before the signature, and its content hashed anew: only when
that equals the hash in the signature is this what was signed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from domain.act import Actor
from domain.errors import UsageProblem
from domain.identity import parse_iso
from domain.messages import Message, message
from domain.obstacle import Obstacle, Passed
from domain.ports import Register
from domain.replay.register import RegisterState
from domain.rules.content import content_hash, signed_content
from domain.rules.facts import Facts, gather
from domain.rules.holding_roles import actor_at
from domain.rules.next_action import closing_verdict, moving_verdict
from domain.rules.verdict import GateVerdict


class ChangedSince(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a signature covers and that is different now; `part` is a field's id, or another part's word."""

    part: str
    title: str
    then: Any
    now: Any


class AsSigned(msgspec.Struct, frozen=True, kw_only=True):
    """A signature with what it covers. `facts` are those of that moment, judged for the signer.

    `same` says whether the content put together again has the hash that was signed. `obstacles` stood between the
    item and passing the gate then (among them signatures still to come), `passed` were let through by exceptions and
    risk acceptances. `changed` is what differs now ((): it still covers everything).
    """

    id: str
    gate: str
    person: str
    name: str
    role: str
    mandate: str
    decision: str
    meaning: str
    reason: str
    at: str
    entry: int
    process_version: str
    content: dict[str, Any]
    hash: str
    same: bool
    obstacles: tuple[Obstacle, ...]
    passed: tuple[Passed, ...]
    changed: tuple[ChangedSince, ...]
    facts: Facts


class _Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What approvals and urgent signatures have in common."""

    id: str
    gate: str
    person: str
    role: str
    mandate: str
    decision: str
    meaning: str
    reason: str
    at: str
    content: str


def as_signed(register: Register, *, item: str, signature: str, by: Actor) -> AsSigned:
    """Open what a signature (the id of an approval or of an urgent signature) covers; `by` is who looks.

    Raises:
        UsageProblem: the item has no such signature. Damaged: the log does not show the item then.
    """
    now = gather(register, item, by)
    found = _signature(now, signature)
    seq = _entry(register, now.file.item.id, found)
    header = register.entry(seq).header
    signer = actor_at(register, found.person, parse_iso(found.at))
    then = gather(RegisterState(register, seq=seq, at=found.at).as_register(), now.file.item.id, signer)
    content, hashed = signed_content(then, found.gate), content_hash(then, found.gate)
    verdict = _passing(then, found.gate)
    return AsSigned(
        id=found.id,
        gate=found.gate,
        person=found.person,
        name=signer.name,
        role=found.role or header.role,
        mandate=found.mandate,
        decision=found.decision,
        meaning=found.meaning,
        reason=found.reason,
        at=found.at,
        entry=seq,
        process_version=then.file.item.process_version,
        content=content,
        hash=found.content,
        same=hashed == found.content,
        obstacles=verdict.obstacles,
        passed=verdict.passed,
        changed=changed_since(then, now, found.gate),
        facts=then,
    )


def changed_since(then: Facts, now: Facts, gate: str) -> tuple[ChangedSince, ...]:
    """What of the content of a gate differs between two moments: fields first, then evidence and the rest."""
    before, after = signed_content(then, gate), signed_content(now, gate)
    fields = [
        ChangedSince(part=name, title=now.process.title_of(name), then=before["fields"].get(name, ""), now=value)
        for name, value in after["fields"].items()
        if before["fields"].get(name, "") != value
    ]
    others = [
        ChangedSince(part=name, title=str(_TITLES.get(name, name)), then=before.get(name, []), now=after.get(name, []))
        for name in sorted({*before, *after} - {"fields"})
        if before.get(name, []) != after.get(name, [])
    ]
    return (*fields, *others)


_TITLES = {
    "evidence": Message("as_signed.titles.evidence"),
    "process_version": Message("as_signed.titles.process_version"),
    "cycle": Message("as_signed.titles.cycle"),
    "visit": Message("as_signed.titles.visit"),
    "risks": Message("as_signed.titles.risks"),
}


def _signature(facts: Facts, signature: str) -> _Signature:
    for each in facts.file.approvals:
        if each.id == signature:
            return _Signature(
                id=each.id,
                gate=each.gate,
                person=each.person,
                role=each.role,
                mandate=each.mandate,
                decision=each.decision,
                meaning=each.meaning,
                reason=each.reason,
                at=each.given_at,
                content=each.content,
            )
    for urgency in facts.file.urgencies:
        if urgency.id == signature and urgency.signed_at:
            return _Signature(
                id=urgency.id,
                gate=urgency.gate,
                person=urgency.signed_by,
                role="",
                mandate=urgency.mandate,
                decision=message("as_signed.approved_urgently"),
                meaning=urgency.meaning,
                reason=f"{urgency.code}: {urgency.reason}" if urgency.code else urgency.reason,
                at=urgency.signed_at,
                content=urgency.content,
            )
    known = ", ".join(each.id for each in facts.file.approvals) or "none"
    raise UsageProblem(
        message("as_signed.there_is_no_signature", signature=signature, number=facts.file.item.number),
        remedy=message("as_signed.signatures", known=known),
    )


def _entry(register: Register, item: str, found: _Signature) -> int:
    """The entry that holds the signature: made by the signer, about the item, at that moment, naming its content."""
    for seq in register.entries_about(item):
        header = register.entry(seq).header
        if (header.by, header.at) == (found.person, found.at):
            content = found.content.encode()
            if any(content in data and found.id.encode() in data for data in register.changes(seq)):
                return seq
    raise UsageProblem(
        message("as_signed.the_log_shows_no"), where=found.id, remedy=message("as_signed.verify_the_log")
    )


def _passing(facts: Facts, gate: str) -> GateVerdict:
    transition = facts.process.transition(gate)
    if transition is None or transition.target == facts.process.closure.step:
        return closing_verdict(facts)
    return moving_verdict(facts, transition.target)
