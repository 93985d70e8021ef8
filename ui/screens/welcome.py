"""The first page: vaults opened before, and the ways to begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from domain.messages import message
from ui.settings import RecentVault
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.layout import card, column, row, scrolled
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import moment_text

_FOLDER = Qt.ItemDataRole.UserRole


class Welcome(QWidget):
    """`vault_chosen` carries the folder of the vault to unlock."""

    vault_chosen = Signal(Path)

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        inner = QWidget()
        outer = column(self)
        outer.addWidget(scrolled(inner), 1)
        down = column(inner, margin=8, gap=6)
        down.addStretch(1)
        down.addLayout(self._build_heading())
        parts = row(gap=6)
        parts.addStretch(1)
        parts.addWidget(self._build_recent())
        parts.addWidget(self._build_choices())
        parts.addStretch(1)
        down.addLayout(parts)
        down.addStretch(2)
        promise = label(
            message("Countersign works on this computer alone: it opens no network connection."), muted=True
        )
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_appearance(promise, type="small")
        down.addWidget(promise)

    def showEvent(self, event: QShowEvent) -> None:
        """The list is read anew each time the page comes up, and has the keyboard from the first moment."""
        super().showEvent(event)
        self._fill()
        (self._list if self._list.count() else self._open).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter unlocks the chosen vault; Del takes it off the list only."""
        chosen = self._list.currentItem()
        if self._list.hasFocus() and chosen is not None:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._on_item_activated(chosen)
                return
            if event.key() == Qt.Key.Key_Delete:
                self._services.settings.forget_vault(chosen.data(_FOLDER))
                self._fill()
                return
        super().keyPressEvent(event)

    def _build_heading(self) -> QVBoxLayout:
        down = column(gap=1)
        name = label(message("Countersign"), type_="display")
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line = label(message("Governed work, countersigned and provable, in one encrypted vault."), muted=True)
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        down.addWidget(name)
        down.addWidget(line)
        return down

    def _build_recent(self) -> QFrame:
        frame = card()
        frame.setFixedWidth(480)
        frame.setMinimumHeight(320)
        down = column(frame, margin=4, gap=2)
        heading = label(message("Vaults opened before"), type_="strong")
        down.addWidget(heading)
        self._list = QListWidget()
        self._list.setAccessibleName(message("Vaults opened before"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setIconSize(QSize(24, 24))
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setSpacing(2)
        self._list.itemDoubleClicked.connect(self._on_item_activated)
        down.addWidget(self._list, 1)
        self._empty = label(
            message(
                "A vault is one encrypted folder that holds processes, items, evidence and the signed log. Vaults "
                "you open appear here; begin with the sample to look around."
            ),
            muted=True,
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        down.addWidget(self._empty, 1)
        self._keys = label(message("Enter unlocks, Del takes an entry off this list"), muted=True, type_="small")
        down.addWidget(self._keys)
        return frame

    def _build_choices(self) -> QWidget:
        frame = QWidget()
        frame.setFixedWidth(264)
        down = column(frame, gap=2)
        actions, icons = self._services.actions, self._services.icons
        self._open = ActionButton(
            actions["vault.open"], icons, text=message("Open a vault…"), icon="open", primary=True
        )
        transitions = (
            self._open,
            ActionButton(actions["vault.new"], icons, text=message("New vault…"), icon="vault"),
            ActionButton(actions["vault.sample"], icons, text=message("Open the sample vault…"), icon="sample"),
            ActionButton(actions["vault.restore"], icons, text=message("Restore a backup…"), icon="reopen"),
            ActionButton(actions["pack.verify"], icons, text=message("Verify a closure pack…"), icon="verify"),
        )
        for transition in transitions:
            set_appearance(transition, tile=True)
            transition.setIconSize(QSize(20, 20))
            down.addWidget(transition)
        down.addStretch(1)
        return frame

    def _fill(self) -> None:
        self._list.clear()
        recent = self._services.settings.recent
        for vault in recent:
            item = QListWidgetItem(self._services.icons.icon("vault", "muted"), self._line(vault))
            item.setData(_FOLDER, vault.folder)
            item.setToolTip(vault.folder)
            self._list.addItem(item)
        self._list.setVisible(bool(recent))
        self._keys.setVisible(bool(recent))
        self._empty.setVisible(not recent)
        if recent:
            self._list.setCurrentRow(0)

    def _line(self, vault: RecentVault) -> str:
        missing = "" if Path(vault.folder).is_dir() else message("\nThe folder is not there now")
        opened = message("opened {moment}", moment=moment_text(vault.opened))
        return f"{vault.name}   ·   {opened}\n{vault.folder}{missing}"

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        self.vault_chosen.emit(Path(item.data(_FOLDER)))
