"""Verification: every hash, every signature, every role held, and replayed tables equal to stored tables.

The log is folded, entry by entry, into empty tables of an encrypted scratch database with a throw-away key,
so memory stays constant; then both sets of tables are compared in SQL, row by row, field by field.
"""

from __future__ import annotations

import secrets
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.compare import compare_tables, count_rows
from desktop.store.engine import without_transaction
from desktop.store.fold import Fold
from desktop.store.tables import schema_statements
from domain.log.canonical import CanonicalError
from domain.log.entry import (
    FORMAT_VERSION,
    NO_PREVIOUS,
    SCHEMA_VERSION,
    Header,
    decode_header,
    leaf_data,
    signing_input,
)
from domain.log.merkle import Frontier, leaf_hash
from domain.log.verdict import Finding, LogVerdict
from domain.ports import Progress

VerifySignature = Callable[[bytes, bytes, bytes], bool]
_MOST_FINDINGS = 200


class Findings(list[Finding]):
    """What was found, up to a number a person can read."""

    def note(self, kind: str, text: str, *, table: str = "", row: str = "", field: str = "", entry: int = -1) -> None:
        """Add one finding; past the limit the rest is not listed."""
        if len(self) < _MOST_FINDINGS:
            self.append(Finding(kind=kind, text=text, table=table, row=row, field=field, entry=entry))


def verify_store(
    engine: Engine,
    *,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
    progress: Progress | None = None,
) -> LogVerdict:
    """Check everything and say what does not hold.

    `root_key` is the vault's root public key as known from the key slots; certificates must chain to it.

    Raises:
        Damaged: the file is too damaged to be read at all.
        Cancelled: `progress` asked to stop.
    """
    findings = Findings()
    with without_transaction(engine) as connection, _scratch(connection):
        _check_pages(connection, findings)
        _check_schema(connection, findings)
        connection.exec_driver_sql("BEGIN")
        try:
            fold = Fold(connection, findings)
            tree = _walk(
                connection,
                fold,
                findings,
                vault=vault,
                root_key=root_key,
                verify_signature=verify_signature,
                progress=progress,
            )
            fold.flush()
            _check_head(connection, tree, findings)
            compare_tables(connection, findings, progress)
            files = _check_files(connection, findings, progress)
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
            # the scratch keeps no journal, so it cannot be rolled back; nothing was written to the store itself
            connection.exec_driver_sql("COMMIT")
    return verdict


