"""The pages of a closure pack: which words and tables, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from desktop.pdf.cover import cover
from desktop.pdf.how_to_verify import how_to_verify
from desktop.pdf.moments import day, utc, utc_and_local
from desktop.pdf.sheet import ACCENT, GRID, HAIRLINE, INK, LEFT, QUIET, SMALL, WIDTH, Box, Column, Dot, Sheet
from desktop.pdf.typefaces import BOLD, MONO, SANS
from domain.closure.pack import ClosurePack, ProcessFacts
from domain.commands.act_words import act_word
from domain.messages import message, plural_message

_KIB = 1024


def lay_out(pack: ClosurePack, fingerprint: str) -> Sheet:
    """All pages of the pack as marks. `fingerprint` is that of the embedded manifest."""
    sheet = Sheet()
    cover(sheet, pack, fingerprint)
    if len(sheet.pages) == 1:
        sheet.turn()
    _item(sheet, pack)
    _process(sheet, pack.process)
    _timeline(sheet, pack)
    _approvals(sheet, pack)
    _history(sheet, pack)
    _evidence(sheet, pack)
    _provenance(sheet, pack)
    _log(sheet, pack)
    how_to_verify(sheet, pack, fingerprint)
    return sheet


def _item(sheet: Sheet, pack: ClosurePack) -> None:
    item = pack.item
    sheet.heading(message("Item"))
    sheet.need(100)
    half, top = WIDTH / 2 - 8, sheet.y
    step = item.step if item.step.lower() == item.state else f"{item.step}, {item.state.replace('_', ' ')}"
    sheet.facts(
        (
            (message("Number"), item.number),
            (message("Step and state"), step),
            (message("Owner"), item.owner),
            (message("Severity, priority"), ", ".join(word for word in (item.severity, item.priority) if word)),
        ),
        width=half,
    )
    lowest, sheet.y = sheet.y, top
    sheet.facts(
        (
            (message("Raised"), day(item.raised)),
            (message("Due"), day(item.due)),
            (message("Recorded"), message("{utc} UTC", utc=utc(item.created_at))),
            (message("Recorded by"), item.created_by),
            (message("Cycle"), str(item.cycle) if item.cycle > 1 else ""),
        ),
        x=LEFT + half + 16,
        width=half,
        label=72,
    )
    sheet.y = min(lowest, sheet.y)
    sheet.facts(
        (
            (message("Title"), item.title),
            (message("Description"), item.description),
            (message("Outcome"), item.outcome),
            (message("Closing summary"), item.summary),
            *((field.label, field.value) for field in item.fields),
        )
    )


def _process(sheet: Sheet, process: ProcessFacts) -> None:
    sheet.heading(message("Process version"))
    _step_bar(sheet, process)
    sheet.facts(
        (
            (message("Process"), message("{title}, version {version}", title=process.title, version=process.version)),
            (
                message("In force from"),
                message("{utc} UTC", utc=utc(process.in_force_from)) if process.in_force_from else "",
            ),
            (message("Objective"), process.objective),
            (message("Scope"), process.scope),
            (message("Process owner"), process.owner_role),
        )
    )
    sheet.mono(message("Definition SHA-256"), process.sha256)


def _step_bar(sheet: Sheet, process: ProcessFacts) -> None:
    if not process.steps:
        return
    sheet.need(72)
    share = WIDTH / len(process.steps)
    y = sheet.y - 12
    lowest = y
    for number, step in enumerate(process.steps):
        x = LEFT + share * number + share / 2
        reached = step.passed or step.current
        if number:
            sheet.put(Box(x - share + 7, y - 0.6, share - 14, 1.2, ACCENT if reached else HAIRLINE))
        sheet.put(Dot(x, y, 5, ACCENT if reached else QUIET, hollow=not reached))
        words = sheet.lines(step.label, face=BOLD if step.current else SANS, size=SMALL, width=share - 6)
        for line_number, line in enumerate(words):
            wide = sheet.width_of(line, face=BOLD if step.current else SANS, size=SMALL)
            line_y = y - 18 - 9 * line_number
            sheet.mark_text(
                x - wide / 2,
                line_y,
                line,
                face=BOLD if step.current else SANS,
                size=SMALL,
                colour=INK if reached else QUIET,
            )
            lowest = min(lowest, line_y)
    sheet.y = lowest - 2 * GRID


def _timeline(sheet: Sheet, pack: ClosurePack) -> None:
    sheet.heading(message("Timeline"))
    columns = (
        Column(title=message("Moment (UTC; signer’s clock)"), width=128),
        Column(title=message("Who, in which role"), width=112),
        Column(title=message("What happened"), width=216),
        Column(title=message("Entry"), width=WIDTH - 456, align="right"),
    )
    sheet.table(
        columns,
        [
            (
                utc_and_local(line.at, line.zone).replace(message(" UTC ("), "\n(", 1),
                f"{line.who}\n{line.role}" if line.role else line.who,
                f"{line.what}\n{line.detail}" if line.detail else line.what,
                str(line.seq),
            )
            for line in pack.timeline
        ],
    )


def _approvals(sheet: Sheet, pack: ClosurePack) -> None:
    sheet.heading(message("Approvals and signatures"))
    if not pack.approvals:
        sheet.paragraph(message("No approval was asked for or given."), colour=QUIET)
        return
    columns = (
        Column(title=message("Name, role"), width=120),
        Column(title=message("Decision and meaning"), width=188),
        Column(title=message("Moment (UTC; signer’s clock)"), width=128),
        Column(title=message("Entry"), width=WIDTH - 436, align="right"),
    )
    rows = []
    for line in pack.approvals:
        role = (
            message("{role}, by mandate {mandate}", role=line.role, mandate=line.mandate) if line.mandate else line.role
        )
        decision = message(
            "{capitalize} at {gate}, level {level}",
            capitalize=line.decision.capitalize(),
            gate=line.gate,
            level=line.level,
        )
        if line.cycle > 1:
            decision += message(", cycle {cycle}", cycle=line.cycle)
        meaning = _stack(decision, f"“{line.meaning}”", line.reason)
        how = (
            message("signed with passphrase") if line.auth == "passphrase" else message("signed in an unlocked session")
        )
        moment = utc_and_local(line.at, line.zone).replace(message(" UTC ("), "\n(", 1)
        rows.append((f"{line.name}\n{role}\nkey {line.key[:16]}", meaning, f"{moment}\n{how}", str(line.seq)))
    sheet.table(columns, rows)


def _history(sheet: Sheet, pack: ClosurePack) -> None:
    """Obligations, risk acceptances, exceptions, due days, mandates, links, holds, handoffs, cycles: a table for each
    there is.
    """
    if not pack.history:
        return
    sheet.heading(message("outside the normal path"))
    columns = (
        Column(title=message("What"), width=176),
        Column(title=message("Who, moment (UTC)"), width=112),
        Column(title=message("Why, and what became of it"), width=168),
        Column(title=message("Entry"), width=WIDTH - 456, align="right"),
    )
    for section, lines in groupby(pack.history, key=lambda line: line.section):
        sheet.gap(2)
        sheet.need(60)
        sheet.paragraph(section, face=BOLD)
        sheet.gap(1)
        rows = [
            (
                f"{line.what}\n{line.state}" if line.state else line.what,
                _stack(line.who, utc(line.at) if line.at else ""),
                line.detail,
                str(line.seq),
            )
            for line in lines
        ]
        sheet.table(columns, rows)


def _evidence(sheet: Sheet, pack: ClosurePack) -> None:
    sheet.heading(message("Evidence"))
    if not pack.evidence:
        sheet.paragraph(message("No evidence was asked for or added."), colour=QUIET)
        return
    columns = (
        Column(title=message("Asked for; file"), width=150),
        Column(title=message("SHA-256 of the file"), width=136, face=MONO, colour=QUIET),
        Column(title=message("Added"), width=92),
        Column(title=message("Reviewed"), width=92),
        Column(title=message("Entry"), width=WIDTH - 470, align="right"),
    )
    rows = []
    for line in pack.evidence:
        file = message(
            "{file_name}, revision {revision}, {size}",
            file_name=line.file_name,
            revision=line.revision,
            size=size_words(line.size),
        )
        reviewed = (
            message("{capitalize} by {reviewed_by}", capitalize=line.state.capitalize(), reviewed_by=line.reviewed_by)
            if line.reviewed_by
            else line.state.capitalize()
        )
        rows.append(
            (
                _stack(line.requirement, file, line.note),
                f"{line.sha256[:32]}\n{line.sha256[32:]}",
                f"{line.added_by}\n{utc(line.added_at)}",
                _stack(reviewed, utc(line.reviewed_at), line.review_note),
                str(line.seq),
            )
        )
    sheet.table(columns, rows)
    sheet.gap(1)
    sheet.paragraph(
        message("The files stay in the vault. A file shown to you is the one meant when its SHA-256 is the same."),
        size=SMALL,
        colour=QUIET,
    )


def _stack(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def size_words(size: int) -> str:
    """A number of bytes for people, without rounding the small ones."""
    if size < _KIB:
        return message("{size} bytes", size=size)
    if size < _KIB * _KIB:
        return message("{size:.1f} KiB", size=size / _KIB)
    return message("{size:.1f} MiB", size=size / _KIB / _KIB)


def _provenance(sheet: Sheet, pack: ClosurePack) -> None:
    found = pack.provenance
    if found is None:
        return
    sheet.heading(message("Where it came from"))
    sheet.facts(
        (
            (message("Workbook"), found.file_name),
            (message("Sheet and row"), message("{sheet}, row {row}", sheet=found.sheet, row=found.row)),
            (message("Legacy status"), found.legacy_status),
            (
                message("Imported"),
                message(
                    "{utc} UTC by {imported_by}, entry {seq}",
                    utc=utc(found.imported_at),
                    imported_by=found.imported_by,
                    seq=found.seq,
                ),
            ),
        )
    )
    if found.sha256:
        sheet.mono(message("Workbook SHA-256"), found.sha256)
    sheet.gap(2)
    columns = (
        Column(title=message("Cell"), width=48, face=MONO),
        Column(title=message("Field or column"), width=132),
        Column(title=message("As written in the tracker"), width=WIDTH - 180),
    )
    sheet.table(
        columns,
        [
            (line.cell, line.field or message("{header} (kept, not mapped)", header=line.header), line.text)
            for line in found.cells
        ],
    )


def _changes(count: int) -> str:
    return plural_message("{count} change", "{count} changes", count)


def _log(sheet: Sheet, pack: ClosurePack) -> None:
    sheet.heading(message("Log excerpt"))
    columns = (
        Column(title=message("Entry"), width=40, align="right"),
        Column(title=message("Moment (UTC)"), width=96),
        Column(title=message("Signed by; key"), width=120),
        Column(title=message("Act"), width=92),
        Column(title=message("Leaf hash"), width=WIDTH - 348, face=MONO, colour=QUIET),
    )
    rows = []
    for line in pack.excerpt:
        shown = (
            message("{shown} of {changes}", shown=line.shown, changes=_changes(line.changes))
            if line.shown != line.changes
            else _changes(line.changes)
        )
        leaf = f"{line.leaf[:32]}\n{line.leaf[32:]}"
        who = message("{person}\nkey {key}", person=line.who, key=line.key[:16])
        rows.append((str(line.seq), utc(line.at), who, f"{act_word(line.act)}\n{shown}", leaf))
    sheet.table(columns, rows)
    sheet.gap(2)
    sheet.paragraph(
        message(
            "Entries about this item up to the checkpoint, signed as a list by whoever printed: {numbers}.",
            numbers=_numbers(pack.listed),
        ),
        size=SMALL,
        colour=QUIET,
    )
    if pack.unjudged:
        sheet.heading(message("Entries not judged from this file"))
        three = (
            Column(title=message("Entry"), width=40, align="right"),
            Column(title=message("Act"), width=112),
            Column(title=message("Why"), width=WIDTH - 152, colour=QUIET),
        )
        sheet.table(three, [(str(line.seq), act_word(line.act), line.reason) for line in pack.unjudged])


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
