"""The page of one item: header, steps, next action, and tabs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QTabWidget, QToolButton, QWidget

from domain.commands.items import EditItem
from domain.drafts import Draft
from domain.messages import message
from ui.drafts import DraftAutosave, item_place
from ui.queries import ItemInFocus
from ui.request_words import readable
from ui.screens.item_commands import ItemCommands
from ui.screens.item_tabs.approvals import ApprovalsTab
from ui.screens.item_tabs.evidence import EvidenceTab
from ui.screens.item_tabs.history import HistoryTab
from ui.screens.item_tabs.links import LinksTab
from ui.screens.item_tabs.overview import Overview
from ui.screens.item_tabs.requests import RequestsTab
from ui.screens.item_tabs.source import SourceTab
from ui.screens.next_action import NextActionBox
from ui.widgets.buttons import button
from ui.widgets.layout import bar, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.pill import Pill
from ui.widgets.step_bar import StepBar, StepMark
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, date_text, is_overdue, state_mark

_MORE = (
    "item.move",
    "item.approve",
    "item.reject",
    "item.add_evidence",
    "item.assign",
    "handoff.take",
    "handoff.return",
    "",
    "decide.answer",
    "decide.resubmit",
    "decide.take_back",
    "decide.shown",
    "",
    "urgent.mark",
    "urgent.withdraw",
    "ask.extend",
    "ask.change",
    "ask.cancel",
    "ask.risk_acceptance",
    "ask.withdraw",
    "link.add",
    "",
    "item.hold",
    "item.resume",
    "item.close",
    "item.reopen",
    "item.follow-up",
    "item.cancel",
)


class ItemScreen(QWidget):
    """Shows the item in focus; Esc goes back to the list it came from."""

    def __init__(self, services: WindowServices, commands: ItemCommands) -> None:
        super().__init__()
        self._services, self._commands = services, commands
        self._waiting = label(message("Reading the item…"), muted=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        down = column(page, gap=0)
        down.addWidget(self._build_header())
        self.bar = MessageBar(services.icons)
        self.next_action = NextActionBox(services)
        around = column(margin=3, gap=2)
        around.addWidget(self.bar)
        around.addWidget(self.next_action)
        down.addLayout(around)
        down.addWidget(self._build_tabs(), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(page)
        column(self).addWidget(self._stack)
        self.drafts = DraftAutosave(services.workspace, self, typed=self.overview.typed_so_far)
        self.drafts.came_back.connect(self._on_came_back)
        self.overview.typed.connect(self.drafts.touch)
        self.overview.edited.connect(self._on_reconciled)
        services.workspace.locked.connect(self._on_locked)
        services.workspace.focus_changed.connect(self._on_focus_changed)
        services.actions["item.save"].triggered.connect(self._on_save)
        self._on_focus_changed()

    @property
    def shows_an_item(self) -> bool:
        """Whether an item is shown at all."""
        return self._stack.currentIndex() == 1

    def focus_content(self) -> None:
        """Put the cursor on the tabs."""
        self.tabs.tabBar().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back; something typed and not recorded is kept and stated."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
            return
        super().keyPressEvent(event)

    @property
    def has_unrecorded_changes(self) -> bool:
        """Whether something typed would be lost by leaving."""
        return self.shows_an_item and self.overview.is_dirty

    def announce_unrecorded(self, remedy: str) -> None:
        """Show the changes that are not recorded, and what to do."""
        self.tabs.setCurrentWidget(self.overview)
        self.bar.announce(message("There are changes that are not recorded."), remedy, tone="waiting")

    def go_back(self) -> None:
        """Back to the register, unless something typed would be lost."""
        if self.overview.is_dirty:
            self.announce_unrecorded(message("Save them (Ctrl+S) or discard them first."))
            return
        self.bar.clear()
        self._services.workspace.go("back")

    def _build_header(self) -> QWidget:
        top = bar()
        down = column(top, margin=3, gap=2)
        first = row(gap=3)
        services = self._services
        back = button(message("Back"), self.go_back, icons=services.icons, icon="back", quiet=True)
        self._number = label(muted=True, select=True)
        self._title = label(type_="title", select=True)
        self._title.setMinimumWidth(40)
        self._pill = Pill(services.theme, services.icons, state_mark("open"))
        self.urgent = Pill(services.theme, services.icons, Mark(word=message("Urgent"), icon="alerts", tone="overdue"))
        more = QToolButton()
        more.setText(message("Actions"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        more.setAccessibleName(message("Actions on this item"))
        menu = QMenu(more)
        menu.setToolTipsVisible(True)
        for name in _MORE:
            if name:
                menu.addAction(services.actions[name])
            else:
                menu.addSeparator()
        more.setMenu(menu)
        first.addWidget(back)
        first.addWidget(self._number)
        first.addWidget(self._title, 1)
        first.addWidget(self.urgent)
        first.addWidget(self._pill)
        first.addWidget(more)
        self._facts = label(muted=True, select=True)
        self._steps = StepBar(services.theme)
        down.addLayout(first)
        down.addWidget(self._facts)
        down.addSpacing(4)
        down.addWidget(self._steps)
        return top

    def _build_tabs(self) -> QTabWidget:
        services = self._services
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.overview, self.evidence = Overview(services), EvidenceTab(services)
        self.links, self.requests_tab = LinksTab(services), RequestsTab(services)
        self.approvals, self.history, self.source = ApprovalsTab(services), HistoryTab(services), SourceTab(services)
        for tab, title in (
            (self.overview, message("&Overview")),
            (self.evidence, message("&Evidence")),
            (self.approvals, message("A&pprovals")),
            (self.links, message("Lin&ks")),
            (self.requests_tab, message("&Requests")),
            (self.history, message("Hi&story")),
            (self.source, message("So&urce")),
        ):
            self.tabs.addTab(tab, title)
        self.tabs.tabBar().setAccessibleName(message("Parts of the item"))
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.evidence.review_wanted.connect(self._commands.review)
        self.evidence.file_dropped.connect(lambda path: self._commands.add_evidence(Path(path)))
        self.overview.dirty_changed.connect(self._on_dirty_changed)
        return self.tabs

    def _on_focus_changed(self) -> None:
        focus = self._services.workspace.focus
        self._stack.setCurrentIndex(0 if focus is None else 1)
        if focus is None:
            return
        facts = focus.facts
        item, process = facts.file.item, facts.process
        self._number.setText(item.number)
        self._title.setText(item.title)
        self._title.setToolTip(item.title)
        transition = [each.state for each in focus.facts.file.urgencies]
        self.urgent.setVisible(any(each in ("marked", "signed", "passed") for each in transition))
        self._pill.show_mark(
            state_mark(item.state, overdue=is_overdue(item.due, today=self._services.workspace.today()))
        )
        self._facts.setText(self._line_of_facts(focus))
        self.drafts.at(item_place(item.id))
        self._steps.show_steps(_steps(focus))
        self.next_action.show_item(focus)
        self.overview.show_item(focus)
        self.evidence.show_item(focus)
        self.approvals.show_item(focus)
        self.links.show_item(focus)
        self.requests_tab.show_item(focus)
        self.source.show_item(focus)
        given = len({each.requirement for each in facts.file.evidence if each.state == "accepted"})
        counted = message("&Evidence {given}/{count}", count=len(process.evidence), given=given)
        self.tabs.setTabText(1, counted)
        linked = message("Lin&ks {count}", count=len(focus.linked)) if focus.linked else message("Lin&ks")
        self.tabs.setTabText(self.tabs.indexOf(self.links), linked)
        self._on_tab_changed()

    def _line_of_facts(self, focus: ItemInFocus) -> str:
        facts = focus.facts
        item = facts.file.item
        owner = facts.names.get(item.owner, item.owner_name) or message("nobody yet")
        parts = [message("Owner: {owner}", owner=owner)]
        if item.due:
            parts.append(message("Due: {date}", date=date_text(item.due)))
        if item.severity:
            parts.append(message("Severity: {readable}", readable=readable(item.severity)))
        parts.append(facts.process.name)
        if item.cycle > 1:
            parts.append(message("Cycle {cycle}", cycle=item.cycle))
        return "   ·   ".join(parts)

    def _on_tab_changed(self) -> None:
        focus = self._services.workspace.focus
        if focus is not None and self.tabs.currentWidget() is self.history:
            self.history.show_item(focus)

    def _on_came_back(self, draft: Draft) -> None:
        if not self.overview.bring_back(draft):
            self.drafts.forget()
            return
        self.tabs.setCurrentWidget(self.overview)
        self.bar.announce(
            message("What you typed here before is back. It is not recorded."),
            message("Save it (Ctrl+S), or discard it."),
            tone="waiting",
        )
        self.bar.offer(message("Discard"), self.overview.discard)

    def _on_reconciled(self) -> None:
        self.drafts.forget()
        self.bar.clear()

    def _on_locked(self) -> None:
        self.overview.empty()
        self.bar.clear()

    def _on_dirty_changed(self, _dirty: object) -> None:
        self.tabs.setTabText(0, message("&Overview •") if self.overview.is_dirty else message("&Overview"))

    def _on_save(self) -> None:
        focus = self._services.workspace.focus
        changes = self.overview.changes()
        if focus is None or not changes:
            self.overview.forget_typed()
            return
        missing = self.overview.missing_reason()
        if missing is not None:
            self.bar.announce(missing.text, missing.remedy, tone="waiting")
            return
        self.bar.clear()
        self._services.workspace.perform(
            EditItem(item=focus.facts.file.item.id, fields=changes, reason=self.overview.reason),
            context=self,
            then=lambda _entry: self.overview.forget_typed(),
            failed=self.bar.show_error,
        )


def _steps(focus: ItemInFocus) -> tuple[StepMark, ...]:
    """Done, now and to come, with the day each step was last entered in this cycle."""
    facts = focus.facts
    item, steps = facts.file.item, facts.process.steps
    entered = {each.to_step: each.at for each in facts.file.transition_records if each.cycle == item.cycle}
    here = next((place for place, step in enumerate(steps) if step.id == item.step), 0)
    finished = item.state == "closed"
    return tuple(
        StepMark(
            title=step.title,
            done=place < here or (finished and place == here),
            now=place == here and not finished,
            note=date_text(entered[step.id]) if step.id in entered and place <= here else "",
        )
        for place, step in enumerate(steps)
    )
