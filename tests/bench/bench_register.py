"""The register of a large vault against the SQL alone: pages, first paint, scrolling; and one act on it.

    python tests/bench/bench_register.py [ITEMS] [--keep FOLDER]

The vault is filled by acts of 50,000 new items each, recorded as an import records them; with --keep it is made once
and used again. The floor of a page is the same question asked of the driver, its rows fetched and thrown away. Then
the real window shows the register: from the call that asks for an order to the painted rows, and how long the
window's thread is busy for each step while a person scrolls. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_main_job import PASSPHRASE, keyed, timed
from bench_unlock import run_until
from PySide6.QtWidgets import QApplication

from desktop.application.application import CountersignApplication
from desktop.machine import installation
from desktop.machine.clock import now, zone
from desktop.machine.ids import id_maker
from desktop.session.signatory import KeySignatory
from desktop.store import item_queries
from desktop.store.engine import driver_of
from desktop.vault.passphrases import MINIMUM_COST
from domain.act import Act, Change, created
from domain.commands.items import EditItem
from domain.identity import iso
from domain.process.decode import decode_process
from domain.state import ItemFilter
from ui.main_window import MainWindow
from ui.settings import Settings

CHUNK = 50_000
REPEATS = 5
FRAMES = 200
LONGEST_FRAME = 0.033
WORDS = ("Label", "Seal", "Pallet", "Reading", "Sample", "Filter", "Batch", "Gauge", "Weld", "Record")
TROUBLES = ("torn", "late", "missing", "out of range", "not signed", "smudged", "swapped", "expired", "broken", "lost")
PAGES = {
    "first page": ItemFilter(process="capa"),
    "by title": ItemFilter(process="capa", sort="title"),
    "by owner": ItemFilter(process="capa", sort="owner"),
    "by due day": ItemFilter(process="capa", sort="due"),
    "by step": ItemFilter(process="capa", sort="step"),
    "one step by due day": ItemFilter(process="capa", step="reported", sort="due"),
    "search": ItemFilter(process="capa", search="pallet 4917"),
}


def sealed(vault: Any, act: Act) -> None:
    """Put an act on record as it is: what makes thousands of rows for a bench is no command of anybody."""
    vault._store.record(
        act,
        signatory=KeySignatory(vault._keys, auth="session"),
        at=now(),
        zone=zone(),
        device=installation.device_id(),
    )


def new_items(vault: Any, first: int, count: int) -> Iterator[Change]:
    """Items like those of a tracker: titles out of order, forty owners, a year of due days."""
    by = vault.actor()
    new_id = id_maker(by.at)
    at, record = iso(by.at), vault.register.in_force("capa")
    step = decode_process(record.definition).first_step
    for n in range(first, first + count):
        mixed = n * 7919 % 1_000_003
        title = f"{WORDS[mixed % 10]} {TROUBLES[mixed // 10 % 10]} on pallet {mixed}"
        key = f"C-{n:07d}"
        values = {
            "number": f"B-CAPA-{n:07d}",
            "process": "capa",
            "process_version": record.id,
            "title": title,
            "description": f"Seen by the night shift at gate {mixed % 12}",
            "step": step,
            "state": "open",
            "owner": "",
            "owner_name": f"Person {mixed % 40}",
            "due": f"2026-{mixed % 12 + 1:02d}-{mixed % 28 + 1:02d}",
            "severity": ("minor", "major", "critical")[mixed % 3],
            "priority": "",
            "raised": f"2025-{mixed % 12 + 1:02d}-{mixed % 28 + 1:02d}",
            "closed": "",
            "cycle": 1,
            "values": {},
            "hold": None,
            "legacy_status": "open",
            "legacy": [],
            "source": {"import": "", "sheet": "Log", "row": n + 2, "cells": [("title", f"B{n + 2}", title)]},
            "source_key": key,
            "source_fingerprint": f"{n:064x}",
            "created_at": at,
            "created_by": by.person,
            "step_since": at,
        }
        yield created("item", new_id(), values)


def make_vault(folder: Path, items: int) -> None:
    application = CountersignApplication(cost=MINIMUM_COST)
    admin = application.create_vault(folder / "b.vault", name="Bench", person="Ada", passphrase=PASSPHRASE)
    admin.add_person(name="Quinn", roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
    admin.lock()
    vault = application.unlock(folder / "b.vault", person="Quinn", passphrase=PASSPHRASE)
    for first in range(1, items + 1, CHUNK):
        changes = tuple(new_items(vault, first, min(CHUNK, items + 1 - first)))
        act = Act(name="import_register", changes=changes, role="quality", subject=changes[0].id)
        sealed(vault, act)
    vault.lock()


def median_ms(work: Callable[[], Any]) -> float:
    return round(statistics.median(timed(work)[0] for _ in range(REPEATS)) * 1e3, 2)


def pages(vault: Any, items: int) -> dict[str, Any]:
    """The statement alone, and the page of the register; at the top and in the middle."""
    sql = driver_of(vault._store._engine)
    found: dict[str, Any] = {}
    for name, wanted in PAGES.items():
        for place, offset in (("", 0), (" in the middle", items // 2)):
            if place and wanted.search:
                continue
            statement, values = item_queries.page_statement(wanted, offset=offset, limit=200)
            alone = median_ms(lambda statement=statement, values=values: sql.execute(statement, values).fetchall())
            ours = median_ms(lambda wanted=wanted, offset=offset: vault.register.page(wanted, offset=offset, limit=200))
            found[name + place] = {"sql_ms": alone, "ours_ms": ours}
    found["count"] = {"ours_ms": median_ms(lambda: vault.register.count(PAGES["first page"]))}
    found["counts by step"] = {"ours_ms": median_ms(lambda: vault.register.counts_by_step("capa"))}
    return found


def on_screen(app: QApplication, application: CountersignApplication, folder: Path) -> dict[str, Any]:
    """From asking for an order to painted rows, and the frames of a scroll through all rows."""
    window = MainWindow(application, Settings(folder / "s.ini"))
    window.resize(1280, 800)
    window.show()
    opened: list[bool] = []
    window.services.workspace.open(
        lambda: application.unlock(folder / "b.vault", person="Quinn", passphrase=PASSPHRASE),
        context=window,
        then=lambda: opened.append(True),
        failed=print,
    )
    run_until(lambda: bool(opened) and not window.services.tasks.busy)
    screen = window.screens["register"]
    model, grid = screen.model, screen.grid
    painted: dict[str, float] = {}
    for name, wanted in PAGES.items():
        run_until(lambda: not window.services.tasks.busy)
        arrived: list[bool] = []
        model.loaded.connect(lambda arrived=arrived: arrived.append(True))
        start = time.perf_counter()
        model.show_filter(process="capa", step=wanted.step, sort=wanted.sort, search=wanted.search)
        run_until(lambda arrived=arrived: bool(arrived))
        grid.viewport().repaint()
        painted[name] = round((time.perf_counter() - start) * 1e3, 1)
    model.show_filter(process="capa", step="", sort="number", search="")
    run_until(lambda: not window.services.tasks.busy)
    bar = grid.verticalScrollBar()
    frames: dict[str, list[float]] = {"clock": [], "processor": []}
    for n in range(FRAMES):
        start, busy = time.perf_counter(), time.thread_time()
        bar.setValue(bar.value() + 3 if n % 10 else bar.maximum() * n // FRAMES)
        app.processEvents()
        frames["clock"].append(time.perf_counter() - start)
        frames["processor"].append(time.thread_time() - busy)
    run_until(lambda: not window.services.tasks.busy)
    vault = window.services.workspace.vault
    output = {
        "asked_to_painted_ms": painted,
        "scroll_frame_ms": {
            by: {
                "median": round(statistics.median(each) * 1e3, 1),
                "longest": round(max(each) * 1e3, 1),
                "over_33": sum(frame > LONGEST_FRAME for frame in each),
            }
            for by, each in frames.items()
        },
        "pages": pages(vault, model.rowCount()),
        "act": one_act(vault, folder),
    }
    window.close()
    return output


def one_act(vault: Any, folder: Path) -> dict[str, Any]:
    """Small edits all over the register, each beside one raw SQLCipher commit."""
    (folder / "commit.db").unlink(missing_ok=True)
    raw = keyed(folder / "commit.db")
    raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    size = vault.register.count(ItemFilter())
    seconds: dict[str, list[float]] = {"commit": [], "title": [], "due": []}
    busy: dict[str, list[float]] = {name: [] for name in seconds}

    def measure(name: str, work: Callable[[], Any]) -> None:
        began = time.thread_time()
        seconds[name].append(timed(work)[0])
        busy[name].append(time.thread_time() - began)

    for n in range(30):
        item = vault.register.item(f"B-CAPA-{n * 104_729 % size + 1:07d}").id
        stamp = time.time_ns()
        due = f"{2030 + stamp // 28 % 60}-01-{stamp % 28 + 1:02d}"
        new = {"title": {"title": f"Act {n} at {stamp}"}, "due": {"due": due}}

        def commit(n: int = n) -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO t VALUES (?, ?)", (n, "x" * 400))
            raw.execute("COMMIT")

        measure("commit", commit)
        for name, fields in new.items():
            measure(name, lambda item=item, fields=fields: vault.perform(EditItem(item=item, fields=fields)))
    raw.close()
    floor, middle = statistics.median(seconds["commit"]), statistics.median
    return {
        name: {
            "ms": round(middle(each) * 1e3, 2),
            "processor_ms": round(middle(busy[name]) * 1e3, 2),
            "ratio": round(middle(each) / floor, 2),
        }
        for name, each in seconds.items()
    }


def main() -> None:
    words = sys.argv[1:]
    items = int(words[0]) if words and words[0].isdigit() else 100_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(words[words.index("--keep") + 1]) if "--keep" in words else Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["COUNTERSIGN_HOME"] = str(folder / "home")
        made = 0.0
        if not (folder / "b.vault").exists():
            made = timed(lambda: make_vault(folder, items))[0]
        app = QApplication([])
        output = on_screen(app, CountersignApplication(cost=MINIMUM_COST), folder)
    print(json.dumps({"items": items, "made_s": round(made, 1), **output}, indent=1))


if __name__ == "__main__":
    main()
