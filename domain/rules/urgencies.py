"""Urgent transitions of an item: what was marked, signed and passed, and what is still outstanding for it."""

from __future__ import annotations

from domain.records.governance import Obligation, Urgency
from domain.records.item import Evidence, ItemFile, TransitionRecord


def marked_urgency(file: ItemFile) -> Urgency | None:
    """The urgency that is asked for or signed and has not passed its gate yet; there is one at a time."""
    return next((each for each in _of_cycle(file) if each.state in ("marked", "signed")), None)


def unconfirmed(file: ItemFile) -> tuple[Urgency, ...]:
    """Gates of this cycle that were passed urgently and that the ordinary approvers have not confirmed yet."""
    return tuple(each for each in _of_cycle(file) if each.state == "passed")


def unconfirmed_at(file: ItemFile, gate: str) -> Urgency | None:
    """The urgent transition of this gate that waits to be confirmed."""
    return next((each for each in unconfirmed(file) if each.gate == gate), None)


def used_before(file: ItemFile) -> tuple[Urgency, ...]:
    """Every urgency of the item that was signed, in any cycle: one more takes a higher role."""
    return tuple(each for each in file.urgencies if each.state in ("signed", "passed", "confirmed", "refused"))


def open_obligations(file: ItemFile) -> tuple[Obligation, ...]:
    """What is outstanding on the item: none of it lets the item close."""
    return tuple(each for each in file.obligations if each.state == "open")


def obligation_of(file: ItemFile, urgency: Urgency) -> Obligation | None:
    """The obligation that an urgent transition left."""
    return next((each for each in file.obligations if each.about == urgency.id), None)


def done_meanwhile(file: ItemFile, urgency: Urgency) -> tuple[tuple[TransitionRecord, ...], tuple[Evidence, ...]]:
    """What was done between an urgent transition and its refusal: kept, and shown as done on an approval refused."""
    obligation = obligation_of(file, urgency)
    begin, end = (obligation.created_at if obligation else ""), urgency.ended_at
    if urgency.state != "refused" or not begin:
        return (), ()
    return (
        tuple(each for each in file.transition_records if begin < each.at < end and each.cycle == urgency.cycle),
        tuple(each for each in file.evidence if begin <= each.added_at < end and each.cycle == urgency.cycle),
    )


def _of_cycle(file: ItemFile) -> tuple[Urgency, ...]:
    return tuple(each for each in file.urgencies if each.cycle == file.item.cycle)
