"""Take over work that was handed over."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.handoffs import offered
from domain.gates.life_attempts import AcceptHandoff
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.state import State
from domain.use_cases.life_changes import record_changed
from domain.use_cases.ruling import must_be_allowed


def accept_handoff(register: State, *, by: Actor, item: str) -> Act:
    """Take the item over at its step: from now on the step's own roles answer for it, and no longer the sender.

    Raises:
        Refused: nothing is handed over, not one of those who receive it, or the sender.
    """
    facts = gather(register, item, by)
    must_be_allowed(AcceptHandoff(), facts, "be taken over")
    found, waiting = facts.file.item, offered(facts)
    assert waiting is not None, "the judge refuses where nothing is handed over"
    return Act(
        name="accept_handoff",
        changes=record_changed("handoff", waiting, state="accepted", ended_by=by.person, ended_at=iso(by.at)),
        role=hat_used(facts, (waiting.role,)),
        subject=found.id,
        process_version=found.process_version,
    )
