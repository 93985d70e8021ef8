"""Power loss on paper: recorded operations replayed onto a disk that forgets what was not synced.

The model is stricter than common file systems. Bytes of a file last once that file was synced. A name made, moved
or removed lasts once its folder was synced: syncing the file does not make its name last. What is pending when the
power goes may be lost, kept, kept in part, torn at 512 bytes, or reach the disk in another order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

SECTOR = 512
Mode = Literal["kept", "drop", "prefix", "subset", "torn", "reordered"]
MODES: tuple[Mode, ...] = ("kept", "drop", "prefix", "subset", "torn", "reordered")


class Operation(NamedTuple):
    """One line of the record; see crash_shim.c."""

    letter: str
    path: str
    number: int
    data: bytes


class Change(NamedTuple):
    """A pending change of a file's bytes: a write, or (`data` None) a new size."""

    offset: int
    data: bytes | None


class NameChange(NamedTuple):
    """A pending change of a folder's names. `old` loses its name, `new` gets the node."""

    old: str
    new: str
    node: File | Folder | None


@dataclass
class File:
    """Durable bytes, and what would change them."""

    durable: bytes = b""
    pending: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        self.durable = _applied(self.durable, self.pending)
        self.pending = []


@dataclass
class Folder:
    """Durable names, names as the program sees them, and the changes between the two."""

    durable: dict[str, File | Folder] = field(default_factory=dict)
    names: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[NameChange] = field(default_factory=list)

    def change(self, change: NameChange) -> None:
        _renamed(self.names, change)
        self.pending.append(change)

    def sync(self) -> None:
        for change in self.pending:
            _renamed(self.durable, change)
        self.pending = []


def _renamed(names: dict[str, File | Folder], change: NameChange) -> None:
    if change.old:
        names.pop(change.old, None)
    if change.new and change.node is not None:
        names[change.new] = change.node


def _applied(data: bytes, changes: list[Change]) -> bytes:
    room = bytearray(data)
    for change in changes:
        if change.data is None:
            del room[change.offset :]
            room.extend(bytes(change.offset - len(room)))
            continue
        room.extend(bytes(max(0, change.offset + len(change.data) - len(room))))
        room[change.offset : change.offset + len(change.data)] = change.data
    return bytes(room)


def read_record(path: Path) -> list[Operation]:
    """The operations as the shim wrote them down."""
    raw, at, found = path.read_bytes(), 0, []
    while at < len(raw):
        end = raw.index(b"\n", at)
        letter, where, number, length = raw[at:end].decode().split("\t")
        at = end + 1 + int(length)
        found.append(Operation(letter, where, int(number), raw[end + 1 : at]))
    return found


class Disk:
    """A file tree under one folder, replayed operation by operation."""

    def __init__(self, base: Path, recorded_under: str) -> None:
        self._under = recorded_under
        self.root = _loaded(base)
        self.acknowledged = 0

    def replay(self, operation: Operation) -> None:
        """Do what the program did."""
        if operation.letter == "A":
            self.acknowledged += 1
            return
        parent, name = self._place(operation.path)
        node = parent.names.get(name) if name else parent
        if operation.letter == "C":
            parent.change(NameChange("", name, File()))
        elif operation.letter == "M":
            parent.change(NameChange("", name, Folder()))
        elif operation.letter in "UD":
            parent.change(NameChange(name, "", None))
        elif operation.letter == "R":
            other, new = self._place(operation.data.decode())
            if other is parent:
                parent.change(NameChange(name, new, node))
            else:  # each folder keeps its half by itself, which is worse than a journal would have it
                parent.change(NameChange(name, "", None))
                other.change(NameChange("", new, node))
        elif operation.letter == "S" and node is not None:
            node.sync()
        elif isinstance(node, File):
            data = None if operation.letter == "T" else operation.data
            node.pending.append(Change(operation.number, data))
        elif node is not None:
            raise ValueError(f"{operation.letter} on a folder")
        # what is written to a file that has lost its name is lost with it

    def after_power_loss(self, mode: Mode, chance: random.Random) -> dict[str, bytes]:
        """One state that the disk may be found in: path under the folder -> bytes."""
        found: dict[str, bytes] = {}
        _collect(self.root, "", mode, chance, found)
        return found

    def kept(self) -> dict[str, bytes]:
        """The state as the program sees it: nothing is lost."""
        return self.after_power_loss("kept", random.Random(0))

    def _place(self, path: str) -> tuple[Folder, str]:
        parts = [part for part in path.removesuffix(" (deleted)").removeprefix(self._under).split("/") if part]
        folder = self.root
        for part in parts[:-1]:
            inner = folder.names[part]
            assert isinstance(inner, Folder)
            folder = inner
        return folder, parts[-1] if parts else ""


def _loaded(folder: Path) -> Folder:
    names: dict[str, File | Folder] = {
        path.name: _loaded(path) if path.is_dir() else File(path.read_bytes()) for path in folder.iterdir()
    }
    return Folder(durable=dict(names), names=names)


def _collect(folder: Folder, at: str, mode: Mode, chance: random.Random, found: dict[str, bytes]) -> None:
    names = dict(folder.durable)
    for change in _chosen(folder.pending, mode, chance):
        _renamed(names, change)
    for name, node in names.items():
        if isinstance(node, Folder):
            found[f"{at}{name}/"] = b""
            _collect(node, f"{at}{name}/", mode, chance, found)
        else:
            found[at + name] = _applied(node.durable, _spoiled(node.pending, mode, chance))


def _chosen(pending: list[NameChange], mode: Mode, chance: random.Random) -> list[NameChange]:
    """Names are changed in order or not at all; which of the pending ones last is not ours to know."""
    if mode in ("kept", "drop"):
        return pending if mode == "kept" else []
    if mode == "prefix":
        return pending[: chance.randint(0, len(pending))]
    return [change for change in pending if chance.random() < 0.5]


def _spoiled(pending: list[Change], mode: Mode, chance: random.Random) -> list[Change]:
    if mode in ("kept", "drop"):
        return pending if mode == "kept" else []
    if mode == "prefix":
        return pending[: chance.randint(0, len(pending))]
    if mode == "torn":
        pieces = [piece for change in pending for piece in _sectors(change)]
        return [piece for piece in pieces if chance.random() < 0.5]
    some = [change for change in pending if chance.random() < 0.6]
    if mode == "reordered":
        chance.shuffle(some)
    return some


def _sectors(change: Change) -> list[Change]:
    if change.data is None:
        return [change]
    return [Change(change.offset + n, change.data[n : n + SECTOR]) for n in range(0, len(change.data), SECTOR)]


def states(
    base: Path,
    recorded_under: str,
    operations: list[Operation],
    *,
    each: int,
    every: int = 1,
    seed: int = 1,
    shift: int = 0,
) -> Iterator[tuple[int, Mode, int, dict[str, bytes]]]:
    """(cut, mode, acknowledged, files): at every `every`-th operation, each mode; the random ones `each` times."""
    disk = Disk(base, recorded_under)
    for cut, operation in enumerate(operations):
        disk.replay(operation)
        if (cut - shift) % every and cut != len(operations) - 1:
            continue
        for mode in MODES:
            for again in range(1 if mode in ("kept", "drop") else each):
                chance = random.Random(f"{seed}-{cut}-{mode}-{again}")
                yield cut, mode, disk.acknowledged, disk.after_power_loss(mode, chance)
