"""A small log in memory: real keys, real signatures, one corrective action from a tracker row to its closure."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.act import Change
from domain.closure.assemble import assemble_pack
from domain.closure.pack import ClosurePack, Proof
from domain.closure.proof import LoggedEntry, make_proof
from domain.items.item import Approval, Closure, Evidence, Item, ItemFile, Passage
from domain.items.people import PersonKey, PersonRole, ProcessVersionRecord, Vault
from domain.log.canonical import canonical
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    log_key_statement,
    person_statement,
    signing_key_id,
)
from domain.log.checkpoint import Checkpoint, origin_of, sign_note, signer_name
from domain.log.entry import NO_PREVIOUS, ChangeTree, Entry, Header, signing_input
from domain.log.merkle import inclusion_proof, leaf_hash, root_hash

ITEM = "019ab000-0000-7000-8000-000000000001"
OTHER_ITEM = "019ab000-0000-7000-8000-000000000002"
VERSION = "019ab000-0000-7000-8000-0000000000aa"
BATCH = "019ab000-0000-7000-8000-0000000000bb"


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def text(data: bytes) -> str:
    return b64encode(data).decode()


def seeded(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest())


@dataclass
class SmallPerson:
    id: str
    name: str
    role: str
    key: Ed25519PrivateKey


@dataclass
class SmallLog:
    """Appends signed entries; every entry is made one minute after the one before."""

    vault: str = "019ab000-0000-7000-8000-0000000000ff"
    name: str = "Plant North"
    seed: str = "one"
    entries: list[Entry] = field(default_factory=list)
    changes: list[tuple[bytes, ...]] = field(default_factory=list)
    people: dict[str, SmallPerson] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root, self.log_key = seeded(f"{self.seed} root"), seeded(f"{self.seed} log")

    def person(self, id_: str, name: str, role: str) -> SmallPerson:
        found = SmallPerson(id_, name, role, seeded(f"{self.seed} {id_}"))
        self.people[id_] = found
        return found

    def vault_record(self) -> Vault:
        certificate = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=self.vault, log_key=raw(self.log_key))
        return Vault(
            id=self.vault,
            name=self.name,
            created="2026-11-02T08:00:00.000Z",
            format=1,
            prefix="PN",
            root_key=text(raw(self.root)),
            log_key=text(raw(self.log_key)),
            log_certificate=text(self.root.sign(certificate)),
            slots="0" * 64,
        )

    def person_key(self, person: SmallPerson) -> PersonKey:
        public = raw(person.key)
        statement = person_statement(
            vault=self.vault,
            person=person.id,
            name=person.name,
            ed25519=public,
            p256=b"\x04" + bytes(64),
            x25519=bytes(32),
            valid_from="2026-11-02T08:00:00.000Z",
        )
        return PersonKey(
            id=signing_key_id(public),
            person=person.id,
            ed25519=text(public),
            p256="",
            x25519="",
            statement=statement.decode(),
            certificate=text(self.root.sign(PERSON_CERTIFICATE_PREFIX + statement)),
            possession=text(person.key.sign(ENROLMENT_PREFIX + statement)),
            valid_from="2026-11-02T08:00:00.000Z",
            revoked_from="",
        )

    @property
    def next_at(self) -> str:
        minute = len(self.entries)
        return f"2026-11-{2 + minute // 60:02d}T{9 + (minute % 60) // 6:02d}:{(minute % 6) * 10:02d}:07.250Z"

    def act(self, by: SmallPerson, name: str, *changes: Change, **more: str) -> int:
        """Append one signed entry and return its seq."""
        data = tuple(change.data() for change in changes)
        header = Header(
            v=1,
            vault=self.vault,
            seq=len(self.entries),
            prev=self.entries[-1].leaf().hex() if self.entries else NO_PREVIOUS,
            at=self.next_at,
            zone="+01:00",
            by=by.id,
            role=more.get("role", by.role),
            mandate="",
            key=signing_key_id(raw(by.key)),
            device="desk-1",
            act=name,
            subject=more.get("subject", ITEM),
            process_version=VERSION,
            reason=more.get("reason", ""),
            meaning=more.get("meaning", ""),
            auth=more.get("auth", "session"),
            schema=1,
            changes=ChangeTree(len(data), root_hash([leaf_hash(each) for each in data]).hex()),
        )
        self.entries.append(Entry(header=header, signature=by.key.sign(signing_input(header.data()))))
        self.changes.append(data)
        return header.seq

    def signed_anew(self, seq: int, data: tuple[bytes, ...], **header: Any) -> None:
        """What a forger with all the keys does: put other changes into an entry and sign everything after it."""
        self.changes[seq] = data
        for place in range(seq, len(self.entries)):
            old = self.entries[place].header
            root = root_hash([leaf_hash(each) for each in self.changes[place]]).hex()
            prev = self.entries[place - 1].leaf().hex() if place else NO_PREVIOUS
            more = header if place == seq else {}
            tree = ChangeTree(len(self.changes[place]), root)
            new = msgspec.structs.replace(old, prev=prev, changes=tree, **more)
            self.entries[place] = Entry(header=new, signature=self.people[old.by].key.sign(signing_input(new.data())))

    def checkpoint(self, by: SmallPerson) -> str:
        origin = origin_of(self.vault)
        point = Checkpoint(origin=origin, size=len(self.entries), root=root_hash(self.leaves()))
        person = signer_name(origin, by.id)
        return sign_note(
            point,
            (
                (signer_name(origin), raw(self.log_key), self.log_key.sign),
                (person, raw(by.key), by.key.sign),
            ),
        )

    def leaves(self) -> list[bytes]:
        return [entry.leaf() for entry in self.entries]

    def logged(self, *, without: tuple[int, ...] = ()) -> tuple[LoggedEntry, ...]:
        leaves = self.leaves()
        return tuple(
            LoggedEntry(entry=entry, changes=self.changes[seq], proof=tuple(inclusion_proof(seq, leaves)))
            for seq, entry in enumerate(self.entries)
            if seq not in without
        )


def record(name: str, value: msgspec.Struct) -> Change:
    values = msgspec.to_builtins(value)
    return Change(name, values.pop("id"), None, values)


def definition() -> dict[str, Any]:
    """A short corrective action process of the real schema."""
    steps = ["reported", "analysed", "implemented", "closed"]
    approval: dict[str, Any] = {
        "level": 1,
        "role": "quality_lead",
        "meaning": "I have reviewed the cause and the action",
    }
    approval["separate_from"] = ["owner"]
    return {
        "id": "capa",
        "version": 1,
        "title": "Corrective action",
        "objective": "Find the cause of a nonconformity and remove it, so that it does not come back.",
        "scope": "All products and processes of the plant.",
        "owner_role": "quality_lead",
        "roles": [
            {"id": "engineer", "title": "Process engineer"},
            {"id": "quality_lead", "title": "Quality lead"},
        ],
        "steps": [
            {"id": step, "title": step.capitalize(), "responsible": "engineer", "accountable": "quality_lead"}
            for step in steps
        ],
        "transitions": [
            {"from": "reported", "to": "analysed", "title": "Analyse"},
            {"from": "analysed", "to": "implemented", "title": "Implement", "gate": {"approvals": [approval]}},
            {"from": "implemented", "to": "closed", "title": "Close"},
        ],
        "rights": [{"verb": "move", "roles": ["engineer", "quality_lead"]}],
        "hold": {"roles": ["quality_lead"]},
        "cancel": {"roles": ["quality_lead"], "meaning": "I end this work"},
        "reopen": {"roles": ["quality_lead"], "meaning": "I reopen this work", "step": "analysed"},
        "closure": {
            "step": "closed",
            "meaning": "The action is effective",
            "outcomes": [{"outcome": "reached", "title": "Effective", "fields": ["result"]}],
            "gate": {"fields": ["cause"], "evidence": ["effectiveness"], "still_approved": ["analysed->implemented"]},
            "separate_from": ["owner"],
        },
        "numbering": {"prefix": "CAPA"},
        "fields": [
            {"id": "cause", "title": "Root cause", "kind": "text", "signed": True},
            {"id": "result", "title": "Result", "kind": "text"},
            {"id": "cost", "title": "Cost", "kind": "money"},
        ],
        "evidence": [{"id": "effectiveness", "title": "Effectiveness check", "reviewer_role": "quality_lead"}],
    }


@dataclass
class Story:
    """One closed item with everything a pack is assembled from."""

    log: SmallLog
    engineer: SmallPerson
    lead: SmallPerson
    file: ItemFile
    process: ProcessVersionRecord
    checkpoint: str

    def parts(self, **other: Any) -> dict[str, Any]:
        return {
            "vault": self.log.vault_record(),
            "keys": tuple(self.log.person_key(person) for person in self.log.people.values()),
            "file": self.file,
            "process": self.process,
            "entries": self.log.logged(without=(len(self.log.entries) - 1,)),
            "checkpoint": self.checkpoint,
            "printed_at": "2026-11-22T19:44:58.123Z",
            **other,
        }


def an_item(id_: str, number: str, title: str, **more: Any) -> Item:
    cells = [["title", "B12", title], ["due", "F12", "31.10.2026"]]
    values = {
        "process": "capa",
        "process_version": VERSION,
        "description": "Burr at edge C of bracket 4711; 14 of 200 parts rejected by the customer.",
        "step": "reported",
        "state": "open",
        "owner": "p-eng",
        "owner_name": "",
        "due": "2026-12-18",
        "severity": "major",
        "priority": "high",
        "raised": "2026-10-05",
        "closed": "",
        "cycle": 1,
        "values": {"cost": "1200.50 EUR"},
        "hold": None,
        "legacy_status": "in Arbeit",
        "legacy": [["Bemerkung", "H12", "siehe 8D; mit Kunde telefoniert"]],
        "source": {"import": BATCH, "sheet": "CAPA 2026", "row": 12, "cells": cells},
        "source_key": "K-12",
        "source_fingerprint": "f" * 64,
        "created_at": "2026-11-02T09:40:07.250Z",
        "created_by": "p-lead",
        "step_since": "2026-11-02T09:40:07.250Z",
        **more,
    }
    return Item(id=id_, number=number, title=title, **values)


class Told:
    """Keeps the item's records while the story is recorded."""

    def __init__(self, log: SmallLog, item: Item) -> None:
        self.log = log
        self.item = msgspec.to_builtins(item)
        self.passages: list[Passage] = []
        self.approvals: list[Approval] = []
        self.evidence: list[Evidence] = []
        self.closures: list[Closure] = []

    def change(self, **after: Any) -> Change:
        before = {name: self.item[name] for name in after}
        self.item |= after
        return Change("item", self.item["id"], before, after)

    def pass_to(self, by: SmallPerson, step: str, *more: Change, **words: str) -> int:
        passage = Passage(
            id=f"passage-{len(self.passages)}",
            item=self.item["id"],
            cycle=1,
            from_step=self.item["step"],
            to_step=step,
            at=self.log.next_at,
            by=by.id,
            reason=words.get("reason", ""),
        )
        self.passages.append(passage)
        at = self.log.next_at
        words.setdefault("act", "move_item")
        act = words.pop("act")
        return self.log.act(by, act, self.change(step=step, step_since=at), record("passage", passage), *more, **words)

    def file(self) -> ItemFile:
        return ItemFile(
            item=msgspec.convert(self.item, Item),
            passages=tuple(self.passages),
            approvals=tuple(self.approvals),
            evidence=tuple(self.evidence),
            closures=tuple(self.closures),
            packs=(),
        )


