"""Clauses that rest on the log: altered records, the audit trail, times, installations, its review."""

from __future__ import annotations

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, attention, listed, recent
from domain.compliance.reviews import REVIEW_DAYS, is_reviewed
from domain.messages import message


def log_proven(evidence: VaultEvidence) -> Found:
    """Every entry, signature, row and file holds, now; in a vault without items that shows nothing yet."""
    verdict = evidence.verdict
    if not verdict.intact:
        first = verdict.findings[0]
        text = message("clause_checks.findings_the_first", count=len(verdict.findings), first=first.text)
        return attention(text, first.entry)
    if verdict.since:
        return attention(message("clause_checks.not_verified_as_a_whole", since=verdict.since))
    text = message(
        "clause_checks.rows_and_files_verified",
        entries=verdict.entries,
        rows=verdict.rows,
        files=verdict.files,
        root=verdict.root[:16],
    )
    if not evidence.item_count():
        return Found("unshown", message("clause_checks.no_item_yet", found=text))
    return Found("holds", text)


def as_far_as_log_holds(evidence: VaultEvidence, found: Found) -> Found:
    """What was found, where it holds only as far as the log does."""
    proven = log_proven(evidence)
    return found if found.result != "holds" or proven.result == "holds" else proven


def stored_files(evidence: VaultEvidence) -> Found:
    """Rows and files are as signed, and every file of evidence that a record names is stored."""
    missing = [each.file_name for each in evidence.files if each.file and each.file not in evidence.stored]
    if missing:
        return attention(message("clause_checks.files_missing", names=listed(missing)))
    return log_proven(evidence)


def audit_trail(evidence: VaultEvidence) -> Found:
    """Every change is an entry with old and new values; replay shows that there are no others."""
    verdict = evidence.verdict
    text = message("clause_checks.changes_old_and_new", changes=verdict.changes, entries=verdict.entries)
    return as_far_as_log_holds(evidence, Found("holds", text, (0, verdict.entries - 1)))


def devices(evidence: VaultEvidence) -> Found:
    """Every entry names the installation it was made on."""
    if nameless := evidence.devices.get("", 0):
        return attention(message("clause_checks.entries_without_a_device", count=nameless))
    text = message("clause_checks.every_entry_names_its", devices=len(evidence.devices))
    return as_far_as_log_holds(evidence, Found("holds", text))


def clock_honest(evidence: VaultEvidence) -> Found:
    """No entry claims a time to come; each that lies behind an earlier one was acknowledged and reviewed."""
    if evidence.latest > evidence.at:
        return attention(message("clause_checks.a_time_to_come", latest=evidence.latest))
    jumps = sorted(evidence.entry(each.id) for each in evidence.clock_jumps)
    entries = tuple(each.entry for each in evidence.behind)
    names = listed(
        message("clause_checks.entry_behind", entry=each.entry, at=each.at, behind=each.behind)
        for each in evidence.behind
    )
    for each in entries:
        if not any(each < jump for jump in jumps):
            return attention(
                message("clause_checks.behind_not_acknowledged", count=len(entries), names=names), *entries
            )
        if not is_reviewed(evidence, each):
            return attention(message("clause_checks.behind_not_reviewed", count=len(entries), names=names), *entries)
    if entries:
        text = message("clause_checks.behind_and_explained", count=len(entries), names=names)
        return as_far_as_log_holds(evidence, Found("holds", text, entries))
    text = message("clause_checks.times_in_order", clock_jumps=len(jumps))
    return as_far_as_log_holds(evidence, Found("holds", text, tuple(jumps[-1:])))


def evaluated(evidence: VaultEvidence) -> Found:
    """A self-check was given out for somebody to judge in the last year; the one being made does not count."""
    given = [each for each in evidence.exports if each.kind == "self_check"]
    newest = given[-1] if given else None
    what = message("clause_checks.last_self_check_given_out")
    when, entry = (newest.at, evidence.entry(newest.id)) if newest else ("", -1)
    return recent(evidence.at, when, REVIEW_DAYS, what=what, entry=entry)


def misuse_reported(evidence: VaultEvidence) -> Found:
    """Each report of wrong passphrases was reached by a review of the audit trail."""
    reports = tuple(evidence.entry(each.id) for each in evidence.failed_unlocks)
    if not reports:
        return Found("unshown", message("clause_checks.no_failed_unlocks"))
    unread = tuple(entry for entry in reports if not is_reviewed(evidence, entry))
    if unread:
        return attention(
            message("clause_checks.failed_unlocks_not_reviewed", count=len(unread), of=len(reports)), *unread
        )
    return Found("holds", message("clause_checks.failed_unlocks_reviewed", count=len(reports)), reports)
