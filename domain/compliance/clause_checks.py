"""The looks that clauses take at a vault: each a pure function from evidence to what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.compliance.evidence import VaultEvidence
from domain.compliance.judge import Found
from domain.identity import parse_iso

REVIEW_DAYS = 365
BACKUP_DAYS = 7
RESTORE_TEST_DAYS = 365
_SHOWN = 5


def _age(evidence: VaultEvidence, when: str) -> timedelta | None:
    moment: datetime | None = parse_iso(when) if when else None
    return None if moment is None else parse_iso(evidence.at) - moment


def _recent(evidence: VaultEvidence, when: str, days: int, *, what: str, entry: int = -1) -> Found:
    age = _age(evidence, when)
    if age is None:
        return Found("attention", f"{what}: never, as far as this vault and this computer know.")
    if age > timedelta(days=days):
        return Found("attention", f"{what}: on {when[:10]}, longer ago than {days} days.", (entry,))
    return Found("holds", f"{what}: on {when[:10]}.", (entry,))


def log_proven(evidence: VaultEvidence) -> Found:
    """Hashes, signatures, roles and rows hold, or the first that does not is named."""
    verdict = evidence.verdict
    if not verdict.intact:
        first = verdict.findings[0]
        return Found("attention", f"{len(verdict.findings)} findings; the first: {first.text}", (first.entry,))
    reach = f"entries {verdict.since} to {verdict.entries - 1}" if verdict.since else f"all {verdict.entries} entries"
    return Found("holds", f"{reach}, {verdict.rows} rows and {verdict.files} files verified; root {verdict.root[:16]}…")


def true_copies(evidence: VaultEvidence) -> Found:
    """Packs and exports were made, or can be."""
    packs, exports = evidence.trace("keep_pack"), evidence.trace("record_export")
    text = f"{packs.count} closure packs and {exports.count} exports on record; each carries proofs anyone can check."
    return Found("holds", text, (packs.last, exports.last))


def kept_and_found(evidence: VaultEvidence) -> Found:
    """There is a recent backup."""
    return _recent(evidence, evidence.newest_backup, BACKUP_DAYS, what="Newest backup known on this computer")


def restore_tested(evidence: VaultEvidence) -> Found:
    """A restore was tried and held."""
    return _recent(
        evidence,
        evidence.newest_restore_test,
        RESTORE_TEST_DAYS,
        what="Last restore test",
        entry=evidence.restore_test_entry,
    )


def limited_access(evidence: VaultEvidence) -> Found:
    """Everyone has an own key slot; the store is encrypted."""
    text = f"{evidence.active} of {evidence.people} people active, each with an own passphrase ({evidence.key_cost}). "
    return Found("holds", f"{text}{evidence.store}")


def audit_trail(evidence: VaultEvidence) -> Found:
    """Every change is an entry with old and new values; replay shows that there are no others."""
    found = log_proven(evidence)
    if found.result != "holds":
        return found
    verdict = evidence.verdict
    text = (
        f"{verdict.changes} changes, old and new value each, in {verdict.entries} entries; no row stands without one."
    )
    return Found("holds", text, (0, verdict.entries - 1))


def order_of_steps(evidence: VaultEvidence) -> Found:
    """Processes are in force and refusals are on record."""
    if not evidence.processes:
        return Found("attention", "No process is in force: nothing enforces an order of steps.")
    moves, refused = evidence.trace("move_item"), evidence.trace("record_refusal")
    text = f"{len(evidence.processes)} processes in force ({', '.join(evidence.processes[:_SHOWN])}); "
    text += f"{moves.count} steps taken through gates, {refused.count} commands refused."
    return Found("holds", text, (moves.last, refused.last))


def authority(evidence: VaultEvidence) -> Found:
    """Roles are held by entry; replay re-checks them."""
    refused = evidence.trace("record_refusal")
    if not evidence.administrators:
        return Found("attention", "Nobody is administrator: no role can be given or taken any more.")
    text = f"{evidence.roles_held} roles held, checked again for every entry at verification; "
    return Found("holds", f"{text}{evidence.refusals} refused commands on record.", (refused.last,))


def devices(evidence: VaultEvidence) -> Found:
    """Entries name the installation they were made on."""
    return Found("holds", f"Every entry names its installation; {evidence.devices} on record here.")


def declared(evidence: VaultEvidence) -> Found:
    """Whoever signs has declared before that it binds."""
    trace = evidence.trace("sign_declaration")
    if evidence.undeclared:
        return Found("attention", f"Signed without a declaration: {', '.join(evidence.undeclared[:_SHOWN])}.")
    return Found("holds", f"{trace.count} signed declarations; nobody signed without one.", (trace.last,))


def signatures_complete(evidence: VaultEvidence) -> Found:
    """Name, time and meaning stand in the newest signatures."""
    bare = [each for each in evidence.signatures if not each.meaning or not each.person]
    if bare:
        return Found("attention", f"Entry {bare[0].entry} is a signature without a meaning.", (bare[0].entry,))
    if not evidence.signatures:
        return Found("holds", "No signature was given yet; an act that needs one is refused without a meaning.")
    text = f"{evidence.signed_acts} signatures; the newest {len(evidence.signatures)} carry name, time and meaning."
    return Found("holds", text, tuple(each.entry for each in evidence.signatures[:_SHOWN]))


def signatures_bound(evidence: VaultEvidence) -> Found:
    """Signatures cover the record's bytes: verification holds."""
    found = log_proven(evidence)
    text = "Each signature covers the act and the hash of every change; one moved or copied fails verification. "
    return found if found.result != "holds" else Found("holds", text + found.text, found.entries)


