"""Verification from a proven prefix on: old entries by their hashes, newer ones in full, with the rows they touched.

What this leaves out, and a whole verification does: rows that no newer entry touched, changes and signatures of the
proven entries, the file's pages, stored files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

import msgspec
from sqlalchemy import Connection, Engine

from desktop.store.compare import compare_tables, count_rows
from desktop.store.engine import without_transaction
from desktop.store.findings import Findings
from desktop.store.fold import Fold
from desktop.store.log_state import AlteredError, state_before
from desktop.store.replay_log import LogReplay, VerifySignature
from desktop.store.verify import check_head, check_schema, quietly, scratch
from domain.errors import UsageProblem
from domain.log.canonical import CanonicalError
from domain.log.clock import high_water
from domain.log.entry import NO_PREVIOUS, decode_header, leaf_data
from domain.log.merkle import Frontier, leaf_hash
from domain.log.proven import BLOCK
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.replay.decide_again import EntryJudge
from domain.services import Progress

_EVERY = 4096


class Since(msgspec.Struct, frozen=True):
    """The verdict over the newer entries, the tree over all that were walked, and whether that was all there is."""

    verdict: LogVerdict
    tree: Frontier
    complete: bool


def verify_since(
    engine: Engine,
    *,
    proven: Frontier,
    since: int,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
    blocks: Sequence[bytes] = (),
    rehash: bool = True,
    progress: Progress | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> Since:
    """Check entries from `since` on in full; `proven` is the tree over entries that were proven before.

    `blocks` are the roots over whole blocks of the proven entries: by them is proven what a rule reads of those.

    `rehash` reads every proven entry and holds the tree over their bytes against `proven`; without it only the tree
    is taken over, which costs nothing and says nothing of bytes altered since. `enough` may end the trial early.

    Raises:
        UsageProblem: `since` lies behind what was proven.
        Damaged: the file is too damaged to be read.
        Cancelled: `progress` asked to stop.
    """
    if since > proven.size or (since != proven.size and not rehash):
        raise UsageProblem(
            message(
                "Entries before {since} are not all proven on this computer; those before {size} are.",
                since=since,
                size=proven.size,
            ),
            remedy=message("Start at {size} or earlier, or verify the whole log.", size=proven.size),
        )
    findings = Findings()
    with without_transaction(engine) as connection, scratch(connection):
        check_schema(connection, findings)
        connection.exec_driver_sql("BEGIN")
        start = _hashed(connection, findings, proven=proven, since=since, progress=progress) if rehash else proven
        known = blocks[: start.size // BLOCK]
        try:
            judge = EntryJudge(state_before(connection, start.size, root=start.root(), blocks=known))
        except AlteredError as problem:
            quietly(connection, "COMMIT")
            findings.note("changes", str(problem.what), table="entry", row=str(problem.seq), entry=problem.seq)
            return _stopped(findings, start, vault=vault, since=since)
        fold = Fold(connection, findings, judge=judge, onto_rows=True)
        try:
            replay = _replay_from(
                connection,
                fold,
                findings,
                start=Frontier(start.size, start.roots),
                vault=vault,
                root_key=root_key,
                verify_signature=verify_signature,
            )
            tree = replay.entries(connection, progress=progress, enough=enough)
            fold.flush()
            complete = tree.size >= _count(connection)
            if complete:
                fold.check_leftover_changes()
                check_head(connection, tree, findings)
                # a row of a record that later entries changed too is not yet what the stored row is
                compare_tables(connection, findings, progress, touched_only=True)
            verdict = LogVerdict(
                vault=vault,
                entries=tree.size,
                root=tree.root().hex(),
                changes=fold.changes,
                rows=count_rows(connection) if complete else 0,
                files=0,
                findings=tuple(findings),
                since=since,
                behind=tuple(replay.behind),
                behind_count=replay.behind_count,
            )
        finally:
            fold.close()
            # the scratch keeps no journal, so it cannot be rolled back; nothing was written to the store itself
            quietly(connection, "COMMIT")
    return Since(verdict, tree, complete)


def _stopped(findings: Findings, start: Frontier, *, vault: str, since: int) -> Since:
    """The verdict where what was proven is no more there: nothing that rests on it can be judged."""
    verdict = LogVerdict(
        vault=vault,
        entries=start.size,
        root=start.root().hex(),
        changes=0,
        rows=0,
        files=0,
        findings=tuple(findings),
        since=since,
    )
    return Since(verdict, start, complete=False)


def _count(connection: Connection) -> int:
    row = connection.exec_driver_sql("SELECT seq FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    return 0 if row is None else int(row[0]) + 1


def _hashed(
    connection: Connection, findings: Findings, *, proven: Frontier, since: int, progress: Progress | None
) -> Frontier:
    """Hash the proven entries again; the tree over those before `since` comes back."""
    tree, start = Frontier(), Frontier()
    with closing(connection.connection.cursor()) as cursor:
        for seq, header, signature, leaf_shown in cursor.execute(
            "SELECT seq, header, signature, leaf FROM entry WHERE seq < ? ORDER BY seq", (proven.size,)
        ):
            leaf = leaf_hash(leaf_data(header, signature))
            if seq != tree.size or leaf != leaf_shown:
                text = message("Entry {size} is not as it was when it was proven.", size=tree.size)
                findings.note("hash", text, table="entry", row=str(tree.size), field="leaf", entry=tree.size)
            if tree.size == since:
                start = Frontier(tree.size, tree.roots)
            tree.append(leaf)
            if progress is not None and tree.size % _EVERY == 0:
                progress(message("hash entries"), tree.size, proven.size)
    if tree.size == since:
        start = Frontier(tree.size, tree.roots)
    if tree.root() != proven.root():
        text = message("The first {size} entries are not those that were proven on this computer.", size=proven.size)
        findings.note("fork", text, table="entry", entry=0)
    return start


def _replay_from(
    connection: Connection,
    fold: Fold,
    findings: Findings,
    *,
    start: Frontier,
    vault: str,
    root_key: bytes,
    verify_signature: VerifySignature,
) -> LogReplay:
    """A trial that stands where the proven entries end, knowing the keys and roles of that moment."""
    previous, latest = NO_PREVIOUS, ""
    if start.size:
        row = connection.exec_driver_sql(
            "SELECT header, signature, first_change FROM entry WHERE seq = ?", (start.size - 1,)
        ).fetchone()
        if row is not None:
            previous = leaf_hash(leaf_data(row[0], row[1])).hex()
            try:
                header = decode_header(row[0])
                latest = high_water(header.at, header.behind)
                fold.start_at(row[2] + header.changes.count)
            except CanonicalError as problem:
                text = message("Entry {size}: {problem}", size=start.size - 1, problem=problem)
                findings.note("entry", text, table="entry", row=str(start.size - 1), entry=start.size - 1)
                fold.lose_place()
    return LogReplay(
        fold,
        findings,
        vault=vault,
        root_key=root_key,
        verify_signature=verify_signature,
        tree=start,
        previous=previous,
        latest=latest,
    )
