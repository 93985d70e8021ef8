"""One entry of the log in full: who, when, why, what changed, and its place in the chain."""

from __future__ import annotations

import re
from base64 import b64encode

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from domain.commands.act_words import act_word
from domain.messages import message, plural_message
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import HistoryLine
from ui.request_words import readable
from ui.theme import set_appearance
from ui.widgets.buttons import button
from ui.widgets.grid import Grid
from ui.widgets.layout import column
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text, field_word, moment_text, reason_text


class EntryView(QWidget):
    """A pane beside a grid of entries."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        set_appearance(self, surface="plain")
        down = column(self, margin=4, gap=2)
        self._title = label(type_="title", wrap=True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._values = {}
        for n, (key, words) in enumerate(
            (
                ("by", message("Signed by")),
                ("at", message("Time")),
                ("reason", message("Reason")),
                ("meaning", message("Meaning")),
                ("auth", message("Signed with")),
                ("key", message("Key")),
                ("device", message("Device")),
                ("leaf", message("Leaf hash")),
                ("prev", message("Entry before")),
                ("sig", message("Signature")),
            )
        ):
            name, value = label(words, muted=True, type_="small"), label(wrap=True, select=True)
            value.setAccessibleName(words)
            if key in _MONO:
                set_appearance(value, type="mono")
            self._facts.addWidget(name, n, 0)
            self._facts.addWidget(value, n, 1)
            self._values[key] = value
        self._model = LinesModel(
            (
                Column(header=message("Field"), text=lambda c: _field_text(c[0]), tip=lambda c: c[0], width=168),
                Column(header=message("Before"), text=lambda c: self._value_text(c[1]), tip=lambda c: c[1], width=120),
                Column(header=message("After"), text=lambda c: self._value_text(c[2]), tip=lambda c: c[2], width=160),
            ),
            self,
        )
        self.grid = Grid(services.theme, services.icons, name=message("Changes of this entry"))
        self.grid.setModel(self._model)
        self.grid.size_columns((128, 88, 96), stretch=2)
        self._hidden = label(muted=True, wrap=True)
        down.addWidget(self._title)
        self._jump = button(message("Open the item"), self._on_jump, icons=services.icons, icon="forward", quiet=True)
        self._jump.hide()
        self._subject = ""
        down.addLayout(self._facts)
        down.addWidget(self._jump, 0, Qt.AlignmentFlag.AlignLeft)
        down.addWidget(self._hidden)
        down.addWidget(self.grid, 1)
        self.setMinimumWidth(376)

    def title(self) -> str:
        """The heading shown."""
        return self._title.text()

    def _value_text(self, value: str) -> str:
        """A recorded value; people by name, moments in local time. The tip shows it as it is recorded."""
        session = self._services.workspace.session
        named = session.name_of(value) if session else value
        return moment_text(named) if _INSTANT.fullmatch(named) else named

    def _on_jump(self) -> None:
        self._services.workspace.open_item(self._subject)

    def show_entry(self, line: HistoryLine) -> None:
        """Show an entry with the changes it made."""
        header, session = line.entry.header, self._services.workspace.session
        name = session.name_of(header.by) if session else header.by
        role = session.role_title(header.role) if session and header.role else header.role
        title = message("Entry {number}: {act}", number=count_text(header.seq), act=act_word(header.act))
        self._title.setText(title)
        self._subject = header.subject
        self._jump.setVisible(bool(line.item))
        self._jump.setText(message("Open {item}", item=line.item))
        auth = message("passphrase, for this act") if header.auth == "passphrase" else message("unlocked key")
        for key, text in (
            ("by", f"{name} ({role})" if role else name),
            ("at", f"{moment_text(header.at)}  ·  {header.at}"),
            ("reason", reason_text(header.act, header.reason) or "–"),
            ("meaning", header.meaning or "–"),
            ("auth", auth),
            ("key", header.key),
            ("device", header.device),
            ("leaf", line.entry.leaf().hex()),
            ("prev", header.prev),
            ("sig", b64encode(line.entry.signature).decode()),
        ):
            self._values[key].setText(_foldable(text) if key in _MONO else text)
        self._model.show_lines(line.changes)
        self._hidden.setVisible(line.hidden > 0)
        self._hidden.setText(
            plural_message(
                "This entry holds {count} change.",
                "This entry holds {count} changes, too many to be listed here.",
                line.hidden,
                count=count_text(line.hidden),
            )
        )


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_MONO = frozenset({"key", "device", "leaf", "prev", "sig"})


def _field_text(place: str) -> str:
    """A field of a record, named "record.field" in the log, as a person reads it."""
    record, _, field = place.partition(".")
    word = field_word(field)
    return message("{record}: {field}", record=readable(record), field=readable(field) if word == field else word)


def _foldable(text: str) -> str:
    """Groups of sixteen, so that long hashes wrap instead of pushing the pane wide."""
    return " ".join(text[n : n + 16] for n in range(0, len(text), 16))
