"""What one person did in one go: the act, its changes, and who may sign it.

An act is the unit that is signed. Each change carries one record before and after, only the fields that
changed. Because changes are generic, replaying the log is one generic function.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.log.canonical import canonical
from domain.records.registry import Values, stated, upcast

__all__ = ["Act", "Actor", "Change", "IncomingFile", "Values", "changed", "created"]


class Change(msgspec.Struct, frozen=True, gc=False):
    """One record before and after. `before` is None for a record that did not exist; nothing is deleted.

    `after` holds the fields that the change states: of a new record those that differ from their default, of another
    one those that change, also to their default. Read what a change sets through `values`.
    """

    record: str
    id: str
    before: Values | None
    after: Values

    def data(self) -> bytes:
        """The canonical bytes that are hashed into the entry (a leaf of the entry's change tree)."""
        return canonical({"record": self.record, "id": self.id, "before": self.before, "after": self.after})

    def values(self) -> Values:
        """The fields that the change sets: every field of a new record, those it leaves out at their default."""
        return self.after if self.before is not None else upcast(self.record, self.after)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What a command wants recorded.

    `name` is the command's word, `command` its canonical bytes (`domain.commands.command.Command.leaves`), `role` the
    role used, `mandate` the delegation used, if any, `subject` the item or record it is about, `meaning` the meaning
    of the signature. `signing` asks for the passphrase again (21 CFR 11.200), `law` is what it goes by.
    """

    name: str
    changes: tuple[Change, ...]
    role: str = ""
    mandate: str = ""
    subject: str = ""
    process_version: str = ""
    reason: str = ""
    meaning: str = ""
    signing: bool = False
    law: int = 1
    files: tuple[IncomingFile, ...] = ()
    command: tuple[bytes, ...] = ()


class IncomingFile(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that arrive with an act, named by the SHA-256 that the changes record.

    `path` is read again while storing; bytes that differ from `sha256` refuse the act. `data` is used for
    bytes made by the program itself (a closure pack).
    """

    sha256: str
    size: int
    path: str = ""
    data: bytes | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """The person acting, as the rules see them: id, name and the roles held at the moment `at`."""

    person: str
    name: str
    roles: frozenset[str]
    at: datetime


def created(record: str, id_: str, values: Values) -> Change:
    """A change that brings a record into being, from its values; fields at their default are not stated."""
    return Change(record, id_, None, stated(record, values))


def changed(record: str, id_: str, before: Values, after: Values) -> Change | None:
    """A change holding only the fields that differ; None when nothing does."""
    different = [name for name, value in after.items() if before.get(name) != value]
    if not different:
        return None
    return Change(
        record, id_, {name: before.get(name) for name in different}, {name: after[name] for name in different}
    )
