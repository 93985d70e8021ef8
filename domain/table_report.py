"""Reports as plain values: a head, facts and tables of words, ready to print, to show or to write as text."""

from __future__ import annotations

import msgspec

from domain.messages import message


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its heading, column titles with their share of the width, rows of words."""

    heading: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = msgspec.field(default_factory=lambda: message("table_report.none"))


class TableReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report. `facts` are labelled values such as the filter and the moment; a printer adds vault and chain head."""

    title: str
    about: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def report_text(report: TableReport) -> str:
    """The report as plain text with its columns under one another."""
    lines = [report.title, "=" * len(report.title), report.about, ""]
    lines += [f"{name}: {value}" for name, value in report.facts if value]
    for table in report.tables:
        lines += ["", table.heading, "-" * len(table.heading)]
        if not table.rows:
            lines.append(table.empty)
            continue
        heads = tuple(title for title, _ in table.columns)
        rows = [tuple(" ".join(cell.split()) for cell in row) for row in table.rows]
        widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
        lines += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (heads, *rows)
        ]
    return "\n".join((*lines, ""))
