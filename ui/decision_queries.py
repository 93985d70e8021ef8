"""What the screens around decisions ask of an open vault: what one signed, and what is signed by itself."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.commands.approvals import ApproveItem
from domain.commands.requests import DecideRequest
from domain.obstacle import Obstacle
from domain.ports import LogFilter, LogLine, WaitingApproval
from domain.rules.approvals import gate_title
from domain.rules.facts import Facts, gather
from domain.session import Session
from ui.proposals import proposal_lines

MOST_SIGNED_READ = 300
"""Signed entries looked through for one's own signatures, the newest first."""
MOST_CHANGES_OF_A_SIGNATURE = 50
"""Signed acts with more changes than this (an import, a process put in force) hold no signature at a gate."""

URGENTLY = "urgently"
"""The decision of the one signature of the urgent path."""

Place = tuple[str, str, str, int]
"""What one waiting decision is: item, gate, record, level."""


class SignatureLine(msgspec.Struct, frozen=True, kw_only=True):
    """One signature of a list. `item` is the item's id, `gate` its title, `at` an ISO instant."""

    id: str
    item: str
    number: str
    who: str
    gate: str
    decision: str
    at: str


def place_of(waiting: WaitingApproval) -> Place:
    """The decision that a line stands for."""
    return (waiting.item, waiting.gate, waiting.about, waiting.level)


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that one signing would sign with others: what it changes, and what keeps it out (None: nothing)."""

    lines: tuple[str, ...]
    obstacle: Obstacle | None


def read_together(vault: Session, waiting: tuple[WaitingApproval, ...]) -> dict[Place, Together]:
    """What one signing has to say of each of these decisions."""
    found: dict[Place, Together] = {}
    for each in waiting:
        facts = gather(vault.register, each.item, vault.actor())
        command: ApproveItem | DecideRequest = ApproveItem(item=each.item, gate=each.gate, bulk=True)
        lines: list[str] = []
        if each.kind == "extension":
            command = DecideRequest(item=each.item, request=each.about, approve=True, reason="", bulk=True)
            lines = [f"{title}: {text}" for title, text in proposal_lines(facts, each.about)]
            lines.append(f"{each.asked_by}: {each.reason}")
        verdict = command.judge_by(facts)
        found[place_of(each)] = Together(lines=tuple(lines), obstacle=next(iter(verdict.obstacles), None))
    return found


def read_own_signatures(vault: Session) -> tuple[SignatureLine, ...]:
    """The signatures at gates of the person who has the vault open, the newest first."""
    mine = LogFilter(person=vault.person.id, signed=True)
    lines = vault.register.log_window(mine, offset=0, limit=MOST_SIGNED_READ)
    items: dict[str, Facts] = {}
    found = []
    for line in lines:
        signed = _signature(vault, line)
        if signed is not None:
            if line.subject not in items:
                items[line.subject] = gather(vault.register, line.subject, vault.actor())
            found.append(_line(items[line.subject], line, *signed))
    return tuple(found)


def _signature(vault: Session, line: LogLine) -> tuple[str, dict[str, Any]] | None:
    """The id and the content of the signature that an entry gave; None when it gave none."""
    if line.changes > MOST_CHANGES_OF_A_SIGNATURE:
        return None
    commands = vault.register.entry(line.seq).header.commands
    for data in vault.register.changes(line.seq)[commands:]:
        change: dict[str, Any] = msgspec.json.decode(data)
        after = change["after"] or {}
        given = change["record"] == "approval" and not change["before"]
        urgently = change["record"] == "urgency" and bool(after.get("signed_at"))
        if given or urgently:
            return change["id"], after
    return None


def _line(facts: Facts, line: LogLine, signature: str, after: dict[str, Any]) -> SignatureLine:
    urgency = next((each for each in facts.file.urgencies if each.id == signature), None)
    gate = urgency.gate if urgency is not None else str(after["gate"])
    return SignatureLine(
        id=signature,
        item=facts.file.item.id,
        number=facts.file.item.number,
        who=line.person,
        gate=gate_title(facts, gate),
        decision=URGENTLY if urgency is not None else str(after["decision"]),
        at=line.at,
    )
