"""On a real screen: what was copied can be read by others, and is gone after a while and after locking."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PASSPHRASE, PROJECT, environment

COPIED = "words of an item, for nobody else"
READER = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
app = QApplication([])
QTimer.singleShot(500, lambda: (print(app.clipboard().text(), end=""), app.quit()))
app.exec()
"""
WRITER = READER.replace("QTimer.singleShot(500,", "app.clipboard().setText('not ours'); QTimer.singleShot(20000,")
WINDOW = """
import json, sys, time
from pathlib import Path
import ui.main_window
from PySide6.QtCore import QProcess
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from ui.settings import Settings

folder, passphrase, copied, reader, writer = sys.argv[1:]
app = QApplication([])
application = CountersignApplication(cost=MINIMUM_COST)
window = ui.main_window.MainWindow(application, Settings(Path(folder).parent / "settings.ini"))
window.show()
workspace = window.services.workspace

def until(true):
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        QTest.qWait(20)
    assert true()

def as_another_program_sees_it():
    other = QProcess()
    other.start(sys.executable, ["-c", reader])
    until(lambda: other.state() == QProcess.ProcessState.NotRunning)
    assert other.exitCode() == 0, bytes(other.readAllStandardError()).decode()
    return bytes(other.readAllStandardOutput()).decode()

def enter():
    workspace.open(
        lambda: application.unlock(Path(folder), person="Ada Admin", passphrase=passphrase),
        context=window, then=lambda: None, failed=print,
    )
    until(lambda: workspace.is_open and not window.services.tasks.busy)

enter()
app.clipboard().setText(copied)
output = {"owns": app.clipboard().ownsClipboard(), "before": as_another_program_sees_it()}
window.services.actions["vault.lock"].trigger()
until(lambda: not window.services.tasks.busy)
output["after"] = as_another_program_sees_it()
enter()
app.clipboard().setText(copied)
until(lambda: window.clipboard.timer.isActive())
output["seconds"] = window.clipboard.timer.interval() / 1000
window.clipboard.timer.start(1)
until(lambda: not window.clipboard.timer.isActive())
output["later"] = as_another_program_sees_it()
other = QProcess()
other.start(sys.executable, ["-c", writer])
until(lambda: app.clipboard().text() == "not ours")
workspace.lock()
output["not ours"] = as_another_program_sees_it()
other.kill()
other.waitForFinished()
window.close()
print(json.dumps(output))
"""


@pytest.mark.slow
def test_what_was_copied_is_gone_from_the_real_clipboard_after_locking(site_vault: Path) -> None:
    screen = shutil.which("xvfb-run")
    if screen is None:
        pytest.skip("there is no xvfb-run here to give a screen")
    run = subprocess.run(
        [
            screen,
            "-a",
            "-s",
            "-screen 0 1366x850x24",
            sys.executable,
            "-c",
            WINDOW,
            site_vault,
            PASSPHRASE,
            COPIED,
            READER,
            WRITER,
        ],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**environment(), "QT_QPA_PLATFORM": "xcb"},
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    output = json.loads(run.stdout.splitlines()[-1])
    assert output["before"] == COPIED, "another program can read it: the test looks where it should"
    assert output == {
        "owns": True,
        "before": COPIED,
        "after": "",
        "seconds": 30,
        "later": "",
        "not ours": "not ours",
    }
