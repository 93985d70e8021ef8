"""Opening the store's file: key, settings read back, check order, errors in our own words.

One connection per store, used by one thread at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from desktop.store import dialect
from desktop.store.dialect import APPLICATION_ID, BEGIN_WRITING, DriverError
from desktop.store.schema import in_words, schema_differences
from desktop.store.tables import schema_statements
from domain.errors import CountersignError, Damaged, InUse, NewerFormat, Unavailable
from domain.messages import message

STORE_FORMAT = 1
KEY_SIZE = 32
PAGE_SIZE = 4096
OLDEST_CIPHER = (4, 6)
"""SQLCipher before this version authenticates and keys pages in ways this program does not rely on."""
# (pragma, value to set, value read back): reliability of a carried single file, and a hostile-file stance
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    # Measured: locking and wiping each small allocation makes an act six times and a verification three times as
    # dear. Keys and page buffers of the cipher itself are wiped either way; see the decisions in the README.
    ("cipher_memory_security", "OFF", "0"),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("mmap_size", "0", 0),
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "EXTRA", 3),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("cache_size", "-32768", -32768),
)


def pragmas_asked() -> dict[str, str]:
    """Every pragma that a store is opened with, and its value."""
    return {name: value for name, value, _ in _PRAGMAS}


def open_engine(
    path: Path,
    key: bytes,
    *,
    create: bool = False,
    read_only: bool = False,
    any_format: bool = False,
    any_schema: bool = False,
) -> Engine:
    """An engine over one keyed connection with every pragma read back.

    Before anything else is asked of a store it is held to be ours: whose file it is, its format, and every table,
    index and guard by its text. `any_format` lets older formats in too, for a backup or a migration of them;
    `any_schema` those that are built otherwise, for whoever looks what is wrong with them.

    Raises:
        Unavailable: the file is missing or cannot be opened.
        Damaged: the file is not a store under this key, or not built as this program builds it.
        NewerFormat: written by a newer program.
        InUse: another program writes to it.
    """
    if len(key) != KEY_SIZE:
        raise ValueError("the store key has 32 bytes")
    if create and path.exists():
        raise Unavailable(
            message("A store is already here."), where=path.name, remedy=message("Choose another folder.")
        )
    if not create and not path.is_file():
        raise Unavailable(
            message("The store file is missing."), where=path.name, remedy=message("Restore the vault from a backup.")
        )
    if create:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def connect() -> Any:
        connection = dialect.connect(path, mode="ro" if read_only else "rw")
        try:
            _prepare(connection, key, create=create, read_only=read_only, may=(any_format, any_schema))
        except BaseException:
            connection.close()
            raise
        return connection

    # An error must not carry the values of a row into a traceback or a log: parameters are hidden.
    engine = create_engine(
        dialect.ENGINE_URL, module=dialect.DRIVER, creator=connect, poolclass=StaticPool, hide_parameters=True
    )

    # The driver runs in autocommit (isolation_level None), so SQLAlchemy's BEGIN is sent here.
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "BEGIN")
        if kind:
            connection.exec_driver_sql(kind)

    try:
        with translated(path.name), engine.connect():
            pass
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(connection: Any, key: bytes, *, create: bool, read_only: bool, may: tuple[bool, bool]) -> None:
    dialect.give_key(connection, key)
    connection.enable_load_extension(False)
    _must_be_able(str(dialect.pragma(connection, "cipher_version")))
    for name, value, expected in _PRAGMAS:
        if name == "journal_mode":
            # From here on the file is read, and written after that: a wrong key or a damaged first page shows here.
            any_format, any_schema = may
            _must_be_ours(connection, create=create, any_format=any_format, any_schema=any_schema)
        if read_only and name in ("journal_mode", "synchronous"):
            continue
        dialect.set_pragma(connection, name, value)
        read_back = dialect.pragma(connection, name)
        if read_back != expected:
            raise Unavailable(
                message(
                    "The store does not accept {name} = {value} (it says {read_back}).",
                    name=name,
                    value=value,
                    read_back=read_back,
                )
            )
    if int(dialect.pragma(connection, "page_size")) != PAGE_SIZE:
        raise Damaged(
            message("The store has pages of another size."), where="store.db", remedy=message("Restore a backup.")
        )
    if create:
        dialect.write_marks(connection, store_format=STORE_FORMAT)


def _must_be_able(version: str) -> None:
    """The library that does the encrypting is one this program was written for.

    Raises:
        Unavailable: it is older, or says nothing that could be understood.
    """
    numbers = version.split(" ", maxsplit=1)[0].split(".")[:2]
    if len(numbers) != 2 or not all(map(str.isdecimal, numbers)) or tuple(map(int, numbers)) < OLDEST_CIPHER:
        raise Unavailable(
            message(
                "The cipher library here is {version}; this program needs SQLCipher 4.6 or newer.", version=version
            ),
            where="store.db",
            remedy=message("Set the program up again with its own locked libraries."),
        )


def _must_be_ours(connection: Any, *, create: bool, any_format: bool, any_schema: bool) -> None:
    schema = dialect.schema_rows(connection)
    if create and not schema:
        return
    application, version, vacuum = (
        dialect.pragma(connection, name) for name in ("application_id", "user_version", "auto_vacuum")
    )
    # Under auto_vacuum SQLCipher lets a page of zeros pass unauthenticated; ours never has it.
    if application != APPLICATION_ID or vacuum:
        raise Damaged(
            message("This is not a store that Countersign made."),
            where="store.db",
            remedy=message("Ask where this vault comes from."),
        )
    check_format(version, any_format=any_format)
    if version != STORE_FORMAT or any_schema:
        return
    if wrong := schema_differences(schema):
        raise Damaged(
            message("The store is not built as this program builds it: {in_}.", in_=in_words(wrong)),
            where="store.db",
            remedy=message("Ask where this vault comes from. Look into it for inspection only, or restore a backup."),
        )


def check_format(found: int, *, known: int = STORE_FORMAT, any_format: bool = False) -> None:
    """Go on only with a store whose format number this program knows.

    Raises:
        NewerFormat: written by a newer program. Damaged: it has no format number.
        Unavailable: written by an older program and not migrated yet.
    """
    if found > known:
        raise NewerFormat(
            message("The store has format {found}; this program knows up to {known}.", found=found, known=known),
            remedy=message("Open it with the newer Countersign that wrote it."),
        )
    if found < 1:
        raise Damaged(
            message("The store says it has no format number."), where="store.db", remedy=message("Restore a backup.")
        )
    if found < known and not any_format:
        raise Unavailable(
            message(
                "The store has the older format {found}; this program works with {known}.", found=found, known=known
            ),
            where="store.db",
            remedy=message("Run `countersign vault migrate` on it; a backup is made first."),
        )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One writing transaction: the write lock first, then COMMIT, or ROLLBACK on any error."""
    with (
        translated("store.db"),
        engine.connect().execution_options(begin=BEGIN_WRITING) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def without_transaction(engine: Engine) -> Iterator[Connection]:
    """The bare connection, for pragmas, ATTACH and transactions managed by hand."""
    with translated("store.db"), engine.connect().execution_options(begin="") as connection:
        yield connection


def driver_of(engine: Engine) -> Any:
    """The driver's one connection.

    The many small statements of one act go there: wrapping each result costs more than SQLite takes to answer.
    Whoever asks there translates the errors (`translated`).
    """
    pooled = engine.raw_connection()
    try:
        return pooled.driver_connection
    finally:
        pooled.close()


@contextmanager
def sealing(engine: Engine) -> Iterator[Any]:
    """`writing`, on the driver's own connection."""
    sql = driver_of(engine)
    with translated("store.db"):
        sql.execute(BEGIN_WRITING)
        try:
            yield sql
            sql.execute("COMMIT")
        except BaseException:
            if sql.in_transaction:
                sql.execute("ROLLBACK")
            raise


def create_schema(engine: Engine) -> None:
    """Make the empty tables, in one transaction."""
    with writing(engine) as connection:
        for statement in schema_statements():
            connection.exec_driver_sql(statement)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the driver's errors into ours: disk full, damaged, locked, read-only."""
    try:
        yield
    except (DBAPIError, DriverError) as problem:
        raise our_error(problem, where) from problem


def our_error(problem: Exception, where: str) -> CountersignError:
    """The driver's error as one of ours, without the values it was about."""
    original = getattr(problem, "orig", None) or problem
    text = str(original).lower()
    if "full" in text:
        return Unavailable(
            message("The disk is full; nothing was changed."),
            where=where,
            remedy=message("Free some space and try again."),
        )
    if "not a database" in text or "malformed" in text or "hmac" in text or "encrypted" in text:
        return Damaged(
            message("The store cannot be read: its bytes are damaged or belong to another key."),
            where=where,
            remedy=message("Keep the file for investigation and restore the newest backup."),
        )
    if "locked" in text or "busy" in text:
        return InUse(
            message("Another program is using this store."),
            where=where,
            remedy=message("Close it there and try again."),
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text or "disk i/o" in text:
        return Unavailable(
            message("The store cannot be used: {text}.", text=text),
            where=where,
            remedy=message("Check the medium and the folder's permissions."),
        )
    return Damaged(
        message("The store refused: {original}.", original=original),
        where=where,
        remedy=message("Run a verification of the log."),
    )
