"""A vault with people and a clock around the register in memory that scenarios are run on.

The cast: Ada created the vault (administrator only); Quinn and Quentin hold quality, Olga quality too and owns
the work; Pat holds process_owner; Dora holds quality and process_owner; Nora holds auditor; Zoe holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from domain.act import Act, Actor, IncomingFile
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import NONCE_SIZE, Command, command_of, values_of
from domain.commands.deciding import decide, with_bytes
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.imports import import_command
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.people import CreateVault, EnrolPerson, SignDeclaration
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.log.entry import Entry
from domain.rules.facts import Facts, gather
from domain.rules.site_day import site_day
from domain.rules.verdict import GateVerdict
from domain.simulation.memory_register import MemoryRegister as ScenarioRegister
from domain.trackers.plan import ImportPlan
from resources.texts.declarations import DECLARATION
from resources.texts.meanings import MEANINGS

CAPA = Path(__file__).resolve().parent / "capa_version_1.json"
"""The version that vaults of the first store format have in force; shipped versions live their own scenarios."""


class MemoryRegister(ScenarioRegister):
    """The register of scenarios, which here takes files from the disk too."""

    def bytes_of(self, file: IncomingFile) -> bytes:
        data = Path(file.path).read_bytes() if file.data is None else file.data
        return super().bytes_of(msgspec.structs.replace(file, data=data))


CAST = {
    "Olga": ("quality",),
    "Quinn": ("quality",),
    "Quentin": ("quality",),
    "Pat": ("process_owner",),
    "Dora": ("quality", "process_owner"),
    "Nora": ("auditor",),
    "Zoe": (),
}
GOOD_VALUES: dict[str, dict[str, Any]] = {
    "containment": {
        "correction": "Parts sorted out.",
        "containment": "Stock blocked.",
        "consequences": "Customer informed.",
    },
    "cause": {"root_cause": "Worn fixture.", "similar_cases": "Line 3 checked: none found."},
    "plan": {
        "due": "2026-12-01",
        "actions": [{"action": "Replace the fixture", "responsible": "Olga", "due": "2026-11-20"}],
        "effectiveness_criterion": "No misplaced hole in 500 parts.",
        "effectiveness_review_on": "2026-12-15",
    },
    "implementation": {
        "actions": [{"action": "Replace the fixture", "responsible": "Olga", "due": "2026-11-20", "state": "done"}]
    },
    "verification": {
        "effectiveness_verdict": "effective",
        "risk_updated": "done: R-12 lowered",
        "system_changed": "not needed because the instruction was right",
    },
}
FORWARD = ("reported", "containment", "cause", "plan", "implementation", "verification", "closed")


class MemoryVault:
    """People and a clock around a memory register; `do` is what `Session.perform` is.

    Everybody has declared that signatures bind; what tests try is something else.
    """

    def __init__(self, process: str | None = None, prefix: str = "T1") -> None:
        self.register = MemoryRegister()
        self.now = datetime(2026, 11, 2, 8, tzinfo=UTC)
        self._nonces = count(1)
        self.ids: dict[str, str] = {"Ada": "p-ada"}
        definition = CAPA.read_text(encoding="utf-8") if process is None else process
        creation = {
            "vault": "memory",
            "name": "Memory",
            "first_admin": "Ada",
            "prefix": prefix,
            "root_key": "r",
            "log_key": "l",
            "log_certificate": "c",
            "slots": "s",
            "key": a_key("Ada"),
            "processes": [definition],
        }
        self.do(CreateVault, "Ada", **creation)
        self.declare("Ada")
        if process is None:
            for name, roles in CAST.items():
                self.enrol(name, roles)

    def enrol(self, name: str, roles: tuple[str, ...], identity_checked: str = "Passport seen") -> Entry:
        """Enrol a person, who declares that signatures bind."""
        self.ids[name] = f"p-{name.lower()}"
        enrolled = self.do(
            EnrolPerson,
            "Ada",
            person=self.ids[name],
            name=name,
            identity_checked=identity_checked,
            roles=roles,
            key=a_key(name),
            slots=f"s-{name}",
        )
        self.declare(name)
        return enrolled

    def declare(self, name: str) -> Entry:
        """Sign the declaration."""
        return self.do(SignDeclaration, name, text=DECLARATION, meaning=MEANINGS["sign_declaration"])

    def actor(self, name: str) -> Actor:
        person, moment = self.ids[name], iso(self.now)
        held = {
            each.role
            for each in self.register.roles()
            if each.person == person
            and each.valid_from <= moment
            and (not each.valid_until or moment < each.valid_until)
        }
        return Actor(person=person, name=name, roles=frozenset(held), at=self.now)

    def act(self, kind: type[Command], name: str, /, **values: Any) -> Act:
        """What a command given by its values becomes now; nothing is changed."""
        command, files = built(kind, values)
        return self.decided(command, name, files=files)

    def do(self, kind: type[Command], name: str, /, **values: Any) -> Entry:
        """Carry out a command given by its values, a second later."""
        command, files = built(kind, values)
        return self.perform(command, name, files=files)

    def perform(self, command: Command, name: str, *, files: Iterable[IncomingFile] = ()) -> Entry:
        """Carry out a command, a second later."""
        self.now += timedelta(seconds=1)
        return self.register.take(self.decided(command, name, files=files), self.actor(name))

    def decided(self, command: Command, name: str, *, files: Iterable[IncomingFile] = ()) -> Act:
        """What a command becomes now. A signature that has no meaning yet gets the one that the faces propose."""
        by, nonce = self.actor(name), next(self._nonces).to_bytes(NONCE_SIZE, "big")
        try:
            act = decide(command, self.register, by, nonce=nonce)
        except (Refused, UsageProblem) as problem:
            if not lacks_meaning(problem) or getattr(command, "meaning", None) != "":
                raise
            meant = msgspec.structs.replace(command, meaning=proposed_meaning(values_of(command)))
            act = decide(meant, self.register, by, nonce=nonce)
        return with_bytes(act, files)

    def bring_in(self, name: str, plan: ImportPlan, *, process: str, file: IncomingFile) -> Entry:
        """Carry out the plan of an import of this file."""
        today = site_day(self.register, self.now)
        command = import_command(plan, self.register, process=process, size=file.size, today=today)
        return self.perform(command, name, files=(file,))

    def facts(self, item: str, name: str = "Quinn") -> Facts:
        return gather(self.register, item, self.actor(name))

    def new_item(self, **fields: Any) -> str:
        given = {
            "title": "Hole misplaced",
            "description": "12 of 80 parts, drawing 4711, hole 3",
            "severity": "major",
            "owner": self.ids["Olga"],
        }
        return self.do(CreateItem, "Olga", process="capa", fields={**given, **fields}).header.subject

    def add_accepted(self, item: str, requirement: str, *, by: str = "Olga", reviewer: str = "Quinn") -> str:
        file = a_file(f"{item} {requirement} {self.now}")
        self.do(AddEvidence, by, item=item, requirement=requirement, file=file, file_name="record.txt")
        evidence = self.register.item_file(item).evidence[-1].id
        self.do(ReviewEvidence, reviewer, item=item, evidence=evidence, accept=True)
        return evidence

    def sign_both(self, item: str) -> None:
        self.do(ApproveItem, "Quinn", item=item)
        self.do(ApproveItem, "Pat", item=item)

    def bring_to(self, item: str, step: str) -> None:
        """Walk the good way to a step, everything filled in, evidenced and signed by other people."""
        while (here := self.register.item(item).step) != step:
            self.make_ready(item)
            to = FORWARD[FORWARD.index(here) + 1]
            if to == "closed":
                self.do(CloseItem, "Quinn", item=item, outcome="reached", summary="It holds.")
            else:
                self.do(MoveItem, "Olga", item=item, step=to)

    def make_ready(self, item: str, *, sign: bool = True) -> None:
        """Whatever the gate ahead wants, done by the right people."""
        here = self.register.item(item).step
        found = self.register.item(item)
        wanted = {
            name: value
            for name, value in GOOD_VALUES.get(here, {}).items()
            if value != (found.due if name == "due" else found.values.get(name))
        }
        if wanted:
            self.do(EditItem, "Olga", item=item, fields=wanted, reason="Seen anew")
        if here == "implementation":
            self.add_accepted(item, "implementation_record")
        if here == "verification":
            self.add_accepted(item, "effectiveness_record")
        if here in ("plan", "verification") and sign:
            self.sign_both(item)


def built(kind: type[Command], values: dict[str, Any]) -> tuple[Command, tuple[IncomingFile, ...]]:
    """A command of its values, of which `file` may be a file that arrives with its bytes."""
    file = values.get("file")
    files = (file,) if isinstance(file, IncomingFile) else ()
    if isinstance(file, IncomingFile):
        values = {**values, "file": file.sha256, "size": file.size}
    plain = {name: msgspec.to_builtins(value) for name, value in values.items()}
    plain["command"] = kind.__struct_config__.tag
    if "meaning" not in plain and any(
        field.name == "meaning" and field.required for field in msgspec.structs.fields(kind)
    ):
        plain["meaning"] = proposed_meaning(plain)
    return command_of(plain), files


def lacks_meaning(problem: Refused | UsageProblem) -> bool:
    """Whether nothing but the meaning of the signature is missing."""
    if isinstance(problem, Refused):
        return [each.rule for each in problem.obstacles] == ["meaning.missing"]
    return problem.where == "meaning"


def proposed_meaning(values: dict[str, Any]) -> str:
    """What the faces propose that a signature means where neither the process nor the signer says so."""
    word = str(values["command"])
    turned_down = values.get("approve", values.get("accept", True)) is False
    decision = values.get("decision") or ("rejected" if turned_down else "")
    words = MEANINGS.get(f"{word}.{decision}") or MEANINGS.get(word, "Signed")
    return words.format(name=values.get("name", ""), value=values.get("value", ""))


def a_file(text: str) -> IncomingFile:
    data = text.encode()
    return IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)


def a_key(name: str) -> dict[str, str]:
    """A key of a person in words, as it comes with an enrolment."""
    fields = ("ed25519", "p256", "x25519", "statement", "certificate", "possession")
    return {"id": f"k-{name.lower()}", **{field: f"{field} of {name}" for field in fields}}


def rules(verdict: GateVerdict) -> list[str]:
    """The rules that decided, in order, each once; whatever says no names what, the remedy and who."""
    for each in verdict.obstacles:
        assert all(isinstance(part, str) and part for part in (each.text, each.remedy, each.responsible)), each
    return list(dict.fromkeys(obstacle.rule for obstacle in verdict.obstacles))
