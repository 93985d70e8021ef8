"""The state as of an entry, read from the log when a rule asks for it: its cost follows what is asked.

Records are put together from the changes of entries before `before`, never from the tables. Each entry that is read is
proven first: its leaf lies under a root that this installation has proven, and its changes under the root it signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from domain.act import Change
from domain.errors import Damaged
from domain.log.canonical import CanonicalError
from domain.log.entry import decode_header, leaf_data
from domain.log.merkle import leaf_hash, root_hash
from domain.log.proven import BLOCK, root_over
from domain.messages import message
from domain.records.registry import ABOUT_ITEMS
from domain.replay.item_rows import ItemRows, Row
from domain.replay.numbers import Numbers
from domain.replay.state import FEW, MemoryState

_CHANGE = msgspec.json.Decoder(Change)
_ENCODE = msgspec.json.Encoder().encode


def state_before(connection: Connection, before: int, *, root: bytes, blocks: Sequence[bytes]) -> MemoryState:
    """The state as of the first `before` entries, which lie under `root`; `blocks` are the roots over whole blocks.

    Raises:
        AlteredError: an entry that is read is not the one that was proven.
    """
    log = _Log(connection, before, root=root, blocks=blocks)
    state = MemoryState(LogOverflow(log), LogNumbers(log))
    for record in FEW:
        state.load(record, log.rows_of(record))
    state.begin_at(before)
    return state


class AlteredError(Damaged):
    """An entry, `seq`, is not the one that was proven."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            message("Entry {seq} is not as it was when it was proven.", seq=seq),
            where=message("entry {seq}", seq=seq),
            remedy=message("Verify the whole log."),
        )
        self.seq = seq


