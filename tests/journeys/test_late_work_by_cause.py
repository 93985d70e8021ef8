"""The dashboard's logic by command: twelve days on, each late request says why it is late, and for whom it waits."""

from __future__ import annotations

from typing import Any

import pikepdf
from service_site import FIRST_ADMIN, MONDAY, Site, site

__all__ = ["site"]
NOW = "2027-03-12T12:00Z"


def request(site: Site, title: str, *, owner: str = "Olaf Operations") -> str:
    new = ("--process", "service_request", f"title={title}", "description=For line 3", "priority=high")
    item = site.type(f"{MONDAY}09:00Z", "Rita Requester", "item new", *new)["number"]
    given = ("category=equipment", "needed_for=Line 3", "justification=Worn.", "cost=12.00 EUR", "due=2027-03-10")
    site.type(f"{MONDAY}09:30Z", "Sue Desk", "item set", item, "--reason", "Seen anew", *given)
    if owner:
        site.type(f"{MONDAY}09:31Z", "Sue Desk", "item assign", item, owner)
    return str(item)


def test_what_is_late_opens_by_cause_and_prints_with_filter_time_and_chain_head(site: Site) -> None:
    unowned = request(site, "Nobody's", owner="")
    asked = request(site, "To be approved")
    held = request(site, "Held")
    blocked = request(site, "Blocked")
    unproven = request(site, "Without its quote")
    for item in (asked, unproven):
        site.type(f"{MONDAY}10:00Z", "Sue Desk", "item move", item, "assessed")
    site.type(f"{MONDAY}11:00Z", "Bea Budget", "approve", unproven)
    site.type(f"{MONDAY}12:00Z", "Sue Desk", "item move", unproven, "approved")
    site.type(f"{MONDAY}12:30Z", "Olaf Operations", "item accept", unproven)
    hold = ("--reason", "Supplier on strike", "--review-on", "2027-03-15")
    site.type(f"{MONDAY}13:00Z", "Sue Desk", "item hold", held, *hold)
    site.type(f"{MONDAY}13:00Z", "Sue Desk", "item link", blocked, asked, "--reason", "Same crane")

    late = site.type(NOW, "Sue Desk", "report late")
    assert late["causes"] == {"on_hold": 1, "blocked": 1, "no_owner": 1, "approval": 1, "evidence": 1}
    found: dict[str, Any] = {each["number"]: each for each in late["items"]}
    assert {number: each["cause"] for number, each in found.items()} == {
        unowned: "no_owner",
        asked: "approval",
        held: "on_hold",
        blocked: "blocked",
        unproven: "evidence",
    }
    assert (found[asked]["who"], found[asked]["since"][:16], found[asked]["age_minutes"]) == (
        "Bea Budget",
        "2027-03-01T10:00",
        9 * 480 + 120,
    )
    assert found[blocked]["who"] == "Olaf Operations"
    assert asked in found[blocked]["what"]
    assert "Supplier on strike; review on 2027-03-15" in found[held]["what"]
    assert "Quote" in found[unproven]["what"]
    assert found[unowned]["who"] == "Sue Desk"
    assert late["checkpoint"].splitlines()[1].isdigit()

    printout = site.folder / "late.pdf"
    one = site.type(NOW, "Sue Desk", "report late", "--cause", "approval", "--pdf", printout)
    assert (one["causes"], [each["number"] for each in one["items"]]) == ({"approval": 1}, [asked])
    with pikepdf.open(printout) as pdf:
        assert len(pdf.pages) >= 1
    assert site.type(NOW, "Sue Desk", "report late", "--process", "capa")["items"] == []
    assert site.type(NOW, "Sue Desk", "report late", "--cause", "laziness", fails=2)["kind"] == "UsageProblem"

    # The clock of the step: the hold stands outside it, the due day does not.
    clock = site.type(NOW, "Sue Desk", "item show", held)["clock"]
    assert (clock["limit_minutes"], clock["used_minutes"], clock["stopped"], clock["due_at"]) == (
        240,
        240,
        True,
        "2027-03-01T13:00:00.000Z",
    )
    assert site.type(NOW, "Sue Desk", "item show", asked)["clock"]["late_by_minutes"] == 8 * 480 + 120
    assert site.type(NOW, FIRST_ADMIN, "log verify")["intact"] is True
