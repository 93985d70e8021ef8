from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_store import SmallPerson, SmallStore, build

from desktop.machine.clock import RunningTime, jump_note
from domain.act import Act, Actor, Change
from domain.commands.oversight import AcknowledgeClock
from domain.errors import Refused, UsageProblem
from domain.log.clock import TOLERANCE
from domain.log.entry import Entry

BACK = (timedelta(minutes=3), timedelta(days=1), timedelta(days=3650))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallStore]:
    made = build(tmp_path / "store.db")
    yield made
    made.close()


def record(small: SmallStore, act: Act, at: datetime, by: SmallPerson | None = None) -> Entry:
    zone = "+01:00 test clock"
    return small.store.record(act, signatory=by or small.quinn, at=at, zone=zone, device="desk-1")


def edit(small: SmallStore, *, ceremony: bool = False) -> Act:
    title = small.store.register.item("item-2").title
    change = Change("item", "item-2", {"title": title}, {"title": f"{title}."})
    return Act(name="edit_item", changes=(change,), subject="item-2", ceremony=ceremony)


def acknowledgement(small: SmallStore, at: datetime) -> Act:
    actor = Actor(person="person-quinn", name="Quinn", roles=frozenset({"quality"}), at=at)
    return AcknowledgeClock(
        small.store.register,
        by=actor,
        new_id=lambda: f"jump-at-{at:%H%M%S}",
        reason="battery was empty",
        device="desk-1",
    )


@pytest.mark.parametrize("back", BACK)
def test_a_signature_waits_until_a_clock_that_went_back_is_acknowledged(small: SmallStore, back: timedelta) -> None:
    at = small.at - back
    with pytest.raises(Refused) as refused:
        record(small, edit(small, ceremony=True), at)
    assert [each.rule for each in refused.value.obstacles] == ["clock.backwards"]
    record(small, acknowledgement(small, at), at)
    entry = record(small, edit(small, ceremony=True), at + timedelta(seconds=1))
    assert "behind" not in entry.header.zone


def test_an_ordinary_act_does_not_clear_the_way_for_a_signature(small: SmallStore) -> None:
    latest, at = small.at, small.at - timedelta(hours=1)
    entry = record(small, edit(small), at)
    assert entry.header.zone == f"+01:00 test clock; behind {latest:%Y-%m-%dT%H:%M:%S}.000Z"
    with pytest.raises(Refused, match="earlier than the last entry"):
        record(small, edit(small, ceremony=True), at + timedelta(minutes=5))
    assert "behind" in record(small, edit(small), at + timedelta(minutes=6)).header.zone
    assert "behind" not in record(small, edit(small, ceremony=True), latest).header.zone


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1), TOLERANCE])
def test_clocks_may_differ_a_little(small: SmallStore, back: timedelta) -> None:
    assert "behind" not in record(small, edit(small, ceremony=True), small.at - back).header.zone


def test_a_clock_that_is_right_needs_no_acknowledgement(small: SmallStore) -> None:
    with pytest.raises(UsageProblem, match="not behind"):
        acknowledgement(small, small.at)


def test_a_jump_needs_a_reason(small: SmallStore) -> None:
    actor = Actor(person="person-quinn", name="Quinn", roles=frozenset(), at=small.at - timedelta(days=1))
    with pytest.raises(UsageProblem, match="reason"):
        AcknowledgeClock(small.store.register, by=actor, new_id=lambda: "x", reason=" ", device="desk-1")


def test_the_order_of_entries_is_never_disturbed_and_flagged_jumps_verify(small: SmallStore) -> None:
    at = small.at
    for step in (timedelta(days=365), timedelta(seconds=1), timedelta(days=-366), timedelta(hours=1)):
        at += step
        record(small, edit(small), at)
    record(small, acknowledgement(small, at), at)
    verdict = small.verify()
    assert verdict.findings == ()
    assert [small.store.register.entry(seq).header.seq for seq in range(verdict.entries)] == list(
        range(verdict.entries)
    )


def test_an_entry_that_hides_its_jump_is_found_at_replay(small: SmallStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.store.record.zone_for", lambda zone, **_: zone)
    record(small, edit(small), small.at - timedelta(days=1))
    findings = small.verify().findings
    assert [(each.kind, each.entry, each.field) for each in findings] == [("clock", 5, "at")]


def test_a_leap_day_and_a_change_of_zone_are_no_jump(small: SmallStore) -> None:
    for at in (datetime(2028, 2, 28, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, 0, 1, tzinfo=UTC)):
        assert "behind" not in record(small, edit(small, ceremony=True), at).header.zone


def test_a_clock_set_forwards_while_running_is_noted() -> None:
    passed = [0.0]
    shown = [datetime(2026, 11, 22, 8, 0, tzinfo=UTC)]
    running = RunningTime(clock=lambda: shown[0], tick=lambda: passed[0])
    passed[0] += 7200
    shown[0] += timedelta(seconds=7200)
    assert jump_note(running) == ""
    shown[0] += timedelta(days=2)
    assert jump_note(running) == "; set forwards 48 h while running"
