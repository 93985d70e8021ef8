"""Making a proof out of the log, and opening one again into the history of one item.

Here bytes become values; whether they can be trusted is judged in `domain.closure.check`. Of each entry
only the changes about this item and its surroundings are shown, each with its path to the signed root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.act import Change, Values
from domain.closure.pack import PACK_FORMAT, CertifiedKey, Proof, ProvenChange, ProvenEntry, VaultKeys
from domain.closure.paths import Paths
from domain.log.canonical import CanonicalError, canonical, parse_canonical
from domain.log.entry import Entry, decode_leaf
from domain.log.merkle import leaf_hash
from domain.records.people import PersonKey, Vault
from domain.records.registry import ITEM_FILE

LIFE_RECORDS = frozenset(ITEM_FILE.values())
"""Records of life off the straight road."""
ITEM_RECORDS = LIFE_RECORDS | {"item", "passage", "approval", "evidence", "closure", "pack", "refusal", "file"}
LARGEST_IMPORT_SHOWN = 32 * 1024
"""Bytes of an import's own record that are still shown: beyond it, it is mostly about other rows."""


_SURROUNDINGS = tuple(b'"record":"' + record + b'"}' for record in (b"vault", b"person", b"person_key", b"person_role"))


class ProofError(ValueError):
    """The proof cannot be read as one; `where` names the place in the manifest."""

    def __init__(self, what: str, *, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what = what
        self.where = where


class LoggedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as the store keeps it: all its leaves (those of its command first), and its path to the checkpoint's
    root.
    """

    entry: Entry
    leaves: tuple[bytes, ...]
    proof: tuple[bytes, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a proof, opened: what was signed, its leaf hash in hex, the leaves of its command and the changes
    that are shown.
    """

    entry: Entry
    leaf: str
    command: tuple[bytes, ...]
    changes: tuple[Change, ...]


class Wanted:
    """Which changes belong to the story of one item. Entries must be shown to it in log order.

    Later changes of a record carry only what changed, so the ids of the item's records are remembered from
    the change that created them.
    """

    def __init__(self, item: str, people: Iterable[str] = ()) -> None:
        self.item = item
        self.people = set(people)
        self._item = item.encode()
        self._ids: set[tuple[str, str]] = set()
        self._tails: set[bytes] = set()
        self._add("item", item)

    def may_hold(self, data: bytes) -> bool:
        """A quick look at canonical bytes before decoding them: imports hold 100,000 changes of others.

        Canonical members are sorted, so the bytes of every change end with its id and its record.
        """
        tail = data[data.rfind(b',"id":"') :]
        return tail in self._tails or self._item in data or tail.endswith(_SURROUNDINGS)

    def takes(self, change: Change) -> bool:
        """Whether the change is part of the story; learns the records that it brings in."""
        known = (change.record, change.id) in self._ids
        if known and change.record in LIFE_RECORDS and change.after.get("mandate"):
            self._add("mandate", str(change.after["mandate"]))
        if not known and change.record in ITEM_RECORDS:
            known = self._learn(change)
        elif not known:
            known = self._surrounds(change)
        if change.record == "item" and known:
            self._learn_surroundings(change)
        if change.record == "mandate" and known:
            self.people |= {str(change.after[name]) for name in ("giver", "deputy") if name in change.after}
        return known

    def _learn(self, change: Change) -> bool:
        if change.after.get("item") == self.item or change.after.get("subject") == self.item:
            self._add(change.record, change.id)
            if change.record == "evidence":
                self._add("file", str(change.after.get("file", "")))
            if change.after.get("mandate"):
                self._add("mandate", str(change.after["mandate"]))
            return True
        return False

    def _learn_surroundings(self, change: Change) -> None:
        if version := change.after.get("process_version"):
            self._add("process_version", str(version))
        if owner := change.after.get("owner"):
            self.people.add(str(owner))
        source = change.after.get("source")
        if isinstance(source, dict) and source.get("import"):
            self._add("import_batch", str(source["import"]))

    def _surrounds(self, change: Change) -> bool:
        if change.record == "vault":
            return True
        if change.record == "person":
            return change.id in self.people
        return change.record in {"person_key", "person_role"} and str(change.after.get("person")) in self.people

    def _add(self, record: str, id_: str) -> None:
        self._ids.add((record, id_))
        self._tails.add(b',"id":' + canonical(id_) + b',"record":' + canonical(record) + b"}")


def belongs(change: Change, values: Values, item: str) -> bool:
    """Whether a change, with its record's `values` as known so far, is about the item."""
    if change.record == "item":
        return change.id == item
    return change.record in ITEM_RECORDS and item in (values.get("item"), values.get("subject"))


def make_proof(
    *,
    item: str,
    vault: Vault,
    keys: Sequence[PersonKey],
    entries: Sequence[LoggedEntry],
    definition: str,
    checkpoint: str,
) -> Proof:
    """The manifest of a pack. `entries` are all entries about the item and the supporting ones.

    Of an entry whose subject is the item every change is shown, so that none can be left out unseen; of
    others, such as imports, only those about the item. Supporting entries are those that brought in the vault,
    the process version, the import and the signing people; those that show nothing of this story are left out,
    as are the keys of people who signed none of it.
    """
    ordered = sorted(entries, key=lambda logged: logged.entry.header.seq)
    people = {logged.entry.header.by for logged, places in _choose(ordered, item, set()) if _is_about(logged, places)}
    chosen = [
        (logged, places)
        for logged, places in _choose(ordered, item, people)
        if places or logged.entry.header.subject == item
    ]
    signers = {logged.entry.header.key for logged, _ in chosen}
    certified = [key for key in keys if key.id in signers or f"/person/{key.person} " in checkpoint]
    return Proof(
        format=PACK_FORMAT,
        item=item,
        vault=VaultKeys(
            id=vault.id,
            name=vault.name,
            root_key=vault.root_key,
            log_key=vault.log_key,
            log_certificate=vault.log_certificate,
        ),
        keys=tuple(
            CertifiedKey(
                id=key.id,
                person=key.person,
                statement=key.statement,
                certificate=key.certificate,
                possession=key.possession,
            )
            for key in sorted(certified, key=lambda key: key.id)
        ),
        entries=tuple(_show(logged, places) for logged, places in chosen),
        definition=definition,
        checkpoint=checkpoint,
    )


def _choose(entries: Sequence[LoggedEntry], item: str, people: set[str]) -> list[tuple[LoggedEntry, list[int]]]:
    """Each entry with the places of the changes to show."""
    # Three times: what an early entry brought in (an import, a process version, a mandate) is known to matter only
    # later, and with a mandate the roles of its giver, who may have signed nothing here.
    wanted = Wanted(item, people)
    chosen: list[tuple[LoggedEntry, list[int]]] = []
    for _ in range(3):
        chosen = [(logged, _places(wanted, logged)) for logged in entries]
    return chosen


def _places(wanted: Wanted, logged: LoggedEntry) -> list[int]:
    commands = logged.entry.header.commands
    if logged.entry.header.subject == wanted.item:
        for data in logged.leaves[commands:]:
            _shown(wanted, data)  # learns the records that the entry brings in
        return list(range(len(logged.leaves)))
    found = [
        index
        for index, data in enumerate(logged.leaves)
        if index >= commands and wanted.may_hold(data) and _shown(wanted, data)
    ]
    return [*_of_command(wanted, logged), *found] if found else []


def _of_command(wanted: Wanted, logged: LoggedEntry) -> list[int]:
    """The leaf that a command has for all items, and those of this one."""
    item = wanted.item.encode()
    return [index for index in range(logged.entry.header.commands) if not index or item in logged.leaves[index]]


def _is_about(logged: LoggedEntry, places: Sequence[int]) -> bool:
    commands = logged.entry.header.commands
    records = (decode_change(logged.leaves[index], where="log").record for index in places if index >= commands)
    return any(record in ITEM_RECORDS for record in records)


def _shown(wanted: Wanted, data: bytes) -> bool:
    change = decode_change(data, where="log")
    return wanted.takes(change) and (change.record != "import_batch" or len(data) <= LARGEST_IMPORT_SHOWN)


def _show(logged: LoggedEntry, places: Sequence[int]) -> ProvenEntry:
    paths = Paths([leaf_hash(data) for data in logged.leaves] if places else [])
    return ProvenEntry(
        leaf=logged.entry.leaf_data().decode(),
        index=logged.entry.header.seq,
        proof=tuple(step.hex() for step in logged.proof),
        changes=tuple(
            ProvenChange(
                data=logged.leaves[index].decode(),
                index=index,
                proof=tuple(step.hex() for step in paths.of(index)),
            )
            for index in places
        ),
    )


def decode_change(data: bytes, *, where: str) -> Change:
    """The change of canonical bytes.

    Raises:
        ProofError: not canonical, or not exactly a change.
    """
    try:
        value: Any = parse_canonical(data)
    except CanonicalError as problem:
        raise ProofError(str(problem), where=where) from problem
    if not isinstance(value, dict) or set(value) != {"record", "id", "before", "after"}:
        raise ProofError("not a change: expected exactly record, id, before and after", where=where)
    record, id_, before, after = value["record"], value["id"], value["before"], value["after"]
    if not (isinstance(record, str) and isinstance(id_, str) and isinstance(after, dict)):
        raise ProofError("not a change: record and id are text, after is an object", where=where)
    if before is not None and not isinstance(before, dict):
        raise ProofError("not a change: before is an object or null", where=where)
    return Change(record, id_, before, after)


def open_proof(proof: Proof) -> tuple[Told, ...]:
    """The entries of a proof as values, in the order given.

    Raises:
        ProofError: a leaf or a change is not what it should be.
    """
    told = []
    for place, shown in enumerate(proof.entries):
        where = f"proof.entries[{place}]"
        try:
            entry = decode_leaf(shown.leaf.encode())
        except (CanonicalError, ValueError) as problem:  # ValueError: base64 or text outside UTF-8
            raise ProofError(str(problem), where=f"{where}.leaf") from problem
        commands = entry.header.commands
        command = tuple(leaf.data.encode(errors="surrogatepass") for leaf in shown.changes if leaf.index < commands)
        changes = tuple(
            decode_change(leaf.data.encode(errors="surrogatepass"), where=f"{where}.changes[{index}]")
            for index, leaf in enumerate(shown.changes)
            if leaf.index >= commands
        )
        told.append(Told(entry=entry, leaf=leaf_hash(shown.leaf.encode()).hex(), command=command, changes=changes))
    return tuple(told)


def replay(told: Iterable[Told]) -> tuple[dict[str, dict[str, Values]], list[str]]:
    """Fold the changes into records: record name -> id -> values; and what does not fit together.

    A record of the item must begin with its creation; a surrounding record (the vault's, say) may begin in
    the middle of its life, since only the changes that matter here are shown.
    """
    records: dict[str, dict[str, Values]] = {}
    findings: list[str] = []
    for one in told:
        for change in one.changes:
            findings += _fold(records.setdefault(change.record, {}), change, one.entry.header.seq)
    return records, findings


def _fold(table: dict[str, Values], change: Change, seq: int) -> list[str]:
    place = f"entry {seq}: {change.record} {change.id}"
    now = table.get(change.id)
    if change.before is None:
        table[change.id] = change.values()
        return [] if now is None else [f"{place} is created a second time"]
    findings = []
    if now is None:
        if change.record in ITEM_RECORDS:
            findings.append(f"{place} is changed before it was created")
        now = dict(change.before)
    findings += [
        f"{place}: {name} was {now.get(name)!r} and not {value!r} before the change"
        for name, value in change.before.items()
        if now.get(name) != value
    ]
    table[change.id] = {**now, **change.after}
    return findings
