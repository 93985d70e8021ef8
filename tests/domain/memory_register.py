"""A register in memory that applies changes generically, as replay does, and a vault around it with people.

The cast: Ada founded the vault (administrator only); Quinn and Quentin hold quality, Olga quality too and owns
the work; Pat holds process_owner; Dora holds quality and process_owner; Nora holds auditor; Zoe holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from domain.act import Act, Actor, IncomingFile
from domain.errors import UsageProblem
from domain.gates.facts import Facts, gather
from domain.gates.next_action import pending_approval
from domain.gates.verdict import GateVerdict
from domain.identity import iso
from domain.items.item import ImportBatch, Item, ItemFile
from domain.items.people import (
    Person,
    PersonKey,
    PersonRole,
    ProcessVersionRecord,
    Vault,
)
from domain.items.records import ITEM_FILE
from domain.items.records import RECORDS as STORED
from domain.log.canonical import canonical, parse_canonical
from domain.log.entry import ChangeTree, Entry, Header
from domain.log.merkle import leaf_hash, root_hash
from domain.ports import ItemFilter, ItemLine, LogFilter, LogLine, WaitingApproval
from domain.use_cases.add_evidence import add_evidence
from domain.use_cases.approve_item import approve_item
from domain.use_cases.close_item import close_item
from domain.use_cases.create_item import create_item
from domain.use_cases.edit_item import edit_item
from domain.use_cases.enrol_person import enrol_person
from domain.use_cases.found_vault import found_vault
from domain.use_cases.move_item import move_item
from domain.use_cases.review_evidence import review_evidence

CAPA = Path(__file__).resolve().parents[2] / "resources" / "processes" / "capa.json"

RECORDS: dict[str, type[msgspec.Struct]] = {name: kind for name, kind in STORED.items() if name != "file"}


class MemoryRegister:
    """Answers `domain.ports.Register` from dictionaries. `take` applies an act or raises on a stale change."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, Any]]] = {record: {} for record in RECORDS}
        self.entries: list[Entry] = []
        self.leaves: list[tuple[bytes, ...]] = []
        self.about: dict[str, list[int]] = {}
        self.files: dict[str, bytes] = {}

    def take(self, act: Act, by: Actor) -> Entry:
        assert act.changes, "an act without changes"
        for change in act.changes:
            self._apply(change.record, change.id, change.before, change.after)
        for file in act.files:
            data = file.data if file.data is not None else Path(file.path).read_bytes()
            assert sha256(data).hexdigest() == file.sha256
            self.files[file.sha256] = data
        seq = len(self.entries)
        self.leaves.append(tuple(change.data() for change in act.changes))
        root = root_hash([leaf_hash(data) for data in self.leaves[-1]]).hex()
        header = Header(
            v=1,
            vault="memory",
            seq=seq,
            prev="0" * 64,
            at=iso(by.at),
            zone="UTC",
            by=by.person,
            role=act.role,
            mandate=act.mandate,
            key="",
            device="",
            act=act.name,
            subject=act.subject,
            process_version=act.process_version,
            reason=act.reason,
            meaning=act.meaning,
            auth="passphrase" if act.ceremony else "session",
            schema=1,
            changes=ChangeTree(len(act.changes), root),
        )
        self.entries.append(Entry(header=header, signature=b"\0" * 64))
        for id_ in {act.subject, *(change.id for change in act.changes)}:
            self.about.setdefault(id_, []).append(seq)
        return self.entries[-1]

    def _apply(self, record: str, id_: str, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        table = self.tables[record]
        if before is None:
            assert id_ not in table, f"{record} {id_} exists"
            assert {"id", *after} == {field.name for field in msgspec.structs.fields(RECORDS[record])}
            table[id_] = {"id": id_, **after}
        else:
            row = table[id_]
            assert set(before) == set(after)
            assert {name: row[name] for name in before} == before, f"stale change of {record} {id_}"
            table[id_] = {**row, **after}
        table[id_] = parse_canonical(canonical(table[id_]))

    def _all(self, record: str) -> list[Any]:
        return [msgspec.convert(row, RECORDS[record]) for row in self.tables[record].values()]

    def _of(self, record: str, item: str) -> tuple[Any, ...]:
        rows = self.tables[record].values()
        return tuple(msgspec.convert(row, RECORDS[record]) for row in rows if row["item"] == item)

    def vault(self) -> Vault:
        found: Vault = self._all("vault")[0]
        return found

    def all_of(self, kind: type[Any]) -> tuple[Any, ...]:
        return tuple(self._all(next(record for record, struct in RECORDS.items() if struct is kind)))

    def people(self) -> tuple[Person, ...]:
        return tuple(self._all("person"))

    def keys(self) -> tuple[PersonKey, ...]:
        return tuple(self._all("person_key"))

    def roles(self) -> tuple[PersonRole, ...]:
        return tuple(self._all("person_role"))

    def process_versions(self) -> tuple[ProcessVersionRecord, ...]:
        return tuple(self._all("process_version"))

    def in_force(self, process: str) -> ProcessVersionRecord:
        for each in self.process_versions():
            if each.process == process and each.state == "in_force":
                return each
        raise UsageProblem(f"No process {process!r} is in force here.")

    def process_version(self, version: str) -> ProcessVersionRecord:
        return next(each for each in self.process_versions() if each.id == version)

    def item(self, item: str) -> Item:
        for row in self.tables["item"].values():
            if item in (row["id"], row["number"]):
                return msgspec.convert(row, Item)
        raise UsageProblem(f"There is no item {item!r} here.")

    def item_file(self, item: str) -> ItemFile:
        found = self.item(item)
        return ItemFile(
            item=found,
            passages=self._of("passage", found.id),
            approvals=self._of("approval", found.id),
            evidence=self._of("evidence", found.id),
            closures=self._of("closure", found.id),
            packs=self._of("pack", found.id),
            **{member: self._of(record, found.id) for member, record in ITEM_FILE.items()},
        )

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        for row in self.tables["item"].values():
            line = msgspec.convert(row, ItemLine)
            if all(not asked or asked == getattr(line, name) for name, asked in _asked(wanted)):
                yield line

    def count(self, wanted: ItemFilter) -> int:
        return sum(1 for _ in self.items(wanted))

    def page(self, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
        return tuple(self.items(wanted))[offset : offset + limit]

    def counts_by_step(self, process: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.items(ItemFilter(process=process)):
            found[line.step] = found.get(line.step, 0) + 1
        return found

    def waiting_for(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        found = []
        for line in self.items(ItemFilter(state="open")):
            pending = pending_approval(gather(self, line.id, actor))
            if pending is not None and pending.open_to(actor.person):
                found.append(
                    WaitingApproval(
                        item=line.id,
                        number=line.number,
                        title=line.title,
                        gate=pending.gate,
                        from_step=pending.from_step,
                        to_step=pending.to_step,
                        level=pending.level,
                        meaning=pending.meaning,
                        since=self.item(line.id).step_since,
                        severity=line.severity,
                    )
                )
        return tuple(found)

    def next_number(self, process: str) -> int:
        rows = [row for row in self.tables["item"].values() if row["process"] == process]
        return 1 + max((int(row["number"].rpartition("-")[2]) for row in rows), default=0)

    def by_source(self, process: str) -> Mapping[str, tuple[str, str]]:
        return {
            row["source_key"] or row["source_fingerprint"]: (row["id"], row["source_fingerprint"])
            for row in self.tables["item"].values()
            if row["process"] == process and row["source_fingerprint"]
        }

    def imports(self) -> tuple[ImportBatch, ...]:
        return tuple(self._all("import_batch"))

    def file_bytes(self, sha256: str) -> Iterator[bytes]:
        yield self.files[sha256]

    def has_file(self, sha256: str) -> bool:
        return sha256 in self.files

    def log_size(self) -> int:
        return len(self.entries)

    def log_count(self, wanted: LogFilter) -> int:
        return len(self._matching(wanted))

    def log_window(self, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
        return self._matching(wanted)[offset : offset + limit]

    def _matching(self, wanted: LogFilter) -> tuple[LogLine, ...]:
        lines = self.log_page(before=self.log_size(), limit=self.log_size())
        return tuple(
            line
            for line in lines
            if wanted.act in ("", line.act)
            and wanted.person in ("", self.entry(line.seq).header.by)
            and wanted.about in f"{line.subject_number} {line.subject}"
            and line.at >= wanted.since
            and (not wanted.until or line.at < wanted.until)
            and (not wanted.signed or self.entry(line.seq).header.auth == "passphrase")
        )

    def log_page(self, *, before: int, limit: int) -> tuple[LogLine, ...]:
        names = {person.id: person.name for person in self.people()}
        return tuple(
            LogLine(
                seq=header.seq,
                at=header.at,
                person=names[header.by],
                role=header.role,
                act=header.act,
                subject=header.subject,
                subject_number=self.tables["item"].get(header.subject, {}).get("number", ""),
                reason=header.reason,
                meaning=header.meaning,
                changes=header.changes.count,
                leaf=entry.leaf().hex(),
            )
            for entry in reversed(self.entries[:before][-limit:])
            for header in [entry.header]
        )

    def entry(self, seq: int) -> Entry:
        return self.entries[seq]

    def changes(self, seq: int) -> tuple[bytes, ...]:
        return self.leaves[seq]

    def entries_about(self, item: str) -> tuple[int, ...]:
        return tuple(self.about.get(item, ()))


def _asked(wanted: ItemFilter) -> tuple[tuple[str, str], ...]:
    return (("process", wanted.process), ("step", wanted.step), ("state", wanted.state))


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
        act = found_vault(
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
            enrol_person, "Ada", person=self.ids[name], name=name, roles=roles, key=a_key(name), slots=f"s-{name}"
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
        return self.do(create_item, "Olga", process="capa", fields={**given, **fields}).header.subject

    def add_accepted(self, item: str, requirement: str, *, by: str = "Olga", reviewer: str = "Quinn") -> str:
        file = a_file(f"{item} {requirement} {self.now}")
        self.do(add_evidence, by, item=item, requirement=requirement, file=file, file_name="record.txt")
        evidence = self.register.item_file(item).evidence[-1].id
        self.do(review_evidence, reviewer, item=item, evidence=evidence, accept=True)
        return evidence

    def sign_both(self, item: str) -> None:
        self.do(approve_item, "Quinn", item=item)
        self.do(approve_item, "Pat", item=item)

    def bring_to(self, item: str, step: str) -> None:
        """Walk the good way to a step, everything filled in, evidenced and signed by other people."""
        while (here := self.register.item(item).step) != step:
            self.make_ready(item)
            to = FORWARD[FORWARD.index(here) + 1]
            if to == "closed":
                self.do(close_item, "Quinn", item=item, outcome="reached", summary="It holds.")
            else:
                self.do(move_item, "Olga", item=item, step=to)

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
            self.do(edit_item, "Olga", item=item, fields=wanted)
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
    """The rules that said no, in order, each once."""
    return list(dict.fromkeys(obstacle.rule for obstacle in verdict.obstacles))
