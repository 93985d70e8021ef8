"""What is typed and not recorded: put aside in the vault while it is typed, and brought back to its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from domain.drafts import Draft, decode_draft, encode_draft
from ui.workspace import Workspace

PAUSE_MS: Final = 2_000
"""How long typing goes on before it is put aside."""


def item_place(item: str) -> str:
    """The place of what is typed on an item's page."""
    return f"item/{item}"


def form_place(action: str, about: str = "") -> str:
    """The place of the form that an action opens, about an item or about nothing yet."""
    return f"form/{action}/{about}"


class DraftAutosave(QObject):
    """Keeps what is typed in one form. `came_back` carries a `Draft` that was left at the form's place.

    `typed` gives what is typed now, None for nothing. Writing is the worker's; before the keys go it is shown to
    keep once more, so a lock loses nothing.
    """

    came_back = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject, *, typed: Callable[[], Draft | None]) -> None:
        super().__init__(parent)
        self._workspace, self._typed = workspace, typed
        self._place = ""
        self._is_kept = False
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(PAUSE_MS)
        self.pause.timeout.connect(self.keep)
        workspace.leaving.connect(self.keep)
        workspace.locked.connect(self._on_locked)

    @property
    def place(self) -> str:
        """The place the form is about now; "" for none."""
        return self._place

    def at(self, place: str) -> None:
        """From now on the form is about `place`: what is typed for another is kept, what was left here comes back."""
        if place == self._place:
            return
        self.keep()
        self._place, self._is_kept = place, False
        if not self._workspace.is_open:
            return
        drafts = self._workspace.vault.drafts

        def found(text: str | None) -> None:
            draft = decode_draft(text) if text else None
            if draft is not None and self._place == place and self._typed() is None:
                self._is_kept = True
                self.came_back.emit(draft)

        self._workspace.tasks.run(lambda: drafts.all().get(place), context=self, then=found)

    def touch(self) -> None:
        """Something was typed."""
        if self._place and not self.pause.isActive():
            self.pause.start()

    def keep(self) -> None:
        """Put aside what is typed now."""
        self.pause.stop()
        draft = self._typed() if self._place and self._workspace.is_open else None
        if draft is None:
            return
        place, text, drafts = self._place, encode_draft(draft), self._workspace.vault.drafts
        self._is_kept = True
        self._workspace.tasks.run(lambda: drafts.save(place, text), context=self, then=_nothing)

    def forget(self) -> None:
        """It is recorded, or thrown away: nothing is left to bring back."""
        self.pause.stop()
        if not self._is_kept or not self._workspace.is_open:
            return
        self._is_kept = False
        place, drafts = self._place, self._workspace.vault.drafts
        self._workspace.tasks.run(lambda: drafts.forget(place), context=self._workspace, then=_nothing)

    def _on_locked(self) -> None:
        self.pause.stop()
        self._place, self._is_kept = "", False


def _nothing(_answer: None) -> None:
    """Keeping and forgetting have no result to show."""
