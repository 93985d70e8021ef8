"""The form of one part: an editor for each plain member, as the schema describes it."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from domain.messages import message
from domain.process.drafting import Document, Member, in_words, members, words_for
from ui.widgets.forms import FormRow, text_area
from ui.widgets.layout import clear, column

LONG = frozenset({"objective", "scope", "help", "meaning", "definition", "text", "risk", "control", "content"})
"""Members that hold sentences."""
SIGNED = frozenset({"days"})
"""Numbers that may be negative: a day before another one."""
MOST = 99_999


class PartForm(QWidget):
    """Editors of one part. `edited` carries the member's name in the document and its new value."""

    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._down = column(self, margin=3, gap=2)
        self._filling = False
        self.fields: dict[str, QWidget] = {}
        self.rows: dict[str, FormRow] = {}

    def show_part(self, part: Document, struct: type[msgspec.Struct], document: Document) -> None:
        """Show a part's members; what is typed is reported at once."""
        self._filling = True
        clear(self._down)
        self.fields.clear()
        self.rows.clear()
        for member, encoded in members(struct):
            editor = self._editor(member, encoded, part, document)
            form_row = FormRow(in_words(encoded), editor, required=member.required)
            self.fields[encoded], self.rows[encoded] = editor, form_row
            self._down.addWidget(form_row)
            form_row.show()
        self._down.addStretch(1)
        self._filling = False

    def _describe(self, name: str, value: Any) -> None:
        if not self._filling:
            self.edited.emit(name, value)

    def _editor(self, member: Member, name: str, part: Document, document: Document) -> QWidget:
        value = part.get(name, member.default)
        if member.form == "yes_no":
            box = QCheckBox(in_words(name))
            box.setChecked(bool(value))
            box.toggled.connect(lambda on: self._describe(name, on))
            return box
        if member.form == "number":
            spin = QSpinBox()
            spin.setRange(-MOST if name in SIGNED else 0, MOST)
            spin.setValue(int(value or 0))
            spin.valueChanged.connect(lambda number: self._describe(name, number))
            return spin
        if member.form == "held":
            return self._held(name, value or {})
        if member.form == "words":
            known = words_for(document, member.names) or tuple((word, in_words(word)) for word in member.choices)
            return self._ticks(name, value or [], known) if known else self._lines(name, value or [])
        known = words_for(document, member.names) if member.names else ()
        if known or member.choices:
            offered = known or tuple((word, in_words(word) if word else "") for word in member.choices)
            return self._one_of(name, str(value or ""), offered, required=member.required)
        return self._words(name, str(value or ""))

    def _words(self, name: str, value: str) -> QWidget:
        if name in LONG:
            area = text_area(rows=3)
            area.setPlainText(value)
            area.textChanged.connect(lambda: self._describe(name, area.toPlainText()))
            return area
        line = QLineEdit(value)
        line.textEdited.connect(lambda text: self._describe(name, text))
        return line

    def _one_of(self, name: str, value: str, offered: tuple[tuple[str, str], ...], *, required: bool) -> QWidget:
        box = QComboBox()
        known = offered if required or any(not word for word, _ in offered) else (("", ""), *offered)
        if value not in [word for word, _ in known]:
            known = (*known, (value, value))
        for word, title in known:
            box.addItem(title or word, word)
        box.setCurrentIndex(box.findData(value))
        box.currentIndexChanged.connect(lambda _index: self._describe(name, box.currentData()))
        return box

    def _ticks(self, name: str, value: list[str], known: tuple[tuple[str, str], ...]) -> QWidget:
        ticks = QListWidget()
        strange = tuple((word, word) for word in value if word not in [each for each, _ in known])
        for word, title in (*known, *strange):
            item = QListWidgetItem(title or word, ticks)
            item.setData(Qt.ItemDataRole.UserRole, word)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if word in value else Qt.CheckState.Unchecked)
        ticks.setTabKeyNavigation(False)
        ticks.setFixedHeight(min(len(known) + len(strange), 6) * (ticks.fontMetrics().height() + 8) + 8)
        ticks.itemChanged.connect(lambda _item: self._describe(name, _ticked(ticks)))
        return ticks

    def _held(self, name: str, value: dict[str, list[str]]) -> QWidget:
        area: QPlainTextEdit = text_area(rows=2)
        area.setPlainText("\n".join(f"{field}: {', '.join(values)}" for field, values in value.items()))
        area.setPlaceholderText(message("One field in each line, as in severity: major, critical"))
        area.textChanged.connect(lambda: self._describe(name, _held_of(area.toPlainText())))
        return area

    def _lines(self, name: str, value: list[str]) -> QWidget:
        area: QPlainTextEdit = text_area(rows=3)
        area.setPlainText("\n".join(value))
        area.setPlaceholderText(message("One in each line"))
        area.textChanged.connect(
            lambda: self._describe(name, [line.strip() for line in area.toPlainText().splitlines() if line.strip()])
        )
        return area


def _held_of(text: str) -> dict[str, list[str]]:
    """Fields with the values they hold, from lines such as "severity: major, critical"."""
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return {field.strip(): [each.strip() for each in values.split(",") if each.strip()] for field, _, values in pairs}


def _ticked(ticks: QListWidget) -> list[str]:
    items = (ticks.item(number) for number in range(ticks.count()))
    return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]
