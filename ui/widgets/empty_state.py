"""What a view shows when it has nothing to show: one sentence that teaches, and the button to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui.icons import Icons
from ui.widgets.layout import column, row
from ui.widgets.text import label

TEXT_WIDTH = 400


class EmptyState(QWidget):
    """A quiet picture, a sentence, and up to two buttons."""

    def __init__(self, icons: Icons, *, icon: str, title: str, text: str) -> None:
        super().__init__()
        self._icons, self._icon = icons, icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(title, type_="title")
        self._text = label(text, muted=True, wrap=True)
        for part in (self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setFixedWidth(TEXT_WIDTH)
        down = column(self, margin=8, gap=2)
        down.addStretch(2)
        down.addWidget(self._picture)
        down.addWidget(self._title)
        down.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons = row(gap=2)
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        down.addSpacing(8)
        down.addLayout(self._buttons)
        down.addStretch(3)
        self._paint_picture()
        self._fit()

    @property
    def title(self) -> str:
        """The words in the middle."""
        return self._title.text()

    def add_button(self, button: QPushButton) -> None:
        """Put a button below the sentence."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def announce(self, title: str, text: str) -> None:
        """Change the sentence."""
        self._title.setText(title)
        self._text.setText(text)
        self._fit()

    def _fit(self) -> None:
        self._text.setMinimumHeight(max(self._text.heightForWidth(TEXT_WIDTH), 0))

    def _paint_picture(self) -> None:
        self._picture.setPixmap(self._icons.pixmap(self._icon, "field_line", 32, self.devicePixelRatioF()))
