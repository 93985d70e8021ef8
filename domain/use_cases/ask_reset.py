"""Ask that a person who lost the passphrase be given a new key."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import AskReset
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import KeyReset
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

MEANING = "I know this person and confirm that they need a new key"


def ask_reset(register: State, *, by: Actor, new_id: Callable[[], str], person: str, reason: str) -> Act:
    """Ask, signed, for a new key for `person` (an id). Another person, an administrator, has to give it.

    Raises:
        Refused: for oneself, for nobody active, asked for already, or without a reason.
    """
    must_be_text(reason)
    must_be_allowed(
        AskReset(person=person, reason=reason), gather_vault(register, by), "ask for a new key for this person"
    )
    asked = KeyReset(
        id=new_id(),
        person=person,
        state="asked",
        reason=reason,
        asked_by=by.person,
        asked_at=iso(by.at),
        given_by="",
        given_at="",
        new_key="",
        sheet="",
        proof="",
    )
    return Act(
        name="ask_reset",
        changes=(new_record("key_reset", asked),),
        subject=person,
        reason=reason,
        meaning=MEANING,
        ceremony=True,
    )
