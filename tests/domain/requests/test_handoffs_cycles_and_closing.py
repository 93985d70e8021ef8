"""Handing over, beginning again, coming back, and the standard by which work closes."""

from __future__ import annotations

import pytest
from process_site import ProcessSite

from domain.commands.closure import BeginFollowUp, CloseItem
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import EditItem, MoveItem, ReopenItem
from domain.commands.links import LinkItems, UnlinkItems
from domain.commands.requests import RequestExtension
from domain.metrics.reopenings import ReopenRate, reopen_rate
from domain.rules.handoffs import answers_for


def submitted(process_site: ProcessSite, *, taken: bool = True) -> str:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Olga", item, step="checking")
    if taken:
        process_site.do(AcceptHandoff, "Lea", item)
    return item


def closed(process_site: ProcessSite) -> str:
    item = submitted(process_site)
    process_site.verdict(item, "good")
    process_site.do(CloseItem, "Lea", item, outcome="reached")
    return item


def test_until_it_is_taken_the_sender_answers_for_it_and_both_are_named(process_site: ProcessSite) -> None:
    item = submitted(process_site, taken=False)
    answers = answers_for(process_site.vault.facts(item))
    assert (answers.accountable, answers.offered_to) == ("Olga", "Lea, Leo")
    process_site.verdict(item, "good")
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"handoff.open"}
    assert process_site.refused(AcceptHandoff, "Wim", item) == {"right.missing"}
    process_site.do(AcceptHandoff, "Leo", item)
    answers = answers_for(process_site.vault.facts(item))
    assert (answers.accountable, answers.offered_to) == ("Lea, Leo", "")
    assert process_site.refused(AcceptHandoff, "Lea", item) == {"handoff.none"}
    process_site.do(CloseItem, "Lea", item, outcome="reached")


def test_what_is_returned_goes_back_to_where_it_came_from_with_the_reason(process_site: ProcessSite) -> None:
    item = submitted(process_site, taken=False)
    assert process_site.refused(ReturnHandoff, "Lea", item, reason=" ") == {"reason.missing"}
    process_site.do(ReturnHandoff, "Lea", item, reason="Photo is missing")
    file = process_site.file(item)
    assert (file.item.step, file.handoffs[0].state) == ("doing", "returned")
    assert file.handoffs[0].reason == file.transition_records[-1].reason == "Photo is missing"
    assert (file.transition_records[-1].from_step, file.transition_records[-1].to_step) == ("checking", "doing")
    process_site.do(MoveItem, "Olga", item, step="checking")
    assert [each.state for each in process_site.file(item).handoffs] == ["returned", "offered"]


