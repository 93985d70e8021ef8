"""Imported trackers are read again from the files kept with them: whether each kept cell stands in its file so.

The log proves what the importing person signed of the tracker; this holds it against the tracker itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from desktop.documents.import_tracker import plan_tracker
from desktop.machine.private_files import PrivateFiles
from desktop.store.register import StoreRegister
from domain.act import Change
from domain.commands.command import command_from_leaves
from domain.commands.imports import ImportRegister
from domain.errors import Cancelled, CountersignError, FileProblem
from domain.log.verdict import Finding
from domain.messages import message
from domain.services import Progress
from domain.trackers.cells import column_letter
from domain.trackers.header_words import FIELDS
from domain.trackers.plan import ImportPlan
from domain.trackers.raw_rows import RawRow

_CHANGE = msgspec.json.Decoder(Change)
_MOST_FOR_EACH = 20
_LONGEST_SUFFIX = 6


class SourceCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What reading the trackers again showed. `imports` counts those that were read, `cells` the cells compared;
    `unread` says of the others why they could not be read (a workbook under a passphrase of its own).
    """

    imports: int
    cells: int
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]


def read_again(register: StoreRegister, *, progress: Progress | None = None) -> SourceCheck:
    """Hold the cells that imports keep against the workbooks they came from, in a log that was found intact.

    Raises:
        Cancelled: `progress` asked to stop.
    """
    place, found, unread, read, cells = PrivateFiles(), list[Finding](), list[str](), 0, 0
    try:
        for seq, command in _imports(register):
            try:
                plan = _planned(register, command, place, progress=progress)
            except Cancelled:
                raise
            except CountersignError as problem:
                unread.append(
                    message(
                        "{file_name} (entry {seq}): {what}", file_name=command.file_name, seq=seq, what=problem.what
                    )
                )
                continue
            read += 1
            cells += len(command.rows) * len(command.columns)
            found += list(_differences(seq, command, plan))[:_MOST_FOR_EACH]
    finally:
        place.close()
    return SourceCheck(imports=read, cells=cells, findings=tuple(found), unread=tuple(unread))


def _imports(register: StoreRegister) -> Iterator[tuple[int, ImportRegister]]:
    for seq in range(register.log_size()):
        header = register.header(seq)
        if header.act != ImportRegister.__struct_config__.tag:
            continue
        leaves = register.changes(seq)
        changes = tuple(_CHANGE.decode(data) for data in leaves[header.commands :])
        command, _ = command_from_leaves(leaves[: header.commands], changes)
        if isinstance(command, ImportRegister):
            yield seq, command


def _planned(
    register: StoreRegister, command: ImportRegister, place: PrivateFiles, *, progress: Progress | None
) -> ImportPlan:
    file = place.folder() / f"{secrets.token_hex(16)}{_suffix(command.file_name)}"
    try:
        _write(file, register.file_bytes(command.file))
        columns = {field: column_letter(column) for field, column in command.fields.items()}
        return plan_tracker(
            register,
            file,
            process=command.process,
            mapping={field: columns.get(field, "") for field in FIELDS},
            sheet=command.sheet,
            header_row=command.header_row,
            progress=progress,
        )
    finally:
        file.unlink(missing_ok=True)


def _write(file: Path, chunks: Iterable[bytes]) -> None:
    try:
        with file.open("xb") as out:
            for data in chunks:
                out.write(data)
    except OSError as problem:
        raise FileProblem(
            message("The tracker cannot be written to be read again: {problem}.", problem=problem), where=file.name
        ) from problem


def _suffix(name: str) -> str:
    """The extension that a signed name claims, where it is a plain one: the name is whatever somebody signed."""
    found = Path(name).suffix.lower()
    return found if len(found) <= _LONGEST_SUFFIX and found[1:].isascii() and found[1:].isalnum() else ""


def _differences(seq: int, command: ImportRegister, plan: ImportPlan) -> Iterator[Finding]:
    places = {column.column: n for n, column in enumerate(plan.columns)}
    there = {row.row: row for row in (*plan.new, *plan.same, *plan.changed)}
    for kept in command.rows:
        row = there.get(kept.row)
        if row is None:
            yield _finding(
                seq, command, message("row {row}", row=kept.row), message("The file has no such row of the table.")
            )
            continue
        for n, column in enumerate(command.columns):
            at = places.get(column.column)
            found_there = ("", "") if at is None else (row.texts[at], row.kinds[at])
            if found_there[0] != kept.texts[n] or (found_there[0] and found_there[1] != kept.kinds[n]):
                where = f"{column_letter(column.column)}{kept.row}"
                text = message(
                    "The file says {found_there!r} in {where}; on record is {short}.",
                    found_there=found_there[0][:60],
                    where=where,
                    short=_short(kept, n),
                )
                yield _finding(seq, command, where, text)


def _short(row: RawRow, place: int) -> str:
    return repr(row.texts[place][:60])


def _finding(seq: int, command: ImportRegister, place: str, text: str) -> Finding:
    return Finding(
        kind="source", text=f"{command.file_name}: {text}", table="import_batch", row=place, field="cells", entry=seq
    )
