"""A vault in memory that commands are decided and taken on, with Ada, who created it, and whom she enrolled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.act import Act, Actor
from domain.commands.command import Command
from domain.commands.deciding import decide, judge
from domain.commands.people import CreateVault, EnrolPerson, GrantRole, SignDeclaration
from domain.commands.people_records import CertifiedKey
from domain.errors import Refused
from domain.identity import iso
from domain.records.people import ADMINISTRATOR
from domain.simulation.memory_register import MemoryRegister
from resources.texts.declarations import DECLARATION
from resources.texts.meanings import MEANINGS

ADA, BEA, CARL, DORA = "p-ada", "p-bea", "p-carl", "p-dora"
CAPA = (Path(__file__).resolve().parents[1] / "capa_version_1.json").read_text("utf-8")
MEANING = "I mean it"


def key_of(person: str, number: int = 1) -> CertifiedKey:
    parts = ("ed25519", "p256", "x25519", "statement", "certificate", "possession")
    return CertifiedKey(id=f"k-{person}-{number}", **{part: f"{part} of {person}" for part in parts})


def creation(**other: object) -> CreateVault:
    given: dict[str, object] = {
        "vault": "v",
        "name": "Plant 2",
        "first_admin": "Ada",
        "prefix": "P2",
        "root_key": "r",
        "log_key": "l",
        "log_certificate": "c",
        "slots": "s0",
        "key": key_of(ADA),
        "processes": (CAPA,),
    }
    return CreateVault(**{**given, **other})  # type: ignore[arg-type]


class CreatedVault:
    """Ada is administrator; each command is an hour after the one before."""

    def __init__(self) -> None:
        self.state = MemoryRegister()
        self.now = datetime(2026, 5, 4, 8, tzinfo=UTC)
        self.names = {ADA: "Ada", BEA: "Bea", CARL: "Carl", DORA: "Dora", "p-eve": "Eve"}

    def actor(self, person: str) -> Actor:
        now = iso(self.now)
        roles = frozenset(
            each.role
            for each in self.state.roles()
            if each.person == person and each.valid_from <= now and (not each.valid_until or now < each.valid_until)
        )
        return Actor(person=person, name=self.names[person], roles=roles, at=self.now)

    def decide(self, by: str, command: Command) -> Act:
        return decide(command, self.state, self.actor(by), nonce=b"n" * 16)

    def take(self, by: str, command: Command) -> Act:
        """Decide a command and apply it."""
        self.now += timedelta(hours=1)
        nonce = self.state.log_size().to_bytes(16, "big")
        act = decide(command, self.state, self.actor(by), nonce=nonce)
        self.state.take(act, self.actor(by))
        return act

    def rules(self, by: str, command: Command) -> list[str]:
        """The ids of the rules that refuse a command, by the judge; deciding says the same."""
        found = [each.rule for each in judge(command, self.state, self.actor(by)).obstacles]
        refused = self._refused(by, command)
        assert refused == found
        return found

    def _refused(self, by: str, command: Command) -> list[str]:
        try:
            self.decide(by, command)
        except Refused as refused:
            return [each.rule for each in refused.obstacles]
        return []


def declaring(**other: str) -> SignDeclaration:
    return SignDeclaration(**{"text": DECLARATION, "meaning": MEANINGS["sign_declaration"], **other})


def enrolling(person: str, name: str, *roles: str) -> EnrolPerson:
    return EnrolPerson(person=person, name=name, identity_checked="Passport seen", roles=roles, key=key_of(person))


def created() -> CreatedVault:
    """Ada and Bea are administrators, Carl is of quality, Dora holds nothing; everybody but Dora has declared."""
    vault = CreatedVault()
    vault.take(ADA, creation())
    vault.take(ADA, enrolling(CARL, "Carl"))
    vault.take(ADA, enrolling(DORA, "Dora"))
    vault.take(ADA, GrantRole(person=CARL, role="quality"))
    vault.take(ADA, enrolling(BEA, "Bea", ADMINISTRATOR))
    for person in (ADA, BEA, CARL):
        vault.take(person, declaring())
    return vault
