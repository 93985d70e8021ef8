"""Measures unlocking to a shown register against Argon2id plus an empty window, in the same process (not a test).

Run: QT_QPA_PLATFORM=offscreen .venv/bin/python tests/bench/bench_unlock.py [items]
Prints one JSON object with medians of five repeats. Also measured: the first page, a sort, a filter and a
search of the register against the SQL alone.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shiboken6
from bench_main_job import PASSPHRASE, make_tracker
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import STANDARD_COST, key_from_passphrase
from domain.state import ItemFilter
from ui.main_window import MainWindow
from ui.settings import Settings

REPEATS = 5


def median_of(work: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def run_until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    loop, timer = QEventLoop(), QTimer()
    end = time.perf_counter() + seconds
    timer.timeout.connect(lambda: loop.quit() if done() or time.perf_counter() > end else None)
    timer.start(2)
    loop.exec()


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    app = QApplication([])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["COUNTERSIGN_HOME"] = str(folder / "home")
        make_tracker(folder / "t.xlsx", items)
        application = CountersignApplication(cost=STANDARD_COST)
        vault = application.create_vault(folder / "b.vault", name="Bench", person="Ada", passphrase=PASSPHRASE)
        vault.run_import(vault.plan_import(folder / "t.xlsx", process="capa"), folder / "t.xlsx", process="capa")
        pages = {
            "first_page": ItemFilter(),
            "sorted_by_title": ItemFilter(sort="title"),
            "filtered": ItemFilter(step="reported", sort="due"),
            "searched": ItemFilter(search="pallet 49"),
        }
        asked = {
            name: round(median_of(lambda wanted=wanted: vault.register.page(wanted, offset=0, limit=200)) * 1e3, 2)
            for name, wanted in pages.items()
        }
        vault.lock()

        def floor() -> None:
            key_from_passphrase(PASSPHRASE, cost=STANDARD_COST, salt=bytes(16))
            window = QMainWindow()
            window.show()
            app.processEvents()
            window.close()

        windows: list[MainWindow] = []

        def ours() -> None:
            window = MainWindow(application, Settings(folder / "s.ini"))
            window.show()
            app.processEvents()
            opened: list[bool] = []
            window.services.workspace.open(
                lambda: application.unlock(folder / "b.vault", person="Ada", passphrase=PASSPHRASE),
                context=window,
                then=lambda: opened.append(True),
                failed=print,
            )
            run_until(lambda: bool(opened))
            app.processEvents()
            windows.append(window)

        base, seconds = median_of(floor), []
        for _ in range(REPEATS):
            start = time.perf_counter()
            ours()
            seconds.append(time.perf_counter() - start)
            done = windows.pop()
            done.close()
            shiboken6.delete(done)  # a window left alive is styled again with every later one
            app.processEvents()
        mine = statistics.median(seconds)
        print(
            json.dumps(
                {
                    "items": items,
                    "unlock_to_window": {
                        "floor_s": round(base, 3),
                        "ours_s": round(mine, 3),
                        "ratio": round(mine / base, 2),
                    },
                    "register_pages_ms": asked,
                },
                indent=1,
            )
        )


if __name__ == "__main__":
    main()
