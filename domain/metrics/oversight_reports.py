"""What oversight puts on paper: the certificate of a restore test, and an extract of the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from domain.ports import LogFilter, LogLine
from domain.records.backup_records import RestoreTest
from domain.table_report import Table, TableReport

MOST_PRINTED = 5_000
"""Entries on one paper; more are given out as a file."""


def restore_test_certificate(restore_test: RestoreTest, *, by: str, entry: int) -> TableReport:
    """The certificate of one restore test; `by` is who signed it, `entry` where it stands in the log (-1 = unknown)."""
    restored = restore_test.outcome == "restored"
    proven = (
        ("The copy was restored into a place of its own", "yes"),
        ("Entries replayed, every hash, signature and right", str(restore_test.entries)),
        ("Root of its log", restore_test.root),
        ("Evidence files that hash to their names", str(restore_test.files)),
        ("Its log is the beginning of this vault's log", "yes"),
        ("The restored copy was deleted", "yes"),
    )
    return TableReport(
        title="Certificate of a restore test" if restored else "Restore test: FAILED",
        about="A backup of this vault was restored, proven by replay, compared with the vault and deleted."
        if restored
        else "A backup of this vault was restored as a test and cannot be relied on.",
        facts=(
            ("Outcome", "restored and proven" if restored else "FAILED"),
            ("Problem", restore_test.problem),
            ("Copy made", restore_test.made_at),
            ("Tested", restore_test.at),
            ("By", by),
            ("Entry in the log", str(entry) if entry >= 0 else ""),
            ("Computer", restore_test.device),
            ("SHA-256 of the copy", restore_test.source),
        ),
        tables=(
            Table(
                heading="What was proven",
                columns=(("What", 3), ("Found", 4)),
                rows=proven if restored else (),
                empty="Nothing: see the problem above.",
            ),
            Table(
                heading="Accepted",
                columns=(("Name", 3), ("Date", 2), ("Signature", 3)),
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
        title="Extract of the audit trail",
        about="Entries of the log as they were signed, newest first. An extract is no proof of what it leaves out.",
        facts=(
            ("Entries", f"{len(lines)} of {count} that match"),
            ("Left out", f"{left_out} older ones" if left_out > 0 else ""),
            ("Person", subjects.get(wanted.person, wanted.person)),
            ("Act", words(wanted.act) if wanted.act else ""),
            ("About", wanted.about),
            ("Field", wanted.field),
            ("From", wanted.since),
            ("Until before", wanted.until),
            ("Only", "acts signed with the passphrase" if wanted.signed else ""),
        ),
        tables=(
            Table(
                heading="Entries",
                columns=(
                    ("No.", 4),
                    ("Time (UTC)", 11),
                    ("Who", 12),
                    ("Act", 12),
                    ("About; why", 22),
                    ("Leaf hash", 12),
                ),
                rows=tuple(_row(line, words, subjects) for line in lines),
                empty="No entry matches.",
            ),
        ),
    )


def _row(line: LogLine, words: Callable[[str], str], subjects: Mapping[str, str]) -> tuple[str, ...]:
    about = line.subject_number or subjects.get(line.subject, line.subject)
    why = "\n".join(part for part in (about, line.reason, f"“{line.meaning}”" if line.meaning else "") if part)
    who = f"{line.person}\n{line.role}" if line.role else line.person
    return (str(line.seq), line.at.replace("T", "\n", 1).rstrip("Z"), who, words(line.act), why, line.leaf)
