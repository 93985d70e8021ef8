"""What oversight puts on paper: the certificate of a restore test, and an extract of the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from domain.messages import message, plural_message
from domain.ports import LogFilter, LogLine
from domain.records.backup_records import RestoreTest
from domain.table_report import Table, TableReport

MOST_PRINTED = 5_000
"""Entries on one paper; more are given out as a file."""


def restore_test_certificate(restore_test: RestoreTest, *, by: str, entry: int) -> TableReport:
    """The certificate of one restore test; `by` is who signed it, `entry` where it stands in the log (-1 = unknown)."""
    restored = restore_test.outcome == "restored"
    proven = (
        (message("oversight_reports.the_copy_was_restored"), "yes"),
        (message("oversight_reports.entries_replayed_every_hash"), str(restore_test.entries)),
        (message("oversight_reports.root_of_its_log"), restore_test.root),
        (message("oversight_reports.evidence_files_that_hash"), str(restore_test.files)),
        (message("oversight_reports.its_log_is_the"), "yes"),
        (message("oversight_reports.the_restored_copy_was"), "yes"),
    )
    return TableReport(
        title=message("oversight_reports.certificate_of_a_restore")
        if restored
        else message("oversight_reports.restore_test_failed"),
        about=message("oversight_reports.a_backup_of_this")
        if restored
        else message("oversight_reports.a_backup_of_this_vault_was_restored"),
        facts=(
            (
                message("oversight_reports.outcome"),
                message("oversight_reports.restored_and_proven") if restored else "FAILED",
            ),
            (message("oversight_reports.problem"), restore_test.problem),
            (message("oversight_reports.copy_made"), restore_test.made_at),
            (message("oversight_reports.tested"), restore_test.at),
            (message("oversight_reports.by"), by),
            (message("oversight_reports.entry_in_the_log"), str(entry) if entry >= 0 else ""),
            (message("oversight_reports.computer"), restore_test.device),
            (message("oversight_reports.sha_of_the_copy"), restore_test.source),
        ),
        tables=(
            Table(
                heading=message("oversight_reports.what_was_proven"),
                columns=((message("oversight_reports.what"), 3), (message("oversight_reports.found"), 4)),
                rows=proven if restored else (),
                empty=message("oversight_reports.nothing_see_the_problem"),
            ),
            Table(
                heading=message("oversight_reports.accepted"),
                columns=(
                    (message("oversight_reports.name"), 3),
                    (message("oversight_reports.date"), 2),
                    (message("oversight_reports.signature"), 3),
                ),
                rows=(("\n\n", "", ""),),
            ),
        ),
    )


def log_extract(
    lines: Sequence[LogLine],
    *,
    wanted: LogFilter,
    count: int,
    words: Callable[[str], str],
    subjects: Mapping[str, str],
) -> TableReport:
    """The entries shown, newest first. `count` is how many match, `words` describes an act, `subjects` names by id."""
    left_out = count - len(lines)
    return TableReport(
        title=message("oversight_reports.extract_of_the_audit"),
        about=message("oversight_reports.entries_of_the_log"),
        facts=(
            (
                message("oversight_reports.entries"),
                message("oversight_reports.of_that_match", shown=len(lines), all=count),
            ),
            (
                message("oversight_reports.left_out"),
                plural_message("oversight_reports.older.one", "oversight_reports.older.many", left_out)
                if left_out > 0
                else "",
            ),
            (message("oversight_reports.person"), subjects.get(wanted.person, wanted.person)),
            (message("oversight_reports.act"), words(wanted.act) if wanted.act else ""),
            (message("oversight_reports.about"), wanted.about),
            (message("oversight_reports.field"), wanted.field),
            (message("oversight_reports.from"), wanted.since),
            (message("oversight_reports.until_before"), wanted.until),
            (
                message("oversight_reports.only"),
                message("oversight_reports.acts_signed_with_the") if wanted.signed else "",
            ),
        ),
        tables=(
            Table(
                heading=message("oversight_reports.entries"),
                columns=(
                    (message("oversight_reports.number"), 4),
                    (message("oversight_reports.time_utc"), 11),
                    (message("oversight_reports.who"), 12),
                    (message("oversight_reports.act"), 12),
                    (message("oversight_reports.about_why"), 22),
                    (message("oversight_reports.leaf_hash"), 12),
                ),
                rows=tuple(_row(line, words, subjects) for line in lines),
                empty=message("oversight_reports.no_entry_matches"),
            ),
        ),
    )


def _row(line: LogLine, words: Callable[[str], str], subjects: Mapping[str, str]) -> tuple[str, ...]:
    about = line.subject_number or subjects.get(line.subject, line.subject)
    why = "\n".join(part for part in (about, line.reason, f"“{line.meaning}”" if line.meaning else "") if part)
    who = f"{line.person}\n{line.role}" if line.role else line.person
    return (str(line.seq), line.at.replace("T", "\n", 1).rstrip("Z"), who, words(line.act), why, line.leaf)