class _Log:
    """The entries before `before`, each proven when it is read first."""

    def __init__(self, connection: Connection, before: int, *, root: bytes, blocks: Sequence[bytes]) -> None:
        self.sql = connection.connection.cursor()
        self.before = before
        self._root = root
        self._blocks = tuple(blocks)
        self._proven: set[int] = set()
        self._proven_blocks: set[int] = set()

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a question."""
        found: list[tuple[Any, ...]] = self.sql.execute(sql, values).fetchall()
        return found

    def row(self, record: str, id_: str) -> Row | None:
        """A record as its changes before `before` make it; None when there was none."""
        found: Row = {}
        for seq, data in self.ask(
            "SELECT seq, data FROM main.change WHERE id = ? AND record = ? AND seq < ? ORDER BY position",
            id_,
            record,
            self.before,
        ):
            self._prove(seq)
            change = _CHANGE.decode(data)
            found = {**found, **change.values(), "id": id_}
        return found or None

    def rows_of(self, record: str) -> Iterator[Row]:
        """Every record of a kind that a vault has few of."""
        for (id_,) in self.ask(f'SELECT id FROM main."{record}" ORDER BY id'):
            row = self.row(record, id_)
            if row is not None:
                yield row

    def item_rows(self, item: str) -> ItemRows | None:
        """Everything on file about an item then."""
        row = self.row("item", item)
        if row is None:
            return None
        ids, records = [item], dict[str, dict[str, Row]]()
        for record in ABOUT_ITEMS:
            for (id_,) in self.ask(f'SELECT id FROM main."{record}" WHERE item = ? ORDER BY id', item):
                found = self.row(record, id_)
                if found is not None:
                    records.setdefault(record, {})[id_] = found
                    ids.append(id_)
        links = self.ask("SELECT id, item FROM main.link WHERE other = ? ORDER BY id", item)
        return ItemRows(
            item=row,
            records=records,
            linked_from={id_: home for id_, home in links if self.row("link", id_) is not None},
            about=self._about(item, ids),
        )

    def _about(self, item: str, ids: Sequence[str]) -> list[int]:
        found = {seq for (seq,) in self.ask("SELECT seq FROM entry WHERE subject = ? AND seq < ?", item, self.before)}
        for id_ in ids:
            found |= {
                seq for (seq,) in self.ask("SELECT seq FROM main.change WHERE id = ? AND seq < ?", id_, self.before)
            }
        return sorted(found)

    def header(self, seq: int) -> bytes | None:
        """The header of an entry before `before`."""
        if seq >= self.before:
            return None
        self._prove(seq)
        rows = self.ask("SELECT header FROM entry WHERE seq = ?", seq)
        return bytes(rows[0][0]) if rows else None

    def _prove(self, seq: int) -> None:
        """Go on only with an entry that is the one proven before, and with the leaves that it signed.

        Raises:
            AlteredError: it is not.
        """
        if seq in self._proven:
            return
        rows = self.ask("SELECT header, signature, leaf, first_change FROM entry WHERE seq = ?", seq)
        try:
            header_data, signature, shown, first = rows[0]
            header = decode_header(header_data)
            leaf = leaf_hash(leaf_data(header_data, signature))
        except (IndexError, CanonicalError, TypeError) as problem:
            raise AlteredError(seq) from problem
        leaves = [
            leaf_hash(data)
            for (data,) in self.ask(
                "SELECT data FROM main.change WHERE position >= ? AND position < ? ORDER BY position",
                first,
                first + header.changes.count,
            )
        ]
        signed = (header.changes.count, header.changes.root)
        if leaf != shown or header.seq != seq or (len(leaves), root_hash(leaves).hex()) != signed:
            raise AlteredError(seq)
        self._prove_block(seq // BLOCK, seq)
        self._proven.add(seq)

    def _prove_block(self, block: int, seq: int) -> None:
        if block in self._proven_blocks:
            return
        first = block * BLOCK
        leaves = [
            leaf
            for (leaf,) in self.ask(
                "SELECT leaf FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq", first, min(first + BLOCK, self.before)
            )
        ]
        if block < len(self._blocks):
            holds = root_hash(leaves) == self._blocks[block]
        else:
            holds = root_over(self._blocks, leaves) == self._root
        if not holds:
            raise AlteredError(seq)
        self._proven_blocks.add(block)


class LogOverflow:
    """Implements `domain.replay.overflow.Overflow`: what was there before comes from the log, what is put aside
    is here.
    """

    def __init__(self, log: _Log) -> None:
        self._log = log
        self._aside: dict[tuple[str, str], bytes] = {}

    def get(self, space: str, key: str) -> bytes | None:
        """What is kept under the key, or None."""
        aside = self._aside.get((space, key))
        if aside is not None:
            return aside
        log = self._log
        if space == "header":
            return log.header(int(key))
        if space == "item":
            found = log.item_rows(key)
            return None if found is None else _ENCODE(found)
        if space == "alert_key":
            rows = log.ask("SELECT id FROM main.alert WHERE key = ?", key)
            there = [id_ for (id_,) in rows if log.row("alert", id_) is not None]
            return there[0].encode() if there else None
        record, _, id_ = key.partition(" ")
        row = log.row(record, id_)
        if row is None:
            return None
        return str(row["item"]).encode() if space == "home" else _ENCODE(row)

    def put(self, space: str, values: Iterable[tuple[str, bytes]]) -> None:
        """Keep these, in place of what was kept under their keys."""
        self._aside.update({(space, key): data for key, data in values})


class LogNumbers(Numbers):
    """Items by number and place: those of the log, and those taken in since."""

    def __init__(self, log: _Log) -> None:
        super().__init__()
        self._log = log

    def _was_there(self, item: str) -> bool:
        return self._log.row("item", item) is not None

    def item_numbered(self, number: str) -> str:
        """The id of the item with this number, or ""."""
        found = super().item_numbered(number)
        if found:
            return found
        rows = self._log.ask("SELECT id FROM main.item WHERE number = ?", number)
        return next((id_ for (id_,) in rows if self._was_there(id_)), "")

    def last_number(self, process: str) -> int:
        """The highest running number of a process, 0 when it has no item."""
        rows = self._log.sql.execute(
            "SELECT id, number FROM main.item WHERE process = ? ORDER BY length(number) DESC, number DESC", (process,)
        )
        before = next((number for id_, number in rows.fetchmany(_FEW_NEW) if self._was_there(id_)), "-0")
        return max(super().last_number(process), int(before.rpartition("-")[2]))

    def at_step(self, process: str, step: str) -> Iterable[str]:  # noqa: ARG002 (where an item stood then is asked of its rows)
        """The ids of a process's items, among them all that stand at the step."""
        return self.of_process(process)

    def of_process(self, process: str) -> Iterable[str]:
        """The ids of a process's items, of all items when it is ""."""
        rows = self._log.ask("SELECT id FROM main.item WHERE process = ? OR ? = ''", process, process)
        before = [id_ for (id_,) in rows if self._was_there(id_)]
        return tuple(dict.fromkeys((*before, *super().of_process(process))))


_FEW_NEW = 100_000
"""Items that were made since, at most, among those with the highest numbers."""
