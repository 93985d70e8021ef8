"""Passing a rule visibly: by an exception item in force or by a risk accepted, until a day, and red again after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from process_site import ProcessSite

from domain.calendar.alert_words import alert_words
from domain.commands.approvals import ApproveItem
from domain.commands.command import verdict_of
from domain.commands.items import MoveItem
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.metrics.exceptions import exception_counts
from domain.records.governance import Alert
from domain.rules.next_action import pending_approval

GATE = "doing->checking"


def in_force(
    process_site: ProcessSite, rule: str = "evidence.missing", until: str = "2026-11-20", **values: str
) -> str:
    """An exception item at its step in force; its id comes back."""
    return process_site.exception(rule=rule, expires_on=until, **{"gate": GATE, **values})


def later(process_site: ProcessSite, days: int) -> None:
    process_site.vault.now += timedelta(days=days)


def test_a_gate_shows_what_passed_it_until_the_last_day_and_is_red_again_after(process_site: ProcessSite) -> None:
    item = process_site.begun()
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"evidence.missing"}
    exception = in_force(process_site, item=process_site.item(item).number)
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    assert verdict.allowed
    (passed,) = verdict.passed
    assert (passed.rule, passed.kind, passed.by, passed.until) == (
        "evidence.missing",
        "exception",
        exception,
        "2026-11-20",
    )
    assert passed.text.startswith(
        f"Passed by exception {process_site.item(exception).number} until 2026-11-20: 'Proof'"
    )
    later(process_site, 18)  # the last day itself
    assert verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga")).allowed
    later(process_site, 1)
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"evidence.missing"}


def test_what_passed_is_on_record_with_the_item_and_counted_for_the_rule(process_site: ProcessSite) -> None:
    item = process_site.begun()
    exception = in_force(process_site)
    process_site.do(MoveItem, "Olga", item, step="checking")
    (link,) = process_site.file(item).links
    assert (link.kind, link.other, link.reason) == ("passed_by", exception, f"evidence.missing:proof@{GATE}")
    (count,) = exception_counts(process_site.register, "2026-11-02")
    assert (count.rule, count.granted, count.in_force, count.transition_records) == ("evidence.missing", 1, 1, 1)
    assert not count.proposes_change


@pytest.mark.parametrize("values", [{"gate": "asked->doing"}, {"item": ""}], ids=["another gate", "another item"])
def test_an_exception_of_something_else_passes_nothing(process_site: ProcessSite, values: dict[str, str]) -> None:
    item = process_site.begun()
    other = process_site.item(process_site.new()).number
    in_force(process_site, **{name: value or other for name, value in values.items()})
    assert "evidence.missing" in process_site.refused(MoveItem, "Olga", item, step="checking")
    assert "right.missing" in process_site.refused(MoveItem, "Wim", item, step="checking")


def test_signing_is_passed_where_the_gate_is(process_site: ProcessSite) -> None:
    process_site = ProcessSite(
        exceptions={"rules": ["field.missing"], "threshold": 9},
        extension={"locked_from": "checking"},
    )
    item = process_site.new(due="")
    assert not verdict_of(ApproveItem(item="", gate="asked->doing"), process_site.vault.facts(item, "Lea")).allowed
    process_site.exception(rule="field.missing", gate="asked->doing", expires_on="2026-11-20")
    verdict = verdict_of(ApproveItem(item="", gate="asked->doing"), process_site.vault.facts(item, "Lea"))
    assert verdict.allowed
    assert [each.about for each in verdict.passed] == ["due"]


def test_the_third_exception_of_a_rule_proposes_to_change_the_process(process_site: ProcessSite) -> None:
    process_site.new()
    for _ in range(2):
        in_force(process_site)
        process_site.new()
    assert process_site.register.all_of(Alert) == ()
    in_force(process_site)
    (alert,) = process_site.register.all_of(Alert)
    assert (alert.condition, alert.role, alert.escalation_level) == ("exceptions", "keeper", "3")
    assert alert.text == "", "words of the program are spoken, not stored"
    assert "3 exceptions from 'evidence.missing' of work" in alert_words(alert)
    (count,) = exception_counts(process_site.register, "2026-11-02", "work")
    assert (count.granted, count.proposes_change, len(count.numbers)) == (3, True, 3)
    later(process_site, 120)
    process_site.new()
    in_force(process_site, until="2027-04-01")
    assert exception_counts(process_site.register, "2027-03-05", "work")[0].granted == 1
    assert len(process_site.register.all_of(Alert)) == 1


def ask(process_site: ProcessSite, item: str, **other: str) -> str:
    words = {"rule": "blocked.open", "reason": "Customer waits", "risk": "Wrong seal", "expires_on": "2026-11-15"}
    process_site.do(RequestRiskAcceptance, "Olga", item, **{**words, **other})
    return process_site.file(item).risk_acceptances[-1].id


def blocked_item(process_site: ProcessSite) -> tuple[str, str]:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    return item, process_site.blocked(item, process_site.new(owner="Wim"))


def test_a_risk_is_accepted_by_who_carries_it_until_a_day(process_site: ProcessSite) -> None:
    item, link = blocked_item(process_site)
    risk_acceptance = ask(process_site, item, gate=GATE, concerns=link)
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    assert "right.missing" in process_site.refused(
        DecideRiskAcceptance, "Lea", item, risk_acceptance=risk_acceptance, accept=True
    )
    assert process_site.refused(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, accept=False) == {
        "reason.missing"
    }
    entry = process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, accept=True)
    assert (entry.header.auth, entry.header.meaning) == ("passphrase", "I accept this risk.")
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    assert verdict.allowed
    assert "the risk that Rita accepted until 2026-11-15" in verdict.passed[0].text
    later(process_site, 14)
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}


def test_a_risk_acceptance_about_one_link_does_not_pass_another(process_site: ProcessSite) -> None:
    item, link = blocked_item(process_site)
    process_site.blocked(item, process_site.new(owner="Wim"))
    process_site.do(
        DecideRiskAcceptance, "Rita", item, risk_acceptance=ask(process_site, item, concerns=link), accept=True
    )
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    assert (len(verdict.obstacles), len(verdict.passed)) == (1, 1)


def test_a_revoked_or_refused_risk_acceptance_passes_nothing(process_site: ProcessSite) -> None:
    item, _ = blocked_item(process_site)
    process_site.do(
        DecideRiskAcceptance, "Rita", item, risk_acceptance=ask(process_site, item), accept=False, reason="Too hot"
    )
    risk_acceptance = ask(process_site, item)
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, accept=True)
    assert process_site.refused(RevokeRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, reason="") == {
        "reason.missing"
    }
    assert "right.missing" in process_site.refused(
        RevokeRiskAcceptance, "Olga", item, risk_acceptance=risk_acceptance, reason="x"
    )
    process_site.do(RevokeRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, reason="Leaks already")
    assert [each.state for each in process_site.file(item).risk_acceptances] == ["rejected", "revoked"]
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    assert process_site.refused(RevokeRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, reason="x") == {
        "risk_acceptance.ended"
    }
    assert process_site.refused(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, accept=True) == {
        "risk_acceptance.decided"
    }


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"rule": "right.missing"}, "risk_acceptance.rule"),
        ({"rule": "approval.missing"}, "risk_acceptance.rule"),
        ({"expires_on": "2026-12-30"}, "risk_acceptance.day"),
        ({"expires_on": "2026-11-01"}, "risk_acceptance.day"),
        ({"expires_on": "never"}, "risk_acceptance.day"),
        ({"gate": "moon"}, "risk_acceptance.gate"),
        ({"risk": " "}, "reason.missing"),
    ],
    ids=["a right", "not listed", "too long", "past", "no day", "no gate", "no risk"],
)
def test_a_risk_acceptance_asked_wrongly_is_refused(
    process_site: ProcessSite, other: dict[str, str], rule: str
) -> None:
    item, _ = blocked_item(process_site)
    words = {"rule": "blocked.open", "reason": "x", "risk": "x", "expires_on": "2026-11-15"}
    assert process_site.refused(RequestRiskAcceptance, "Olga", item, **{**words, **other}) == {rule}


def test_nobody_accepts_the_risk_they_asked_for() -> None:
    process_site = ProcessSite(risk_acceptance={"roles": ["worker"], "separate_from": ["asker"]})
    item, _ = blocked_item(process_site)
    risk_acceptance = ask(process_site, item)
    assert process_site.refused(DecideRiskAcceptance, "Olga", item, risk_acceptance=risk_acceptance, accept=True) == {
        "separation.asker"
    }
    process_site.do(DecideRiskAcceptance, "Wim", item, risk_acceptance=risk_acceptance, accept=True)


def test_a_signature_is_asked_for_where_an_exception_passes_what_is_missing() -> None:
    process_site = ProcessSite(exceptions={"rules": ["field.missing"], "threshold": 9})
    item = process_site.new(due="")
    assert pending_approval(process_site.vault.facts(item, "Lea")) is None
    process_site.exception(rule="field.missing", gate="asked->doing", expires_on="2026-11-20")
    pending = pending_approval(process_site.vault.facts(item, "Lea"))
    assert pending is not None
    assert pending.gate == "asked->doing"
