"""Passing a rule visibly: by an exception item in force or by a risk accepted, until a day, and red again after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from road import Road

from domain.commands.approvals import ApproveItem
from domain.commands.command import verdict_of
from domain.commands.items import MoveItem
from domain.commands.risk_acceptance import DecideWaiver, RequestWaiver, RevokeWaiver
from domain.metrics.exceptions import exception_counts
from domain.records.governance import Alert
from domain.rules.next_action import pending_approval

GATE = "doing->checking"


def in_force(road: Road, rule: str = "evidence.missing", until: str = "2026-11-20", **values: str) -> str:
    """An exception item at its step in force; its id comes back."""
    return road.exception(rule=rule, expires_on=until, **{"gate": GATE, **values})


def later(road: Road, days: int) -> None:
    road.vault.now += timedelta(days=days)


def test_a_gate_shows_what_passed_it_until_the_last_day_and_is_red_again_after(road: Road) -> None:
    item = road.begun()
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"evidence.missing"}
    exception = in_force(road, item=road.item(item).number)
    verdict = verdict_of(MoveItem(item="", step="checking"), road.vault.facts(item, "Olga"))
    assert verdict.allowed
    (passed,) = verdict.passed
    assert (passed.rule, passed.kind, passed.by, passed.until) == (
        "evidence.missing",
        "exception",
        exception,
        "2026-11-20",
    )
    assert passed.text.startswith(f"Passed by exception {road.item(exception).number} until 2026-11-20: 'Proof'")
    later(road, 18)  # the last day itself
    assert verdict_of(MoveItem(item="", step="checking"), road.vault.facts(item, "Olga")).allowed
    later(road, 1)
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"evidence.missing"}


def test_what_passed_is_on_record_with_the_item_and_counted_for_the_rule(road: Road) -> None:
    item = road.begun()
    exception = in_force(road)
    road.do(MoveItem, "Olga", item, step="checking")
    (link,) = road.file(item).links
    assert (link.kind, link.other, link.reason) == ("passed_by", exception, f"evidence.missing:proof at {GATE}")
    (count,) = exception_counts(road.register, "2026-11-02")
    assert (count.rule, count.granted, count.in_force, count.passages) == ("evidence.missing", 1, 1, 1)
    assert not count.proposes_change


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "right.missing"},
        {"rule": "field.missing"},
        {"gate": "asked->doing"},
        {"item": "T1-W-0099"},
        {"process": "exception"},
    ],
    ids=["rights are never passed", "not listed", "another gate", "another item", "another process"],
)
def test_an_exception_of_something_else_passes_nothing(road: Road, values: dict[str, str]) -> None:
    item = road.begun()
    in_force(road, **values)
    assert "evidence.missing" in road.refused(MoveItem, "Olga", item, step="checking")
    assert "right.missing" in road.refused(MoveItem, "Wim", item, step="checking")


def test_signing_is_passed_where_the_gate_is(road: Road) -> None:
    road = Road(
        exceptions={"rules": ["field.missing"], "threshold": 9},
        extension={"locked_from": "checking"},
    )
    item = road.new(due="")
    assert not verdict_of(ApproveItem(item="", gate="asked->doing"), road.vault.facts(item, "Lea")).allowed
    road.exception(rule="field.missing", gate="asked->doing", expires_on="2026-11-20")
    verdict = verdict_of(ApproveItem(item="", gate="asked->doing"), road.vault.facts(item, "Lea"))
    assert verdict.allowed
    assert [each.about for each in verdict.passed] == ["due"]


def test_the_third_exception_of_a_rule_proposes_to_change_the_process(road: Road) -> None:
    for _ in range(2):
        in_force(road)
    assert road.register.all_of(Alert) == ()
    in_force(road)
    (alert,) = road.register.all_of(Alert)
    assert (alert.condition, alert.role, alert.rung) == ("exceptions", "lead", "3")
    assert "3 exceptions from 'evidence.missing' of Work within 90 days" in alert.text
    (count,) = exception_counts(road.register, "2026-11-02", "work")
    assert (count.granted, count.proposes_change, len(count.numbers)) == (3, True, 3)
    later(road, 120)
    in_force(road, until="2027-04-01")
    assert exception_counts(road.register, "2027-03-05", "work")[0].granted == 1
    assert len(road.register.all_of(Alert)) == 1


def ask(road: Road, item: str, **other: str) -> str:
    words = {"rule": "blocked.open", "reason": "Customer waits", "risk": "Wrong seal", "expires_on": "2026-11-15"}
    road.do(RequestWaiver, "Olga", item, **{**words, **other})
    return road.file(item).waivers[-1].id


def blocked_item(road: Road) -> tuple[str, str]:
    item = road.begun()
    road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    return item, road.blocked(item, road.new(owner="Wim"))


def test_a_risk_is_accepted_by_who_carries_it_until_a_day(road: Road) -> None:
    item, link = blocked_item(road)
    waiver = ask(road, item, gate=GATE, concerns=link)
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    assert "right.missing" in road.refused(DecideWaiver, "Lea", item, waiver=waiver, accept=True)
    assert road.refused(DecideWaiver, "Rita", item, waiver=waiver, accept=False) == {"reason.missing"}
    entry = road.do(DecideWaiver, "Rita", item, waiver=waiver, accept=True)
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I accept this risk.")
    verdict = verdict_of(MoveItem(item="", step="checking"), road.vault.facts(item, "Olga"))
    assert verdict.allowed
    assert "the risk that Rita accepted until 2026-11-15" in verdict.passed[0].text
    later(road, 14)
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}


def test_a_waiver_about_one_link_does_not_pass_another(road: Road) -> None:
    item, link = blocked_item(road)
    road.blocked(item, road.new(owner="Wim"))
    road.do(DecideWaiver, "Rita", item, waiver=ask(road, item, concerns=link), accept=True)
    verdict = verdict_of(MoveItem(item="", step="checking"), road.vault.facts(item, "Olga"))
    assert (len(verdict.obstacles), len(verdict.passed)) == (1, 1)


def test_a_revoked_or_refused_waiver_passes_nothing(road: Road) -> None:
    item, _ = blocked_item(road)
    road.do(DecideWaiver, "Rita", item, waiver=ask(road, item), accept=False, reason="Too hot")
    waiver = ask(road, item)
    road.do(DecideWaiver, "Rita", item, waiver=waiver, accept=True)
    assert road.refused(RevokeWaiver, "Rita", item, waiver=waiver, reason="") == {"reason.missing"}
    assert "right.missing" in road.refused(RevokeWaiver, "Olga", item, waiver=waiver, reason="x")
    road.do(RevokeWaiver, "Rita", item, waiver=waiver, reason="Leaks already")
    assert [each.state for each in road.file(item).waivers] == ["rejected", "revoked"]
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    assert road.refused(RevokeWaiver, "Rita", item, waiver=waiver, reason="x") == {"waiver.ended"}
    assert road.refused(DecideWaiver, "Rita", item, waiver=waiver, accept=True) == {"waiver.decided"}


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"rule": "right.missing"}, "waiver.rule"),
        ({"rule": "approval.missing"}, "waiver.rule"),
        ({"expires_on": "2026-12-30"}, "waiver.day"),
        ({"expires_on": "2026-11-01"}, "waiver.day"),
        ({"expires_on": "never"}, "waiver.day"),
        ({"gate": "moon"}, "waiver.gate"),
        ({"risk": " "}, "reason.missing"),
    ],
    ids=["a right", "not listed", "too long", "past", "no day", "no gate", "no risk"],
)
def test_a_waiver_asked_wrongly_is_refused(road: Road, other: dict[str, str], rule: str) -> None:
    item, _ = blocked_item(road)
    words = {"rule": "blocked.open", "reason": "x", "risk": "x", "expires_on": "2026-11-15"}
    assert road.refused(RequestWaiver, "Olga", item, **{**words, **other}) == {rule}


def test_nobody_accepts_the_risk_they_asked_for() -> None:
    road = Road(waiver={"roles": ["worker"], "separate_from": ["asker"]})
    item, _ = blocked_item(road)
    waiver = ask(road, item)
    assert road.refused(DecideWaiver, "Olga", item, waiver=waiver, accept=True) == {"separation.asker"}
    road.do(DecideWaiver, "Wim", item, waiver=waiver, accept=True)


def test_a_signature_is_asked_for_where_an_exception_passes_what_is_missing() -> None:
    road = Road(exceptions={"rules": ["field.missing"], "threshold": 9})
    item = road.new(due="")
    assert pending_approval(road.vault.facts(item, "Lea")) is None
    road.exception(rule="field.missing", gate="asked->doing", expires_on="2026-11-20")
    pending = pending_approval(road.vault.facts(item, "Lea"))
    assert pending is not None
    assert pending.gate == "asked->doing"
