"""Entries that no permitted command gives, signed all the same: what a forger with their own keys can put into a log.

A forger hands in the command that fits best. Either its rules refuse it where it stands, or what the entry changes is
not what that command gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from desktop.machine.clock import now
from desktop.session.signatory import KeySignatory
from desktop.session.unlocked_session import UnlockedSession
from domain.act import Act, Change
from domain.commands.command import NONCE_SIZE, Command
from domain.commands.deciding import decide
from domain.log.verdict import Finding

NONCE = bytes(range(NONCE_SIZE))


def write(vault: UnlockedSession, act: Act) -> list[Finding]:
    """Put the act into the log behind the program's back, signed by who is unlocked; what is found of its entry."""
    entry = vault._store.record(
        act,
        signatory=KeySignatory(vault._keys, auth="passphrase" if act.signing else "session"),
        at=vault.actor().at,
        zone="+00:00 test",
        device="d",
    )
    found = vault.verify().findings
    assert found, "it must be found"
    assert {finding.entry for finding in found} == {entry.header.seq}
    return list(found)


def slip_in(vault: UnlockedSession, command: Command, *changes: Change) -> list[Finding]:
    """An entry with a command that cannot be decided as things are."""
    act = Act(name=command.word, changes=changes, signing=command.signing, command=command.leaves(NONCE))
    return write(vault, act)


def alter(vault: UnlockedSession, command: Command, *more: Change, without: str = "", **other: Any) -> list[Finding]:
    """An entry of a command that is allowed, whose first record says something else, with more changes, or without
    the change of one record."""
    at = now()
    act = decide(command, vault.register, msgspec.structs.replace(vault.actor(), at=at), nonce=NONCE)
    first, *rest = act.changes
    before = None if first.before is None else {**_on_record(vault, first, other), **first.before}
    forged = msgspec.structs.replace(first, before=before, after={**first.after, **other})
    kept = [each for each in rest if each.id != without]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop.session.unlocked_session.now", lambda: at)
        return write(vault, msgspec.structs.replace(act, changes=(forged, *kept, *more)))


def broken(found: list[Finding], rule: str) -> bool:
    """Whether the entry is named because its command was not allowed by this rule."""
    return any(each.kind == "rules" and each.field == "command" and f"(rule {rule})" in each.text for each in found)


def differs(found: list[Finding], record: str, field: str) -> bool:
    """Whether exactly this field of a record is named as one that the command does not give."""
    return [(each.kind, each.table, each.field) for each in found] == [("rules", record, field)]


def not_given(found: list[Finding], record: str) -> bool:
    """Whether exactly one change is named as one that the command does not give."""
    return differs(found, record, "id") and "its command does not give" in found[0].text


def _on_record(vault: UnlockedSession, change: Change, names: Iterable[str]) -> dict[str, Any]:
    """The values of these fields as they are on record."""
    if not names:
        return {}
    assert change.record == "item"
    values = msgspec.to_builtins(vault.register.item(change.id))
    return {name: values[name] for name in names}
