"""The sections on the left, with what waits in them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from domain.messages import message
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
        self.setAccessibleName(message("Sections"))
        set_appearance(self, nav=True)
        self.setFixedWidth(200)
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._titles = {
            "register": message("Register"),
            "approvals": message("Approvals"),
            "alerts": message("Alerts"),
            "dashboard": message("Dashboard"),
            "designer": message("Processes"),
            "import": message("Import"),
            "log": message("Audit log"),
            "people": message("People and roles"),
            "backups": message("Backups"),
            "self_check": message("Self-check"),
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
        counted = message("{title}  ({count})", count=count_text(number), title=title)
        self.item(SECTIONS.index(name)).setText(counted if number else title)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_NAME))

    def _on_theme_changed(self) -> None:
        for n, name in enumerate(SECTIONS):
            self.item(n).setIcon(self._icons.icon(name, "muted"))