@contextmanager
def _scratch(connection: Connection) -> Iterator[None]:
    """An encrypted scratch database beside the store's connection, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="countersign-replay-") as folder:
        path = Path(folder) / "replay.db"
        connection.exec_driver_sql(
            f"ATTACH DATABASE ? AS replay KEY \"x'{secrets.token_hex(32)}'\"", (path.absolute().as_uri() + "?mode=rwc",)
        )
        try:
            connection.exec_driver_sql("PRAGMA replay.journal_mode = OFF")
            connection.exec_driver_sql("PRAGMA replay.synchronous = OFF")
            yield
        finally:
            connection.exec_driver_sql("DETACH DATABASE replay")


def _check_pages(connection: Connection, findings: Findings) -> None:
    for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall():
        findings.note("page", str(row[0]), table="store.db")
    for row in connection.exec_driver_sql("PRAGMA main.integrity_check").fetchall():
        if row[0] != "ok":
            findings.note("page", str(row[0]), table="store.db")


def expected_schema() -> dict[str, str]:
    """Name -> SQL of everything an untouched store contains, search shadow tables included."""
    fresh = sqlcipher.connect(":memory:")
    try:
        for statement in schema_statements():
            fresh.execute(statement)
        return {row[0]: row[1] or "" for row in fresh.execute("SELECT name, sql FROM sqlite_master")}
    finally:
        fresh.close()


def _check_schema(connection: Connection, findings: Findings) -> None:
    expected = expected_schema()
    found = {
        row[0]: row[1] or ""
        for row in connection.exec_driver_sql("SELECT name, sql FROM main.sqlite_master").fetchall()
    }
    for name in sorted(set(expected) | set(found)):
        if expected.get(name) != found.get(name):
            what = "is missing" if name not in found else "is not ours" if name not in expected else "was altered"
            findings.note("schema", f"{name} {what}.", table=name)


def _walk(
    connection: Connection,
    fold: Fold,
    findings: Findings,
    *,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
    progress: Progress | None,
) -> Frontier:
    tree = Frontier()
    previous = NO_PREVIOUS
    position = 0
    total = connection.exec_driver_sql("SELECT count(*) FROM entry").fetchone()
    of = int(total[0]) if total else 0
    rows = connection.exec_driver_sql(
        'SELECT seq, at, "by", act, subject, first_change, header, signature, leaf FROM entry ORDER BY seq'
    )
    for row in rows:
        seq = row.seq
        if seq != tree.size:
            findings.note("order", f"Entry {tree.size} is missing; {seq} follows.", table="entry", row=str(tree.size))
        try:
            header = decode_header(row.header)
        except CanonicalError as problem:
            findings.note("entry", f"Entry {seq}: {problem}", table="entry", row=str(seq), field="header", entry=seq)
            header = None
        leaf = leaf_hash(leaf_data(row.header, row.signature))
        if leaf != row.leaf:
            findings.note(
                "hash",
                f"Entry {seq} does not have its leaf hash.",
                table="entry",
                row=str(seq),
                field="leaf",
                entry=seq,
            )
        tree.append(leaf)
        if header is not None:
            _check_header(header, row, previous, vault, findings)
            fold.begin_entry(header, position, row.first_change)
            position += fold.entry_changes(header, row.first_change)
            _check_signature(
                header,
                row.header,
                row.signature,
                fold=fold,
                root_key=root_key,
                verify_signature=verify_signature,
                findings=findings,
            )
        previous = leaf.hex()
        if progress is not None and (seq % 256 == 0 or seq == of - 1):
            progress("verify entries", seq + 1, of)
    fold.check_leftover_changes(position)
    return tree


def _check_header(header: Header, row: object, previous: str, vault: str, findings: Findings) -> None:
    seq = getattr(row, "seq", -1)

    def note(field: str, text: str) -> None:
        findings.note("entry", f"Entry {seq}: {text}", table="entry", row=str(seq), field=field, entry=seq)

    if header.v != FORMAT_VERSION or header.schema > SCHEMA_VERSION:
        note("header", f"format {header.v}.{header.schema} is not known.")
    if header.vault != vault:
        note("header", f"belongs to vault {header.vault}.")
    if header.seq != seq:
        note("seq", f"is signed as entry {header.seq}.")
    if header.prev != previous:
        note("header", "does not follow the entry before it.")
    for field in ("at", "by", "act", "subject"):
        if getattr(row, field) != getattr(header, field):
            note(field, f"{field} is shown as {getattr(row, field)!r}, signed as {getattr(header, field)!r}.")


def _check_signature(
    header: Header,
    header_data: bytes,
    signature: bytes,
    *,
    fold: Fold,
    root_key: bytes,
    verify_signature: VerifySignature,
    findings: Findings,
) -> None:
    seq = header.seq

    def note(text: str, field: str = "signature") -> None:
        findings.note("signature", f"Entry {seq}: {text}", table="entry", row=str(seq), field=field, entry=seq)

    key = fold.people.key(header.key)
    if key is None:
        note(f"is signed with key {header.key}, which nobody was given.")
        return
    if key.person != header.by:
        note(f"is signed with a key of person {key.person}, not of {header.by}.")
    if key.revoked_from and header.at >= key.revoked_from:
        note(f"is signed with a key revoked from {key.revoked_from}.")
    for problem in fold.people.unproven(vault=header.vault, root_key=root_key, verify=verify_signature):
        findings.note("certificate", problem[1], table="person_key", row=problem[0], field="certificate", entry=seq)
    if not verify_signature(b64decode(key.ed25519), signature, signing_input(header_data)):
        note("the signature does not fit the bytes.")
    if not fold.holds(header):
        note(f"acts as {header.role}, a role not held at {header.at}.", field="header")


def _check_head(connection: Connection, tree: Frontier, findings: Findings) -> None:
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


def _check_files(connection: Connection, findings: Findings, progress: Progress | None) -> int:
    """Every stored file must hash to its name; every chunk must belong to a file."""
    files = connection.exec_driver_sql("SELECT id, size, chunk_size, chunks FROM main.file ORDER BY id").fetchall()
    for done, file in enumerate(files):
        hasher, size, count = sha256(), 0, 0
        for chunk in connection.exec_driver_sql(
            "SELECT n, data FROM main.file_chunk WHERE file = ? ORDER BY n", (file.id,)
        ):
            if chunk.n != count:
                findings.note("file", f"Chunk {count} is missing.", table="file_chunk", row=file.id, field="n")
            hasher.update(chunk.data)
            size += len(chunk.data)
            count += 1
        if hasher.hexdigest() != file.id or size != file.size or count != file.chunks:
            findings.note(
                "file", "The stored bytes are not the file of this hash.", table="file_chunk", row=file.id, field="data"
            )
        if progress is not None:
            progress("verify files", done + 1, len(files))
    strays = connection.exec_driver_sql(
        "SELECT DISTINCT file FROM main.file_chunk WHERE file NOT IN (SELECT id FROM main.file)"
    )
    for stray in strays:
        findings.note(
            "file", "Stored bytes belong to no recorded file.", table="file_chunk", row=str(stray[0]), field="file"
        )
    return len(files)
