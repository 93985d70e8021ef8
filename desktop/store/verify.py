"""Verification: every hash, every signature, every role held, and replayed tables equal to stored tables.

The log is folded, entry by entry, into empty tables of an encrypted scratch database with a throw-away key,
so memory stays constant; then both sets of tables are compared in SQL, row by row, field by field.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.compare import compare_tables, count_rows
from desktop.store.engine import without_transaction
from desktop.store.findings import Findings
from desktop.store.fold import Fold
from desktop.store.stored_files import check_files
from desktop.store.tables import schema_statements
from desktop.store.walk import VerifySignature, Walk
from domain.log.merkle import Frontier
from domain.log.verdict import LogVerdict
from domain.ports import Progress

_SCRATCH_CACHE_KIB = 32 * 1024


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
    findings = Findings()
    with without_transaction(engine) as connection, scratch(connection):
        with findings.unreadable("store.db"):
            _check_pages(connection, findings)
        check_schema(connection, findings)
        connection.exec_driver_sql("BEGIN")
        fold = Fold(connection, findings)
        try:
            walk = Walk(fold, findings, vault=vault, root_key=root_key, verify_signature=verify_signature)
            tree = walk.tree
            with findings.unreadable("entry", entry=lambda: tree.size):
                walk.entries(connection, progress=progress)
                fold.check_leftover_changes()
            fold.flush()
            files = 0
            with findings.unreadable("log_head"):
                check_head(connection, tree, findings)
            compare_tables(connection, findings, progress, derived=derived)
            with findings.unreadable("file_chunk"):
                files = check_files(connection, findings, progress)
            verdict = LogVerdict(
                vault=vault,
                entries=tree.size,
                root=tree.root().hex(),
                changes=fold.changes,
                rows=count_rows(connection),
                files=files,
                findings=tuple(findings),
            )
        finally:
            fold.close()
            # the scratch keeps no journal, so it cannot be rolled back; nothing was written to the store itself
            connection.exec_driver_sql("COMMIT")
    return verdict


@contextmanager
def scratch(connection: Connection) -> Iterator[None]:
    """An encrypted scratch database beside the store's connection, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="countersign-replay-") as folder:
        path = Path(folder) / "replay.db"
        connection.exec_driver_sql(
            f"ATTACH DATABASE ? AS replay KEY \"x'{secrets.token_hex(32)}'\"", (path.absolute().as_uri() + "?mode=rwc",)
        )
        try:
            connection.exec_driver_sql("PRAGMA replay.journal_mode = OFF")
            connection.exec_driver_sql("PRAGMA replay.synchronous = OFF")
            connection.exec_driver_sql(f"PRAGMA replay.cache_size = -{_SCRATCH_CACHE_KIB}")
            yield
        finally:
            connection.exec_driver_sql("DETACH DATABASE replay")


def _check_pages(connection: Connection, findings: Findings) -> None:
    for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall():
        findings.note("page", str(row[0]), table="store.db")
    for row in connection.exec_driver_sql("PRAGMA main.integrity_check").fetchall():
        if row[0] != "ok":
            findings.note("page", str(row[0]), table="store.db")


@lru_cache(maxsize=1)
def expected_schema() -> dict[str, str]:
    """Name -> SQL of everything an untouched store contains, search shadow tables included."""
    fresh = sqlcipher.connect(":memory:")
    try:
        for statement in schema_statements():
            fresh.execute(statement)
        return {row[0]: row[1] or "" for row in fresh.execute("SELECT name, sql FROM sqlite_master")}
    finally:
        fresh.close()


def check_schema(connection: Connection, findings: Findings) -> None:
    """Nothing may be in the store that this program did not put there, and nothing may lack."""
    expected = expected_schema()
    found = {
        row[0]: row[1] or ""
        for row in connection.exec_driver_sql("SELECT name, sql FROM main.sqlite_master").fetchall()
    }
    for name in sorted(set(expected) | set(found)):
        if expected.get(name) != found.get(name):
            what = "is missing" if name not in found else "is not ours" if name not in expected else "was altered"
            findings.note("schema", f"{name} {what}.", table=name)


def check_head(connection: Connection, tree: Frontier, findings: Findings) -> None:
    """The stored head must be the tree over the entries."""
    heads = connection.exec_driver_sql("SELECT one, size, roots FROM main.log_head").fetchall()
    if [head.one for head in heads] != [1]:
        findings.note("tail", "The log needs exactly one head.", table="log_head", row="1", field="one")
    for head in heads:
        if head.size != tree.size:
            text = f"The log head counts {head.size} entries; {tree.size} are here."
            findings.note("tail", text, table="log_head", row="1", field="size")
        elif head.roots != b"".join(tree.roots):
            text = "The log head is not the tree over the entries."
            findings.note("tail", text, table="log_head", row="1", field="roots")
