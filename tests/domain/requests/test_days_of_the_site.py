"""Every "until day" ends at the midnight of the site: at UTC+13 long before UTC's, at UTC-11 long after it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from process_site import ProcessSite
from test_exceptions_and_risk_acceptances import GATE, in_force

from domain.act import Actor
from domain.calendar.working_time import USUAL
from domain.commands.command import verdict_of
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.commands.items import HoldItem, MoveItem
from domain.commands.requests import RequestExtension
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance
from domain.commands.settings import SetCalendar
from domain.days import FIRST_DAY, LAST_DAY, day_in, days_after, is_day
from domain.errors import Refused
from domain.records.governance import Mandate, ZoneOffset
from domain.rules.alert_scan import Scan
from domain.rules.facts import gather
from domain.rules.judged_alone import alone
from domain.rules.site_day import site_day

EAST, WEST = 13 * 60, -11 * 60


def set_zone(process_site: ProcessSite, minutes: int) -> None:
    """The site's clocks are so many minutes ahead of UTC from now on."""
    calendar = msgspec.structs.replace(
        USUAL, zone="Pacific/Somewhere", offsets=[ZoneOffset("2020-01-01T00:00:00.000Z", minutes)]
    )
    process_site.vault.do(SetCalendar, "Ada", calendar=calendar)


def at(process_site: ProcessSite, text: str) -> None:
    process_site.vault.now = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def passes(process_site: ProcessSite, item: str) -> bool:
    return verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga")).allowed


@pytest.mark.parametrize(
    ("minutes", "last", "over"),
    [(EAST, "2026-11-20 10:59", "2026-11-20 11:00"), (WEST, "2026-11-21 10:59", "2026-11-21 11:00")],
    ids=["UTC+13", "UTC-11"],
)
def test_an_exception_until_a_day_ends_at_the_midnight_of_the_site(
    process_site: ProcessSite, minutes: int, last: str, over: str
) -> None:
    set_zone(process_site, minutes)
    item = process_site.begun()
    in_force(process_site, until="2026-11-20")
    at(process_site, last)
    assert passes(process_site, item)
    at(process_site, over)
    assert not passes(process_site, item)


@pytest.mark.parametrize(
    ("minutes", "last", "over"),
    [(EAST, "2026-11-10 10:59", "2026-11-10 11:00"), (WEST, "2026-11-11 10:59", "2026-11-11 11:00")],
    ids=["UTC+13", "UTC-11"],
)
def test_an_accepted_risk_and_a_mandate_end_with_the_day_of_the_site(
    process_site: ProcessSite, minutes: int, last: str, over: str
) -> None:
    set_zone(process_site, minutes)
    item = process_site.begun()
    asked = {"gate": GATE, "rule": "evidence.missing", "concerns": "proof", "reason": "No camera", "risk": "Wrong seal"}
    process_site.do(RequestRiskAcceptance, "Olga", item, expires_on="2026-11-10", **asked)
    (risk,) = process_site.file(item).risk_acceptances
    process_site.do(DecideRiskAcceptance, "Rita", item, risk_acceptance=risk.id, accept=True)
    ids = process_site.vault.ids
    today = site_day(process_site.register, process_site.vault.now)
    process_site.vault.do(
        GrantMandate, "Lea", role="lead", delegate=ids["Wim"], first_day=today, last_day="2026-11-10", reason="Away"
    )
    (mandate,) = process_site.register.all_of(Mandate)
    at(process_site, last)
    assert passes(process_site, item)
    assert process_site.vault.facts(item, "Olga").mandates == (mandate,)
    at(process_site, over)
    assert not passes(process_site, item)
    assert process_site.vault.facts(item, "Olga").mandates == ()
    with pytest.raises(Refused, match="ended"):
        process_site.vault.do(RevokeMandate, "Lea", mandate=mandate.id, reason="Back")


