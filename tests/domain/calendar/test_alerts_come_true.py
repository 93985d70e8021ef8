"""Alerts: each at its true time, once, to the right people, and late when nobody was looking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from memory_register import rules
from working_site import PROCESS, Site, at

from domain.calendar.standing import AlertFilter
from domain.calendar.working_time import USUAL
from domain.commands.alerts import MarkAlertSeen, RaiseAlerts
from domain.commands.command import verdict_of
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem
from domain.commands.process_versions import PublishProcess
from domain.commands.settings import SetCalendar
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.records.governance import (
    Alert,
    Handoff,
    HoldPeriod,
    Link,
    Mandate,
    Obligation,
    Question,
    RiskAcceptance,
    ZoneOffset,
)
from domain.records.item import Evidence
from domain.rules.alert_scan import Scan
from domain.rules.facts import gather_vault


def output(alerts: list[Alert]) -> list[tuple[str, str, str, str]]:
    return [(each.condition, each.escalation_level, each.person or each.role, each.due_at[:16]) for each in alerts]


@pytest.fixture
def site() -> Iterator[Site]:
    return Site()


def test_the_ladder_is_climbed_level_by_level_each_at_its_true_time(site: Site) -> None:
    assert site.raised("2026-11-03 12:00") == []
    assert output(site.raised("2026-11-03 13:30")) == [("sla", "75", "operations", "2026-11-03T13:00")]
    assert output(site.raised("2026-11-09 09:00")) == [
        ("sla", "100", "operations", "2026-11-04T09:00"),
        ("sla", "100+2", "board", "2026-11-06T09:00"),
    ]
    assert site.raised("2026-11-20 09:00") == [], "nothing is raised twice"


def test_what_came_true_while_the_program_was_closed_is_raised_late(site: Site) -> None:
    raised = site.raised("2026-11-09 09:00", since="2026-11-06 08:59")
    assert [(each.escalation_level, each.late) for each in raised] == [("75", "yes"), ("100", "yes"), ("100+2", "no")]
    assert {each.raised_at[:16] for each in raised} == {"2026-11-09T09:00"}


def test_a_step_with_a_contact_asks_the_contact_first(site: Site) -> None:
    site.do(MoveItem, "Olga", item=site.item, step="offered")
    escalation_levels = [
        each for each in site.raised("2026-11-04 12:00") if each.condition == "sla" and each.escalation_level == "100"
    ]
    assert {each.role for each in escalation_levels} == {"operations", "board"}


def test_coming_back_to_a_step_starts_its_ladder_anew(site: Site) -> None:
    site.raised("2026-11-03 16:00")
    site.change("item", site.item, step_since=iso(at("2026-11-10 09:00")))
    assert output(site.raised("2026-11-11 16:00")) == [("sla", "75", "operations", "2026-11-11T13:00")]


def test_a_hold_stops_the_clock_and_its_review_day_is_shown(site: Site) -> None:
    site.now = at("2026-11-02 17:00")
    site.do(HoldItem, "Olga", item=site.item, reason="Supplier closed", review_on="2026-11-05")
    assert output(site.raised("2026-11-09 12:00")) == [("hold_review", "", "operations", "2026-11-05T00:00")]


def test_a_hold_that_is_over_only_delays(site: Site) -> None:
    site.put(
        "hold_period",
        HoldPeriod(
            id="h1",
            item=site.item,
            cycle=1,
            step="asked",
            since=iso(at("2026-11-02 11:00")),
            until=iso(at("2026-11-02 13:00")),
            reason="x",
            review_on="",
            waiting_for="",
            stops_clock="yes",
            by="p-olga",
            ended_by="p-olga",
        ),
    )
    assert site.raised("2026-11-03 14:30") == []
    assert output(site.raised("2026-11-03 15:30")) == [("sla", "75", "operations", "2026-11-03T15:00")]


def test_a_due_day_is_shown_to_the_owner_and_again_when_it_is_moved(site: Site) -> None:
    site.do(AssignItem, "Olga", item=site.item, person=site.ids["Paul"])
    site.do(EditItem, "Olga", item=site.item, fields={"due": "2026-11-20"}, reason="Seen anew")
    due = [each for each in site.raised("2026-11-17 08:00") if each.condition == "due"]
    assert output(due) == [("due", "", "p-paul", "2026-11-17T00:00")]
    site.do(EditItem, "Olga", item=site.item, fields={"due": "2026-12-20"}, reason="Seen anew")
    again = [each for each in site.raised("2026-12-18 08:00") if each.condition == "due"]
    assert output(again) == [("due", "", "p-paul", "2026-12-17T00:00")]


def test_work_nobody_owns_is_shown_to_whoever_is_accountable(site: Site) -> None:
    site.do(EditItem, "Olga", item=site.item, fields={"due": "2026-11-03"}, reason="Seen anew")
    due = [each for each in site.raised("2026-11-02 10:00") if each.condition == "due"]
    assert output(due) == [("due", "", "operations", "2026-11-02T09:00")], "and not from before it was here"


def test_records_that_wait_are_shown_at_their_deadlines(site: Site) -> None:
    site.change("item", site.item, step="offered")
    base = {"item": site.item, "cycle": 1}
    nine = iso(at("2026-11-02 09:00"))
    site.put(
        "handoff",
        Handoff(
            id="o1",
            **base,
            step="offered",
            sender="p-olga",
            receiver="",
            role="procurement",
            offered_at=nine,
            state="offered",
            ended_by="",
            ended_at="",
            reason="",
        ),
    )
    site.put(
        "obligation",
        Obligation(
            id="b1",
            **base,
            kind="confirm_urgent",
            about="u",
            gate="g",
            text="Confirm",
            role="board",
            person="",
            due=iso(at("2026-11-02 15:00")),
            state="open",
            created_at=nine,
            created_by="p-olga",
            ended_at="",
            ended_by="",
            ended_reason="",
        ),
    )
    site.put(
        "question",
        Question(
            id="q1",
            **base,
            gate="g",
            text="Why?",
            asked_by="p-bea",
            asked_at=nine,
            asked_of="p-olga",
            stops_clock="no",
            answer="",
            answered_by="",
            answered_at="",
        ),
    )
    site.put(
        "risk_acceptance",
        RiskAcceptance(
            id="w1",
            **base,
            gate="g",
            rule="r",
            about="",
            state="in_force",
            reason="x",
            risk="x",
            measure="x",
            asked_by="p-olga",
            asked_at=nine,
            accepted_by="p-bea",
            accepted_at=nine,
            expires_on="2026-11-18",
            ended_at="",
            ended_by="",
            ended_reason="",
        ),
    )
    raised = [each for each in output(site.raised("2026-11-04 16:00")) if each[0] != "sla"]
    assert set(raised) == {
        ("obligation_late", "", "operations", "2026-11-02T15:00"),
        ("handoff_late", "", "operations", "2026-11-02T17:00"),
        ("question_open", "", "board", "2026-11-03T17:00"),
        ("risk_acceptance_ending", "", "board", "2026-11-04T00:00"),
        ("obligation_late", "+2", "board", "2026-11-04T15:00"),
        ("approval_late", "1", "operations", "2026-11-04T09:00"),
    }


@pytest.mark.parametrize(("state", "condition"), [("closed", "unblocked"), ("cancelled", "blocker_cancelled")])
def test_the_end_of_what_it_waited_for_is_shown(site: Site, state: str, condition: str) -> None:
    other = site.do(CreateItem, "Olga", process="purchase", fields={"title": "Order"}).header.subject
    site.put(
        "link",
        Link(
            id="l1",
            item=site.item,
            other=other,
            kind="blocked_by",
            state="in_force",
            reason="",
            created_at=iso(at("2026-11-02 09:30")),
            created_by="p-olga",
            ended_at="",
            ended_by="",
            ended_reason="",
            other_number="",
        ),
    )
    assert site.raised("2026-11-02 10:00") == []
    site.change("item", other, state=state)
    assert [each[0] for each in output(site.raised("2026-11-02 10:05"))] == [condition]


def test_a_late_cycle_is_shown_when_it_began(site: Site) -> None:
    site.change("item", site.item, cycle=3, step_since=iso(at("2026-11-02 12:00")))
    assert output(site.raised("2026-11-02 12:30")) == [("cycle", "", "board", "2026-11-02T12:00")]


def test_what_one_process_watches_raises_nothing_in_another(site: Site) -> None:
    other = {**PROCESS, "id": "sale", "numbering": {"prefix": "SA"}, "alerts": [], "escalation": []}
    site.do(PublishProcess, "Ada", definition=json.dumps(other))
    sold = site.do(CreateItem, "Olga", process="sale", fields={"title": "Steel", "due": "2026-11-03"}).header.subject
    for item in (sold, site.item):
        site.change("item", item, cycle=3, step_since=iso(at("2026-11-02 12:00")))
    assert {(each.condition, each.item) for each in site.raised("2026-11-02 12:30")} == {("cycle", site.item)}


@pytest.mark.parametrize(
    "otherwise", [{"requirement": "note"}, {"state": "submitted"}, {"cycle": 2}], ids=["kept", "unreviewed", "earlier"]
)
def test_evidence_stops_counting_only_where_its_requirement_says_so(site: Site, otherwise: dict[str, Any]) -> None:
    kept = {"id": "note", "title": "Note", "reviewer_role": "board"}
    text = json.dumps({**PROCESS, "evidence": [*PROCESS["evidence"], kept]})
    site.change("process_version", "purchase@1", definition=text)
    site.put(
        "evidence",
        Evidence(
            id="e1",
            item=site.item,
            cycle=1,
            requirement="quote",
            revision=1,
            file_name="quote.txt",
            media_type="text/plain",
            size=5,
            file="ab" * 32,
            added_by="p-olga",
            added_at=iso(at("2026-11-02 09:00")),
            state="accepted",
            reviewed_by="p-paul",
            reviewed_at=iso(at("2026-11-02 10:00")),
        ),
    )
    site.now = at("2026-11-10 11:00")
    found = Scan(site.register, site.actor("Olga")).alerts()
    ending = [each for each in found if each.condition == "evidence_ending"]
    assert [iso(each.at)[:16] for each in ending] == ["2026-11-10T10:00"]
    command = RaiseAlerts.of(ending, running_since=iso(site.now))
    assert site.decided(command, "Olga").changes
    site.change("evidence", "e1", **otherwise)
    with pytest.raises(Refused) as refused:
        site.decided(command, "Olga")
    assert [each.rule for each in refused.value.obstacles] == ["alert.untrue"]


def test_the_last_day_of_a_mandate_is_shown_to_both(site: Site) -> None:
    site.put(
        "mandate",
        Mandate(
            id="m1",
            delegator="p-bea",
            delegate="p-paul",
            role="board",
            process="",
            severities=[],
            first_day="2026-11-01",
            last_day="2026-11-03",
            reason="Leave",
            state="given",
            given_at=iso(at("2026-10-27 09:00")),
            revoked_at="",
            revoked_by="",
        ),
    )
    assert site.raised("2026-11-02 23:00") == []
    assert [each.person for each in site.raised("2026-11-03 08:00")] == ["p-bea", "p-paul"]


def test_only_whom_it_is_for_has_seen_an_alert(site: Site) -> None:
    (alert,) = site.raised("2026-11-03 13:30")
    with pytest.raises(Refused) as refused:
        site.do(MarkAlertSeen, "Paul", alerts=[alert.id])
    assert [each.rule for each in refused.value.obstacles] == ["alert.not_yours"]
    site.do(MarkAlertSeen, "Olga", alerts=[alert.id])
    assert [each.seen_by for each in site.register.alerts(AlertFilter(state="seen"))] == ["p-olga"]
    with pytest.raises(UsageProblem, match="Nothing would change"):
        site.do(MarkAlertSeen, "Olga", alerts=[alert.id])
    with pytest.raises(UsageProblem, match="no alert"):
        site.do(MarkAlertSeen, "Olga", alerts=["nobody"])


def test_the_calendar_is_set_by_an_administrator_and_moves_the_clocks(site: Site) -> None:
    holiday = msgspec.structs.replace(USUAL, free_days=[["2026-11-03", "Company day"]])
    with pytest.raises(Refused):
        site.do(SetCalendar, "Olga", calendar=holiday)
    site.do(SetCalendar, "Ada", calendar=holiday)
    assert site.raised("2026-11-03 20:00") == []
    assert output(site.raised("2026-11-04 13:30")) == [("sla", "75", "operations", "2026-11-04T13:00")]
    with pytest.raises(UsageProblem, match="Nothing would change"):
        site.do(SetCalendar, "Ada", calendar=holiday)


WINTER, SUMMER = ZoneOffset("2025-10-26T01:00:00.000Z", 60), ZoneOffset("2026-03-29T01:00:00.000Z", 120)
BERLIN = {"zone": "Europe/Berlin", "offsets": [WINTER, SUMMER], "country": "DE", "subdivision": "SN"}


def test_a_zone_with_its_offsets_in_their_order_is_taken(site: Site) -> None:
    wanted = msgspec.structs.replace(USUAL, **BERLIN)
    verdict = verdict_of(SetCalendar(calendar=wanted), gather_vault(site.register, site.actor("Ada")))
    assert verdict.allowed


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param({"zone": "Mars/Olympus"}, "calendar.zone", id="zone"),
        pytest.param({"offsets": [WINTER]}, "calendar.zone", id="UTC has no offsets"),
        pytest.param({**BERLIN, "offsets": []}, "calendar.zone", id="a zone without offsets"),
        pytest.param({**BERLIN, "offsets": [SUMMER, WINTER]}, "calendar.offsets", id="not in their order"),
        pytest.param({**BERLIN, "offsets": [WINTER, WINTER]}, "calendar.offsets", id="the same instant twice"),
        pytest.param({**BERLIN, "offsets": [ZoneOffset("2025-10-26", 60)]}, "calendar.offsets", id="no instant"),
        pytest.param({**BERLIN, "offsets": [ZoneOffset(WINTER.since, 3_000)]}, "calendar.offsets", id="too far"),
        pytest.param({"country": "D/E"}, "calendar.country", id="no word of a country"),
        pytest.param({"country": "DE", "subdivision": "S/N"}, "calendar.country", id="no word of its part"),
        pytest.param({"begins": 600, "ends": 600}, "calendar.hours", id="hours"),
        pytest.param({"weekdays": []}, "calendar.weekdays", id="no day"),
        pytest.param({"weekdays": [1, 1]}, "calendar.weekdays", id="twice"),
        pytest.param({"weekdays": [0, 8]}, "calendar.weekdays", id="no weekdays"),
        pytest.param({"free_days": [["2027-02-30", "x"]]}, "calendar.days", id="no day of the calendar"),
        pytest.param({"free_days": [["20261101", "x"]]}, "calendar.days", id="another spelling"),
        pytest.param({"free_days": [["2026-11-01", " "]]}, "calendar.days", id="no name"),
        pytest.param(
            {"free_days": [["2026-11-02", "x"]], "extra_days": [["2026-11-02", "y"]]}, "calendar.days", id="both"
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(site: Site, change: dict[str, Any], rule: str) -> None:
    wrong = msgspec.structs.replace(USUAL, **change)
    verdict = verdict_of(SetCalendar(calendar=wrong), gather_vault(site.register, site.actor("Ada")))
    assert rules(verdict) == [rule]
