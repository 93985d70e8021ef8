"""Each way to spoil a well-kept vault shows in the clauses that it concerns, and in no other."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from well_kept import (
    AT,
    ENTRY_OF,
    LAST_MONTH,
    LONG_AGO,
    TO_COME,
    WELL_KEPT,
    YESTERDAY,
    evidence_file,
    export,
    given_out,
    imported,
    jump,
    key,
    pack,
    person,
    process,
    reset,
    restore_test,
    review,
    role,
    rotation,
    sheet,
    signature,
    version,
)

from domain.compliance.annex11 import ANNEX_11
from domain.compliance.evidence import (
    BackupEvidence,
    BehindEvidence,
    ItemCounts,
    ReviewEvidence,
    Trace,
    VaultEvidence,
)
from domain.compliance.judge import SelfCheck, judge
from domain.compliance.part11 import PART_11
from domain.log.verdict import Finding

RULES = (("21 CFR Part 11", PART_11), ("EU GMP Annex 11", ANNEX_11))
OUTSIDE = {"A1", "A3", "A15"}
"""Clauses that nothing in a vault shows."""
ON_THE_LOG = {
    *("11.10(a)", "11.10(b)", "11.10(c)", "11.10(d)", "11.10(e)", "11.10(f)", "11.10(g)", "11.10(h)", "11.10(i)"),
    *("11.10(k)", "11.70", "11.100(a)", "11.200(a)(2)-(3)", "11.300(a)", "11.300(c)", "11.300(e)"),
    *("A2", "A4", "A5", "A6", "A7.1", "A8", "A10", "A12", "A12.4", "A13", "A14", "A17"),
}
"""Clauses whose evidence is worth what the log is worth."""
ACCESS = {"11.300(b)", "A12"}
LET_IN = {"11.10(g)", "11.200(a)(2)-(3)", "A2", "A12"}
BACKUP, RESTORE, ELSEWHERE = {"11.10(c)", "A7.2"}, {"A7.2", "A16"}, {"11.10(c)", "A7.2", "A16"}
VALIDATION, TRAINING, NAMES = {"11.10(a)", "A4"}, {"11.10(i)", "A2"}, {"11.100(a)", "11.300(a)"}
TRAIL, TIMES, CHANGES = {"A9", "11.300(d)"}, {"A12.4"}, {"11.10(k)", "A10"}
SIGNED, DECLARED = {"11.50", "A14"}, {"11.10(j)", "A14"}
KEY_OUT = {"11.10(d)", "11.30", "A12"}

_ONLY = WELL_KEPT
_TRAIL = _ONLY.reviews[2]
_ACCESS = _ONLY.reviews[:2]
_REPORTED = {"failed_unlocks": ()}
"""With this a fault of reviews shows in the clause on reviews alone."""


def verdict(**changed: Any) -> dict[str, Any]:
    return {"verdict": msgspec.structs.replace(_ONLY.verdict, **changed)}


def trail(**changed: Any) -> dict[str, Any]:
    """The review of the audit trail was another one."""
    own = {name: changed.pop(name) for name in ("own", "own_sample") if name in changed}
    other = msgspec.structs.replace(_TRAIL, review=msgspec.structs.replace(_TRAIL.review, **changed), **own)
    return {"reviews": (*_ACCESS, other)}


def replaced(name: str, number: int, **changed: Any) -> dict[str, Any]:
    """One record of several was another one."""
    records = list(getattr(_ONLY, name))
    records[number] = msgspec.structs.replace(records[number], **changed)
    return {name: tuple(records)}


def entries_at(**changed: int) -> dict[str, Any]:
    return {"entry_of": {**ENTRY_OF, **changed}}


def acts(**changed: Trace) -> dict[str, Any]:
    return {"acts": {**_ONLY.acts, **changed}}


def behind(entry: int) -> BehindEvidence:
    return BehindEvidence(entry=entry, at=LAST_MONTH, behind=YESTERDAY)


def backup(*, days: str = YESTERDAY, entries: int = 90, elsewhere: bool = False) -> BackupEvidence:
    return BackupEvidence(made_at=days, entries=entries, elsewhere=elsewhere)


def alone() -> Any:
    """A version whose gates anyone may pass for themselves."""
    definition = msgspec.json.decode(msgspec.json.encode(process()))
    for transition in definition["transitions"]:
        for level in (transition.get("gate") or {}).get("approvals", ()):
            level["separate_from"] = []
    for level in definition["closure"]["gate"].get("approvals", ()):
        level["separate_from"] = []
    return msgspec.convert(definition, type(process()))


FINDING = Finding(kind="signature", text="Entry 3: the signature does not fit the bytes.", entry=3)
DISABLED = person("quinn", state="disabled")
FAULTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    # the log
    "a signature in the log does not fit": (verdict(findings=(FINDING,)), ON_THE_LOG),
    "only new entries were verified": (verdict(since=90), ON_THE_LOG),
    "there is no item": ({"items": {}}, (ON_THE_LOG - {"11.70", "11.300(e)", "A14"}) | {"11.10(i)"}),
    "an entry names no installation": ({"devices": {"one": 99, "": 1}}, {"11.10(h)"}),
    "a file of evidence is not stored": (
        {"files": (evidence_file(), evidence_file(file="lost", requirement="photo"))},
        {"A7.1"},
    ),
    # times
    "an entry is behind the log, unexplained": ({"behind": (behind(50),)}, TIMES),
    "an entry is behind the log, explained earlier only": (
        {"behind": (behind(50),), "clock_jumps": (jump(),), **entries_at(jump=40)},
        TIMES,
    ),
    "an entry is behind the log, explained and not reviewed": (
        {"behind": (behind(96),), "clock_jumps": (jump(),), **entries_at(jump=97)},
        TIMES,
    ),
    "an entry states a time to come": ({"latest": TO_COME}, TIMES),
    # reviews of the trail
    "the trail was never reviewed": ({"reviews": _ACCESS}, TRAIL),
    "the trail was reviewed long ago": (trail(at=LONG_AGO), {"A9"}),
    "a review of the trail is of a day to come": (trail(at=TO_COME), {"A9"}),
    "the trail was reviewed in one entry": (trail(first=90, last=90, sample=[]), TRAIL),
    "the trail was reviewed by who made it": (trail(own=80), TRAIL),
    "only own entries of the trail were read closely": (trail(own_sample=2), TRAIL),
    "the review of the trail leaves out the beginning": (trail(first=10, sample=[]), {"A9"}),
    "two reviews of the trail leave a gap": (
        {
            "reviews": (
                *_ACCESS,
                review("audit_trail", "otto", entry=60, last=40),
                review("audit_trail", "otto", entry=91, first=50),
            )
        },
        {"A9"},
    ),
    "the trail was reviewed in two entries of a hundred": (trail(last=1, sample=[]) | _REPORTED, TRAIL),
    "old entries of the trail were not reviewed": ({"old_entries": 95}, {"A9"}),
    "a failed unlock came after the review": (entries_at(failed=97), {"11.300(d)"}),
    "no failed unlock was ever reported": (_REPORTED, {"11.300(d)"}),
    # reviews of access
    "access was never reviewed": ({"reviews": (_TRAIL,)}, ACCESS | LET_IN),
    "access was reviewed long ago": (
        {"reviews": (review("access_review", "otto", entry=89, at=LONG_AGO), _TRAIL)},
        ACCESS | LET_IN,
    ),
    "an administrator reviewed nothing but own roles": (
        {"reviews": (review("access_review", "otto", entry=89), _TRAIL)},
        ACCESS | LET_IN,
    ),
    "a role was given after the review of access": (
        {"roles": (*_ONLY.roles, role("quinn", "process_owner", since="2026-11-22T08:00:00.000Z"))},
        ACCESS | LET_IN,
    ),
    "a role that signs nothing was given after the review": (
        {"roles": (*_ONLY.roles, role("quinn", "guest", since="2026-11-22T08:00:00.000Z"))},
        ACCESS,
    ),
    # who is let in
    "access was reviewed only by who gave the roles": (
        {"reviews": (review("access_review", "ada", entry=89), review("access_review", "otto", entry=90), _TRAIL)},
        LET_IN,
    ),
    "nobody is administrator": ({"roles": (role("quinn", "quality"),)}, {"11.10(g)", "A2", "11.10(d)", "A12"}),
    "somebody who left holds a role": (
        {"roles": (*_ONLY.roles[:4], role("gone", "quality"))},
        {"11.10(g)", "A2"},
    ),
    "a key slot belongs to nobody active": ({"slot_keys": _ONLY.slot_keys | {"gone-1"}}, {"11.10(d)", "A12"}),
    "a key slot belongs to nobody known": ({"slot_keys": _ONLY.slot_keys | {"x"}}, {"11.10(d)", "A12"}),
    "a passphrase costs too little": ({"weak_key_cost": True}, {"11.10(d)", "A12"}),
    "somebody is active without a role": ({"roles": _ONLY.roles[:3]}, {"11.10(d)", "A12"}),
    "the store's key was given out": ({"revelations": (given_out(YESTERDAY),)}, KEY_OUT),
    "the data key was changed before the key was given out": (
        {"revelations": (given_out(YESTERDAY),), "rotations": (rotation(LAST_MONTH),)},
        KEY_OUT,
    ),
    "two people have one name": (
        {"people": (*_ONLY.people, person("other", name="  QUINN ", state="disabled"))},
        NAMES,
    ),
    "two names look alike in other letters": (
        {"people": (*_ONLY.people, person("other", name="\uff31uinn", state="disabled"))},
        NAMES,
    ),
    "two people share a key": ({"keys": (*_ONLY.keys, key("gone", number=2, revoked=AT, ed25519="ada-1"))}, NAMES),
    "somebody active has two keys": (
        {"keys": (*_ONLY.keys, key("ada", number=2))},
        {"11.300(a)"},
    ),
    "somebody active has no key slot": ({"slot_keys": _ONLY.slot_keys - {"ada-1"}}, {"11.300(a)"}),
    "a key has no proof of possession": (replaced("keys", 0, possession=""), {"11.300(e)"}),
    "a recovery sheet was never tested": ({"sheets": (sheet(tested_at=""),)}, {"11.300(e)"}),
    "somebody who left has a key in force": (replaced("keys", 5, revoked_from=""), {"11.300(c)"}),
    "the lost key of a reset is in force": (replaced("keys", 3, revoked_from=""), {"11.300(a)", "11.300(c)"}),
    "a key was reset by one person": ({"resets": (reset(asked_by="ada"),)}, {"11.200(a)(2)-(3)"}),
    "a key was reset that nobody asked for": ({"resets": (reset(asked_by=""),)}, {"11.200(a)(2)-(3)"}),
    "nobody left and nothing was lost": (
        {"resets": (), "people": _ONLY.people[:4], "roles": _ONLY.roles[:4], "keys": _ONLY.keys[:5]},
        {"11.300(c)"},
    ),
    # signatures
    "there is no signature": (
        {"signatures": ()},
        {"11.10(j)", "11.50", "11.70", "11.200(a)(1)", "A14"},
    ),
    "a signature has no meaning": ({"signatures": (signature(80, meaning=" "), *_ONLY.signatures)}, SIGNED),
    "an old signature has no meaning": ({"signatures": (*_ONLY.signatures, signature(20, meaning=""))}, SIGNED),
    "a signature has no time": ({"signatures": (signature(80, at=""), *_ONLY.signatures)}, SIGNED),
    "a signature is of nobody known": ({"signatures": (signature(80, by="x"), *_ONLY.signatures)}, SIGNED | DECLARED),
    "a signature was given without the passphrase": (
        {"signatures": (signature(80, passphrase=False), *_ONLY.signatures)},
        {"11.200(a)(1)"},
    ),
    "somebody signs without a declaration": ({"declarations": _ONLY.declarations[1:]}, DECLARED),
    "somebody declared after signing": (entries_at(**{"declaration-quinn": 60}), DECLARED),
    "a declaration was given with another's key": (replaced("declarations", 0, key="otto-1"), DECLARED),
    # copies
    "no backup is known": ({"backups": ()}, ELSEWHERE),
    "the newest backup is old": ({"backups": (backup(days=LAST_MONTH, elsewhere=True),)}, BACKUP),
    "the newest backup is of a day to come": (
        {"backups": (*_ONLY.backups, backup(days=TO_COME))},
        BACKUP,
    ),
    "every backup is on the vault's volume": ({"backups": (backup(),)}, ELSEWHERE),
    "the backup elsewhere is old": ({"backups": (backup(), backup(days=LONG_AGO, elsewhere=True))}, ELSEWHERE),
    "a backup holds more than the log": ({"backups": (*_ONLY.backups, backup(entries=101))}, BACKUP),
    "no restore was tested": ({"restore_tests": ()}, RESTORE),
    "the last restore test is old": ({"restore_tests": (restore_test(at=LONG_AGO, made_at=LONG_AGO),)}, RESTORE),
    "the last restore test failed": (
        {"restore_tests": (restore_test(), restore_test(outcome="failed", problem="It is damaged."))},
        RESTORE,
    ),
    "an old copy was restored": ({"restore_tests": (restore_test(made_at=LONG_AGO),)}, RESTORE),
    "an empty copy was restored": ({"restore_tests": (restore_test(entries=0),)}, RESTORE),
    "the data key was changed since the restore test": ({"rotations": (rotation(AT),)}, RESTORE),
    "no pack was printed": ({"packs": ()}, {"11.10(b)", "A8"}),
    "the file of a pack is lost": ({"stored": frozenset({"tracker", "v"})}, {"11.10(b)", "A8"}),
    "a pack carries no checkpoint": ({"packs": (pack(checkpoint=""),)}, {"11.10(b)", "A8"}),
    "nothing was exported": ({"exports": ()}, {"11.10(b)", "11.30", "A11", "A17"}),
    "an export has no hash": ({"exports": (export("log", sha256=""), export("self_check"))}, {"11.10(b)"}),
    "an export has no purpose": ({"exports": (*_ONLY.exports, export("register", purpose=" "))}, {"11.30"}),
    "the log was exported long ago": ({"exports": (export("log", at=LONG_AGO), export("self_check"))}, {"A17"}),
    "no self-check was given out": ({"exports": (export("log"),)}, {"A11"}),
    "the last self-check is old": ({"exports": (export("log"), export("self_check", at=LONG_AGO))}, {"A11"}),
    "nothing was imported": ({"imports": ()}, {"A5"}),
    "the original of an import is lost": ({"imports": (imported(), imported(file="lost"))}, {"A5"}),
    "an import does not say what became of its rows": ({"imports": (imported(counts={}),)}, {"A5"}),
    # processes
    "no process is in force": (
        {"processes": (), "versions": ()},
        {"11.10(f)", "11.10(k)", "A6", "A10", "A13"},
    ),
    "no step was taken": (acts(move_item=Trace()), {"11.10(f)"}),
    "no approval was given": (acts(approve_item=Trace()), {"A6"}),
    "gates may be passed by the one who asks": ({"processes": (alone(),)}, {"A6"}),
    "a definition does not fit its hash": (replaced("versions", 1, sha256="00"), CHANGES),
    "a version came in force unpublished": (acts(publish_process=Trace()), CHANGES),
    "a second version came in force unpublished": (
        {"versions": (*_ONLY.versions, version(3, from_day="2026-09-12T08:00:00.000Z"))},
        CHANGES,
    ),
    "no process was ever changed": ({"versions": _ONLY.versions[1:2], **acts(publish_process=Trace())}, CHANGES),
    "there is no process for incidents": ({"processes": (process("order"),)}, {"A13"}),
    "an incident is overdue": ({"items": {**_ONLY.items, "capa": ItemCounts(open=1, overdue=1)}}, {"A13"}),
    "no incident is on record": (
        {"items": {**_ONLY.items, "capa": ItemCounts(), "order": ItemCounts(open=1)}},
        {"A13"},
    ),
    "no validation file is on record": ({"files": ()}, VALIDATION),
    "the validation file is rejected": ({"files": (evidence_file(state="rejected"),)}, VALIDATION),
    "the validation file was accepted by who added it": ({"files": (evidence_file(reviewed_by="quinn"),)}, VALIDATION),
    "the validation file is older than the process": (
        replaced("versions", 1, in_force_from="2026-11-01T08:00:00.000Z"),
        VALIDATION,
    ),
    "the validation file is not stored": ({"files": (evidence_file(file="lost"),)}, VALIDATION | {"A7.1"}),
    "nobody was trained": ({"items": {"capa": _ONLY.items["capa"]}}, TRAINING),
    "training is overdue": ({"items": {**_ONLY.items, "training_record": ItemCounts(finished=2, overdue=1)}}, TRAINING),
}
EMPTY = msgspec.structs.replace(
    WELL_KEPT,
    verdict=msgspec.structs.replace(WELL_KEPT.verdict, entries=1, changes=20),
    acts={"create_vault": Trace(count=1, last=0)},
    signatures=(),
    people=(person("ada"),),
    keys=(key("ada"),),
    slot_keys=frozenset({"ada-1"}),
    roles=(role("ada", "administrator"),),
    devices={"one": 1},
    versions=(version(1),),
    items={},
    **dict.fromkeys(
        ("declarations", "resets", "sheets", "failed_unlocks", "reviews", "imports", "packs", "files", "exports"), ()
    ),
    stored=frozenset(),
    backups=(),
    restore_tests=(),
)


def checked(evidence: VaultEvidence) -> SelfCheck:
    return judge(evidence, RULES)


def by_clause(result: SelfCheck) -> dict[str, Any]:
    """The clauses by a short name: those of Annex 11 begin with an A."""
    return {("A" if each.rule.startswith("EU") else "") + each.clause: each for each in result.clauses}


def not_held(evidence: VaultEvidence) -> set[str]:
    return {name for name, each in by_clause(checked(evidence)).items() if each.result != "holds"}


def test_a_well_kept_vault_holds_every_clause_that_a_vault_can_show() -> None:
    found = by_clause(checked(WELL_KEPT))
    assert {name: each.found for name, each in found.items() if each.result != "holds"}.keys() == OUTSIDE
    assert {found[name].result for name in OUTSIDE} == {"organisation"}


def test_every_clause_of_both_rules_is_answered_in_words() -> None:
    result = checked(WELL_KEPT)
    clauses = [each.clause for each in result.clauses if each.rule == "21 CFR Part 11"]
    wanted = [f"11.10({letter})" for letter in "abcdefghijk"] + ["11.30", "11.50", "11.70", "11.100(a)"]
    wanted += ["11.200(a)(1)", "11.200(a)(2)-(3)"] + [f"11.300({letter})" for letter in "abcde"]
    assert clauses == wanted
    annex = [each.clause.partition(".")[0] for each in result.clauses if each.rule == "EU GMP Annex 11"]
    assert list(dict.fromkeys(annex)) == [str(number) for number in range(1, 18)]
    for each in result.clauses:
        assert each.demand.endswith(".")
        assert each.checked.endswith(".")
        assert each.found.endswith(".")
        assert each.organisation


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_shows_in_its_clauses_and_in_no_other(fault: str) -> None:
    changed, clauses = FAULTS[fault]
    assert not_held(msgspec.structs.replace(WELL_KEPT, **changed)) == clauses | OUTSIDE


def test_every_clause_that_holds_can_fail_by_a_fault_of_its_own() -> None:
    without_log = [
        clauses for _, clauses in FAULTS.values() if not clauses >= ON_THE_LOG - {"11.70", "11.300(e)", "A14"}
    ]
    can_fail = set().union(*without_log)
    assert by_clause(checked(WELL_KEPT)).keys() - can_fail - OUTSIDE == {"11.10(e)"}, "11.10(e) is the log itself"


def test_every_fact_that_is_gathered_is_read_by_a_clause() -> None:
    described = {"vault", "name", "created", "at", "program", "key_cost", "store"}
    spoilt = {name for changed, _ in FAULTS.values() for name in changed}
    assert set(VaultEvidence.__struct_fields__) - spoilt == described


def test_an_empty_vault_holds_almost_nothing() -> None:
    held = {name for name, each in by_clause(checked(EMPTY)).items() if each.result == "holds"}
    assert held == {"11.300(e)"}


def test_a_broken_log_is_named_by_its_entry() -> None:
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, **verdict(findings=(FINDING,)))))
    assert found["11.10(e)"].entries == (3,)
    assert "signature does not fit" in found["11.10(a)"].found


def test_a_partial_verification_says_on_its_face_that_nothing_was_verified() -> None:
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, **verdict(since=90))))
    assert {found[name].result for name in ON_THE_LOG} == {"attention"}
    assert found["11.10(e)"].found.startswith("NOT VERIFIED")


def test_each_signer_whom_one_person_alone_let_in_is_named_with_who_did_it() -> None:
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, reviews=(_TRAIL,))))["11.10(g)"]
    for name in ("Ada (enrolled; administrator)", "Otto (enrolled; administrator)", "Quinn (enrolled; Quality)"):
        assert name in found.found
    assert "by Ada: " in found.found
    assert "Gone" not in found.found


def test_what_a_second_person_reviewed_is_no_longer_one_persons_doing() -> None:
    reviews = (review("access_review", "otto", entry=89), _TRAIL)
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, reviews=reviews)))["11.10(g)"]
    assert "Otto (enrolled; administrator)" in found.found
    assert "Quinn" not in found.found


def test_entries_behind_the_log_are_named_also_when_they_are_explained() -> None:
    entries = {**ENTRY_OF, "jump": 55}
    changed = {"behind": (behind(50), behind(52)), "clock_jumps": (jump(),), "entry_of": entries}
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, **changed)))["A12.4"]
    assert found.result == "holds"
    assert found.entries == (50, 52)
    assert f"entry 50 states {LAST_MONTH}, behind {YESTERDAY}" in found.found


def test_a_reset_by_recovery_sheet_takes_nobody_else() -> None:
    changed = {"resets": (reset(asked_by="quinn", given_by="", sheet="sheet"),)}
    assert "11.200(a)(2)-(3)" not in not_held(msgspec.structs.replace(WELL_KEPT, **changed))


def test_a_review_that_found_something_says_so() -> None:
    changed = trail(verdict="with_findings", findings="Two reasons are thin.")
    found = by_clause(checked(msgspec.structs.replace(WELL_KEPT, **changed)))["A9"]
    assert "Two reasons are thin." in found.found
    assert isinstance(_TRAIL, ReviewEvidence)
