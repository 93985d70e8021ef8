"""What a category asks for applies to the items filed under it: its time, its evidence, its owner's signature."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from process_site import JUDGED, ProcessSite, definition

from domain.calendar.sla import step_clock
from domain.calendar.working_time import WorkingCalendar
from domain.commands.approvals import ApproveItem
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.commands.closure import CloseItem
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import EditItem, MoveItem
from domain.rules.alert_scan import Scan
from domain.rules.alerts_of_item import item_alerts
from domain.rules.closure_demands import closure_demands, meets

DAY = 8 * 60
"""Minutes of a working day."""


@pytest.fixture
def site() -> ProcessSite:
    """A process with categories; work at "doing" has five working days."""
    fields: list[Any] = [
        {"id": "plan", "title": "Plan", "kind": "text", "signed": True, "required_at": ["doing"]},
        {"id": "verdict", "title": "Is it good?", "kind": "choice", "choices": JUDGED, "required_at": ["done"]},
        {"id": "residual", "title": "Residual", "kind": "text"},
        {"id": "kind", "title": "Kind", "kind": "choice", "choices": ["leak", "other"], "signed": True},
    ]
    steps = [dict(each) for each in _steps()]
    steps[1]["sla_days"] = 5
    escalation = [{"at_percent": 100, "role": "board", "text": "Overdue."}]
    rule = {"field": "kind", "other": "other", "proposed_by": ["worker"], "approved_by": ["lead"], "meaning": "Yes."}
    return ProcessSite(fields=fields, steps=steps, escalation=escalation, categories=rule)


def _steps() -> list[dict[str, Any]]:

    found: list[dict[str, Any]] = json.loads(definition())["steps"]
    return found


def category(site: ProcessSite, **values: Any) -> str:
    """A category that came into being today, by its word."""
    made = site.vault.do(ProposeCategory, "Wim", process="work", category_word="noise", title="Noise", **values)
    site.vault.do(DecideCategory, "Lea", category=made.header.subject, approve=True)
    return "noise"


def minutes(site: ProcessSite, item: str) -> int:
    facts = site.vault.facts(item)
    return step_clock(facts.file, facts.process, WorkingCalendar.of(None), site.vault.now).limit


def test_the_time_of_a_category_is_that_of_the_step_for_its_items_and_no_others(site: ProcessSite) -> None:
    word = category(site, sla_days=2)
    noisy, plain = site.begun(kind=word), site.begun(kind="leak")
    assert (minutes(site, noisy), minutes(site, plain)) == (2 * DAY, 5 * DAY)


def test_an_item_of_a_category_is_late_by_the_time_of_the_category(site: ProcessSite) -> None:
    word = category(site, sla_days=2)
    noisy, plain = site.begun(kind=word), site.begun(kind="leak")
    site.vault.now += timedelta(days=3)
    by = site.vault.actor("Lea")
    late = [each.item for each in Scan(site.register, by).alerts() if each.condition == "sla" and each.role == "board"]
    assert late == [noisy]
    ((raised),) = [each for each in item_alerts(site.register, noisy, by, "sla") if each.role == "board"]
    assert raised.at <= by.at
    site.vault.now += timedelta(days=6)
    late = [each.item for each in Scan(site.register, site.vault.actor("Lea")).alerts() if each.role == "board"]
    assert sorted(late) == sorted([noisy, plain])


def ready(site: ProcessSite, **fields: str) -> str:
    """An item that everything but its category lets close."""
    item = site.begun(**fields)
    site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    site.do(MoveItem, "Olga", item, step="checking")
    site.do(AcceptHandoff, "Lea", item)
    site.verdict(item, "good")
    return item


def test_what_a_category_wants_to_see_is_demanded_at_closure(site: ProcessSite) -> None:
    item = ready(site, kind=category(site, evidence=("Noise report",)))
    assert site.refused(CloseItem, "Lea", item, outcome="reached", summary="x") == {"evidence.missing"}
    site.vault.add_accepted(item, "category_1", by="Wim", reviewer="Ruth")
    site.do(CloseItem, "Lea", item, outcome="reached", summary="Quiet")


def test_the_owner_of_a_category_signs_before_its_items_close(site: ProcessSite) -> None:
    item = ready(site, kind=category(site, owner_role="risk", approval_path="The noise is bearable."))
    facts = site.vault.facts(item, "Lea")
    demands = closure_demands(facts.process, outcome="reached")
    assert [each.kind for each in demands if not meets(each, facts).met] == ["approval"]
    assert site.refused(CloseItem, "Lea", item, outcome="reached", summary="x") == {"approval.missing"}
    assert "approval.role" in site.refused(ApproveItem, "Leo", item)
    entry = site.do(ApproveItem, "Rita", item)
    assert entry.header.meaning == "The noise is bearable."
    site.do(CloseItem, "Lea", item, outcome="reached", summary="Quiet")


def test_filing_an_item_under_another_category_takes_its_demands_with_it(site: ProcessSite) -> None:
    item = ready(site, kind=category(site, evidence=("Noise report",), owner_role="risk"))
    assert site.refused(CloseItem, "Lea", item, outcome="reached", summary="x") == {
        "evidence.missing",
        "approval.missing",
    }
    site.do(EditItem, "Lea", item, fields={"kind": "leak"}, reason="Seen anew")
    assert "evidence.missing" not in {
        each.rule for each in CloseItem(item=item, outcome="reached").judge_by(site.vault.facts(item, "Lea")).obstacles
    }


def test_a_category_that_asks_for_nothing_changes_nothing(site: ProcessSite) -> None:
    item = ready(site, kind=category(site))
    site.do(CloseItem, "Lea", item, outcome="reached", summary="Done")
