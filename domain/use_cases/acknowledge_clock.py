"""Say, signed, that this computer's clock is right although the log is ahead of it."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.oversight import ClockJump
from domain.log.clock import high_water, is_behind
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record


def acknowledge_clock(register: State, *, by: Actor, new_id: Callable[[], str], reason: str, device: str) -> Act:
    """Record the jump and why it happened; from then on signatures go by the clock as it is.

    Raises:
        UsageProblem: no reason, or the clock is not behind the log.
    """
    must_be_text(reason)
    if not reason.strip():
        raise UsageProblem("A jump of the clock needs a reason.", cure="Say why the clock went back.")
    newest = register.entry(register.log_size() - 1).header
    latest = high_water(newest.at, newest.behind)
    if not is_behind(by.at, latest):
        raise UsageProblem("This computer's clock is not behind the log.", cure="There is nothing to acknowledge.")
    jump = ClockJump(
        id=new_id(), direction="backwards", last=latest, shown=iso(by.at), acknowledged_by=by.person, device=device
    )
    return Act(
        name="acknowledge_clock",
        changes=(new_record("clock_jump", jump),),
        subject=register.vault().id,
        reason=reason,
        meaning="I have compared this computer's clock with another one; it is right",
        ceremony=True,
    )
