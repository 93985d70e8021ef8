"""Take a person into the vault, with key and roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from domain.act import Act, Actor, Change
from domain.gates.attempt import EnrolPerson
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, Person, PersonKey, PersonRole
from domain.state import State
from domain.use_cases.record_slots import slots_changes
from domain.use_cases.ruling import must_be_allowed, new_record


def enrol_person(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    person: str,
    name: str,
    roles: Sequence[str],
    key: Mapping[str, str],
    slots: str = "",
) -> Act:
    """Enrol `person` (a new id) under a name nobody here had before.

    `key` holds id, ed25519, p256, x25519, statement, certificate and possession as text; `slots` is the hash of
    the key slot file that now has the person's slot ("" leaves the recorded one).

    Raises:
        Refused: not an administrator, the name is taken or unprintable, a role nobody declared, or an id or a key
            that was used before.
    """
    attempt = EnrolPerson(name=name, roles=tuple(roles), person=person, key=key["id"])
    must_be_allowed(attempt, gather_vault(register, by), f"enrol '{name}'")
    return Act(
        name="enrol_person",
        changes=(
            *person_records(person=person, name=name, roles=roles, key=key, at=iso(by.at), by=by.person, new_id=new_id),
            *slots_changes(register, slots),
        ),
        role=ADMINISTRATOR,
        subject=person,
    )


def person_records(
    *,
    person: str,
    name: str,
    roles: Sequence[str],
    key: Mapping[str, str],
    at: str,
    by: str,
    new_id: Callable[[], str],
) -> tuple[Change, ...]:
    """The records of a new person: the person, the certified key, each role once."""
    return (
        new_record("person", Person(id=person, name=name, state="active", enrolled_at=at, enrolled_by=by)),
        key_change(person, key, at),
        *(
            new_record("person_role", role_record(id_=new_id(), person=person, role=role, at=at, by=by))
            for role in dict.fromkeys(roles)
        ),
    )


def key_change(person: str, key: Mapping[str, str], at: str) -> Change:
    """A certified key of a person, valid from `at`."""
    return new_record(
        "person_key",
        PersonKey(
            id=key["id"],
            person=person,
            ed25519=key["ed25519"],
            p256=key["p256"],
            x25519=key["x25519"],
            statement=key["statement"],
            certificate=key["certificate"],
            possession=key["possession"],
            valid_from=at,
            revoked_from="",
        ),
    )


def role_record(*, id_: str, person: str, role: str, at: str, by: str) -> PersonRole:
    """A role held everywhere in the vault from now on."""
    return PersonRole(id=id_, person=person, role=role, scope="", valid_from=at, valid_until="", granted_by=by)