def test_a_day_named_to_day_is_the_day_of_the_site(process_site: ProcessSite) -> None:
    set_zone(process_site, EAST)
    at(process_site, "2026-11-02 11:30")
    item = process_site.begun()
    assert process_site.item(item).raised == "2026-11-03", "half past midnight there"
    assert "hold.review" in process_site.refused(HoldItem, "Lea", item, reason="Waiting", review_on="2026-11-02")
    process_site.do(HoldItem, "Lea", item, reason="Waiting", review_on="2026-11-03")


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "0001-01-01", "9999-12-31", "20261122", "2026-W48-1"])
def test_no_entrance_takes_a_day_outside_1900_to_2200(process_site: ProcessSite, day: str) -> None:
    assert not is_day(day)
    item = process_site.begun()
    assert process_site.refused(RequestExtension, "Olga", item, due=day, reason="Late", interim_risk="None")
    assert process_site.refused(HoldItem, "Lea", item, reason="Waiting", review_on=day)
    with pytest.raises(Refused):
        process_site.new(due=day)
    calendar = msgspec.structs.replace(USUAL, free_days=[[day, "Odd day"]])
    with pytest.raises(Refused):
        process_site.vault.do(SetCalendar, "Ada", calendar=calendar)


def test_the_first_and_the_last_day_are_days_and_counting_stops_at_them() -> None:
    assert is_day("1900-01-01")
    assert is_day("2200-12-31")
    assert day_in("2026-02-30") is None
    assert day_in(None) is None
    assert days_after(LAST_DAY, 10**12) == LAST_DAY
    assert days_after(FIRST_DAY, -(10**12)) == FIRST_DAY
    assert days_after(FIRST_DAY, 1).isoformat() == "1900-01-02"


def test_one_item_with_an_odd_value_stops_no_alert_of_another() -> None:
    due = {"id": "soon", "text": "Due.", "role": "lead", "when": "due", "number": 3}
    process_site = ProcessSite(alerts=[due])
    odd, other = process_site.new(due="2026-11-03"), process_site.new(title="Fix the valve", due="2026-11-03")
    at(process_site, "2026-11-06 12:00")
    scan = Scan(process_site.register, process_site.vault.actor("Olga"))
    whole = {each.item for each in scan.alerts()}
    assert scan.unjudged == ()
    real = process_site.register.standing

    def spoiled(wanted: object) -> tuple[object, ...]:
        return tuple(
            msgspec.structs.replace(each, since="never", due="31st of never") if each.item == odd else each
            for each in real(wanted)  # type: ignore[arg-type]
        )

    process_site.register.standing = spoiled  # type: ignore[assignment, method-assign]
    found = Scan(process_site.register, process_site.vault.actor("Olga"))
    assert {each.item for each in found.alerts()} == whole - {odd}
    assert other in whole
    assert [each.id for each in found.unjudged] == [odd]
    assert found.unjudged[0].number == process_site.item(odd).number
    assert found.unjudged[0].why


def test_what_fails_is_named_once_and_what_is_no_odd_value_is_not_hidden() -> None:
    failed: list[object] = []

    def overflow() -> list[int]:
        return [10**400 // 1, int(float("inf"))]

    for _ in range(2):
        assert alone(overflow, failed, id_="i1", number="W-1") == ()  # type: ignore[arg-type]
    assert len(failed) == 1

    def broken() -> list[int]:
        raise AssertionError("a fault of the program")

    with pytest.raises(AssertionError):
        alone(broken, [], id_="i1")


def test_facts_say_the_day_of_the_site(process_site: ProcessSite) -> None:
    item = process_site.new()
    moment = datetime(2026, 11, 2, 11, 30, tzinfo=UTC)
    by = Actor(person="p", name="P", roles=frozenset(), at=moment)
    assert gather(process_site.register, item, by).today == "2026-11-02"
    set_zone(process_site, EAST)
    assert gather(process_site.register, item, by).today == "2026-11-03"
    set_zone(process_site, WEST)
    assert gather(process_site.register, item, msgspec.structs.replace(by, at=moment.replace(hour=10))).today == (
        "2026-11-01"
    )
