"""The sections on the left, with what waits in them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.actions import SECTIONS
from ui.icons import Icons
from ui.theme import Theme, set_appearance
from ui.words import count_text

_NAME = Qt.ItemDataRole.UserRole


class Navigation(QListWidget):
    """`chosen` carries the word of a section. Ctrl+1 and on do the same."""

    chosen = Signal(str)

    def __init__(self, icons: Icons, theme: Theme) -> None:
        super().__init__()
        self._icons = icons
        self.setAccessibleName(self.tr("Sections"))
        set_appearance(self, nav=True)
        self.setFixedWidth(200)
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._titles = {
            "register": self.tr("Register"),
            "approvals": self.tr("Approvals"),
            "alerts": self.tr("Alerts"),
            "dashboard": self.tr("Dashboard"),
            "designer": self.tr("Processes"),
            "import": self.tr("Import"),
            "log": self.tr("Audit log"),
            "people": self.tr("People and roles"),
            "backups": self.tr("Backups"),
            "self_check": self.tr("Self-check"),
        }
        for name in SECTIONS:
            item = QListWidgetItem(icons.icon(name, "muted"), self._titles[name])
            item.setData(_NAME, name)
            self.addItem(item)
        self.itemClicked.connect(self._on_item)
        self.itemActivated.connect(self._on_item)
        theme.changed.connect(self._on_theme_changed)

    def choose(self, name: str) -> None:
        """Mark a section as the one shown."""
        self.setCurrentRow(SECTIONS.index(name))

    def show_count(self, name: str, number: int) -> None:
        """Show how much waits in a section; nothing is shown for none."""
        title = self._titles[name]
        counted = self.tr("%1  (%2)").replace("%1", title).replace("%2", count_text(number))
        self.item(SECTIONS.index(name)).setText(counted if number else title)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAME))

    def _on_theme_changed(self) -> None:
        for n, name in enumerate(SECTIONS):
            self.item(n).setIcon(self._icons.icon(name, "muted"))
