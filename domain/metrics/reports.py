"""Late work, breaches and a digest as reports of tables."""

from __future__ import annotations

from domain.metrics.breaches import Breach
from domain.metrics.causes import WORDS, Lateness
from domain.metrics.digest import Digest
from domain.table_report import Table, TableReport


def working(minutes: int, day: int) -> str:
    """Working minutes in days and hours of the site: "3 d 2 h", "40 min". `day` is the minutes of a working day."""
    days, rest = divmod(minutes, day)
    hours, left = divmod(rest, 60)
    parts = [f"{days:,} d"] * bool(days) + [f"{hours} h"] * bool(hours)
    return " ".join(parts) or f"{left} min"


def moment(at: str) -> str:
    """An instant as people read it, in UTC: "2026-11-04 09:00"; "" for none."""
    return at[:16].replace("T", " ")


def late_report(found: Lateness, *, day: int, process: str = "", cause: str = "") -> TableReport:
    """Late work: a count of each cause, then each cause with its items."""
    counted = [(each, count) for each, count in found.counts() if cause in ("", each)]
    total = sum(count for _, count in counted)
    chosen = f"process {process}" if process else "all processes"
    overview = Table(
        heading="By cause",
        columns=(("Cause", 3), ("Items", 1), ("Share", 1)),
        rows=tuple((WORDS[each], f"{count:,}", f"{count * 100 // total} %") for each, count in counted),
    )
    columns = (("Item", 3), ("Step", 2), ("Owner", 2), ("Late by", 1), ("Waiting for", 2), ("For", 1), ("What", 4))
    tables = tuple(
        Table(
            heading=f"{WORDS[each]}: {count:,}",
            columns=columns,
            rows=tuple(
                (
                    f"{late.number} {late.title}",
                    late.step,
                    late.owner or "nobody",
                    working(late.late_by, day),
                    late.who,
                    working(late.age, day),
                    late.what,
                )
                for late in found.of(each)
            ),
        )
        for each, count in counted
    )
    shown = f"{chosen}, {WORDS[counted[0][0]].lower()}" if cause and counted else chosen
    return TableReport(
        title="Late work by cause",
        about="Work beyond its step's working time or its due day, each item under one cause.",
        facts=(
            ("Filter", f"open and held items, {shown}"),
            ("As of", f"{moment(found.at)} UTC"),
            ("Late", f"{total:,}"),
        ),
        tables=(overview, *tables),
    )


def breach_report(found: tuple[Breach, ...], *, day: int, at: str, since: str = "", until: str = "") -> TableReport:
    """Breaches of a step's time, step by step."""
    steps = sorted({(each.process, each.step) for each in found})
    overview = Table(
        heading="By step",
        columns=(("Process", 2), ("Step", 3), ("Breaches", 1), ("Still there", 1), ("Longest late", 1)),
        rows=tuple(
            (
                process,
                step,
                f"{len(here):,}",
                f"{sum(not each.until for each in here):,}",
                working(max(each.late_by for each in here), day),
            )
            for process, step in steps
            if (here := [each for each in found if (each.process, each.step) == (process, step)])
        ),
    )
    tables = tuple(
        Table(
            heading=f"{process}: {step}",
            columns=(
                ("Item", 3),
                ("Used up", 2),
                ("Left", 2),
                ("Late by", 1),
                ("Owner then", 2),
                ("Answered then", 2),
                ("Raised", 2),
            ),
            rows=tuple(
                (
                    f"{each.number} {each.title}",
                    moment(each.breached_at),
                    moment(each.until) or "still there",
                    working(each.late_by, day),
                    each.owner or "nobody",
                    each.accountable,
                    f"late, {moment(each.raised_at)}" if each.raised_late else "in time",
                )
                for each in found
                if (each.process, each.step) == (process, step)
            ),
        )
        for process, step in steps
    )
    period = f"{since or 'the beginning'} to {until or 'today'}"
    return TableReport(
        title="Breaches of step times",
        about="Stays at a step that used up its working time, with who owned the item and who answered for it then.",
        facts=(
            ("Filter", f"time used up from {period}"),
            ("As of", f"{moment(at)} UTC"),
            ("Breaches", f"{len(found):,}"),
        ),
        tables=(overview, *tables),
    )


def digest_report(digest: Digest) -> TableReport:
    """The digest of one person."""
    return TableReport(
        title="Daily digest",
        about=f"What {digest.person} should hear of and has to do.",
        facts=(("For", digest.person), ("As of", f"{moment(digest.at)} UTC"), ("Roles", ", ".join(digest.roles))),
        tables=(
            Table(
                heading="Alerts not seen",
                columns=(("Came true", 2), ("Item", 3), ("What", 5), ("For", 2), ("", 2)),
                rows=tuple(
                    (moment(each.at), each.subject, each.text, each.addressed, "raised late" if each.late else "")
                    for each in digest.alerts
                ),
            ),
            Table(
                heading="Signatures asked of you",
                columns=(("Since", 2), ("Item", 4), ("Meaning", 5)),
                rows=tuple(
                    (moment(each.since), f"{each.number} {each.title}", each.meaning) for each in digest.decisions
                ),
            ),
            Table(
                heading="Your work that is due",
                columns=(("Due", 1), ("Item", 5), ("", 1)),
                rows=tuple(
                    (each.due, f"{each.number} {each.title}", "overdue" if each.overdue else "") for each in digest.due
                ),
            ),
        ),
    )
