"""Work that rests, is asked to end, gets a later day or other content: what is asked, who decides, what stays."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from memory_register import a_file
from road import Road

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem, ResumeItem
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.records.dues import due_days
from domain.trackers.plan import ImportPlan, PlannedRow
from domain.trackers.raw_rows import RowColumn

FILE = a_file("the tracker")
COLUMNS = tuple(
    RowColumn(column=number, header=field, field=field) for number, field in enumerate(("key", "title", "due"), 1)
)
FATES = {"actions": "dropped", "told": "Wim"}


def a_row(*, due: str, title: str = "Finding") -> PlannedRow:
    values: dict[str, str | None] = {"key": "K1", "title": title, "due": due}
    return PlannedRow(
        row=7,
        key="K1",
        fingerprint=f"f-{title}",
        values=values,
        columns=COLUMNS,
        texts=("K1", title, due),
        kinds=("", "", ""),
    )


def a_plan(**parts: Any) -> ImportPlan:
    groups = ("new", "same", "changed", "refused", "skipped", "problems", "ambiguous", "unmapped", "warnings")
    return ImportPlan(
        file_name="tracker.xlsx",
        sha256=FILE.sha256,
        sheet="Work",
        header_row=3,
        rows=1,
        mapping={"title": "title"},
        columns=COLUMNS,
        fields={column.field: column.column for column in COLUMNS},
        day_first={},
        **{group: parts.get(group, ()) for group in groups},
    )


def waiting(road: Road, item: str) -> str:
    return next(each.id for each in road.file(item).requests if each.state == "asked")


def ask_to_cancel(road: Road, item: str) -> str:
    road.do(RequestCancellation, "Olga", item, reason="Bought instead", code="not_needed", fates=FATES)
    return waiting(road, item)


def extend(road: Road, item: str, due: str) -> str:
    road.do(RequestExtension, "Olga", item, due=due, reason="Part is late", interim_risk="Bucket below")
    return waiting(road, item)


def test_a_rest_is_a_record_with_its_clock_rule_and_ends_with_who_took_it_up(road: Road) -> None:
    item = road.begun()
    road.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20", waiting_for="the supplier")
    (rest,) = road.file(item).holds
    assert (rest.until, rest.stops_clock, rest.waiting_for, rest.step) == ("", "yes", "the supplier", "doing")
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"item.on_hold"}
    road.do(ResumeItem, "Lea", item, reason="Part is here")
    (rest,) = road.file(item).holds
    assert rest.until > rest.since
    assert rest.ended_by == road.vault.ids["Lea"]


@pytest.mark.parametrize("day", ["", "2026-10-01", "2027-01-01", "soon"], ids=["none", "past", "too far", "no day"])
def test_a_rest_without_a_review_day_within_the_longest_time_is_refused(road: Road, day: str) -> None:
    assert road.refused(HoldItem, "Olga", road.begun(), reason="No part", review_on=day) == {"hold.review"}


def test_a_rest_that_the_rule_lets_the_clock_run_through_says_so() -> None:
    road = Road(hold={"stops_clock": False})
    item = road.begun()
    road.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    assert road.file(item).holds[0].stops_clock == "no"


def test_work_is_cancelled_on_a_request_with_its_questions_answered_signed_by_somebody_else(road: Road) -> None:
    item = road.begun()
    assert road.refused(RequestCancellation, "Olga", item, reason=" ", code="fun") == {
        "reason.missing",
        "cancel.code",
        "cancel.fate",
    }
    wrong = {"actions": "burnt", "told": "Wim", "money": "kept"}
    assert road.refused(RequestCancellation, "Olga", item, reason="x", code="duplicate", fates=wrong) == {"cancel.fate"}
    assert "right.missing" in road.refused(RequestCancellation, "Wim", item, reason="x", code="duplicate", fates=FATES)
    assert "cancel.request_first" in road.refused(CancelItem, "Lea", item, reason="x", code="duplicate")
    request = ask_to_cancel(road, item)
    assert "request.open" in road.refused(MoveItem, "Olga", item, step="checking")
    assert "request.open" in road.refused(RequestCancellation, "Olga", item, reason="x", code="duplicate", fates=FATES)
    assert "right.missing" in road.refused(DecideRequest, "Olga", item, request=request, approve=True)
    entry = road.do(DecideRequest, "Lea", item, request=request, approve=True)
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I end this without its outcome.")
    file = road.file(item)
    assert (file.item.state, file.item.step) == ("cancelled", "doing")
    assert (file.requests[0].state, file.requests[0].decided_by) == ("approved", road.vault.ids["Lea"])
    assert [(each.outcome, each.summary) for each in file.closures] == [("cancelled", "not_needed: Bought instead")]
    assert road.refused(EditItem, "Lea", item, fields={"title": "x"}) == {"item.cancelled"}
    assert road.refused(RequestExtension, "Olga", item, due="2027-01-01", reason="x", interim_risk="x") == {
        "item.cancelled"
    }


def test_who_asked_does_not_decide_even_in_another_role() -> None:
    road = Road(cancel={"requested_by": ["owner", "lead"], "separate_from": []})
    item = road.begun()
    road.do(RequestCancellation, "Lea", item, reason="x", code="duplicate", fates=FATES)
    assert road.refused(DecideRequest, "Lea", item, request=waiting(road, item), approve=True) == {"separation.asker"}
    road.do(DecideRequest, "Leo", item, request=waiting(road, item), approve=True)


def test_an_owner_who_leads_does_not_sign_the_end_of_their_own_work(road: Road) -> None:
    item = road.begun()
    request = ask_to_cancel(road, item)
    road.do(AssignItem, "Lea", item, person=road.vault.ids["Leo"])
    assert road.refused(DecideRequest, "Leo", item, request=request, approve=True) == {"separation.owner"}


def test_a_rejected_cancellation_leaves_the_work_as_it_was_with_the_reason(road: Road) -> None:
    item = road.begun()
    request, before = ask_to_cancel(road, item), road.item(item)
    assert road.refused(DecideRequest, "Lea", item, request=request, approve=False) == {"reason.missing"}
    road.do(DecideRequest, "Lea", item, request=request, approve=False, reason="Still leaks")
    assert road.item(item) == before
    assert road.file(item).requests[0].decision_reason == "Still leaks"
    assert road.refused(DecideRequest, "Lea", item, request=request, approve=True) == {"request.decided"}


def test_resting_work_can_end_and_its_rest_ends_with_it(road: Road) -> None:
    item = road.begun()
    road.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    road.do(DecideRequest, "Lea", item, request=ask_to_cancel(road, item), approve=True)
    assert (road.item(item).state, bool(road.file(item).holds[0].until)) == ("cancelled", True)


def test_only_who_asked_withdraws(road: Road) -> None:
    item = road.begun()
    request = ask_to_cancel(road, item)
    assert road.refused(WithdrawRequest, "Lea", item, request=request, reason="x") == {"request.asker"}
    road.do(WithdrawRequest, "Olga", item, request=request, reason="Needed after all")
    assert road.file(item).requests[0].state == "withdrawn"


def test_a_locked_due_day_moves_by_extension_only_and_every_day_stays_visible(road: Road) -> None:
    item = road.new()
    road.do(EditItem, "Olga", item, fields={"due": "2026-12-05"})
    assert "extension.not_locked" in road.refused(
        RequestExtension, "Olga", item, due="2026-12-20", reason="x", interim_risk="x"
    )
    road.do(ApproveItem, "Lea", item)
    road.do(MoveItem, "Olga", item, step="doing")
    for person in ("Olga", "Lea", "Wim"):
        assert road.refused(EditItem, person, item, fields={"due": "2027-03-01"}) == {"due.locked"}
    assert road.refused(EditItem, "Lea", item, fields={"due": ""}) == {"due.locked"}
    assert "due.locked" in road.refused(RequestChange, "Olga", item, fields={"due": "2027-03-01"}, reason="x")
    road.do(EditItem, "Olga", item, fields={"due": "2026-12-05", "residual": "none"})  # the same day is no change
    first = extend(road, item, "2026-12-20")
    assert road.item(item).due == "2026-12-05"
    assert road.refused(DecideRequest, "Olga", item, request=first, approve=True) >= {"right.missing"}
    road.do(DecideRequest, "Lea", item, request=first, approve=True)
    road.do(DecideRequest, "Lea", item, request=extend(road, item, "2027-01-15"), approve=True)
    assert [each.day for each in due_days(road.file(item))] == ["2026-12-05", "2026-12-20", "2027-01-15"]
    assert road.item(item).due == "2027-01-15"
    third = extend(road, item, "2027-02-01")
    assert "right.missing" in road.refused(DecideRequest, "Lea", item, request=third, approve=True)
    road.do(DecideRequest, "Bo", item, request=third, approve=True)
    assert due_days(road.file(item))[-1].decided_by == road.vault.ids["Bo"]


@pytest.mark.parametrize("due", ["2026-11-01", "2026-12-01", "soon"], ids=["earlier", "the same", "no day"])
def test_an_extension_names_a_later_day(road: Road, due: str) -> None:
    item = road.begun()
    assert road.refused(RequestExtension, "Olga", item, due=due, reason="x", interim_risk="x") == {"extension.day"}


def test_an_extension_states_why_and_what_can_happen_until_then(road: Road) -> None:
    item = road.begun()
    assert road.refused(RequestExtension, "Olga", item, due="2026-12-20", reason="", interim_risk="") == {
        "reason.missing"
    }


def test_a_due_day_locked_from_the_first_step_is_kept_from_a_tracker_imported_again(road: Road) -> None:
    road = Road(extension={"locked_from": "asked"})
    road.vault.bring_in("Lea", a_plan(new=(a_row(due="2026-12-01"),)), process="work", file=FILE)
    item = road.item("T1-W-0001").id
    for due, kept in (("2027-01-01", "2026-12-01"), ("2026-12-01", "2026-12-01")):
        row = msgspec.structs.replace(a_row(due=due, title=f"Words for {due}"), item=item)
        road.vault.bring_in("Lea", a_plan(changed=(row,)), process="work", file=FILE)
        assert road.item(item).due == kept
    batches = road.register.imports()
    assert [len(batch.refused) for batch in batches] == [0, 1, 0]
    assert "locked at 2026-12-01" in batches[1].refused[0]["reason"]
    assert road.item(item).title == "Words for 2026-12-01"


def test_a_change_is_applied_when_it_is_signed_and_overtakes_what_covered_other_content(road: Road) -> None:
    item = road.begun()
    road.do(RequestChange, "Olga", item, fields={"plan": "Whole pump"}, reason="Shaft is worn too")
    (request,) = road.file(item).requests
    assert request.proposal == {"plan": ["New seal", "Whole pump"]}
    assert road.item(item).values["plan"] == "New seal"
    assert "right.missing" in road.refused(DecideRequest, "Wim", item, request=request.id, approve=True)
    road.do(DecideRequest, "Lea", item, request=request.id, approve=True)
    assert road.item(item).values["plan"] == "Whole pump"


def test_a_change_of_something_that_changed_meanwhile_is_not_signed(road: Road) -> None:
    item = road.begun()
    road.do(RequestChange, "Olga", item, fields={"plan": "Whole pump"}, reason="x")
    road.do(EditItem, "Lea", item, fields={"plan": "Another seal"})
    assert road.refused(DecideRequest, "Lea", item, request=waiting(road, item), approve=True) == {"request.overtaken"}


def test_where_the_process_says_so_signed_content_changes_by_request_only() -> None:
    road = Road(change={"required": True})
    item = road.new()
    road.do(EditItem, "Olga", item, fields={"plan": "Two seals"})
    road.do(ApproveItem, "Lea", item)
    assert road.refused(EditItem, "Olga", item, fields={"plan": "None"}) == {"change.request_first"}
    road.do(EditItem, "Olga", item, fields={"residual": "noise"})
    road.do(RequestChange, "Olga", item, fields={"plan": "None"}, reason="x")
    road.do(DecideRequest, "Leo", item, request=waiting(road, item), approve=True)
    assert "approval.overtaken" in road.refused(MoveItem, "Olga", item, step="doing")


@pytest.mark.parametrize(
    "fields", [{}, {"plan": "New seal"}, {"colour": "red"}], ids=["nothing", "the same", "unknown"]
)
def test_a_change_that_changes_nothing_or_is_not_of_the_process_is_refused(road: Road, fields: dict[str, str]) -> None:
    found = road.refused(RequestChange, "Olga", road.begun(), fields=fields, reason="x")
    assert found <= {"change.nothing", "field.kind"}


def test_a_process_without_the_rules_refuses_extensions_changes_and_waivers_in_words() -> None:
    vault = Road().vault  # the shipped exception knows neither
    fields = {"title": "x"}
    item = vault.do(CreateItem, "Rex", process="exception", fields=fields).header.subject
    road = Road.__new__(Road)
    road.vault, road.register = vault, vault.register
    rules = road.refused(RequestChange, "Rex", item, fields={"title": "y"}, reason="x")
    assert rules <= {"change.none", "right.missing"}
