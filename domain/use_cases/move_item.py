"""Pass an item to another step."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import MoveTo
from domain.gates.facts import gather
from domain.gates.passing import role_for_move
from domain.identity import iso
from domain.items.item import Passage
from domain.state import State
from domain.use_cases.life_changes import exceptions_used, handed_over, next_cycle, too_many_exceptions
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record
from domain.use_cases.urgent_debt import urgency_passing
from domain.use_cases.version_effects import version_effects


def move_item(register: State, *, by: Actor, new_id: Callable[[], str], item: str, step: str, reason: str = "") -> Act:
    """Pass the item to `step`. A way that begins a new cycle counts it and empties what judged the cycle before; a
    step that wants to be taken over gets an offer; exceptions that let the item pass are tied to it.

    Raises:
        Refused: the gate has obstacles, or there is no way to that step.
    """
    must_be_text(reason)
    facts = gather(register, item, by)
    verdict = must_be_allowed(MoveTo(step=step, reason=reason), facts, f"pass to '{step}'")
    found, at = facts.file.item, iso(by.at)
    transition = next(way for way in facts.process.from_step(found.step) if way.target == step)
    begun = next_cycle(facts) if transition.new_cycle else {}
    passage = Passage(
        id=new_id(),
        item=found.id,
        cycle=begun.get("cycle", found.cycle),
        from_step=found.step,
        to_step=step,
        at=at,
        by=by.person,
        reason=reason,
    )
    return Act(
        name="move_item",
        changes=(
            *item_changes(found, step=step, step_since=at, **begun),
            new_record("passage", passage),
            *urgency_passing(facts, transition.id, new_id=new_id),
            *exceptions_used(facts, verdict.passed, transition.id, new_id),
            *handed_over(facts, transition, passage.cycle, new_id),
            *too_many_exceptions(register, facts, step, new_id),
            *version_effects(register, facts, transition),
        ),
        role=role_for_move(facts, transition),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
    )
