"""Work that is on hold, is asked to end, gets a later day or other content: what is asked, who decides, what stays."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from memory_register import a_file
from process_site import ProcessSite, definition

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem
from domain.commands.command import verdict_of
from domain.commands.items import AssignItem, EditItem, HoldItem, MoveItem, ResumeItem
from domain.commands.people import DisablePerson
from domain.commands.requests import (
    DecideRequest,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    WithdrawRequest,
)
from domain.commands.risk_acceptance import RequestRiskAcceptance
from domain.records.dues import due_days
from domain.rules.waiting import awaited_from_others
from domain.trackers.plan import ImportPlan, PlannedRow
from domain.trackers.raw_rows import RowColumn

FILE = a_file("the tracker")
COLUMNS = tuple(
    RowColumn(column=number, header=field, field=field) for number, field in enumerate(("key", "title", "due"), 1)
)
DISPOSITIONS = {"actions": "dropped", "told": "Wim"}


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


def waiting(process_site: ProcessSite, item: str) -> str:
    return next(each.id for each in process_site.file(item).requests if each.state == "asked")


def ask_to_cancel(process_site: ProcessSite, item: str) -> str:
    process_site.do(
        RequestCancellation, "Olga", item, reason="Bought instead", code="not_needed", dispositions=DISPOSITIONS
    )
    return waiting(process_site, item)


def extend(process_site: ProcessSite, item: str, due: str) -> str:
    process_site.do(RequestExtension, "Olga", item, due=due, reason="Part is late", interim_risk="Bucket below")
    return waiting(process_site, item)


def test_a_hold_is_a_record_with_its_clock_rule_and_ends_with_who_took_it_up(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20", waiting_for="the supplier")
    (rest,) = process_site.file(item).holds
    assert (rest.until, rest.stops_clock, rest.waiting_for, rest.step) == ("", "yes", "the supplier", "doing")
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"item.on_hold"}
    process_site.do(ResumeItem, "Lea", item, reason="Part is here")
    (rest,) = process_site.file(item).holds
    assert rest.until > rest.since
    assert rest.ended_by == process_site.vault.ids["Lea"]


@pytest.mark.parametrize("day", ["", "2026-10-01", "2027-01-01", "soon"], ids=["none", "past", "too far", "no day"])
def test_a_hold_without_a_review_day_within_the_longest_time_is_refused(process_site: ProcessSite, day: str) -> None:
    assert process_site.refused(HoldItem, "Olga", process_site.begun(), reason="No part", review_on=day) == {
        "hold.review"
    }


def test_a_hold_that_the_rule_lets_the_clock_run_through_states_so() -> None:
    process_site = ProcessSite(hold={"stops_clock": False})
    item = process_site.begun()
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    assert process_site.file(item).holds[0].stops_clock == "no"


def test_work_is_cancelled_on_a_request_with_its_questions_answered_signed_by_somebody_else(
    process_site: ProcessSite,
) -> None:
    item = process_site.begun()
    assert process_site.refused(RequestCancellation, "Olga", item, reason=" ", code="fun") == {
        "reason.missing",
        "cancel.code",
        "cancel.disposition",
    }
    wrong = {"actions": "burnt", "told": "Wim", "money": "kept"}
    assert process_site.refused(
        RequestCancellation, "Olga", item, reason="x", code="duplicate", dispositions=wrong
    ) == {"cancel.disposition"}
    assert "right.missing" in process_site.refused(
        RequestCancellation, "Wim", item, reason="x", code="duplicate", dispositions=DISPOSITIONS
    )
    assert "cancel.request_first" in process_site.refused(CancelItem, "Lea", item, reason="x", code="duplicate")
    request = ask_to_cancel(process_site, item)
    assert "request.open" in process_site.refused(MoveItem, "Olga", item, step="checking")
    assert "request.open" in process_site.refused(
        RequestCancellation, "Olga", item, reason="x", code="duplicate", dispositions=DISPOSITIONS
    )
    assert "right.missing" in process_site.refused(DecideRequest, "Olga", item, request=request, approve=True)
    entry = process_site.do(DecideRequest, "Lea", item, request=request, approve=True)
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I end this without its outcome.")
    file = process_site.file(item)
    assert (file.item.state, file.item.step) == ("cancelled", "doing")
    assert (file.requests[0].state, file.requests[0].decided_by) == ("approved", process_site.vault.ids["Lea"])
    assert [(each.outcome, each.summary) for each in file.closures] == [("cancelled", "not_needed: Bought instead")]
    assert process_site.refused(EditItem, "Lea", item, fields={"title": "x"}, reason="Seen anew") == {"item.cancelled"}
    assert process_site.refused(RequestExtension, "Olga", item, due="2027-01-01", reason="x", interim_risk="x") == {
        "item.cancelled"
    }


def test_who_asked_does_not_decide_even_in_another_role() -> None:
    process_site = ProcessSite(cancel={"requested_by": ["owner", "lead"], "separate_from": []})
    item = process_site.begun()
    process_site.do(RequestCancellation, "Lea", item, reason="x", code="duplicate", dispositions=DISPOSITIONS)
    assert process_site.refused(DecideRequest, "Lea", item, request=waiting(process_site, item), approve=True) == {
        "separation.asker"
    }
    process_site.do(DecideRequest, "Leo", item, request=waiting(process_site, item), approve=True)


def test_who_asked_is_not_named_among_those_they_wait_for() -> None:
    process_site = ProcessSite(cancel={"requested_by": ["owner", "lead"]})
    item = process_site.begun()
    process_site.do(RequestCancellation, "Lea", item, reason="x", code="duplicate", dispositions=DISPOSITIONS)
    awaited = {name: awaited_from_others(process_site.vault.facts(item, name)) for name in ("Lea", "Leo")}
    assert [(each.kind, each.awaited) for each in awaited["Lea"]] == [("cancellation", "Leo")]
    assert awaited["Leo"] == ()


def test_where_the_process_asks_for_signatures_work_ends_only_with_them() -> None:
    board = {"level": 1, "role": "board", "meaning": "It may end.", "separate_from": ["owner"]}
    process_site = ProcessSite(cancel={"approvals": [board], "dispositions": [], "requested_by": []})
    item = process_site.begun()
    assert process_site.refused(CancelItem, "Lea", item, reason="Bought", code="duplicate") == {"approval.missing"}
    process_site.do(ApproveItem, "Bo", item, gate="cancel")
    process_site.do(CancelItem, "Lea", item, reason="Bought", code="duplicate")
    assert process_site.item(item).state == "cancelled"


@pytest.mark.parametrize("requested", [False, True], ids=["cancelled", "on request"])
@pytest.mark.parametrize("excluded", [["owner"], ["owner", "approvers"]], ids=["may", "may not"])
def test_who_signed_that_work_may_end_ends_it_only_where_the_process_lets_them(
    excluded: list[str], *, requested: bool
) -> None:
    lead = {"level": 1, "role": "lead", "meaning": "It may end.", "separate_from": ["owner"]}
    asked_by = {"requested_by": ["owner"] if requested else []}
    process_site = ProcessSite(cancel={"approvals": [lead], "dispositions": [], "separate_from": excluded, **asked_by})
    item = process_site.begun()
    if requested:
        process_site.do(RequestCancellation, "Olga", item, reason="Bought", code="duplicate")
    process_site.do(ApproveItem, "Leo", item, gate="cancel")
    kind, arguments = (
        (DecideRequest, {"request": waiting(process_site, item), "approve": True})
        if requested
        else (CancelItem, {"reason": "Bought", "code": "duplicate"})
    )
    if "approvers" in excluded:
        assert process_site.refused(kind, "Leo", item, **arguments) == {"separation.approvers"}
    process_site.do(kind, "Lea" if "approvers" in excluded else "Leo", item, **arguments)
    assert process_site.item(item).state == "cancelled"


def test_an_open_request_names_who_can_decide_it_and_not_who_asked() -> None:
    process_site = ProcessSite(cancel={"requested_by": ["owner", "lead"]})
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(RequestCancellation, "Lea", item, reason="x", code="duplicate", dispositions=DISPOSITIONS)
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    assert [(each.rule, each.responsible) for each in verdict.obstacles] == [("request.open", "Leo")]


@pytest.mark.parametrize("due", ["", "2026-12-01"], ids=["no day", "a day"])
def test_a_row_without_another_day_is_taken_where_the_due_day_is_locked(due: str) -> None:
    process_site = ProcessSite(extension={"locked_from": "asked"})
    process_site.vault.bring_in("Lea", a_plan(new=(a_row(due=due),)), process="work", file=FILE)
    item = process_site.item("T1-W-0001").id
    row = msgspec.structs.replace(a_row(due=due, title="Better words"), item=item)
    process_site.vault.bring_in("Lea", a_plan(changed=(row,)), process="work", file=FILE)
    assert (process_site.item(item).title, process_site.item(item).due) == ("Better words", due)
    assert process_site.register.imports()[-1].refused == []


def test_an_owner_who_leads_does_not_sign_the_end_of_their_own_work(process_site: ProcessSite) -> None:
    item = process_site.begun()
    request = ask_to_cancel(process_site, item)
    process_site.do(AssignItem, "Lea", item, person=process_site.vault.ids["Leo"])
    assert process_site.refused(DecideRequest, "Leo", item, request=request, approve=True) == {"separation.owner"}


def test_a_rejected_cancellation_leaves_the_work_as_it_was_with_the_reason(process_site: ProcessSite) -> None:
    item = process_site.begun()
    request, before = ask_to_cancel(process_site, item), process_site.item(item)
    assert process_site.refused(DecideRequest, "Lea", item, request=request, approve=False) == {"reason.missing"}
    process_site.do(DecideRequest, "Lea", item, request=request, approve=False, reason="Still leaks")
    assert process_site.item(item) == before
    assert process_site.file(item).requests[0].decision_reason == "Still leaks"
    assert process_site.refused(DecideRequest, "Lea", item, request=request, approve=True) == {"request.decided"}


def test_holding_work_can_end_and_its_hold_ends_with_it(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    process_site.do(DecideRequest, "Lea", item, request=ask_to_cancel(process_site, item), approve=True)
    assert (process_site.item(item).state, bool(process_site.file(item).holds[0].until)) == ("cancelled", True)


def test_only_who_asked_withdraws(process_site: ProcessSite) -> None:
    item = process_site.begun()
    request = ask_to_cancel(process_site, item)
    assert process_site.refused(WithdrawRequest, "Lea", item, request=request, reason="x") == {"request.asker"}
    process_site.do(WithdrawRequest, "Olga", item, request=request, reason="Needed after all")
    assert process_site.file(item).requests[0].state == "withdrawn"


def test_a_locked_due_day_moves_by_extension_only_and_every_day_stays_visible(process_site: ProcessSite) -> None:
    item = process_site.new()
    process_site.do(EditItem, "Olga", item, fields={"due": "2026-12-05"}, reason="Seen anew")
    assert "extension.not_locked" in process_site.refused(
        RequestExtension, "Olga", item, due="2026-12-20", reason="x", interim_risk="x"
    )
    process_site.do(ApproveItem, "Lea", item)
    process_site.do(MoveItem, "Olga", item, step="doing")
    for person in ("Olga", "Lea", "Wim"):
        assert process_site.refused(EditItem, person, item, fields={"due": "2027-03-01"}, reason="Seen anew") == {
            "due.locked"
        }
    assert process_site.refused(EditItem, "Lea", item, fields={"due": ""}, reason="Seen anew") == {"due.locked"}
    assert "due.locked" in process_site.refused(RequestChange, "Olga", item, fields={"due": "2027-03-01"}, reason="x")
    process_site.do(
        EditItem, "Olga", item, fields={"due": "2026-12-05", "residual": "none"}, reason="Seen anew"
    )  # the same day is no change
    first = extend(process_site, item, "2026-12-20")
    assert process_site.item(item).due == "2026-12-05"
    assert process_site.refused(DecideRequest, "Olga", item, request=first, approve=True) >= {"right.missing"}
    process_site.do(DecideRequest, "Lea", item, request=first, approve=True)
    process_site.do(DecideRequest, "Lea", item, request=extend(process_site, item, "2027-01-15"), approve=True)
    assert [each.day for each in due_days(process_site.file(item))] == [
        "2026-12-01",
        "2026-12-05",
        "2026-12-20",
        "2027-01-15",
    ]
    assert process_site.item(item).due == "2027-01-15"
    third = extend(process_site, item, "2027-02-01")
    assert "right.missing" in process_site.refused(DecideRequest, "Lea", item, request=third, approve=True)
    process_site.do(DecideRequest, "Bo", item, request=third, approve=True)
    assert due_days(process_site.file(item))[-1].decided_by == process_site.vault.ids["Bo"]


@pytest.mark.parametrize("due", ["2026-11-01", "2026-12-01", "soon"], ids=["earlier", "the same", "no day"])
def test_an_extension_names_a_later_day(process_site: ProcessSite, due: str) -> None:
    item = process_site.begun()
    assert process_site.refused(RequestExtension, "Olga", item, due=due, reason="x", interim_risk="x") == {
        "extension.day"
    }


def test_an_extension_states_why_and_what_can_happen_until_then(process_site: ProcessSite) -> None:
    item = process_site.begun()
    assert process_site.refused(RequestExtension, "Olga", item, due="2026-12-20", reason="", interim_risk="") == {
        "reason.missing"
    }


def test_a_due_day_locked_from_the_first_step_is_kept_from_a_tracker_imported_again(process_site: ProcessSite) -> None:
    process_site = ProcessSite(extension={"locked_from": "asked"})
    process_site.vault.bring_in("Lea", a_plan(new=(a_row(due="2026-12-01"),)), process="work", file=FILE)
    item = process_site.item("T1-W-0001").id
    for due, kept in (("2027-01-01", "2026-12-01"), ("2026-12-01", "2026-12-01")):
        row = msgspec.structs.replace(a_row(due=due, title=f"Words for {due}"), item=item)
        process_site.vault.bring_in("Lea", a_plan(changed=(row,)), process="work", file=FILE)
        assert process_site.item(item).due == kept
    batches = process_site.register.imports()
    assert [len(batch.refused) for batch in batches] == [0, 1, 0]
    reason = batches[1].refused[0]["reason"]
    assert (reason["message"], reason["due"]) == ("imports.the_due_day_of", "2026-12-01")
    assert process_site.item(item).title == "Words for 2026-12-01"


def test_a_change_is_applied_when_it_is_signed_and_overtakes_what_covered_other_content(
    process_site: ProcessSite,
) -> None:
    item = process_site.begun()
    process_site.do(RequestChange, "Olga", item, fields={"plan": "Whole pump"}, reason="Shaft is worn too")
    (request,) = process_site.file(item).requests
    assert request.proposal == {"plan": ["New seal", "Whole pump"]}
    assert process_site.item(item).values["plan"] == "New seal"
    assert "right.missing" in process_site.refused(DecideRequest, "Wim", item, request=request.id, approve=True)
    process_site.do(DecideRequest, "Lea", item, request=request.id, approve=True)
    assert process_site.item(item).values["plan"] == "Whole pump"


def test_a_change_of_something_that_changed_meanwhile_is_not_signed(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.do(RequestChange, "Olga", item, fields={"plan": "Whole pump"}, reason="x")
    process_site.do(EditItem, "Wim", item, fields={"plan": "Another seal"}, reason="Seen anew")
    assert process_site.refused(DecideRequest, "Lea", item, request=waiting(process_site, item), approve=True) == {
        "request.overtaken"
    }


def test_a_change_to_a_person_who_left_meanwhile_is_not_signed() -> None:
    fields = [*json.loads(definition())["fields"], {"id": "helper", "title": "Helper", "kind": "person"}]
    process_site = ProcessSite(fields=fields)
    item = process_site.begun()
    wim = process_site.vault.ids["Wim"]
    process_site.do(RequestChange, "Olga", item, fields={"helper": wim}, reason="Wim knows the pump")
    process_site.vault.do(DisablePerson, "Ada", person=wim, reason="Left")
    request = waiting(process_site, item)
    assert process_site.refused(DecideRequest, "Lea", item, request=request, approve=True) == {"field.kind"}
    process_site.do(DecideRequest, "Lea", item, request=request, approve=False, reason="Wim has left")


def test_where_the_process_states_so_signed_content_changes_by_request_only() -> None:
    process_site = ProcessSite(change={"required": True})
    item = process_site.new()
    process_site.do(EditItem, "Olga", item, fields={"plan": "Two seals"}, reason="Seen anew")
    process_site.do(ApproveItem, "Lea", item)
    assert process_site.refused(EditItem, "Olga", item, fields={"plan": "None"}, reason="Seen anew") == {
        "change.request_first"
    }
    process_site.do(EditItem, "Olga", item, fields={"residual": "noise"}, reason="Seen anew")
    process_site.do(RequestChange, "Olga", item, fields={"plan": "None"}, reason="x")
    process_site.do(DecideRequest, "Leo", item, request=waiting(process_site, item), approve=True)
    assert "approval.overtaken" in process_site.refused(MoveItem, "Olga", item, step="doing")


@pytest.mark.parametrize(
    "fields", [{}, {"plan": "New seal"}, {"colour": "red"}], ids=["nothing", "the same", "unknown"]
)
def test_a_change_that_changes_nothing_or_is_not_of_the_process_is_refused(
    process_site: ProcessSite, fields: dict[str, str]
) -> None:
    found = process_site.refused(RequestChange, "Olga", process_site.begun(), fields=fields, reason="x")
    assert found <= {"change.nothing", "field.kind"}


def test_a_process_without_the_rules_refuses_extensions_changes_and_risk_acceptances() -> None:
    process_site = ProcessSite(extension=None, change=None, risk_acceptance=None)
    item = process_site.begun()
    risk = {"rule": "blocked.open", "reason": "x", "risk": "x", "expires_on": "2026-11-15"}
    for kind, arguments, rule in (
        (RequestExtension, {"due": "2026-12-20", "reason": "x", "interim_risk": "x"}, "extension.none"),
        (RequestChange, {"fields": {"plan": "y"}, "reason": "x"}, "change.none"),
        (RequestRiskAcceptance, risk, "risk_acceptance.none"),
    ):
        assert process_site.refused(kind, "Olga", item, **arguments) == {rule}


@pytest.mark.parametrize(
    ("severity", "bulk", "refused"), [("high", True, True), ("high", False, False), ("low", True, False)]
)
def test_extensions_are_decided_together_only_for_severities_that_want_no_signature_of_their_own(
    severity: str, *, bulk: bool, refused: bool
) -> None:
    process_site = ProcessSite(extension={"single_severities": ["high"]})
    item = process_site.begun(severity=severity)
    arguments = {"request": extend(process_site, item, "2026-12-20"), "approve": True, "bulk": bulk}
    if refused:
        assert process_site.refused(DecideRequest, "Lea", item, **arguments) == {"approval.single"}
    else:
        process_site.do(DecideRequest, "Lea", item, **arguments)


def test_a_cancellation_is_never_decided_together_with_others(process_site: ProcessSite) -> None:
    item = process_site.begun()
    request = ask_to_cancel(process_site, item)
    assert process_site.refused(DecideRequest, "Lea", item, request=request, approve=True, bulk=True) == {
        "approval.single"
    }
