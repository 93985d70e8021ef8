"""Waiting, cancelling, extending, excepting, closing and coming back, typed; with everything refused on the way."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from request_site import RequestSite, make_site

DISPOSITIONS = ("--disposition", "actions=dropped", "--disposition", "told=Wim and the customer")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    with pytest.MonkeyPatch.context() as patch:
        make_site(folder, patch)
    return folder


@pytest.fixture
def site(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RequestSite:
    return RequestSite(made_once, tmp_path, monkeypatch)


def text_of(printout: Path) -> str:
    pages = pypdfium2.PdfDocument(printout.read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


def alerts(site: RequestSite, name: str) -> set[str]:
    return {str(one["condition"]) for one in site.type(name, "alerts list")}


def test_a_blocked_item_is_asked_about_waived_held_replaced_and_freed(site: RequestSite) -> None:
    seal, item = site.new("Order a seal", owner="Wim", due="2027-02-26"), site.begun("Fix the pump")
    site.proven(item)
    site.type("Olga", "item link", item, seal)
    assert site.refused("Olga", "item link", item, item) == {"link.itself"}
    assert site.refused("Wim", "item link", seal, item) == {"link.cycle"}
    output = site.typed("Olga", "item can", item, "move_item", "step=checking")
    (obstacle,) = output.json()["obstacles"]
    assert (output.code, output.json()["process_version"]) == (1, "work@1")
    assert (obstacle["rule"], obstacle["responsible"]) == ("blocked.open", "Wim")
    for word in (seal, "Order a seal", "Wim", "due 2027-02-26", "3 days late"):
        assert word in obstacle["text"]
    assert site.refused("Olga", "item move", item, "checking") == {"blocked.open"}

    # Asked: the question stands on the other's item, in their list.
    site.type("Olga", "item ask-blocker", item, seal, "When does it come?")
    (question,) = site.type("Wim", "item show", seal)["questions"]
    assert question["asked_of"] == site.type("Wim", "item show", seal)["owner_id"]
    chain = site.type("Olga", "item chain", item)
    assert [(one["number"], one["owner"], one["critical"]) for one in chain] == [
        (item, "Olga", True),
        (seal, "Wim", True),
    ]

    # Held, with a day to look again.
    assert site.refused("Olga", "item hold", item, "--reason", "No seal") == {"hold.review"}
    hold = ("--reason", "No seal", "--review-on", "2027-03-10", "--waiting-for", seal)
    site.type("Olga", "item hold", item, *hold)
    site.type("Olga", "item resume", item, "--reason", "The customer presses")
    (rest,) = site.type("Olga", "item show", item)["holds"]
    assert (rest["stops_clock"], rest["waiting_for"], bool(rest["until"])) == ("yes", seal, True)

    # Waived by who carries the risk, until a day, and red again after it.
    ask = ("--rule", "blocked.open", "--reason", "Test run", "--risk", "It drips", "--until")
    assert site.refused("Olga", "item request-acceptance", item, *ask, "2027-12-31") == {"risk_acceptance.day"}
    site.type("Olga", "item request-acceptance", item, *ask, "2027-03-10")
    assert "right.missing" in site.refused("Olga", "item accept-risk", item, "--accept")
    site.type("Rita", "item accept-risk", item, "--accept")
    output = site.typed("Olga", "item can", item, "move_item", "step=checking")
    assert (output.code, [one["kind"] for one in output.json()["passed"]]) == (0, ["risk_acceptance"])
    site.at = "2027-03-11T09:00Z"
    assert site.refused("Olga", "item move", item, "checking") == {"blocked.open"}

    # Cancelled: nobody is freed until they decide again.
    site.type("Wim", "item ask-cancel", seal, "--reason", "Supplier is gone", "--code", "not_needed", *DISPOSITIONS)
    site.type("Lea", "item decide", seal, "--approve")
    shown = site.type("Olga", "item show", item)
    assert (shown["step"], shown["obligations"][0]["kind"]) == ("doing", "re_decide_blocker")
    assert site.refused("Olga", "item move", item, "checking") == {"blocked.cancelled"}
    instead = site.begun("Make a seal", owner="Olga")
    assert site.refused("Olga", "item replace-link", item, seal, instead) == {"reason.missing"}
    site.type("Olga", "item replace-link", item, seal, instead, "--reason", "Made here")
    assert site.type("Olga", "item show", item)["obligations"][0]["state"] == "met"
    assert site.refused("Olga", "item move", item, "checking") == {"blocked.open"}

    # Closed: it is freed and does not move by itself.
    site.proven(instead)
    site.submitted(instead)
    site.type("Lea", "item set", instead, "--reason", "Seen anew", "verdict=good")
    site.type("Lea", "close", instead, "--outcome", "reached")
    assert site.type("Olga", "item show", item)["step"] == "doing"
    assert "unblocked" in alerts(site, "Lea")
    site.submitted(item)
    site.intact()


def test_work_ends_without_its_outcome_and_stays_counted_found_and_printed(site: RequestSite) -> None:
    item, waiting = site.begun("Paint the gate"), site.begun("Hang the gate")
    site.type("Olga", "item link", waiting, item)
    code = ("--reason", "Bought a new one", "--code")
    assert site.refused("Olga", "item ask-cancel", item, *code, "fun", *DISPOSITIONS) == {"cancel.code"}
    assert site.refused("Olga", "item ask-cancel", item, *code, "duplicate") == {"cancel.disposition"}
    assert "right.missing" in site.refused("Wim", "item ask-cancel", item, *code, "duplicate", *DISPOSITIONS)
    assert "cancel.request_first" in site.refused("Lea", "item cancel", item, *code, "duplicate")
    site.type("Olga", "item ask-cancel", item, *code, "duplicate", *DISPOSITIONS)
    assert "request.open" in site.refused("Olga", "item move", item, "checking")
    assert "right.missing" in site.refused("Olga", "item decide", item, "--approve")
    assert site.refused("Lea", "item decide", item, "--reject") == {"reason.missing"}
    site.type("Lea", "item decide", item, "--reject", "--reason", "The old one is fine")
    assert site.type("Olga", "item show", item)["state"] == "open"
    site.type("Olga", "item ask-cancel", item, *code, "not_needed", *DISPOSITIONS)
    site.type("Lea", "item decide", item, "--approve")

    shown = site.type("Quinn", "item show", item)
    assert (shown["state"], shown["next"]) == ("cancelled", [])
    assert site.refused("Lea", "item set", item, "title=x") == {"item.cancelled"}
    assert site.refused("Lea", "item reopen", item, "--reason", "x") == {"item.cancelled"}
    assert [one["number"] for one in site.type("Quinn", "item list", "--state", "cancelled")] == [item]
    assert [one["number"] for one in site.type("Quinn", "item list", "--search", "Paint")] == [item]
    printout = site.folder / "cancelled.pdf"
    site.type("Quinn", "pack make", item, "--out", printout)
    site.verified(printout)
    text = text_of(printout)
    for words in (
        "Cancelled: ended without its outcome",
        "not_needed: Bought a new one",
        "Wim and the customer",
        "dropped",
    ):
        assert words in text
    assert "NOT met" not in text
    assert site.refused("Olga", "item move", waiting, "checking") >= {"blocked.cancelled"}
    assert site.type("Olga", "item show", waiting)["obligations"][0]["state"] == "open"
    assert "blocker_cancelled" in alerts(site, "Lea")
    site.intact()


def test_a_finding_is_not_cancelled_by_whom_it_was_raised_against(site: RequestSite) -> None:
    fields = ("title=No calibration", "description=Balance B3", "severity=major")
    finding = site.type("Wim", "item new", "--process", "audit_finding", *fields)["number"]
    site.type("Lea", "item assign", finding, "Olga")
    words = (
        "--reason",
        "We disagree",
        "--code",
        "raised_in_error",
        "--disposition",
        "evidence=kept",
        "--disposition",
        "actions=none_open",
    )
    assert "right.missing" in site.refused("Olga", "item ask-cancel", finding, *words)
    site.type("Wim", "item ask-cancel", finding, *words)
    assert "right.missing" in site.refused("Olga", "item decide", finding, "--approve")
    site.type("Lea", "item decide", finding, "--approve")
    assert site.type("Olga", "item show", finding)["state"] == "cancelled"


def test_an_exception_passes_a_gate_by_its_number_and_ends_with_its_day(site: RequestSite) -> None:
    item, other = site.begun("Weld the frame"), site.begun("Weld the door")
    assert site.refused("Olga", "item move", item, "checking") == {"evidence.missing"}
    exception = granted(site, "2027-03-12", f"item={item}")
    output = site.typed("Olga", "item can", item, "move_item", "step=checking").json()
    assert [(one["kind"], one["number"], one["until"]) for one in output["passed"]] == [
        ("exception", exception, "2027-03-12")
    ]
    assert output["passed"][0]["text"].startswith(f"Passed by exception {exception} until 2027-03-12")
    assert site.refused("Olga", "item move", other, "checking") == {"evidence.missing"}, "it names one item"
    site.at = "2027-03-09T09:00Z"
    assert "exception_ending" in alerts(site, "Ruth"), "shown before it ends"
    site.at = "2027-03-13T09:00Z"
    assert site.refused("Olga", "item move", item, "checking") == {"evidence.missing"}
    for each in (other, site.begun("Weld the roof")):
        granted(site, "2027-04-30", f"item={each}")
    assert "exceptions" in alerts(site, "Ruth"), "three of a rule propose to change the process"
    (count,) = site.type("Lea", "report exceptions", "--process", "work")["items"]
    assert (count["rule"], count["granted"], count["in_force"], count["proposes_change"]) == (
        "evidence.missing", 3, 2, True,
    )  # fmt: skip
    site.type("Olga", "item move", other, "checking")
    (link,) = site.type("Olga", "item show", other)["links"]
    assert (link["kind"], link["reason"]) == ("passed_by", "evidence.missing:proof@doing->checking")
    site.intact()


def granted(site: RequestSite, until: str, *more: str) -> str:
    fields = ("title=Without a photo", "description=No camera", "severity=low", "rule=evidence.missing", "process=work")
    words = ("reason=No camera", "risk=Hidden leak", "measure=Second look", f"expires_on={until}", *more)
    number = str(site.type("Quinn", "item new", "--process", "exception", *fields, *words)["number"])
    site.type("Ruth", "item assign", number, "Rex")
    site.type("Rex", "item move", number, "assessment")
    printout = site.folder / f"risk of {number}.txt"
    printout.write_text(f"Looked at for {number}", encoding="utf-8")
    site.type("Rex", "evidence add", number, printout, "--requirement", "risk_assessment")
    site.type("Ron", "evidence review", number, printout.name, "--accept")
    site.type("Ruth", "approve", number)
    site.type("Ron", "approve", number)
    site.type("Ron", "item move", number, "in_force")
    return number


def test_a_locked_day_moves_by_extension_and_all_days_are_printed(site: RequestSite) -> None:
    item = site.begun("Lay the cable", due="2027-03-20")
    for name in ("Olga", "Lea", "Wim"):
        assert site.refused(name, "item set", item, "--reason", "Frost", "due=2027-06-01") == {"due.locked"}
    assert "due.locked" in site.refused("Olga", "item change", item, "due=2027-06-01", "--reason", "x")
    assert site.refused("Olga", "item extend", item, "2027-04-10", "--reason", "Frost") == {"reason.missing"}
    words = ("--reason", "Frost", "--risk", "A lamp until then")
    assert site.refused("Olga", "item extend", item, "2027-03-19", *words) == {"extension.day"}
    for day in ("2027-04-10", "2027-05-10"):
        site.type("Olga", "item extend", item, day, *words)
        assert "right.missing" in site.refused("Olga", "item decide", item, "--approve")
        site.type("Lea", "item decide", item, "--approve")
    site.type("Olga", "item extend", item, "2027-06-10", *words)
    assert "right.missing" in site.refused("Lea", "item decide", item, "--approve"), "the third asks more"
    site.type("Bo", "item decide", item, "--approve")
    days = [one["day"] for one in site.type("Quinn", "item dues", item)]
    assert days == ["2027-03-20", "2027-04-10", "2027-05-10", "2027-06-10"]
    site.type("Olga", "item change", item, "plan=Armoured cable", "--reason", "Rats")
    assert site.type("Olga", "item show", item)["values"]["plan"] == "New seal"
    site.type("Lea", "item decide", item, "--approve")
    assert site.type("Olga", "item show", item)["values"]["plan"] == "Armoured cable"
    site.proven(item)
    site.submitted(item)
    site.type("Lea", "item set", item, "--reason", "Seen anew", "verdict=good")
    printout = site.folder / "closed.pdf"
    site.type("Lea", "close", item, "--outcome", "reached", "--pack", printout)
    site.verified(printout)
    text = text_of(printout)
    for words_ in (*days, "outside the normal path", "A lamp until then", "Armoured cable", "Handoffs"):
        assert words_ in text
    assert text.count("(by an extension)") == 3
    site.intact()


def test_work_closes_by_its_standard_and_in_part_only_with_what_carries_the_rest(site: RequestSite) -> None:
    item, more = site.begun("Seal the roof"), site.new("Seal the gutter")
    site.type("Olga", "item link", item, more)
    waive = ("--reason", "Rain", "--risk", "Drips at the edge", "--until", "2027-03-15", "--rule", "blocked.open")
    site.type("Olga", "item request-acceptance", item, *waive)
    site.type("Rita", "item accept-risk", item, "--accept")
    site.proven(item)
    site.submitted(item)
    assert site.refused("Lea", "close", item, "--outcome", "reached") == {"field.missing", "condition.outcome"}
    site.type("Lea", "item set", item, "--reason", "Seen anew", "verdict=bad")
    assert site.refused("Lea", "close", item, "--outcome", "partly") == {"field.missing", "close.follow_up"}
    site.type("Wim", "item set", item, "--reason", "Seen anew", "residual=Drips at the edge")
    site.type("Olga", "item link", more, item, "--kind", "follow_up_of")
    assert "right.missing" in site.refused("Olga", "close", item, "--outcome", "partly")
    printout = site.folder / "partly.pdf"
    site.type("Lea", "close", item, "--outcome", "partly", "--pack", printout)
    site.verified(printout)
    text = text_of(printout)
    for words in (
        "Closure standard met",
        "Partly",
        "Risk acceptances",
        "Drips at the edge",
        "Accepted by Rita",
        f"Blocked by {more}",
    ):
        assert words in text
    site.intact()


def test_what_comes_back_begins_a_new_cycle_and_the_first_closure_stays(site: RequestSite) -> None:
    item = site.begun("Balance the fan")
    site.proven(item)
    site.submitted(item)
    site.type("Lea", "item set", item, "--reason", "Seen anew", "verdict=bad")
    site.type("Lea", "item move", item, "doing", "--reason", "Still hums")
    assert site.type("Lea", "item show", item)["cycle"] == 2
    assert site.refused("Olga", "item move", item, "checking") == {"evidence.missing"}
    site.at = "2027-03-02T09:00Z"
    site.proven(item)
    site.submitted(item)
    site.type("Lea", "item set", item, "--reason", "Seen anew", "verdict=good")
    first = site.folder / "first.pdf"
    site.type("Lea", "close", item, "--outcome", "reached", "--pack", first)
    site.at = "2027-08-02T09:00Z"
    assert "right.missing" in site.refused("Olga", "item reopen", item, "--reason", "Hums again")
    assert site.refused("Lea", "item reopen", item) == {"reason.missing"}
    site.type("Lea", "item reopen", item, "--reason", "Hums again")
    shown = site.type("Lea", "item show", item)
    assert (shown["cycle"], shown["state"], len(shown["closures"]), len(shown["packs"])) == (3, "open", 1, 1)
    assert "cycle" in alerts(site, "Lea"), "the third cycle is reported"
    site.verified(first)
    period = ("--process", "work", "--from", "2027-01-01", "--to", "2027-12-31")
    rate = site.type("Quinn", "report reopened", *period)
    assert (rate["closed"], rate["reopened"], rate["percent"]) == (1, 1, "100.0")
    again = site.folder / "again.pdf"
    site.type("Quinn", "pack make", item, "--out", again)
    assert "Cycle 3 began at Doing" in text_of(again)
    site.intact()
