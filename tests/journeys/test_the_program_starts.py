"""The program itself: started on a vault it shows the unlock page, says nothing, and stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PROJECT, environment

STAYS_SECONDS = 5
STARTED = """
import ui.main_window
shown = ui.main_window.MainWindow.show_screen
def output(window, name):
    shown(window, name)
    print("shown:", name, flush=True)
ui.main_window.MainWindow.show_screen = output
from desktop.app import main
main()
"""


def test_the_program_starts_on_a_vault_states_nothing_and_stays(site_vault: Path) -> None:
    screen = shutil.which("xvfb-run")
    on_a_screen = [screen, "-a", "-s", "-screen 0 1366x850x24"] if screen else []
    platform = {"QT_QPA_PLATFORM": "xcb" if screen else "offscreen"}
    start = [*on_a_screen, sys.executable, "-c", STARTED, str(site_vault)]
    with subprocess.Popen(
        start,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
        env={**environment(), **platform},
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        try:
            assert [program.stdout.readline() for _ in range(2)] == ["shown: welcome\n", "shown: unlock\n"]
            with pytest.raises(subprocess.TimeoutExpired):
                program.wait(timeout=STAYS_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
        assert program.stdout.read() == "", "no warning of the window system, no trace"
