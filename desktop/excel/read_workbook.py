"""Read a legacy workbook into plain values. The bytes are parsed in another process, never in this one."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import msgspec

from desktop.confined import limits
from domain.errors import FileProblem
from domain.messages import message
from domain.trackers.cells import Cell, MergedRange, OversizeCell, RawBook, RawSheet

PROJECT = Path(__file__).resolve().parents[2]
EXT_DATETIME, EXT_DATE, EXT_TIME, EXT_SPAN = 1, 2, 3, 4
SHORT_TEXT = 64
TEXTS_REMEMBERED = 50_000

Progress = Callable[[str, int, int], None]


class _Frame(msgspec.Struct):
    """One message of the reader process; only the fields of its kind are filled."""

    sheet: str | None = None
    visible: bool = True
    rows: list[tuple[Any, ...]] | None = None
    notes: bool = False
    merged: list[tuple[int, int, int, int]] = []
    oversize: list[tuple[int, int, int]] = []
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    end: bool = False
    sha256: str = ""
    kind: str = ""
    warnings: tuple[str, ...] = ()
    problem: str | None = None
    remedy: str = ""


def read_workbook(path: Path, *, passphrase: str | None = None, progress: Progress | None = None) -> RawBook:
    """Every cell of every sheet of an .xlsx, .xlsm, .xls, .ods, .csv or .tsv file.

    Formulas are never calculated and macros never run: stored results are read. The file is opened once, so
    the hash is over the same bytes as the cells. `progress` is called with ("reading", rows so far, 0); what it
    raises ends the reading.

    Raises:
        FileProblem: not readable as a workbook, protected, too large, built to do harm, or too slow to read.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileProblem(
            message("The file cannot be opened: {strerror}.", strerror=error.strerror),
            where=path.name,
            remedy=message("Check that it exists and is yours."),
        ) from error
    if not path.is_file():
        raise FileProblem(message("This is not a file."), where=path.name, remedy=message("Choose a workbook."))
    seconds = limits.SMALL_SECONDS if size <= limits.SMALL_FILE else limits.LARGE_SECONDS
    with subprocess.Popen(  # noqa: S603 - our own module, fixed arguments
        reader_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd=PROJECT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        try:
            return _talk(process, path=path, passphrase=passphrase, progress=progress)
        except EOFError as error:
            raise FileProblem(
                message(
                    "Reading the file was stopped: it needed more memory than granted or more than {seconds:.0f} "
                    "seconds.",
                    seconds=seconds,
                ),
                where=path.name,
                remedy=message("Save the sheet with the register alone as .xlsx or .csv and choose that file."),
            ) from error
        finally:
            timer.cancel()
            process.kill()


def reader_command() -> list[str]:
    """How to start the reader process; a frozen program starts itself with a word it knows."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--read-workbook"]
    return [sys.executable, "-m", "desktop.confined.reader_process"]


def _environment() -> dict[str, str]:
    """Nothing but what an interpreter needs to start: no secret of this process reaches the reader."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMP") if name in os.environ}
    return {**kept, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}


def _talk(
    process: subprocess.Popen[bytes], *, path: Path, passphrase: str | None, progress: Progress | None
) -> RawBook:
    if process.stdin is None or process.stdout is None:
        raise FileProblem(message("The reader process has no pipes."), where=path.name)
    try:
        with process.stdin as wire:
            wire.write(msgspec.msgpack.encode({"path": str(path.resolve()), "passphrase": passphrase}))
    except BrokenPipeError as error:
        raise EOFError from error
    decoder = msgspec.msgpack.Decoder(_Frame, ext_hook=_temporal)
    sheets: list[RawSheet] = []
    rows: list[tuple[Cell, ...]] = []
    name, visible = "", True
    seen: dict[str, str] = {}
    while True:
        frame = _next_frame(process.stdout, decoder, path)
        if frame.problem is not None:
            raise FileProblem(frame.problem, where=path.name, remedy=frame.remedy)
        if frame.sheet is not None:
            name, visible, rows = frame.sheet, frame.visible, []
        elif frame.rows is not None:
            rows.extend(_shared(row, seen) for row in frame.rows)
            if progress is not None:
                progress("reading", len(rows), 0)
        elif frame.notes:
            sheets.append(_sheet(name, rows, frame, visible=visible))
        elif frame.end:
            return RawBook(
                file_name=path.name,
                sha256=frame.sha256,
                kind=frame.kind,
                sheets=tuple(sheets),
                warnings=frame.warnings,
            )


def _next_frame(wire: IO[bytes], decoder: msgspec.msgpack.Decoder[_Frame], path: Path) -> _Frame:
    head = wire.read(4)
    if len(head) < 4:
        raise EOFError
    (length,) = struct.unpack(">I", head)
    if length > limits.FRAME_BYTES:
        raise FileProblem(
            message("The reader process answered nonsense."), where=path.name, remedy=message("Try again.")
        )
    body = wire.read(length)
    if len(body) < length:
        raise EOFError
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise FileProblem(
            message("The reader process answered nonsense."), where=path.name, remedy=message("Try again.")
        ) from error


def _temporal(code: int, data: memoryview) -> datetime | date | time | timedelta:
    if code == EXT_DATETIME:
        return datetime.fromisoformat(bytes(data).decode())
    if code == EXT_DATE:
        return date.fromisoformat(bytes(data).decode())
    if code == EXT_TIME:
        return time.fromisoformat(bytes(data).decode())
    if code == EXT_SPAN:
        days, seconds, microseconds = struct.unpack(">iii", data)
        return timedelta(days=days, seconds=seconds, microseconds=microseconds)
    raise ValueError(code)


def _shared(row: tuple[Any, ...], seen: dict[str, str]) -> tuple[Cell, ...]:
    """Keep one copy of each short text: owners, states and grades repeat a hundred thousand times."""
    if len(seen) > TEXTS_REMEMBERED:
        seen.clear()
    one = seen.setdefault
    return tuple([one(cell, cell) if type(cell) is str and len(cell) <= SHORT_TEXT else cell for cell in row])


def _sheet(name: str, rows: list[tuple[Cell, ...]], notes: _Frame, *, visible: bool) -> RawSheet:
    """Trim blank rows and columns at the ends and give every row the same width."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    width = max((_filled(row) for row in rows), default=0)
    even = tuple(row if len(row) == width else (row + (None,) * (width - len(row)))[:width] for row in rows)
    return RawSheet(
        name=name,
        visible=visible,
        rows=even,
        merged=tuple(
            MergedRange(first_row=a, first_column=b, last_row=c, last_column=d) for a, b, c, d in notes.merged
        ),
        hidden_rows=notes.hidden_rows,
        hidden_columns=notes.hidden_columns,
        oversize=tuple(OversizeCell(row=a, column=b, length=c) for a, b, c in notes.oversize),
    )


def _filled(row: tuple[Cell, ...]) -> int:
    """Cells up to and with the last one that holds a value."""
    width = len(row)
    while width and row[width - 1] is None:
        width -= 1
    return width
