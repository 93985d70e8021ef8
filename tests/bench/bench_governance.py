"""Measures the scan for alerts over a large register, and one verdict on a heavy item (not a test).

Run: .venv/bin/python tests/bench/bench_governance.py [items]
Prints one JSON object. The register is laid out by SQL behind the log's back, which only a measurement may do: of the
open items one in fifty stands beyond its step's time. The verdict is on an item with 50 obstacles, 200 evidence files
and 30 approvals; its median is wanted at 1 ms or less.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "domain"))

import msgspec
from memory_register import MemoryVault

from desktop.application.application import CountersignApplication
from domain.commands.alerts import RaiseAlerts
from domain.commands.command import verdict_of as obstacles
from domain.commands.items import CreateItem, MoveItem
from domain.identity import iso
from domain.metrics.causes import lateness
from domain.records.item import Approval, Evidence
from domain.rules.alert_scan import Scan
from domain.rules.facts import Facts

PASSPHRASE = "words to measure with, and no others"
_CLONE = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
    "INSERT INTO item ({columns}) SELECT {values} FROM item, n WHERE item.id = ?"
)


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = work()
    return round(time.perf_counter() - start, 3), answer


def lay_out(vault: Any, item: str, count: int) -> None:
    """Clone an item: most came to their step an hour ago, one in fifty three weeks ago."""
    late, fresh = (iso(datetime.now(UTC) - since) for since in (timedelta(days=21), timedelta(hours=1)))
    engine = vault.register._engine
    with engine.connect() as connection:
        names = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(item)")]
        changed = {
            "id": "printf('clone-%08d', i)",
            "number": "printf('X-%08d', i)",
            "step_since": f"CASE WHEN i % 50 = 0 THEN '{late}' ELSE '{fresh}' END",
        }
        values = ", ".join(changed.get(name, f'item."{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        connection.exec_driver_sql(_CLONE.format(count=count, columns=columns, values=values), (item,))
        connection.commit()


def measure_scan(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        os.environ["COUNTERSIGN_HOME"] = str(Path(place) / "home")
        vault = CountersignApplication().create_vault(
            Path(place) / "B.vault", name="Bench", person="Ada", passphrase=PASSPHRASE
        )
        vault.people_service.grant_role(person=vault.person.id, role="quality")
        fields = {"title": "A", "description": "B", "severity": "major"}
        item = vault.perform(CreateItem(process="capa", fields=fields)).header.subject
        lay_out(vault, item, count)
        scanned, found = seconds(lambda: Scan(vault.register, vault.actor()).alerts())
        raised, entry = seconds(lambda: vault.perform(RaiseAlerts(running_since="")))
        again, nothing = seconds(lambda: Scan(vault.register, vault.actor()).alerts())
        assert not nothing
        late, causes = seconds(lambda: lateness(vault.register, by=vault.actor()))
        vault.discard()
    return {
        "items": count,
        "alerts_found": len(found),
        "first_scan_s": scanned,
        "raising_them_s": raised,
        "alerts_raised": entry.header.changes.count,
        "next_scan_s": again,
        "late_by_cause_s": late,
        "late_items": len(causes.items),
    }


def heavy_facts() -> tuple[Facts, str]:
    """An item at a gate with 50 obstacles: 200 files of evidence, 30 approvals, and 44 fields that are missing."""
    world = MemoryVault()
    item = world.new_item()
    world.bring_to(item, "plan")
    facts = world.facts(item)
    process = facts.process
    extra = tuple(
        msgspec.structs.replace(process.fields[0], id=f"extra_{n}", title=f"Extra {n}", required_at=("implementation",))
        for n in range(60)
    )
    process = msgspec.structs.replace(process, fields=(*process.fields, *extra))
    gate = "plan->implementation"
    evidence = tuple(
        Evidence(
            id=f"e{n:03}", item=item, cycle=1, requirement="implementation_record", revision=n, file_name="f.pdf",
            media_type="application/pdf", size=1, file=f"{n:064x}", note="", added_by="p-olga", added_at=iso(world.now),
            state="accepted", reviewed_by="p-quinn", reviewed_at=iso(world.now), review_note="",
        )
        for n in range(200)
    )  # fmt: skip
    approvals = tuple(
        Approval(
            id=f"a{n:02}", item=item, cycle=1, gate=gate, level=1 + n % 2, person="p-quinn", role="quality", mandate="",
            decision="approved", meaning="", reason="", content=f"{n:064x}", given_at=iso(world.now),
        )
        for n in range(30)
    )  # fmt: skip
    file = msgspec.structs.replace(facts.file, evidence=evidence, approvals=approvals)
    return msgspec.structs.replace(facts, file=file, process=process), "implementation"


def measure_verdict() -> dict[str, Any]:
    facts, step = heavy_facts()
    verdict = obstacles(MoveItem(item="", step=step), facts)
    times = []
    for _ in range(300):
        start = time.perf_counter()
        obstacles(MoveItem(item="", step=step), facts)
        times.append(time.perf_counter() - start)
    return {
        "obstacles": len(verdict.obstacles),
        "evidence": len(facts.file.evidence),
        "approvals": len(facts.file.approvals),
        "verdict_median_ms": round(statistics.median(times) * 1000, 3),
        "verdict_worst_ms": round(max(times) * 1000, 3),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(json.dumps({"verdict": measure_verdict(), "scan": measure_scan(count)}, indent=2))


if __name__ == "__main__":
    main()
