"""A small real store with one record of every kind, signed with keys made here: for tests that tamper.

Its entries hold what no command gives (one record of every kind, words that stand for nothing), each with the leaf of
a command that is none. Verification names each of them for that; `of_no_command` are these findings, and
`SmallStore.verify` gives what it finds beyond them: hashes, signatures, keys, rows.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Change, IncomingFile, created
from domain.commands.command import NONCE_SIZE, Command
from domain.commands.deciding import FILE_CHUNK, decide
from domain.log.canonical import canonical
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    log_key_statement,
    person_statement,
    signing_key_id,
)
from domain.log.entry import Entry
from domain.log.verdict import Finding, LogVerdict
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.records.registry import RECORDS
from domain.rules.holding_roles import actor_at

VAULT = "01930000-0000-7000-8000-000000000001"
KEY = bytes(range(32))
PROCESSES = Path(__file__).resolve().parents[3] / "resources" / "processes"
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


class SmallPerson:
    def __init__(self, person: str, name: str) -> None:
        self.person, self.name = person, name
        self.private = Ed25519PrivateKey.generate()
        self.key = signing_key_id(raw(self.private))
        self.auth = "session"

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)

    def key_change(self, root: Ed25519PrivateKey, at: str) -> Change:
        p256, x25519 = b"\x04" + bytes(64), bytes(32)
        statement = person_statement(
            vault=VAULT,
            person=self.person,
            name=self.name,
            ed25519=raw(self.private),
            p256=p256,
            x25519=x25519,
            valid_from=at,
        )
        return created(
            "person_key",
            self.key,
            {
                "person": self.person,
                "ed25519": b64encode(raw(self.private)).decode(),
                "p256": b64encode(p256).decode(),
                "x25519": b64encode(x25519).decode(),
                "statement": statement.decode(),
                "certificate": b64encode(root.sign(PERSON_CERTIFICATE_PREFIX + statement)).decode(),
                "possession": b64encode(self.private.sign(ENROLMENT_PREFIX + statement)).decode(),
                "valid_from": at,
                "revoked_from": "",
            },
        )


class SmallStore:
    """Ada creates the vault and enrols Quinn; one item lives; one file is stored."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = Ed25519PrivateKey.generate()
        self.ada, self.quinn = SmallPerson("person-ada", "Ada"), SmallPerson("person-quinn", "Quinn")
        self.at = START
        self.store = Store.create(path, KEY, vault=VAULT)

    def record(self, act: Act, signatory: SmallPerson | None = None) -> Entry:
        self.at += timedelta(minutes=1)
        return self.record_at(act, self.at, signatory)

    def record_at(self, act: Act, at: datetime, signatory: SmallPerson | None = None) -> Entry:
        """Record an act; one that no command gave gets the leaf of one that is none."""
        crafted = act if act.command else msgspec.structs.replace(act, command=(no_command(act.name),))
        signatory = signatory or self.ada
        signatory.auth = "passphrase" if act.signing else "session"
        return self.store.record(crafted, signatory=signatory, at=at, zone="+00:00 test clock", device="desk-1")

    def decided(self, command: Command, at: datetime, person: SmallPerson | None = None) -> Act:
        """What a command gives, decided as the program does it."""
        register = self.store.register
        by = actor_at(register, (person or self.ada).person, at)
        return decide(command, register, by, nonce=at.isoformat().encode()[-NONCE_SIZE:])

    def perform(self, command: Command, person: SmallPerson | None = None, **header: str) -> Entry:
        """Record what a command gives, but for what is stated of the header here: then verification names it."""
        self.at += timedelta(minutes=1)
        act = self.decided(command, self.at, person)
        return self.record_at(msgspec.structs.replace(act, **header), self.at, person)

    def verify(self) -> LogVerdict:
        """The verdict on the whole log, without what every entry of this store is named for."""
        return beyond_commands(self.verify_all())

    def verify_all(self) -> LogVerdict:
        return self.store.verify(verify_signature, root_key=raw(self.root))

    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.path, KEY, vault=VAULT, any_schema=True)

    def close(self) -> None:
        self.store.close()


def no_command(word: str) -> bytes:
    """The leaf of a command that has this word and a nonce, and a field that no command has."""
    return canonical({"command": word, "nonce": sha256(word.encode()).hexdigest()[:32], "of_no_command": True})


def of_no_command(finding: Finding) -> bool:
    """Whether this is what an entry of this store is named for because no command gives it."""
    return (finding.kind, finding.table, finding.field) == ("rules", "entry", "command")


