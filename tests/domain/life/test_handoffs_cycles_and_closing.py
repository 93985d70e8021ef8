"""Handing over, beginning again, coming back, and the standard by which work closes."""

from __future__ import annotations

import pytest
from road import Road

from domain.commands.closure import BeginRecurrence, CloseItem
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import EditItem, MoveItem, ReopenItem
from domain.commands.links import LinkItems, UnlinkItems
from domain.commands.requests import RequestExtension
from domain.metrics.reopenings import ReopenRate, reopen_rate
from domain.rules.handoffs import answers_for


def handed_in(road: Road, *, taken: bool = True) -> str:
    item = road.begun()
    road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    road.do(MoveItem, "Olga", item, step="checking")
    if taken:
        road.do(AcceptHandoff, "Lea", item)
    return item


def closed(road: Road) -> str:
    item = handed_in(road)
    road.verdict(item, "good")
    road.do(CloseItem, "Lea", item, outcome="reached")
    return item


def test_until_it_is_taken_the_sender_answers_for_it_and_both_are_named(road: Road) -> None:
    item = handed_in(road, taken=False)
    answers = answers_for(road.vault.facts(item))
    assert (answers.accountable, answers.offered_to) == ("Olga", "Lea, Leo")
    road.verdict(item, "good")
    assert road.refused(CloseItem, "Lea", item, outcome="reached") == {"handoff.open"}
    assert road.refused(AcceptHandoff, "Wim", item) == {"right.missing"}
    road.do(AcceptHandoff, "Leo", item)
    answers = answers_for(road.vault.facts(item))
    assert (answers.accountable, answers.offered_to) == ("Lea, Leo", "")
    assert road.refused(AcceptHandoff, "Lea", item) == {"handoff.none"}
    road.do(CloseItem, "Lea", item, outcome="reached")


def test_what_is_returned_goes_back_to_where_it_came_from_with_the_reason(road: Road) -> None:
    item = handed_in(road, taken=False)
    assert road.refused(ReturnHandoff, "Lea", item, reason=" ") == {"reason.missing"}
    road.do(ReturnHandoff, "Lea", item, reason="Photo is missing")
    file = road.file(item)
    assert (file.item.step, file.handoffs[0].state) == ("doing", "returned")
    assert file.handoffs[0].reason == file.passages[-1].reason == "Photo is missing"
    assert (file.passages[-1].from_step, file.passages[-1].to_step) == ("checking", "doing")
    road.do(MoveItem, "Olga", item, step="checking")
    assert [each.state for each in road.file(item).handoffs] == ["returned", "offered"]


def test_who_hands_over_does_not_take_it(road: Road) -> None:
    item = road.begun()
    road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    road.do(MoveItem, "Lea", item, step="checking")
    assert road.refused(AcceptHandoff, "Lea", item) == {"separation.sender"}
    assert road.refused(ReturnHandoff, "Lea", item, reason="x") == {"separation.sender"}
    road.do(AcceptHandoff, "Leo", item)


def test_an_ineffective_result_begins_a_new_cycle_that_is_counted(road: Road) -> None:
    item = handed_in(road)
    for cycle in (2, 3):
        road.verdict(item, "bad")
        road.do(MoveItem, "Lea", item, step="doing", reason="Leaks again")
        found = road.item(item)
        assert (found.cycle, "verdict" in found.values, found.values["plan"]) == (cycle, False, "New seal")
        assert "evidence.missing" in road.refused(MoveItem, "Olga", item, step="checking"), "each cycle proves anew"
        road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
        road.do(MoveItem, "Olga", item, step="checking")
        road.do(AcceptHandoff, "Lea", item)
    assert [each.cycle for each in road.file(item).passages if each.to_step == "doing"] == [1, 2, 3]


