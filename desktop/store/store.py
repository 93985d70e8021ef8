"""The store: one encrypted file with the register, the log and the evidence bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desktop.store import drafts
from desktop.store.engine import create_schema, driver_of, open_engine, translated, without_transaction
from desktop.store.findings import Findings
from desktop.store.record import must_know_log, read_head, record
from desktop.store.register import StoreRegister
from desktop.store.schema import READ_SCHEMA, schema_differences
from desktop.store.snapshot import copy_store
from desktop.store.stored_files import check_files, recorded_bytes
from desktop.store.verify import verify_store
from desktop.store.verify_since import Since, verify_since
from domain.act import Act
from domain.log.checkpoint import Checkpoint, origin_of
from domain.log.entry import Entry
from domain.log.merkle import Frontier
from domain.log.verdict import LogVerdict
from domain.ports import Signatory
from domain.services import Progress

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""verify(public key, signature, message)"""


class Store:
    """An open store. Ask `register`; tell it things only through `record`."""

    def __init__(self, engine: Engine, vault: str, *, read_only: bool = False, path: Path | None = None) -> None:
        self._engine = engine
        self._read_only = read_only
        self._path = path
        self.vault = vault
        self.register = StoreRegister(engine)

    @classmethod
    def create(cls, path: Path, key: bytes, *, vault: str) -> Store:
        """A new, empty store at `path`; the first act recorded must found the vault."""
        engine = open_engine(path, key, create=True)
        try:
            create_schema(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, vault, path=path)

    @classmethod
    def open(cls, path: Path, key: bytes, *, vault: str, read_only: bool = False, any_schema: bool = False) -> Store:
        """An existing store (see `open_engine` for what it raises and `any_schema`).

        Raises:
            NewerFormat: a newer program wrote in the log.
        """
        engine = open_engine(path, key, read_only=read_only, any_schema=any_schema)
        try:
            must_know_log(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, vault, read_only=read_only, path=path)

    def schema_differences(self) -> dict[str, str]:
        """What is not built as this program builds it: name -> what is wrong."""
        with translated("store.db"), self._engine.connect() as connection:
            return schema_differences(connection.exec_driver_sql(READ_SCHEMA))

    def exchange(self, key: bytes, put_in_place: Callable[[Path], None]) -> None:
        """Let go of the file, have another one put in its place, and open that one under its own key.

        If `put_in_place` raises, the file is asked for again under the old key when it is needed next.

        Raises:
            Damaged, Unavailable: as `open_engine`; and whatever `put_in_place` raises.
        """
        if self._path is None:
            raise ValueError("a store without a file has no place")
        self._engine.dispose()
        put_in_place(self._path)
        self._engine = open_engine(self._path, key)
        self.register.use(self._engine)

    def record(
        self,
        act: Act,
        *,
        signatory: Signatory,
        at: datetime,
        zone: str,
        device: str,
        expected: int | None = None,
        progress: Progress | None = None,
    ) -> Entry:
        """The only write verb; see `desktop.store.record`."""
        try:
            entry = record(
                self._engine,
                act,
                vault=self.vault,
                signatory=signatory,
                at=at,
                zone=zone,
                device=device,
                expected=expected,
                progress=progress,
            )
        except BaseException:
            self.register.forget()
            raise
        self.register.forget(change.record for change in act.changes)
        return entry

    def checkpoint(self) -> Checkpoint:
        """Size and root of the log now (unsigned)."""
        with translated("store.db"):
            head = read_head(driver_of(self._engine))
        return Checkpoint(origin=origin_of(self.vault), size=head.size, root=head.root())

    def verify(
        self, verify_signature: VerifySignature, *, root_key: bytes, progress: Progress | None = None
    ) -> LogVerdict:
        """Replay the whole log into empty tables and compare; see `desktop.store.verify`."""
        return verify_store(
            self._engine,
            vault=self.vault,
            root_key=root_key,
            verify_signature=verify_signature,
            progress=progress,
            derived=not self._read_only,
        )

    def verify_since(self, verify_signature: VerifySignature, *, root_key: bytes, **how: Any) -> Since:
        """Check the newer entries, on top of proven ones; see `desktop.store.verify_since`."""
        return verify_since(self._engine, vault=self.vault, root_key=root_key, verify_signature=verify_signature, **how)

    def stored_bytes(self) -> int:
        """How many bytes of evidence and other files are on record."""
        with translated("store.db"), self._engine.connect() as connection:
            return recorded_bytes(connection)

    def check_files(self, *, progress: Progress | None = None) -> LogVerdict:
        """Hold every stored file against the hash that names it, and nothing else.

        Raises:
            Damaged: the file is too damaged to be read. Cancelled: `progress` asked to stop.
        """
        findings, head = Findings(), self.tree()
        with translated("store.db"), without_transaction(self._engine) as connection:
            files = check_files(connection, findings, progress)
        return LogVerdict(
            vault=self.vault,
            entries=head.size,
            root=head.root().hex(),
            changes=0,
            rows=0,
            files=files,
            findings=tuple(findings),
            since=head.size,
        )

    def tree(self) -> Frontier:
        """The log's tree as its head says it is."""
        with translated("store.db"):
            return read_head(driver_of(self._engine))

    def copy_to(self, target: Path, key: bytes, *, progress: Progress | None = None) -> None:
        """A consistent copy of the open store in a new file under the same key; see `desktop.store.snapshot`."""
        copy_store(self._engine, target, key, progress=progress)

    def save_draft(self, *, person: str, place: str, sealed: bytes, at: str) -> None:
        """Keep a person's unfinished work; see `desktop.store.drafts`."""
        drafts.save_draft(self._engine, person=person, place=place, sealed=sealed, at=at)

    def drafts_of(self, *, person: str) -> dict[str, bytes]:
        """A person's unfinished work, by place."""
        return drafts.drafts_of(self._engine, person=person)

    def forget_draft(self, *, person: str, place: str) -> None:
        """The unfinished work was finished or thrown away."""
        drafts.forget_draft(self._engine, person=person, place=place)

    def forget_the_gone(self) -> None:
        """Unfinished work of people who no longer work here goes with them."""
        drafts.forget_the_gone(self._engine)

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()
