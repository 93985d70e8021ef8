"""A vault with people and a clock around the register in memory that scenarios are lived through on.

The cast: Ada founded the vault (administrator only); Quinn and Quentin hold quality, Olga quality too and owns
the work; Pat holds process_owner; Dora holds quality and process_owner; Nora holds auditor; Zoe holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from domain.act import Act, Actor, IncomingFile
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.people import EnrolPerson, FoundVault
from domain.identity import iso
from domain.log.entry import Entry
from domain.rules.facts import Facts, gather
from domain.rules.verdict import GateVerdict
from domain.simulation.memory_register import MemoryRegister as ScenarioRegister

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
    """People and a clock around a memory register; `do` is what `OpenVault.perform` is."""

    def __init__(self, process: str | None = None, prefix: str = "T1") -> None:
        self.register = MemoryRegister()
        self.now = datetime(2026, 11, 2, 8, tzinfo=UTC)
        self._ids = count(1)
        self.ids: dict[str, str] = {"Ada": "p-ada"}
        founder = Actor(person="p-ada", name="Ada", roles=frozenset(), at=self.now)
        definition = CAPA.read_text(encoding="utf-8") if process is None else process
        act = FoundVault(
            self.register,
            by=founder,
            new_id=self.new_id,
            vault="memory",
            name="Memory",
            prefix=prefix,
            root_key="r",
            log_key="l",
            log_certificate="c",
            slots="s",
            key=a_key("Ada"),
            processes=[definition],
        )
        self.register.take(act, founder)
        if process is None:
            for name, roles in CAST.items():
                self.enrol(name, roles)

    def new_id(self) -> str:
        return f"id-{next(self._ids):06d}"

    def enrol(self, name: str, roles: tuple[str, ...]) -> Entry:
        self.ids[name] = f"p-{name.lower()}"
        return self.do(
            EnrolPerson, "Ada", person=self.ids[name], name=name, roles=roles, key=a_key(name), slots=f"s-{name}"
        )

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

    def act(self, use_case: Callable[..., Act], name: str, /, **arguments: Any) -> Act:
        if "new_id" in use_case.__annotations__:
            arguments["new_id"] = self.new_id
        return use_case(self.register, by=self.actor(name), **arguments)

    def do(self, use_case: Callable[..., Act], name: str, /, **arguments: Any) -> Entry:
        self.now += timedelta(seconds=1)
        return self.register.take(self.act(use_case, name, **arguments), self.actor(name))

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
            self.do(EditItem, "Olga", item=item, fields=wanted)
        if here == "implementation":
            self.add_accepted(item, "implementation_record")
        if here == "verification":
            self.add_accepted(item, "effectiveness_record")
        if here in ("plan", "verification") and sign:
            self.sign_both(item)


def a_file(text: str) -> IncomingFile:
    data = text.encode()
    return IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)


def a_key(name: str) -> dict[str, str]:
    fields = ("ed25519", "p256", "x25519", "statement", "certificate", "possession")
    return {"id": f"k-{name.lower()}", **{field: f"{field} of {name}" for field in fields}}


def rules(verdict: GateVerdict) -> list[str]:
    """The rules that said no, in order, each once; whatever says no names what, the cure and who."""
    for each in verdict.obstacles:
        assert all(isinstance(part, str) and part for part in (each.text, each.cure, each.who)), each
    return list(dict.fromkeys(obstacle.rule for obstacle in verdict.obstacles))
