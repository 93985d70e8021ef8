"""`countersign item history`: every entry about an item in words, and what it changed, from the old to the new."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from desktop.cli.words import field_title, in_words, row_words, short_value
from desktop.session.unlocked_session import UnlockedSession
from domain.act import Change
from domain.closure.proof import ITEM_RECORDS, ReadEntry, belongs
from domain.closure.timeline import Describer
from domain.log.entry import Header
from domain.messages import message
from domain.process.decode import decode_process
from domain.records.item import Item

_FOLLOWS = frozenset(
    {
        *("step_since", "source", "source_key", "source_fingerprint", "legacy", "content", "values", "earlier_dues"),
        "took_part",
    }
)
"""Fields of which no line is made: they follow from another one, or are what a tracker said."""
_BEGINS_WITH = ("title", "description", "owner", "owner_name", "due", "severity", "priority", "raised")


class ItemHistory:
    """The entries about one item, oldest first; each is read once, in log order."""

    def __init__(self, vault: UnlockedSession, item: Item) -> None:
        register = vault.register
        self._register = register
        self._item = item
        self._names = {person.id: person.name for person in register.people()}
        self._process = decode_process(register.process_version(item.process_version).definition)
        self._describer = Describer(item.id, self._process, self._names, values=False)
        self._records: dict[tuple[str, str], dict[str, Any]] = {}

    def values(self) -> Iterator[dict[str, Any]]:
        """Each entry as JSON: its header, who gave it, its changes, and the lines that people read."""
        for header, changes, words in self._entries():
            yield {
                **msgspec.to_builtins(header),
                "person": self._names.get(header.by, ""),
                "words": words,
                "changes": [msgspec.to_builtins(change) for change in changes],
            }

    def lines(self) -> Iterator[str]:
        """Each entry for people: when, who, what and why; behind it, every value that changed."""
        for header, changes, words in self._entries():
            what = "; ".join(words) or header.act.replace("_", " ")
            yield f"{header.seq:6}  {header.at[:16]}  {self._names.get(header.by, header.by)}: {what}"
            if header.reason and header.reason not in what:
                yield message("          reason: {reason}", reason=header.reason)
            for change in changes:
                yield from (f"          {line}" for line in self._differences(change, header))

    def _entries(self) -> Iterator[tuple[Header, list[Change], list[str]]]:
        for seq in self._register.entries_about(self._item.id):
            entry = self._register.entry(seq)
            leaves = self._register.changes(seq)[entry.header.commands :]
            found = [change for change in map(_change, leaves) if change.record in ITEM_RECORDS]
            read = ReadEntry(entry=entry, leaf="", command=(), changes=tuple(found))
            words = [
                line.what if line.detail in ("", entry.header.reason) else f"{line.what}: {line.detail}"
                for line in self._describer.lines((read,))
            ]
            yield entry.header, [change for change in found if self._is_about(change)], words

    def _is_about(self, change: Change) -> bool:
        key = (change.record, change.id)
        known = self._records.get(key, {})
        self._records[key] = {**known, **change.values()}
        return belongs(change, self._records[key], self._item.id)

    def _differences(self, change: Change, header: Header) -> Iterator[str]:
        before, after = change.before, change.after
        if before is None:
            if change.record == "item":
                yield from self._beginning(after)
            return
        for field in after:
            if field not in _FOLLOWS and after[field] not in (header.by, header.at):
                yield from self._line(field, before.get(field), after[field])
        old, new = before.get("values"), after.get("values")
        if isinstance(old, dict) and isinstance(new, dict):
            for field in sorted({*old, *new}):
                if old.get(field) != new.get(field):
                    yield from self._line(field, old.get(field), new.get(field))

    def _beginning(self, after: Mapping[str, Any]) -> Iterator[str]:
        given = {name: after[name] for name in _BEGINS_WITH if after.get(name)}
        for field, value in {**given, **(after.get("values") or {})}.items():
            if isinstance(value, list):
                yield from self._line(field, [], value)
            elif value not in (None, "", {}):
                yield f"{field_title(self._process, field)}: {self._words(field, value)}"

    def _line(self, field: str, before: object, after: object) -> Iterator[str]:
        title = field_title(self._process, field)
        if not isinstance(before, list) and not isinstance(after, list):
            yield f"{title}: {self._words(field, before)} -> {self._words(field, after)}"
            return
        old, new = (each if isinstance(each, list) else [] for each in (before, after))
        yield f"{title}:"
        yield from (f"  - {self._row(field, row)}" for row in old if row not in new)
        yield from (f"  + {self._row(field, row)}" for row in new if row not in old)

    def _row(self, field: str, row: object) -> str:
        return _one_line(row_words(self._process, field, row, self._names))

    def _words(self, field: str, value: object) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{in_words(name)}: {self._words(name, each)}" for name, each in value.items())
        return _one_line(short_value(self._process, field, value, self._names))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _change(leaf: bytes) -> Change:
    found = json.loads(leaf)
    return Change(record=found["record"], id=found["id"], before=found["before"], after=found["after"])
