"""The process that touches foreign bytes. It reads one file, writes its cells to standard output, and ends.

It runs under limits of memory, time and file size, starts nothing, opens no connection and writes no file.
The request comes on standard input (so that a passphrase is never an argument); the answer is a series of
frames on standard output: four bytes of length, then MessagePack. A kind of frame is reported by its first key:
`sheet` opens a sheet, `rows` carries rows of it, `end` closes the book, `problem` says why there is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from desktop.confined import limits
from desktop.confined.archive import ArchiveNotes, SheetNotes, inspect_archive
from desktop.confined.reading_problem import ReadingProblem, not_a_workbook, password_needed, too_large
from desktop.confined.text_table import decode, read_rows
from domain.messages import message, plural_message
from domain.trackers.cells import LONGEST_CELL, column_letter

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK"
START_KEPT = 200
EXT_DATETIME, EXT_DATE, EXT_TIME, EXT_SPAN = 1, 2, 3, 4
WHOLE_BELOW = 1e15


class Request(msgspec.Struct):
    """What the parent asks for."""

    path: str
    passphrase: str | None = None


def main() -> int:
    """Read the request, answer it. Exit code 0 also when the answer is a problem."""
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Request)
    _confine(limits.LARGE_SECONDS)
    out = sys.stdout.buffer
    try:
        _read(request, out)
    except ReadingProblem as problem:
        _send(out, {"problem": problem.what, "remedy": problem.remedy})
    except MemoryError:
        too_much = too_large(message("reading it takes more memory than this program grants"))
        _send(out, {"problem": too_much.what, "remedy": too_much.remedy})
    except OSError as error:
        _send(
            out,
            {
                "problem": message("The file cannot be read: {strerror}.", strerror=error.strerror),
                "remedy": message("Close it elsewhere; try again."),
            },
        )
    except BaseException as error:  # noqa: BLE001 - parsers of foreign formats also panic; the parent must hear of it
        gave_up = not_a_workbook(message("the reader gave up ({name})", name=type(error).__name__))
        _send(out, {"problem": gave_up.what, "remedy": gave_up.remedy})
    out.flush()
    return 0


def _confine(seconds: float) -> None:
    """Limits of the operating system; where it has none of this kind, the parent's clock remains."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    for kind, amount in (
        (resource.RLIMIT_AS, limits.PROCESS_MEMORY),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # some systems know a limit by name and refuse to set it; the others still hold
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (amount, amount))


def _send(out: BinaryIO, frame: dict[str, Any]) -> None:
    data = msgspec.msgpack.encode(frame)
    out.write(struct.pack(">I", len(data)))
    out.write(data)


