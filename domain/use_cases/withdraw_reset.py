"""Withdraw a request for a new key before anybody gives it."""

from __future__ import annotations

from domain.act import Act, Actor, Change
from domain.gates.attempt import WithdrawReset
from domain.gates.facts import gather_vault
from domain.items.people import KeyReset
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text

MEANING = "I withdraw this request: no new key shall be given for it"


def withdraw_reset(register: State, *, by: Actor, reset: str, reason: str) -> Act:
    """Close an open request (its id), signed by whoever asked or by the person it is for.

    Raises:
        Refused: it is not open, somebody else's, or there is no reason.
    """
    must_be_text(reason)
    must_be_allowed(
        WithdrawReset(reset=reset, reason=reason), gather_vault(register, by), "withdraw this request for a new key"
    )
    asked = next(each for each in register.all_of(KeyReset) if each.id == reset)
    return Act(
        name="withdraw_reset",
        changes=(Change("key_reset", reset, {"state": "asked"}, {"state": "withdrawn"}),),
        subject=asked.person,
        reason=reason,
        meaning=MEANING,
        ceremony=True,
    )