def enrolments(log: SmallLog, people: tuple[SmallPerson, ...], without_role: str) -> Iterator[Change]:
    for person in people:
        yield record("person_key", log.person_key(person))
        if person.id != without_role:
            role = PersonRole(
                id=f"role-{person.id}",
                person=person.id,
                role=person.role,
                scope="",
                valid_from=log.next_at,
                valid_until="",
                granted_by="p-lead",
            )
            yield record("person_role", role)


def closed_item(
    *,
    seed: str = "one",
    title: str = "Burr at edge C of bracket 4711",
    others: int = 3,
    approval_auth: str = "passphrase",
    approver: str = "",
    without_role: str = "",
) -> Story:
    """Vault, people, process, import, two moves, approval, evidence, review, closure: twelve entries or so."""
    log = SmallLog(seed=seed)
    lead = log.person("p-lead", "Zoë Lindström", "quality_lead")
    engineer = log.person("p-eng", "Jürgen Weiß", "engineer")
    words = canonical(definition()).decode()
    process = ProcessVersionRecord(
        id=VERSION,
        process="capa",
        version=1,
        state="in_force",
        definition=words,
        sha256=sha256(words.encode()).hexdigest(),
        in_force_from="2026-11-02T09:20:07.250Z",
    )
    log.act(lead, "create_vault", record("vault", log.vault_record()), subject=log.vault)
    log.act(lead, "enrol_person", *enrolments(log, (lead, engineer), without_role), subject=engineer.id)
    log.act(lead, "publish_process", record("process_version", process), subject="capa")
    item = an_item(ITEM, "PN-CAPA-0012", title)
    told = Told(log, item)
    neighbours = [
        record("item", an_item(f"{OTHER_ITEM[:-4]}{n + 100:04d}", f"PN-CAPA-{n + 100:04d}", "Another piece of work"))
        for n in range(others)
    ]
    batch = {"process": "capa", "file_name": "CAPA-Liste 2026.xlsx", "file": "a" * 64, "sheet": "CAPA 2026"}
    log.act(
        lead,
        "import_register",
        *neighbours,
        record("item", item),
        Change("import_batch", BATCH, None, batch),
        subject=BATCH,
    )
    log.act(
        engineer, "edit_item", told.change(values={"cost": "1200.50 EUR", "cause": "Tool worn: no change interval"})
    )
    told.pass_to(engineer, "analysed", reason="Cause found with 5 whys")
    approval = Approval(
        id="approval-1",
        item=ITEM,
        cycle=1,
        gate="analysed->implemented",
        level=1,
        person=approver or lead.id,
        role="quality_lead",
        mandate="",
        decision="approved",
        meaning="I have reviewed the cause and the action",
        reason="Interval of 20,000 strokes is sound",
        content="c" * 64,
        given_at=log.next_at,
    )
    told.approvals.append(approval)
    log.act(lead, "approve_item", record("approval", approval), meaning=approval.meaning, auth=approval_auth)
    told.pass_to(engineer, "implemented")
    piece = Evidence(
        id="evidence-1",
        item=ITEM,
        cycle=1,
        requirement="effectiveness",
        revision=1,
        file_name="Messprotokoll Los 88.pdf",
        media_type="application/pdf",
        size=184_320,
        file=sha256(b"measured").hexdigest(),
        note="200 parts, 0 rejected",
        added_by=engineer.id,
        added_at=log.next_at,
        state="submitted",
        reviewed_by="",
        reviewed_at="",
        review_note="",
    )
    log.act(engineer, "add_evidence", record("evidence", piece))
    review = {"state": "accepted", "reviewed_by": lead.id, "reviewed_at": log.next_at, "review_note": "Complete"}
    told.evidence.append(msgspec.structs.replace(piece, **review))
    before = {name: getattr(piece, name) for name in review}
    log.act(lead, "review_evidence", Change("evidence", piece.id, before, review))
    log.act(engineer, "edit_item", told.change(values={**told.item["values"], "result": "No reject in 3 lots"}))
    about = [seq for seq, entry in enumerate(log.entries) if seq >= 3]
    closing = Closure(
        id="closure-1",
        item=ITEM,
        cycle=1,
        outcome="reached",
        summary="Change interval introduced; three lots without reject.",
        closed_at=log.next_at,
        closed_by=lead.id,
        role="quality_lead",
        entries=about,
    )
    told.closures.append(closing)
    at = log.next_at
    end = told.change(state="closed", closed=at[:10])
    told.pass_to(
        lead,
        "closed",
        end,
        record("closure", closing),
        act="close_item",
        auth="passphrase",
        meaning="The action is effective",
    )
    log.act(engineer, "create_item", record("item", an_item(OTHER_ITEM, "PN-CAPA-0013", "Next")), subject=OTHER_ITEM)
    return Story(log, engineer, lead, told.file(), process, log.checkpoint(lead))


