"""Ways around the rules about exceptions and accepted risks: refused with their rule, and named when forged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from judged_again import breaches_of
from process_site import ProcessSite

from domain.act import Act
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import NONCE_SIZE, Case, Command, verdict_of
from domain.commands.delegation import GrantMandate
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem
from domain.commands.people import GrantRole
from domain.commands.requests import RequestChange
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance
from domain.errors import Refused
from domain.process.passable import PASSABLE
from domain.rules.closure_demands import closure_demands, meets
from domain.rules.facts import exceptions_in_force, gather
from domain.simulation.memory_register import header_of

GATE = "doing->checking"
NONCE = bytes(range(NONCE_SIZE))
EVERYTHING = sorted(
    {
        *PASSABLE,
        "approval.missing",
        "approval.overtaken",
        "approval.expired",
        "condition.outcome",
        "evidence.rejected",
        "right.missing",
        "separation.owner",
    }
)


def listing_everything(**more: Any) -> ProcessSite:
    """A site whose process lists every rule as one that may be passed."""
    rules = {"rules": EVERYTHING, "threshold": 99}
    return ProcessSite(exceptions={**rules, **more}, risk_acceptance={"rules": EVERYTHING})


def forged(site: ProcessSite, who: str, command: Command) -> tuple[Act, set[str]]:
    """The act of a command that nobody asked the rules about, and the rules that verification names."""
    by = site.vault.actor(who)
    act = command.decide(Case(site.register, by, nonce=NONCE))
    act = msgspec.structs.replace(act, command=command.leaves(NONCE), meaning=act.meaning or "I sign.")
    header = header_of(act, by, seq=len(site.register.entries))
    return act, {each.rule for each in breaches_of(site.register, header, act.command, act.changes)}


def plant(site: ProcessSite, act: Act, who: str) -> None:
    """Put what a forged act changes on record, past every rule."""
    site.register.take(msgspec.structs.replace(act, command=()), site.vault.actor(who))


def asked(site: ProcessSite, **values: str) -> str:
    """An exception for the site's newest item, handed in and ready to be signed; its id comes back."""
    item = site.exception_asked(**values)
    site.do(MoveItem, "Ruth", item, step="assessment")
    site.vault.add_accepted(item, "risk_assessment", by="Rex", reviewer="Ron")
    return item


def passes(site: ProcessSite, item: str) -> bool:
    """Whether the item's next gate lets it pass today."""
    return verdict_of(MoveItem(item="", step="checking"), site.vault.facts(item, "Olga")).allowed


def proven(site: ProcessSite) -> str:
    """An item that waits to be closed."""
    item = site.begun()
    site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    site.do(MoveItem, "Olga", item, step="checking")
    site.do(AcceptHandoff, "Lea", item)
    return item


@pytest.mark.parametrize("rule", [each for each in EVERYTHING if each not in PASSABLE] + ["no.such_rule"])
def test_an_exception_from_a_rule_that_is_never_passed_is_refused_whatever_the_process_lists(rule: str) -> None:
    site = listing_everything()
    site.begun()
    with pytest.raises(Refused) as refusal:
        site.exception_asked(rule=rule, expires_on="2026-11-20")
    assert {each.rule for each in refusal.value.obstacles} == {"exception.rule"}
    item = site.exception_asked(rule="evidence.missing", expires_on="2026-11-20")
    assert site.refused(EditItem, "Rex", item, fields={"rule": rule}, reason="Seen anew") == {"exception.rule"}
    act, named = forged(site, "Rex", EditItem(item=item, fields={"rule": rule}, reason="Seen anew"))
    assert named == {"exception.rule"}
    plant(site, act, "Rex")
    site.do(MoveItem, "Ruth", item, step="assessment")
    site.vault.add_accepted(item, "risk_assessment", by="Rex", reviewer="Ron")
    assert "exception.rule" in site.refused(ApproveItem, "Ruth", item)


