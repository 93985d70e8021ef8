"""Files a person asks the window to write, and pages it sends to a printer."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from domain.errors import FileProblem
from domain.messages import message

_PRINT_DPI = 300


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read; half a file is taken away again.

    Raises:
        FileProblem: the disk refused.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    except OSError as problem:
        raise FileProblem(
            message("The file cannot be written: {why}.", why=problem.strerror or "input/output error"),
            where=str(path),
            remedy=message("Choose a folder where you may write, with free space."),
        ) from problem


def print_pages(document: QPdfDocument, printer: QPrinter) -> None:
    """Paint every page of a document onto the printer's paper, as large as fits.

    Raises:
        FileProblem: the printer takes nothing.
    """
    printer.setFullPage(True)
    printer.setResolution(_PRINT_DPI)
    painter = QPainter()
    if not painter.begin(printer):
        raise FileProblem(
            message("The printer does not answer."),
            where=printer.printerName(),
            remedy=message("Choose another printer, or save a PDF."),
        )
    try:
        printout = printer.pageLayout().fullRectPixels(printer.resolution()).size()
        for page in range(document.pageCount()):
            if page:
                printer.newPage()
            size = document.pagePointSize(page).toSize().scaled(printout, Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(0, 0, document.render(page, size))
    finally:
        painter.end()
