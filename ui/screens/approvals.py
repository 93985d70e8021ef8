"""The inbox of decisions: what waits for you on the left, grouped by when; the whole decision on the right."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from domain.identity import iso
from domain.messages import message
from domain.ports import WaitingApproval
from ui.decision_queries import place_of
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.request_words import waiting_word
from ui.screens.decision_commands import DecisionCommands
from ui.screens.decision_page import DecisionPage
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, clear, column, row, scrolled
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import Mark, date_text

_SIGNATURES = ("ordinary", "confirm")
_REQUESTS = ("extension", "change", "cancellation")


class ApprovalsScreen(QWidget):
    """J and K walk the list, A says yes, R says no, Q asks, Enter opens the item."""

    def __init__(self, services: WindowServices, decisions: DecisionCommands) -> None:
        super().__init__()
        self._services, self._decisions = services, decisions
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.grid = Grid(services.theme, services.icons, name=message("Decisions that wait for you"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=2, spare=(4,))
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(self._build_decision())
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([560, 520])
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(split)
        empty = EmptyState(
            services.icons,
            icon="approvals",
            title=message("Nothing waits for you"),
            text=message("Signatures, requests, risks and questions that are asked of you appear here."),
        )
        empty.add_button(ActionButton(services.actions["go.register"], services.icons, icon="register"))
        self._stack.addWidget(empty)
        down.addWidget(self._stack, 1)
        services.workspace.session_changed.connect(self._on_session_changed)
        services.workspace.focus_changed.connect(self._on_focus_changed)
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
            self.decide_yes()
        elif event.key() == Qt.Key.Key_R:
            self.decide_no()
        elif event.key() == Qt.Key.Key_Q:
            self._services.actions["decide.ask"].trigger()
        else:
            super().keyPressEvent(event)

    def decide_yes(self) -> None:
        """Open the signing that grants, approves or answers what is shown."""
        self._decide(yes=True)

    def decide_no(self) -> None:
        """Open the signing that refuses what is shown."""
        self._decide(yes=False)

    def _decide(self, *, yes: bool) -> None:
        line, focus, actions = self._line(), self._services.workspace.focus, self._services.actions
        if line is None or focus is None or line.awaited or focus.facts.file.item.id != line.item:
            return
        if line.kind in _SIGNATURES:
            if focus.pending is None or focus.pending.gate != line.gate:
                return
            refusal = "urgent.refuse" if line.kind == "confirm" else "item.reject"
            actions["item.approve" if yes else refusal].trigger()
        elif line.kind == "urgent":
            actions["urgent.approve"].trigger()
        elif line.kind == "question":
            actions["decide.answer"].trigger()
        elif line.kind == "risk_acceptance":
            self._decisions.decide_risk(focus, line.about, accept=yes)
        else:
            self._decisions.decide_request(focus, line.about, grant=yes)

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Waiting for your decision"), type_="title"))
        across.addStretch(1)
        keys = message("A yes, R no, Q ask, J and K walk, Enter opens")
        across.addWidget(label(keys, muted=True, type_="small"))
        actions, icons = self._services.actions, self._services.icons
        across.addWidget(ActionButton(actions["decide.own"], icons, icon="eye"))
        across.addWidget(ActionButton(actions["mandate.give"], icons, text=message("Delegate…"), icon="people"))
        across.addWidget(ActionButton(actions["decide.many"], icons, icon="sign"))
        return top

    def _build_decision(self) -> QWidget:
        self.page = DecisionPage(self._services)
        outer = QWidget()
        set_appearance(outer, surface="plain")
        outer.setMinimumWidth(516)
        down = column(outer, gap=0)
        down.addWidget(scrolled(self.page), 1)
        foot = QWidget()
        self._foot = row(foot, margin=3, gap=2)
        down.addWidget(rule())
        down.addWidget(foot)
        return outer

    def _build_foot(self, line: WaitingApproval) -> None:
        clear(self._foot)
        actions, icons = self._services.actions, self._services.icons
        if line.awaited:
            self._foot.addWidget(
                label(message("Waiting for {awaited}", awaited=line.awaited), muted=True, wrap=True), 1
            )
        elif line.kind in _SIGNATURES:
            self._foot.addWidget(ActionButton(actions["item.approve"], icons, icon="sign", primary=True))
            refusal = "urgent.refuse" if line.kind == "confirm" else "item.reject"
            self._foot.addWidget(ActionButton(actions[refusal], icons, text=message("Reject…"), icon="reject"))
            changes = actions["decide.changes"]
            self._foot.addWidget(ActionButton(changes, icons, text=message("Changes…"), icon="back"))
            self._foot.addWidget(ActionButton(actions["decide.ask"], icons, text=message("Ask…"), icon="help"))
            if actions["decide.abstain"].isEnabled():
                self._foot.addWidget(ActionButton(actions["decide.abstain"], icons, text=message("Abstain…")))
        elif line.kind == "urgent":
            self._foot.addWidget(ActionButton(actions["urgent.approve"], icons, icon="sign", primary=True))
        elif line.kind == "question":
            self._foot.addWidget(ActionButton(actions["decide.answer"], icons, icon="info", primary=True))
        else:
            yes = message("Grant and sign…") if line.kind in _REQUESTS else message("Accept and sign…")
            self._foot.addWidget(button(yes, self.decide_yes, icons=icons, icon="sign", primary=True))
            self._foot.addWidget(button(message("Refuse and sign…"), self.decide_no, icons=icons, icon="reject"))
        self._foot.addStretch(1)
        if line.kind in _SIGNATURES and not line.awaited:
            return  # no room beside four answers: Enter and the tool bar open the item
        self._foot.addWidget(button(message("Open item"), self._on_open_item, icons=icons, icon="forward"))

    def _line(self) -> WaitingApproval | None:
        line = self._model.line(self.grid.currentIndex().row())
        return line if isinstance(line, WaitingApproval) else None

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        waiting = session.waiting if session else ()
        here = self._line()
        ordered = tuple(sorted(waiting, key=lambda each: (self._urgency(each), each.due_at or each.since)))
        ordered += tuple(sorted(session.awaited if session else (), key=lambda each: each.since))
        self._model.show_lines(ordered)
        self._stack.setCurrentIndex(0 if ordered else 1)
        if ordered and self.isVisible():
            kept = (n for n, each in enumerate(ordered) if here is not None and place_of(each) == place_of(here))
            self.grid.choose_row(next(kept, 0))

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, WaitingApproval) and self.isVisible():
            focus = self._services.workspace.focus
            if focus is not None and focus.facts.file.item.id == line.item:
                self._on_focus_changed()
            self._services.workspace.select(line.item, gate=line.gate)

    def _on_opened(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        if isinstance(line, WaitingApproval):
            self._services.workspace.open_item(line.item)

    def _on_open_item(self) -> None:
        self._on_opened(self.grid.currentIndex())

    def _on_focus_changed(self) -> None:
        focus, line = self._services.workspace.focus, self._line()
        self.page.clear()
        clear(self._foot)
        if focus is None or line is None or focus.facts.file.item.id != line.item:
            return
        at = focus.pending.gate if focus.pending is not None else ""
        if line.kind in _SIGNATURES and not line.awaited and at != line.gate:
            return  # the item is there, but about to be signed at another gate
        self.page.show_waiting(focus, line)
        self._build_foot(line)
        if self.isVisible() and not line.awaited:
            self._decisions.opened.add(place_of(line))

    def _urgency(self, line: WaitingApproval) -> int:
        """The group: 0 overdue, 1 today, 2 this week, 3 later or without a day, 4 waiting for others."""
        now = self._services.workspace.now()
        if line.awaited:
            return 4
        if line.late:
            return 0
        if line.kind == "urgent":
            return 1
        if not line.due_at:
            return 3
        if line.due_at[:10] <= iso(now)[:10]:
            return 1
        return 2 if line.due_at[:10] <= iso(now + timedelta(days=7))[:10] else 3

    def _group(self, line: WaitingApproval) -> Mark:
        return (
            Mark(word=message("Overdue"), icon="overdue", tone="overdue"),
            Mark(word=message("Today"), icon="alerts", tone="waiting"),
            Mark(word=message("This week"), icon="waiting", tone="waiting"),
            Mark(word=message("Later"), icon="calendar", tone="done"),
            Mark(word=message("Others"), icon="people", tone="held"),
        )[self._urgency(line)]

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("When"), text=lambda w: self._group(w).word, mark=self._group, width=112),
            Column(header=message("Number"), text=lambda w: w.number, width=116),
            Column(header=message("Title"), text=lambda w: w.title, tip=lambda w: w.title, width=180, stretch=True),
            Column(header=message("Asked"), text=lambda w: waiting_word(w.kind), width=128),
            Column(header=message("Since"), text=lambda w: date_text(w.since), width=108),
        )