def beyond_commands(verdict: LogVerdict) -> LogVerdict:
    found = tuple(finding for finding in verdict.findings if not of_no_command(finding))
    return msgspec.structs.replace(verdict, findings=found)


def item_values(number: str, title: str) -> dict[str, object]:
    return {
        "number": number,
        "process": "capa",
        "process_version": "capa@1",
        "title": title,
        "description": "Label torn on arrival",
        "step": "reported",
        "state": "open",
        "owner": "person-quinn",
        "owner_name": "",
        "due": "2026-12-01",
        "severity": "major",
        "priority": "",
        "raised": "2026-11-20",
        "closed": "",
        "cycle": 1,
        "values": {"correction": "relabelled"},
        "hold": None,
        "legacy_status": "offen",
        "legacy": [["Kommentar", "F7", "siehe Mail", "text"]],
        "source": {"import": "import-1", "sheet": "Liste", "row": 7, "cells": [["title", "B7", title, "text"]]},
        "source_key": number,
        "source_fingerprint": "f" * 64,
        "created_at": "2026-11-22T08:03:00.000Z",
        "created_by": "person-ada",
        "step_since": "2026-11-22T08:03:00.000Z",
    }


def small_process() -> ProcessVersion:
    """The shipped process without what makes it long."""
    whole = decode_process((PROCESSES / "capa.json").read_text(encoding="utf-8"))
    return msgspec.structs.replace(whole, scenarios=(), metrics=())


def build(path: Path) -> SmallStore:
    small = SmallStore(path)
    at = "2026-11-22T08:00:00.000Z"
    log = Ed25519PrivateKey.generate()
    capa = small_process()
    log_statement = log_key_statement(vault=VAULT, log_key=raw(log))
    creation = (
        created(
            "vault",
            VAULT,
            {
                "name": "Site A",
                "created": at,
                "format": 1,
                "prefix": "SA",
                "root_key": b64encode(raw(small.root)).decode(),
                "log_key": b64encode(raw(log)).decode(),
                "log_certificate": b64encode(small.root.sign(LOG_KEY_CERTIFICATE_PREFIX + log_statement)).decode(),
                "slots": "0" * 64,
            },
        ),
        _person(small.ada, at),
        small.ada.key_change(small.root, at),
        _role("role-1", "person-ada", "administrator", at),
        created("process", "capa", {"title": "Corrective action"}),
        created(
            "process_version",
            "capa@1",
            {
                "process": "capa",
                "version": 1,
                "state": "in_force",
                "definition": process_text(capa),
                "sha256": process_hash(capa),
                "in_force_from": at,
            },
        ),
    )
    small.record(Act(name="create_vault", changes=creation, role="administrator", subject=VAULT))
    enrolment = (
        _person(small.quinn, at),
        small.quinn.key_change(small.root, at),
        _role("role-2", "person-quinn", "quality", "2026-11-22T08:02:00.000Z"),
    )
    small.record(Act(name="enrol_person", changes=enrolment, role="administrator", subject="person-quinn"))
    tracker = b"number;title\r\nA-1;Torn label\r\n"
    digest = sha256(tracker).hexdigest()
    stored = created("file", digest, {"size": len(tracker), "chunk_size": FILE_CHUNK, "chunks": 1})
    batch = created(
        "import_batch",
        "import-1",
        {
            "process": "capa",
            "file_name": "liste.csv",
            "file": digest,
            "sheet": "Liste",
            "header_row": 1,
            "mapping": {"title": "title"},
            "counts": {"new": 2},
            "refused": [],
            "skipped": [],
            "at": at,
            "by": "person-ada",
        },
    )
    items = tuple(created("item", f"item-{n}", item_values(f"SA-CAPA-000{n}", f"Torn label {n}")) for n in (1, 2))
    small.record(
        Act(
            name="import_register",
            changes=(stored, batch, *items, *_people_things(small.ada.key)),
            role="administrator",
            subject="import-1",
            meaning="I bring this in and delegate my role",
            signing=True,
            files=(IncomingFile(sha256=digest, size=len(tracker), data=tracker),),
        )
    )
    history = (*_history(digest), *_one_of_every_other_kind())
    small.record(Act(name="work", changes=history, role="quality", subject="item-1"), small.quinn)
    small.record(
        Act(
            name="move_item",
            changes=(
                Change(
                    "item",
                    "item-1",
                    {"step": "reported", "step_since": "2026-11-22T08:03:00.000Z"},
                    {"step": "containment", "step_since": "2026-11-22T08:05:00.000Z"},
                ),
            ),
            role="quality",
            subject="item-1",
            reason="contained",
        ),
        small.quinn,
    )
    return small


