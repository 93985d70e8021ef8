"""Passing a rule visibly: by an exception item in force or by a risk accepted, until a day, and red again after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from memory_register import MemoryVault, a_file
from process_site import CAST, EXCEPTION, ProcessSite, definition

from domain.calendar.alert_words import alert_words
from domain.commands.approvals import ApproveItem
from domain.commands.command import verdict_of
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import EditItem, HoldItem, MoveItem
from domain.commands.process_versions import PublishProcess
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.metrics.exceptions import exception_counts
from domain.records.governance import Alert
from domain.rules.alert_scan import Scan
from domain.rules.next_action import pending_approval

BEGIN, GATE = "asked->doing", "doing->checking"


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


def test_an_exception_passes_a_rule_also_where_the_process_of_exceptions_came_later(process_site: ProcessSite) -> None:
    vault = MemoryVault(definition())
    for name in ("Olga", "Wim", "Lea"):
        vault.enrol(name, CAST[name])
    process_site.vault, process_site.register = vault, vault.register
    item = process_site.begun()
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"evidence.missing"}
    vault.do(PublishProcess, "Ada", definition=EXCEPTION.read_text(encoding="utf-8"))
    for name in CAST.keys() - vault.ids.keys():
        vault.enrol(name, CAST[name])
    in_force(process_site)
    process_site.do(MoveItem, "Olga", item, step="checking")


def test_a_signature_covers_the_risks_accepted_for_its_gate_and_no_others(process_site: ProcessSite) -> None:
    item = process_site.new()
    process_site.do(ApproveItem, "Lea", item)
    on = MoveItem(item="", step="doing")

    def refused_by() -> list[str]:
        return [each.rule for each in verdict_of(on, process_site.vault.facts(item, "Olga")).obstacles]

    other_gate, rejected, own_gate = (ask(process_site, item, gate=gate) for gate in (GATE, BEGIN, BEGIN))
    assert refused_by() == [], "a risk that is only asked about changes nothing that was signed"
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=other_gate, accept=True)
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=rejected, accept=False, reason="Too hot")
    assert refused_by() == []
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=own_gate, accept=True)
    assert refused_by() == ["approval.overtaken"]
    process_site.do(ApproveItem, "Lea", item)
    process_site.do(RevokeRiskAcceptance, "Rita", item, risk_acceptance=own_gate, reason="Leaks already")
    assert refused_by() == [], "what was signed with the risk in sight stays signed when it ends"


def without_due(process_site: ProcessSite) -> str:
    return process_site.new(due="")


def unsigned(process_site: ProcessSite) -> str:
    return process_site.new()


def changed_after_signing(process_site: ProcessSite) -> str:
    item = process_site.new()
    process_site.do(ApproveItem, "Lea", item)
    process_site.do(EditItem, "Olga", item, fields={"plan": "Two seals"}, reason="Seen anew")
    return item


def unreviewed(process_site: ProcessSite) -> str:
    item = process_site.begun()
    process_site.do(AddEvidence, "Wim", item, requirement="proof", file=a_file("proof"), file_name="proof one.txt")
    return item


def rejected(process_site: ProcessSite) -> str:
    item = unreviewed(process_site)
    evidence = process_site.file(item).evidence[-1].id
    process_site.do(ReviewEvidence, "Lea", item, evidence=evidence, accept=False, note="Another seal")
    return item


def waits(process_site: ProcessSite) -> str:
    return blocked_item(process_site)[0]


def good(process_site: ProcessSite) -> str:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Olga", item, step="checking")
    process_site.do(AcceptHandoff, "Leo", item)
    process_site.verdict(item, "good")
    return item


@pytest.mark.parametrize(
    ("rule", "ready_but_for_it", "gate"),
    [
        ("field.missing", without_due, BEGIN),
        ("evidence.missing", ProcessSite.begun, GATE),
        ("evidence.unreviewed", unreviewed, GATE),
        ("blocked.open", waits, GATE),
        ("condition.unmet", good, "checking->doing"),
    ],
)
def test_what_is_not_ready_is_passed_by_an_exception_of_its_rule(
    rule: str, ready_but_for_it: Callable[[ProcessSite], str], gate: str
) -> None:
    ways = json.loads(definition())["transitions"]
    ways[-1]["gate"]["conditions"][0]["readiness"] = True
    listed = {"rules": [rule], "threshold": 9}
    process_site = ProcessSite(exceptions=listed, extension={"locked_from": "checking"}, transitions=ways)
    item = ready_but_for_it(process_site)
    step = gate.partition("->")[2]
    number = process_site.item(item).number
    exception = process_site.exception(rule=rule, gate=gate, expires_on="2026-11-20", item=number)
    on = MoveItem(item="", step=step, reason="It cannot wait")
    verdict = verdict_of(on, process_site.vault.facts(item, "Lea"))
    assert ({each.rule for each in verdict.passed}, {each.by for each in verdict.passed}) == ({rule}, {exception})
    left = {each.rule for each in verdict.obstacles}
    assert left <= ({"approval.missing"} if rule == "field.missing" else set())


@pytest.mark.parametrize(
    ("rule", "not_ready", "gate"),
    [
        ("approval.missing", unsigned, BEGIN),
        ("approval.overtaken", changed_after_signing, BEGIN),
        ("evidence.rejected", rejected, GATE),
        ("condition.outcome", good, "checking->doing"),
    ],
)
def test_what_somebody_decided_or_has_to_decide_stands_though_the_process_lists_it(
    rule: str, not_ready: Callable[[ProcessSite], str], gate: str
) -> None:
    process_site = ProcessSite(exceptions={"rules": [rule, "evidence.missing"], "threshold": 9})
    item = not_ready(process_site)
    number = process_site.item(item).number
    process_site.exception(rule="evidence.missing", gate=gate, expires_on="2026-11-20", item=number)
    on = MoveItem(item="", step=gate.partition("->")[2], reason="It cannot wait")
    assert rule in {each.rule for each in verdict_of(on, process_site.vault.facts(item, "Lea")).obstacles}


def test_the_end_of_an_exception_in_force_comes_true_as_an_alert(process_site: ProcessSite) -> None:
    process_site.new()
    exception = in_force(process_site)
    later(process_site, 17)
    found = Scan(process_site.register, process_site.vault.actor("Olga")).alerts()
    assert {each.item for each in found if each.condition == "exception_ending"} == {exception}


def test_an_accepted_risk_is_taken_back_also_while_the_work_is_on_hold(process_site: ProcessSite) -> None:
    item, _ = blocked_item(process_site)
    risk_acceptance = ask(process_site, item)
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, accept=True)
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    process_site.do(RevokeRiskAcceptance, "Rita", item, risk_acceptance=risk_acceptance, reason="Leaks already")
    (found,) = process_site.file(item).risk_acceptances
    assert (found.state, found.ended_by, found.ended_reason) == (
        "revoked",
        process_site.vault.ids["Rita"],
        "Leaks already",
    )
