"""`countersign import`: check (the plan, nothing changed) and run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.cli import counts
from desktop.cli.frame import CHECK_FAILED, Call, in_vault, passphrase_from
from desktop.cli.output import print_json, print_text, progress_line
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import UsageProblem
from domain.messages import message
from domain.trackers.plan import ImportPlan, statuses_of

app = typer.Typer(no_args_is_help=True)

Tracker = Annotated[Path, typer.Argument(metavar="FILE", help="A tracker: .xlsx .xlsm .xls .ods .csv .tsv")]
Process = Annotated[str, typer.Option("--process", help="The process its rows become items of, such as capa.")]
Sheet = Annotated[str, typer.Option("--sheet", help="The sheet, when not the one proposed.")]
HeaderRow = Annotated[int, typer.Option("--header-row", help="The header's row (1-based), when not the one proposed.")]
Map = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=HEADER", help="Correct the proposed mapping.")]
DayFirst = Annotated[bool | None, typer.Option("--day-first/--month-first", help="How to read 03/04/2024.")]
Closed = Annotated[
    list[str] | None,
    typer.Option("--closed", metavar="STATUS", help="Rows with this status were closed before this vault; repeat it."),
]
FilePassphrase = Annotated[
    Path | None, typer.Option("--file-passphrase-file", metavar="FILE", help="Passphrase of a protected workbook.")
]


def plan_facts(plan: ImportPlan) -> dict[str, Any]:
    """A plan as JSON: counts, mapping, problems."""
    return {
        "file": plan.file_name,
        "sha256": plan.sha256,
        "sheet": plan.sheet,
        "header_row": plan.header_row,
        "rows": plan.rows,
        "new": len(plan.new),
        "same": len(plan.same),
        "changed": len(plan.changed),
        "refused": list(plan.refused),
        "mapping": plan.mapping,
        "unmapped": list(plan.unmapped),
        "skipped": [{"row": row, "reason": str(reason)} for row, reason in plan.skipped],
        "problems": list(plan.problems),
        "statuses": dict(statuses_of(plan)),
        "ambiguous": list(plan.ambiguous),
        "warnings": list(plan.warnings),
    }


def _planned(
    vault: UnlockedSession,
    file: Path,
    *,
    process: str,
    sheet: str,
    header_row: int,
    pairs: list[str] | None,
    day_first: bool | None,
    file_passphrase_file: Path | None,
    quiet: bool,
) -> ImportPlan:
    mapping: dict[str, str] = {}
    for pair in pairs or ():
        field, separator, header = pair.partition("=")
        if not separator:
            raise UsageProblem(
                message("{pair!r} is not FIELD=HEADER.", pair=pair),
                remedy=message('Write for example --map "due=Target date".'),
            )
        mapping[field] = header
    secret = (
        passphrase_from(file_passphrase_file, prompt=message("Workbook passphrase")) if file_passphrase_file else None
    )
    return vault.plan_import(
        file,
        process=process,
        mapping=mapping or None,
        sheet=sheet,
        header_row=header_row,
        day_first=day_first,
        file_passphrase=secret,
        progress=progress_line(quiet=quiet),
    )


def _closed_words(plan: ImportPlan, given: list[str] | None) -> tuple[str, ...]:
    """The statuses that mean a row was closed before it came here; each must be one that the rows have.

    Raises:
        UsageProblem: no row says this.
    """
    known = [status for status, _ in statuses_of(plan)]
    unknown = next((each for each in given or () if each not in known), None)
    if unknown is not None:
        announced = ", ".join(map(repr, known)) or message("no status at all")
        raise UsageProblem(
            message("No row that would be imported has the status {unknown!r}.", unknown=unknown),
            where="--closed",
            remedy=message("The rows say {announced}.", announced=announced),
        )
    return tuple(given or ())


def _print_plan(plan: ImportPlan) -> None:
    print_text(
        message(
            "{file_name}: sheet {sheet!r}, header in row {header_row}, {rows}: {count} new, {count_2} same, "
            "{count_3} changed, {count_4} refused.",
            file_name=plan.file_name,
            sheet=plan.sheet,
            header_row=plan.header_row,
            rows=counts.rows(plan.rows),
            count=len(plan.new),
            count_2=len(plan.same),
            count_3=len(plan.changed),
            count_4=len(plan.refused),
        )
    )
    for field, header in plan.mapping.items():
        print_text(f"  {field:12} <- {header!r}")
    if plan.unmapped:
        print_text(message("  kept as legacy: {list}", list=", ".join(plan.unmapped)))
    if announced := statuses_of(plan):
        shown = ", ".join(f"{status!r} ({count})" for status, count in announced[:12])
        print_text(message("  statuses: {shown} - name those of finished rows with --closed", shown=shown))
    for row in plan.refused:
        print_text(
            message(
                "  refused {sheet}!{cell}: {reason} ({raw!r})",
                sheet=row.sheet,
                cell=row.cell,
                reason=row.reason,
                raw=row.raw[:60],
            )
        )
    for problem in plan.problems[:50]:
        print_text(
            message(
                "  problem {sheet}!{cell}: {reason} ({raw!r})",
                sheet=problem.sheet,
                cell=problem.cell,
                reason=problem.reason,
                raw=problem.raw[:60],
            )
        )
    if len(plan.problems) > 50:
        print_text(
            message("  ... and {problems} (--json lists all)", problems=counts.problems(len(plan.problems) - 50))
        )
    for warning in plan.warnings:
        print_text(message("  note: {warning}", warning=warning))


@app.command("check")
@in_vault
def check(
    call: Call,
    file: Tracker,
    *,
    process: Process,
    sheet: Sheet = "",
    header_row: HeaderRow = 0,
    pairs: Map = None,
    day_first: DayFirst = None,
    file_passphrase_file: FilePassphrase = None,
) -> None:
    """What an import would do, row by row. Nothing is changed. Exit code 1: rows would be refused."""
    plan = _planned(
        call.vault,
        file,
        process=process,
        sheet=sheet,
        header_row=header_row,
        pairs=pairs,
        day_first=day_first,
        file_passphrase_file=file_passphrase_file,
        quiet=call.as_json,
    )
    if call.as_json:
        print_json(plan_facts(plan))
    else:
        _print_plan(plan)
    if plan.refused:
        raise typer.Exit(CHECK_FAILED)


@app.command("run")
@in_vault
def run(
    call: Call,
    file: Tracker,
    *,
    process: Process,
    sheet: Sheet = "",
    header_row: HeaderRow = 0,
    pairs: Map = None,
    day_first: DayFirst = None,
    closed: Closed = None,
    file_passphrase_file: FilePassphrase = None,
) -> None:
    """Import as one act with one signature; the original file is kept. Items enter at the first step. Exit code 1: it
    is done, but rows were refused.
    """
    plan = _planned(
        call.vault,
        file,
        process=process,
        sheet=sheet,
        header_row=header_row,
        pairs=pairs,
        day_first=day_first,
        file_passphrase_file=file_passphrase_file,
        quiet=call.as_json,
    )
    closed_words = _closed_words(plan, closed)
    entry = call.vault.run_import(
        plan, file, process=process, closed_words=closed_words, progress=progress_line(quiet=call.as_json)
    )
    batch = call.vault.register.imports()[-1]
    if call.as_json:
        print_json({**plan_facts(plan), "import": batch.id, "entry": entry.header.seq, "counts": batch.counts})
    else:
        _print_plan(plan)
        print_text(message("Imported as entry {seq}: {counts}.", seq=entry.header.seq, counts=batch.counts))
    if plan.refused:
        raise typer.Exit(CHECK_FAILED)
