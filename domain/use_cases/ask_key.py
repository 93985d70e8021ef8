"""Ask that the raw key of the store be given out, where that takes two persons."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.attempt import AskKey
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.oversight import KeyRevelation
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def open_demand(register: State, fingerprint: str) -> KeyRevelation | None:
    """The oldest demand for the key in force that waits for a second person."""
    waiting = (each for each in register.all_of(KeyRevelation) if each.state == "asked")
    return next((each for each in waiting if each.fingerprint == fingerprint), None)


def ask_key(register: State, *, by: Actor, new_id: Callable[[], str], purpose: str, fingerprint: str) -> Act:
    """Record the demand; another person answers it with `reveal_key`. `fingerprint` names the key, not more.

    Raises:
        Refused: not an administrator, or no purpose.
        UsageProblem: a demand waits already.
    """
    must_be_text(purpose)
    must_be_allowed(AskKey(purpose=purpose), gather_vault(register, by), "ask for the key")
    if open_demand(register, fingerprint) is not None:
        raise UsageProblem("The key was asked for already.", cure="Another person can give it out now.")
    demand = KeyRevelation(
        id=new_id(),
        state="asked",
        purpose=purpose,
        fingerprint=fingerprint,
        asked_at=iso(by.at),
        asked_by=by.person,
        given_at="",
        given_by="",
    )
    return Act(
        name="ask_key",
        changes=(new_record("key_revealed", demand),),
        role=ADMINISTRATOR,
        subject=register.vault().id,
        reason=purpose,
        meaning="I ask that the key of this vault's store be given out",
        ceremony=True,
    )
