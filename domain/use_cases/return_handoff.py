"""Send work that was handed over back to where it came from."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.facts import gather
from domain.gates.handoffs import offered
from domain.gates.life_attempts import ReturnHandoff
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.item import Passage
from domain.state import State
from domain.use_cases.life_changes import record_changed
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record


def return_handoff(register: State, *, by: Actor, new_id: Callable[[], str], item: str, reason: str) -> Act:
    """Refuse a handoff with a reason: the item goes back to the step it was sent from, and its sender has it again.

    Raises:
        Refused: nothing is handed over, not one of those who receive it, the sender, or no reason.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    must_be_allowed(ReturnHandoff(reason=reason), facts, "be returned")
    found, waiting, at = facts.file.item, offered(facts), iso(by.at)
    assert waiting is not None, "the judge refuses where nothing is handed over"
    came = [each for each in facts.file.passages if each.to_step == found.step and each.cycle == found.cycle]
    back = Passage(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        from_step=found.step,
        to_step=came[-1].from_step,
        at=at,
        by=by.person,
        reason=reason,
    )
    return Act(
        name="return_handoff",
        changes=(
            *item_changes(found, step=back.to_step, step_since=at),
            new_record("passage", back),
            *record_changed("handoff", waiting, state="returned", ended_by=by.person, ended_at=at, reason=reason),
        ),
        role=hat_used(facts, (waiting.role,)),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