STRANGE = [
    "",
    "\u202e",
    "0" * 5000,
    -1,
    2**53 - 1,
    True,
    None,
    [],
    [[]],
    ["a", "b", "c"],
    {},
    {"item": []},
    [{"x": [1]}],
]


def strange_proof(seed: int) -> tuple[ClosurePack, Proof]:
    """An honest pack, and a proof in which an entry holds strange values, validly signed."""
    chance = random.Random(seed)
    story = closed_item()
    pack, _ = assemble_pack(**story.parts(renderer="printer 1"))
    seq = chance.randrange(len(story.log.entries))
    changes = [json.loads(data) for data in story.log.changes[seq]]
    for change in chance.sample(changes, k=min(len(changes), 2)):
        field = chance.choice(list(change["after"]))
        change["after"][field] = chance.choice(STRANGE)
        if change["before"] is not None and chance.random() < 0.5:
            change["before"] = None if chance.random() < 0.5 else {field: chance.choice(STRANGE)}
    story.log.signed_anew(seq, tuple(canonical(change) for change in changes))
    parts = story.parts()
    return pack, make_proof(
        item=ITEM,
        vault=parts["vault"],
        keys=parts["keys"],
        entries=parts["entries"],
        definition=story.process.definition,
        checkpoint=story.log.checkpoint(story.lead),
    )
