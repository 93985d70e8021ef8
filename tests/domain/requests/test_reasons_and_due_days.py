"""What changes with a reason only, and due days: the first one promised stays, whoever moved it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from judged_again import breaches_of
from process_site import ProcessSite
from ruled_site import begun, named_when_reworded, ruled, set_by

from domain.commands.approvals import ApproveItem
from domain.commands.items import EditItem
from domain.commands.requests import DecideRequest, RequestChange, RequestExtension
from domain.records.dues import due_days
from domain.simulation.memory_register import header_of

STEPS = [{"what": "a", "due": "2026-11-20"}]
FIRST = {"plan": "New seal", "review_day": "2026-12-24", "steps": STEPS, "opinion": "agreed"}


@pytest.fixture
def site() -> ProcessSite:
    return ruled()


REASONED: list[tuple[dict[str, Any], bool]] = [
    ({"plan": "Whole pump"}, True),
    ({"due": "2026-12-09"}, True),
    ({"due": ""}, True),
    ({"severity": "high"}, True),
    ({"review_day": "2027-01-24"}, True),
    ({"steps": [{"what": "a", "due": "2026-12-20"}]}, True),
    ({"steps": [*STEPS, {"what": "b", "due": "2026-12-20"}]}, False),
    ({"steps": [{"what": "in other words", "due": "2026-11-20"}]}, False),
    ({"opinion": "differing", "differs_in": "x"}, False),
    ({"parts": "7"}, False),
    ({"implemented": "2026-11-20"}, False),
    ({"title": "Another title"}, False),
]


@pytest.mark.parametrize(("fields", "asked"), REASONED, ids=[str(n) for n in range(len(REASONED))])
def test_what_was_signed_promised_graded_or_planned_changes_with_a_reason_only(
    site: ProcessSite, fields: dict[str, Any], *, asked: bool
) -> None:
    item = site.new(**FIRST)
    if asked:
        assert site.refused(EditItem, "Wim", item, fields=fields) == {"reason.missing"}
        assert site.refused(EditItem, "Wim", item, fields=fields, reason=" \t ") == {"reason.missing"}
    entry = site.do(EditItem, "Wim", item, fields=fields, reason="Seen anew" if asked else "")
    assert entry.header.reason == ("Seen anew" if asked else "")


def test_the_first_value_needs_no_reason(site: ProcessSite) -> None:
    item = site.new(due="", severity="", plan="")
    site.do(EditItem, "Wim", item, fields={"due": "2026-12-01", "severity": "low", "plan": "x"})


def test_an_edit_that_overtakes_a_signature_says_why(site: ProcessSite) -> None:
    item = site.new(**FIRST)
    site.do(ApproveItem, "Lea", item)
    assert site.refused(EditItem, "Wim", item, fields={"title": "Another"}) == {"reason.missing"}


def test_an_entry_forged_without_its_reason_is_named(site: ProcessSite) -> None:
    item = site.new(**FIRST)
    fields = {"severity": "high"}
    forged = EditItem(item=item, fields=fields)
    assert named_when_reworded(site, EditItem(item=item, fields=fields, reason="Seen"), forged, by="Wim")


def test_the_first_promised_day_stays_whoever_moves_it(site: ProcessSite) -> None:
    item = site.new()
    set_by(site, "Wim", item, due="2026-12-05")
    site.do(RequestChange, "Olga", item, fields={"due": "2026-12-07"}, reason="The part is late")
    site.do(DecideRequest, "Lea", item, request=site.file(item).requests[-1].id, approve=True)
    set_by(site, "Wim", item, due="")
    set_by(site, "Lea", item, due="2026-12-24")
    days = due_days(site.file(item))
    assert [each.day for each in days] == ["2026-12-01", "2026-12-05", "2026-12-07", "", "2026-12-24"]
    assert [each.how for each in days] == ["promised", "change", "change", "change", "change"]
    ids = site.vault.ids
    assert [each.decided_by for each in days[1:]] == [ids["Wim"], ids["Lea"], ids["Wim"], ids["Lea"]]
    assert days[2].reason == "The part is late"


def test_an_extension_is_shown_with_its_risk(site: ProcessSite) -> None:
    item = begun(site)
    site.do(RequestExtension, "Olga", item, due="2026-12-20", reason="No part", interim_risk="It drips")
    site.do(DecideRequest, "Lea", item, request=site.file(item).requests[-1].id, approve=True)
    last = due_days(site.file(item))[-1]
    assert (last.how, last.interim_risk, last.reason) == ("extension", "It drips", "No part")


@pytest.mark.parametrize("due", ["2026-12-24", ""])
def test_a_day_that_has_passed_is_not_replaced_by_hand(site: ProcessSite, due: str) -> None:
    item = site.new(due="2026-10-01")
    assert site.refused(EditItem, "Lea", item, fields={"due": due}, reason="Late") == {"due.locked"}
    assert "due.locked" in site.refused(RequestChange, "Olga", item, fields={"due": due}, reason="Late")
    site.do(RequestExtension, "Olga", item, due="2026-12-24", reason="Late", interim_risk="It drips")


def test_a_forged_edit_of_a_day_that_has_passed_is_named(site: ProcessSite) -> None:
    item = site.new(due="2026-11-30")
    command = EditItem(item=item, fields={"due": "2026-12-24"}, reason="Late")
    act = site.vault.decided(command, "Lea")
    header = header_of(act, site.vault.actor("Lea"), seq=site.register.log_size())
    assert breaches_of(site.register, header, act.command, act.changes) == []
    site.vault.now += timedelta(days=40)
    late = header_of(act, site.vault.actor("Lea"), seq=site.register.log_size())
    found = breaches_of(site.register, late, act.command, act.changes)
    assert "due.locked" in " ".join(f"{each.rule} {each.text}" for each in found)