def unique_people(evidence: VaultEvidence) -> Found:
    """No name and no key belongs to two persons."""
    if evidence.shared_names or evidence.reused_keys:
        who = ", ".join((*evidence.shared_names, *evidence.reused_keys)[:_SHOWN])
        return Found("attention", f"Not unique: {who}.")
    enrolled = evidence.trace("enrol_person")
    return Found(
        "holds", f"{evidence.people} people, all names and keys distinct, ids never used again.", (enrolled.last,)
    )


def two_components(evidence: VaultEvidence) -> Found:
    """The newest signatures were given with the passphrase."""
    bare = [each for each in evidence.signatures if not each.passphrase]
    if bare:
        return Found("attention", f"Entry {bare[0].entry} was signed without the passphrase.", (bare[0].entry,))
    text = "Name and passphrase at the first signature of a session, the passphrase at every one: "
    return Found(
        "holds",
        f"{text}{len(evidence.signatures)} newest looked at.",
        tuple(s.entry for s in evidence.signatures[:_SHOWN]),
    )


def only_by_owner(evidence: VaultEvidence) -> Found:
    """Nobody can sign as somebody else; resets took two persons."""
    reset = evidence.trace("give_reset")
    text = "Signing keys lie in their owner's key slot alone; a reset makes a new key and takes two persons "
    return Found("holds", f"{text}({reset.count} on record).", (reset.last,))


def accounts_reviewed(evidence: VaultEvidence) -> Found:
    """The people and their roles were reviewed lately."""
    return _recent(
        evidence,
        evidence.access_review,
        REVIEW_DAYS,
        what="Last review of people and roles",
        entry=evidence.access_review_entry,
    )


def keys_revoked(evidence: VaultEvidence) -> Found:
    """Lost keys are revoked from an instant."""
    disabled = evidence.trace("disable_person")
    text = f"{evidence.revoked_keys} keys revoked from an instant; what they signed later would fail verification."
    return Found("holds", text, (disabled.last,))


def misuse_reported(evidence: VaultEvidence) -> Found:
    """Wrong passphrases are on record."""
    text = f"{evidence.failed_unlock_reports} reports of failed unlocks and {evidence.refusals} refusals on record."
    return Found("holds", text, (evidence.failed_unlock_entry,))


def keys_tested(evidence: VaultEvidence) -> Found:
    """Keys prove themselves at enrolment and at every unlock."""
    text = "Each key proved that its person holds it when it was certified, and is checked at every unlock."
    return Found("holds", text, (evidence.trace("enrol_person").last, 0))


def trail_reviewed(evidence: VaultEvidence) -> Found:
    """The audit trail was reviewed lately."""
    return _recent(
        evidence,
        evidence.trail_review,
        REVIEW_DAYS,
        what="Last review of the audit trail",
        entry=evidence.trail_review_entry,
    )


def imports_checked(evidence: VaultEvidence) -> Found:
    """Every import keeps its original file."""
    trace = evidence.trace("import_register")
    if evidence.imports_with_source != evidence.imports:
        text = f"{evidence.imports - evidence.imports_with_source} imports lack their original file."
        return Found("attention", text, (trace.last,))
    text = f"{evidence.imports} imports, each checked row by row before it was run, each with its original file kept."
    return Found("holds", text, (trace.last,))


def second_look(evidence: VaultEvidence) -> Found:
    """Gates ask for approvals by others."""
    trace = evidence.trace("approve_item")
    if not evidence.gates_with_approvals:
        return Found("attention", "No gate of a process in force asks for an approval.")
    text = f"{evidence.gates_with_approvals} gates ask for an approval; {trace.count} approvals on record."
    return Found("holds", text, (trace.last,))


def change_control(evidence: VaultEvidence) -> Found:
    """Processes change by versions put in force."""
    trace = evidence.trace("publish_process")
    text = f"Processes live in versions; in force: {', '.join(evidence.processes[:_SHOWN]) or 'none'}."
    return Found("holds", text, (trace.last, 0))


def whole_proof(evidence: VaultEvidence) -> Found:
    """The whole log was proven lately on this computer."""
    return _recent(evidence, evidence.whole_proof, 7, what="Last whole verification on this computer")


def clock_honest(evidence: VaultEvidence) -> Found:
    """Times are what a computer stated; jumps are on record."""
    trace = evidence.trace("acknowledge_clock")
    text = f"Times are UTC with the zone and its source; {evidence.clock_jumps} jumps of a clock acknowledged."
    return Found("holds", text, (trace.last,))


def incidents(evidence: VaultEvidence) -> Found:
    """Findings and nonconformities are items with causes."""
    trace = evidence.trace("create_item")
    known = [
        name for name in evidence.processes if name.partition("@")[0] in ("capa", "nonconformity", "audit_finding")
    ]
    if not known:
        return Found("attention", "No process for incidents and their causes is in force.")
    return Found("holds", f"Incidents run through {', '.join(known)}, with cause and effectiveness.", (trace.last,))


def outside(_evidence: VaultEvidence) -> Found:
    """Nothing in a vault can show this."""
    return Found("organisation", "No program can show this; it is the organisation's own.")
