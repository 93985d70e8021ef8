"""What the store adds to an act and to a question: one act, an import of 5,000 rows, and what screens ask.

    python tests/bench/bench_store.py [ITEMS]

Processor time of this process, medians, in milliseconds: waiting for the disk is not the store's doing. Run it on two
states of the program one after the other, several times each, and compare. Prints one JSON object.
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

from bench_main_job import PASSPHRASE
from bench_register import PAGES, new_items, sealed

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from domain.act import Act
from domain.calendar.standing import AlertFilter, StandingFilter
from domain.commands.items import CreateItem, EditItem
from domain.ports import LogFilter
from domain.state import ItemFilter

ROWS = 5_000
FIRST, SECOND = 1_000_001, 2_000_001
"""Numbers of the items that are there, and of those brought in: as long as those that follow them."""


def busy_ms(work: Callable[[], Any], times: int) -> float:
    """The median of the processor time that `work` takes."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return round(statistics.median(found) * 1e3, 3)


def import_of(vault: Any, first: int, rows: int) -> Act:
    """So many new items in one act, numbered from `first`."""
    return Act(name="import_register", changes=tuple(new_items(vault, first, rows)), role="quality", subject="")


def measured(vault: Any) -> dict[str, float]:
    """Each act and each question by name."""
    register, count = vault.register, iter(range(10**6))
    line = register.page(ItemFilter(process="capa"), offset=7, limit=1)[0]

    def create() -> None:
        n = next(count)
        vault.perform(CreateItem(process="capa", fields={"title": f"New {n}", "severity": "minor"}))

    def edit() -> None:
        vault.perform(EditItem(item=line.id, fields={"title": f"Title {next(count)}"}))

    def load() -> None:
        act = import_of(vault, SECOND + ROWS * next(count), ROWS)
        began = time.process_time()
        sealed(vault, act)
        loads.append(time.process_time() - began)

    loads: list[float] = []
    found = {"create an item": busy_ms(create, 60), "edit an item": busy_ms(edit, 60)}
    for _ in range(5):
        load()
    found[f"import {ROWS} rows"] = round(statistics.median(loads) * 1e3, 1)
    for name, wanted in PAGES.items():
        found[f"page: {name}"] = busy_ms(lambda wanted=wanted: register.page(wanted, offset=0, limit=200), 30)
    asked: dict[str, Callable[[], Any]] = {
        "item": lambda: register.item(line.number),
        "item file": lambda: register.item_file(line.id),
        "count": lambda: register.count(PAGES["first page"]),
        "log page": lambda: register.log_page(before=10**6, limit=50),
        "log by person": lambda: register.log_window(LogFilter(person=vault.person.id), offset=0, limit=50),
        "standing": lambda: register.standing(StandingFilter(items=(line.id,))),
        "alerts": lambda: register.alerts(AlertFilter(person=vault.person.id, roles=("quality",), limit=50)),
        "waiting for": lambda: register.waiting_for(vault.actor()),
        "next number": lambda: register.next_number("capa"),
        "entries about": lambda: register.entries_about(line.id),
        "changes of an entry": lambda: register.changes(1),
    }
    return found | {name: busy_ms(ask, 100) for name, ask in asked.items()}


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["COUNTERSIGN_HOME"] = str(folder / "home")
        application = CountersignApplication(cost=MINIMUM_COST)
        admin = application.create_vault(folder / "b.vault", name="Bench", person="Ada", passphrase=PASSPHRASE)
        admin.add_person(name="Quinn", roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
        admin.lock()
        vault = application.unlock(folder / "b.vault", person="Quinn", passphrase=PASSPHRASE)
        sealed(vault, import_of(vault, FIRST, items))
        found = measured(vault)
        vault.lock()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
