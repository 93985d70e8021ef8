"""Give out the raw key of the store, on record: whoever has it can read everything in it, without this program."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from domain.act import Act, Actor, Change, changed
from domain.gates.attempt import RevealKey
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.oversight import REVEAL_NEEDS_TWO, KeyRevelation
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.ask_key import open_demand
from domain.use_cases.change_setting import setting_value
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

MEANING = "I give out the key of this vault's store: whoever holds it can read everything in it"


def reveal_key(register: State, *, by: Actor, new_id: Callable[[], str], purpose: str, fingerprint: str) -> Act:
    """Record that the key named by `fingerprint` is given out; the caller shows it once this is recorded.

    Raises:
        Refused: not an administrator; or it takes two here, and nobody else has asked; or no purpose.
    """
    must_be_text(purpose)
    needs_two = setting_value(register, REVEAL_NEEDS_TWO) == "yes"
    demand = open_demand(register, fingerprint) if needs_two else None
    why = purpose or (demand.purpose if demand else "")
    attempt = RevealKey(purpose=why, needs_two=needs_two, asked_by=demand.asked_by if demand else "")
    must_be_allowed(attempt, gather_vault(register, by), "give out the key")
    at = iso(by.at)
    if demand is None:
        record = KeyRevelation(
            id=new_id(),
            state="given",
            purpose=why,
            fingerprint=fingerprint,
            asked_at=at,
            asked_by=by.person,
            given_at=at,
            given_by=by.person,
        )
        change: Change | None = new_record("key_revealed", record)
    else:
        given = {"state": "given", "given_at": at, "given_by": by.person}
        change = changed("key_revealed", demand.id, msgspec.to_builtins(demand), given)
    return Act(
        name="reveal_key",
        changes=(change,) if change else (),
        role=ADMINISTRATOR if ADMINISTRATOR in by.roles else "",
        subject=register.vault().id,
        reason=why,
        meaning=MEANING,
        ceremony=True,
    )
