"""The window's composition root: Qt, application, settings, main window; in this order."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.application.application import CountersignApplication
from desktop.machine.installation import home
from desktop.machine.private_files import sweep
from domain.errors import CountersignError
from domain.messages import message
from ui.main_window import MainWindow
from ui.settings import Settings

_log = logging.getLogger("countersign")


def show_window(vault: Path | None) -> int:
    """Start the window, with the page that unlocks `vault` if there is one; the exit code when it is closed."""
    sweep()
    QCoreApplication.setOrganizationName(message("Countersign"))
    QCoreApplication.setApplicationName(message("Countersign"))
    app = QApplication(sys.argv[:1])
    sys.excepthook = _show_unexpected
    window = MainWindow(CountersignApplication(), Settings(home() / "settings.ini"))
    window.show()
    if vault is not None:
        window.unlock(vault.absolute())
    return app.exec()


def _show_unexpected(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """What no code foresaw: logged by kind and place only (its text may hold an item's words), and shown."""
    place = message("unknown place")
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    _log.error(message("unexpected %s at %s"), kind.__name__, place)
    text = (
        str(problem)
        if isinstance(problem, CountersignError)
        else message("{name} at {place}", name=kind.__name__, place=place)
    )
    QMessageBox.critical(
        QApplication.activeWindow(),
        QCoreApplication.translate("app", message("Something went wrong")),
        QCoreApplication.translate(
            "app", message("The program met something it did not expect. Recorded acts are safe.")
        )
        + f"\n\n{text}",
    )
