"""The Qt binding must not use up None, True and False, however long a session lasts."""

from __future__ import annotations

import subprocess
import sys

MANY_CALLS = """
import ui
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QPushButton

class Describer(QObject):
    described = Signal(bool)

application = QApplication([])
button, describer = QPushButton(), Describer()
describer.described.connect(lambda described: None)
for _ in range(40_000):
    button.setEnabled(True)
    describer.described.emit(False)
    describer.described.emit(True)
print("alive")
"""


def test_many_calls_do_not_take_the_interpreter_down() -> None:
    ran = subprocess.run([sys.executable, "-c", MANY_CALLS], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (0, "alive\n"), ran.stderr[-500:]
