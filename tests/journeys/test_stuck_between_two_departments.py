"""Work stuck between two departments while the program is closed for a week: who is reported, and who answers."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pikepdf
from icalendar import Calendar
from service_site import A_WEEK_LATER, FIRST_ADMIN, MONDAY, TUESDAY, Site, site

__all__ = ["site"]


def offered(site: Site) -> str:
    """A request that was approved and handed over to operations on Tuesday at ten; nobody takes it."""
    new = ("--process", "service_request", "title=New press brake", "description=For line 3", "priority=high")
    item = site.type(f"{MONDAY}09:00Z", "Rita Requester", "item new", *new)["number"]
    given = ("category=equipment", "needed_for=Line 3", "justification=The old one is worn.", "cost=120000.00 EUR")
    site.type(f"{MONDAY}09:30Z", "Sue Desk", "item set", item, "--reason", "Seen anew", *given, "due=2027-03-12")
    site.type(f"{MONDAY}09:31Z", "Sue Desk", "item move", item, "assessed")
    site.type(f"{MONDAY}09:32Z", "Sue Desk", "item assign", item, "Olaf Operations")
    site.type(f"{MONDAY}11:00Z", "Bea Budget", "approve", item)
    site.type(f"{TUESDAY}10:00Z", "Sue Desk", "item move", item, "approved")
    return str(item)


def test_a_week_of_silence_is_shown_at_its_true_times_and_the_sender_answers_for_it(site: Site) -> None:
    item = offered(site)
    back = f"{A_WEEK_LATER}10:00Z"

    # The program was closed: the alerts raised meanwhile is put on record with its own time.
    output = site.type(back, "Olaf Operations", "alerts list")
    found = {(each["condition"], each["escalation_level"]): each["at"][:16] for each in output}
    assert found == {
        ("handoff_late", ""): "2027-03-03T10:00",
        ("sla", "75"): "2027-03-03T14:00",
        ("sla", "100"): "2027-03-04T10:00",
        ("due", ""): "2027-03-09T00:00",
    }
    assert {each["late"] for each in output} == {True}
    assert {each["raised_at"][:16] for each in output} == {"2027-03-09T10:00"}
    size = site.type(back, "Olaf Operations", "log checkpoint")["size"]
    assert site.type(back, "Olaf Operations", "alerts list") == output
    assert site.type(back, "Olaf Operations", "log checkpoint")["size"] == size, "nothing is raised twice"
    higher = site.type(back, "Sue Desk", "alerts list")
    assert [(each["escalation_level"], each["at"][:16]) for each in higher] == [("100+2", "2027-03-08T10:00")]

    # Who answers, and why nothing moves.
    late = site.type(back, "Sue Desk", "report late")
    assert late["causes"] == {"handoff": 1}
    assert (late["items"][0]["number"], late["items"][0]["who"]) == (item, "Olaf Operations")
    assert "Sue Desk, who answers for it" in late["items"][0]["what"]
    printout = site.folder / "breaches.pdf"
    breaches = site.type(back, "Sue Desk", "report breaches", "--pdf", printout, "--purpose", "Steering committee")
    (breach,) = breaches["items"]
    assert (breach["step"], breach["owner"]) == ("Ready for work", "Olaf Operations")
    assert breach["accountable"] == "Sue Desk (handed over, not accepted)"
    assert (breach["raised_late"], breach["late_by_minutes"]) == (True, 3 * 480)
    with pikepdf.open(printout) as pdf:
        assert len(pdf.pages) >= 1
    assert site.type(back, "Sue Desk", "report breaches", "--from", "2027-03-05")["items"] == []

    # The digest is a file, never a message that is sent; each file is on record.
    for kind in ("pdf", "ics", "eml", "txt"):
        out = site.folder / f"digest.{kind}"
        assert site.type(back, "Olaf Operations", "alerts digest", "--out", out, "--format", kind)["on_record"] is True
    (event,) = Calendar.from_ical((site.folder / "digest.ics").read_bytes()).walk("VEVENT")
    assert (str(event["SUMMARY"]), event.decoded("DTSTART").isoformat()) == (f"{item} New press brake", "2027-03-12")
    mail = message_from_bytes((site.folder / "digest.eml").read_bytes(), policy=default)
    assert "To" not in mail
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["text/calendar"]
    assert "raised late" in (site.folder / "digest.txt").read_text(encoding="utf-8")
    exported = [each for each in site.type(back, "Olaf Operations", "log list") if each["act"] == "record_export"]
    assert len(exported) == 5

    # Only whom an alert is for says that it was seen.
    mine = next(each["id"] for each in output if each["mine"])
    refusal = site.type(back, "Petra Procurement", "alerts seen", mine, fails=5)
    assert [each["rule"] for each in refusal["obstacles"]] == ["alert.not_yours"]
    assert site.type(back, "Olaf Operations", "alerts seen", mine)["seen"] == 1
    assert mine not in {each["id"] for each in site.type(back, "Olaf Operations", "alerts list")}
    assert site.type(back, "Olaf Operations", "alerts seen", "nobody", fails=2)["kind"] == "UsageProblem"

    verdict = site.type(back, FIRST_ADMIN, "log verify")
    assert verdict["intact"] is True


def test_holidays_of_the_site_move_what_is_due(site: Site) -> None:
    refusal = site.type(f"{MONDAY}07:00Z", "Sue Desk", "calendar set", "--country", "DE", fails=5)
    assert [each["rule"] for each in refusal["obstacles"]] == ["right.missing"]
    wanted = ("--zone", "Europe/Berlin", "--hours", "8:00-16:00", "--country", "DE", "--subdivision", "BY")
    made = site.type(
        f"{MONDAY}07:00Z", FIRST_ADMIN, "calendar set", *wanted, "--years", "2027", "--reason", "Site hours"
    )
    days = {day for day, _ in made["free_days"]}
    assert {"2027-01-06", "2027-03-26", "2027-12-25"} <= days
    made = site.type(f"{MONDAY}07:01Z", FIRST_ADMIN, "calendar add-day", "2027-03-02", "Company day")
    assert ["2027-03-02", "Company day"] in made["free_days"]
    changed = site.type(f"{MONDAY}07:02Z", FIRST_ADMIN, "calendar set", "--country", "AT", "--years", "2027")
    assert "2027-10-26" in {day for day, _ in changed["free_days"]}, "the holidays of the other country"
    assert "2027-10-03" not in {day for day, _ in changed["free_days"]}, "and no more of the one before"
    assert ["2027-03-02", "Company day"] in changed["free_days"], "company days stay"
    for wrong in (("--hours", "17:00-09:00"), ("--weekdays", "8")):
        assert site.type(f"{MONDAY}07:03Z", FIRST_ADMIN, "calendar set", *wrong, fails=5)["kind"] == "Refused"
    for wrong in (
        ("--zone", "Mars/Olympus"),
        ("--country", "XX"),
        ("--hours", "nine to five"),
        ("--weekdays", "Mon"),
        ("--years", "2027"),
    ):
        assert site.type(f"{MONDAY}07:03Z", FIRST_ADMIN, "calendar set", *wrong, fails=2)["kind"] == "UsageProblem"

    new = ("--process", "service_request", "title=Chair", "description=Worn", "priority=low")
    site.type(f"{MONDAY}12:00Z", "Rita Requester", "item new", *new)
    alerts = site.type("2027-03-03T09:00Z", "Sue Desk", "alerts list")
    assert {each["escalation_level"]: each["at"][:16] for each in alerts if each["condition"] == "sla"} == {
        "100": "2027-03-03T08:00"
    }, "four working hours from Monday 13:00 in Berlin, with Tuesday free"
