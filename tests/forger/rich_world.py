"""People with real keys and a state in memory that their commands are decided on, entry by entry.

`CommandOutput` keeps what was recorded: it is replayed, forged, or written into a real store with real signatures.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.act import Act, Actor, IncomingFile
from domain.commands.command import NONCE_SIZE, Command
from domain.commands.deciding import decide
from domain.commands.people_records import CertifiedKey
from domain.errors import Refused
from domain.identity import iso
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    SHEET_PROOF_PREFIX,
    log_key_statement,
    person_statement,
    signing_key_id,
)
from domain.log.clock import behind_of, high_water
from domain.log.entry import SCHEMA_VERSION, Header
from domain.rules.holding_roles import actor_at
from domain.simulation.memory_register import MemoryRegister, header_of

VAULT = "01930000-0000-7000-8000-000000000001"
START = datetime(2026, 11, 2, 8, tzinfo=UTC)


class CommandOutput(msgspec.Struct, frozen=True):
    """One recorded entry: who decided it, when, and what it holds. `act.command` are the leaves of its command."""

    header: Header
    act: Act
    command: Command
    nonce: bytes
    key: str


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def text_of(data: bytes) -> str:
    return b64encode(data).decode()


class World:
    """Whoever acts here has a key certified by `root`. The same seed makes the same bytes."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = Random(seed)
        self.state = MemoryRegister()
        self.now = START
        self.root = self.new_private()
        self.log = self.new_private()
        self.sheet = self.new_private()
        self.privates: dict[str, Ed25519PrivateKey] = {}
        """Private keys by their ids."""
        self.key_of: dict[str, str] = {}
        """The key that each person signs with now."""
        self.output: list[CommandOutput] = []

    def new_private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.dice.randbytes(32))

    def new_key(self, person: str, name: str) -> CertifiedKey:
        """A new certified key; whoever holds it signs with it once `use_key` was called."""
        private = self.new_private()
        public = raw(private)
        p256, x25519 = b"\x04" + self.dice.randbytes(64), self.dice.randbytes(32)
        statement = person_statement(
            vault=VAULT,
            person=person,
            name=name,
            ed25519=public,
            p256=p256,
            x25519=x25519,
            valid_from=iso(self.now + timedelta(minutes=1)),
        )
        id_ = signing_key_id(public)
        self.privates[id_] = private
        return CertifiedKey(
            id=id_,
            ed25519=text_of(public),
            p256=text_of(p256),
            x25519=text_of(x25519),
            statement=statement.decode(),
            certificate=text_of(self.root.sign(PERSON_CERTIFICATE_PREFIX + statement)),
            possession=text_of(private.sign(ENROLMENT_PREFIX + statement)),
        )

    def vault_keys(self) -> dict[str, str]:
        """The keys that a creating names."""
        statement = log_key_statement(vault=VAULT, log_key=raw(self.log))
        return {
            "root_key": text_of(raw(self.root)),
            "log_key": text_of(raw(self.log)),
            "log_certificate": text_of(self.root.sign(LOG_KEY_CERTIFICATE_PREFIX + statement)),
        }

    def sheet_proof(self, statement: str) -> str:
        return text_of(self.sheet.sign(SHEET_PROOF_PREFIX + statement.encode()))

    def actor(self, person: str) -> Actor:
        return actor_at(self.state, person, self.now)

    def give(self, person: str, command: Command, *, minutes: float = 1) -> Header:
        """Have the command decided some time after the one before, and recorded."""
        self.now += timedelta(minutes=minutes)
        return self.give_now(person, command)

    def give_now(self, person: str, command: Command) -> Header:
        nonce, by = self.dice.randbytes(NONCE_SIZE), self.actor(person)
        try:
            act = decide(command, self.state, by, nonce=nonce)
        except Refused as refused:
            rules = [(each.rule, each.text) for each in refused.obstacles]
            raise AssertionError(f"{command.word} by {person}: {rules}") from refused
        return self.take(act, by, command, nonce)

    def take(self, act: Act, by: Actor, command: Command, nonce: bytes) -> Header:
        size = self.state.log_size()
        newest = self.state.header(size - 1) if size else None
        latest = high_water(newest.at, newest.behind) if newest else ""
        behind = behind_of(by.at, latest=latest, act=act.name)
        schema = SCHEMA_VERSION if size else SCHEMA_VERSION - 1  # so that a migration can be recorded
        header = msgspec.structs.replace(header_of(act, by, seq=size), behind=behind, schema=schema)
        self.state.begin(header)
        for change in act.changes:
            self.state.apply(msgspec.json.decode(change.data(), type=type(change)))
        key = self.key_of.get(by.person, "")
        self.output.append(CommandOutput(header, act, command, nonce, key))
        return header

    def newest(self, kind: Any) -> Any:
        return self.state.all_of(kind)[-1]


FILES: dict[str, IncomingFile] = {}
"""Files that were made up, by their hashes: whoever records an act in a store brings their bytes."""


def a_file(text: str) -> IncomingFile:
    """A file with this text in it."""
    data = text.encode()
    made = IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)
    return FILES.setdefault(made.sha256, made)
