"""The evidence of a vault that is kept as the rules ask, for tests that spoil one thing of it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from domain.compliance.evidence import (
    BackupEvidence,
    ItemCounts,
    ReviewEvidence,
    SigningEvidence,
    Trace,
    VaultEvidence,
)
from domain.log.verdict import LogVerdict
from domain.process.decode import decode_process, process_text
from domain.process.definition import ProcessVersion
from domain.records.backup_records import RestoreTest
from domain.records.item import Evidence, ImportBatch, Pack
from domain.records.oversight import ClockJump, Export, KeyRevelation, Review
from domain.records.people import (
    Declaration,
    FailedUnlockReport,
    KeyReset,
    Person,
    PersonKey,
    PersonRole,
    ProcessVersionRecord,
    RecoverySheet,
    Rotation,
)

AT = "2026-11-22T20:00:00.000Z"
YESTERDAY, LAST_MONTH, LONG_AGO = "2026-11-21T20:00:00.000Z", "2026-10-26T20:00:00.000Z", "2024-11-22T20:00:00.000Z"
BEGUN, TO_COME = "2026-09-01T08:00:00.000Z", "2027-01-01T08:00:00.000Z"
ENTRIES = 100


@cache
def process(name: str = "capa") -> ProcessVersion:
    """The shipped version of a process."""
    return decode_process((files("resources.processes") / f"{name}.json").read_text(encoding="utf-8"))


def version(number: int, *, from_day: str = BEGUN, state: str = "in_force") -> ProcessVersionRecord:
    """A version of the shipped process, as it is on record."""
    text = process_text(process())
    return ProcessVersionRecord(
        id=f"capa@{number}",
        process="capa",
        version=number,
        state=state,
        definition=text,
        sha256=sha256(text.encode()).hexdigest(),
        in_force_from=from_day,
    )


def person(id_: str, *, name: str = "", by: str = "ada", state: str = "active") -> Person:
    """Somebody enrolled when the vault began."""
    return Person(id=id_, name=name or id_.title(), state=state, enrolled_at=BEGUN, enrolled_by=by)


def key(of: str, *, number: int = 1, revoked: str = "", **other: str) -> PersonKey:
    """A certified key; its public half is made of its name."""
    name = f"{of}-{number}"
    values = {"statement": "statement", "certificate": "root", "possession": "own", "ed25519": name, **other}
    return PersonKey(id=name, person=of, p256="", x25519="", valid_from=BEGUN, revoked_from=revoked, **values)


def role(of: str, name: str, *, by: str = "ada", until: str = "", since: str = BEGUN) -> PersonRole:
    """A role given when the vault began."""
    return PersonRole(id=f"{of}-{name}", person=of, role=name, valid_from=since, valid_until=until, granted_by=by)


def review(kind: str, by: str, *, entry: int, own: int = 0, own_sample: int = 0, **other: object) -> ReviewEvidence:
    """A signed review, of yesterday and of the whole log but for the newest entries."""
    values = {"at": YESTERDAY, "first": 0, "last": 90, "verdict": "in_order", **other}
    record = Review(id=f"{kind}-{by}-{entry}", kind=kind, person=by, **values)
    return ReviewEvidence(review=record, entry=entry, own=own, own_sample=own_sample)


def signature(entry: int, *, act: str = "approve_item", by: str = "quinn", **other: object) -> SigningEvidence:
    """A complete signature."""
    values = {"at": YESTERDAY, "passphrase": True, "meaning": "I approve", **other}
    return SigningEvidence(entry=entry, act=act, person=by, **values)


def export(kind: str, *, at: str = YESTERDAY, purpose: str = "for the auditor", **other: object) -> Export:
    """A file that left yesterday for a purpose."""
    values = {"sha256": "ab" * 32, "size": 9, **other}
    return Export(id=f"export-{kind}", kind=kind, name=f"{kind}.file", purpose=purpose, at=at, by="quinn", **values)


def evidence_file(*, state: str = "accepted", requirement: str = "validation_report", **other: str) -> Evidence:
    """The validation file, accepted by another than who added it."""
    values = {"added_by": "quinn", "reviewed_by": "otto", "reviewed_at": LAST_MONTH, "file": "v", **other}
    return Evidence(
        id="validation",
        item="item",
        cycle=1,
        requirement=requirement,
        revision=1,
        file_name="validation.pdf",
        media_type="application/pdf",
        size=9,
        added_at=LAST_MONTH,
        state=state,
        **values,
    )


def reset(*, asked_by: str = "otto", given_by: str = "ada", sheet: str = "") -> KeyReset:
    """Quinn lost the passphrase, and two persons saw to a new key."""
    return KeyReset(
        id="reset", person="quinn", state="given", asked_by=asked_by, asked_at=BEGUN, given_by=given_by, sheet=sheet
    )


def restore_test(**other: object) -> RestoreTest:
    """A restore test of yesterday that went well."""
    values = {"made_at": YESTERDAY, "entries": 90, "outcome": "restored", "at": YESTERDAY, **other}
    return RestoreTest(id="restore_test", source="s", root="r", by="ada", device="d", **values)


def given_out(at: str) -> KeyRevelation:
    """The store's key was given out."""
    return KeyRevelation(
        id="revelation", state="given", purpose="p", fingerprint="f", asked_at=at, asked_by="ada", given_at=at
    )


