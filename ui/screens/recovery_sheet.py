"""The recovery sheet: shown, saved or printed, and one group typed back from paper before it counts as done.

Putting it off is possible and stated plainly: until a sheet is in force, every unlocking reminds of it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QLineEdit, QSplitter, QStackedWidget, QWidget

from domain.errors import CountersignError
from domain.log.entry import Entry
from domain.messages import message
from domain.services import SheetDraft
from ui.dialogs.choose_file import ask_target
from ui.given_out import print_pages, write_private
from ui.theme import set_appearance
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.forms import FormRow
from ui.widgets.layout import bar, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label, rule
from ui.window_services import WindowServices


class RecoverySheetScreen(QWidget):
    """`begin()` drafts a sheet for whoever is unlocked; `show_used` shows the one that a recovery left in force."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._draft: SheetDraft | None = None
        self._in_force = False
        self._pdf = QPdfDocument(self)
        self._bytes = QBuffer(self)
        down = column(self, gap=0)
        top = bar()
        row(top, margin=3).addWidget(label(message("Recovery sheet"), type_="title"), 1)
        down.addWidget(top)
        self.bar = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.bar)
        down.addLayout(around)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._build_steps())
        split.addWidget(self._build_printout())
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        down.addWidget(split, 1)
        services.workspace.locked.connect(self.forget)

    def begin(self) -> None:
        """Draft a sheet with a new code; it opens nothing until it is done."""
        self.forget()
        vault = self._services.workspace.vault
        self._services.tasks.run(
            vault.people_service.draft_sheet, context=self, then=self._on_drafted, failed=self.bar.show_error
        )

    def show_used(self, draft: SheetDraft) -> None:
        """The sheet that took the used one's place: in force already, only the paper is missing."""
        self.forget()
        self._in_force = True
        self._on_drafted(draft)

    def forget(self) -> None:
        """Let go of the code, on screen too."""
        self._draft, self._in_force = None, False
        self._pdf.close()
        self._bytes.close()
        self._bytes.setData(QByteArray())
        self._typed.clear()
        self.bar.clear()
        self._set_ready(ready=False)

    def focus_content(self) -> None:
        """Begin with the paper: a sheet is drafted when none is shown."""
        if self._draft is None and self._services.workspace.is_open:
            self.begin()
        self._print.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody leaves the code lying behind another page."""
        super().hideEvent(event)
        if not self._in_force and self.window().isVisible():
            self.forget()

    @property
    def draft(self) -> SheetDraft | None:
        """The sheet on screen."""
        return self._draft

    @property
    def pages(self) -> int:
        """Pages of the paper shown."""
        return self._pdf.pageCount()

    @property
    def shows_code(self) -> bool:
        """Whether the paper is on view."""
        return self._printout.currentWidget() is self._view

    @property
    def field(self) -> QLineEdit:
        """Where the group is typed back."""
        return self._typed

    def type_back(self, text: str) -> None:
        """Type the group asked for."""
        self._typed.setText(text)

    def save_to(self, out: Path) -> None:
        """Write the PDF to a file only its owner may read."""
        if self._draft is None:
            return
        data = self._draft.pdf

        def written(_none: None) -> None:
            self.bar.announce(
                message("Saved. Print it, then delete the file."),
                message("Whoever has this file and the vault can read everything: {out}", out=out),
                tone="waiting",
            )

        self._services.tasks.run(
            lambda: write_private(out, data), context=self, then=written, failed=self.bar.show_error
        )

    def finish(self) -> None:
        """Put the sheet in force, with the group typed back as the proof that the paper can be read."""
        draft, typed = self._draft, self._typed.text()
        if draft is None or not self._done.isEnabled():
            return
        if not typed.strip():
            self._typed_row.mark_wrong(message("Type the group from the paper: it shows that it can be read."))
            return
        self._typed_row.mark_right()
        if self._in_force:
            self._compare(draft, typed)
            return
        self._set_ready(ready=False)
        keys = self._services.workspace.vault.people_service
        self._services.tasks.run(
            lambda: keys.keep_sheet(draft, typed=typed), context=self, then=self._on_kept, failed=self._on_not_kept
        )

    def put_off(self) -> None:
        """Leave without a sheet; the notice stays."""
        in_force = self._in_force
        self.forget()
        self._services.workspace.go("register")
        self._services.workspace.announce(
            message("There is no recovery sheet on paper yet."),
            message("The new code is in force but lost now: print another one from the Vault menu.")
            if in_force
            else message("If your passphrase is lost, nobody can open this vault for you. Vault menu: Recovery sheet."),
            tone="waiting",
        )

    def _build_steps(self) -> QWidget:
        inner = QWidget()
        down = column(inner, margin=6, gap=3)
        icons = self._services.icons
        self._for_what = label(
            message(
                "If you lose your passphrase, this sheet is the way back in: nobody holds a master key. Keep it on "
                "paper, in a safe, apart from the computer."
            ),
            wrap=True,
        )
        down.addWidget(self._for_what)
        down.addWidget(rule())
        down.addWidget(label(message("1   Bring it on paper"), type_="strong"))
        transitions = row(gap=2)
        self._print = button(message("Print…"), self._on_print, icons=icons, icon="print")
        self._save = button(message("Save as PDF…"), self._on_save, icons=icons, icon="save")
        transitions.addWidget(self._print)
        transitions.addWidget(self._save)
        transitions.addStretch(1)
        down.addLayout(transitions)
        down.addWidget(label(message("2   Read it back from the paper"), type_="strong"))
        self._typed = QLineEdit()
        self._typed.setMaxLength(12)
        self._typed_row = FormRow(message("&Group of the code"), self._typed, required=True)
        self._typed.returnPressed.connect(self.finish)
        down.addWidget(self._typed_row)
        down.addSpacing(8)
        ends = row(gap=2)
        self._done = button(message("Done: put it in force"), self.finish, icons=icons, icon="closed", primary=True)
        self._later = button(message("Later: a notice stays"), self.put_off, quiet=True)
        ends.addWidget(self._done)
        ends.addWidget(self._later)
        ends.addStretch(1)
        down.addLayout(ends)
        down.addStretch(1)
        area = scrolled(inner)
        set_appearance(area, surface="plain")
        area.setMinimumWidth(400)
        return area

    def _build_printout(self) -> QWidget:
        self._view = QPdfView(self)
        self._view.setPageMode(QPdfView.PageMode.SinglePage)
        self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self._view.setAccessibleName(message("The recovery sheet as it is printed"))
        self._view.setDocument(self._pdf)
        self._covered = EmptyState(
            self._services.icons,
            icon="print",
            title=message("Read it from the paper"),
            text=message("The page is covered while you type, so that the paper is what gets tested."),
        )
        self._printout = QStackedWidget()
        self._printout.addWidget(self._view)
        self._printout.addWidget(self._covered)
        self._typed.installEventFilter(self)
        return self._printout

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The code is covered while it is typed back."""
        if watched is self._typed and event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            covered = event.type() == QEvent.Type.FocusIn
            self._printout.setCurrentWidget(self._covered if covered else self._view)
        return False

    def _on_drafted(self, draft: SheetDraft) -> None:
        self._draft = draft
        self._bytes.setData(QByteArray(draft.pdf))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self._pdf.load(self._bytes)
        self._typed_row.name_it(message("&Group {asked} of the code", asked=draft.asked))
        self._set_ready(ready=True)
        self._print.setFocus()

    def _on_save(self) -> None:
        session = self._services.workspace.session
        name = session.vault.name if session else ""
        ask_target(
            self,
            title=message("Save the recovery sheet as"),
            name=message("Recovery sheet {name}.pdf", name=name),
            patterns=message("PDF (*.pdf)"),
            then=self.save_to,
        )

    def _on_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self._print_on(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def _print_on(self, printer: QPrinter) -> None:
        try:
            print_pages(self._pdf, printer)
        except CountersignError as problem:
            self.bar.show_error(problem)

    def _compare(self, draft: SheetDraft, typed: str) -> None:
        printed = draft.code.split("-")[draft.asked - 1]
        if "".join(typed.split()).upper() != printed:
            self._typed_row.mark_wrong(message("This is not what is printed. Look at the paper again."))
            return
        self._leave(message("The new recovery sheet is on paper; the old one is used up."))

    def _on_kept(self, entry: Entry) -> None:
        self._services.workspace.recorded.emit(entry)
        self._services.workspace.renew()
        self._leave(message("The recovery sheet is in force. Put the paper into a safe now."))

    def _on_not_kept(self, problem: CountersignError) -> None:
        self._set_ready(ready=True)
        self.bar.show_error(problem)
        self._typed.setFocus()
        self._typed.selectAll()

    def _leave(self, announced: str) -> None:
        self.forget()
        self._services.workspace.go("register")
        self._services.workspace.announce(announced)

    def _set_ready(self, *, ready: bool) -> None:
        for part in (self._print, self._save, self._typed, self._done):
            part.setEnabled(ready)