WRITTEN_BY_HAND = (
    *("vault", "person", "person_key", "person_role", "process", "process_version", "import_batch", "file"),
    *("item", "transition_record", "approval", "evidence", "closure", "pack", "refusal"),
    *("declaration", "key_reset", "recovery_sheet", "mandate"),
)


def _people_things(key: str) -> tuple[Change, ...]:
    """Ada declares, prints a recovery sheet, asks that Quinn be given a new key, and makes Quinn her delegate."""
    at, ada = "2026-11-22T08:05:00.000Z", "person-ada"
    asked = {"person": "person-quinn", "state": "asked", "reason": "lost", "asked_by": ada, "asked_at": at}
    not_given = {"given_by": "", "given_at": "", "new_key": "", "sheet": "", "proof": ""}
    sheet = {"person": ada, "public": "", "state": "in_force", "made_at": at, "tested_at": at, "ended_at": ""}
    delegated = {
        "delegator": ada,
        "delegate": "person-quinn",
        "role": "administrator",
        "reason": "leave",
        "given_at": at,
    }
    scope = {"process": "", "severities": ["major"], "first_day": "2026-11-23", "last_day": "2026-11-30"}
    in_force = {"state": "given", "revoked_at": "", "revoked_by": ""}
    return (
        created("declaration", "declaration-1", {"person": ada, "key": key, "text": "I declare", "signed_at": at}),
        created("key_reset", "reset-1", {**asked, **not_given}),
        created("recovery_sheet", "sheet-1", dict(sheet)),
        created("mandate", "mandate-1", {**delegated, **scope, **in_force}),
    )


def _one_of_every_other_kind() -> tuple[Change, ...]:
    """Records that only have to be there: a kind added later joins these tests by itself."""
    return tuple(
        created(name, f"{name}-1", {field: _some_value(hint) for field, hint in _fields(kind)})
        for name, kind in RECORDS.items()
        if name not in WRITTEN_BY_HAND
    )


def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    return [(field.encode_name, field.type) for field in msgspec.structs.fields(kind) if field.name != "id"]


def _some_value(hint: Any) -> Any:
    origin = get_origin(hint) or hint
    if origin is Literal:
        return get_args(hint)[0]
    return {str: "words", int: 1, list: [], dict: {}, bool: True}.get(origin)


def _person(person: SmallPerson, at: str) -> Change:
    return created(
        "person",
        person.person,
        {"name": person.name, "state": "active", "enrolled_at": at, "enrolled_by": "person-ada"},
    )


def _role(id_: str, person: str, role: str, at: str) -> Change:
    return created(
        "person_role",
        id_,
        {
            "person": person,
            "role": role,
            "scope": "",
            "valid_from": at,
            "valid_until": "",
            "granted_by": "person-ada",
        },
    )


def _history(digest: str) -> tuple[Change, ...]:
    """One record of every kind that hangs on an item."""
    at, by = "2026-11-22T08:04:00.000Z", "person-quinn"
    own: dict[str, object] = {"item": "item-1", "cycle": 1}
    return (
        created(
            "transition_record",
            "transition_record-1",
            {**own, "from_step": "", "to_step": "reported", "at": at, "by": by, "reason": ""},
        ),
        created(
            "approval",
            "approval-1",
            {
                **own,
                "gate": "plan->implementation",
                "level": 1,
                "person": by,
                "role": "quality",
                "mandate": "",
                "decision": "approved",
                "meaning": "I approve the plan",
                "reason": "",
                "content": "c" * 64,
                "given_at": at,
            },
        ),
        created(
            "evidence",
            "evidence-1",
            {
                **own,
                "requirement": "photo",
                "revision": 1,
                "file_name": "label.jpg",
                "media_type": "image/jpeg",
                "size": 30,
                "file": digest,
                "note": "",
                "added_by": by,
                "added_at": at,
                "state": "accepted",
                "reviewed_by": "person-ada",
                "reviewed_at": at,
                "review_note": "fine",
            },
        ),
        created(
            "closure",
            "closure-1",
            {
                **own,
                "outcome": "reached",
                "summary": "ok",
                "closed_at": at,
                "closed_by": by,
                "role": "quality",
                "entries": [2],
            },
        ),
        created(
            "pack",
            "pack-1",
            {**own, "file": digest, "size": 30, "checkpoint": "note", "made_at": at, "made_by": by},
        ),
        created(
            "refusal",
            "refusal-1",
            {
                "at": at,
                "person": by,
                "act": "close_item",
                "subject": "item-1",
                "obstacles": [{"rule": "r", "about": []}],
            },
        ),
    )
