"""Any report of tables on paper: late work, breaches, a digest."""

from __future__ import annotations

from desktop.pdf.report import ReportHead, begin_report, end_report
from desktop.pdf.sheet import QUIET, SMALL, WIDTH, Column
from domain.table_report import TableReport


def print_tables(report: TableReport, head: ReportHead) -> bytes:
    """The PDF of a report: its facts, each table, and the checkpoint as of printing."""
    sheet = begin_report(head, title=report.title, about=report.about)
    sheet.facts(report.facts)
    for table in report.tables:
        sheet.heading(table.heading)
        if not table.rows:
            sheet.paragraph(table.empty, colour=QUIET)
            continue
        share = WIDTH / sum(part for _, part in table.columns)
        columns = tuple(Column(title=title, width=share * part) for title, part in table.columns)
        sheet.table(columns, table.rows, size=SMALL)
    return end_report(sheet, head, title=report.title)
