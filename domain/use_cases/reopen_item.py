"""Sign that closed work starts a new cycle."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import Reopen
from domain.gates.facts import gather
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.item import Passage
from domain.state import State
from domain.use_cases.life_changes import next_cycle
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record


def reopen_item(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, reason: str, meaning: str = ""
) -> Act:
    """Start the next cycle at the step the process names. The closure, its pack and its signatures stay.

    Fields that only the closed step demands (such as a verdict) are emptied: they judged the cycle before.

    Raises:
        Refused: no right, no reason, or the item is not closed.
    """
    must_be_text(reason, meaning)
    facts = gather(register, item, by)
    must_be_allowed(Reopen(reason=reason), facts, "be reopened")
    found, at, rule = facts.file.item, iso(by.at), facts.process.reopen
    passage = Passage(
        id=new_id(),
        item=found.id,
        cycle=found.cycle + 1,
        from_step=found.step,
        to_step=rule.step,
        at=at,
        by=by.person,
        reason=reason,
    )
    return Act(
        name="reopen_item",
        changes=(
            *item_changes(
                found,
                state="open",
                step=rule.step,
                step_since=at,
                closed="",
                **next_cycle(facts),
            ),
            new_record("passage", passage),
        ),
        role=hat_used(facts, rule.roles),
        subject=found.id,
        process_version=found.process_version,
        reason=reason,
        meaning=meaning.strip() or rule.meaning,
        ceremony=True,
    )
