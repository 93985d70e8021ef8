"""Records of people, keys and roles: what commands about them bring into being and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from domain.act import Change, changed
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case
from domain.identity import iso
from domain.records.people import Person, PersonKey, PersonRole, RecoverySheet
from domain.state import State


class CertifiedKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new key of a person as it was made outside: public keys, certificate and proof of possession (base64).

    `id` names the signing key, `statement` is the text that root key and new key signed. That the signatures hold is
    checked by whoever walks the log (`domain.replay.key_claims`).
    """

    id: str
    ed25519: str
    p256: str
    x25519: str
    statement: str
    certificate: str
    possession: str


def person_records(
    case: Case,
    *,
    person: str,
    name: str,
    roles: Sequence[str],
    key: CertifiedKey,
    identity_checked: str = "",
    proposed: bool = False,
) -> Iterator[Change]:
    """The records of a new person: the person, the certified key, each role once; `proposed` until confirmed."""
    enrolled = Person(
        id=person,
        name=name,
        state="proposed" if proposed else "active",
        enrolled_at=iso(case.by.at),
        enrolled_by=case.by.person,
        identity_checked=identity_checked,
    )
    yield new_record("person", enrolled)
    yield key_record(case, person, key)
    for role in dict.fromkeys(roles):
        yield role_record(case, person, role, proposed=proposed)


def key_record(case: Case, person: str, key: CertifiedKey) -> Change:
    """A certified key of a person, valid from now on."""
    values = msgspec.structs.asdict(key)
    return new_record("person_key", PersonKey(**values, person=person, valid_from=iso(case.by.at), revoked_from=""))


def role_record(case: Case, person: str, role: str, *, proposed: bool = False) -> Change:
    """A role held everywhere in the vault from now on, or from when it is confirmed."""
    held = PersonRole(
        id=case.new_id(),
        person=person,
        role=role,
        scope="",
        valid_from=iso(case.by.at),
        valid_until="",
        granted_by=case.by.person,
        state="proposed" if proposed else "",
    )
    return new_record("person_role", held)


def confirmed_roles(case: Case, person: str, role: str = "") -> Iterator[Change | None]:
    """The beginning, now, of every role that was proposed for a person; "" = of all their roles."""
    for held in case.state.roles():
        if held.person == person and role in ("", held.role) and held.is_proposal:
            yield record_changed("person_role", held, state="", confirmed_by=case.by.person, valid_from=iso(case.by.at))


def ended_roles(case: Case, person: str, role: str = "") -> Iterator[Change | None]:
    """The end, now, of every grant that a person holds of a role; "" = of all roles."""
    now = iso(case.by.at)
    for held in case.state.roles():
        if held.person == person and role in ("", held.role) and (not held.valid_until or now < held.valid_until):
            yield record_changed("person_role", held, valid_until=now)


def revoked_keys(case: Case, person: str) -> Iterator[Change | None]:
    """The revocation of every key of a person from now on; what they signed stays valid."""
    certified = case.state.keys()
    for key in certified:
        if key.person == person and not key.revoked_from:
            yield record_changed("person_key", key, revoked_from=iso(case.by.at))


def ended_sheets(case: Case, person: str, *, state: str = "replaced") -> Iterator[Change | None]:
    """The end of every recovery sheet of a person that is in force."""
    for sheet in case.state.all_of(RecoverySheet):
        if sheet.person == person and sheet.state == "in_force":
            yield record_changed("recovery_sheet", sheet, state=state, ended_at=iso(case.by.at))


def sheet_record(case: Case, sheet: str, public: str, *, tested: bool) -> Change:
    """A recovery sheet of the actor, in force from now on; `public` is the Ed25519 key that its code gives (base64)."""
    at = iso(case.by.at)
    made = RecoverySheet(
        id=sheet,
        person=case.by.person,
        public=public,
        state="in_force",
        made_at=at,
        tested_at=at if tested else "",
        ended_at="",
    )
    return new_record("recovery_sheet", made)


def slots_change(state: State, slots: str) -> Change | None:
    """The change of the vault's record to the slot file with this SHA-256; None when it is "" or on record already."""
    vault = state.vault()
    return changed("vault", vault.id, {"slots": vault.slots}, {"slots": slots}) if slots else None
