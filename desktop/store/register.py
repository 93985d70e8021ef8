"""The open register for reading: `domain.ports.Register` over the store's connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine

from desktop.store import item_queries, log_queries
from desktop.store import register_queries as asked
from desktop.store.engine import driver_of, translated, without_transaction
from desktop.store.kept_records import KEPT, KeptRecords
from desktop.store.rows import record_of
from desktop.store.statements import Kept
from desktop.store.watch_register import WatchRegister
from domain.act import Actor
from domain.errors import Damaged, UsageProblem
from domain.log.entry import Entry, Header, decode_header
from domain.messages import message
from domain.ports import LogFilter, LogLine, WaitingApproval
from domain.process.decode import decode_process
from domain.process.states import version_at
from domain.records.governance import Link
from domain.records.item import Approval, Closure, Evidence, ImportBatch, Item, ItemFile, Pack, TransitionRecord
from domain.records.people import Person, PersonKey, PersonRole, ProcessVersionRecord, Vault
from domain.records.registry import ITEM_FILE, RECORDS
from domain.remembered import Remembered
from domain.rules.facts import gather
from domain.rules.waiting import awaited_from_others, waiting_for_actor
from domain.state import ItemFilter, ItemLine
from domain.trackers.plan import ExistingRow

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_Made = TypeVar("_Made")
_LEAVES_AT_A_TIME = 10_000


class StoreRegister(WatchRegister):
    """Answers from one connection. Values are frozen; a later act does not change them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sql = driver_of(engine)
        self._kept = KeptRecords()
        self._remembered = Remembered()

    def use(self, engine: Engine) -> None:
        """Read from another connection to the same store from now on."""
        self._engine = engine
        self._sql = driver_of(engine)
        self._kept.forget()
        self._remembered.clear()

    def forget(self, records: Iterable[str] = KEPT) -> None:
        """Records of these kinds were changed: ask the store about them again."""
        records = tuple(records)
        self._kept.forget(records)
        self._remembered.touch(records)

    def remembered(self, records: tuple[str, ...], question: object, make: Callable[[], _Made]) -> _Made:
        """See `domain.state.State.remembered`."""
        return self._remembered.answer(records, question, make)

    def _rows(self, question: Kept, *values: Any) -> list[tuple[Any, ...]]:
        with translated("store.db"):
            found: list[tuple[Any, ...]] = question.on(self._sql, *values).fetchall()
            return found

    def _records(self, record: str, question: Kept, *values: Any) -> tuple[Any, ...]:
        def ask() -> tuple[Any, ...]:
            return tuple(record_of(record, row) for row in self._rows(question, *values))

        return self._kept.answer(record, question.text, values, ask)

    def vault(self) -> Vault:
        """The vault's own record.

        Raises:
            Damaged: there is none: the store was never created, or its row was taken away.
        """
        found: tuple[Vault, ...] = self._records("vault", asked.all_of("vault"))
        if not found:
            raise Damaged(
                message("The store does not say which vault it is."), where="vault", remedy=message("Restore a backup.")
            )
        return found[0]

    def all_of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Every record of a kind, in the order of their ids: UUIDv7, so oldest first."""
        record = next(name for name, struct in RECORDS.items() if struct is kind)
        return self._records(record, asked.all_of(record, "id"))

    def people(self) -> tuple[Person, ...]:
        """Everyone ever enrolled, by name."""
        return self._records("person", asked.all_of("person", "name"))

    def keys(self) -> tuple[PersonKey, ...]:
        """Every certified key."""
        return self._records("person_key", asked.all_of("person_key", "valid_from", "id"))

    def roles(self) -> tuple[PersonRole, ...]:
        """Every role grant, ended ones too."""
        return self._records("person_role", asked.all_of("person_role", "valid_from", "id"))

    def process_versions(self) -> tuple[ProcessVersionRecord, ...]:
        """Every version of every process."""
        return self._records("process_version", asked.all_of("process_version", "process", "version"))

    def in_force(self, process: str, at: datetime | None = None) -> ProcessVersionRecord:
        """The version of `process` in force at the moment; None = now."""
        versions: tuple[ProcessVersionRecord, ...] = self._records(
            "process_version", asked.with_field("process_version", "process"), process
        )
        found = version_at(versions, process, at or datetime.now(UTC))
        if found is None:
            known = ", ".join(sorted({version.process for version in self.process_versions()}))
            raise UsageProblem(
                message("No process {process!r} is in force here.", process=process),
                remedy=message("Processes here: {known}.", known=known),
            )
        return found

    def process_version(self, version: str) -> ProcessVersionRecord:
        """One version by its id, such as capa@1."""
        found: tuple[ProcessVersionRecord, ...] = self._records(
            "process_version", asked.with_field("process_version", "id"), version
        )
        if not found:
            raise UsageProblem(message("There is no process version {version!r} here.", version=version))
        return found[0]

    def item(self, item: str) -> Item:
        """One item by id or number."""
        found: tuple[Item, ...] = self._records("item", asked.ITEM, item)
        if not found:
            raise UsageProblem(
                message("There is no item {item!r} here.", item=item),
                remedy=message("List the items to see their numbers."),
            )
        return found[0]

    def item_file(self, item: str) -> ItemFile:
        """One item with everything on file about it, oldest first."""
        found = self.item(item)
        transition_records: tuple[TransitionRecord, ...] = self._of("transition_record", found.id, "at", "id")
        approvals: tuple[Approval, ...] = self._of("approval", found.id, "given_at", "id")
        evidence: tuple[Evidence, ...] = self._of("evidence", found.id, "added_at", "id")
        closures: tuple[Closure, ...] = self._of("closure", found.id, "closed_at", "id")
        packs: tuple[Pack, ...] = self._of("pack", found.id, "made_at", "id")
        # Most items have none of these: one question shows which tables are worth asking.
        others = {record for (record,) in self._rows(asked.RECORDS_OF_AN_ITEM, found.id)}
        more: dict[str, Any] = {
            member: self._of(record, found.id, "id") for member, record in ITEM_FILE.items() if record in others
        }
        return ItemFile(
            item=found,
            transition_records=transition_records,
            approvals=approvals,
            evidence=evidence,
            closures=closures,
            packs=packs,
            **more,
        )

    def links_about(self, item: str) -> tuple[Link, ...]:
        """Every link from or to the item, oldest first."""
        return self._records("link", asked.LINKS_ABOUT, item)

    def _of(self, record: str, item: str, *order: str) -> tuple[Any, ...]:
        return self._records(record, asked.with_field(record, "item", *order), item)

    def items(self, wanted: ItemFilter) -> Iterator[ItemLine]:
        """Stream all matching items."""
        with without_transaction(self._engine) as connection:
            yield from item_queries.stream_items(connection, wanted)

    def count(self, wanted: ItemFilter) -> int:
        """How many items match."""
        with without_transaction(self._engine) as connection:
            return item_queries.count_items(connection, wanted)

    def page(self, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
        """One window of matching items."""
        with without_transaction(self._engine) as connection:
            return item_queries.page_of_items(connection, wanted, offset=offset, limit=limit)

    def counts_by_step(self, process: str) -> dict[str, int]:
        """Items per step, without those closed before they came into the vault."""
        with without_transaction(self._engine) as connection:
            return item_queries.counts_by_step(connection, process)

    def transition_counts(self, *, first_day: str, last_day: str) -> dict[tuple[str, str, str], int]:
        """How often items passed from step to step in these days."""
        with without_transaction(self._engine) as connection:
            return item_queries.transition_counts(connection, first_day=first_day, last_day=last_day)

    def waiting_for(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """Decisions that wait for this person now, in their right or as a delegate, the oldest first."""
        gated = _gated_places(self.process_versions())
        places = self._rows(asked.waiting_places(len(gated) // 2), *gated)
        waiting = [each for row in places for each in waiting_for_actor(gather(self, row[0], actor))]
        return tuple(sorted(waiting, key=lambda each: each.since))

    def awaited_from_others(self, actor: Actor) -> tuple[WaitingApproval, ...]:
        """What items that this person owns or asked about wait for from other people, the oldest first."""
        gated = _gated_places(self.process_versions())
        places = self._rows(asked.waiting_places(len(gated) // 2, of_person=True), *gated, actor.person)
        found = [each for row in places for each in awaited_from_others(gather(self, row[0], actor))]
        return tuple(sorted(found, key=lambda each: each.since))

    def next_number(self, process: str) -> int:
        """The next running number of a process: numbers are never used twice."""
        rows = self._rows(asked.LAST_NUMBER, process)
        return int(rows[0][0].rpartition("-")[2]) + 1 if rows else 1

    def by_source(self, process: str) -> Mapping[str, ExistingRow]:
        """Imported items by the fingerprint of the row they came from."""
        rows = self._rows(asked.BY_SOURCE, process)
        return {row[1]: ExistingRow(item=row[2], fingerprint=row[1], key=row[0] or None) for row in rows}

    def imports(self) -> tuple[ImportBatch, ...]:
        """Every import, oldest first."""
        return self._records("import_batch", asked.all_of("import_batch", "at", "id"))

    def has_file(self, sha256: str) -> bool:
        """Whether the bytes with this hash are stored."""
        return self.file_size(sha256) is not None

    def file_size(self, sha256: str) -> int | None:
        """How many bytes the stored file with this hash has; None where it is not stored."""
        rows = self._rows(asked.SIZE_OF, sha256)
        return int(rows[0][0]) if rows else None

    def acts_on_record(self) -> tuple[tuple[str, int, int], ...]:
        """Every act by name, with how often it is on record and its newest entry."""
        return tuple(tuple(row) for row in self._rows(asked.ACTS))

    def devices_on_record(self) -> Mapping[str, int]:
        """Every installation that made entries, with how many; "" stands for entries that name none."""
        return {str(row[0] or ""): int(row[1]) for row in self._rows(asked.DEVICES)}

    def latest_time(self) -> str:
        """The latest time that an entry states; "" in an empty log."""
        return str(self._rows(asked.LATEST)[0][0])

    def authors_between(self, first: int, last: int) -> Mapping[str, int]:
        """How many entries each person made from entry `first` to `last`."""
        return {row[0]: int(row[1]) for row in self._rows(asked.AUTHORS_BETWEEN, first, last)}

    def entries_behind(self) -> tuple[Header, ...]:
        """The headers of entries made while the clock was behind a time that the log claimed before, oldest first."""
        return tuple(decode_header(row[0]) for row in self._rows(asked.BEHIND))

    def item_counts(self, day: str) -> tuple[tuple[str, str, int, int], ...]:
        """By process and state: how many items, and how many of them were due before `day` (ISO)."""
        return tuple((row[0], row[1], int(row[2]), int(row[3] or 0)) for row in self._rows(asked.ITEM_COUNTS, day))

    def signed_entries(self, acts: Iterable[str]) -> tuple[Header, ...]:
        """The headers of entries that are one of these acts, carry a meaning or were signed with the passphrase."""
        with without_transaction(self._engine) as connection:
            return log_queries.signed_entries(connection, tuple(acts))

    def files(self) -> frozenset[str]:
        """The hashes of every stored file."""
        return frozenset(row[0] for row in self._rows(asked.FILES))

    def file_bytes(self, sha256: str) -> Iterator[bytes]:
        """The stored bytes of a file, in chunks."""
        if not self.has_file(sha256):
            raise UsageProblem(message("No file with hash {sha256} is stored here.", sha256=sha256))
        for (count,) in self._rows(asked.CHUNKS_OF, sha256):
            for n in range(count):
                for (data,) in self._rows(asked.CHUNK, sha256, n):
                    yield data

    def log_size(self) -> int:
        """How many entries the log has."""
        return int(self._rows(asked.LOG_SIZE)[0][0])

    def entry(self, seq: int) -> Entry:
        """One entry as signed.

        Raises:
            UsageProblem: the log has no such entry. Damaged: what is stored there is none.
        """
        rows = self._rows(asked.ENTRY, seq)
        if not rows:
            raise UsageProblem(message("There is no entry {seq} in this log.", seq=seq))
        try:
            return Entry(header=decode_header(rows[0][0]), signature=rows[0][1])
        except (TypeError, ValueError) as problem:
            raise Damaged(
                message("An entry of the log is not what an entry is."),
                where=message("entry {seq}", seq=seq),
                remedy=message("Verify the log."),
            ) from problem

    def header(self, seq: int) -> Header:
        """The header of one entry."""
        return self.entry(seq).header

    def leaves(self) -> list[bytes]:
        """All leaf hashes, for proofs."""
        return [row[0] for row in self._rows(asked.LEAVES)]

    def leaves_between(self, first: int, end: int) -> Iterator[bytes]:
        """The leaf hashes of entries from `first` up to, not with, `end`."""
        for start in range(first, end, _LEAVES_AT_A_TIME):
            stop = min(start + _LEAVES_AT_A_TIME, end)
            rows = self._rows(asked.LEAVES_BETWEEN, start, stop)
            yield from (row[0] for row in rows)

    def changes(self, seq: int) -> tuple[bytes, ...]:
        """The canonical bytes of an entry's leaves: its command's (`header.commands` of them), then every change."""
        return tuple(row[0] for row in self._rows(asked.CHANGES, seq))

    def entries_about(self, item: str) -> tuple[int, ...]:
        """Entries that have the item as subject, changed its record (an import), or a record that hangs on it."""
        return tuple(row[0] for row in self._rows(asked.ENTRIES_ABOUT, item))

    def entries_bringing(self, ids: tuple[str, ...]) -> tuple[int, ...]:
        """Entries that created or changed any of these records."""
        with without_transaction(self._engine) as connection:
            return log_queries.entries_bringing(connection, ids)

    def newest_entries(self, ids: frozenset[str]) -> Mapping[str, int]:
        """The newest entry that created or changed each of these records."""
        with without_transaction(self._engine) as connection:
            return log_queries.newest_entries(connection, ids)

    def log_page(self, *, before: int, limit: int) -> tuple[LogLine, ...]:
        """Entries older than seq `before`, newest first."""
        with without_transaction(self._engine) as connection:
            return log_queries.page_before(connection, before=before, limit=limit)

    def log_count(self, wanted: LogFilter) -> int:
        """How many entries match."""
        if wanted == LogFilter():
            return self.log_size()
        with without_transaction(self._engine) as connection:
            return log_queries.count_entries(connection, wanted)

    def log_window(self, wanted: LogFilter, *, offset: int, limit: int) -> tuple[LogLine, ...]:
        """One window of matching entries, newest first."""
        if wanted == LogFilter():
            return self.log_page(before=self.log_size() - offset, limit=limit)
        with without_transaction(self._engine) as connection:
            return log_queries.window_of_entries(connection, wanted, offset=offset, limit=limit)


def _gated_places(versions: tuple[ProcessVersionRecord, ...]) -> tuple[str, ...]:
    """Process version and step, one after the other, before a gate with approvals.

    These are its own, or earlier ones that must still hold.
    """
    found: list[str] = []
    for record in versions:
        version = decode_process(record.definition)
        for transition in version.transitions:
            gate = version.gate(transition.id)
            if gate is not None and (gate.approvals or gate.still_approved):
                found += (record.id, transition.source)
    return tuple(found)
