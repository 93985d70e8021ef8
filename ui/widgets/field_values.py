"""What stands in a field of a form, whichever kind of field it is: read, shown again, shown when it changes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from ui.widgets.day_edit import DayEdit
from ui.widgets.field_editors import FieldEditor
from ui.widgets.forms import EDITED


def changes_of(field: QWidget) -> SignalInstance:
    """The signal by which a field describes that a person changed it."""
    found: SignalInstance = next(getattr(field, name) for name in EDITED if hasattr(field, name))
    return found


def field_value(field: QWidget) -> Any:
    """What stands in a field: its text, or the value by which it is recorded."""
    match field:
        case QLineEdit():
            return field.text()
        case QPlainTextEdit():
            return field.toPlainText()
        case QComboBox():
            return field.currentData()
        case DayEdit():
            return field.day()
        case FieldEditor():
            return field.value()
    raise TypeError(f"{type(field).__name__} holds no value")


def show_field_value(field: QWidget, value: Any) -> None:
    """Show a value that `field_value` gave; one that a choice no longer offers is left out."""
    match field:
        case QLineEdit():
            field.setText(value)
        case QPlainTextEdit():
            field.setPlainText(value)
        case QComboBox():
            field.setCurrentIndex(max(field.findData(value), 0))
        case DayEdit():
            field.show_day(value)
        case FieldEditor():
            field.show_value(value)


def go_on_in(field: QWidget) -> None:
    """Give a field the cursor, behind what stands in it."""
    field.setFocus()
    inner = field.focusProxy() or field
    if isinstance(inner, QPlainTextEdit):
        inner.moveCursor(QTextCursor.MoveOperation.End)
    elif isinstance(inner, QLineEdit):
        inner.end(False)
