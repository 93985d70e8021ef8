"""A register in memory that applies changes generically, as replay does: what scenarios are lived through on.

It answers every question of `domain.ports.Register` from dictionaries. Nothing is signed here and nothing is kept:
the signature of its entries is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from domain.act import Act, Actor, IncomingFile
from domain.errors import Damaged, UsageProblem
from domain.gates.facts import gather
from domain.gates.waiting import awaited_from_others, waiting_for_actor
from domain.identity import iso, parse_iso
from domain.items.governance import Alert, Link
from domain.items.item import ImportBatch, Item, ItemFile
from domain.items.people import Person, PersonKey, PersonRole, ProcessVersionRecord, Vault
from domain.items.records import ITEM_FILE
from domain.items.records import RECORDS as STORED
from domain.log.canonical import canonical, parse_canonical
from domain.log.entry import ChangeTree, Entry, Header
from domain.log.merkle import leaf_hash, root_hash
from domain.ports import ItemFilter, ItemLine, LogFilter, LogLine, WaitingApproval
from domain.process.states import version_at
from domain.scenarios.memory_watch import MemoryWatch
from domain.trackers.plan import ExistingRow

RECORDS: dict[str, type[msgspec.Struct]] = {name: kind for name, kind in STORED.items() if name != "file"}
_NO_SIGNATURE = b"\0" * 64


def header_of(act: Act, by: Actor, *, seq: int, root: str = "0" * 64) -> Header:
    """What would be signed for an act as entry `seq` here; `root` is that of its changes (hex)."""
    return Header(
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


class MemoryRegister(MemoryWatch):
    """Answers `domain.ports.Register` from dictionaries; `take` is what the store's `record` is."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, Any]]] = {record: {} for record in RECORDS}
        self.entries: list[Entry] = []
        self.leaves: list[tuple[bytes, ...]] = []
        self.about: dict[str, list[int]] = {}
        self.files: dict[str, bytes] = {}
        self._values: dict[tuple[str, str], tuple[dict[str, Any], Any]] = {}

    def take(self, act: Act, by: Actor) -> Entry:
        """Apply an act, all of it or nothing.

        Raises:
            UsageProblem: it changes nothing. Damaged: a change is not of what is on record, or of no known shape.
        """
        if not act.changes:
            raise UsageProblem("An act without a change proves nothing.", where=act.name)
        before = {record: dict(self.tables[record]) for record in {change.record for change in act.changes}}
        try:
            for change in act.changes:
                self._apply(change.record, change.id, change.before, change.after)
            for file in act.files:
                self.files[file.sha256] = self.bytes_of(file)
        except Damaged:
            self.tables.update(before)
            raise
        seq = len(self.entries)
        self.leaves.append(tuple(change.data() for change in act.changes))
        root = root_hash([leaf_hash(data) for data in self.leaves[-1]]).hex()
        header = header_of(act, by, seq=seq, root=root)
        self.entries.append(Entry(header=header, signature=_NO_SIGNATURE))
        hangs_on = {
            self.tables[change.record][change.id]["item"]
            for change in act.changes
            if change.record in ITEM_FILE.values()
        }
        for id_ in {act.subject, *(change.id for change in act.changes), *hangs_on} - {""}:
            self.about.setdefault(id_, []).append(seq)
        return self.entries[-1]

    def bytes_of(self, file: IncomingFile) -> bytes:
        """The bytes that arrive with an act; here only those the program made itself.

        Raises:
            Damaged: there are none, or they are not those that the act names.
        """
        if file.data is None or sha256(file.data).hexdigest() != file.sha256:
            raise Damaged("A file is not the one that the act names.", where=file.path)
        return file.data

    def _apply(self, record: str, id_: str, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        table = self.tables[record]
        row = table.get(id_)
        if before is None:
            fits = row is None and {"id", *after} == set(RECORDS[record].__struct_fields__)
            row = {"id": id_}
        else:
            fits = row is not None and set(before) == set(after) and {name: row[name] for name in before} == before
        if not fits or row is None:
            raise Damaged("A change is not of what is on record.", where=f"{record} {id_}")
        table[id_] = parse_canonical(canonical({**row, **after}))

    def _value(self, record: str, row: dict[str, Any]) -> Any:
        """The record of a row; a row is never changed, so its record is made once."""
        known = self._values.get((record, row["id"]))
        if known is None or known[0] is not row:
            known = self._values[record, row["id"]] = (row, msgspec.convert(row, RECORDS[record]))
        return known[1]

    def _all(self, record: str) -> list[Any]:
        return [self._value(record, row) for row in self.tables[record].values()]

    def _of(self, record: str, item: str) -> tuple[Any, ...]:
        return tuple(self._value(record, row) for row in self.tables[record].values() if row["item"] == item)

    def vault(self) -> Vault:
        """The vault's own record."""
        found: Vault = self._all("vault")[0]
        return found

    def all_of(self, kind: type[Any]) -> tuple[Any, ...]:
        """Every record of a kind, oldest first."""
        return tuple(self._all(next(record for record, struct in RECORDS.items() if struct is kind)))

    def people(self) -> tuple[Person, ...]:
        """Everyone ever enrolled."""
        return tuple(self._all("person"))

    def keys(self) -> tuple[PersonKey, ...]:
        """Every certified key."""
        return tuple(self._all("person_key"))

    def roles(self) -> tuple[PersonRole, ...]:
        """Every role grant, ended ones too."""
        return tuple(self._all("person_role"))

    def process_versions(self) -> tuple[ProcessVersionRecord, ...]:
        """Every version of every process."""
        return tuple(self._all("process_version"))

    def in_force(self, process: str, at: datetime | None = None) -> ProcessVersionRecord:
        """The version of a process in force at the moment; without one, at that of the newest act.

        Raises:
            UsageProblem: there is none.
        """
        found = version_at(self.process_versions(), process, at or parse_iso(self.entries[-1].header.at))
        if found is not None:
            return found
        raise UsageProblem(f"No process {process!r} is in force here.")

    def process_version(self, version: str) -> ProcessVersionRecord:
        """One version by its id."""
        for each in self.process_versions():
            if each.id == version:
                return each
        raise UsageProblem(f"There is no process version {version!r} here.")

    def item(self, item: str) -> Item:
        """One item by id or number."""
        for row in self.tables["item"].values():
            if item in (row["id"], row["number"]):
                found: Item = self._value("item", row)
                return found
        raise UsageProblem(f"There is no item {item!r} here.")

    def item_file(self, item: str) -> ItemFile:
        """One item with everything on file about it."""
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

    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item."""
        return tuple(each for each in self._all("link") if item in (each.item, each.other))

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        """All matching items."""
        for row in self.tables["item"].values():
            line = msgspec.convert(row, ItemLine)
            if all(not asked or asked == getattr(line, name) for name, asked in _asked(wanted)):
                yield line

    def count(self, wanted: ItemFilter) -> int:
        """How many items match."""
        return sum(1 for _ in self.items(wanted))

    def page(self, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
        """One window of matching items."""
        return tuple(self.items(wanted))[offset : offset + limit]

    def counts_by_step(self, process: str) -> dict[str, int]:
        """Items per step."""
        found: dict[str, int] = {}
        for line in self.items(ItemFilter(process=process)):
            found[line.step] = found.get(line.step, 0) + 1
        return found

    def passages_by_way(self, *, first_day: str, last_day: str) -> dict[tuple[str, str, str], int]:
        """How often items passed from step to step in these days."""
        found: dict[tuple[str, str, str], int] = {}
        for row in self.tables["passage"].values():
            if row["from_step"] and first_day <= row["at"][:10] <= last_day:
                way = (self.tables["item"][row["item"]]["process_version"], row["from_step"], row["to_step"])
                found[way] = found.get(way, 0) + 1
        return found

    def waiting_for(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """Decisions that wait for this person, in the own right or as a deputy."""
        lines = [each for state in ("open", "on_hold") for each in self.items(ItemFilter(state=state))]
        return tuple(each for line in lines for each in waiting_for_actor(gather(self, line.id, actor)))

    def awaited_from_others(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """What items that this person owns or asked about wait for from other people."""
        lines = [each for state in ("open", "on_hold") for each in self.items(ItemFilter(state=state))]
        facts = [gather(self, line.id, actor) for line in lines]
        return tuple(
            each
            for one in facts
            if one.file.item.owner == actor.person
            or any(asked.asked_by == actor.person for asked in one.file.requests)
            or any(asked.asked_by == actor.person for asked in one.file.questions)
            for each in awaited_from_others(one)
        )

    def next_number(self, process: str) -> int:
        """The next running number of a process."""
        rows = [row for row in self.tables["item"].values() if row["process"] == process]
        return 1 + max((int(row["number"].rpartition("-")[2]) for row in rows), default=0)

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """Imported items by the fingerprint of the row they came from."""
        return {
            row["source_fingerprint"]: ExistingRow(
                item=row["id"], fingerprint=row["source_fingerprint"], key=row["source_key"] or None
            )
            for row in self.tables["item"].values()
            if row["process"] == process and row["source_fingerprint"]
        }

    def imports(self) -> tuple[ImportBatch, ...]:
        """Every import, oldest first."""
        return tuple(self._all("import_batch"))

    def file_bytes(self, sha256: str) -> Iterator[bytes]:
        """The stored bytes of a file."""
        yield self.files[sha256]

    def has_file(self, sha256: str) -> bool:
        """Whether the bytes with this hash are stored."""
        return sha256 in self.files

    def log_size(self) -> int:
        """How many acts were taken."""
        return len(self.entries)

    def log_count(self, wanted: LogFilter) -> int:
        """How many entries match."""
        return len(self._matching(wanted))

    def log_window(self, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
        """One window of matching entries, newest first."""
        return self._matching(wanted)[offset : offset + limit]

    def _matching(self, wanted: LogFilter) -> tuple[LogLine, ...]:
        lines = self.log_page(before=self.log_size(), limit=self.log_size())
        return tuple(
            line
            for line in lines
            if wanted.act in ("", line.act)
            and wanted.person in ("", self.entry(line.seq).header.by)
            and wanted.about in f"{line.subject_number} {line.subject}"
            and (not wanted.field or any(f'"{wanted.field}":'.encode() in data for data in self.changes(line.seq)))
            and line.at >= wanted.since
            and (not wanted.until or line.at < wanted.until)
            and (not wanted.signed or self.entry(line.seq).header.auth == "passphrase")
        )

    def log_page(self, *, before: int, limit: int) -> tuple[LogLine, ...]:
        """Entries older than `before`, newest first."""
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
        """One entry."""
        return self.entries[seq]

    def header(self, seq: int) -> Header:
        """The header of one entry."""
        return self.entries[seq].header

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts that are on record."""
        return tuple(each for each in self._all("alert") if each.id in alerts)

    def changes(self, seq: int) -> tuple[bytes, ...]:
        """The canonical bytes of every change of an entry."""
        return self.leaves[seq]

    def entries_about(self, item: str) -> tuple[int, ...]:
        """Entries that have the record as subject or changed it."""
        return tuple(self.about.get(item, ()))


def _asked(wanted: ItemFilter) -> tuple[tuple[str, str], ...]:
    return (("process", wanted.process), ("step", wanted.step), ("state", wanted.state))
