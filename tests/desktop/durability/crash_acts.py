"""The acts that are killed, spoiled and cut off from power, and the vaults they start from.

Every act says how it is prepared (`open`, nothing is counted yet), how it is done (`do`, which may be called again
after a fault, as a person would try again), and which entries it may add to the log.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from planted_format import planted

from desktop.application import sample_vault, using_backups
from desktop.application.application import CountersignApplication
from desktop.documents.incoming import incoming_file
from desktop.machine.clock import now
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault import passphrases
from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.primitives import Secret
from domain.act import IncomingFile
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.people import SignDeclaration
from domain.errors import Refused
from domain.state import ItemFilter
from resources.texts.declarations import DECLARATION

ADA, IVAN, QUINN, PRIYA, OTTO, BEA = (
    "Ada Admin",
    "Ivan Import",
    "Quinn Quality",
    "Priya Process",
    "Otto Owner",
    "Bea Late",
)
SET = "gmp"
"""The processes of the vaults: as many as the acts need, since every state is opened again."""
PASSPHRASE = "a long passphrase of nobody 7"
ABSENT = (IVAN, QUINN, PRIYA, OTTO)
"""Who is not there when Ada changes the data key."""
NEW_PASSPHRASE = "another passphrase of nobody 8"
EVIDENCE_SIZE = 700 * 1024
Ack = Callable[[], None]


def remember_stretching() -> Callable[[], None]:
    """Stretch each passphrase and salt once per process: the real function, its answers kept. Returns the undoing."""
    real = passphrases.argon2id
    known: dict[tuple[Any, ...], bytes] = {}

    def argon2id(passphrase: bytes, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
        asked = (bytes(passphrase), salt, memory_kib, iterations, lanes)
        if asked not in known:
            secret = real(passphrase, salt=salt, memory_kib=memory_kib, iterations=iterations, lanes=lanes)
            known[asked] = bytes(secret.expose())
        return Secret(bytearray(known[asked]))

    def undo() -> None:
        passphrases.argon2id = real

    passphrases.argon2id = argon2id  # type: ignore[assignment]
    return undo


@dataclass(frozen=True)
class Place:
    """One copy of a base: `on` holds what is spoiled (vault and installation memory), `inputs` what is handed in."""

    root: Path
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> Path:
        return self.root / "on"

    @property
    def vault(self) -> Path:
        return self.on / "site.vault"

    @property
    def home(self) -> Path:
        return self.on / "home"

    @property
    def inputs(self) -> Path:
        return self.root / "inputs"

    @classmethod
    def load(cls, root: Path) -> Place:
        return cls(root, json.loads((root / "facts.json").read_text(encoding="utf-8")))

    def copy_to(self, root: Path) -> Place:
        shutil.copytree(self.root, root)
        return Place(root, self.facts)

    @contextmanager
    def at_home(self) -> Iterator[None]:
        before = os.environ.get("COUNTERSIGN_HOME")
        os.environ["COUNTERSIGN_HOME"] = str(self.home)
        try:
            yield
        finally:
            if before is None:
                del os.environ["COUNTERSIGN_HOME"]
            else:
                os.environ["COUNTERSIGN_HOME"] = before


def application() -> CountersignApplication:
    return CountersignApplication(cost=MINIMUM_COST)


def unlock(place: Place, person: str, passphrase: str = PASSPHRASE) -> UnlockedSession:
    return application().unlock(place.vault, person=person, passphrase=passphrase)


@dataclass(frozen=True)
class Tried:
    """One act: who does it, from which base, and the entries it adds when it is whole."""

    name: str
    base: str
    person: str
    entries: tuple[str, ...]
    open: Callable[[Place, Tried], Any]
    do: Callable[[Any, Place, Ack], None]
    together: bool = False
    """One promise for all entries: what was begun is completed at the next opening."""
    changes_slots: bool = False
    program: Callable[[], AbstractContextManager[None]] = nullcontext
    """The program that does the act and opens the vault afterwards: this one, or one with a newer format planted."""


def _as_person(place: Place, tried: Tried) -> UnlockedSession:
    return unlock(place, tried.person)


def _plan_ready(place: Place, tried: Tried) -> Any:
    vault = unlock(place, tried.person)
    return vault, vault.plan_import(place.inputs / "list.csv", process="capa")


def _closed_so_far(place: Place, tried: Tried) -> None:
    return None


def _create(_: Any, place: Place, ack: Ack) -> None:
    vault = application().create_vault(place.vault, name="Site A", person=ADA, passphrase=PASSPHRASE, process_set=SET)
    ack()
    vault.discard()


def _open_and_lock(_: Any, place: Place, ack: Ack) -> None:
    unlock(place, QUINN).lock()


def _add_person(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.add_person(name=BEA, roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
    ack()


def _import(prepared: Any, place: Place, ack: Ack) -> None:
    vault, plan = prepared
    vault.run_import(plan, place.inputs / "list.csv", process="capa")
    ack()


def _create_item(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.perform(CreateItem(process="capa", fields={"title": "Second finding", "severity": "minor"}))
    ack()


def _edit_item(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.perform(EditItem(item=place.facts["item"], fields={"description": "Longer " * 300}))
    ack()


def _add_evidence(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    photo = incoming_file(place.inputs / "photo.bin")
    vault.perform(
        AddEvidence(
            item=place.facts["item"],
            requirement="implementation_record",
            file=photo.sha256,
            size=photo.size,
            file_name="photo.bin",
            media_type="application/octet-stream",
        ),
        files=(photo,),
    )
    ack()


def _approve(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.perform(ApproveItem(item=place.facts["item"]), passphrase=PASSPHRASE)
    ack()


def _close_and_pack(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    item = place.facts["item"]
    if vault.register.item(item).state == "open":
        vault.perform(CloseItem(item=item, outcome="reached", summary="No repeat."), passphrase=PASSPHRASE)
        ack()
    vault.make_pack(item)
    ack()


def _change_passphrase(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.people_service.change_passphrase(old=PASSPHRASE, new=NEW_PASSPHRASE)
    ack()


def _rotate(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    """Once begun, it is completed by locking and unlocking, which is what the program says to do."""
    if "begin_rotation" not in vault.register.acts_on_record():
        vault.people_service.rotate(reason="A stick with a copy was lost.")
    ack()


def _backup(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    vault.backup_files.make(at=now())


def _restore(_: Any, place: Place, ack: Ack) -> None:
    vault = application().restore(
        place.inputs / "site.countersign",
        place.vault,
        person=QUINN,
        passphrase=PASSPHRASE,
        reason="The stick was lost.",
    )
    ack()
    vault.discard()


def _refused(vault: UnlockedSession, place: Place, ack: Ack) -> None:
    try:
        vault.perform(CloseItem(item=place.facts["item"], outcome="reached", summary="?"), passphrase=PASSPHRASE)
    except Refused:
        ack()


def _migrate(_: Any, place: Place, ack: Ack) -> None:
    using_backups.migrate(place.vault, person=QUINN, passphrase=PASSPHRASE, unlock_vault=application().unlock)
    ack()


ACTS: dict[str, Tried] = {
    tried.name: tried
    for tried in (
        Tried("create_vault", "nothing", ADA, ("create_vault",), _closed_so_far, _create),
        Tried("open_and_lock", "plan", QUINN, (), _closed_so_far, _open_and_lock),
        Tried("add_person", "founded", ADA, ("enrol_person",), _as_person, _add_person),
        Tried("import", "plan", QUINN, ("import_register",), _plan_ready, _import),
        Tried("create_item", "plan", QUINN, ("create_item",), _as_person, _create_item),
        Tried("edit_item", "plan", QUINN, ("edit_item",), _as_person, _edit_item),
        Tried("add_evidence", "implementing", OTTO, ("add_evidence",), _as_person, _add_evidence),
        Tried("approve", "plan", QUINN, ("approve_item",), _as_person, _approve),
        Tried("close_and_pack", "ready", QUINN, ("close_item", "keep_pack"), _as_person, _close_and_pack),
        Tried(
            "change_passphrase",
            "plan",
            QUINN,
            ("change_passphrase",),
            _as_person,
            _change_passphrase,
            changes_slots=True,
        ),
        Tried(
            "rotate",
            "plan",
            ADA,
            ("begin_rotation", "finish_rotation"),
            _as_person,
            _rotate,
            together=True,
            changes_slots=True,
        ),
        Tried("backup", "plan", QUINN, (), _as_person, _backup),
        Tried("restore", "carried", QUINN, ("record_restore",), _closed_so_far, _restore),
        Tried("refused_attempt", "plan", QUINN, ("record_refusal",), _as_person, _refused),
        Tried("migrate", "plan", QUINN, ("record_migration",), _closed_so_far, _migrate, program=planted),
    )
}


def make_bases(root: Path) -> dict[str, Place]:
    """Every vault that an act starts from, made by real work and copied as it grew."""
    root.mkdir(parents=True)
    bases: dict[str, Place] = {}
    place = Place(root / "growing", {})
    place.on.mkdir(parents=True)
    place.home.mkdir()
    place.inputs.mkdir()
    rows = "".join(f"F-{n};Label torn on pallet {n};2026-11-{n:02};Otto Owner\r\n" for n in range(1, 9))
    (place.inputs / "list.csv").write_bytes(("Number;Title;Raised;Owner\r\n" + rows).encode())
    (place.inputs / "photo.bin").write_bytes(random.Random(8).randbytes(EVIDENCE_SIZE))

    def keep(name: str) -> None:
        (place.root / "facts.json").write_text(json.dumps(place.facts), encoding="utf-8")
        bases[name] = place.copy_to(root / name)

    with place.at_home():
        keep("nothing")
        application().create_vault(
            place.vault, name="Site A", person=ADA, passphrase=PASSPHRASE, process_set="gmp"
        ).lock()
        keep("founded")
        ada = unlock(place, ADA)
        for name, role in ((IVAN, "quality"), (QUINN, "quality"), (PRIYA, "process_owner"), (OTTO, "auditor")):
            ada.add_person(name=name, roles=(role,), identity_checked="Passport seen", passphrase=PASSPHRASE)
        owner = next(person.id for person in ada.register.people() if person.name == OTTO)
        ada.lock()
        with _doing(place, IVAN) as (vault, do):
            do(
                CreateItem,
                process="capa",
                fields={"title": "First finding", "raised": "2026-11-20", "due": "2199-01-01"},
            )
            item = vault.register.page(ItemFilter(process="capa"), offset=0, limit=1)[0].id
            place.facts["item"] = item
        with _doing(place, QUINN) as (vault, do):
            do(SignDeclaration, text=DECLARATION)
        with _doing(place, IVAN) as (vault, do):
            sample_vault._bring_to_cause(do, item, owner)
        with _doing(place, OTTO) as (_, do):
            sample_vault._add(do, item, "cause_record", "trial.txt", "Trial on line 2.")
        with _doing(place, IVAN) as (vault, do):
            (proof,) = vault.register.item_file(item).evidence
            do(ReviewEvidence, item=item, evidence=proof.id, accept=True, note="Trial seen.")
            do(MoveItem, item=item, step="plan", reason="Cause shown by trial.")
            do(
                EditItem,
                item=item,
                fields={**sample_vault._PLANNED, "effectiveness_checker": vault.person.id},
                reason="Planned.",
            )
        keep("plan")
        _keep_a_carried_copy(root, bases)
        for name in (QUINN, PRIYA):
            with _doing(place, name) as (_, do):
                do(ApproveItem, item=item)
        keep("implementing")
        with _doing(place, OTTO) as (_, do):
            sample_vault._carry_out(do, item)
        with _doing(place, IVAN) as (vault, do):
            found = {one.requirement: one.id for one in vault.register.item_file(item).evidence}
            sample_vault._verify(do, item, found)
        for name in (QUINN, PRIYA):
            with _doing(place, name) as (_, do):
                do(ApproveItem, item=item)
        keep("ready")
    return bases


def _keep_a_carried_copy(root: Path, bases: dict[str, Place]) -> None:
    """A base with nothing but a one-file copy of the vault, as it comes off a stick."""
    place = bases["plan"].copy_to(root / "carried")
    with place.at_home():
        vault = unlock(place, QUINN)
        vault.backup_files.make(at=now(), to=place.inputs / "site.countersign")
        vault.discard()
    shutil.rmtree(place.vault)
    shutil.rmtree(place.home)
    place.home.mkdir()
    bases["carried"] = place


@contextmanager
def _doing(place: Place, person: str) -> Iterator[tuple[UnlockedSession, Callable[..., None]]]:
    vault = unlock(place, person)

    def do(command: Callable[..., Command], files: Sequence[IncomingFile] = (), **arguments: Any) -> None:
        vault.perform(command(**arguments), passphrase=PASSPHRASE, files=files)

    try:
        yield vault, do
    finally:
        vault.lock()


def leaf_marks(vault: UnlockedSession) -> list[str]:
    """The leaves of the log, hex: what a state of the log is compared by."""
    return [leaf.hex() for leaf in vault.register.leaves()]


def file_mark(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
