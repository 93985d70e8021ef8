"""What happened in this program lately, in its own words alone: kinds and instants, never a text or a name."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from desktop.machine import installation
from desktop.machine.clock import now
from domain.errors import FileProblem
from domain.identity import iso

MOST_KEPT = 500
_WORD = re.compile(r"[A-Za-z]{1,40}")
_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Za-z]{1,40} [A-Za-z]{1,40}")


def note_event(where: str, kind: str) -> None:
    """Keep that something of this kind happened; words only, so that nothing of a vault can slip in.

    A folder that cannot be written keeps nothing: events are for diagnosis, not for proof.
    """
    if not (_WORD.fullmatch(where) and _WORD.fullmatch(kind)):
        raise ValueError("an event is named by two words of this program")
    with contextlib.suppress(OSError, FileProblem):
        file = _file()
        lines = [*_lines(file), f"{iso(now())} {where} {kind}"][-MOST_KEPT:]
        file.write_text("\n".join(lines) + "\n", encoding="ascii")


def events() -> tuple[str, ...]:
    """The events kept, oldest first. Lines that this program did not write are left out."""
    return tuple(_lines(_file()))


def _file() -> Path:
    return installation.home() / "events"


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in text.splitlines() if _LINE.fullmatch(line)]
