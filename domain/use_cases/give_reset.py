"""Give a person the new key that somebody else asked for."""

from __future__ import annotations

from collections.abc import Mapping

from domain.act import Act, Actor, Change
from domain.gates.attempt import GiveReset
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, KeyReset
from domain.state import State
from domain.use_cases.disable_person import ended_sheets, revoked_keys
from domain.use_cases.enrol_person import key_change
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed

MEANING = "I have verified who this person is and give them a new key"


def give_reset(register: State, *, by: Actor, reset: str, key: Mapping[str, str], slots: str = "") -> Act:
    """The second person's signature: a new certified key in, every old key revoked from now on.

    `reset` is the id of the request, `key` as in `enrol_person`. What the old keys signed stays valid.

    Raises:
        Refused: not an administrator, the same person as asked, no such request, or a key used before.
    """
    must_be_allowed(GiveReset(reset=reset, key=key["id"]), gather_vault(register, by), "give this person a new key")
    asked = next(each for each in register.all_of(KeyReset) if each.id == reset)
    now = iso(by.at)
    return Act(
        name="give_reset",
        changes=(
            Change(
                "key_reset",
                reset,
                {"state": "asked", "given_by": "", "given_at": "", "new_key": ""},
                {"state": "given", "given_by": by.person, "given_at": now, "new_key": key["id"]},
            ),
            *revoked_keys(register, asked.person, now),
            key_change(asked.person, key, now),
            *ended_sheets(register, asked.person, now),
            *slots_changes(register, slots),
        ),
        role=ADMINISTRATOR,
        subject=asked.person,
        reason=asked.reason,
        meaning=MEANING,
        ceremony=True,
    )
