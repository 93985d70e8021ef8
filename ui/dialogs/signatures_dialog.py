"""What was signed, at an item or by oneself: each signature opened exactly as it was, with what changed since."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDialog, QSplitter, QWidget

from domain.messages import message
from domain.replay.as_signed import AsSigned, as_signed
from domain.rules.approvals import gate_title
from domain.session import Session
from ui.decision_queries import URGENTLY, SignatureLine
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import ItemInFocus
from ui.request_words import value_text
from ui.theme import set_appearance
from ui.widgets.buttons import button
from ui.widgets.grid import Grid
from ui.widgets.layout import clear, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import decision_mark, moment_text


class SignaturesDialog(QDialog):
    """Signatures on the left; what the chosen one covers, and what has changed since, on the right."""

    def __init__(
        self, services: WindowServices, parent: QWidget, lines: tuple[SignatureLine, ...], *, own: bool
    ) -> None:
        super().__init__(parent)
        self._services = services
        self.shown: AsSigned | None = None
        self.setWindowTitle(message("What you signed") if own else message("What was signed"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1060, 620)
        self.addAction(services.actions["vault.lock"])
        self._model = LinesModel(self._columns(own=own), self)
        self.grid = Grid(services.theme, services.icons, name=message("Signatures"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=1)
        self.grid.chosen.connect(self._on_chosen)
        down = column(self, margin=4, gap=3)
        down.addWidget(label(self.windowTitle(), type_="title"))
        note = message("Put together again from the log as it stood then, and compared with the hash that was signed.")
        down.addWidget(label(note, muted=True, wrap=True))
        self.bar = MessageBar(services.icons)
        down.addWidget(self.bar)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        page = QWidget()
        set_appearance(page, surface="plain")
        self._page = column(page, margin=3, gap=2)
        split.addWidget(scrolled(page))
        split.setSizes([520, 500])
        split.setChildrenCollapsible(False)
        down.addWidget(split, 1)
        foot = row(gap=2)
        if own:
            foot.addWidget(button(message("Open item"), self._on_open_item, icons=services.icons, icon="forward"))
        foot.addStretch(1)
        foot.addWidget(button(message("Close"), self.reject))
        down.addLayout(foot)
        self._model.show_lines(lines)
        self.grid.choose_row(0)

    def _on_open_item(self) -> None:
        line = self._model.line(self.grid.currentIndex().row())
        if isinstance(line, SignatureLine):
            self._services.workspace.open_item(line.item)
            self.accept()

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self._model.line(index.row())
        workspace = self._services.workspace
        if not isinstance(line, SignatureLine) or not workspace.is_open:
            return
        vault = workspace.vault
        self._services.tasks.run(
            lambda: _open_again(vault, line.item, line.id), context=self, then=self._show, failed=self.bar.show_error
        )

    def _show(self, found: AsSigned) -> None:
        self.shown = found
        clear(self._page)
        facts = found.facts
        process, names = facts.process, dict(facts.names)
        comparison = message("As signed") if found.same else message("NOT WHAT WAS SIGNED: the log says otherwise")
        self._line(f"{found.name}, {moment_text(found.at)}", strong=True)
        self._line(f"{found.meaning}  {found.reason}".strip())
        self._line(
            f"{facts.file.item.number}   ·   {process.name}   ·   SHA-256 {found.hash[:16]}…: {comparison}", muted=True
        )
        self._page.addWidget(rule())
        if found.changed:
            self._line(message("Changed since:"), strong=True)
            for change in found.changed:
                then, now = (value_text(process, change.part, each, names) for each in (change.then, change.now))
                self._line(f"•  {change.title}: {then or '–'}  →  {now or '–'}")
        else:
            self._line(message("Nothing it covers has changed since."), strong=True)
        self._page.addWidget(rule())
        for field, value in found.content["fields"].items():
            self._line(process.title_of(field), muted=True)
            self._line(value_text(process, field, value, names) or "–")
        files = {each.id: each.file_name for each in facts.file.evidence}
        for each in found.content["evidence"]:
            wanted = process.requirement(each[1])
            self._line(f"{wanted.title if wanted else each[1]}: {files.get(each[0], each[0])}  ({each[2][:16]}…)")
        for obstacle in found.obstacles:
            self._line(message("Open then: {obstacle}", obstacle=obstacle.text), muted=True)
        for passed in found.passed:
            self._line(message("Passed then: {passed}", passed=passed.text), muted=True)
        self._page.addStretch(1)

    def _line(self, text: str, *, strong: bool = False, muted: bool = False) -> None:
        self._page.addWidget(label(text, type_="strong" if strong else "", muted=muted, wrap=True, select=True))

    def _columns(self, *, own: bool) -> tuple[Column, ...]:
        first = (
            Column(header=message("Number"), text=lambda each: each.number, width=120)
            if own
            else Column(header=message("Person"), text=lambda each: each.who, width=120)
        )
        return (
            first,
            Column(header=message("Gate"), text=lambda each: each.gate, width=120, stretch=True),
            Column(
                header=message("Decision"),
                text=lambda each: decision_mark(each.decision).word,
                mark=lambda each: decision_mark(each.decision),
                width=128,
            ),
            Column(header=message("Signed"), text=lambda each: moment_text(each.at), width=132),
        )


def _open_again(vault: Session, item: str, signature: str) -> AsSigned:
    return as_signed(vault.register, item=item, signature=signature, by=vault.actor())


def signatures_at(focus: ItemInFocus) -> tuple[SignatureLine, ...]:
    """Every signature at the item in focus, one's own first, then the newest."""
    facts = focus.facts
    lines = [
        SignatureLine(
            id=each.id,
            item=facts.file.item.id,
            number=facts.file.item.number,
            who=facts.names.get(each.person, each.person),
            gate=gate_title(facts, each.gate),
            decision=each.decision,
            at=each.given_at,
        )
        for each in facts.file.approvals
    ]
    lines += [
        SignatureLine(
            id=each.id,
            item=facts.file.item.id,
            number=facts.file.item.number,
            who=facts.names.get(each.signed_by, each.signed_by),
            gate=gate_title(facts, each.gate),
            decision=URGENTLY,
            at=each.signed_at,
        )
        for each in facts.file.urgencies
        if each.signed_at
    ]
    mine = facts.actor.name
    return tuple(sorted(lines, key=lambda each: (each.who == mine, each.at), reverse=True))
