"""Judging thousands of states of a store in this process, with SQLCipher itself and nothing of the program."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from desktop.vault import session
from desktop.vault.slots import read_slots
from domain.errors import CountersignError
from domain.log.checkpoint import NoteError, open_note


def contents(store: Path, key: bytes) -> tuple[str, int, str]:
    """A mark of everything in the tables, the size of the log and the slots it knows, once both checks have passed.

    Raises:
        ValueError: a check complains, or the log head and the entries disagree.
        sqlcipher3.Error: it cannot be read.
    """
    connection = sqlcipher.connect(str(store), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # The transaction makes SQLite recover from a hot journal first: before that the page check warns without cause.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        for check, fine in (("cipher_integrity_check", []), ("integrity_check", [("ok",)])):
            found = connection.execute(f"PRAGMA {check}").fetchall()
            if found != fine:
                raise ValueError(f"{check}: {found[:2]}")
        mark = sha256()
        tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        mark.update(repr(tables).encode())
        for name, sql in tables:
            if sql and sql.startswith("CREATE TABLE"):
                for row in connection.execute(f'SELECT * FROM "{name}"'):
                    mark.update(repr(row).encode())
        size = connection.execute("SELECT (SELECT count(*) FROM entry)").fetchone()[0]
        head = connection.execute("SELECT size FROM log_head").fetchone()
        if (head[0] if head else 0) != size:
            raise ValueError(f"the head counts {head}, entries are {size}")
        return mark.hexdigest(), int(size), str(connection.execute("SELECT slots FROM vault").fetchone()[0])
    finally:
        connection.close()


def _enters(vault: Path, name: str, passphrase: str) -> bool:
    """Whether one of the keys that this person's slot gives opens the store."""
    with session.unlock(vault, person_name=name, passphrase=passphrase) as keys:
        for key in (keys.next_store_key, keys.store_key):
            if key is None:
                continue
            connection = sqlcipher.connect(str(vault / "store.db"), isolation_level=None)
            try:
                connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
                connection.execute("SELECT count(*) FROM entry").fetchone()
            except sqlcipher.DatabaseError:
                continue
            else:
                return True
            finally:
                connection.close()
    return False


COPY = ".countersign"


class StateJudge:
    """Holds states of `on/` (vault and installation memory) against the states an act may leave.

    `people` are names and passphrases that have to open the store in each of them.
    """

    def __init__(self, folder: Path, keys: tuple[bytes, ...], people: tuple[tuple[str, str], ...] = ()) -> None:
        self._folder = folder
        self._people = people
        self._keys = keys
        self._known: dict[str, tuple[str, int, str] | str] = {}
        self.allowed: list[str] = []
        self.copies: dict[str, bytes] = {}
        self.distinct = 0

    def store_of(self, files: dict[str, bytes]) -> tuple[str, int, str] | str:
        """(mark, log size, slots hash the log knows) of the store in a state, or what is wrong with it."""
        relevant = {name: data for name, data in files.items() if name.startswith("site.vault/")}
        name = sha256(repr(sorted((n, sha256(d).digest()) for n, d in relevant.items())).encode()).hexdigest()
        if name not in self._known:
            self.distinct += 1
            self._known[name] = self._look(relevant)
        return self._known[name]

    def _look(self, files: dict[str, bytes]) -> tuple[str, int, str] | str:
        place = self._folder / "state"
        shutil.rmtree(place, ignore_errors=True)
        for name, data in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(data)
        try:
            mark, size, recorded = self._under_either_key(place / "site.vault" / "store.db")
            read = read_slots(place / "site.vault")
            shut_out = [name for name, secret in self._people if not _enters(place / "site.vault", name, secret)]
        except (sqlcipher.Error, ValueError, CountersignError) as problem:
            return f"{type(problem).__name__}: {problem}"
        if shut_out:
            return f"the key in the slot of {', '.join(shut_out)} does not open the store"
        if recorded not in (read.hash, read.slots.previous):
            return "the key slots are not those the log knows, nor one change ahead"
        return mark, size, recorded

    def _under_either_key(self, store: Path) -> tuple[str, int, str]:
        for key in self._keys[:-1]:
            try:
                return contents(store, key)
            except sqlcipher.DatabaseError as problem:
                if "not a database" not in str(problem):
                    raise
        return contents(store, self._keys[-1])

    def problem(self, files: dict[str, bytes], *, acknowledged: int) -> str:
        """What is wrong with a state; empty if it is the one before, or one after, and nothing promised is lost."""
        if "site.vault/" not in files:
            return "an acknowledged vault is gone" if acknowledged else "" if "" in self.allowed else "no vault"
        found = self.store_of(files)
        if isinstance(found, str):
            return found
        mark, size, _ = found
        if mark not in self.allowed:
            return "neither the state before nor one after"
        if self.allowed.index(mark) < acknowledged:
            return "an acknowledged act is lost"
        if any(self.copies.get(name, data) != data for name, data in files.items() if name.endswith(COPY)):
            return "what has the name of a backup is not a whole one"
        return _memory_problem(files, size)

    def learn(self, files: dict[str, bytes]) -> None:
        """Take a state of an undisturbed run as allowed; called in order, from before the act to after it."""
        if "site.vault/" not in files:
            mark = ""
        else:
            found = self.store_of(files)
            if isinstance(found, str):
                raise AssertionError(f"an undisturbed run is not whole: {found}")
            mark = found[0]
        if not self.allowed or self.allowed[-1] != mark:
            self.allowed.append(mark)


def _memory_problem(files: dict[str, bytes], size: int) -> str:
    for name, data in files.items():
        if name.startswith("home/checkpoints/") and name.endswith(".note"):
            try:
                if open_note(data.decode()).checkpoint.size > size:
                    return "the installation remembers more than the log has"
            except (NoteError, UnicodeDecodeError):
                return "the remembered checkpoint is no checkpoint"
    return ""
