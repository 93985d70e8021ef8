"""The looks that clauses take at a vault: each a pure function from evidence to what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.compliance.evidence import VaultEvidence
from domain.compliance.judge import Found
from domain.identity import parse_iso
from domain.messages import message

REVIEW_DAYS = 365
BACKUP_DAYS = 7
RESTORE_TEST_DAYS = 365
_SHOWN = 5

_NAMED = 20
"""So many entries are named in one finding."""


def _age(evidence: VaultEvidence, when: str) -> timedelta | None:
    moment: datetime | None = parse_iso(when) if when else None
    return None if moment is None else parse_iso(evidence.at) - moment


def _recent(evidence: VaultEvidence, when: str, days: int, *, what: str, entry: int = -1) -> Found:
    age = _age(evidence, when)
    if age is None:
        return Found("attention", message("clause_checks.never_as_far_as", what=what))
    if age > timedelta(days=days):
        return Found(
            "attention", message("clause_checks.on_longer_ago_than", what=what, when=when[:10], days=days), (entry,)
        )
    return Found("holds", message("clause_checks.on", what=what, when=when[:10]), (entry,))


def log_proven(evidence: VaultEvidence) -> Found:
    """Hashes, signatures, roles and rows hold, or the first that does not is named."""
    verdict = evidence.verdict
    if not verdict.intact:
        first = verdict.findings[0]
        return Found(
            "attention",
            message("clause_checks.findings_the_first", count=len(verdict.findings), first=first.text),
            (first.entry,),
        )
    reach = (
        message(
            "clause_checks.rows_and_files_verified.reach.entries_to", since=verdict.since, entries=verdict.entries - 1
        )
        if verdict.since
        else message("clause_checks.rows_and_files_verified.reach.all_entries", entries=verdict.entries)
    )
    return Found(
        "holds",
        message(
            "clause_checks.rows_and_files_verified",
            reach=reach,
            rows=verdict.rows,
            files=verdict.files,
            root=verdict.root[:16],
        ),
    )


def true_copies(evidence: VaultEvidence) -> Found:
    """Packs and exports were made, or can be."""
    packs, exports = evidence.trace("keep_pack"), evidence.trace("record_export")
    text = message("clause_checks.closure_packs_and_exports", count=packs.count, count_2=exports.count)
    return Found("holds", text, (packs.last, exports.last))


def kept_and_found(evidence: VaultEvidence) -> Found:
    """There is a recent backup."""
    return _recent(evidence, evidence.newest_backup, BACKUP_DAYS, what=message("clause_checks.newest_backup_known_on"))


def restore_tested(evidence: VaultEvidence) -> Found:
    """A restore was tried and held."""
    return _recent(
        evidence,
        evidence.newest_restore_test,
        RESTORE_TEST_DAYS,
        what=message("clause_checks.last_restore_test"),
        entry=evidence.restore_test_entry,
    )


def limited_access(evidence: VaultEvidence) -> Found:
    """Everyone has an own key slot; the store is encrypted."""
    text = message(
        "clause_checks.of_people_active_each",
        active=evidence.active,
        people=evidence.people,
        key_cost=evidence.key_cost,
    )
    return Found("holds", f"{text}{evidence.store}")


def audit_trail(evidence: VaultEvidence) -> Found:
    """Every change is an entry with old and new values; replay shows that there are no others."""
    found = log_proven(evidence)
    if found.result != "holds":
        return found
    verdict = evidence.verdict
    text = message("clause_checks.changes_old_and_new", changes=verdict.changes, entries=verdict.entries)
    return Found("holds", text, (0, verdict.entries - 1))


def order_of_steps(evidence: VaultEvidence) -> Found:
    """Processes are in force and refusals are on record."""
    if not evidence.processes:
        return Found("attention", message("clause_checks.no_process_is_in"))
    moves, refused = evidence.trace("move_item"), evidence.trace("record_refusal")
    text = message(
        "clause_checks.processes_in_force",
        count=len(evidence.processes),
        processes=", ".join(evidence.processes[:_SHOWN]),
    )
    text += message("clause_checks.steps_taken_through_gates", count=moves.count, count_2=refused.count)
    return Found("holds", text, (moves.last, refused.last))


def authority(evidence: VaultEvidence) -> Found:
    """Roles are held by entry; replay re-checks them."""
    refused = evidence.trace("record_refusal")
    if not evidence.administrators:
        return Found("attention", message("clause_checks.nobody_is_administrator_no"))
    text = message("clause_checks.roles_held_checked_again", roles_held=evidence.roles_held)
    return Found(
        "holds",
        message("clause_checks.refused_commands_on_record", text=text, refusals=evidence.refusals),
        (refused.last,),
    )


def devices(evidence: VaultEvidence) -> Found:
    """Entries name the installation they were made on."""
    return Found("holds", message("clause_checks.every_entry_names_its", devices=evidence.devices))


def declared(evidence: VaultEvidence) -> Found:
    """Whoever signs has declared before that it binds."""
    trace = evidence.trace("sign_declaration")
    if evidence.undeclared:
        return Found(
            "attention",
            message("clause_checks.signed_without_a_declaration", undeclared=", ".join(evidence.undeclared[:_SHOWN])),
        )
    return Found("holds", message("clause_checks.signed_declarations_nobody_signed", count=trace.count), (trace.last,))


def signatures_complete(evidence: VaultEvidence) -> Found:
    """Name, time and meaning stand in the newest signatures."""
    bare = [each for each in evidence.signatures if not each.meaning or not each.person]
    if bare:
        return Found("attention", message("clause_checks.entry_is_a_signature", entry=bare[0].entry), (bare[0].entry,))
    if not evidence.signatures:
        return Found("holds", message("clause_checks.no_signature_was_given"))
    text = message(
        "clause_checks.signatures_the_newest_carry", signed_acts=evidence.signed_acts, count=len(evidence.signatures)
    )
    return Found("holds", text, tuple(each.entry for each in evidence.signatures[:_SHOWN]))


def signatures_bound(evidence: VaultEvidence) -> Found:
    """Signatures cover the record's bytes: verification holds."""
    found = log_proven(evidence)
    text = message("clause_checks.each_signature_covers_the")
    return found if found.result != "holds" else Found("holds", text + found.text, found.entries)


