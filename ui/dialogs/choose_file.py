"""Asking for a file or folder, without a nested event loop: the answer comes to a callback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from domain.messages import message

Answered = Callable[[Path], None]


def ask_folder(parent: QWidget, *, title: str, then: Answered) -> QFileDialog:
    """Ask for an existing folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
    return _open(dialog, then)


def ask_file(parent: QWidget, *, title: str, patterns: str, then: Answered) -> QFileDialog:
    """Ask for an existing file; `patterns` as in "Workbooks (*.xlsx *.ods)"."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([patterns, message("All files (*)")])
    return _open(dialog, then)


def ask_target(parent: QWidget, *, title: str, name: str, patterns: str, then: Answered) -> QFileDialog:
    """Ask where to write a file; the system asks before an existing one is replaced."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(patterns)
    dialog.selectFile(name)
    return _open(dialog, then)


def _open(dialog: QFileDialog, then: Answered) -> QFileDialog:
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
