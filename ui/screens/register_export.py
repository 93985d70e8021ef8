"""The register as a workbook: exactly the columns and rows on screen, of all pages, in their order."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from domain.errors import Cancelled, CountersignError
from domain.messages import message, plural_message
from domain.services import Progress
from domain.table_report import Table, TableReport
from ui.dialogs.choose_file import ask_target
from ui.dialogs.give_out_dialog import GiveOutDialog
from ui.models.register_model import RegisterModel
from ui.window_services import WindowServices
from ui.words import count_text, state_mark

_PIXELS_PER_CHARACTER = 8


class RegisterExport(QObject):
    """Asks for whom, then where to; writes on the worker and puts it on record."""

    def __init__(self, services: WindowServices, model: RegisterModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._model, self._screen = services, model, parent

    def begin(self) -> GiveOutDialog:
        """Ask for whom it is."""
        dialog = GiveOutDialog(
            self._services,
            self._screen.window(),
            title=message("Export the register to Excel"),
            text=plural_message(
                "{count} item, as filtered and sorted on screen. The workbook is not encrypted and is not kept up "
                "to date; that it was made goes on record.",
                "{count} items, as filtered and sorted on screen. The workbook is not encrypted and is not kept up "
                "to date; that it was made goes on record.",
                self._model.rowCount(),
                count=count_text(self._model.rowCount()),
            ),
            give_out=self._on_purpose,
        )
        dialog.open()
        return dialog

    def write_to(self, out: Path, purpose: str) -> None:
        """Write the workbook; nothing is left behind when it is cancelled."""
        vault, wanted, columns = self._services.workspace.vault, self._model.wanted(), self._model.columns
        session = self._services.workspace.session
        process = session.process(wanted.process) if session else None
        title = process.title if process else wanted.process
        step = process.step(wanted.step) if process else None

        def work(progress: Progress) -> bool:
            rows = tuple(tuple(each.as_data(line) for each in columns) for line in vault.register.items(wanted))
            report = TableReport(
                title=title,
                about=message("The register as filtered and sorted on screen."),
                facts=(
                    (message("Process"), title),
                    (message("Step"), step.title if step else wanted.step),
                    (message("State"), state_mark(wanted.state).word if wanted.state else ""),
                    (message("Search"), wanted.search),
                    (message("Items"), str(len(rows))),
                ),
                tables=(
                    Table(
                        heading=title,
                        columns=tuple((each.header, each.width // _PIXELS_PER_CHARACTER) for each in columns),
                        rows=rows,
                    ),
                ),
            )
            data = vault.documents.workbook(report, progress=progress)
            return vault.documents.give_out(data, kind="register", name=out.name, purpose=purpose, out=out)

        def written(on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            workspace = self._services.workspace
            workspace.renew()
            kept = (
                message("{file}. That it was made is on record.", file=out)
                if on_record
                else message("{file}. It is not on record: nothing is recorded in this vault now.", file=out)
            )
            workspace.announce(message("The register is exported."), kept)

        self._services.tasks.run_long(
            work, label=message("Exporting the register"), context=self, then=written, failed=self._on_failed
        )

    def _on_purpose(self, purpose: str) -> None:
        session = self._services.workspace.session
        process = session.process(self._model.wanted().process) if session else None
        ask_target(
            self._screen,
            title=message("Export the register to"),
            name=f"{process.title if process else 'register'}.xlsx",
            patterns=message("Workbooks (*.xlsx)"),
            then=lambda out: self.write_to(out, purpose),
        )

    def _on_failed(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self._services.workspace.announce(message("Cancelled; nothing was written."), tone="done")
        else:
            self._services.tasks.failed.emit(problem)
