"""What the people screen asks of an open vault: who holds what, what stands in the way, and two questions."""

from __future__ import annotations

import msgspec

from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.records.governance import Mandate
from domain.records.people import KeyReset, PersonKey, RecoverySheet
from domain.rules.access_conflicts import AccessConflict, access_conflicts
from domain.rules.facts import gather_vault
from domain.rules.permissions import Doer, Permission, permissions, who_may
from domain.session import Session


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Who has access, in one snapshot; `doers` answers who may do anything, anywhere."""

    conflicts: tuple[AccessConflict, ...]
    keys: tuple[PersonKey, ...]
    sheets: tuple[RecoverySheet, ...]
    resets: tuple[KeyReset, ...]
    doers: tuple[Doer, ...]
    mandates: tuple[Mandate, ...] = ()


def read_access(vault: Session) -> Access:
    """The snapshot, and everyone's rights by the gates' own functions."""
    register = vault.register
    facts, processes = gather_vault(register, vault.actor()), _in_force(vault)
    return Access(
        conflicts=access_conflicts(facts, processes),
        keys=register.keys(),
        sheets=facts.sheets,
        resets=facts.resets,
        doers=who_may(facts, processes),
        mandates=facts.mandates,
    )


def read_permissions(vault: Session, person: str) -> tuple[Permission, ...]:
    """What a person (an id) may do, place by place."""
    return permissions(gather_vault(vault.register, vault.actor()), _in_force(vault), person)


def _in_force(vault: Session) -> tuple[ProcessVersion, ...]:
    now = in_force_at(vault.register.process_versions(), vault.actor().at)
    return tuple(decode_process(each.definition) for each in now)
