"""A paper before it leaves the vault: its pages, for whom it is, then printed or saved; either goes on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QWidget

from domain.errors import CountersignError
from domain.messages import message, plural_message
from ui.dialogs.choose_file import ask_target
from ui.given_out import print_pages
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow
from ui.widgets.layout import column, fitting, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text

_SIZE = QSize(760, 820)


class DocumentDialog(QDialog):
    """`kind` is the word under which the export is recorded, `name` the file name proposed.

    The pages come from `vault.documents` and are shown, hashed and recorded as they are; nothing is printed anew.
    """

    def __init__(
        self, services: WindowServices, parent: QWidget, *, data: bytes, title: str, kind: str, name: str
    ) -> None:
        super().__init__(parent)
        self._services, self._data, self._kind, self._name = services, data, kind, name
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(fitting(_SIZE, self))
        self._bytes = QBuffer(self)
        self._bytes.setData(QByteArray(data))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self._pdf = QPdfDocument(self)
        self._pdf.load(self._bytes)
        down = column(self, margin=4, gap=3)
        down.addWidget(label(title, type_="title"))
        self.bar = MessageBar(services.icons)
        down.addWidget(self.bar)
        self._view = QPdfView(self)
        self._view.setPageMode(QPdfView.PageMode.MultiPage)
        self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self._view.setAccessibleName(message("The pages as they are printed"))
        self._view.setDocument(self._pdf)
        down.addWidget(self._view, 1)
        self.purpose = QLineEdit()
        self._purpose = FormRow(message("For &whom, and why"), self.purpose, required=True)
        down.addWidget(self._purpose)
        down.addLayout(self._build_ends())
        self.finished.connect(self._forget)
        self.purpose.setFocus()

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return self._pdf.pageCount()

    def save_to(self, out: Path) -> None:
        """Write the file only its owner may read; that it was made goes on record."""
        self._give_out(out=out, name=out.name, announced=message("Saved: {out}", out=out), then=_nothing)

    def print_on(self, printer: QPrinter) -> None:
        """Record that it is printed, then send the pages."""

        def print_now() -> None:
            try:
                print_pages(self._pdf, printer)
            except CountersignError as problem:
                self.bar.show_error(problem)

        on = printer.printerName() or printer.outputFileName() or message("a printer")
        self._give_out(out=None, name=self._name, announced=message("Sent to {on}.", on=on), then=print_now)

    def ask_printer(self) -> None:
        """Ask which printer."""
        if not self._has_purpose():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def ask_file(self) -> None:
        """Ask where to."""
        if self._has_purpose():
            patterns = message("PDF (*.pdf)")
            ask_target(self, title=message("Save as"), name=self._name, patterns=patterns, then=self.save_to)

    def _build_ends(self) -> QHBoxLayout:
        icons = self._services.icons
        ends = row(gap=2)
        pages = plural_message("{count} page", "{count} pages", self.pages, count=count_text(self.pages))
        ends.addWidget(label(pages, muted=True))
        ends.addStretch(1)
        ends.addWidget(button(message("Close"), self.reject))
        ends.addWidget(button(message("Print…"), self.ask_printer, icons=icons, icon="print"))
        ends.addWidget(button(message("Save as PDF…"), self.ask_file, icons=icons, icon="save", primary=True))
        return ends

    def _has_purpose(self) -> bool:
        if self.purpose.text().strip():
            self._purpose.mark_right()
            return True
        self._purpose.mark_wrong(message("Say for whom and why: it goes on record with the hash of these pages."))
        self.purpose.setFocus()
        return False

    def _give_out(self, *, out: Path | None, name: str, announced: str, then: Callable[[], None]) -> None:
        documents, purpose = self._services.workspace.vault.documents, self.purpose.text().strip()

        def work() -> bool:
            return documents.give_out(self._data, kind=self._kind, name=name, purpose=purpose, out=out)

        def gone(on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            self._services.workspace.renew()
            if on_record:
                self.bar.announce(announced, message("That it left the vault is on record."), tone="proven")
            else:
                self.bar.announce(
                    announced, message("It is not on record: nothing is recorded in this vault now."), tone="held"
                )
            then()

        self._services.tasks.run(work, context=self, then=gone, failed=self.bar.show_error)

    def _forget(self) -> None:
        self._pdf.close()
        self._bytes.close()
        self._bytes.setData(QByteArray())
        self._data = b""


def _nothing() -> None:
    """A saved file needs nothing more."""
