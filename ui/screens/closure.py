"""Closing: the standard with its ticks, the outcome, the pack as it will be printed, and the signature."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QComboBox, QGridLayout, QSplitter, QStackedWidget, QWidget

from domain.commands.closure import CloseItem
from domain.errors import CountersignError
from domain.messages import message, plural_message
from ui.dialogs.choose_file import ask_target
from ui.dialogs.sign import SignDialog, Signing
from ui.queries import ClosureReading, read_closure
from ui.theme import set_appearance
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.forms import FormRow, choice, text_area
from ui.widgets.layout import bar, clear, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.pill import Pill
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import Mark, outcome_word


class ClosureScreen(QWidget):
    """For the item in focus. What is previewed are the very bytes that would be printed."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._reading: ClosureReading | None = None
        self._printed = False
        self._pdf = QPdfDocument(self)
        self._bytes = QBuffer(self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.bar = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.bar)
        down.addLayout(around)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._build_left())
        split.addWidget(self._build_preview())
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        down.addWidget(split, 1)
        services.workspace.focus_changed.connect(self._on_focus_changed)

    def focus_content(self) -> None:
        """Read the item's standing against the closure standard and begin with the outcome."""
        self._on_focus_changed()
        self._outcome.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the item."""
        if event.key() == Qt.Key.Key_Escape:
            self._services.workspace.go("item")
            return
        super().keyPressEvent(event)

    def _build_bar(self) -> QWidget:
        top = bar()
        across = row(top, margin=3, gap=3)
        back = button(
            message("Back to the item"),
            lambda: self._services.workspace.go("item"),
            icons=self._services.icons,
            icon="back",
            quiet=True,
        )
        self._title = label(type_="title")
        across.addWidget(back)
        across.addWidget(self._title, 1)
        return top

    def _build_left(self) -> QWidget:
        inner = QWidget()
        down = column(inner, margin=4, gap=3)
        down.addWidget(label(message("Closure standard"), type_="strong"))
        self._standard = QGridLayout()
        self._standard.setHorizontalSpacing(12)
        self._standard.setVerticalSpacing(4)
        self._standard.setColumnStretch(1, 1)
        down.addLayout(self._standard)
        down.addWidget(rule())
        self._outcome: QComboBox = choice(())
        self._summary = text_area(rows=5)
        self._outcome_row = FormRow(message("Was the intended &outcome reached?"), self._outcome, required=True)
        self._summary_row = FormRow(
            message("&Summary"),
            self._summary,
            hint=message("What came out, against what was intended. It is printed on the first page."),
        )
        self._missing = column(gap=1)
        down.addWidget(self._outcome_row)
        down.addWidget(self._summary_row)
        down.addLayout(self._missing)
        page = QWidget()
        set_appearance(page, surface="plain")
        foot = QWidget()
        buttons = row(foot, margin=3, gap=2)
        icons = self._services.icons
        self._close = button(message("Sign and close…"), self.sign, icons=icons, icon="sign", primary=True)
        self._print = button(message("Print the pack…"), self._on_print, icons=icons, icon="print")
        buttons.addWidget(self._close)
        buttons.addWidget(self._print)
        buttons.addStretch(1)
        down.addStretch(1)
        self._outcome.currentIndexChanged.connect(self._on_outcome_changed)
        whole = column(page, gap=0)
        whole.addWidget(scrolled(inner), 1)
        whole.addWidget(rule())
        whole.addWidget(foot)
        page.setMinimumWidth(420)
        return page

    def _build_preview(self) -> QWidget:
        page = QWidget()
        down = column(page, gap=0)
        head = row(margin=2, gap=2)
        self._pages = label(muted=True, type_="small")
        self._preview = button(message("Preview the pack"), self.preview, icons=self._services.icons, icon="eye")
        head.addWidget(self._pages, 1)
        head.addWidget(self._preview)
        down.addLayout(head)
        self._view = QPdfView(page)
        self._view.setPageMode(QPdfView.PageMode.MultiPage)
        self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self._view.setAccessibleName(message("Closure pack"))
        self._view.setDocument(self._pdf)
        self._empty = EmptyState(
            self._services.icons,
            icon="file",
            title=message("The pack is not laid out yet"),
            text=message("The preview shows the pages exactly as they would be printed; it records nothing."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)
        down.addWidget(self._stack, 1)
        return page

    @property
    def can_sign(self) -> bool:
        """Whether nothing stands in the way of the chosen outcome."""
        return self._close.isEnabled()

    def pages_shown(self) -> str:
        """What is said of the pages on view, "" while there are none."""
        return self._pages.text()

    def preview(self) -> None:
        """Lay out the pack as it stands now."""
        if self._reading is None:
            return
        vault, item = self._services.workspace.vault, self._reading.focus.facts.file.item.id
        self._preview.setEnabled(False)
        self._services.tasks.run(
            lambda: vault.preview_pack(item), context=self, then=self._on_pack, failed=self._on_preview_failed
        )

    def sign(self) -> None:
        """The signing that closes the item."""
        reading = self._reading
        if reading is None:
            return
        facts, workspace = reading.focus.facts, self._services.workspace
        item, outcome = facts.file.item, self._outcome.currentData()
        summary = self._summary.toPlainText().strip()
        signing = Signing(
            title=message("Close {number}", number=item.number),
            verb=message("Sign and close"),
            icon="sign",
            meaning=facts.process.closure.meaning,
            person=facts.actor.name,
            role="",
            at=workspace.now(),
            facts=(
                (message("What"), f"{item.number}  {item.title}"),
                (message("By"), facts.process.name),
                (message("Outcome"), outcome_word(outcome)),
            ),
        )
        dialog = SignDialog(
            self._services,
            self.window(),
            signing,
            lambda passphrase, _reason, then, failed: workspace.perform(
                CloseItem(item=item.id, outcome=outcome, summary=summary, meaning=facts.process.closure.meaning),
                context=self,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
        )
        dialog.accepted.connect(self._on_closed)
        dialog.open()

    def _on_focus_changed(self) -> None:
        focus = self._services.workspace.focus
        if focus is None or not self.isVisible():
            self._reading = None
            return
        vault, item = self._services.workspace.vault, focus.facts.file.item.id
        self._services.tasks.run(lambda: read_closure(vault, item), context=self, then=self._show)

    def _show(self, reading: ClosureReading) -> None:
        another = self._reading is None or self._reading.focus.facts.file.item.id != reading.focus.facts.file.item.id
        self._reading = reading
        facts = reading.focus.facts
        item = facts.file.item
        if another:
            self._printed = False
            self._stack.setCurrentWidget(self._empty)
            self.bar.clear()
            self._summary.clear()
            self._outcome.blockSignals(True)
            self._outcome.clear()
            for each in facts.process.closure.outcomes:
                self._outcome.addItem(each.title, each.outcome)
            self._outcome.blockSignals(False)
        closed = item.state == "closed"
        self._title.setText(
            message("Closure pack of {number}  {title}", number=item.number, title=item.title)
            if closed
            else message("Close {number}  {title}", number=item.number, title=item.title)
        )
        for part in (self._outcome_row, self._summary_row, self._close):
            part.setVisible(not closed)
        self._on_outcome_changed()
        self._announce_pages()

    def _show_standard(self, reading: ClosureReading, outcome: str) -> None:
        """The demands for the chosen outcome, as the gate judges them."""
        lines = reading.standards.get(outcome, ())
        clear(self._standard)
        for line in lines:
            mark = (
                Mark(word=message("Met"), icon="closed", tone="proven")
                if line.met
                else Mark(word=message("Missing"), icon="overdue", tone="overdue")
            )
            place = self._standard.rowCount()
            self._standard.addWidget(Pill(self._services.theme, self._services.icons, mark), place, 0)
            described = label(line.title, wrap=True)
            described.setToolTip(line.why)
            self._standard.addWidget(described, place, 1)
        if not lines:
            self._standard.addWidget(label(message("The process names no condition."), muted=True), 0, 1)

    def _on_outcome_changed(self) -> None:
        clear(self._missing)
        if self._reading is None:
            return
        self._show_standard(self._reading, self._outcome.currentData())
        verdict = self._reading.verdicts.get(self._outcome.currentData())
        open_item = self._reading.focus.facts.file.item.state != "closed"
        self._close.setEnabled(verdict is not None and verdict.allowed)
        if verdict is None or not open_item:
            return
        for obstacle in verdict.obstacles:
            who = f"  —  {obstacle.responsible}" if obstacle.responsible else ""
            line = label(f"•  {obstacle.text} {obstacle.remedy}{who}", wrap=True, select=True)
            line.setProperty("ink", "refused")
            self._missing.addWidget(line)

    def _on_pack(self, data: bytes, *, printed: bool = False) -> None:
        self._printed = printed
        self._preview.setEnabled(True)
        self._pdf.close()
        self._bytes.close()
        self._bytes.setData(QByteArray(data))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self._pdf.load(self._bytes)
        self._stack.setCurrentWidget(self._view if self._pdf.pageCount() else self._empty)
        self._announce_pages()

    def _announce_pages(self) -> None:
        pages = self._pdf.pageCount()
        closed = self._reading is not None and self._reading.focus.facts.file.item.state == "closed"
        if self._printed:
            announced = plural_message("{count} page, as printed", "{count} pages, as printed", pages)
        elif closed:
            announced = plural_message(
                "{count} page, as it would print now", "{count} pages, as they would print now", pages
            )
        else:
            announced = plural_message(
                "{count} page, as it would print before closing",
                "{count} pages, as they would print before closing",
                pages,
            )
        self._pages.setText(announced if self._stack.currentWidget() is self._view else "")

    def _on_preview_failed(self, problem: CountersignError) -> None:
        self._preview.setEnabled(True)
        self.bar.show_error(problem)

    def _on_closed(self) -> None:
        self.bar.announce(
            message("Closed and signed."),
            message("Print the pack now: it carries the checkpoint that makes later changes detectable."),
            tone="proven",
        )
        self.preview()  # the pages laid out before are no longer what would be printed
        self._print.setFocus()

    def _on_print(self) -> None:
        if self._reading is None:
            return
        name = f"{self._reading.focus.facts.file.item.number}.pdf"
        ask_target(
            self,
            title=message("Print the closure pack to"),
            name=name,
            patterns=message("Closure packs (*.pdf)"),
            then=self.print_to,
        )

    def print_to(self, out: Path) -> None:
        """Make the pack, record its hash, write it to a file and show it."""
        if self._reading is None:
            return
        vault, item = self._services.workspace.vault, self._reading.focus.facts.file.item.id

        def made(data: bytes) -> None:
            self._on_pack(data, printed=True)
            self._services.workspace.renew()
            self.bar.announce(message("The closure pack is written."), str(out), tone="proven")

        self._services.tasks.run(
            lambda: vault.make_pack(item, out), context=self, then=made, failed=self.bar.show_error
        )
