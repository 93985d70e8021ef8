"""The rules asked again about every entry: the log lived through once more in a scratch store of its own.

This costs a reading of the register for every judged entry, so it is asked for by itself, after a verification that
found nothing. Memory stays constant: the scratch store is an encrypted file with a throw-away key.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from desktop.store.engine import KEY_SIZE, create_schema, driver_of, open_engine, sealing, without_transaction
from desktop.store.findings import Findings
from desktop.store.fold import ChangeStream
from desktop.store.record import write_changes
from desktop.store.register import StoreRegister
from domain.act import Change
from domain.gates.rules_then import EntryThen, is_judged, rule_breaches
from domain.log.entry import Header, decode_header
from domain.log.verdict import Finding
from domain.ports import Progress

_CHANGE = msgspec.json.Decoder(Change)
_EVERY = 64


class RulesVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries there are, about how many the judge was asked again, and which broke a rule of their time."""

    entries: int
    judged: int
    findings: tuple[Finding, ...]


def replay_rules(engine: Engine, *, progress: Progress | None = None) -> RulesVerdict:
    """Ask the judge about every entry of a log that holds.

    Raises:
        Damaged: an entry cannot be replayed; verify the log first. Cancelled: `progress` asked to stop.
    """
    findings, judged, seen = Findings(), 0, 0
    with _scratch_store() as scratch, without_transaction(engine) as connection:
        register = StoreRegister(scratch)
        stream = ChangeStream(connection)
        try:
            cursor = driver_of(engine).cursor()
            of = int(cursor.execute("SELECT count(*) FROM entry").fetchone()[0])
            position = 0
            for (data,) in cursor.execute("SELECT header FROM entry ORDER BY seq"):
                header = decode_header(data)
                rows = stream.up_to(position + header.changes.count)
                changes = tuple(_CHANGE.decode(row[4]) for row in rows)
                position += header.changes.count
                judged += is_judged(header.act)
                for breach in rule_breaches(EntryThen(header, changes, register)):
                    text = f"Entry {header.seq} {breach.text}"
                    findings.note(
                        "rules", text, table=breach.record, row=breach.id, field=breach.field, entry=header.seq
                    )
                _live(scratch, register, header, data, changes)
                seen += 1
                if progress is not None and (seen % _EVERY == 0 or seen == of):
                    progress("judge entries again", seen, of)
        finally:
            stream.close()
    return RulesVerdict(entries=seen, judged=judged, findings=tuple(findings))


def _live(scratch: Engine, register: StoreRegister, header: Header, data: bytes, changes: tuple[Change, ...]) -> None:
    """The scratch store after the entry."""
    with sealing(scratch) as sql:
        sql.execute(
            'INSERT INTO entry (seq, at, "by", act, subject, first_change, header, signature, leaf) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (header.seq, header.at, header.by, header.act, header.subject, header.seq, data, b"", b""),
        )
        write_changes(sql, changes, seq=header.seq)
    register.forget({change.record for change in changes})


@contextmanager
def _scratch_store() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="countersign-rules-") as folder:
        engine = open_engine(Path(folder) / "store.db", secrets.token_bytes(KEY_SIZE), create=True)
        try:
            create_schema(engine)
            with without_transaction(engine) as connection:
                # nobody waits for this store after a power loss
                connection.exec_driver_sql("PRAGMA synchronous = OFF")
                connection.exec_driver_sql("PRAGMA journal_mode = MEMORY")
            yield engine
        finally:
            engine.dispose()
