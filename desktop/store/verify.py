"""Verification: every hash, every signature, every role held, and replayed tables equal to stored tables.

The log is folded, entry by entry, into empty tables of an encrypted scratch database with a throw-away key,
so memory stays constant; then both sets of tables are compared in SQL, row by row, field by field.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from desktop.scratch.folders import scratch_folder
from desktop.store.compare import check_search_index, compare_tables, count_rows
from desktop.store.engine import without_transaction
from desktop.store.findings import Findings, Unreadable, reading
from desktop.store.fold import Fold
from desktop.store.replay_log import LogReplay, VerifySignature
from desktop.store.schema import READ_SCHEMA, schema_differences
from desktop.store.scratch_overflow import ScratchNumbers, ScratchOverflow
from desktop.store.stored_files import check_files
from domain.log.merkle import Frontier
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.records.registry import RECORDS
from domain.replay.decide_again import EntryJudge
from domain.replay.state import MemoryState
from domain.services import Progress

_SCRATCH_CACHE_KIB = 32 * 1024
_OTHERS = ("log_head", "file_chunk")


def verify_store(
    engine: Engine,
    *,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
    progress: Progress | None = None,
    derived: bool = True,
) -> LogVerdict:
    """Check everything and say what does not hold.

    `root_key` is the vault's root public key as known from the key slots; certificates must chain to it.
    `derived` = also what is only derived (the search index), which needs a store opened for writing.

    Raises:
        Damaged: the file is too damaged to be read at all.
        Cancelled: `progress` asked to stop.
    """
    lost: dict[str, str] = {}
    while True:
        try:
            return _verify(
                engine,
                lost,
                vault=vault,
                root_key=root_key,
                verify_signature=verify_signature,
                progress=progress,
                derived=derived,
            )
        except Unreadable as problem:
            if problem.table in lost or problem.table not in (*RECORDS, *_OTHERS):
                raise
            # the connection is of no use any more; everything else is looked at on a new one
            lost[problem.table] = problem.what
            engine.dispose()


def _verify(
    engine: Engine,
    lost: Mapping[str, str],
    *,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
    progress: Progress | None,
    derived: bool,
) -> LogVerdict:
    """One pass over everything that can be read; `lost` are tables that cannot, and why."""
    findings = Findings()
    for table, why in lost.items():
        findings.note("page", message("{table} cannot be read: {why}", table=table, why=why), table=table)
    with without_transaction(engine) as connection, scratch(connection):
        _check_pages(connection, findings)
        check_schema(connection, findings)
        connection.exec_driver_sql("BEGIN")
        overflow, numbers = ScratchOverflow(connection), ScratchNumbers(connection)
        fold = Fold(connection, findings, judge=EntryJudge(MemoryState(overflow, numbers)))
        try:
            replay = LogReplay(fold, findings, vault=vault, root_key=root_key, verify_signature=verify_signature)
            tree = replay.tree
            try:
                with reading("entry"):
                    replay.entries(connection, progress=progress)
                    fold.check_leftover_changes()
            except Unreadable as problem:
                text = message(
                    "Entries from {size} on, or their changes, cannot be read: {what}",
                    size=tree.size,
                    what=problem.what,
                )
                findings.note("page", text, table="entry", row=str(tree.size), entry=tree.size)
                engine.dispose()
                return _verdict(vault, replay, fold, findings)
            fold.flush()
            rows, files = count_rows(connection), 0
            with reading("log_head"):
                if "log_head" not in lost:
                    check_head(connection, tree, findings)
            compare_tables(connection, findings, progress, lost=lost)
            with reading("file_chunk"):
                if "file_chunk" not in lost:
                    files = check_files(connection, findings, progress)
            if derived:
                check_search_index(connection, findings)
            return _verdict(vault, replay, fold, findings, rows=rows, files=files)
        finally:
            fold.close()
            overflow.close()
            numbers.close()
            # the scratch keeps no journal, so it cannot be rolled back; nothing was written to the store itself
            quietly(connection, "COMMIT")


def _verdict(
    vault: str, replay: LogReplay, fold: Fold, findings: Findings, *, rows: int = 0, files: int = 0
) -> LogVerdict:
    return LogVerdict(
        vault=vault,
        entries=replay.tree.size,
        root=replay.tree.root().hex(),
        behind=tuple(replay.behind),
        behind_count=replay.behind_count,
        changes=fold.changes,
        rows=rows,
        files=files,
        findings=tuple(findings),
    )


def quietly(connection: Connection, statement: str) -> None:
    """Tidy up; on a connection that damage has made useless this fails too, and closing it tidies up as well."""
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError:
        connection.engine.dispose()


@contextmanager
def scratch(connection: Connection) -> Iterator[None]:
    """An encrypted scratch database beside the store's connection, gone afterwards, or swept at the next start."""
    with scratch_folder() as folder:
        path = folder / "replay.db"
        connection.exec_driver_sql(
            f"ATTACH DATABASE ? AS replay KEY \"x'{secrets.token_hex(32)}'\"", (path.absolute().as_uri() + "?mode=rwc",)
        )
        try:
            connection.exec_driver_sql("PRAGMA replay.journal_mode = OFF")
            connection.exec_driver_sql("PRAGMA replay.synchronous = OFF")
            connection.exec_driver_sql(f"PRAGMA replay.cache_size = -{_SCRATCH_CACHE_KIB}")
            yield
        finally:
            quietly(connection, "DETACH DATABASE replay")


def _check_pages(connection: Connection, findings: Findings) -> None:
    damaged = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
    for row in damaged:
        findings.note("page", str(row[0]), table="store.db")
    if damaged:
        return  # reading a damaged page ends the connection: tables tell for themselves which of them can be read
    for row in connection.exec_driver_sql("PRAGMA main.integrity_check").fetchall():
        if row[0] != "ok":
            findings.note("page", str(row[0]), table="store.db")


def check_schema(connection: Connection, findings: Findings) -> None:
    """Nothing may be in the store that this program did not put there, and nothing may lack."""
    for name, what in schema_differences(connection.exec_driver_sql(READ_SCHEMA)).items():
        findings.note("schema", f"{name} {what}.", table=name)


def check_head(connection: Connection, tree: Frontier, findings: Findings) -> None:
    """The stored head must be the tree over the entries."""
    heads = connection.exec_driver_sql("SELECT one, size, roots FROM main.log_head").fetchall()
    if [head.one for head in heads] != [1]:
        findings.note("tail", message("The log needs exactly one head."), table="log_head", row="1", field="one")
    for head in heads:
        if head.size != tree.size:
            text = message("The log head counts {size} entries; {size_2} are here.", size=head.size, size_2=tree.size)
            findings.note("tail", text, table="log_head", row="1", field="size")
        elif head.roots != b"".join(tree.roots):
            text = message("The log head is not the tree over the entries.")
            findings.note("tail", text, table="log_head", row="1", field="roots")
