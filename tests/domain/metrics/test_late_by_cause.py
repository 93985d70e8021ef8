"""Why late work is late, and whose it was when a step's time was used up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from working_site import Site, at

from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem
from domain.identity import iso
from domain.metrics.breaches import breaches
from domain.metrics.causes import LateItem, lateness
from domain.records.governance import Handoff, Link


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.do(AssignItem, "Olga", item=made.item, person=made.ids["Olga"])
    return made


def late(site: Site, moment: str) -> LateItem:
    site.now = at(moment)
    (found,) = lateness(site.register, by=site.actor("Olga")).items
    return found


def a_link(site: Site, other: str) -> Link:
    return Link(
        id="l1",
        item=site.item,
        other=other,
        kind="blocked_by",
        state="in_force",
        reason="",
        created_at=iso(at("2026-11-02 10:00")),
        created_by="p-olga",
        ended_at="",
        ended_by="",
        ended_reason="",
        other_number="",
    )


def a_handoff(site: Site, **changes: Any) -> Handoff:
    values: dict[str, Any] = {
        "id": "o1",
        "item": site.item,
        "cycle": 1,
        "step": "offered",
        "sender": "p-olga",
        "receiver": "",
        "role": "procurement",
        "offered_at": iso(at("2026-11-02 10:00")),
        "state": "offered",
        "ended_by": "",
        "ended_at": "",
        "reason": "",
    }
    return Handoff(**{**values, **changes})


def test_work_in_time_is_not_late(site: Site) -> None:
    site.now = at("2026-11-03 15:00")
    assert lateness(site.register, by=site.actor("Olga")).items == ()


def test_work_that_nothing_stops_is_just_not_finished(site: Site) -> None:
    found = late(site, "2026-11-04 12:00")
    assert (found.cause, found.late_by, found.owner) == ("work", 179, "Olga")


def test_a_hold_is_the_cause_of_its_lateness(site: Site) -> None:
    site.do(EditItem, "Olga", item=site.item, fields={"due": "2026-11-04"}, reason="Seen anew")
    site.now = at("2026-11-02 15:00")
    site.do(HoldItem, "Olga", item=site.item, reason="Supplier closed", review_on="2026-11-09")
    found = late(site, "2026-11-05 11:00")
    assert (found.cause, found.what, found.age) == ("on_hold", "On hold: Supplier closed; review on 2026-11-09.", 1199)
    assert found.late_by == 120, "beyond the due day, though the step's clock stands"


def test_a_blocker_is_named_with_its_owner(site: Site) -> None:
    made = site.do(CreateItem, "Olga", process="purchase", fields={"title": "Crane", "owner": site.ids["Paul"]})
    site.put("link", a_link(site, made.header.subject))
    site.now = at("2026-11-06 12:00")
    found = next(each for each in lateness(site.register, by=site.actor("Olga")).items if each.item == site.item)
    assert (found.cause, found.who) == ("blocked", "Paul")
    assert "'Crane'" in found.what


def test_work_nobody_took_over_names_receivers_and_sender(site: Site) -> None:
    site.change("item", site.item, step="offered")
    site.put("handoff", a_handoff(site))
    found = late(site, "2026-11-06 12:00")
    assert (found.cause, found.who) == ("handoff", "Paul")
    assert "Olga" in found.what


def test_a_missing_signature_names_who_is_asked_and_for_how_long(site: Site) -> None:
    site.change("item", site.item, step="offered")
    found = late(site, "2026-11-06 12:00")
    assert (found.cause, found.who, found.age) == ("approval", "Bea", 4 * 480 + 179)


def test_work_without_an_owner_states_who_names_one(site: Site) -> None:
    site.change("item", site.item, owner="")
    found = late(site, "2026-11-06 12:00")
    assert (found.cause, found.who) == ("no_owner", "Olga")


def test_causes_are_counted_and_add_up(site: Site) -> None:
    site.do(CreateItem, "Olga", process="purchase", fields={"title": "No owner"})
    site.now = at("2026-11-09 12:00")
    found = lateness(site.register, by=site.actor("Olga"))
    assert found.counts() == (("no_owner", 1), ("work", 1))
    assert sum(count for _, count in found.counts()) == len(found.items)
    assert lateness(site.register, by=site.actor("Olga"), process="another").items == ()


def test_a_breach_names_the_owner_of_that_moment_not_of_today(site: Site) -> None:
    site.now = at("2026-11-05 09:00")
    site.do(AssignItem, "Olga", item=site.item, person=site.ids["Paul"])
    site.raised("2026-11-09 09:00", since="2026-11-09 08:00")
    (breach,) = breaches(site.register, at=at("2026-11-09 09:00"))
    assert (breach.owner, breach.accountable, breach.breached_at[:16]) == ("Olga", "Operations", "2026-11-04T09:00")
    assert (breach.limit, breach.used, breach.late_by) == (960, 5 * 480 - 1, 1439)
    assert (breach.raised_late, breach.until) == (True, "")


def test_until_a_handoff_is_accepted_its_sender_answered(site: Site) -> None:
    site.put("handoff", a_handoff(site, step="asked", state="accepted", ended_at=iso(at("2026-11-05 09:00"))))
    site.raised("2026-11-09 09:00")
    (breach,) = breaches(site.register, at=at("2026-11-09 09:00"))
    assert breach.accountable == "Olga (handed over, not accepted)"


def test_breaches_of_a_period_are_those_of_its_days(site: Site) -> None:
    site.raised("2026-11-09 09:00")
    now = at("2026-11-09 09:00")
    assert len(breaches(site.register, at=now, since="2026-11-04", until="2026-11-04")) == 1
    assert breaches(site.register, at=now, since="2026-11-05") == ()
    assert breaches(site.register, at=now, until="2026-11-03") == ()
