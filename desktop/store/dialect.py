"""What only SQLite and SQLCipher can do, in one place: everything else in the store is SQLAlchemy Core.

Another database gets a module like this one: how to open and key a connection, the transaction that writes, the
guards, the full-text index, the few expressions that each database spells in its own way, copies and integrity
checks. Statements here are text, because no other database has them; values are bound, names are those of our tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BLOB,
    INTEGER,
    TEXT,
    BigInteger,
    ColumnElement,
    Dialect,
    LargeBinary,
    Table,
    Text,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FromClause, Join
from sqlalchemy.sql.type_api import TypeEngine
from sqlcipher3 import dbapi2 as sqlcipher

DRIVER = sqlcipher
ENGINE_URL = "sqlite://"
DIALECT: Dialect = sqlite.dialect(paramstyle="qmark")
"""What kept statements are compiled for: values are bound by their place."""
DriverError: type[Exception] = sqlcipher.Error
IntegrityError: type[Exception] = sqlcipher.IntegrityError

BEGIN_WRITING = "BEGIN IMMEDIATE"
"""Takes the write lock at once: judge, log head and rows are of one state."""
_STATEMENTS_KEPT = 512
"""Statements that the driver keeps ready; with its usual few, an item's file is planned anew each time it is read."""
APPLICATION_ID = int.from_bytes(b"CSGN")
"""Stands in the header of a store: whose file it is, for programs that look."""

SEARCH_FIELDS = ("number", "title", "description", "owner_name", "source_key")
TRIGRAM = 3
"""Words shorter than this are not in the full-text index."""


# --- opening -----------------------------------------------------------------------------------------------------


def connect(path: Path, *, mode: str) -> Any:
    """A connection to the file, not keyed yet. `mode` is ro or rw."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlcipher.connect(
        uri,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=2,
        cached_statements=_STATEMENTS_KEPT,
    )


def in_memory() -> Any:
    """A connection to an empty database that nobody keeps."""
    return sqlcipher.connect(":memory:", isolation_level=None)


def give_key(connection: Any, key: bytes) -> None:
    """Key the connection with 32 raw bytes; a shorter text would silently become a passphrase."""
    connection.execute("PRAGMA cipher_log = off")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def pragma(connection: Any, name: str) -> Any:
    """The value of a pragma."""
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def set_pragma(connection: Any, name: str, value: object) -> None:
    """Set a pragma; what it answers is thrown away."""
    connection.execute(f"PRAGMA {name} = {value}").fetchall()


def write_marks(connection: Any, *, store_format: int) -> None:
    """Say in the file's header whose it is and which format it has."""
    set_pragma(connection, "application_id", APPLICATION_ID)
    set_pragma(connection, "user_version", store_format)


def schema_rows(connection: Any) -> list[tuple[str, str | None]]:
    """(name, SQL) of everything in the database; its key is proven by reading this."""
    found: list[tuple[str, str | None]] = connection.execute(READ_SCHEMA).fetchall()
    return found


READ_SCHEMA = "SELECT name, sql FROM main.sqlite_master"


# --- types and guards --------------------------------------------------------------------------------------------


class Bytes(LargeBinary):
    """Bytes as the driver gives and takes them: what a damaged row holds is shown as it is."""

    def bind_processor(self, dialect: object) -> None:
        """No conversion."""

    def result_processor(self, dialect: object, coltype: object) -> None:
        """No conversion."""


WHOLE: TypeEngine[int] = BigInteger().with_variant(INTEGER(), "sqlite")
TEXTS: TypeEngine[str] = Text().with_variant(TEXT(), "sqlite")
BYTES: TypeEngine[bytes] = Bytes()


def guards(append_only: Sequence[str], never_deleted: Sequence[str]) -> list[str]:
    """Triggers by which the database itself refuses to change the log or to delete anything."""
    return [
        *(_guard(name, "UPDATE", "the log is append-only") for name in append_only),
        *(_guard(name, "DELETE", "nothing is deleted") for name in (*append_only, *never_deleted)),
    ]


def _guard(name: str, verb: str, text: str) -> str:
    begin = f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name}"
    return f"{begin} BEGIN SELECT RAISE(ABORT, '{text}'); END"


# --- full-text search --------------------------------------------------------------------------------------------

_FIELDS = ", ".join(SEARCH_FIELDS)
_WORDS_HELD = 16 * 1024**2
"""Bytes of new words that the search index gathers before it writes them: fewer parts to merge later."""
_SEARCH = table("item_search", column("rowid"))
CREATE_SEARCH = f"CREATE VIRTUAL TABLE item_search USING fts5({_FIELDS}, content='item', tokenize='trigram')"


def gather_words(sql: Any) -> None:
    """Many items come: the index keeps more in memory before it writes."""
    sql.execute("INSERT INTO item_search (item_search, rank) VALUES ('hashsize', ?)", (_WORDS_HELD,))


