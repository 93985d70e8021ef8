"""A register in memory: the state that replay stands on, with what screens query. Scenarios are run on it.

Nothing is signed here and nothing is kept: the signature of its entries is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from domain.act import Act, Actor, IncomingFile
from domain.errors import Damaged, UsageProblem
from domain.identity import iso
from domain.log.canonical import canonical, parse_canonical
from domain.log.entry import FORMAT_VERSION, SCHEMA_VERSION, ChangeTree, Entry, Header
from domain.log.merkle import leaf_hash, root_hash
from domain.messages import message
from domain.ports import LogFilter, LogLine, WaitingApproval
from domain.records.item import CLOSED_BEFORE, ImportBatch
from domain.replay.state import MemoryState
from domain.rules.facts import gather
from domain.rules.waiting import awaited_from_others, waiting_for_actor
from domain.simulation.memory_watch import MemoryWatch
from domain.state import ItemFilter, ItemLine
from domain.trackers.plan import ExistingRow

_NO_SIGNATURE = b"\0" * 64


def header_of(act: Act, by: Actor, *, seq: int, root: str = "0" * 64) -> Header:
    """What would be signed for an act as entry `seq` here; `root` is that of its leaves (hex)."""
    return Header(
        v=FORMAT_VERSION,
        law=act.law,
        vault="memory",
        seq=seq,
        prev="0" * 64,
        at=iso(by.at),
        zone="UTC",
        behind="",
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
        auth="passphrase" if act.signing else "session",
        schema=SCHEMA_VERSION,
        commands=len(act.command),
        changes=ChangeTree(len(act.command) + len(act.changes), root),
    )


class MemoryRegister(MemoryState, MemoryWatch):
    """Answers `domain.ports.Register` from dictionaries; `take` is what the store's `record` is."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.leaves: list[tuple[bytes, ...]] = []
        self.files: dict[str, bytes] = {}

    def take(self, act: Act, by: Actor) -> Entry:
        """Carry out an act as the next entry.

        Raises:
            UsageProblem: it changes nothing. Damaged: a change is not of what is on record, or of no known shape.
        """
        if not act.changes:
            raise UsageProblem(message("memory_register.an_act_without_a"), where=act.name)
        seq = len(self.entries)
        changes = tuple(
            msgspec.structs.replace(each, after=parse_canonical(canonical(each.after))) for each in act.changes
        )
        leaves = (*act.command, *(each.data() for each in changes))
        header = header_of(act, by, seq=seq, root=root_hash([leaf_hash(data) for data in leaves]).hex())
        self.begin(header)
        for change in changes:
            self.apply(change)
        for file in act.files:
            if file.data is not None or file.path:
                self.files[file.sha256] = self.bytes_of(file)
        self.leaves.append(leaves)
        self.entries.append(Entry(header=header, signature=_NO_SIGNATURE))
        return self.entries[-1]

    def bytes_of(self, file: IncomingFile) -> bytes:
        """The bytes that arrive with an act; here only those the program made itself.

        Raises:
            Damaged: there are none, or they are not those that the act names.
        """
        if file.data is None or sha256(file.data).hexdigest() != file.sha256:
            raise Damaged(message("memory_register.a_file_is_not"), where=file.path)
        return file.data

    def count(self, wanted: ItemFilter) -> int:
        """How many items match."""
        return sum(1 for _ in self.items(wanted))

    def page(self, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
        """One window of matching items."""
        return tuple(self.items(wanted))[offset : offset + limit]

    def counts_by_step(self, process: str) -> dict[str, int]:
        """Items per step, without those closed before they came into the vault."""
        found: dict[str, int] = {}
        for line in self.items(ItemFilter(process=process)):
            if line.state != CLOSED_BEFORE:
                found[line.step] = found.get(line.step, 0) + 1
        return found

    def transition_counts(self, *, first_day: str, last_day: str) -> dict[tuple[str, str, str], int]:
        """How often items passed from step to step in these days."""
        found: dict[tuple[str, str, str], int] = {}
        for row in self.rows("transition_record"):
            if row["from_step"] and first_day <= row["at"][:10] <= last_day:
                transition = (self.item(row["item"]).process_version, row["from_step"], row["to_step"])
                found[transition] = found.get(transition, 0) + 1
        return found

    def waiting_for(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """Decisions that wait for this person, in their right or as a delegate."""
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

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """Imported items of a process by the fingerprint of the row they came from."""
        rows = (row for row in self.rows("item") if row["process"] == process and row["source_fingerprint"])
        return {
            row["source_fingerprint"]: ExistingRow(
                item=row["id"], fingerprint=row["source_fingerprint"], key=row["source_key"] or None
            )
            for row in rows
        }

    def imports(self) -> tuple[ImportBatch, ...]:
        """Every import, oldest first."""
        return self.all_of(ImportBatch)

    def file_bytes(self, sha256: str) -> Iterator[bytes]:
        """The stored bytes of a file."""
        yield self.files[sha256]

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
                person=names.get(header.by, header.by),
                role=header.role,
                act=header.act,
                subject=header.subject,
                subject_number=self._number_of(header.subject),
                reason=header.reason,
                meaning=header.meaning,
                changes=header.changes.count - header.commands,
                leaf=entry.leaf().hex(),
            )
            for entry in reversed(self.entries[:before][-limit:])
            for header in [entry.header]
        )

    def _number_of(self, subject: str) -> str:
        return next((row["number"] for row in self.rows("item") if row["id"] == subject), "")

    def entry(self, seq: int) -> Entry:
        """One entry."""
        return self.entries[seq]

    def changes(self, seq: int) -> tuple[bytes, ...]:
        """The canonical bytes of an entry's leaves: its command's, then every change."""
        return self.leaves[seq]
