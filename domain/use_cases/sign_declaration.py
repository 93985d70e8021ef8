"""The declaration a person signs once, before the first signature (21 CFR 11.10(j), 11.100)."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.gates.attempt import Declare
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import Declaration
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, new_record

DECLARATION = (
    "I declare that the electronic signatures I give in this vault are the legally binding equivalent of my "
    "handwritten signature. I answer for every act signed with my key. I keep my passphrase to myself, let nobody "
    "sign in my place, and report at once if somebody else may know it."
)
MEANING = "I give this declaration"


def sign_declaration(register: State, *, by: Actor, new_id: Callable[[], str], key: str) -> Act:
    """The actor's declaration, signed with the key `key` (an id).

    Raises:
        Refused: given already.
    """
    must_be_allowed(Declare(), gather_vault(register, by), "declare")
    given = Declaration(id=new_id(), person=by.person, key=key, text=DECLARATION, signed_at=iso(by.at))
    return Act(
        name="sign_declaration",
        changes=(new_record("declaration", given),),
        subject=by.person,
        meaning=MEANING,
        ceremony=True,
    )
