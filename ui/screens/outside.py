"""The page all screens outside a vault share: a calm column in the middle of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from domain.messages import message
from ui.widgets.buttons import button
from ui.widgets.layout import card, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices


class OutsidePage(QWidget):
    """A titled card with an error bar above its fields. Esc goes back to the welcome page."""

    def __init__(self, services: WindowServices, *, title: str, text: str, width: int = 480) -> None:
        super().__init__()
        self.services = services
        inner = QWidget()
        outer = column(self)
        outer.addWidget(scrolled(inner))
        centred = row(inner, margin=6)
        middle = column(gap=3)
        centred.addStretch(1)
        centred.addLayout(middle, 0)
        centred.addStretch(1)
        middle.addStretch(2)
        back = row()
        self.back = button(message("All vaults"), self.go_back, icons=services.icons, icon="back", quiet=True)
        back.addWidget(self.back)
        back.addStretch(1)
        middle.addLayout(back)
        self.bar = MessageBar(services.icons)
        self.bar.setFixedWidth(width)
        middle.addWidget(self.bar)
        self.card: QFrame = card()
        self.card.setFixedWidth(width)
        middle.addWidget(self.card)
        middle.addStretch(3)
        self.form: QVBoxLayout = column(self.card, margin=6, gap=3)
        self.title = label(title, type_="title", wrap=True)
        self.text = label(text, muted=True, wrap=True)
        self.form.addWidget(self.title)
        self.form.addWidget(self.text)

    def go_back(self) -> None:
        """Show the welcome page."""
        self.bar.clear()
        self.services.workspace.go("welcome")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc means the harmless way out."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
            return
        super().keyPressEvent(event)
