"""A digest as a file in the format somebody can use: paper, text, calendar entries, a mail that is ready to send.

Nothing is sent from here: the files are handed to whatever program the person uses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from domain.days import day_in
from domain.identity import parse_iso
from domain.messages import message
from domain.metrics.digest import Digest
from domain.metrics.reports import digest_report
from domain.table_report import TableReport, report_text

FORMATS: Final = ("pdf", "ics", "eml", "txt")
_PRODUCT = "-//Countersign//Digest//EN"


def digest_file(digest: Digest, kind: str, *, vault: str, print_report: Callable[[TableReport], bytes]) -> bytes:
    """The bytes of the digest as `kind`, one of `FORMATS`. `vault` is its id, which makes calendar entries its own."""
    if kind == "pdf":
        return print_report(digest_report(digest))
    if kind == "ics":
        return calendar_of(digest, vault=vault)
    if kind == "eml":
        return mail_of(digest, vault=vault)
    return report_text(digest_report(digest)).encode()


def calendar_of(digest: Digest, *, vault: str) -> bytes:
    """Due work as whole-day entries (RFC 5545). A later digest updates them: an item keeps its entry."""
    from icalendar import Calendar, Event  # noqa: PLC0415 (slow to import and rarely needed)

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    stamp = parse_iso(digest.at)
    for line in digest.due:
        day = day_in(line.due)
        if day is None:  # no calendar can show it; the digest itself does
            continue
        event = Event()
        event.add("uid", f"{line.item}@{vault}")
        event.add("dtstamp", stamp)
        event.add("sequence", int(stamp.timestamp()) // 60)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", f"{line.number} {line.title}")
        event.add("transp", "TRANSPARENT")
        event.add("description", message("Overdue.") if line.overdue else message("Due."))
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def mail_of(digest: Digest, *, vault: str) -> bytes:
    """A mail draft (RFC 5322) without addresses: text, with the calendar entries attached if there are any."""
    mail = EmailMessage(policy=SMTP)
    count = len(digest.alerts) + len(digest.decisions)
    mail["Subject"] = message(
        "Digest {at}: {count} to look at, {count_2} due", at=digest.at[:10], count=count, count_2=len(digest.due)
    )
    mail["Date"] = parse_iso(digest.at)
    mail["X-Unsent"] = "1"
    mail.set_content(report_text(digest_report(digest)))
    if digest.due:
        mail.add_attachment(calendar_of(digest, vault=vault), maintype="text", subtype="calendar", filename="due.ics")
    return mail.as_bytes()
