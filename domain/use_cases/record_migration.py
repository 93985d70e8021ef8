"""Record that the store was brought to a newer format: any opening of such a store says so first."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.identity import iso
from domain.items.oversight import StoreMigration
from domain.log.entry import SCHEMA_VERSION
from domain.state import State
from domain.use_cases.ruling import new_record


def format_on_record(register: State) -> int:
    """The newest format that the log speaks of: of its first entry, or of a migration recorded since."""
    if not register.log_size():
        return SCHEMA_VERSION
    founded = register.entry(0).header.schema
    return max((founded, *(each.after for each in register.all_of(StoreMigration))))


def record_migration(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    entries: int,
    root: str,
    backup: str,
    device: str,
) -> Act:
    """The entry that says from where to where the store went; whoever opens the vault next records it.

    Raises:
        ValueError: the log speaks of today's format already.
    """
    before = format_on_record(register)
    if before >= SCHEMA_VERSION:
        raise ValueError("there is no migration to record")
    record = StoreMigration(
        id=new_id(),
        before=before,
        after=SCHEMA_VERSION,
        entries=entries,
        root=root,
        backup=backup,
        at=iso(by.at),
        by=by.person,
        device=device,
    )
    return Act(
        name="record_migration",
        changes=(new_record("store_migration", record),),
        subject=register.vault().id,
        reason=f"The store was brought from format {before} to {SCHEMA_VERSION}; no value was changed.",
    )
