"""The form all dialogs share: what it is about, fields, an error bar, a verb and a harmless way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QWidget

from domain.drafts import Draft
from domain.errors import CountersignError
from domain.messages import message
from ui.drafts import DraftAutosave
from ui.tasks import Failed
from ui.widgets.buttons import button
from ui.widgets.field_values import changes_of, field_value, go_on_in, show_field_value
from ui.widgets.forms import FormRow
from ui.widgets.layout import Fields, TallForm, column, fitting, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices

Submit = Callable[[Callable[[Any], None], Failed], None]


class FormDialog(QDialog):
    """Opens without blocking. `submit(then, failed)` is called with complete fields; failures stay in the dialog."""

    def __init__(
        self, services: WindowServices, parent: QWidget, *, title: str, text: str, verb: str, icon: str = ""
    ) -> None:
        super().__init__(parent)
        self.services = services
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.addAction(
            services.actions["vault.lock"]
        )  # a dialog over the window keeps its keys off, but never this one
        self._submit: Submit | None = None
        self._rows: list[FormRow] = []
        self._checks: list[Callable[[], bool]] = []
        self._kept_fields: dict[str, QWidget] = {}
        self._at_first: dict[str, Any] = {}
        self.drafts: DraftAutosave | None = None
        self.bar = MessageBar(services.icons)
        inner = Fields()
        self.form = column(inner, gap=3)
        down = column(self, margin=5, gap=3)
        # Wrapped texts ask for more height when narrow; the size is set for the real width when shown.
        down.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        down.addWidget(label(title, type_="title", wrap=True))
        if text:
            down.addWidget(label(text, muted=True, wrap=True))
        down.addWidget(self.bar)
        down.addWidget(TallForm(inner))
        down.addStretch(1)
        self.buttons: QHBoxLayout = row(gap=2)
        self.verb = button(verb, self.submit, icons=services.icons, icon=icon, primary=True)
        self.way_out = button(message("Do nothing"), self.reject)
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

    @property
    def draft_place(self) -> str:
        """Where what is typed here is kept; "" when nothing of it is."""
        return self.drafts.place if self.drafts is not None else ""

    def keep_drafts(self, place: str, **fields: QWidget) -> None:
        """Put aside what is typed in these fields while it is typed; never a passphrase. Call it with them all set."""
        self._kept_fields = fields
        self._at_first = {name: field_value(field) for name, field in fields.items()}
        self.drafts = DraftAutosave(self.services.workspace, self, typed=self._typed)
        self.drafts.came_back.connect(self._on_came_back)
        for field in fields.values():
            changes_of(field).connect(self.drafts.touch)
        self.drafts.at(place)

    def _typed(self) -> Draft | None:
        values = {name: field_value(field) for name, field in self._kept_fields.items()}
        typed = {name: value for name, value in values.items() if value != self._at_first[name]}
        if not typed:
            return None
        inside = self.focusWidget()
        fields = self._kept_fields.items()
        with_cursor = (name for name, each in fields if inside and (each is inside or each.isAncestorOf(inside)))
        return Draft(values=typed, field=next(with_cursor, ""))

    def _on_came_back(self, draft: Draft) -> None:
        for name, value in draft.values.items():
            if name in self._kept_fields:
                show_field_value(self._kept_fields[name], value)
        if draft.field in self._kept_fields:
            go_on_in(self._kept_fields[draft.field])
        self.bar.announce(
            message("What you typed here before is back. It is not recorded."),
            message("“{text}” throws it away.", text=self.way_out.text()),
            tone="waiting",
        )

    def done(self, result: int) -> None:
        """Recorded or called off: what was put aside goes too, unless the vault was locked over it."""
        if self.drafts is not None:
            self.drafts.forget()
        super().done(result)

    def put_aside(self) -> None:
        """Close, and keep what was typed for the next time."""
        if self.drafts is not None:
            self.drafts.keep()
            self.drafts = None
        self.reject()

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
        """What the texts need at this width, and no more than the screen has: then the fields scroll."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else self.height()
        return fitting(QSize(self.width(), needed), self).height()

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
