"""The self-check of one open vault: evidence from log, records and this installation, judged clause by clause."""

from __future__ import annotations

from desktop.backups.backup_folder import newest_snapshot
from desktop.machine.clock import now
from desktop.machine.program import program_version
from desktop.session.proving import Prover
from desktop.session.session import ProvenSession
from desktop.vault.key_ring import KeyRing
from domain.compliance.annex11 import ANNEX_11
from domain.compliance.evidence import SigningEvidence, Trace, VaultEvidence
from domain.compliance.judge import SelfCheck, judge
from domain.compliance.part11 import PART_11
from domain.identity import iso
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.process.decode import decode_process
from domain.process.states import in_force_at
from domain.records.backup_records import RestoreTest
from domain.records.oversight import ClockJump, Review
from domain.records.people import ADMINISTRATOR, Declaration, FailedUnlockReport, PersonKey, Refusal
from domain.services import Progress

RULES = ((message("21 CFR Part 11"), PART_11), (message("EU GMP Annex 11"), ANNEX_11))
_LOOKED_AT = 500
_SIGNATURES = 50
_STORE = message(
    "SQLCipher 4: AES-256 and HMAC-SHA512 on every page; rollback journal, every commit synced with its folder."
)


def self_check(
    vault: ProvenSession,
    *,
    prover: Prover,
    keys: KeyRing,
    quick: bool = False,
    progress: Progress | None = None,
) -> SelfCheck:
    """Verify the log (whole, or with `quick` what is new) and judge every clause by what this vault shows.

    Raises:
        Damaged: too damaged to be read. Cancelled: `progress` asked to stop.
    """
    verdict = vault.verify(progress=progress, quick=quick and prover.proven_entries() > 0)
    return judge(_gather(vault, verdict, prover=prover, keys=keys), RULES)


def _gather(vault: ProvenSession, verdict: LogVerdict, *, prover: Prover, keys: KeyRing) -> VaultEvidence:
    register, at = vault.register, iso(now())
    people, acts, certified = register.people(), register.acts_on_record(), register.keys()
    names = {person.id: person.name for person in people}
    active = {person.id for person in people if person.state == "active"}
    roles = [
        held for held in register.roles() if held.valid_from <= at and (not held.valid_until or at < held.valid_until)
    ]
    in_force = [decode_process(each.definition) for each in in_force_at(register.process_versions(), vault.actor().at)]
    imports = register.imports()
    snapshot = newest_snapshot(keys.vault_id)
    restore_test = next((each for each in reversed(register.all_of(RestoreTest)) if each.outcome == "restored"), None)
    trail, access = _newest_review(vault, "audit_trail"), _newest_review(vault, "access_review")
    failed_unlock_reports = register.all_of(FailedUnlockReport)
    signatures = _newest_signatures(vault)
    declared = {names.get(each.person, each.person) for each in register.all_of(Declaration)}
    cost = keys.key_cost
    return VaultEvidence(
        vault=keys.vault_id,
        name=register.vault().name,
        at=at,
        program=message("Countersign {program_version}", program_version=program_version()),
        verdict=verdict,
        acts={act: Trace(count=count, last=last) for act, count, last in acts},
        signatures=signatures[:_SIGNATURES],
        signed_acts=len(signatures),
        people=len(people),
        active=len(active),
        administrators=tuple(
            sorted({names[held.person] for held in roles if held.role == ADMINISTRATOR and held.person in active})
        ),
        shared_names=_more_than_once([person.name.casefold() for person in people]),
        reused_keys=_shared_keys(certified),
        undeclared=tuple(sorted({each.person for each in signatures} - declared)),
        revoked_keys=sum(bool(key.revoked_from) for key in certified),
        roles_held=len(roles),
        processes=tuple(f"{each.id}@{each.version}" for each in in_force),
        gates_with_approvals=sum(
            bool(gate and gate.approvals)
            for each in in_force
            for gate in map(each.gate, [w.id for w in each.transitions])
        ),
        devices=register.devices_on_record(),
        imports=len(imports),
        imports_with_source=sum(register.has_file(each.file) for each in imports),
        files=verdict.files,
        newest_backup=snapshot.made_at if snapshot else "",
        newest_restore_test=restore_test.at if restore_test else "",
        restore_test_entry=_entry_of(vault, restore_test.id if restore_test else ""),
        trail_review=trail.at if trail else "",
        trail_review_entry=_entry_of(vault, trail.id if trail else ""),
        access_review=access.at if access else "",
        access_review_entry=_entry_of(vault, access.id if access else ""),
        failed_unlock_reports=len(failed_unlock_reports),
        failed_unlock_entry=_entry_of(vault, failed_unlock_reports[-1].id if failed_unlock_reports else ""),
        clock_jumps=len(register.all_of(ClockJump)),
        refusals=len(register.all_of(Refusal)),
        whole_proof=prover.whole_at(),
        key_cost=message(
            "Argon2id, {memory_kib} MiB, {iterations} passes, {lanes} lanes",
            memory_kib=cost.memory_kib // 1024,
            iterations=cost.iterations,
            lanes=cost.lanes,
        ),
        store=_STORE,
    )


def _newest_review(vault: ProvenSession, kind: str) -> Review | None:
    return next((each for each in reversed(vault.register.all_of(Review)) if each.kind == kind), None)


def _entry_of(vault: ProvenSession, record: str) -> int:
    entries = vault.register.entries_bringing((record,)) if record else ()
    return entries[-1] if entries else -1


def _newest_signatures(vault: ProvenSession) -> tuple[SigningEvidence, ...]:
    """Among the newest entries those that carry a meaning or were signed with the passphrase, newest first."""
    register = vault.register
    found = []
    for line in register.log_page(before=register.log_size(), limit=_LOOKED_AT):
        passphrase = register.entry(line.seq).header.auth == "passphrase"
        if line.meaning or passphrase:
            found.append(
                SigningEvidence(
                    entry=line.seq, act=line.act, person=line.person, passphrase=passphrase, meaning=line.meaning
                )
            )
    return tuple(found)


def _more_than_once(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if names.count(name) > 1}))


def _shared_keys(keys: tuple[PersonKey, ...]) -> tuple[str, ...]:
    holders: dict[str, set[str]] = {}
    for key in keys:
        holders.setdefault(key.ed25519, set()).add(key.person)
    return tuple(sorted(message("key {key}", key=key.id) for key in keys if len(holders[key.ed25519]) > 1))