def test_who_hands_over_does_not_take_it(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Lea", item, step="checking")
    assert process_site.refused(AcceptHandoff, "Lea", item) == {"separation.sender"}
    assert process_site.refused(ReturnHandoff, "Lea", item, reason="x") == {"separation.sender"}
    process_site.do(AcceptHandoff, "Leo", item)


def test_an_ineffective_result_begins_a_new_cycle_that_is_counted(process_site: ProcessSite) -> None:
    item = submitted(process_site)
    for cycle in (2, 3):
        process_site.verdict(item, "bad")
        process_site.do(MoveItem, "Lea", item, step="doing", reason="Leaks again")
        found = process_site.item(item)
        assert (found.cycle, "verdict" in found.values, found.values["plan"]) == (cycle, False, "New seal")
        assert "evidence.missing" in process_site.refused(MoveItem, "Olga", item, step="checking"), (
            "each cycle proves anew"
        )
        process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
        process_site.do(MoveItem, "Olga", item, step="checking")
        process_site.do(AcceptHandoff, "Lea", item)
    assert [each.cycle for each in process_site.file(item).transition_records if each.to_step == "doing"] == [1, 2, 3]


def test_a_reopening_keeps_the_first_closure_and_counts(process_site: ProcessSite) -> None:
    item = closed(process_site)
    first = process_site.file(item).closures[0]
    assert process_site.refused(ReopenItem, "Lea", item, reason=" ") == {"reason.missing"}
    assert "right.missing" in process_site.refused(ReopenItem, "Olga", item, reason="Leaks")
    assert "reopen.new_cycle" in process_site.refused(BeginFollowUp, "Lea", item, reason="Leaks")
    process_site.do(ReopenItem, "Lea", item, reason="Leaks")
    found = process_site.file(item)
    assert (found.item.state, found.item.step, found.item.cycle) == ("open", "doing", 2)
    assert found.closures == (first,)
    rate = rate_of(process_site, item)
    assert (rate.closed, rate.reopened, rate.percent) == (1, 1, "100.0")


def rate_of(process_site: ProcessSite, *items: str) -> ReopenRate:
    files = [(process_site.file(item), process_site.register.links_about(item)) for item in items]
    return reopen_rate(files, first_day="2026-11-01", last_day="2026-11-30")


def test_where_the_standard_states_so_what_comes_back_is_a_new_item(process_site: ProcessSite) -> None:
    process_site = ProcessSite(reopen={"follow_up": "new_item"})
    item, other = closed(process_site), closed(process_site)
    before = process_site.file(item)
    assert "reopen.new_item" in process_site.refused(ReopenItem, "Lea", item, reason="Leaks")
    entry = process_site.do(BeginFollowUp, "Lea", item, reason="Leaks again at the flange")
    new = process_site.file(entry.header.subject)
    assert (new.item.title, new.item.description, new.item.step) == (
        "Fix the pump",
        "Leaks again at the flange",
        "asked",
    )
    assert [(each.kind, each.other) for each in new.links] == [("continuation_of", item)]
    assert process_site.file(item) == before
    rate = rate_of(process_site, item, other)
    assert (rate.closed, rate.reopened, rate.percent) == (2, 1, "50.0")
    assert rate.again[0][0] == process_site.item(item).number


def test_open_work_does_not_come_back(process_site: ProcessSite) -> None:
    item = process_site.begun()
    assert process_site.refused(ReopenItem, "Lea", item, reason="x") == {"item.not_closed"}
    assert process_site.refused(BeginFollowUp, "Lea", item, reason="x") == {"item.not_closed"}


def test_the_rate_of_a_period_without_closings_is_no_number(process_site: ProcessSite) -> None:
    assert rate_of(process_site, process_site.begun()).percent == ""


def test_partly_reached_needs_the_residual_and_an_item_that_carries_it(process_site: ProcessSite) -> None:
    item = submitted(process_site)
    process_site.verdict(item, "bad")
    assert process_site.refused(CloseItem, "Lea", item, outcome="partly") == {"field.missing", "close.follow_up"}
    process_site.do(EditItem, "Wim", item, fields={"residual": "Drips when cold"})
    follow_up = process_site.new(title="Heat the pump room")
    process_site.do(LinkItems, "Olga", follow_up, other=item, kind="follow_up_of")
    link = process_site.file(follow_up).links[0].id
    process_site.do(UnlinkItems, "Olga", follow_up, link=link, reason="Wrong item")
    assert process_site.refused(CloseItem, "Lea", item, outcome="partly") == {"close.follow_up"}
    process_site.do(LinkItems, "Olga", follow_up, other=item, kind="follow_up_of")
    process_site.do(CloseItem, "Lea", item, outcome="partly", summary="Drips when cold; the room is heated next.")
    assert process_site.file(item).closures[0].outcome == "partly"


def test_work_with_a_request_undecided_does_not_close(process_site: ProcessSite) -> None:
    item = submitted(process_site)
    process_site.verdict(item, "good")
    process_site.do(RequestExtension, "Olga", item, due="2026-12-20", reason="x", interim_risk="x")
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"request.open"}


@pytest.mark.parametrize("outcome", ["cancelled", "not_reached", "splendid"])
def test_an_outcome_the_standard_does_not_know_is_refused(process_site: ProcessSite, outcome: str) -> None:
    item = submitted(process_site)
    process_site.verdict(item, "good")
    assert process_site.refused(CloseItem, "Lea", item, outcome=outcome) == {"close.outcome"}


def test_the_owner_does_not_sign_the_closing(process_site: ProcessSite) -> None:
    item = submitted(process_site)
    process_site.verdict(item, "good")
    assert "right.missing" in process_site.refused(CloseItem, "Olga", item, outcome="reached")
