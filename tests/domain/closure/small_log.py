"""A small log in memory: real keys, real signatures, no store."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.act import Change, created
from domain.closure.proof import LoggedEntry
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
from domain.records.people import PersonKey, Vault

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
        asked = canonical({"command": name, "nonce": f"{len(self.entries):032x}"})
        data = (asked, *(change.data() for change in changes))
        header = Header(
            v=1,
            law=1,
            vault=self.vault,
            seq=len(self.entries),
            prev=self.entries[-1].leaf().hex() if self.entries else NO_PREVIOUS,
            at=self.next_at,
            zone="+01:00",
            behind="",
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
            commands=1,
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
            LoggedEntry(entry=entry, leaves=self.changes[seq], proof=tuple(inclusion_proof(seq, leaves)))
            for seq, entry in enumerate(self.entries)
            if seq not in without
        )


def record(name: str, value: msgspec.Struct) -> Change:
    values = msgspec.to_builtins(value)
    return created(name, values.pop("id"), values)
