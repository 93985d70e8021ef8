"""Sign that an item meets its closure standard, with an outcome."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.attempt import Close
from domain.gates.facts import gather
from domain.gates.passing import close_roles, closing_transition
from domain.gates.rights import hat_used
from domain.identity import iso
from domain.items.item import Closure, Passage
from domain.state import State
from domain.use_cases.life_changes import exceptions_used
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record
from domain.use_cases.urgent_debt import urgency_passing
from domain.use_cases.version_effects import version_effects


def close_item(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    outcome: str,
    summary: str = "",
    meaning: str = "",
) -> Act:
    """Close the item. The closure record lists every earlier entry about it.

    Raises:
        Refused: the closure standard has obstacles for this outcome.
        UsageProblem: not an outcome word at all.
    """
    must_be_text(summary, meaning)
    facts = gather(register, item, by)
    verdict = must_be_allowed(Close(outcome=outcome), facts, "be closed")
    found, at, standard = facts.file.item, iso(by.at), facts.process.closure
    transition = closing_transition(facts)
    assert transition is not None, "the judge refuses closing where no way leads to the closed step"
    try:
        closure = msgspec.convert(
            {
                "id": new_id(),
                "item": found.id,
                "cycle": found.cycle,
                "outcome": outcome,
                "summary": summary,
                "closed_at": at,
                "closed_by": by.person,
                "role": hat_used(facts, close_roles(facts, transition)),
                "entries": list(register.entries_about(found.id)),
            },
            Closure,
        )
    except msgspec.ValidationError as problem:
        raise UsageProblem(f"{outcome!r} is not an outcome.", cure="Use reached, partly or not_reached.") from problem
    passage = Passage(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        from_step=found.step,
        to_step=standard.step,
        at=at,
        by=by.person,
        reason=summary,
    )
    return Act(
        name="close_item",
        changes=(
            *item_changes(found, step=standard.step, state="closed", closed=at[:10], step_since=at),
            new_record("passage", passage),
            new_record("closure", closure),
            *urgency_passing(facts, transition.id, new_id=new_id),
            *exceptions_used(facts, verdict.passed, transition.id, new_id),
            *version_effects(register, facts, transition),
        ),
        role=closure.role,
        subject=found.id,
        process_version=found.process_version,
        reason=summary,
        meaning=meaning.strip() or standard.meaning,
        ceremony=True,
    )