def rotation(at: str) -> Rotation:
    """The data key was changed."""
    return Rotation(id="rotation", state="finished", begun_by="ada", begun_at=at, finished_by="ada", finished_at=at)


def jump(id_: str = "jump") -> ClockJump:
    """A person said why the clock went back."""
    return ClockJump(id=id_, direction="backwards", last=YESTERDAY, shown=LAST_MONTH, acknowledged_by="ada", device="d")


def failed_unlock() -> FailedUnlockReport:
    """A wrong passphrase, reported."""
    return FailedUnlockReport(
        id="failed",
        kind="wrong_passphrase",
        person="quinn",
        count=1,
        first_at=BEGUN,
        last_at=BEGUN,
        device="d",
        reported_at=BEGUN,
        reported_by="quinn",
    )


def imported(**other: object) -> ImportBatch:
    """An import whose original file is kept."""
    values = {"file": "tracker", "counts": {"created": 3}, **other}
    return ImportBatch(id="import", process="capa", file_name="t.xlsx", header_row=1, at=BEGUN, by="quinn", **values)


def sheet(**other: str) -> RecoverySheet:
    """A recovery sheet that was typed back from paper."""
    values = {"state": "in_force", "tested_at": YESTERDAY, **other}
    return RecoverySheet(id="sheet", person="ada", public="p", made_at=BEGUN, **values)


def pack(**other: str) -> Pack:
    """A closure pack kept as printed."""
    values = {"file": "pack", "checkpoint": "note", **other}
    return Pack(id="pack", item="item", cycle=1, size=9, made_at=YESTERDAY, made_by="quinn", **values)


ENTRY_OF = {
    **dict.fromkeys(("otto", "mia", "quinn", "otto-administrator", "mia-administrator", "quinn-quality"), 1),
    "declaration-quinn": 20,
    "declaration-otto": 21,
    "declaration-mia": 22,
    "reset": 30,
    "failed": 31,
    "import": 5,
    "pack": 60,
    "validation": 40,
    "restore_test": 92,
    "export-log": 93,
    "export-self_check": 94,
    "sheet": 95,
}

WELL_KEPT = VaultEvidence(
    vault="v",
    name="Site A",
    created=BEGUN,
    at=AT,
    program="Countersign 1",
    verdict=LogVerdict(vault="v", entries=ENTRIES, root="ab" * 32, changes=200, rows=120, files=3, findings=()),
    acts={
        "enrol_person": Trace(count=4, last=4),
        "move_item": Trace(count=9, last=50),
        "approve_item": Trace(count=2, last=51),
        "create_item": Trace(count=3, last=10),
        "publish_process": Trace(count=1, last=12),
        "give_reset": Trace(count=1, last=30),
        "disable_person": Trace(count=1, last=32),
        "record_refusal": Trace(count=2, last=33),
    },
    entry_of=ENTRY_OF,
    signatures=(
        signature(91, act="review_audit_trail", by="otto"),
        signature(51),
        signature(21, act="sign_declaration", by="otto"),
        signature(20, act="sign_declaration"),
    ),
    behind=(),
    latest=YESTERDAY,
    old_entries=0,
    devices={"one": 60, "two": 40},
    people=(person("ada"), person("otto"), person("mia"), person("quinn"), person("gone", state="disabled")),
    keys=(
        key("ada"),
        key("otto"),
        key("mia"),
        key("quinn", revoked=BEGUN),
        key("quinn", number=2),
        key("gone", revoked=BEGUN),
    ),
    slot_keys=frozenset({"ada-1", "otto-1", "mia-1", "quinn-2"}),
    roles=(
        role("ada", "administrator"),
        role("otto", "administrator"),
        role("mia", "administrator"),
        role("quinn", "quality"),
        role("gone", "quality", until=LAST_MONTH),
    ),
    declarations=tuple(
        Declaration(id=f"declaration-{who}", person=who, key=f"{who}-1", text="t", signed_at=BEGUN)
        for who in ("quinn", "otto", "mia")
    ),
    resets=(reset(),),
    sheets=(sheet(),),
    rotations=(),
    revelations=(),
    failed_unlocks=(failed_unlock(),),
    clock_jumps=(),
    reviews=(
        review("access_review", "otto", entry=89),
        review("access_review", "mia", entry=90),
        review("audit_trail", "otto", entry=91, own=3, sample=[5, 9], own_sample=0),
    ),
    versions=(version(1, state="retired"), version(2, from_day="2026-09-10T08:00:00.000Z")),
    processes=(process(),),
    items={"capa": ItemCounts(open=2, finished=1), "training_record": ItemCounts(finished=2)},
    imports=(imported(),),
    packs=(pack(),),
    files=(evidence_file(),),
    exports=(export("log"), export("self_check")),
    stored=frozenset({"tracker", "pack", "v"}),
    backups=(
        BackupEvidence(made_at=YESTERDAY, entries=95, elsewhere=False),
        BackupEvidence(made_at=LAST_MONTH, entries=70, elsewhere=True),
    ),
    restore_tests=(restore_test(),),
    weak_key_cost=False,
    key_cost="Argon2id, 256 MiB, 3 passes, 4 lanes",
    store="SQLCipher 4.",
)