def test_work_that_is_not_effective_does_not_close_as_reached_by_exception_or_accepted_risk() -> None:
    site = listing_everything()
    item = proven(site)
    site.verdict(item, "bad")
    words = {"reason": "x", "risk": "x", "expires_on": "2026-11-15"}
    assert "risk_acceptance.rule" in site.refused(
        RequestRiskAcceptance, "Olga", item, rule="condition.outcome", **words
    )
    planted = asked(site, rule="evidence.missing", expires_on="2026-11-20")
    for who in ("Ruth", "Ron"):
        site.do(ApproveItem, who, planted)
    act, _ = forged(site, "Rex", EditItem(item=planted, fields={"rule": "condition.outcome"}, reason="Seen anew"))
    site.do(MoveItem, "Ron", planted, step="in_force")
    plant(site, act, "Rex")  # the rule is what the forger put there
    assert "condition.outcome" in site.refused(CloseItem, "Lea", item, outcome="reached", summary="Fine")
    _, named = forged(site, "Lea", CloseItem(item=item, outcome="reached", summary="Fine", meaning="It is done."))
    assert "condition.outcome" in named


def test_a_missing_verdict_is_no_missing_field_that_an_exception_passes() -> None:
    site = listing_everything()
    item = proven(site)
    site.exception(rule="field.missing", expires_on="2026-11-20")
    refused = site.refused(CloseItem, "Lea", item, outcome="reached", summary="Fine")
    assert refused == {"field.missing", "condition.outcome"}


def test_a_signature_of_the_budget_is_not_skipped_for_all_items_for_more_than_a_year() -> None:
    site = listing_everything()
    site.new()
    with pytest.raises(Refused) as refusal:
        site.exception_asked(rule="approval.missing", item="", expires_on="2027-11-23")
    assert {each.rule for each in refusal.value.obstacles} == {"exception.rule", "exception.day"}
    item = asked(site, rule="evidence.missing", item="", expires_on="2026-11-20")
    assert site.refused(ApproveItem, "Ruth", item) == {"exception.item"}, "the process knows none for all of its items"


def test_an_exception_for_all_items_is_signed_by_the_higher_role() -> None:
    site = listing_everything(process_wide_role="board")
    item = site.begun()
    exception = asked(site, rule="evidence.missing", item="", expires_on="2026-11-20", gate=GATE)
    site.do(ApproveItem, "Ruth", exception)
    assert site.refused(ApproveItem, "Ron", exception) == {"exception.owner"}
    site.vault.do(GrantRole, "Ada", person=site.vault.ids["Bo"], role="risk_owner", reason="Stands in")
    site.do(ApproveItem, "Bo", exception)
    site.do(MoveItem, "Ruth", exception, step="in_force")
    assert passes(site, item)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"process": "nowhere"}, "exception.process"),
        ({"process": "exception", "item": "T1-W-0001"}, "exception.item"),
        ({"item": "T1-W-0099"}, "exception.item"),
        ({"gate": "moon->sun"}, "exception.gate"),
        ({"gate": "cancel"}, "exception.gate"),
        ({"expires_on": "2026-11-01"}, "exception.day"),
        ({"expires_on": "2027-02-01"}, "exception.day"),
    ],
)
def test_an_exception_names_what_exists_and_ends_within_the_longest_duration(
    process_site: ProcessSite, values: dict[str, str], rule: str
) -> None:
    process_site.begun()
    with pytest.raises(Refused) as refusal:
        process_site.exception_asked(**{"rule": "evidence.missing", "expires_on": "2026-11-20", **values})
    assert {each.rule for each in refusal.value.obstacles} == {rule}
    item = process_site.exception_asked(rule="evidence.missing", expires_on="2026-11-20")
    assert forged(process_site, "Rex", EditItem(item=item, fields=values, reason="Seen anew"))[1] == {rule}


def test_an_exception_for_work_that_has_ended_is_refused(process_site: ProcessSite) -> None:
    item = proven(process_site)
    process_site.verdict(item, "good")
    process_site.do(CloseItem, "Lea", item, outcome="reached", summary="Done")
    with pytest.raises(Refused) as refusal:
        process_site.exception_asked(rule="evidence.missing", expires_on="2026-11-20")
    assert {each.rule for each in refusal.value.obstacles} == {"exception.item"}


def test_an_exception_without_an_end_is_signed_by_nobody(process_site: ProcessSite) -> None:
    process_site.begun()
    item = asked(process_site, rule="evidence.missing")
    assert "exception.day" in process_site.refused(ApproveItem, "Ruth", item)


def test_the_end_of_an_exception_in_force_moves_neither_by_editing_nor_by_request(process_site: ProcessSite) -> None:
    process_site.begun()
    exception = process_site.exception(rule="evidence.missing", expires_on="2026-11-20", gate=GATE)
    later = {"expires_on": "2026-12-20"}
    assert process_site.refused(EditItem, "Rex", exception, fields=later, reason="Seen anew") == {"exception.granted"}
    assert process_site.refused(RequestChange, "Rex", exception, fields=later, reason="Longer") == {"exception.granted"}
    assert forged(process_site, "Rex", EditItem(item=exception, fields=later, reason="Seen anew"))[1] == {
        "exception.granted"
    }
    process_site.do(EditItem, "Rex", exception, fields={"comments": "Still needed."}, reason="Seen anew")


