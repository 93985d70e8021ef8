from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_store import SmallStore, build

from desktop.machine.clock import RunningTime, jump_note
from domain.act import Act, Change
from domain.commands.oversight import AcknowledgeClock, ReviewAuditTrail
from domain.errors import Refused, UsageProblem
from domain.log.clock import TOLERANCE
from domain.log.entry import Entry

BACK = (timedelta(minutes=3), timedelta(days=1), timedelta(days=3650))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallStore]:
    made = build(tmp_path / "store.db")
    yield made
    made.close()


def record(small: SmallStore, act: Act, at: datetime) -> Entry:
    return small.record_at(act, at, small.ada)


def edit(small: SmallStore) -> Act:
    title = small.store.register.item("item-2").title
    change = Change("item", "item-2", {"title": title}, {"title": f"{title}."})
    return Act(name="edit_item", changes=(change,), subject="item-2")


def signature(small: SmallStore, at: datetime) -> Act:
    """A command that signs, whatever roles are held at that moment."""
    return small.decided(ReviewAuditTrail(first=0, last=0, verdict="in_order", meaning="I read it"), at)


def acknowledgement(small: SmallStore, at: datetime, reason: str = "battery was empty") -> Act:
    return small.decided(AcknowledgeClock(reason=reason, device="desk-1", meaning="I know"), at)


@pytest.mark.parametrize("back", BACK)
def test_a_signature_waits_until_a_clock_that_went_back_is_acknowledged(small: SmallStore, back: timedelta) -> None:
    at = small.at - back
    with pytest.raises(Refused) as refused:
        record(small, signature(small, at), at)
    assert [each.rule for each in refused.value.obstacles] == ["clock.backwards"]
    record(small, acknowledgement(small, at), at)
    entry = record(small, signature(small, at + timedelta(seconds=1)), at + timedelta(seconds=1))
    assert entry.header.behind == ""


def test_an_ordinary_act_does_not_clear_the_way_for_a_signature(small: SmallStore) -> None:
    latest, at = small.at, small.at - timedelta(hours=1)
    entry = record(small, edit(small), at)
    assert entry.header.behind == f"{latest:%Y-%m-%dT%H:%M:%S}.000Z"
    with pytest.raises(Refused, match="earlier than the last entry"):
        signature(small, at + timedelta(minutes=5))
    assert record(small, edit(small), at + timedelta(minutes=6)).header.behind == entry.header.behind
    assert record(small, signature(small, latest), latest).header.behind == ""


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1), TOLERANCE])
def test_clocks_may_differ_a_little_and_the_entry_says_so(small: SmallStore, back: timedelta) -> None:
    entry = record(small, signature(small, small.at - back), small.at - back)
    assert bool(entry.header.behind) == bool(back)


def test_many_small_steps_back_do_not_wear_the_high_water_mark_down(small: SmallStore) -> None:
    first = small.at + timedelta(minutes=1)
    record(small, edit(small), first)
    for steps in (1, 2, 3):
        at = first - steps * (TOLERANCE - timedelta(seconds=1))
        assert record(small, edit(small), at).header.behind == f"{first:%Y-%m-%dT%H:%M:%S}.000Z"
    with pytest.raises(Refused, match="earlier than the last entry"):
        signature(small, at)


def test_every_entry_behind_the_high_water_mark_is_named_by_a_verification_that_finds_no_fault(
    small: SmallStore,
) -> None:
    latest = small.at + timedelta(hours=1)
    ahead = record(small, edit(small), latest)
    behind = record(small, edit(small), latest - timedelta(seconds=30))
    acknowledged = record(small, acknowledgement(small, small.at), small.at)
    after = record(small, edit(small), small.at + timedelta(seconds=1))
    verdict = small.verify_all()
    named = [(each.entry, each.latest) for each in verdict.behind]
    assert named == [(behind.header.seq, ahead.header.at), (acknowledged.header.seq, ahead.header.at)]
    assert verdict.behind_count == len(named)
    assert after.header.seq not in {each.entry for each in verdict.behind}
    assert not [each for each in verdict.findings if each.kind == "clock"]


def test_a_clock_that_is_right_needs_no_acknowledgement(small: SmallStore) -> None:
    with pytest.raises(UsageProblem, match="not behind"):
        acknowledgement(small, small.at)


def test_a_jump_needs_a_reason(small: SmallStore) -> None:
    with pytest.raises(UsageProblem, match="reason"):
        acknowledgement(small, small.at - timedelta(days=1), reason=" ")


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
    monkeypatch.setattr("desktop.store.record.behind_of", lambda *_, **__: "")
    record(small, edit(small), small.at - timedelta(days=1))
    findings = small.verify().findings
    assert [(each.kind, each.entry, each.field) for each in findings] == [("clock", 5, "at")]


def test_a_leap_day_and_a_change_of_zone_are_no_jump(small: SmallStore) -> None:
    for at in (datetime(2028, 2, 28, 23, 59, tzinfo=UTC), datetime(2028, 2, 29, 0, 1, tzinfo=UTC)):
        assert "behind" not in record(small, signature(small, at), at).header.zone


def test_a_clock_set_forwards_while_running_is_noted() -> None:
    passed = [0.0]
    shown = [datetime(2026, 11, 22, 8, 0, tzinfo=UTC)]
    running = RunningTime(clock=lambda: shown[0], tick=lambda: passed[0])
    passed[0] += 7200
    shown[0] += timedelta(seconds=7200)
    assert jump_note(running) == ""
    shown[0] += timedelta(days=2)
    assert jump_note(running) == "; set forwards 48 h while running"
