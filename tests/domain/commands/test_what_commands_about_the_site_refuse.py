"""Commands that claim something are judged by what is so; commands about many items show each by itself."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from working_site import PROCESS, Site, at

from domain.act import Act
from domain.calendar.working_time import USUAL
from domain.commands.alerts import RaiseAlerts, Raised
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.commands.command import Command
from domain.commands.deciding import decide
from domain.commands.items import CreateItem
from domain.commands.migration import MigrateItems
from domain.commands.oversight import AskKey, RevealKey
from domain.commands.people import GrantRole
from domain.commands.process_versions import DraftProcess, PublishProcess
from domain.commands.settings import ChangeSetting, SetCalendar
from domain.errors import Refused, UsageProblem
from domain.identity import iso
from domain.records.governance import ZoneOffset
from domain.records.oversight import REVEAL_NEEDS_TWO, Setting
from domain.rules.alert_scan import NothingToRaise, Scan
from domain.simulation.prove_draft import ProveDraft

SINCE = iso(at("2026-11-04 12:00"))
SHIPPED = Path(__file__).parents[3] / "resources" / "processes"


@pytest.fixture
def site() -> Site:
    found = Site()
    found.now = at("2026-11-09 09:00")
    return found


def decided(site: Site, command: Command, name: str = "Olga") -> Act:
    return decide(command, site.register, site.actor(name), nonce=b"n" * 16)


def refusal(site: Site, command: Command, name: str = "Olga") -> list[str]:
    with pytest.raises(Refused) as refused:
        decided(site, command, name)
    return [each.rule for each in refused.value.obstacles]


def all_that_came_true(site: Site) -> RaiseAlerts:
    return RaiseAlerts.of(Scan(site.register, site.actor("Olga")).alerts(), running_since=SINCE)


def test_alerts_that_a_scan_found_are_raised_each_at_its_time_and_once(site: Site) -> None:
    command = all_that_came_true(site)
    act = decided(site, command)
    made = [(each.after["escalation_level"], each.after["due_at"][:16], each.after["late"]) for each in act.changes]
    assert made == [
        ("75", "2026-11-03T13:00", "yes"),
        ("100", "2026-11-04T09:00", "yes"),
        ("100+2", "2026-11-06T09:00", "no"),
    ]
    site.register.take(act, site.actor("Olga"))
    assert refusal(site, command) == ["alert.known"] * 3
    with pytest.raises(NothingToRaise):
        decided(site, all_that_came_true(site))


def test_an_alert_that_did_not_come_true_is_refused(site: Site) -> None:
    true = all_that_came_true(site).alerts[0]
    wrong = (
        Raised(true.key, iso(at("2026-11-03 12:59")), true.item),
        Raised(true.key.replace("sla|75", "sla|76"), true.at, true.item),
        Raised(true.key, true.at, ""),
        Raised("nonsense|||", true.at, true.item),
        Raised("", "", true.item),
    )
    for each in wrong:
        assert refusal(site, _of(true, each) if each.key != true.key else _of(each)) == ["alert.untrue"]
    site.now = at("2026-11-03 12:59")
    assert refusal(site, _of(true)) == ["alert.untrue"], "not yet"
    for alerts, since in (((true, true), SINCE), ((true,), "yesterday")):
        with pytest.raises(UsageProblem):
            decided(site, RaiseAlerts(alerts=alerts, running_since=since))


def _of(*alerts: Raised) -> RaiseAlerts:
    return RaiseAlerts(alerts=alerts, running_since=SINCE)


def test_a_shipped_process_never_goes_over_a_version_that_is_only_drafted(site: Site) -> None:
    definition = (SHIPPED / "audit_finding.json").read_text(encoding="utf-8")
    site.register.take(
        decided(site, DraftProcess(process="audit_finding", definition=definition), "Ada"), site.actor("Ada")
    )
    assert refusal(site, PublishProcess(definition=definition), "Ada") == ["process.in_force"]
    assert refusal(site, PublishProcess(definition=definition)) == ["right.missing", "process.in_force"]


def test_a_definition_with_a_fraction_in_a_scenario_is_shown_not_kept(site: Site) -> None:
    definition = json.loads((SHIPPED / "audit_finding.json").read_text(encoding="utf-8"))
    definition["scenarios"][0]["when"][0].setdefault("args", {})["x"] = 1.5
    for command in (
        DraftProcess(process="audit_finding", definition=json.dumps(definition)),
        PublishProcess(definition=json.dumps(definition)),
    ):
        with pytest.raises(UsageProblem, match="cannot be kept"):
            decided(site, command, "Ada")


def test_the_outcome_of_a_failing_scenario_is_kept_as_its_place_and_the_rules_that_refused(site: Site) -> None:
    scenario = {
        "id": "alone",
        "title": "Nobody may",
        "kind": "other",
        "people": {"Bea": ["board"]},
        "when": [{"who": "Bea", "does": "create_item", "item": "One", "args": {"fields": {"title": "Steel"}}}],
    }
    draft = DraftProcess(process="purchase", definition=json.dumps({**PROCESS, "scenarios": [scenario]}))
    site.register.take(decided(site, draft), site.actor("Olga"))
    first, again = (decided(site, ProveDraft(version="purchase@2")) for _ in range(2))
    assert first.changes[0].after["scenarios"] == [["alone", "when[0] right.missing"]]
    assert first == again


def test_items_that_come_over_are_named_in_a_leaf_each() -> None:
    command = MigrateItems(items=("a", "b"), version="capa@2", reason="Better", meaning="I decide")
    common, *items = (json.loads(each) for each in command.leaves(b"\1" * 16))
    assert common == {
        "command": "migrate_items",
        "items": 2,
        "meaning": "I decide",
        "nonce": "01" * 16,
        "reason": "Better",
        "version": "capa@2",
    }
    assert items == [{"item": "a", "part": 1}, {"item": "b", "part": 2}]


def test_a_signing_command_without_a_meaning_is_not_decided(site: Site) -> None:
    with pytest.raises(UsageProblem, match="what the signature means"):
        decided(site, ChangeSetting(name=REVEAL_NEEDS_TWO, value="yes"), "Ada")
    act = decided(site, ChangeSetting(name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it"), "Ada")
    assert (act.signing, act.meaning) == (True, "I set it")


def test_a_setting_states_who_gave_it_its_value_last(site: Site) -> None:
    site.do(GrantRole, "Ada", person=site.ids["Bea"], role="administrator")
    for name, value in (("Ada", "yes"), ("Bea", "no")):
        site.do(ChangeSetting, name, name=REVEAL_NEEDS_TWO, value=value, meaning="I set it")
        (setting,) = site.register.all_of(Setting)
        assert (setting.value, setting.set_by, setting.set_at) == (value, site.ids[name], iso(site.now))
    with pytest.raises(UsageProblem):
        decided(site, ChangeSetting(name=REVEAL_NEEDS_TWO, value="no", meaning="I set it"), "Ada")


def test_a_key_is_given_out_for_a_purpose_and_where_two_are_needed_not_unasked(site: Site) -> None:
    unasked = RevealKey(fingerprint="f-1", meaning="I give it out")
    assert refusal(site, unasked, "Ada") == ["reveal.purpose"]
    site.do(ChangeSetting, "Ada", name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it")
    assert refusal(site, RevealKey(fingerprint="f-1", purpose="Rescue", meaning="I give it out"), "Bea") == [
        "reveal.not_asked"
    ]
    site.do(AskKey, "Ada", purpose="Rescue", fingerprint="f-1", meaning="I ask")
    assert refusal(site, unasked, "Ada") == ["reveal.second_person"]
    assert decided(site, unasked, "Bea").reason == "Rescue"


def test_a_calendar_states_who_set_it_and_what_its_clocks_show(site: Site) -> None:
    berlin = [ZoneOffset("2025-10-26T01:00:00.000Z", 60), ZoneOffset("2026-03-29T01:00:00.000Z", 120)]
    wanted = msgspec.structs.replace(USUAL, zone="Europe/Berlin", offsets=berlin, set_by="somebody", set_at="ever")
    act = decided(site, SetCalendar(calendar=wanted, meaning="I set it"), "Ada")
    assert act.changes[0].after["set_by"] == site.ids["Ada"]
    assert act.changes[0].after["offsets"] == [[each.since, each.minutes] for each in berlin]
    site.register.take(act, site.actor("Ada"))
    with pytest.raises(UsageProblem, match="Nothing would change"):
        decided(site, SetCalendar(calendar=wanted, meaning="I set it"), "Ada")
    site.now = at("2026-11-10 09:00")
    later = msgspec.structs.replace(wanted, begins=480)
    act = decided(site, SetCalendar(calendar=later, meaning="I set it"), "Ada")
    assert set(act.changes[0].after) == {"begins", "set_at"}


def test_a_clock_that_went_back_signs_nothing_but_records_what_is_no_signature(site: Site) -> None:
    site.do(ChangeSetting, "Ada", name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it")
    site.now = at("2026-11-08 09:00")
    assert refusal(site, ChangeSetting(name=REVEAL_NEEDS_TWO, value="no", meaning="I set it"), "Ada") == [
        "clock.backwards"
    ]
    item = CreateItem(process="purchase", fields={"title": "Steel"})
    assert decided(site, item).changes
    site.now = at("2026-11-09 09:01")
    assert decided(site, ChangeSetting(name=REVEAL_NEEDS_TWO, value="no", meaning="I set it"), "Ada").changes


def test_a_key_is_asked_for_once_until_it_is_given_out(site: Site) -> None:
    site.do(AskKey, "Ada", purpose="Rescue", fingerprint="f-1", meaning="I ask")
    with pytest.raises(UsageProblem):
        decided(site, AskKey(purpose="Once more", fingerprint="f-1", meaning="I ask"), "Ada")
    assert decided(site, AskKey(purpose="Another", fingerprint="f-2", meaning="I ask"), "Ada").changes


def test_a_process_without_categories_takes_no_proposal_of_one(site: Site) -> None:
    assert refusal(site, ProposeCategory(process="purchase", category_word="noise", title="Noise")) == ["category.none"]
    with pytest.raises(UsageProblem):
        decided(site, DecideCategory(category="none", approve=True, meaning="I agree"), "Olga")