def test_an_end_that_is_moved_between_signature_and_grant_is_signed_again(process_site: ProcessSite) -> None:
    process_site.begun()
    item = asked(process_site, rule="evidence.missing", expires_on="2026-11-20")
    for who in ("Ruth", "Ron"):
        process_site.do(ApproveItem, who, item)
    process_site.do(EditItem, "Rex", item, fields={"expires_on": "2026-12-20"}, reason="Seen anew")
    assert {"approval.overtaken", "exception.owner"} <= process_site.refused(MoveItem, "Ron", item, step="in_force")
    _, named = forged(process_site, "Ron", MoveItem(item=item, step="in_force"))
    assert "exception.owner" in named


def test_an_exception_is_signed_by_who_owns_the_process_concerned_and_not_by_another_rule_owner(
    process_site: ProcessSite,
) -> None:
    process_site.vault.enrol("Rolf", ("rule_owner",))
    process_site.begun()
    item = asked(process_site, rule="evidence.missing", expires_on="2026-11-20")
    assert process_site.refused(ApproveItem, "Rolf", item) == {"exception.owner"}
    assert forged(process_site, "Rolf", ApproveItem(item=item, meaning="I allow it."))[1] == {"exception.owner"}
    process_site.do(ApproveItem, "Ruth", item)


def test_a_delegate_of_the_owner_does_not_sign_an_exception(process_site: ProcessSite) -> None:
    process_site.vault.enrol("Dirk", ("keeper",))
    process_site.begun()
    item = asked(process_site, rule="evidence.missing", expires_on="2026-11-20")
    process_site.vault.do(
        GrantMandate,
        "Ruth",
        delegate=process_site.vault.ids["Dirk"],
        role="rule_owner",
        first_day="2026-11-02",
        last_day="2026-11-20",
        reason="Ruth travels.",
    )
    assert process_site.refused(ApproveItem, "Dirk", item) == {"exception.owner"}


def test_an_exception_is_not_prolonged_by_a_second_one_of_the_same_people(process_site: ProcessSite) -> None:
    work = process_site.begun()
    process_site.exception(rule="evidence.missing", expires_on="2026-11-20", gate=GATE)
    process_site.vault.now += timedelta(days=20)
    assert not passes(process_site, work)
    second = asked(process_site, rule="evidence.missing", expires_on="2026-12-10")
    assert process_site.refused(ApproveItem, "Ruth", second) == {"exception.prolonged"}
    process_site.vault.now += timedelta(days=120)
    process_site.do(EditItem, "Rex", second, fields={"expires_on": "2027-04-10"}, reason="Seen anew")
    process_site.do(ApproveItem, "Ruth", second)


def test_exceptions_of_several_people_together_last_no_longer_than_one_may() -> None:
    site = ProcessSite(exceptions={"rules": ["evidence.missing"], "longest_days": 30})
    site.vault.enrol("Ria", ("requester", "quality"))
    site.begun()
    site.exception(rule="evidence.missing", expires_on="2026-11-20")
    site.vault.now += timedelta(days=20)
    item = site.exception_asked(rule="evidence.missing", expires_on="2026-12-20", creator="Ria", owner="Ria")
    site.do(MoveItem, "Ruth", item, step="assessment")
    site.vault.add_accepted(item, "risk_assessment", by="Ria", reviewer="Ron")
    assert site.refused(ApproveItem, "Ruth", item) == {"exception.prolonged"}
    site.do(EditItem, "Ria", item, fields={"expires_on": "2026-12-02"}, reason="Seen anew")
    site.do(ApproveItem, "Ruth", item)


def test_an_exception_on_hold_passes_nothing(process_site: ProcessSite) -> None:
    work = process_site.begun()
    exception = process_site.exception(rule="evidence.missing", expires_on="2026-11-20")
    assert passes(process_site, work)
    process_site.do(HoldItem, "Ruth", exception, reason="Doubts", review_on="2026-11-10")
    assert not passes(process_site, work)


