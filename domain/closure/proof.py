"""Making a proof out of the log, and opening one again into the history of one item.

Here bytes become values; whether they can be trusted is judged in `domain.closure.check`. Of each entry
only the changes about this item and its surroundings are shown, each with its path to the signed root.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.act import Change, Values
from domain.closure.manifest import CertifiedKey, Proof, ProvenChange, ProvenEntry, VaultKeys
from domain.closure.pack import PACK_FORMAT
from domain.closure.paths import Paths
from domain.log.canonical import CanonicalError, canonical, parse_canonical
from domain.log.entry import Entry, decode_leaf
from domain.log.merkle import leaf_hash
from domain.messages import message
from domain.records.people import PersonKey, Vault
from domain.records.registry import ITEM_FILE

REQUEST_RECORDS = frozenset(ITEM_FILE.values())
"""Records of life outside the normal path."""
ITEM_RECORDS = REQUEST_RECORDS | {
    "item",
    "transition_record",
    "approval",
    "evidence",
    "closure",
    "pack",
    "refusal",
    "file",
}
PEOPLE_RECORDS = frozenset(
    {
        "vault",
        "person",
        "person_key",
        "person_role",
        "declaration",
        "key_reset",
        "recovery_sheet",
        "rotation",
        "mandate",
    }
)
"""Records about who may do what: every entry that changes one is shown whole."""
SITE_RECORDS = PEOPLE_RECORDS | {"process", "process_version", "version_draft", "category", "calendar", "setting"}
"""Records that the rules for an item read beside its own."""
LARGEST_IMPORT_SHOWN = 32 * 1024
"""Bytes of an import's own record that are still shown: beyond it, it is mostly about other rows."""

_SITE_TAILS = tuple(b'"record":"' + record.encode() + b'"}' for record in sorted(SITE_RECORDS))


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


class ReadEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a proof, opened: what was signed, its leaf hash in hex, the leaves of its command and the changes
    that are shown.
    """

    entry: Entry
    leaf: str
    command: tuple[bytes, ...]
    changes: tuple[Change, ...]


class Wanted:
    """Which changes a pack of one item shows: those of the site, of the item, and links of other items to it. Entries
    must be shown to it in log order.

    Later changes of a record carry only what changed, so the ids of the item's records are remembered from
    the change that created them.
    """

    def __init__(self, item: str) -> None:
        self.item = item
        self._item = item.encode()
        self._ids: set[tuple[str, str]] = set()
        self._tails: set[bytes] = set()
        self._add("item", item)

    def may_hold(self, data: bytes) -> bool:
        """A quick look at canonical bytes before decoding them: imports hold 100,000 changes of others.

        Canonical members are sorted, so the bytes of every change end with its id and its record.
        """
        tail = data[data.rfind(b',"id":"') :]
        return tail in self._tails or self._item in data or tail.endswith(_SITE_TAILS)

    def takes(self, change: Change) -> bool:
        """Whether the change is shown; learns the records that it brings in."""
        if change.record in SITE_RECORDS:
            return True
        known = (change.record, change.id) in self._ids
        if not known and change.record in ITEM_RECORDS:
            known = self._learn(change)
        if change.record == "item" and known:
            source = change.after.get("source")
            if isinstance(source, dict) and source.get("import"):
                self._add("import_batch", str(source["import"]))
        return known

    def _learn(self, change: Change) -> bool:
        named = [change.after.get(name) for name in ("item", "subject")]
        if change.record == "link":
            named.append(change.after.get("other"))
        if self.item not in named:
            return False
        self._add(change.record, change.id)
        if change.record == "evidence":
            self._add("file", str(change.after.get("file", "")))
        return True

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
    printer: str,
    vault: Vault,
    keys: Sequence[PersonKey],
    entries: Sequence[LoggedEntry],
    definition: str,
    checkpoint: str,
) -> Proof:
    """The manifest's proof. `entries` are all entries about the item and all about the site; `printer` is the key id of
    whoever signs the pack.

    Of an entry whose subject is the item, and of one about nothing but the site, every leaf is shown, so that none can
    be left out unseen and it can be decided again; of others, such as imports, only what concerns the item or the site.
    Keys of people who signed nothing of this are left out.
    """
    ordered = sorted(entries, key=lambda logged: logged.entry.header.seq)
    # Twice: what an early entry brought in (an import) is known to matter only later.
    wanted = Wanted(item)
    for _ in range(2):
        chosen = [(logged, _places(wanted, logged)) for logged in ordered]
    chosen = [(logged, places) for logged, places in chosen if places or logged.entry.header.subject == item]
    signers = {logged.entry.header.key for logged, _ in chosen} | {printer}
    certified = [key for key in keys if key.id in signers or f"/person/{key.person} " in checkpoint]
    shown = tuple(_show(logged, places) for logged, places in chosen)
    read_entries = _open(shown)
    about = tuple(one.entry.header.seq for one in read_entries if is_about(one, item))
    return Proof(
        format=PACK_FORMAT,
        item=item,
        printer=printer,
        about=about,
        site=tuple(one.entry.header.seq for one in read_entries if one.entry.header.seq not in set(about)),
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
        entries=shown,
        definition=definition,
        checkpoint=checkpoint,
    )


def is_about(one: ReadEntry, item: str) -> bool:
    """Whether a shown entry is about the item: it is its subject, or changes it or a record that hangs on it."""
    return one.entry.header.subject == item or any(change.record in ITEM_RECORDS for change in one.changes)


def _places(wanted: Wanted, logged: LoggedEntry) -> list[int]:
    """The places of the leaves of an entry that are shown."""
    commands = logged.entry.header.commands
    found = [
        index
        for index, data in enumerate(logged.leaves)
        if index >= commands and wanted.may_hold(data) and _shown(wanted, data)
    ]
    if logged.entry.header.subject == wanted.item or len(found) == len(logged.leaves) - commands:
        return list(range(len(logged.leaves)))
    return [*_of_command(wanted, logged), *found] if found else []


def _of_command(wanted: Wanted, logged: LoggedEntry) -> list[int]:
    """The leaves of the command that name this item, and with them the one that it has for all items."""
    item = wanted.item.encode()
    mine = [index for index in range(logged.entry.header.commands) if item in logged.leaves[index]]
    return sorted({0, *mine}) if mine else []


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
        raise ProofError(message("proof.not_a_change_expected"), where=where)
    record, id_, before, after = value["record"], value["id"], value["before"], value["after"]
    if not (isinstance(record, str) and isinstance(id_, str) and isinstance(after, dict)):
        raise ProofError(message("proof.not_a_change_record"), where=where)
    if before is not None and not isinstance(before, dict):
        raise ProofError(message("proof.not_a_change_before"), where=where)
    return Change(record, id_, before, after)


def open_proof(proof: Proof) -> tuple[ReadEntry, ...]:
    """The entries of a proof as values, in the order given.

    Raises:
        ProofError: a leaf or a change is not what it should be.
    """
    return _open(proof.entries)


def _open(entries: Sequence[ProvenEntry]) -> tuple[ReadEntry, ...]:
    read_entries = []
    for place, shown in enumerate(entries):
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
        read_entries.append(
            ReadEntry(entry=entry, leaf=leaf_hash(shown.leaf.encode()).hex(), command=command, changes=changes)
        )
    return tuple(read_entries)


def replay(read_entries: Iterable[ReadEntry]) -> tuple[dict[str, dict[str, Values]], list[str]]:
    """Fold the changes into records: record name -> id -> values; and what does not fit together.

    A record of the item must begin with its creation; a surrounding record (the vault's, say) may begin in
    the middle of its life, since only the changes that matter here are shown.
    """
    records: dict[str, dict[str, Values]] = {}
    findings: list[str] = []
    for one in read_entries:
        for change in one.changes:
            findings += _fold(records.setdefault(change.record, {}), change, one.entry.header.seq)
    return records, findings


def _fold(table: dict[str, Values], change: Change, seq: int) -> list[str]:
    place = message("proof.is_created_a_second.place", seq=seq, record=change.record, change=change.id)
    now = table.get(change.id)
    if change.before is None:
        table[change.id] = change.values()
        return [] if now is None else [message("proof.is_created_a_second", place=place)]
    findings = []
    if now is None:
        if change.record in ITEM_RECORDS:
            findings.append(message("proof.is_changed_before_it", place=place))
        now = dict(change.before)
    findings += [
        message("proof.was_and_not_before", place=place, name=name, name_2=now.get(name), value=value)
        for name, value in change.before.items()
        if now.get(name) != value
    ]
    table[change.id] = {**now, **change.after}
    return findings
