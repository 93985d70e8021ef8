"""Take a new key with one's own recovery sheet, when nobody else can give one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.act import Act, Actor, Change
from domain.gates.attempt import RecoverKey
from domain.gates.facts import gather_vault
from domain.gates.people_rules import open_request
from domain.identity import iso
from domain.items.people import KeyReset
from domain.state import State
from domain.use_cases.disable_person import ended_sheets, revoked_keys
from domain.use_cases.enrol_person import key_change
from domain.use_cases.keep_recovery_sheet import new_sheet
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, new_record


def recover_key(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    sheet: str,
    proof: str,
    key: Mapping[str, str],
    new_sheet_id: str,
    new_sheet_public: str,
    slots: str,
) -> Act:
    """A new key for the actor, whose sheet `sheet` is used up by it; a new sheet takes its place.

    `proof` is the sheet's signature over the statement of the new certificate (base64), `key` as in
    `enrol_person`. The entry is signed with the new key. Where others are active, one of them must have asked.

    Raises:
        Refused: the sheet is not in force or not the actor's, nobody else asked, or a key used before.
    """
    facts = gather_vault(register, by)
    must_be_allowed(RecoverKey(sheet=sheet, key=key["id"]), facts, "take a new key")
    now = iso(by.at)
    given = {"given_by": by.person, "given_at": now, "new_key": key["id"], "sheet": sheet, "proof": proof}
    asked = open_request(facts, by.person)
    reason = asked.reason if asked else "Nobody else is active in this vault."
    if asked:
        before: dict[str, str] = {"state": "asked", "given_by": "", "given_at": "", "new_key": "", "sheet": ""}
        reset = Change("key_reset", asked.id, {**before, "proof": ""}, {"state": "given", **given})
    else:
        alone = KeyReset(id=new_id(), person=by.person, state="given", reason=reason, asked_by="", asked_at="", **given)
        reset = new_record("key_reset", alone)
    return Act(
        name="recover_key",
        changes=(
            reset,
            *revoked_keys(register, by.person, now),
            key_change(by.person, key, now),
            *ended_sheets(register, by.person, now, state="used"),
            new_record("recovery_sheet", new_sheet(new_sheet_id, by.person, new_sheet_public, now, rehearsed=False)),
            *slots_changes(register, slots),
        ),
        subject=by.person,
        reason=reason,
    )