def test_an_item_that_stands_in_force_without_the_signature_of_the_owner_passes_nothing(
    process_site: ProcessSite,
) -> None:
    work = process_site.begun()
    item = asked(process_site, rule="evidence.missing", expires_on="2026-11-20")
    act, named = forged(process_site, "Ron", MoveItem(item=item, step="in_force"))
    assert {"approval.missing", "exception.owner"} <= named
    plant(process_site, act, "Ron")
    assert process_site.item(item).step == "in_force"
    assert not passes(process_site, work)
    facts = gather(process_site.register, work, process_site.vault.actor("Olga"))
    assert exceptions_in_force(process_site.register, facts.file.item, facts.process, "2026-11-02") == ()


def asked_risk(site: ProcessSite, item: str, who: str = "Olga", **other: str) -> str:
    words = {"rule": "blocked.open", "reason": "Customer waits", "risk": "Wrong seal", "expires_on": "2026-11-15"}
    site.do(RequestRiskAcceptance, who, item, **{**words, **other})
    return site.file(item).risk_acceptances[-1].id


def blocked(site: ProcessSite) -> str:
    item = site.begun()
    site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    site.blocked(item, site.new(owner="Wim"))
    return item


def test_a_risk_is_accepted_by_who_carries_it_and_by_who_owns_the_process() -> None:
    site = ProcessSite()
    site.vault.enrol("Rudi", ("risk",))
    item = blocked(site)
    risk = asked_risk(site, item)
    site.do(DecideRiskAcceptance, "Rudi", item, risk_acceptance=risk, accept=True)
    assert site.file(item).risk_acceptances[-1].state == "asked"
    assert not passes(site, item)
    assert site.refused(DecideRiskAcceptance, "Rudi", item, risk_acceptance=risk, accept=True) == {"right.missing"}
    site.do(DecideRiskAcceptance, "Ruth", item, risk_acceptance=risk, accept=True)
    (found,) = site.file(item).risk_acceptances
    assert (found.state, found.accepted_by, found.owner_signed_by) == ("in_force", "p-rudi", "p-ruth")
    assert passes(site, item)


def test_the_delegate_of_the_owner_of_the_work_does_not_accept_its_risk(process_site: ProcessSite) -> None:
    item = blocked(process_site)
    risk = asked_risk(process_site, item)
    process_site.vault.do(
        GrantMandate,
        "Olga",
        delegate=process_site.vault.ids["Rita"],
        role="worker",
        first_day="2026-11-02",
        last_day="2026-11-20",
        reason="Olga travels.",
    )
    refused = process_site.refused(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk, accept=True)
    assert {"separation.owner", "separation.asker"} <= refused
    command = DecideRiskAcceptance(item=item, risk_acceptance=risk, accept=True, meaning="I accept this risk.")
    assert {"separation.owner", "separation.asker"} <= forged(process_site, "Rita", command)[1]


def test_an_accepted_risk_is_not_prolonged_by_who_asked_for_it(process_site: ProcessSite) -> None:
    item = blocked(process_site)
    risk = asked_risk(process_site, item)
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk, accept=True)
    process_site.vault.now += timedelta(days=14)
    words = {"rule": "blocked.open", "reason": "x", "risk": "x", "expires_on": "2026-12-01"}
    assert process_site.refused(RequestRiskAcceptance, "Olga", item, **words) == {"risk_acceptance.prolonged"}
    assert process_site.refused(RequestRiskAcceptance, "Wim", item, **words) == {"risk_acceptance.prolonged"}
    asked_risk(process_site, item, "Wim", expires_on="2026-11-20")


def test_the_standard_says_which_demand_was_passed_by_what(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.exception(rule="evidence.missing", expires_on="2026-11-20")
    process_site.do(MoveItem, "Olga", item, step="checking")
    facts = process_site.vault.facts(item, "Lea")
    (demand,) = [each for each in closure_demands(facts.process, outcome="reached") if each.kind == "evidence"]
    meeting = meets(demand, facts)
    assert meeting.met
    assert [each.kind for each in meeting.passed] == ["exception"]


def test_an_exception_cannot_be_made_out_of_an_import_or_another_item(process_site: ProcessSite) -> None:
    item = process_site.begun()
    fields = {"title": "x", "rule": "evidence.missing", "process": "work", "expires_on": "2026-11-20"}
    made = process_site.vault.do(CreateItem, "Quinn", process="exception", fields=fields).header.subject
    process_site.do(AssignItem, "Ruth", made, person=process_site.vault.ids["Rex"])
    assert not passes(process_site, item), "what is only asked for passes nothing"
