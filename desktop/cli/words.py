"""What records hold as words of the log, and values of fields, as people read them on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from desktop.cli import counts
from domain.messages import Message, message
from domain.process.definition import ProcessVersion
from domain.process.definition_parts import FieldDefinition
from domain.records.governance import Link

_WORDS: Final = {
    # an item
    "open": Message("open"),
    "on_hold": Message("on hold"),
    "cancelled": Message("cancelled"),
    "closed": Message("closed"),
    "closed_before": Message("closed before this vault"),
    # evidence, requests, risk acceptances, handoffs, links
    "submitted": Message("to be reviewed"),
    "accepted": Message("accepted"),
    "rejected": Message("rejected"),
    "withdrawn": Message("withdrawn"),
    "asked": Message("asked for"),
    "in_force": Message("in force"),
    "revoked": Message("revoked"),
    "removed": Message("ended"),
    "replaced": Message("replaced"),
    "offered": Message("offered"),
    "returned": Message("returned"),
    "retired": Message("retired"),
    "proposed": Message("proposed"),
    "extension": Message("a later due day"),
    "change": Message("a change of content"),
    "cancellation": Message("cancelling"),
    # decisions and outcomes
    "approved": Message("approved"),
    "changes_requested": Message("changes requested"),
    "abstained": Message("abstained"),
    "reached": Message("reached"),
    "partly": Message("partly reached"),
    "not_reached": Message("not reached"),
    # obligations and urgent transitions
    "met": Message("met"),
    "refused": Message("refused"),
    "dropped": Message("dropped"),
    "marked": Message("asked for"),
    "signed": Message("signed"),
    "passed": Message("passed, not confirmed yet"),
    "confirmed": Message("confirmed"),
}
_LINKS: Final = {
    "blocked_by": Message("is blocked by"),
    "follow_up_of": Message("follows up"),
    "continuation_of": Message("continues"),
    "merged_into": Message("is merged into"),
    "cycle_of": Message("is a cycle of"),
    "related": Message("is related to"),
    "passed_by": Message("passed a gate by the exception"),
}
_CORE: Final = {
    "title": Message("Title"),
    "description": Message("Description"),
    "owner": Message("Owner"),
    "owner_name": Message("Owner in the tracker"),
    "due": Message("Due"),
    "severity": Message("Severity"),
    "priority": Message("Priority"),
    "raised": Message("Raised"),
    "closed": Message("Closed"),
    "step": Message("Step"),
    "state": Message("State"),
    "cycle": Message("Cycle"),
    "process_version": Message("Process version"),
    "legacy_status": Message("Status in the tracker"),
}


def in_words(raw: str) -> str:
    """A word of the log, such as changes_requested, as people read it."""
    return str(_WORDS.get(raw, raw.replace("_", " ")))


def link_words(link: Link) -> str:
    """What a link says: its kind and the number of the other item."""
    kind = str(_LINKS.get(link.kind, link.kind.replace("_", " ")))
    return f"{kind} {link.other_number or link.other}"


def field_title(process: ProcessVersion, field: str) -> str:
    """What people call a field of an item, whether each item has it or only those of this process."""
    defined = process.field(field)
    if defined is not None:
        return defined.title
    return str(_CORE.get(field, field.replace("_", " ").capitalize()))


def step_title(process: ProcessVersion, step: str) -> str:
    """A step by its title; one that this version does not have by its id."""
    found = process.step(step)
    return found.title if found else step


def short_value(process: ProcessVersion, field: str, value: Any, names: Mapping[str, str]) -> str:
    """A value in one line: people by name, steps by title, tables by their number of rows; nothing as a dash."""
    if value in (None, "", [], {}):
        return message("nothing")
    if isinstance(value, list):
        return counts.rows(len(value))
    text = _text(value)
    if text in names:
        return names[text]
    if field in ("step", "from_step", "to_step"):
        return step_title(process, text)
    defined = process.field(field)
    if defined is None:
        return in_words(text) if field in ("state", "decision", "outcome", "kind") else text
    return text.replace("_", " ") if defined.kind == "choice" else f"{text} {defined.unit}".rstrip()


def value_lines(process: ProcessVersion, field: str, value: Any, names: Mapping[str, str]) -> Iterator[str]:
    """A value in full: a table as its heading and its rows, anything else in a line for each of its own."""
    defined = process.field(field)
    if isinstance(value, list) and defined is not None and defined.kind == "table":
        yield from _table(defined, value, names)
    elif isinstance(value, list):
        yield from (_text(each) for each in value)
    else:
        yield from short_value(process, field, value, names).splitlines() or [""]


def row_words(process: ProcessVersion, field: str, row: Any, names: Mapping[str, str]) -> str:
    """One row of a table in a line: what its cells hold, with their titles."""
    defined = process.field(field)
    if not isinstance(row, dict):
        return _text(row)
    titles = {column.id: column.title for column in defined.columns} if defined else {}
    order = [*titles, *(name for name in row if name not in titles)]
    cells = ((titles.get(name, name), _text(row[name])) for name in order if row.get(name) not in (None, ""))
    return "; ".join(f"{title}: {names.get(text, text)}" for title, text in cells)


def _table(field: FieldDefinition, rows: list[Any], names: Mapping[str, str]) -> Iterator[str]:
    known = [(column.id, column.title) for column in field.columns]
    more = sorted({name for row in rows if isinstance(row, dict) for name in row} - {name for name, _ in known})
    columns = [*known, *((name, name) for name in more)]
    lines = [[title for _, title in columns]]
    for row in rows:
        cells: Mapping[str, Any] = row if isinstance(row, dict) else {columns[0][0] if columns else "": row}
        texts = [" ".join(_text(cells.get(name, "")).split()) for name, _ in columns]
        lines.append([names.get(text, text) for text in texts])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return message("yes") if value else message("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
