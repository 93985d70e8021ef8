"""Conditions over days, numbers and amounts: exact, fail-closed, and never passed where they judge an outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from judged_again import breaches_of
from process_site import ProcessSite
from ruled_site import begun, handed_in, ruled, set_by, told

from domain.commands.items import MoveItem
from domain.rules.closure_demands import closure_demands
from domain.simulation.memory_register import header_of

REACHED = {"field": "actual", "compare": "at_least", "of": "baseline", "percent": 90}
FEW = {"field": "parts", "compare": "at_most", "value": "100.5"}
ON_ITS_DAY = {"field": "today", "compare": "not_before", "of": "review_day"}
OBSERVED = {"field": "review_day", "compare": "not_before", "of": "implemented", "days": 90}

OUTCOMES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    (REACHED, {"actual": "900.00 EUR", "baseline": "1000.00 EUR"}, True),
    (REACHED, {"actual": "899.99 EUR", "baseline": "1000 EUR"}, False),
    (REACHED, {"actual": "0.09 EUR", "baseline": "0.1 EUR"}, True),
    (REACHED, {"actual": "0.0899 EUR", "baseline": "0.1 EUR"}, False),
    (REACHED, {"actual": "-90 EUR", "baseline": "-100 EUR"}, True),
    (REACHED, {"actual": "-91 EUR", "baseline": "-100 EUR"}, False),
    (FEW, {"parts": "100.50"}, True),
    (FEW, {"parts": "100.500000000000001"}, False),
    (FEW, {"parts": "-3"}, True),
    (ON_ITS_DAY, {"review_day": "2026-11-02"}, True),
    (ON_ITS_DAY, {"review_day": "2026-11-03"}, False),
    (OBSERVED, {"implemented": "2026-01-01", "review_day": "2026-04-01"}, True),
    (OBSERVED, {"implemented": "2026-01-01", "review_day": "2026-03-31"}, False),
]


@pytest.mark.parametrize(("condition", "values", "met"), OUTCOMES, ids=[str(n) for n in range(len(OUTCOMES))])
def test_a_comparison_is_exact(condition: dict[str, Any], values: dict[str, Any], *, met: bool) -> None:
    site = ruled(condition)
    assert handed_in(site, begun(site, **values)) == (set() if met else {"condition.outcome"})


def test_the_share_of_another_value_agrees_with_decimal_arithmetic() -> None:
    site, dice = ruled(REACHED), Random(7)
    item = begun(site, actual="1 EUR", baseline="1 EUR")
    for _ in range(60):
        actual, baseline = (Decimal(dice.randrange(-2000, 2000)).scaleb(-dice.randrange(4)) for _ in range(2))
        set_by(site, "Wim", item, actual=f"{actual:f} EUR", baseline=f"{baseline:f} EUR", parts=str(dice.random())[:9])
        assert (handed_in(site, item) == set()) == (actual * 100 >= baseline * 90)


MISSING: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (REACHED, {"baseline": "1 EUR"}, "'Actual' has no value"),
    (REACHED, {"actual": "1 EUR"}, "'Baseline' has no value"),
    (FEW, {}, "'Parts seen' has no value"),
    (ON_ITS_DAY, {}, "'Review day' has no value"),
    ({"field": "steps", "column": "parts", "compare": "at_least", "value": "1"}, {}, "'Steps: Parts' has no value"),
]


@pytest.mark.parametrize(("condition", "values", "text"), MISSING, ids=[str(n) for n in range(len(MISSING))])
def test_a_value_that_is_missing_is_not_met_and_named(
    condition: dict[str, Any], values: dict[str, Any], text: str
) -> None:
    site = ruled(condition)
    (obstacle,) = told(site, begun(site, **values))
    assert text in obstacle.text


def test_amounts_of_two_currencies_are_not_compared() -> None:
    site = ruled(REACHED)
    (obstacle,) = told(site, begun(site, actual="1000000 USD", baseline="1 EUR"))
    assert "one currency" in obstacle.text
    assert "1000000 USD" in obstacle.text


def test_every_row_of_a_table_has_to_meet_it() -> None:
    site = ruled({"field": "steps", "column": "due", "compare": "not_after", "of": "due"})
    rows = [{"what": "a", "due": "2026-11-05"}, {"what": "b", "due": "2026-12-02"}]
    item = begun(site, steps=rows)
    assert handed_in(site, item) == {"condition.outcome"}
    set_by(site, "Wim", item, steps=[rows[0], {"what": "b", "due": "2026-12-01"}])
    assert handed_in(site, item) == set()
    set_by(site, "Wim", item, steps=[rows[0], {"what": "b"}])
    assert handed_in(site, item) == {"condition.outcome"}


def test_it_is_not_asked_while_other_fields_say_so() -> None:
    site = ruled({**FEW, "unless": {"opinion": ["differing"]}})
    item = begun(site, parts="200", opinion="agreed")
    assert handed_in(site, item) == {"condition.outcome"}
    set_by(site, "Wim", item, opinion="differing", differs_in="Another count.")
    assert handed_in(site, item) == set()


def test_one_about_readiness_has_another_rule_than_one_about_an_outcome() -> None:
    site = ruled({**FEW, "readiness": True})
    assert handed_in(site, begun(site, parts="200")) == {"condition.unmet"}


def test_today_is_the_day_at_the_site() -> None:
    site = ruled(ON_ITS_DAY)
    item = begun(site, review_day="2026-11-20")
    site.vault.now = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)
    assert handed_in(site, item) == {"condition.outcome"}
    site.vault.now += timedelta(minutes=2)
    assert handed_in(site, item) == set()


def test_an_entry_that_passes_an_unmet_comparison_is_named() -> None:
    site = ruled(FEW)
    item = begun(site, parts="100")
    act = site.vault.decided(MoveItem(item=item, step="checking"), "Olga")
    header = header_of(act, site.vault.actor("Olga"), seq=site.register.log_size())
    assert breaches_of(site.register, header, act.command, act.changes) == []
    set_by(site, "Wim", item, parts="101")
    later = header_of(act, site.vault.actor("Olga"), seq=site.register.log_size())
    assert breaches_of(site.register, later, act.command, act.changes)


def test_the_closure_pack_page_names_each_field_of_its_conditions_once() -> None:
    outcomes = [
        {
            "outcome": "reached",
            "title": "Good",
            "conditions": [
                {**FEW, "text": "Few."},
                {"field": "parts", "compare": "at_least", "value": "1", "text": "One."},
            ],
        }
    ]
    site: ProcessSite = ruled(closure={"outcomes": outcomes})
    facts = site.vault.facts(begun(site, parts="200"), "Lea")
    kinds = [each.kind for each in closure_demands(facts.process, outcome="reached")]
    assert kinds.count("outcome_condition") == 1
