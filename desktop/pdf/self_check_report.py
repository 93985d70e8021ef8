"""The self-check on paper: what each clause asks, what was found, and what stays with the organisation."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from desktop.pdf.moments import utc
from desktop.pdf.report import ReportHead, begin_report, end_report
from desktop.pdf.sheet import QUIET, SMALL, WIDTH, Column, Sheet
from desktop.pdf.typefaces import BOLD
from domain.compliance.found import Result
from domain.compliance.judge import ClauseResult, SelfCheck
from domain.messages import Message, message

TITLE = Message("Self-check")
_RESULT: dict[Result, Message] = {
    "holds": Message("Shown by this vault"),
    "attention": Message("ATTENTION"),
    "unshown": Message("Not shown yet"),
    "organisation": Message("Stays with you"),
}
_MOST_ENTRIES = 12


def print_self_check(check: SelfCheck, head: ReportHead) -> bytes:
    """The PDF of a self-check: a summary, then every clause of every rule, and room for a reviewer's signature."""
    sheet = begin_report(
        head,
        title=str(TITLE),
        about=message(
            "Evidence of one vault at one moment, clause by clause. It certifies nothing about the organisation."
        ),
    )
    sheet.facts(
        (
            (message("Judged"), message("{utc} UTC", utc=utc(check.at))),
            (message("Judged with"), check.program),
            (message("Entries verified"), str(check.entries)),
        )
    )
    sheet.mono(message("Log root"), check.root)
    _summary(sheet, check)
    for rule, clauses in groupby(check.clauses, key=lambda each: each.rule):
        _rule(sheet, rule, tuple(clauses))
    sheet.heading(message("Reviewed"))
    sheet.need(40)
    sheet.paragraph(
        "Name: ______________________________     Date: ________________     Signature: ______________________"
    )
    return end_report(sheet, head, title=str(TITLE))


def _summary(sheet: Sheet, check: SelfCheck) -> None:
    sheet.heading(message("Summary"))
    share = (WIDTH - 140) / len(_RESULT)
    columns = (
        Column(title=message("Rule"), width=140),
        *(Column(title=str(_RESULT[each]), width=share, align="right") for each in _RESULT),
    )
    rows = []
    for rule, clauses in groupby(check.clauses, key=lambda each: each.rule):
        counted = Counter(each.result for each in clauses)
        rows.append((rule, *(str(counted[each]) for each in _RESULT)))
    sheet.table(columns, rows)
    if check.attention:
        sheet.gap(2)
        sheet.paragraph(message("To be done"), face=BOLD)
        for each in check.attention:
            sheet.paragraph(f"{each.rule} {each.clause}: {each.found}")
            sheet.gap(2)


def _rule(sheet: Sheet, rule: str, clauses: tuple[ClauseResult, ...]) -> None:
    sheet.heading(rule)
    columns = (
        Column(title=message("Clause"), width=66),
        Column(title=message("Asked; looked at"), width=172),
        Column(title=message("Found; entries that show it"), width=150),
        Column(title=message("Stays with you"), width=WIDTH - 388, colour=QUIET),
    )
    rows = [
        (
            f"{each.clause}\n{_RESULT[each.result]}",
            f"{each.demand}\n{each.checked}",
            f"{each.found}{_entries(each.entries)}",
            each.organisation,
        )
        for each in clauses
    ]
    sheet.table(columns, rows, size=SMALL)


def _entries(entries: tuple[int, ...]) -> str:
    if not entries:
        return ""
    shown = ", ".join(map(str, entries[:_MOST_ENTRIES]))
    more = message(" and {count} more", count=len(entries) - _MOST_ENTRIES) if len(entries) > _MOST_ENTRIES else ""
    return f"\n[entries {shown}{more}]" if len(entries) > 1 else f"\n[entry {shown}]"
