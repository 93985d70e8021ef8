"""Handing over, beginning again, coming back, and the standard by which work closes."""

from __future__ import annotations

import json

import msgspec
import pytest
from process_site import ProcessSite, definition

from domain.calendar.working_time import WorkingCalendar
from domain.commands.approvals import ApproveItem
from domain.commands.closure import BeginFollowUp, CloseItem
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import EditItem, MoveItem, ReopenItem
from domain.commands.links import LinkItems, UnlinkItems
from domain.commands.people import DisablePerson, RevokeRole
from domain.commands.requests import RequestExtension
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance
from domain.commands.urgency import ApproveUrgent, MarkUrgent
from domain.metrics.reopenings import ReopenRate, reopen_rate
from domain.rules.handoffs import answers_for, receivers
from domain.rules.next_action import pending_approvals
from domain.rules.waiting import waiting_for_actor


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


def test_a_handoff_names_its_receiver_where_one_other_person_could_take_it(process_site: ProcessSite) -> None:
    by_olga = submitted(process_site, taken=False)
    assert process_site.file(by_olga).handoffs[0].receiver == "", "Lea or Leo"
    by_lea = process_site.begun()
    process_site.vault.add_accepted(by_lea, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Lea", by_lea, step="checking")
    (handoff,) = process_site.file(by_lea).handoffs
    assert (handoff.sender, handoff.receiver, handoff.role) == (
        process_site.vault.ids["Lea"], process_site.vault.ids["Leo"], "lead",
    )  # fmt: skip


def test_nobody_hands_over_to_themselves(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.vault.do(RevokeRole, "Ada", person=process_site.vault.ids["Leo"], role="lead")
    process_site.do(MoveItem, "Lea", item, step="checking")
    assert process_site.file(item).handoffs == ()
    assert answers_for(process_site.vault.facts(item)).accountable == "Lea"
    process_site.verdict(item, "good")
    process_site.do(CloseItem, "Lea", item, outcome="reached")


def test_what_nobody_holds_the_role_for_waits_to_be_taken_over(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    for name in ("Lea", "Leo"):
        process_site.vault.do(RevokeRole, "Ada", person=process_site.vault.ids[name], role="lead")
    process_site.do(MoveItem, "Olga", item, step="checking")
    assert [(each.state, each.receiver) for each in process_site.file(item).handoffs] == [("offered", "")]


def taken_by_owners() -> ProcessSite:
    """A site where the owner takes over what was begun."""
    steps = json.loads(definition())["steps"]
    return ProcessSite(steps=[each | {"handoff_accepted": each["id"] == "doing"} for each in steps])


@pytest.mark.parametrize(("who", "receivers"), [("Lea", ["Olga"]), ("Olga", [])])
def test_a_step_of_the_owner_is_handed_over_to_the_owner_and_to_nobody_else(who: str, receivers: list[str]) -> None:
    process_site = taken_by_owners()
    item = process_site.new()
    process_site.do(ApproveItem, "Lea", item)
    process_site.do(MoveItem, who, item, step="doing")
    named = [each.receiver for each in process_site.file(item).handoffs]
    assert named == [process_site.vault.ids[each] for each in receivers]


def test_nothing_is_offered_to_an_owner_who_was_disabled(process_site: ProcessSite) -> None:
    process_site = taken_by_owners()
    item = process_site.new()
    process_site.do(ApproveItem, "Lea", item)
    process_site.vault.do(DisablePerson, "Ada", person=process_site.vault.ids["Olga"], reason="Left")
    facts = process_site.vault.facts(item, "Lea")
    step = facts.process.step("doing")
    assert step is not None
    assert receivers(facts, step, process_site.vault.ids["Lea"]) == ()


def test_an_urgent_signature_waits_for_nobody_once_the_work_was_returned_behind_its_gate() -> None:
    whole = json.loads(definition())
    again = next(each for each in whole["transitions"] if (each["from"], each["to"]) == ("checking", "doing"))
    again["gate"] = {"approvals": [{"level": 1, "role": "risk", "meaning": "Once more.", "separate_from": []}]}
    urgent = {"role": "board", "meaning": "It cannot wait.", "confirm_hours": 16, "reasons": ["safety"]}
    process_site = ProcessSite(transitions=whole["transitions"], urgent=urgent)
    item = submitted(process_site, taken=False)
    process_site.do(MarkUrgent, "Olga", item, gate="checking->doing", code="safety", reason="It floods")
    waiting = [each.kind for each in pending_approvals(process_site.vault.facts(item, "Bo"))]
    assert "urgent" in waiting
    process_site.do(ReturnHandoff, "Lea", item, reason="Photo is missing")
    waiting = [each.kind for each in pending_approvals(process_site.vault.facts(item, "Bo"))]
    assert "urgent" not in waiting
    assert process_site.refused(ApproveUrgent, "Bo", item) == {"urgent.gate"}


def test_who_signs_without_naming_a_gate_signs_the_one_that_waits_for_them() -> None:
    whole = json.loads(definition())
    gates = {"doing->checking": "risk", "doing->asked": "board"}
    for each in whole["transitions"]:
        role = gates.get(f"{each['from']}->{each['to']}")
        if role is not None:
            each["gate"] = {"approvals": [{"level": 1, "role": role, "meaning": "I agree.", "separate_from": []}]}
    process_site = ProcessSite(transitions=whole["transitions"])
    item = process_site.begun()
    for name in ("Bo", "Rita"):
        process_site.do(ApproveItem, name, item)
    assert [each.gate for each in process_site.file(item).approvals][1:] == ["doing->asked", "doing->checking"]


def test_who_brought_work_to_its_last_step_does_not_close_it_where_the_standard_says_so() -> None:
    process_site = ProcessSite(closure={"separate_from": ["owner", "mover"]})
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Lea", item, step="checking")
    process_site.do(AcceptHandoff, "Leo", item)
    process_site.verdict(item, "good")
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"separation.mover"}
    process_site.do(CloseItem, "Leo", item, outcome="reached")


def test_work_that_was_reopened_at_a_step_cannot_be_returned_to_where_it_never_came_from() -> None:
    process_site = ProcessSite(reopen={"step": "checking"})
    item = closed(process_site)
    process_site.do(ReopenItem, "Lea", item, reason="Leaks")
    assert [each.state for each in process_site.file(item).handoffs] == ["accepted"]
    assert process_site.refused(ReturnHandoff, "Leo", item, reason="Not mine") == {"handoff.none"}


def test_what_was_asked_about_a_risk_in_an_earlier_cycle_waits_for_nobody(process_site: ProcessSite) -> None:
    process_site = ProcessSite(risk_acceptance={"separate_from": []})
    item = submitted(process_site)
    process_site.do(
        RequestRiskAcceptance,
        "Olga",
        item,
        rule="evidence.missing",
        reason="Customer waits",
        risk="Wrong seal",
        expires_on="2026-11-15",
    )
    (asked,) = process_site.file(item).risk_acceptances
    assert [each.about for each in waiting_for_actor(process_site.vault.facts(item, "Rita"))] == [asked.id]
    process_site.verdict(item, "bad")
    process_site.do(MoveItem, "Lea", item, step="doing", reason="Leaks again")
    assert waiting_for_actor(process_site.vault.facts(item, "Rita")) == ()
    assert process_site.refused(
        DecideRiskAcceptance, "Rita", item, risk_acceptance=asked.id, accept=False, reason="Too late"
    ) == {"risk_acceptance.decided"}


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
    return reopen_rate(files, first_day="2026-11-01", last_day="2026-11-30", calendar=WorkingCalendar.of(None))


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
    old = before.item
    assert new.item == msgspec.structs.replace(
        old,
        id=new.item.id,
        number=new.item.number,
        description="Leaks again at the flange",
        step="asked",
        state="open",
        due="",
        closed="",
        values={},
        created_at=new.item.created_at,
        created_by=process_site.vault.ids["Lea"],
        step_since=new.item.created_at,
    )
    rate = rate_of(process_site, item, other)
    assert (rate.closed, rate.reopened, rate.percent) == (2, 1, "50.0")
    assert rate.again[0][0] == process_site.item(item).number


def test_where_the_process_asks_for_signatures_work_comes_back_only_with_them() -> None:
    board = {"level": 1, "role": "board", "meaning": "It may come back.", "separate_from": ["owner"]}
    process_site = ProcessSite(reopen={"approvals": [board]})
    item = closed(process_site)
    assert pending_approvals(process_site.vault.facts(item, "Bo")) == (), "nobody has asked for it to come back"
    assert process_site.refused(ReopenItem, "Lea", item, reason="Leaks") == {"approval.missing"}
    process_site.do(ApproveItem, "Bo", item, gate="reopen")
    process_site.do(ReopenItem, "Lea", item, reason="Leaks")
    assert process_site.item(item).state == "open"


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
    process_site.do(EditItem, "Wim", item, fields={"residual": "Drips when cold"}, reason="Seen anew")
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


def test_the_closing_gate_has_conditions_of_its_own_whatever_the_outcome() -> None:
    condition = {"field": "plan", "one_of": ["New pump"], "text": "Only a new pump is the end of it."}
    gate = json.loads(definition())["closure"]["gate"]
    process_site = ProcessSite(closure={"gate": {**gate, "conditions": [condition]}})
    item = submitted(process_site)
    process_site.verdict(item, "good")
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"condition.outcome"}
    process_site.do(EditItem, "Wim", item, fields={"plan": "New pump"}, reason="Seen anew")
    process_site.do(CloseItem, "Lea", item, outcome="reached")


def test_the_owner_does_not_sign_the_closing(process_site: ProcessSite) -> None:
    item = submitted(process_site)
    process_site.verdict(item, "good")
    assert "right.missing" in process_site.refused(CloseItem, "Olga", item, outcome="reached")
