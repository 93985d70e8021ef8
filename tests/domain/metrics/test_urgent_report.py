"""How the urgent path is used, as a report."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "rules"))

from governed_capa import at_plan, governed, urgent
from memory_register import MemoryVault

from domain.commands.items import MoveItem
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent, RefuseUrgent
from domain.identity import parse_iso
from domain.metrics.urgent_report import urgent_report

ALL_DAYS = {"first_day": "2026-01-01", "last_day": "2026-12-31"}


def passed(vault: MemoryVault, signer: str = "Pat") -> str:
    item = at_plan(vault)
    vault.do(MarkUrgent, "Olga", item=item, code="safety", reason="A guard is missing.")
    vault.do(ApproveUrgent, signer, item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    return item


def test_it_counts_shares_times_and_people() -> None:
    vault = governed(urgent())
    vault.now = parse_iso("2026-11-02T09:00:00.000Z")
    ordinary = at_plan(vault)
    vault.sign_both(ordinary)
    vault.do(MoveItem, "Olga", item=ordinary, step="implementation")
    confirmed, refused, late, fresh = passed(vault), passed(vault), passed(vault, "Dora"), ""
    vault.now = parse_iso("2026-11-02T13:00:00.000Z")
    vault.do(ConfirmUrgent, "Quinn", item=confirmed)
    vault.do(ConfirmUrgent, "Dora", item=confirmed)
    vault.do(RefuseUrgent, "Quinn", item=refused, reason="Not the cause.")
    vault.now += timedelta(days=3)
    fresh = passed(vault)
    report = urgent_report(vault.register, at=vault.now, **ALL_DAYS)
    assert (report.urgent, report.gates_passed, report.share) == (4, 5, "80.0")
    assert (report.confirmed, report.refused, report.open, report.late) == (1, 1, 2, 1)
    assert 3.9 < float(report.mean_hours) < 4.1
    assert [(each.person, each.passed, each.refused) for each in report.by_requester] == [(vault.ids["Olga"], 4, 1)]
    assert [(each.person, each.passed, each.open) for each in report.by_approver] == [
        (vault.ids["Pat"], 3, 1),
        (vault.ids["Dora"], 1, 1),
    ]
    state = {each.item: (each.state, each.late) for each in report.lines}
    numbers = {name: vault.register.item(item).number for name, item in (("late", late), ("fresh", fresh))}
    assert (state[numbers["late"]], state[numbers["fresh"]]) == (("open", True), ("open", False))


def test_nothing_urgent_is_shown_without_a_share_of_nothing() -> None:
    vault = governed(urgent())
    report = urgent_report(vault.register, at=vault.now, **ALL_DAYS)
    assert (report.urgent, report.gates_passed, report.share, report.mean_hours, report.lines) == (0, 0, "", "", ())


def test_only_the_days_asked_for_are_shown() -> None:
    vault = governed(urgent())
    passed(vault)
    report = urgent_report(vault.register, at=vault.now, first_day="2026-11-03", last_day="2026-11-30")
    assert (report.urgent, report.gates_passed) == (0, 0)