def unique_people(evidence: VaultEvidence) -> Found:
    """No name and no key belongs to two persons."""
    if evidence.shared_names or evidence.reused_keys:
        who = ", ".join((*evidence.shared_names, *evidence.reused_keys)[:_SHOWN])
        return Found("attention", message("clause_checks.not_unique", who=who))
    enrolled = evidence.trace("enrol_person")
    return Found("holds", message("clause_checks.people_all_names_and", people=evidence.people), (enrolled.last,))


def two_components(evidence: VaultEvidence) -> Found:
    """The newest signatures were given with the passphrase."""
    bare = [each for each in evidence.signatures if not each.passphrase]
    if bare:
        return Found(
            "attention", message("clause_checks.entry_was_signed_without", entry=bare[0].entry), (bare[0].entry,)
        )
    text = message("clause_checks.name_and_passphrase_at")
    return Found(
        "holds",
        message("clause_checks.newest_looked_at", text=text, count=len(evidence.signatures)),
        tuple(s.entry for s in evidence.signatures[:_SHOWN]),
    )


def only_by_owner(evidence: VaultEvidence) -> Found:
    """Nobody can sign as somebody else; resets took two persons."""
    reset = evidence.trace("give_reset")
    text = message("clause_checks.signing_keys_lie_in")
    return Found("holds", message("clause_checks.on_record", text=text, count=reset.count), (reset.last,))


def accounts_reviewed(evidence: VaultEvidence) -> Found:
    """The people and their roles were reviewed lately."""
    return _recent(
        evidence,
        evidence.access_review,
        REVIEW_DAYS,
        what=message("clause_checks.last_review_of_people"),
        entry=evidence.access_review_entry,
    )


