"""Where a person was: unlocking leads back there, and to what was left unrecorded when the program ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from domain.messages import message, plural_message
from ui.actions import ActionSet
from ui.dialogs.form_dialog import FormDialog
from ui.screens.item import ItemScreen
from ui.workspace import Workspace

GO_BACK_TO = frozenset({"register", "approvals", "log", "people", "backups", "self_check", "item", "closure"})


class PlaceKept(QObject):
    """Remembers in memory only; another person, or another vault, begins at the register."""

    def __init__(
        self, workspace: Workspace, actions: ActionSet, window: QWidget, *, built: Callable[[str], QWidget | None]
    ) -> None:
        super().__init__(window)
        self._workspace, self._actions, self._window, self._built = workspace, actions, window, built
        self._whose = ("", "")
        self._section = self._item = self._form = ""
        self._tab = 0
        workspace.leaving.connect(self._on_leaving)

    def go_back(self) -> None:
        """Called when a vault was opened: where this person was, or what this person left unrecorded."""
        session, workspace = self._workspace.session, self._workspace
        if session is None:
            return
        same = (session.folder, session.person.id) == self._whose
        self._whose = ("", "")
        if not same:
            drafts = workspace.vault.drafts
            workspace.tasks.run(drafts.all, context=self, then=self._on_drafts)
            return
        if self._item:
            workspace.select(self._item)
        if self._section in GO_BACK_TO:
            workspace.go(self._section)
        screen = self._built("item")
        if self._section == "item" and isinstance(screen, ItemScreen):
            screen.tabs.setCurrentIndex(self._tab)
        if self._form:
            self._open_form(self._form, then_announce=False)

    def _on_drafts(self, drafts: Mapping[str, str]) -> None:
        """The newest comes first; the others come back when their form is opened."""
        place = next(iter(drafts), "")
        kind, _, rest = place.partition("/")
        if not place or not self._workspace.is_open:
            return
        if kind == "item":
            self._workspace.open_item(rest)
        else:
            self._open_form(place, then_announce=True)
        if len(drafts) > 1:
            self._workspace.announce(
                plural_message(
                    "{count} form holds something you typed and did not record.",
                    "{count} forms hold something you typed and did not record.",
                    len(drafts),
                ),
                message("Each is brought back when you open it. This is the newest."),
                tone="waiting",
            )

    def _open_form(self, place: str, *, then_announce: bool) -> None:
        """Open the form of an action again, once the item it is about is in focus."""
        _, action, item = (*place.split("/"), "", "")[:3]
        workspace = self._workspace
        known = action in {spec.id for spec, _ in self._actions.all()}
        if not item or not known:
            if known:
                self._actions[action].trigger()
            elif item:
                workspace.open_item(item)
            return

        def in_focus() -> None:
            focus = workspace.focus
            if focus is None or focus.facts.file.item.id != item:
                return
            workspace.focus_changed.disconnect(in_focus)
            if self._actions[action].isEnabled():
                self._actions[action].trigger()

        workspace.focus_changed.connect(in_focus)
        if then_announce:
            workspace.open_item(item)

    def _on_leaving(self) -> None:
        session, focus = self._workspace.session, self._workspace.focus
        if session is None:
            return
        self._whose = (session.folder, session.person.id)
        self._section = self._workspace.section
        self._item = focus.facts.file.item.id if focus is not None else ""
        screen = self._built("item")
        self._tab = screen.tabs.currentIndex() if isinstance(screen, ItemScreen) else 0
        forms = (each.draft_place for each in self._window.findChildren(FormDialog) if each.isVisible())
        self._form = next((place for place in forms if place), "")
