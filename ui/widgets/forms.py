"""Form rows: label with buddy above the field, an error line below it; and the fields that need care."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox as SpinBox
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QToolButton, QWidget

from domain.messages import message
from ui.icons import Icons
from ui.widgets.layout import column, row
from ui.widgets.text import label

EDITED = ("edited", "textEdited", "textChanged", "activated")
"""Signals by which fields tell that a person changed them, the most exact first."""


class FormRow(QWidget):
    """One field with its label above and, when wrong, the reason below until the field is changed."""

    def __init__(self, text: str, field: QWidget, *, hint: str = "", required: bool = False) -> None:
        super().__init__()
        down = self._down = column(self, gap=1)
        self._label = label(text, type_="small", muted=True)
        self._label.setTextFormat(Qt.TextFormat.AutoText)
        self._label.setBuddy(field)
        self._error = label(type_="small", wrap=True)
        self._error.setProperty("ink", "overdue")
        self._error.hide()
        down.addWidget(self._label)
        self._across = row(gap=2)
        self._across.addWidget(field, 1)
        down.addLayout(self._across)
        if hint:
            down.addWidget(label(hint, type_="small", muted=True, wrap=True))
        down.addWidget(self._error)
        edited = next((getattr(field, name) for name in EDITED if hasattr(field, name)), None)
        if edited is not None:
            edited.connect(lambda *_what: self.mark_right())
        field.setAccessibleName(text.replace("&", ""))
        readable = "; ".join(part for part in (message("required") if required else "", hint) if part)
        if readable:
            field.setAccessibleDescription(readable)
        self.field = field

    def name_it(self, text: str) -> None:
        """Give the field another label; & marks the mnemonic."""
        self._label.setText(text)
        self.field.setAccessibleName(text.replace("&", ""))

    def put_below(self, widget: QWidget) -> None:
        """Put something that belongs to the field between it and its error line."""
        self._down.insertWidget(self._down.indexOf(self._error), widget)

    def put_beside(self, widget: QWidget) -> None:
        """Put a button to the right of the field."""
        self._across.addWidget(widget)

    @property
    def title(self) -> str:
        """The words of the label, without the mnemonic mark."""
        return self._label.text().replace("&", "")

    @property
    def is_wrong(self) -> bool:
        """Whether a reason is shown under the field."""
        return bool(self._error.text())

    def mark_wrong(self, reason: str) -> None:
        """Show a reason under the field and put the cursor there."""
        self._error.setText(reason)
        self._error.show()
        self.field.setAccessibleDescription(reason)
        self.field.setFocus()

    def mark_right(self) -> None:
        """Take the reason away."""
        self._error.clear()
        self._error.hide()


class PassphraseEdit(QWidget):
    """A passphrase with a show button. What was typed leaves the widget through `take`, and to a judge by `peek`."""

    returned = Signal()
    edited = Signal()
    emptied = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._edit = QLineEdit()
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._eye = QToolButton()
        self._eye.setCheckable(True)
        self._eye.setAccessibleName(message("Show the passphrase"))
        self._eye.setToolTip(message("Show the passphrase"))
        icons.place(self._eye, "eye", "muted")
        across = row(self, gap=1)
        across.addWidget(self._edit, 1)
        across.addWidget(self._eye)
        self.setFocusProxy(self._edit)
        self._edit.returnPressed.connect(self.returned)
        self._edit.textEdited.connect(lambda _text: self.edited.emit())
        self._eye.toggled.connect(self._on_eye_toggled)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self._edit.text()

    def peek(self) -> str:
        """What is typed so far, for a judgement of its strength; it stays in the field."""
        return self._edit.text()

    def take(self) -> str:
        """The passphrase typed; the field is emptied."""
        text = self._edit.text()
        self.clear()
        return text

    def peek_equal(self, other: PassphraseEdit) -> bool:
        """Whether both fields hold the same text."""
        return self._edit.text() == other._edit.text()

    def type_in(self, text: str) -> None:
        """Put text in, as typing does."""
        self._edit.setText(text)
        self.edited.emit()

    def show_typed(self, *, shown: bool) -> None:
        """Show what is typed, or hide it."""
        self._eye.setChecked(shown)

    def clear(self) -> None:
        """Forget what was typed, and hide again."""
        self._edit.clear()
        self._eye.setChecked(False)
        self.emptied.emit()

    def setAccessibleName(self, name: str) -> None:
        """The name belongs to the inner field, which takes the focus."""
        super().setAccessibleName(name)
        self._edit.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        """As for the name."""
        super().setAccessibleDescription(text)
        self._edit.setAccessibleDescription(text)

    def _on_eye_toggled(self) -> None:
        shown = self._eye.isChecked()
        self._edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._icons.place(self._eye, "eye_off" if shown else "eye", "muted")


def text_area(*, rows: int = 4) -> QPlainTextEdit:
    """A box for several lines; Tab leaves it."""
    area = QPlainTextEdit()
    area.setTabChangesFocus(True)
    area.setMinimumHeight(area.fontMetrics().lineSpacing() * rows + 16)
    area.setMaximumHeight(area.fontMetrics().lineSpacing() * (rows + 1) + 16)
    return area


def choice(entries: tuple[tuple[str, str], ...]) -> QComboBox:
    """A combo box over (key, text); the key is the item's data."""
    box = QComboBox()
    for key, text in entries:
        box.addItem(text, key)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box


class WheelGuard(QObject):
    """Combo, spin and date boxes ignore the wheel unless they have the focus; scrolling changes nothing."""

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow wheel events on unfocused boxes."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox | SpinBox) and not watched.hasFocus():
            event.ignore()
            return True
        return False