def _read(request: Request, out: BinaryIO) -> None:
    path = Path(request.path)
    with path.open("rb") as stream:
        data = stream.read(limits.FILE_BYTES + 1)
    if len(data) > limits.FILE_BYTES:
        raise too_large(message("it has more than {file_bytes} MB", file_bytes=limits.FILE_BYTES // 1024 // 1024))
    digest = hashlib.sha256(data).hexdigest()
    kind, warnings = _dispatch(path, data, request.passphrase, out)
    _send(out, {"end": True, "sha256": digest, "kind": kind, "warnings": warnings})


def _dispatch(path: Path, data: bytes, passphrase: str | None, out: BinaryIO) -> tuple[str, list[str]]:
    """Choose by content, not by name: what a file is called proves nothing."""
    if "~$" in path.name and not data.startswith((ZIP, OLE)):
        raise ReadingProblem(
            message("This is the temporary lock file a spreadsheet program keeps while a workbook is open."),
            remedy=message("Choose the real file, {path}.", path=path.name.replace("~$", "")),
        )
    if not data:
        raise ReadingProblem(
            message("The file is empty (0 bytes)."), remedy=message("Choose another file or export it again.")
        )
    if data.startswith(OLE):
        data = _unlock(data, passphrase)
    if data.startswith(ZIP):
        notes = inspect_archive(data)
        return notes.kind, _send_workbook(data, notes, out)
    if data.startswith(OLE):
        return "xls", _send_workbook(data, ArchiveNotes(kind="xls", sheets={}), out)
    _refuse_foreign_text(data)
    if path.suffix.lower() not in {".csv", ".tsv", ".txt", ".tab"}:
        raise not_a_workbook(
            message(
                "its name ends in {suffix}, but its content is no workbook", suffix=path.suffix or message("nothing")
            )
        )
    text, encoding = decode(data)
    oversize: list[list[int]] = []
    _send(out, {"sheet": path.stem, "visible": True})
    _send_rows(out, read_rows(text), oversize, {})
    _send(out, {"notes": True, "oversize": oversize})
    plain = encoding.startswith(("utf-8", "utf-16"))
    warnings = (
        []
        if plain
        else [
            message("The text was read in the old encoding {encoding}: check letters with accents.", encoding=encoding)
        ]
    )
    return "tsv" if path.suffix.lower() in {".tsv", ".tab"} else "csv", warnings


def _refuse_foreign_text(data: bytes) -> None:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        raise not_a_workbook(message("it is a web page, as some programs write under the name of a workbook"))
    if start.startswith(b"<?xml"):
        raise not_a_workbook(message("it is an XML document"))
    if start.startswith(b"%pdf"):
        raise not_a_workbook(message("it is a PDF document"))
    if start.startswith(b"{\\rtf"):
        raise not_a_workbook(message("it is a text document"))


def _unlock(data: bytes, passphrase: str | None) -> bytes:
    """An encrypted container opened in memory; a plain one unchanged."""
    import msoffcrypto  # noqa: PLC0415 - slow to import and rarely needed

    try:
        container = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not container.is_encrypted():
            return data
    except Exception as error:
        # the library raises whatever a damaged container makes it stumble over
        raise not_a_workbook(message("its container is damaged or not a workbook")) from error
    if passphrase is None:
        raise password_needed()
    opened = io.BytesIO()
    try:
        container.load_key(password=passphrase)
        container.decrypt(opened)
    except Exception as error:
        # same; a wrong password is by far the most frequent cause
        raise ReadingProblem(
            message("The password does not open this workbook."), remedy=message("Check the password and try again.")
        ) from error
    return opened.getvalue()


def _send_workbook(data: bytes, notes: ArchiveNotes, out: BinaryIO) -> list[str]:
    import python_calamine as calamine  # noqa: PLC0415 - text tables do not need it

    try:
        book = calamine.load_workbook(io.BytesIO(data))
        del data
        return _send_sheets(book, notes, out)
    except calamine.PasswordError as error:
        raise password_needed() from error
    except calamine.CalamineError as error:
        raise not_a_workbook(message("its content is damaged ({error})", error=str(error)[:120])) from error


def _send_sheets(book: Any, notes: ArchiveNotes, out: BinaryIO) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - see above

    warnings: list[str] = []
    if notes.has_macros:
        warnings.append(message("The workbook holds macros. They were not run and are not imported."))
    if notes.has_links:
        warnings.append(
            message("The workbook links to other workbooks. The links were not followed; stored values were read.")
        )
    cells_left = limits.CELLS
    for meta in book.sheets_metadata[: limits.SHEETS]:
        if meta.typ != SheetTypeEnum.WorkSheet:
            warnings.append(message("Sheet {meta!r} is no table of cells and was not read.", meta=meta.name))
            continue
        sheet = book.get_sheet_by_name(meta.name)
        _send(out, {"sheet": meta.name, "visible": meta.visible == SheetVisibleEnum.Visible})
        own = notes.sheets.get(meta.name, SheetNotes())
        size, problem = _size(sheet, cells_left)
        oversize: list[list[int]] = []
        if problem:
            warnings.append(message("Sheet {meta!r} was not read: {problem}.", meta=meta.name, problem=problem))
        elif size:
            cells_left -= size
            left = [""] * sheet.start[1]
            _send_rows(out, (left + row if left else row for row in sheet.iter_rows()), oversize, own.errors)
        merged = [[a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1] for a, b in (sheet.merged_cell_ranges or ())]
        merged.extend(list(merge) for merge in own.merged)
        _send(
            out,
            {
                "notes": True,
                "merged": merged,
                "oversize": oversize,
                "hidden_rows": sorted(own.hidden_rows),
                "hidden_columns": sorted(own.hidden_columns),
            },
        )
        warnings.extend(_unstored_warning(meta.name, own))
    if len(book.sheets_metadata) > limits.SHEETS:
        warnings.append(message("Only the first {sheets} sheets were read.", sheets=limits.SHEETS))
    return warnings


def _size(sheet: Any, cells_left: int) -> tuple[int, str]:
    """Cells the sheet takes, and a reason when that is too many. Claimed dimensions are not believed."""
    if sheet.start is None or sheet.end is None:
        return 0, ""
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows > limits.ROWS:
        return 0, message("it reaches row {rows}, and this program reads {rows_2}", rows=rows, rows_2=limits.ROWS)
    if columns > limits.COLUMNS:
        return 0, message(
            "it reaches column {column_letter}, and this program reads {columns} columns",
            column_letter=column_letter(columns),
            columns=limits.COLUMNS,
        )
    if rows * columns > cells_left:
        return 0, message("the workbook spans more cells than this program reads")
    return rows * columns, ""


def _unstored_warning(name: str, notes: SheetNotes) -> list[str]:
    if not notes.unstored:
        return []
    row, column = min(notes.unstored)
    first = f"{column_letter(column)}{row}"
    what = plural_message(
        "Sheet {name!r}: {count} formula has no stored result ({first}) and counts as blank.",
        "Sheet {name!r}: {count} formulas have no stored result (first: {first}) and count as blank.",
        len(notes.unstored),
        name=name,
        first=first,
    )
    return [
        message(
            "{what} If values are missing, open the file in a spreadsheet program, save it, and import again.",
            what=what,
        )
    ]


def _send_rows(
    out: BinaryIO,
    rows: Iterable[Sequence[Any]],
    oversize: list[list[int]],
    errors: dict[tuple[int, int], str],
) -> None:
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in errors.items():
        by_row.setdefault(row, []).append((column, text))
    numbered = _plain_rows(rows, oversize, by_row)
    while piece := list(islice(numbered, limits.ROWS_PER_FRAME)):
        _send(out, {"rows": piece})


def _plain_rows(
    rows: Iterable[Sequence[Any]], oversize: list[list[int]], errors: dict[int, list[tuple[int, str]]]
) -> Iterator[list[Any]]:
    """Cells the wire format knows: whole floats become integers, empty text becomes None, temporals are tagged."""
    for number, row in enumerate(rows, start=1):
        plain: list[Any] = []
        add = plain.append
        for value in row:
            kind = type(value)
            if kind is str:
                if len(value) > LONGEST_CELL:
                    oversize.append([number, len(plain) + 1, len(value)])
                    add(value[:START_KEPT])
                else:
                    add(value or None)
            elif kind is float:
                add(int(value) if value.is_integer() and -WHOLE_BELOW < value < WHOLE_BELOW else value)
            elif value is None or kind is bool or kind is int:
                add(value)
            else:
                add(_tagged(value))
        for column, text in errors.get(number, ()):
            plain.extend([None] * (column - len(plain)))
            plain[column - 1] = text
        yield plain


def _tagged(value: Any) -> msgspec.msgpack.Ext:
    if isinstance(value, datetime):
        return msgspec.msgpack.Ext(EXT_DATETIME, value.isoformat().encode())
    if isinstance(value, date):
        return msgspec.msgpack.Ext(EXT_DATE, value.isoformat().encode())
    if isinstance(value, time):
        return msgspec.msgpack.Ext(EXT_TIME, value.isoformat().encode())
    if isinstance(value, timedelta):
        return msgspec.msgpack.Ext(EXT_SPAN, struct.pack(">iii", value.days, value.seconds, value.microseconds))
    raise not_a_workbook(message("it holds a value of an unknown kind ({name})", name=type(value).__name__))


if __name__ == "__main__":
    raise SystemExit(main())
