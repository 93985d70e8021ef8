"""The form all dialogs share: what it is about, fields, an error bar, a verb and a harmless way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QWidget

from domain.errors import CountersignError
from ui.desk import Desk
from ui.tasks import Failed
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow
from ui.widgets.layout import column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label

Submit = Callable[[Callable[[Any], None], Failed], None]


class FormDialog(QDialog):
    """Opens without blocking. `submit(then, failed)` is called with complete fields; failures stay in the dialog."""

    def __init__(self, desk: Desk, parent: QWidget, *, title: str, text: str, verb: str, icon: str = "") -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self._submit: Submit | None = None
        self._rows: list[FormRow] = []
        self._checks: list[Callable[[], bool]] = []
        self.bar = MessageBar(desk.icons)
        self.form = column(gap=3)
        down = column(self, margin=5, gap=3)
        # Wrapped texts ask for more height when narrow; the size is set for the real width when shown.
        down.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        down.addWidget(label(title, type_="title", wrap=True))
        if text:
            down.addWidget(label(text, muted=True, wrap=True))
        down.addWidget(self.bar)
        down.addLayout(self.form)
        down.addStretch(1)
        self.buttons: QHBoxLayout = row(gap=2)
        self.verb = button(verb, self.submit, icons=desk.icons, icon=icon, primary=True)
        self.way_out = button(self.tr("Do nothing"), self.reject)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.way_out)
        self.buttons.addWidget(self.verb)
        down.addSpacing(4)
        down.addLayout(self.buttons)

    def add_field(self, text: str, field: QWidget, *, hint: str = "", required: bool = False) -> FormRow:
        """Add a labelled field."""
        form_row = FormRow(text, field, hint=hint, required=required)
        self.form.addWidget(form_row)
        self._rows.append(form_row)
        return form_row

    def demand(self, form_row: FormRow, complete: Callable[[], bool], reason: str) -> None:
        """Refuse to submit while a field is not complete, saying why under it."""

        def check() -> bool:
            if complete():
                form_row.mark_right()
                return True
            form_row.mark_wrong(reason)
            return False

        self._checks.append(check)

    def require(self, complete: Callable[[], bool]) -> None:
        """Refuse to submit while something that marks its own gaps is not complete."""
        self._checks.append(complete)

    def on_submit(self, submit: Submit) -> None:
        """What the verb does."""
        self._submit = submit

    def submit(self) -> None:
        """Check the fields, the first wrong one last so that it gets the cursor; then do the verb."""
        complete = [check() for check in reversed(self._checks)]
        if not all(complete) or self._submit is None or not self.verb.isEnabled():
            return
        self.bar.clear()
        self.verb.setEnabled(False)
        self._submit(self._on_done, self._on_failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as tall as the wrapped texts need at this width, and no taller."""
        super().showEvent(event)
        self.resize(self.width(), self._needed_height())

    def event(self, event: QEvent) -> bool:
        """Grow when an error or a further text comes to be shown."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.resize(self.width(), max(self.height(), self._needed_height()))
        return handled

    def _needed_height(self) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(self.width()) if layout is not None else self.height()

    def _on_done(self, _answer: Any) -> None:
        self.accept()

    def _on_failed(self, problem: CountersignError) -> None:
        self.verb.setEnabled(True)
        self.bar.show_error(problem)
        self.after_failure(problem)

    def after_failure(self, problem: CountersignError) -> None:
        """Where the cursor goes after a failure; the first field by default."""
        del problem  # the same place for every failure
        if self._rows:
            self._rows[0].field.setFocus()
