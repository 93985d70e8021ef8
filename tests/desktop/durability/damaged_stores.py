"""Ways to damage a small store, and two judges: SQLCipher's own checks, and the program's verification."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from small_store import KEY, VAULT, SmallStore, beyond_commands, raw
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Change
from domain.errors import CountersignError, Damaged

PAGE = 4096
VERSIONS = 24


def keyed(path: Path) -> sqlcipher.Connection:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    return connection


def pages_that_fail(path: Path) -> set[int]:
    """The numbers of the pages whose authentication fails, as the first stage of verification asks for them."""
    connection = keyed(path)
    try:
        found = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    finally:
        connection.close()
    return {int(str(row[0]).rsplit(" ", 1)[-1]) for row in found}


def sqlcipher_finds(path: Path) -> bool:
    """Whether opening and both of SQLCipher's checks notice anything."""
    connection = keyed(path)
    try:
        checks = [
            connection.execute(f"PRAGMA {name}").fetchall() for name in ("cipher_integrity_check", "integrity_check")
        ]
    except sqlcipher.Error:
        return True
    finally:
        connection.close()
    return checks != [[], [("ok",)]]


def program_finds(path: Path, small: SmallStore) -> str:
    """What the program says: the error at opening, or the first finding of verification; "" if it sees nothing.

    Raises:
        Exception: anything that is not one of our errors; nobody should see it.
    """
    try:
        store = Store.open(path, KEY, vault=VAULT)
    except CountersignError as problem:
        return f"refused: {problem.what}"
    try:
        verdict = beyond_commands(store.verify(verify_signature, root_key=raw(small.root)))
    except Damaged as problem:
        return f"stopped: {problem.what}"
    finally:
        with suppress(CountersignError):
            store.close()
    return verdict.findings[0].text if verdict.findings else ""


def everything_readable(path: Path) -> list[object]:
    """Every row of every table but the inner ones of the search, and what the search answers to many words."""
    connection = keyed(path)
    try:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found: list[object] = [tables]
        for name, _ in tables:
            if not name.startswith("item_search"):
                found.append(connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall())
        for word in (
            "torn",
            "label",
            "Torn label 2, seen",
            "seen 1",
            "seen 23 times",
            "xxx",
            "0001",
            "SA-CAPA",
            "tim",
            "no such",
        ):
            query = ("SELECT rowid FROM item_search WHERE item_search MATCH ? ORDER BY rowid", (f'"{word}"',))
            found.append(connection.execute(*query).fetchall())
        return found
    finally:
        connection.close()


def grown_through_versions(small: SmallStore) -> list[bytes]:
    """The bytes of the store after each of many small acts, oldest first; the last is the store as it is."""
    chance = random.Random(20)
    versions = []
    title = "Torn label 2"
    for n in range(VERSIONS):
        new = f"Torn label 2, seen {n} times " + "x" * chance.randint(0, 600)
        small.record(
            Act(
                name="edit_item",
                changes=(Change("item", "item-2", {"title": title}, {"title": new}),),
                role="administrator",
                subject="item-2",
            )
        )
        title = new
        versions.append(small.path.read_bytes())
    return versions


def older_pages(versions: list[bytes], *, most: int = 20) -> Iterator[tuple[int, int, bytes]]:
    """(page from 1, age, bytes): every page as each of its up to `most` newest different versions had it."""
    today = versions[-1]
    for page in range(len(today) // PAGE):
        place = slice(page * PAGE, (page + 1) * PAGE)
        seen = {today[place]}
        for age, version in enumerate(reversed(versions[:-1]), start=1):
            old = version[place]
            if len(old) == PAGE and old not in seen and len(seen) <= most:
                seen.add(old)
                yield page + 1, age, old


def with_page(data: bytes, page: int, replaced: bytes) -> bytes:
    start = (page - 1) * PAGE
    return data[:start] + replaced + data[start + PAGE :]