def keys_revoked(evidence: VaultEvidence) -> Found:
    """Lost keys are revoked from an instant."""
    disabled = evidence.trace("disable_person")
    text = message("clause_checks.keys_revoked_from_an", revoked_keys=evidence.revoked_keys)
    return Found("holds", text, (disabled.last,))


def misuse_reported(evidence: VaultEvidence) -> Found:
    """Wrong passphrases are on record."""
    text = message(
        "clause_checks.reports_of_failed_unlocks",
        failed_unlock_reports=evidence.failed_unlock_reports,
        refusals=evidence.refusals,
    )
    return Found("holds", text, (evidence.failed_unlock_entry,))


def keys_tested(evidence: VaultEvidence) -> Found:
    """Keys prove themselves at enrolment and at every unlock."""
    text = message("clause_checks.each_key_proved_that")
    return Found("holds", text, (evidence.trace("enrol_person").last, 0))


def trail_reviewed(evidence: VaultEvidence) -> Found:
    """The audit trail was reviewed lately."""
    return _recent(
        evidence,
        evidence.trail_review,
        REVIEW_DAYS,
        what=message("clause_checks.last_review_of_the"),
        entry=evidence.trail_review_entry,
    )


def imports_checked(evidence: VaultEvidence) -> Found:
    """Every import keeps its original file."""
    trace = evidence.trace("import_register")
    if evidence.imports_with_source != evidence.imports:
        text = message(
            "clause_checks.imports_lack_their_original", imports=evidence.imports - evidence.imports_with_source
        )
        return Found("attention", text, (trace.last,))
    text = message("clause_checks.imports_each_checked_row", imports=evidence.imports)
    return Found("holds", text, (trace.last,))


def second_look(evidence: VaultEvidence) -> Found:
    """Gates ask for approvals by others."""
    trace = evidence.trace("approve_item")
    if not evidence.gates_with_approvals:
        return Found("attention", message("clause_checks.no_gate_of_a"))
    text = message(
        "clause_checks.gates_ask_for_an", gates_with_approvals=evidence.gates_with_approvals, count=trace.count
    )
    return Found("holds", text, (trace.last,))


def change_control(evidence: VaultEvidence) -> Found:
    """Processes change by versions put in force."""
    trace = evidence.trace("publish_process")
    text = message(
        "clause_checks.processes_live_in_versions",
        processes=", ".join(evidence.processes[:_SHOWN]) or message("clause_checks.none"),
    )
    return Found("holds", text, (trace.last, 0))


def whole_proof(evidence: VaultEvidence) -> Found:
    """The whole log was proven lately on this computer."""
    return _recent(evidence, evidence.whole_proof, 7, what=message("clause_checks.last_whole_verification_on"))


def clock_honest(evidence: VaultEvidence) -> Found:
    """Times are what a computer stated; entries behind the log's high water mark are named."""
    trace = evidence.trace("acknowledge_clock")
    behind, verdict = evidence.verdict.behind, evidence.verdict
    if behind:
        named = ", ".join(str(each.entry) for each in behind[:_NAMED])
        text = message(
            "clause_checks.entries_behind_the_log",
            count=verdict.behind_count,
            named=named,
            clock_jumps=evidence.clock_jumps,
        )
        return Found("attention", text, tuple(each.entry for each in behind[:_NAMED]))
    text = message("clause_checks.times_are_utc_with", clock_jumps=evidence.clock_jumps)
    return Found("holds", text, (trace.last,))


def incidents(evidence: VaultEvidence) -> Found:
    """Findings and nonconformities are items with causes."""
    trace = evidence.trace("create_item")
    known = [
        name for name in evidence.processes if name.partition("@")[0] in ("capa", "nonconformity", "audit_finding")
    ]
    if not known:
        return Found("attention", message("clause_checks.no_process_for_incidents"))
    return Found("holds", message("clause_checks.incidents_run_through_with", known=", ".join(known)), (trace.last,))


def outside(_evidence: VaultEvidence) -> Found:
    """Nothing in a vault can show this."""
    return Found("organisation", message("clause_checks.no_program_can_show"))
