"""Confirm, as an ordinary approver, what was passed urgently."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.facts import gather
from domain.gates.urgencies import unconfirmed
from domain.state import State
from domain.use_cases.approve_item import approve_item


def confirm_urgent(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    gate: str = "",
    meaning: str = "",
    reason: str = "",
    bulk: bool = False,
) -> Act:
    """Give an ordinary signature at a gate ("" = the first) that was passed urgently; the last one meets the debt.

    Raises:
        Refused: as for any signature at that gate, and to whoever asked for the urgent path or signed it.
        UsageProblem: nothing here waits to be confirmed.
    """
    owed = unconfirmed(gather(register, item, by).file)
    if not owed:
        raise UsageProblem("Nothing on this item waits to be confirmed.", where=item, cure="Approve the gate ahead.")
    act = approve_item(
        register,
        by=by,
        new_id=new_id,
        item=item,
        gate=gate or owed[0].gate,
        meaning=meaning,
        reason=reason,
        bulk=bulk,
    )
    return msgspec.structs.replace(act, name="confirm_urgent")
