"""Measures import, verification and one act against floors measured in the same run (not a timed test).

Run: .venv/bin/python tests/bench/bench_main_job.py [rows]    (default 100,000 rows x 20 columns)
Prints one JSON object: seconds of the floor, of ours, their ratio, and peak memory of this process.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import python_calamine
import xlsxwriter
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.items import EditItem
from domain.state import ItemFilter

PASSPHRASE = "throw-away words for the bench"
PRAGMAS = ("journal_mode = DELETE", "synchronous = EXTRA", "locking_mode = EXCLUSIVE", "cache_size = -32768")


def make_tracker(path: Path, rows: int) -> None:
    """A clean 20-column register; texts repeat as they do in real ones."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("CAPA log")
    headers = ["CAPA No", "Title", "Description", "Owner", "Due date", "Date raised", "Severity", "Status", "Comments"]
    headers += [f"Extra {n}" for n in range(len(headers), 20)]
    sheet.write_row(0, 0, headers)
    for n in range(rows):
        line = [
            f"C-{n:06d}",
            f"Label torn on pallet {n}",
            f"Pallet {n} arrived with a torn label, seen by the night shift",
            f"Person {n % 40}",
            f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            ("minor", "major", "critical")[n % 3],
            ("open", "closed", "in progress")[n % 3],
            f"see mail of week {n % 52}",
            *(f"value {n % 97}-{column}" for column in range(9, 20)),
        ]
        sheet.write_row(n + 1, 0, line)
    book.close()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def keyed(path: Path) -> Any:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{'11' * 32}'\"")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def import_floor(tracker: Path, folder: Path) -> None:
    """Read with calamine, insert the raw rows into one SQLCipher table in one transaction."""
    sheet = python_calamine.CalamineWorkbook.from_path(str(tracker)).get_sheet_by_index(0)
    rows = sheet.to_python()
    connection = keyed(folder / "floor.db")
    connection.execute(f"CREATE TABLE raw ({', '.join(f'c{n}' for n in range(20))})")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * 20)})", [[str(v) for v in row] for row in rows])
    connection.execute("COMMIT")
    connection.close()


def commit_floor(folder: Path) -> float:
    """Median seconds of one small SQLCipher commit with the store's pragmas."""
    connection = keyed(folder / "commit.db")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    seconds = []
    for n in range(30):
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES (?, ?)", (n, "x" * 400))
        connection.execute("COMMIT")
        seconds.append(time.perf_counter() - start)
    connection.close()
    return statistics.median(seconds)


def verify_floor(vault: Any) -> float:
    """SHA-256 of the same bytes, the same count of Ed25519 verifies, one scan of the item table."""
    register = vault.register
    key = Ed25519PrivateKey.generate()
    signature, public = key.sign(b"x" * 500), key.public_key()
    start = time.perf_counter()
    for seq in range(register.log_size()):
        for data in register.changes(seq):
            sha256(data)
        public.verify(signature, b"x" * 500)
    for _ in register.items(ItemFilter(sort="title")):
        pass
    return time.perf_counter() - start


def import_seconds(vault: Any, tracker: Path) -> tuple[float, float]:
    """Seconds to plan and to record; the plan is gone afterwards."""
    plan_seconds, plan = timed(lambda: vault.plan_import(tracker, process="capa"))
    run_seconds, _ = timed(lambda: vault.run_import(plan, tracker, process="capa"))
    return plan_seconds, run_seconds


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["COUNTERSIGN_HOME"] = str(folder / "home")
        tracker = folder / "tracker.xlsx"
        make_tracker(tracker, rows)
        floor, _ = timed(lambda: import_floor(tracker, folder))
        application = CountersignApplication(cost=MINIMUM_COST)
        admin = application.create_vault(folder / "b.vault", name="Bench", person="Ada", passphrase=PASSPHRASE)
        admin.add_person(name="Quinn", roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
        admin.lock()
        vault = application.unlock(folder / "b.vault", person="Quinn", passphrase=PASSPHRASE)
        plan_seconds, run_seconds = import_seconds(vault, tracker)
        peak_import = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        verify_seconds, verdict = timed(vault.verify)
        verify_base = verify_floor(vault)
        assert verdict.intact, verdict.findings[:3]
        items = vault.register.page(ItemFilter(), offset=0, limit=30)
        acts = []
        for n, item in enumerate(items):
            seconds, _ = timed(
                lambda n=n, item=item: vault.perform(EditItem(item=item.id, fields={"title": f"Act {n}"}))
            )
            acts.append(seconds)
        commit = commit_floor(folder)
        page_seconds, _ = timed(lambda: vault.register.page(ItemFilter(sort="title"), offset=0, limit=200))
        vault.lock()
        act = statistics.median(acts)
        result = {
            "rows": rows,
            "import": {
                "floor_s": round(floor, 2),
                "ours_s": round(plan_seconds + run_seconds, 2),
                "plan_s": round(plan_seconds, 2),
                "record_s": round(run_seconds, 2),
                "ratio": round((plan_seconds + run_seconds) / floor, 2),
                "peak_mb": peak_import,
            },
            "verify": {
                "floor_s": round(verify_base, 2),
                "ours_s": round(verify_seconds, 2),
                "ratio": round(verify_seconds / verify_base, 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            "act": {
                "floor_ms": round(commit * 1e3, 2),
                "ours_ms": round(act * 1e3, 2),
                "ratio": round(act / commit, 2),
            },
            "page_by_title_ms": round(page_seconds * 1e3, 1),
        }
        print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
