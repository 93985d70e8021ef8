"""Links to other items: what holds this up, what it holds up, and the whole dependency chain behind it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from domain.identity import iso
from domain.messages import message
from domain.records.item import ENDED
from domain.records.waiting import Waits
from domain.rules.links import days_late
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import ItemInFocus, LinkRow
from ui.request_words import link_word, link_word_from_there
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, date_text, is_overdue, state_mark


class LinksTab(QWidget):
    """Links above, the dependency chain below; Enter opens the other item."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._links = LinesModel(self._link_columns(), self)
        self._chain = LinesModel(self._chain_columns(), self)
        page = QWidget()
        down = column(page, gap=0)
        self.grid = self._grid(self._links, message("Links to other items"), stretch=2)
        down.addWidget(self.grid, 3)
        self._chain_title = label(message("Whom this waits for"), type_="strong")
        self._chain_title.setContentsMargins(12, 8, 12, 4)
        down.addWidget(self._chain_title)
        self.chain = self._grid(self._chain, message("The dependency chain"), stretch=0)
        down.addWidget(self.chain, 2)
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        empty = EmptyState(
            services.icons,
            icon="forward",
            title=message("No links"),
            text=message(
                "Link this item to one it waits for, follows up or continues: what blocks it holds its gates."
            ),
        )
        empty.add_button(ActionButton(services.actions["link.add"], services.icons, icon="new"))
        self._stack.addWidget(empty)
        around = column(self, gap=0)
        around.addWidget(self._stack, 1)
        foot = QFrame()
        set_appearance(foot, surface="foot")
        transitions = row(foot, margin=2, gap=2)
        for name in ("link.add", "link.replace", "link.end", "link.ask"):
            transitions.addWidget(ActionButton(services.actions[name], services.icons))
        transitions.addStretch(1)
        around.addWidget(foot)

    def show_item(self, focus: ItemInFocus) -> None:
        """The links in force from either end, and the chain when the item waits for anything."""
        self._links.show_lines(focus.linked)
        waits = focus.chain if len(focus.chain) > 1 else ()
        self._chain.show_lines(waits)
        self.chain.setVisible(bool(waits))
        self._chain_title.setVisible(bool(waits))
        self._stack.setCurrentIndex(0 if focus.linked else 1)

    def _grid(self, model: LinesModel, name: str, *, stretch: int) -> Grid:
        grid = Grid(self._services.theme, self._services.icons, name=name)
        grid.setModel(model)
        grid.size_columns(tuple(each.width for each in model.columns), stretch=stretch)
        grid.opened.connect(lambda index: self._open(model, index))
        return grid

    def _open(self, model: LinesModel, index: QModelIndex) -> None:
        line = model.line(index.row())
        if isinstance(line, LinkRow | Waits):
            self._services.workspace.open_item(line.item)

    def _late(self, line: Any) -> str:
        ended = line.state in ENDED
        late = days_late(line.due, iso(self._services.workspace.now())[:10]) if line.due and not ended else 0
        return message("{late} d", late=late) if late else ""

    def _mark(self, line: Any) -> Mark:
        return state_mark(line.state, overdue=is_overdue(line.due, at=self._services.workspace.now()))

    def _link_columns(self) -> tuple[Column, ...]:
        def how(link: LinkRow) -> str:
            return link_word(link.link.kind) if link.outward else link_word_from_there(link.link.kind)

        return (
            Column(header=message("This item"), text=how, width=150),
            Column(header=message("Number"), text=lambda link: link.number, width=120),
            Column(header=message("Title"), text=lambda link: link.title, tip=lambda link: link.title, width=200),
            Column(header=message("State"), text=lambda link: self._mark(link).word, mark=self._mark, width=112),
            Column(header=message("Owner"), text=lambda link: link.owner or message("nobody yet"), width=140),
            Column(header=message("Due"), text=lambda link: date_text(link.due), width=112),
            Column(header=message("Late by"), text=self._late, right=True, width=72),
            Column(
                header=message("Reason"),
                text=lambda link: link.link.reason,
                tip=lambda link: link.link.reason,
                width=140,
            ),
        )

    def _chain_columns(self) -> tuple[Column, ...]:
        def place(one: Waits) -> str:
            mark = "●" if one.critical else "○"
            return f"{'      ' * one.depth}{mark}  {one.number}  {one.title}"

        return (
            Column(
                header=message("Item and what blocks it; ● is on the longest chain"), text=place, tip=place, width=300
            ),
            Column(header=message("Step"), text=self._step, width=120),
            Column(header=message("State"), text=lambda one: self._mark(one).word, mark=self._mark, width=112),
            Column(header=message("Owner"), text=self._owner, width=150),
            Column(header=message("Due"), text=lambda one: date_text(one.due), width=112),
            Column(header=message("Late by"), text=self._late, right=True, width=72),
        )

    def _step(self, one: Waits) -> str:
        session = self._services.workspace.session
        process = session.process(one.process) if session is not None else None
        step = process.step(one.step) if process is not None else None
        return step.title if step is not None else one.step

    def _owner(self, one: Waits) -> str:
        session = self._services.workspace.session
        name = session.name_of(one.owner) if session is not None and one.owner else one.owner_name
        return name or message("nobody yet")
