"""What the judge looks at: gathered once from the register, then judged without asking again."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.act import Actor
from domain.identity import iso
from domain.items.item import ItemFile
from domain.items.people import ADMINISTRATOR, Declaration, KeyReset, RecoverySheet, Rotation
from domain.ports import Register
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """An item, its process version and the people, at the moment of the attempt (`actor.at`).

    `holders` maps each role to the active people who hold it now; `names` knows everybody ever enrolled;
    `active` are those who may act.
    """

    file: ItemFile
    process: ProcessVersion
    actor: Actor
    holders: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    active: frozenset[str]


class VaultFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What attempts without an item are judged by.

    `process` is the version in force when the attempt is about one. `declared` are the roles that processes
    in force know, with the administrator; `in_force` the processes in force. `keys` maps every signing key ever
    certified to its person, `signed` are the people who have given their declaration.
    """

    actor: Actor
    holders: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    active: frozenset[str]
    declared: frozenset[str]
    in_force: frozenset[str]
    process: ProcessVersion | None = None
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    resets: tuple[KeyReset, ...] = ()
    sheets: tuple[RecoverySheet, ...] = ()
    signed: frozenset[str] = frozenset()
    rotating: bool = False


def gather(register: Register, item: str, by: Actor) -> Facts:
    """The facts about an item, named by id or number."""
    file = register.item_file(item)
    names, active = _people(register)
    return Facts(
        file=file,
        process=decode_process(register.process_version(file.item.process_version).definition),
        actor=by,
        holders=holders_at(register, by, active),
        names=names,
        active=active,
    )


def gather_vault(register: Register, by: Actor, *, process: str = "") -> VaultFacts:
    """The facts for an attempt without an item; `process` names the one whose rules apply, if any."""
    names, active = _people(register)
    current = [each for each in register.process_versions() if each.state == "in_force"]
    certified = register.keys()
    declared = {role.id for each in current for role in decode_process(each.definition).roles}
    return VaultFacts(
        actor=by,
        holders=holders_at(register, by, active),
        names=names,
        active=active,
        declared=frozenset(declared | {ADMINISTRATOR}),
        in_force=frozenset(each.process for each in current),
        process=decode_process(register.in_force(process).definition) if process else None,
        keys={key.id: key.person for key in certified},
        resets=register.all_of(KeyReset),
        sheets=register.all_of(RecoverySheet),
        signed=frozenset(each.person for each in register.all_of(Declaration)),
        rotating=any(each.state == "begun" for each in register.all_of(Rotation)),
    )


def _people(register: Register) -> tuple[dict[str, str], frozenset[str]]:
    people = register.people()
    return {each.id: each.name for each in people}, frozenset(each.id for each in people if each.state == "active")


def holders_at(register: Register, by: Actor, active: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Each role with the active people who hold it at the actor's moment, in the order granted."""
    now = iso(by.at)
    found: dict[str, dict[str, None]] = {}
    for held in register.roles():
        if held.person in active and held.valid_from <= now and (not held.valid_until or now < held.valid_until):
            found.setdefault(held.role, {})[held.person] = None
    return {role: tuple(people) for role, people in found.items()}
