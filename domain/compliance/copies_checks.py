"""Clauses about copies: backups, restore tests, closure packs, exports and originals of imports."""

from __future__ import annotations

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, attention, is_within, listed, recent, worst
from domain.compliance.log_checks import as_far_as_log_holds, log_proven
from domain.messages import message

BACKUP_DAYS = 7
ELSEWHERE_DAYS = 31
RESTORE_TEST_DAYS = 365
ARCHIVE_DAYS = 365
_FORMATS_OF_RECORDS = frozenset({"log", "register"})


def backed_up(evidence: VaultEvidence) -> Found:
    """There is a recent copy, and no copy of a log longer than this one."""
    longer = [each for each in evidence.backups if each.entries > evidence.verdict.entries]
    if longer:
        return attention(
            message("copies_checks.backup_is_longer", backup=longer[0].entries, entries=evidence.verdict.entries)
        )
    newest = max((each.made_at for each in evidence.backups), default="")
    return recent(evidence.at, newest, BACKUP_DAYS, what=message("clause_checks.newest_backup_known_on"))


def kept_elsewhere(evidence: VaultEvidence) -> Found:
    """There is a copy that is not on the volume the vault is on, as far as this computer has recorded."""
    newest = max((each.made_at for each in evidence.backups if each.elsewhere), default="")
    return recent(evidence.at, newest, ELSEWHERE_DAYS, what=message("copies_checks.newest_backup_elsewhere"))


def kept_and_found(evidence: VaultEvidence) -> Found:
    """The records are whole, and copies of them are recent and elsewhere too (21 CFR 11.10(c))."""
    return worst(backed_up(evidence), kept_elsewhere(evidence), log_proven(evidence))


def restore_tested(evidence: VaultEvidence) -> Found:
    """The newest restore test went well, with a copy that was not old and holds entries; a failed one is not hidden."""
    what = message("clause_checks.last_restore_test")
    if not evidence.restore_tests:
        return recent(evidence.at, "", RESTORE_TEST_DAYS, what=what)
    newest = evidence.restore_tests[-1]
    entry = evidence.entry(newest.id)
    if newest.outcome != "restored":
        return attention(
            message("copies_checks.restore_test_failed", when=newest.at[:10], problem=newest.problem), entry
        )
    if not newest.entries or not is_within(newest.at, newest.made_at, RESTORE_TEST_DAYS):
        return attention(
            message("copies_checks.restore_test_of_an_old_copy", when=newest.at[:10], made=newest.made_at[:10]), entry
        )
    changed = max((each.finished_at for each in evidence.rotations if each.state == "finished"), default="")
    if changed > newest.made_at:
        return attention(message("copies_checks.restore_test_before_new_key", changed=changed[:10]), entry)
    return recent(evidence.at, newest.at, RESTORE_TEST_DAYS, what=what, entry=entry)


def backups_and_restore(evidence: VaultEvidence) -> Found:
    """Backups are regular and elsewhere too, and restoring is tested (EU GMP Annex 11, 7.2)."""
    return worst(backed_up(evidence), kept_elsewhere(evidence), restore_tested(evidence))


def work_goes_on(evidence: VaultEvidence) -> Found:
    """What is needed to go on elsewhere: a copy that is not on this volume, and a restore that was tried."""
    return worst(kept_elsewhere(evidence), restore_tested(evidence))


def prints(evidence: VaultEvidence) -> Found:
    """Closure packs, which show each change since the first entry, are kept as printed."""
    lost = [each.item for each in evidence.packs if each.file not in evidence.stored or not each.checkpoint]
    if lost:
        entries = [evidence.entry(each.id) for each in evidence.packs if each.item in lost]
        return attention(message("copies_checks.packs_lost", count=len(lost)), *entries)
    if not evidence.packs:
        return Found("unshown", message("copies_checks.no_pack_yet"))
    found = Found("holds", message("copies_checks.packs_kept", count=len(evidence.packs)), _last_pack(evidence))
    return as_far_as_log_holds(evidence, found)


def _last_pack(evidence: VaultEvidence) -> tuple[int, ...]:
    return (evidence.entry(evidence.packs[-1].id),) if evidence.packs else ()


def true_copies(evidence: VaultEvidence) -> Found:
    """Copies for people (packs) and for machines (exports of the log or of a register) were made and hold."""
    machine = [each for each in evidence.exports if each.kind in _FORMATS_OF_RECORDS]
    unnamed = [each.name for each in machine if not each.sha256 or not each.size]
    if unnamed:
        return attention(message("copies_checks.exports_without_a_hash", names=listed(unnamed)))
    if not machine:
        return worst(prints(evidence), Found("unshown", message("copies_checks.no_export_yet")))
    text = message("copies_checks.exports_made", count=len(machine))
    return worst(prints(evidence), Found("holds", text, (evidence.entry(machine[-1].id),)))


def archived(evidence: VaultEvidence) -> Found:
    """The log was written out in an open format in the last year (EU GMP Annex 11, 17)."""
    logs = [each for each in evidence.exports if each.kind == "log"]
    if not logs:
        return Found("unshown", message("copies_checks.no_log_export_yet"))
    newest = logs[-1]
    what = message("copies_checks.last_log_export")
    return as_far_as_log_holds(
        evidence, recent(evidence.at, newest.at, ARCHIVE_DAYS, what=what, entry=evidence.entry(newest.id))
    )


def imports_checked(evidence: VaultEvidence) -> Found:
    """Every import keeps its original file and says what became of each row."""
    if not evidence.imports:
        return Found("unshown", message("copies_checks.no_import_yet"))
    last = evidence.entry(evidence.imports[-1].id)
    lost = [each.file_name for each in evidence.imports if each.file not in evidence.stored]
    if lost:
        return attention(message("clause_checks.imports_lack_their_original", imports=listed(lost)), last)
    unsaid = [each.file_name for each in evidence.imports if not each.counts]
    if unsaid:
        return attention(message("copies_checks.imports_without_counts", imports=listed(unsaid)), last)
    refused = sum(len(each.refused) for each in evidence.imports)
    text = message("clause_checks.imports_each_checked_row", imports=len(evidence.imports), refused=refused)
    return as_far_as_log_holds(evidence, Found("holds", text, (last,)))
