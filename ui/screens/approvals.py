"""The approval inbox: what waits for your signature on the left, the whole decision on the right."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSplitter, QStackedWidget, QWidget

from domain.gates.approvals import judge_approvals
from domain.gates.fields import value_of
from domain.ports import WaitingApproval
from ui.desk import Desk
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.reading import ItemInFocus
from ui.screens.item_commands import ItemCommands
from ui.theme import set_look
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, clear, column, row, scrolled
from ui.widgets.pill import Pill
from ui.widgets.text import label, rule
from ui.words import date_text, decision_mark, evidence_mark, moment_text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class ApprovalsScreen(QWidget):
    """J and K walk the list, A approves, R rejects, Enter opens the item."""

    def __init__(self, desk: Desk, commands: ItemCommands) -> None:
        super().__init__()
        self._desk, self._commands = desk, commands
        self._shown = ""
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(self.tr("Waiting for your signature"), type_="title"))
        across.addStretch(1)
        across.addWidget(label(self.tr("A approve, R reject, J and K walk, Enter opens"), muted=True, type_="small"))
        down.addWidget(top)
        self.grid = Grid(desk.theme, desk.icons, name=self.tr("Decisions that wait for you"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=1)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(self._build_decision())
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([540, 540])
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        empty = EmptyState(
            desk.icons,
            icon="approvals",
            title=self.tr("Nothing waits for you"),
            text=self.tr("When an item reaches a gate that asks for your role, the decision appears here."),
        )
        empty.add_button(ActionButton(desk.actions["go.register"], desk.icons, icon="register"))
        self._stack.addWidget(empty)
        down.addWidget(self._stack, 1)
        desk.workspace.session_changed.connect(self._on_session_changed)
        desk.workspace.focus_changed.connect(self._on_focus_changed)
        self._on_session_changed()
        self._on_focus_changed()

    def focus_content(self) -> None:
        """Put the cursor into the list and show the first decision."""
        self.grid.setFocus()
        if self._model.rowCount():
            row_now = max(self.grid.currentIndex().row(), 0)
            self.grid.choose_row(row_now)
            self._on_chosen(self._model.index(row_now, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single letters, as the bar says."""
        here = self.grid.currentIndex().row()
        if event.key() == Qt.Key.Key_J:
            self.grid.choose_row(min(here + 1, self._model.rowCount() - 1))
        elif event.key() == Qt.Key.Key_K:
            self.grid.choose_row(max(here - 1, 0))
        elif event.key() == Qt.Key.Key_A:
            self._desk.actions["item.approve"].trigger()
        elif event.key() == Qt.Key.Key_R:
            self._desk.actions["item.reject"].trigger()
        else:
            super().keyPressEvent(event)

    def _build_decision(self) -> QWidget:
        self._page = QWidget()
        self._page_layout = column(self._page, margin=4, gap=3)
        outer = QWidget()
        set_look(outer, surface="plain")
        outer.setMinimumWidth(440)
        down = column(outer, gap=0)
        down.addWidget(scrolled(self._page), 1)
        self._buttons = QWidget()
        foot = row(self._buttons, margin=3, gap=2)
        actions, icons = self._desk.actions, self._desk.icons
        foot.addWidget(ActionButton(actions["item.approve"], icons, icon="sign", primary=True))
        foot.addWidget(ActionButton(actions["item.reject"], icons, icon="reject"))
        foot.addStretch(1)
        foot.addWidget(button(self.tr("Open item"), self._on_open_item, icons=icons, icon="forward"))
        down.addWidget(rule())
        down.addWidget(self._buttons)
        return outer

    def _on_session_changed(self) -> None:
        session = self._desk.workspace.session
        waiting = session.waiting if session else ()
        here = self._model.line(self.grid.currentIndex().row())
        self._model.show_lines(waiting)
        self._stack.setCurrentIndex(0 if waiting else 1)
        if waiting and self.isVisible():
            kept = next((n for n, each in enumerate(waiting) if here is not None and each.item == here.item), 0)
            self.grid.choose_row(kept)

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, WaitingApproval) and self.isVisible():
            self._shown = line.item
            self._desk.workspace.select(line.item)

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, WaitingApproval):
            self._desk.workspace.open_item(line.item)

    def _on_open_item(self) -> None:
        self._on_opened(self.grid.currentIndex())

    def _on_focus_changed(self) -> None:
        focus = self._desk.workspace.focus
        clear(self._page_layout)
        if focus is None or focus.pending is None:
            return
        self._show_decision(focus)

    def _show_decision(self, focus: ItemInFocus) -> None:
        facts, pending = focus.facts, focus.pending
        item, process = facts.file.item, facts.process
        down = self._page_layout
        if pending is None:
            return
        down.addWidget(label(f"{item.number}  ·  {process.name}", muted=True, select=True))
        down.addWidget(label(item.title, type_="title", wrap=True, select=True))
        asked = self.tr("Asked: %1 — %2").replace("%1", pending.title).replace("%2", pending.meaning)
        down.addWidget(label(asked, type_="strong", wrap=True))
        if item.description:
            down.addWidget(label(item.description, wrap=True, select=True))
        down.addWidget(rule())
        down.addWidget(label(self.tr("What you sign"), type_="strong"))
        down.addLayout(self._signed_fields(focus))
        gate = process.gate(pending.gate)
        if gate is not None and gate.evidence:
            down.addWidget(rule())
            down.addWidget(label(self.tr("Evidence"), type_="strong"))
            down.addLayout(self._evidence_of(focus, gate.evidence))
        judged = judge_approvals(facts, pending.gate)
        earlier = [(each, True) for state in judged.levels for each in state.counted]
        earlier += [(each, False) for each in judged.overtaken]
        if earlier:
            down.addWidget(rule())
            down.addWidget(label(self.tr("Signatures so far"), type_="strong"))
            for approval, counts in earlier:
                across = row(gap=2)
                mark = decision_mark(approval.decision, counts=counts)
                across.addWidget(Pill(self._desk.theme, self._desk.icons, mark))
                name = facts.names.get(approval.person, approval.person)
                across.addWidget(label(f"{name}, {moment_text(approval.given_at)}  {approval.reason}", wrap=True), 1)
                down.addLayout(across)
        target = process.step(pending.to_step)
        down.addWidget(rule())
        effect = self.tr(
            "If approved, the way to %1 is one signature shorter. If rejected, it is shut until the work changes."
        )
        down.addWidget(label(effect.replace("%1", target.title if target else pending.to_step), muted=True, wrap=True))
        down.addStretch(1)

    def _signed_fields(self, focus: ItemInFocus) -> QGridLayout:
        facts, pending = focus.facts, focus.pending
        process = facts.process
        gate = process.gate(pending.gate) if pending else None
        named = (*process.required_fields(pending.gate), *(gate.signs if gate else ())) if pending else ()
        signed = tuple(each.id for each in process.fields if each.signed)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for n, field in enumerate(dict.fromkeys((*named, *signed))):
            value = value_of(facts.file.item, field)
            if not value:
                continue
            name = label(process.title_of(field), muted=True, wrap=True)
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            name.setMinimumWidth(176)
            grid.addWidget(name, n, 0)
            shown = label(_shown(value, dict(facts.names)), wrap=True, select=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, n, 1)
        return grid

    def _evidence_of(self, focus: ItemInFocus, requirements: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        facts = focus.facts
        place = 0
        for requirement in requirements:
            definition = facts.process.requirement(requirement)
            given = tuple(each for each in facts.file.evidence if each.requirement == requirement)
            for each in given or (None,):
                mark = evidence_mark(each.state if each else "")
                grid.addWidget(Pill(self._desk.theme, self._desk.icons, mark), place, 0)
                text = f"{definition.title if definition else requirement}: {each.file_name if each else '–'}"
                grid.addWidget(label(text, wrap=True, select=True), place, 1)
                place += 1
        return grid

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=self.tr("Number"), text=lambda w: w.number, width=120),
            Column(header=self.tr("Title"), text=lambda w: w.title, tip=lambda w: w.title, width=200, stretch=True),
            Column(header=self.tr("Severity"), text=lambda w: w.severity, width=80),
            Column(header=self.tr("Since"), text=lambda w: date_text(w.since), width=116),
        )


def _shown(value: object, names: dict[str, str]) -> str:
    """A recorded value as text: people by name, tables line by line."""
    if isinstance(value, list | tuple):
        return "\n".join("•  " + "; ".join(_shown(cell, names) for cell in line.values() if cell) for line in value)
    text = str(value)
    return date_text(text) if _DAY.fullmatch(text) else names.get(text, text)
