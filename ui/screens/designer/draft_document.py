"""The definition under the hands: changed place by place, with every step back and forth again."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from domain.process.definition import ProcessVersion
from domain.process.drafting import Document, at, blank, renamed, with_value, word_of

MOST_KEPT = 200
"""Steps back that are kept."""


class DraftDocument(QObject):
    """One definition as JSON. `changed` says that a value differs; `reshaped` that parts came, went or moved."""

    changed = Signal()
    reshaped = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: Document = {}
        self._saved: Document = {}
        self._behind: list[Document] = []
        self._ahead: list[Document] = []

    @property
    def document(self) -> Document:
        """The definition as it stands."""
        return self._document

    @property
    def is_dirty(self) -> bool:
        """Whether it differs from what is on record."""
        return self._document != self._saved

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._behind)

    @property
    def can_redo(self) -> bool:
        """Whether a step back can be taken again."""
        return bool(self._ahead)

    def load(self, document: Document, *, on_record: bool) -> None:
        """Begin with a definition; `on_record`: it is what the vault has."""
        self._document = deepcopy(document)
        self._saved = deepcopy(document) if on_record else {}
        self._behind.clear()
        self._ahead.clear()
        self.reshaped.emit()

    def text(self) -> str:
        """The definition as JSON text."""
        return json.dumps(self._document, ensure_ascii=False)

    def version(self) -> ProcessVersion | None:
        """The definition as far as it fits the schema, contradictions or not; None when it does not fit."""
        try:
            return msgspec.json.decode(self.text(), type=ProcessVersion)
        except msgspec.MsgspecError:
            return None

    def put(self, path: str, value: Any) -> None:
        """Give a place another value. Another id follows wherever the part is named; a title names a new part."""
        if at(self._document, path) == value:
            return
        group, _, _ = path.partition("[")
        meant = {"roles": "role", "steps": "step", "fields": "field", "evidence": "evidence"}.get(group, "")
        place, _, member = path.rpartition(".")
        here = at(self._document, place) if place else None
        if meant and member == "id" and path.count("[") == 1:
            self._take(lambda found: renamed(found, meant, at(found, path), value))
        elif member == "title" and isinstance(here, dict) and _is_named_after(here):
            self._retitle(path, place, here, value, meant if path.count("[") == 1 else "")
        else:
            self._take(lambda found: with_value(found, path, value))

    def _retitle(self, path: str, place: str, here: Document, title: str, meant: str) -> None:
        """A part whose id is made of its title gets the id of its new one."""
        siblings = at(self._document, place.rpartition("[")[0]) or []
        taken = frozenset(each.get("id", "") for each in siblings if each is not here)
        old, new = here["id"], word_of(title, taken)

        def change(found: Document) -> Document:
            found = with_value(found, path, title)
            return renamed(found, meant, old, new) if meant else with_value(found, f"{place}.id", new)

        self._take(change)

    def add(self, path: str, struct: type[msgspec.Struct]) -> str:
        """Put a new part at the end of a list, before the closed step; its path comes back."""
        listed = at(self._document, path) or []
        part = blank(struct, self._document)
        if "level" in part:
            part["level"] = len(listed) + 1
        place = len(listed)
        if path == "steps" and listed:
            place -= 1  # the closed step stays the last one
        self._take(lambda found: with_value(found, path, [*listed[:place], part, *listed[place:]]), reshaped=True)
        return f"{path}[{place}]"

    def put_rule(self, path: str, struct: type[msgspec.Struct]) -> None:
        """Write a rule that was left out."""
        part = blank(struct, self._document)
        self._take(lambda found: with_value(found, path, part), reshaped=True)

    def remove(self, path: str) -> None:
        """Take a part or a rule out."""
        self._take(lambda found: with_value(found, path, None), reshaped=True)

    def move(self, path: str, by: int) -> str:
        """Move a part of a list up (-1) or down (1); where it is now comes back."""
        group, _, number = path.rpartition("[")
        here = int(number.rstrip("]"))
        listed = list(at(self._document, group) or [])
        there = here + by
        if not 0 <= there < len(listed):
            return path
        listed[here], listed[there] = listed[there], listed[here]
        self._take(lambda found: with_value(found, group, listed), reshaped=True)
        return f"{group}[{there}]"

    def undo(self) -> None:
        """One step back."""
        if self._behind:
            self._ahead.append(self._document)
            self._document = self._behind.pop()
            self.reshaped.emit()

    def redo(self) -> None:
        """The step back taken again."""
        if self._ahead:
            self._behind.append(self._document)
            self._document = self._ahead.pop()
            self.reshaped.emit()

    def recorded(self) -> None:
        """What stands here is on record now."""
        self._saved = deepcopy(self._document)
        self.changed.emit()

    def _take(self, change: Callable[[Document], Document], *, reshaped: bool = False) -> None:
        self._behind = [*self._behind[1 - MOST_KEPT :], self._document]
        self._ahead.clear()
        self._document = change(self._document)
        (self.reshaped if reshaped else self.changed).emit()


def _is_named_after(part: Document) -> bool:
    """Whether an id was made of the title, so that it follows another one."""
    made = word_of(str(part.get("title", "")))
    return bool(part.get("id")) and (part["id"] == made or part["id"].startswith(f"{made}_") or part["id"] == "new")