def test_a_reopening_keeps_the_first_closure_and_counts(road: Road) -> None:
    item = closed(road)
    first = road.file(item).closures[0]
    assert road.refused(ReopenItem, "Lea", item, reason=" ") == {"reason.missing"}
    assert "right.missing" in road.refused(ReopenItem, "Olga", item, reason="Leaks")
    assert "reopen.new_cycle" in road.refused(BeginRecurrence, "Lea", item, reason="Leaks")
    road.do(ReopenItem, "Lea", item, reason="Leaks")
    found = road.file(item)
    assert (found.item.state, found.item.step, found.item.cycle) == ("open", "doing", 2)
    assert found.closures == (first,)
    rate = rate_of(road, item)
    assert (rate.closed, rate.reopened, rate.percent) == (1, 1, "100.0")


def rate_of(road: Road, *items: str) -> ReopenRate:
    files = [(road.file(item), road.register.links_about(item)) for item in items]
    return reopen_rate(files, first_day="2026-11-01", last_day="2026-11-30")


def test_where_the_standard_says_so_what_comes_back_is_a_new_item(road: Road) -> None:
    road = Road(reopen={"recurrence": "new_item"})
    item, other = closed(road), closed(road)
    before = road.file(item)
    assert "reopen.new_item" in road.refused(ReopenItem, "Lea", item, reason="Leaks")
    entry = road.do(BeginRecurrence, "Lea", item, reason="Leaks again at the flange")
    new = road.file(entry.header.subject)
    assert (new.item.title, new.item.description, new.item.step) == (
        "Fix the pump",
        "Leaks again at the flange",
        "asked",
    )
    assert [(each.kind, each.other) for each in new.links] == [("recurrence_of", item)]
    assert road.file(item) == before
    rate = rate_of(road, item, other)
    assert (rate.closed, rate.reopened, rate.percent) == (2, 1, "50.0")
    assert rate.again[0][0] == road.item(item).number


def test_open_work_does_not_come_back(road: Road) -> None:
    item = road.begun()
    assert road.refused(ReopenItem, "Lea", item, reason="x") == {"item.not_closed"}
    assert road.refused(BeginRecurrence, "Lea", item, reason="x") == {"item.not_closed"}


def test_the_rate_of_a_period_without_closings_is_no_number(road: Road) -> None:
    assert rate_of(road, road.begun()).percent == ""


def test_partly_reached_needs_the_residual_and_an_item_that_carries_it(road: Road) -> None:
    item = handed_in(road)
    road.verdict(item, "bad")
    assert road.refused(CloseItem, "Lea", item, outcome="partly") == {"field.missing", "close.follow_up"}
    road.do(EditItem, "Lea", item, fields={"residual": "Drips when cold"})
    follow_up = road.new(title="Heat the pump room")
    road.do(LinkItems, "Olga", follow_up, other=item, kind="follow_up_of")
    link = road.file(follow_up).links[0].id
    road.do(UnlinkItems, "Olga", follow_up, link=link, reason="Wrong item")
    assert road.refused(CloseItem, "Lea", item, outcome="partly") == {"close.follow_up"}
    road.do(LinkItems, "Olga", follow_up, other=item, kind="follow_up_of")
    road.do(CloseItem, "Lea", item, outcome="partly", summary="Drips when cold; the room is heated next.")
    assert road.file(item).closures[0].outcome == "partly"


def test_work_with_a_request_undecided_does_not_close(road: Road) -> None:
    item = handed_in(road)
    road.verdict(item, "good")
    road.do(RequestExtension, "Olga", item, due="2026-12-20", reason="x", interim_risk="x")
    assert road.refused(CloseItem, "Lea", item, outcome="reached") == {"request.open"}


@pytest.mark.parametrize("outcome", ["cancelled", "not_reached", "splendid"])
def test_an_outcome_the_standard_does_not_know_is_refused(road: Road, outcome: str) -> None:
    item = handed_in(road)
    road.verdict(item, "good")
    assert road.refused(CloseItem, "Lea", item, outcome=outcome) == {"close.outcome"}


def test_the_owner_does_not_sign_the_closing(road: Road) -> None:
    item = handed_in(road)
    road.verdict(item, "good")
    assert "right.missing" in road.refused(CloseItem, "Olga", item, outcome="reached")
