"""Spoiled trackers end in a plan or in a refusal in words. The long form is tests/bench/bench_spoiled_sheets.py."""

from __future__ import annotations

from spoiled_sheets import base_sheets, spoil_many

EXAMPLES = 2_000


def test_two_thousand_spoiled_trackers_end_in_a_plan_or_a_refusal() -> None:
    found = spoil_many(base_sheets(), count=EXAMPLES, seed=1)
    print(f"{found.plans} plans with {found.rows} rows, {found.refusals} refusals, slowest {found.slowest:.2f} s")
    assert found.errors == []
    assert found.slowest < 10
    assert found.plans + found.refusals == EXAMPLES
    assert min(found.plans, found.refusals) > EXAMPLES // 20, "both outcomes happen, so the spoiling is neither"
