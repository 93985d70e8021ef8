"""What the item is about: core fields and the fields of its process version, edited in place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from domain.drafts import Draft
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import FieldDefinition, ProcessVersion
from domain.rules.facts import Facts
from domain.rules.field_rights import against_setting, setter
from domain.rules.fields import value_of
from domain.rules.reasons import fields_with_reason, unreasoned
from ui.queries import ItemInFocus
from ui.widgets.buttons import ActionButton, button
from ui.widgets.field_editors import (
    AreaEditor,
    ChoiceEditor,
    DayEditor,
    FieldEditor,
    LineEditor,
    People,
    TableEditor,
)
from ui.widgets.field_values import go_on_in
from ui.widgets.forms import FormRow
from ui.widgets.layout import column, row, scrolled
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import field_word

COLUMNS = 6
_SPANS = {"text": 3, "table": 6}


class Overview(QWidget):
    """`dirty_changed` shows whether something typed is not recorded yet, `typed` that there is more of it.

    `edited`: what was typed is recorded, or thrown away by the person.
    """

    dirty_changed = Signal(bool)
    typed = Signal()
    edited = Signal()

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._item = ""
        self._form_of = ""
        self._editors: dict[str, FieldEditor] = {}
        self._shown: dict[str, Any] = {}
        self._dirty: set[str] = set()
        self._facts: Facts | None = None
        self._down = column(self, gap=0)
        self._page: QWidget | None = None
        foot = row(margin=3, gap=2)
        self._note = label(muted=True, type_="small")
        self._reason = LineEditor(example=message("Why it changes"))
        self._reason.setAccessibleName(message("Reason of the change"))
        self._reason.edited.connect(self.typed)
        self._discard = button(message("Discard"), self.discard)
        self._save = ActionButton(services.actions["item.save"], services.icons, icon="save")
        foot.addWidget(self._note, 1)
        foot.addWidget(self._reason, 2)
        foot.addWidget(self._discard)
        foot.addWidget(self._save)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        self._down.addWidget(self._foot)

    @property
    def is_dirty(self) -> bool:
        """Whether something typed is not recorded yet."""
        return bool(self._dirty)

    def editor(self, field: str) -> FieldEditor:
        """The editor of a field by its id."""
        return self._editors[field]

    def changes(self) -> dict[str, Any]:
        """New values of the fields that differ from what is recorded."""
        return {
            field: self._editors[field].value()
            for field in self._dirty
            if self._editors[field].value() != (self._shown[field] or _nothing(self._editors[field]))
        }

    @property
    def reason(self) -> str:
        """Why what was typed changes what is on record."""
        return str(self._reason.value())

    def missing_reason(self) -> Obstacle | None:
        """What says that the change needs a reason, as long as none is typed; the cursor goes to where it is typed."""
        found = unreasoned(self._facts, self.changes(), self.reason) if self._facts else ()
        if found:
            self._reason.setFocus()
        return next(iter(found), None)

    def show_item(self, focus: ItemInFocus) -> None:
        """Show an item; what was typed for the same item and is not recorded stays."""
        facts = self._facts = focus.facts
        people = tuple((person, facts.names[person]) for person in sorted(facts.active, key=facts.names.__getitem__))
        form_of = f"{facts.process.id}/{facts.process.version}/{people}"
        if form_of != self._form_of:
            self._build(facts.process, people)
            self._form_of = form_of
            self._dirty.clear()
        if facts.file.item.id != self._item:
            self._dirty.clear()
            self._reason.show_value("")
            self._item = facts.file.item.id
        verdict = focus.verdicts["edit_item"]
        who = setter(facts, facts.actor.person)
        for field, editor in self._editors.items():
            value = value_of(facts.file.item, field)
            if field not in self._dirty:
                editor.show_value(value)
            self._shown[field] = value
            definition = facts.process.field(field)
            kept_from = verdict.allowed and definition and list(against_setting(facts, facts.process, definition, who))
            editor.set_locked(locked=not verdict.allowed or bool(kept_from))
            editor.setToolTip("\n".join(each.text for each in kept_from or ()))
        self._note.setText("" if verdict.allowed else verdict.obstacles[0].text)
        self._announce_dirty()

    def forget_typed(self) -> None:
        """What was typed has been recorded."""
        self._dirty.clear()
        self._reason.show_value("")
        self._announce_dirty()
        self.edited.emit()

    def typed_so_far(self) -> Draft | None:
        """What is typed and not recorded, with the field that has the cursor."""
        if not self._dirty:
            return None
        inside = self.focusWidget()
        field = next((each for each, editor in self._editors.items() if inside and editor.isAncestorOf(inside)), "")
        return Draft(values={each: self._editors[each].value() for each in sorted(self._dirty)}, field=field)

    def bring_back(self, draft: Draft) -> bool:
        """Show what was typed before, not recorded as ever, with the cursor where it was; whether any of it is new."""
        for field, value in draft.values.items():
            editor = self._editors.get(field)
            if editor is not None and value != (self._shown[field] or _nothing(editor)):
                editor.show_value(value)
                self._dirty.add(field)
        self._announce_dirty()
        if draft.field in self._editors:
            go_on_in(self._editors[draft.field])
        return self.is_dirty

    def empty(self) -> None:
        """Nothing of an item stays in the fields."""
        self._dirty.clear()
        self._reason.show_value("")
        self._facts = None
        self._item = ""
        for field, editor in self._editors.items():
            editor.show_value(None)
            self._shown[field] = None
        self._announce_dirty()

    def discard(self) -> None:
        """Show again what is recorded."""
        self._dirty.clear()
        self._reason.show_value("")
        for field, editor in self._editors.items():
            editor.show_value(self._shown[field])
        self._announce_dirty()
        self.edited.emit()

    def _build(self, process: ProcessVersion, people: People) -> None:
        if self._page is not None:
            self._page.deleteLater()
        self._editors.clear()
        self._shown.clear()
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for n in range(COLUMNS):
            grid.setColumnStretch(n, 1)
        severities = tuple((each, each.capitalize()) for each in process.severities)
        core: tuple[tuple[str, FieldEditor, int], ...] = (
            ("title", LineEditor(), 4),
            ("priority", LineEditor(), 2),
            ("description", AreaEditor(rows=2), 6),
            ("due", DayEditor(), 2),
            ("raised", DayEditor(), 2),
            ("severity", ChoiceEditor(severities) if severities else LineEditor(), 2),
        )
        place = [0, 0]
        for field, editor, span in core:
            _put(grid, place, FormRow(field_word(field), editor), span=span)
            self._take(field, editor)
        place = [place[0] + 1, 0]
        for definition in process.fields:
            editor = _editor_for(definition, people)
            titles = [step.title for step in process.steps if step.id in definition.required_at]
            hints = [definition.help]
            if titles:
                hints.append(message("Required from {titles} on.", titles=titles[0]))
            if definition.signed:
                hints.append(message("Signed."))
            form_row = FormRow(definition.title, editor, hint=" ".join(each for each in hints if each))
            _put(grid, place, form_row, span=_SPANS.get(definition.kind, 2))
            self._take(definition.id, editor)
        grid.setRowStretch(place[0] + 1, 1)
        self._page = scrolled(inner)
        self._down.insertWidget(0, self._page, 1)

    def _take(self, field: str, editor: FieldEditor) -> None:
        self._editors[field] = editor
        editor.edited.connect(lambda: self._on_edited(field))

    def _on_edited(self, field: str) -> None:
        self._dirty.add(field)
        self._announce_dirty()
        self.typed.emit()

    def _announce_dirty(self) -> None:
        self._discard.setVisible(self.is_dirty)
        self._save.setVisible(self.is_dirty)
        asked = self._facts is not None and fields_with_reason(self._facts, self.changes())
        self._reason.setVisible(self.is_dirty and bool(asked))
        self._foot.setVisible(self.is_dirty or bool(self._note.text()))
        self.dirty_changed.emit(self.is_dirty)


def _nothing(editor: FieldEditor) -> Any:
    return [] if isinstance(editor, TableEditor) else ""


def _put(grid: QGridLayout, place: list[int], form_row: FormRow, *, span: int) -> None:
    """Fill rows from the left; `place` is the next free cell."""
    if place[1] + span > COLUMNS:
        place[:] = [place[0] + 1, 0]
    grid.addWidget(form_row, place[0], place[1], 1, span)
    place[1] += span


def _editor_for(definition: FieldDefinition, people: People) -> FieldEditor:
    editor: FieldEditor
    match definition.kind:
        case "date":
            editor = DayEditor()
        case "choice":
            editor = ChoiceEditor(tuple((each, each.replace("_", " ").capitalize()) for each in definition.choices))
        case "person":
            editor = ChoiceEditor(people)
        case "table":
            editor = TableEditor(definition.columns)
        case "number":
            editor = LineEditor(example=definition.unit or "12.5")
        case "money":
            editor = LineEditor(example="1200.50 EUR")
        case "text":
            editor = AreaEditor(rows=2)
    return editor