def index_items(sql: Any, first_id: str, words: Iterable[tuple[Any, ...]]) -> None:
    """Index items that were inserted one after the other, by their search fields; `first_id` is the first one's id."""
    (first,) = sql.execute("SELECT rowid FROM item WHERE id = ?", (first_id,)).fetchone()
    marks = ", ".join("?" * len(SEARCH_FIELDS))
    sql.executemany(
        f"INSERT INTO item_search (rowid, {_FIELDS}) VALUES (?, {marks})",
        [(place, *each) for place, each in enumerate(words, first)],
    )


def index_again(sql: Any, id_: str) -> None:
    """Index an item as it is now."""
    sql.execute(f"INSERT INTO item_search (rowid, {_FIELDS}) SELECT rowid, {_FIELDS} FROM item WHERE id = ?", (id_,))


def unindex(sql: Any, id_: str) -> None:
    """Take an item out of the index, before its words change."""
    sql.execute(
        f"INSERT INTO item_search (item_search, rowid, {_FIELDS}) "
        f"SELECT 'delete', rowid, {_FIELDS} FROM item WHERE id = ?",
        (id_,),
    )


def check_search(connection: Any) -> None:
    """Hold the index against the items; an error says that they differ."""
    connection.exec_driver_sql("INSERT INTO main.item_search (item_search, rank) VALUES ('integrity-check', 1)")


def found_by_words(item: Table, words: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an item has a word (see `searched`) somewhere in its search fields."""
    matching = select(_SEARCH.c.rowid).where(literal_column("item_search").op("MATCH")(words))
    return place_of(item).in_(matching)


def searched(word: str) -> str:
    """A word of three letters or more, as `found_by_words` takes it."""
    return '"' + word.replace('"', '""') + '"'


# --- expressions -------------------------------------------------------------------------------------------------


def place_of(rows: FromClause) -> ColumnElement[int]:
    """Where a row lies. Every index holds it, so a window of rows is found without reading the rows."""
    return literal_column(f"{getattr(rows, 'name', '')}.rowid", INTEGER())


def has_part(text: ColumnElement[str], pattern: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a text has a part (see `part`), letters of ASCII in either case."""
    return text.like(pattern, escape="\\")


def part(text: str) -> str:
    """A part of a text, as `has_part` takes it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def holds_bytes(data: ColumnElement[bytes], text: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether bytes hold the UTF-8 bytes of a text."""
    return func.instr(data, cast(text, BLOB)) > 0


def member_of(data: ColumnElement[bytes], name: str) -> ColumnElement[str]:
    """A member of an object kept as canonical bytes."""
    return func.json_extract(cast(data, TEXT), f"$.{name}")


class _InOrder(Join):
    """A join whose left side is read first, whatever the database believes to be cheaper."""

    inherit_cache = True


@compiles(_InOrder, "sqlite")
def _cross_join(element: _InOrder, compiler: Any, **how: Any) -> str:
    how["asfrom"] = True
    left, right = (compiler.process(side, **how) for side in (element.left, element.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(element.onclause, **how)}"


def join_in_order(left: FromClause, right: FromClause, on: ColumnElement[bool]) -> Join:
    """An inner join that looks up `right` for each row of `left`."""
    return _InOrder(left, right, on)


# --- copies and checks -------------------------------------------------------------------------------------------


def copy_pages(source: Any, target: Path, key: bytes, *, pages: int, progress: Callable[[int, int, int], None]) -> None:
    """Copy an open database page by page into a new file under the same key, with a salt of its own.

    VACUUM INTO would give rows other row numbers, which the search index goes by. The copy is not flushed.
    """
    copy = sqlcipher.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        give_key(copy, key)
        # Whoever is interrupted starts again with a new file: a journal of this one would help nobody.
        set_pragma(copy, "journal_mode", "OFF")
        set_pragma(copy, "synchronous", "OFF")
        source.backup(copy, pages=pages, progress=progress)
    finally:
        copy.close()


def quick_problems(connection: Any) -> list[str]:
    """Read every page, each authenticated on the way; the first problem of the structure."""
    return [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)") if row[0] != "ok"]


def page_problems(connection: Any) -> Iterable[str]:
    """Pages that are not as they were encrypted."""
    return (str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check"))


def structure_problems(connection: Any) -> Iterable[str]:
    """Tables and indexes that do not fit together."""
    return (str(row[0]) for row in connection.exec_driver_sql("PRAGMA main.integrity_check") if row[0] != "ok")


def reference_problems(connection: Any) -> Iterable[str]:
    """References to rows that are not there."""
    rows = connection.exec_driver_sql("PRAGMA main.foreign_key_check")
    return (f"{row[0]} row {row[1]} points to nothing in {row[2]}" for row in rows)


def recover(connection: Any) -> None:
    """Decide an interrupted transaction: begin one and end it."""
    connection.exec_driver_sql(BEGIN_WRITING)
    connection.exec_driver_sql("COMMIT")


def commit_again(connection: Any, *, store_format: int) -> None:
    """Make this transaction one that writes: what it sets is set already."""
    connection.exec_driver_sql(f"PRAGMA user_version = {store_format}")
