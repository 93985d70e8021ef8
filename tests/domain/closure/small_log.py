"""A small log in memory: real keys, real signatures, real commands, no store."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.act import Act, Change
from domain.closure.proof import LoggedEntry
from domain.commands.command import Command
from domain.commands.deciding import decide
from domain.commands.people_records import CertifiedKey
from domain.identity import iso, parse_iso
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
from domain.replay.state import MemoryState
from domain.rules.holding_roles import actor_at

CERTIFIED_FROM = "2026-11-02T08:00:00.000Z"


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
    key: Ed25519PrivateKey

    @property
    def key_id(self) -> str:
        return signing_key_id(raw(self.key))


@dataclass
class SmallLog:
    """Appends signed entries; every entry is made ten minutes after the one before."""

    vault: str = "019ab000-0000-7000-8000-0000000000ff"
    name: str = "Plant North"
    seed: str = "one"
    entries: list[Entry] = field(default_factory=list)
    leaves_of: list[tuple[bytes, ...]] = field(default_factory=list)
    people: dict[str, SmallPerson] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root, self.log_key = seeded(f"{self.seed} root"), seeded(f"{self.seed} log")
        self.state = MemoryState()
        self.lag = 0

    def person(self, id_: str, name: str) -> SmallPerson:
        found = SmallPerson(id_, name, seeded(f"{self.seed} {id_}"))
        self.people[id_] = found
        return found

    @property
    def log_certificate(self) -> str:
        certificate = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=self.vault, log_key=raw(self.log_key))
        return text(self.root.sign(certificate))

    def certified(self, person: SmallPerson) -> CertifiedKey:
        public = raw(person.key)
        statement = person_statement(
            vault=self.vault,
            person=person.id,
            name=person.name,
            ed25519=public,
            p256=b"\x04" + bytes(64),
            x25519=bytes(32),
            valid_from=CERTIFIED_FROM,
        )
        return CertifiedKey(
            id=person.key_id,
            ed25519=text(public),
            p256=text(b"\x04" + bytes(64)),
            x25519=text(bytes(32)),
            statement=statement.decode(),
            certificate=text(self.root.sign(PERSON_CERTIFICATE_PREFIX + statement)),
            possession=text(person.key.sign(ENROLMENT_PREFIX + statement)),
        )

    @property
    def next_at(self) -> str:
        return iso(parse_iso("2026-11-02T09:00:07.250Z") + timedelta(minutes=10 * len(self.entries) + self.lag))

    def decide(self, by: SmallPerson, command: Command) -> Act:
        nonce = sha256(f"{self.seed} {len(self.entries)}".encode()).digest()[:16]
        return decide(command, self.state, actor_at(self.state, by.id, parse_iso(self.next_at)), nonce=nonce)

    def perform(self, by: SmallPerson, command: Command) -> int:
        """Judge, decide and append a command; its seq comes back."""
        return self.append(by, self.decide(by, command))

    def append(self, by: SmallPerson, performed: Act, **header: Any) -> int:
        """Append an act as a signed entry, whatever it says; `header` are fields to sign otherwise."""
        leaves = (*performed.command, *(change.data() for change in performed.changes))
        read_entries: dict[str, Any] = {
            "v": 1,
            "law": performed.law,
            "vault": self.vault,
            "seq": len(self.entries),
            "prev": self.entries[-1].leaf().hex() if self.entries else NO_PREVIOUS,
            "at": self.next_at,
            "zone": "+01:00",
            "behind": "",
            "by": by.id,
            "role": performed.role,
            "mandate": performed.mandate,
            "key": by.key_id,
            "device": "desk-1",
            "act": performed.name,
            "subject": performed.subject,
            "process_version": performed.process_version,
            "reason": performed.reason,
            "meaning": performed.meaning,
            "auth": "passphrase" if performed.signing else "session",
            "schema": 1,
            "commands": len(performed.command),
            "changes": ChangeTree(len(leaves), root_hash([leaf_hash(each) for each in leaves]).hex()),
        }
        signed = Header(**{**read_entries, **header})
        self.entries.append(Entry(header=signed, signature=by.key.sign(signing_input(signed.data()))))
        self.leaves_of.append(leaves)
        self.state.begin(signed)
        for change in performed.changes:
            self.state.apply(msgspec.json.decode(change.data(), type=Change))
        return signed.seq

    def live_again(self) -> None:
        """Make the state anew from the entries as they are signed now."""
        self.state = MemoryState()
        for entry, leaves in zip(self.entries, self.leaves_of, strict=True):
            self.state.begin(entry.header)
            for leaf in leaves[entry.header.commands :]:
                self.state.apply(msgspec.json.decode(leaf, type=Change))

    def signed_anew(self, seq: int, leaves: tuple[bytes, ...], **header: Any) -> None:
        """What a forger with all the keys does: put other leaves into an entry and sign everything after it."""
        self.leaves_of[seq] = leaves
        for place in range(seq, len(self.entries)):
            old = self.entries[place].header
            root = root_hash([leaf_hash(each) for each in self.leaves_of[place]]).hex()
            prev = self.entries[place - 1].leaf().hex() if place else NO_PREVIOUS
            more = header if place == seq else {}
            tree = ChangeTree(len(self.leaves_of[place]), root)
            new = msgspec.structs.replace(old, **{"prev": prev, "changes": tree, **more})
            self.entries[place] = Entry(header=new, signature=self.people[new.by].key.sign(signing_input(new.data())))

    def checkpoint(self, by: SmallPerson) -> str:
        origin = origin_of(self.vault)
        point = Checkpoint(origin=origin, size=len(self.entries), root=root_hash(self.leaves()))
        return sign_note(
            point,
            (
                (signer_name(origin), raw(self.log_key), self.log_key.sign),
                (signer_name(origin, by.id), raw(by.key), by.key.sign),
            ),
        )

    def leaves(self) -> list[bytes]:
        return [entry.leaf() for entry in self.entries]

    def logged(self, *, without: tuple[int, ...] = ()) -> tuple[LoggedEntry, ...]:
        leaves = self.leaves()
        return tuple(
            LoggedEntry(entry=entry, leaves=self.leaves_of[seq], proof=tuple(inclusion_proof(seq, leaves)))
            for seq, entry in enumerate(self.entries)
            if seq not in without
        )
