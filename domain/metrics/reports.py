"""Late work, breaches and a digest as reports of tables."""

from __future__ import annotations

from domain.messages import message
from domain.metrics.breaches import Breach
from domain.metrics.causes import WORDS, Lateness
from domain.metrics.digest import Digest
from domain.table_report import Table, TableReport


def working(minutes: int, day: int) -> str:
    """Working minutes in days and hours of the site: "3 d 2 h", "40 min". `day` is the minutes of a working day."""
    days, rest = divmod(minutes, day)
    hours, left = divmod(rest, 60)
    parts = [f"{days:,} d"] * bool(days) + [f"{hours} h"] * bool(hours)
    return " ".join(parts) or message("reports.min", left=left)


def moment(at: str) -> str:
    """An instant as people read it, in UTC: "2026-11-04 09:00"; "" for none."""
    return at[:16].replace("T", " ")


def late_report(
    found: Lateness, *, day: int, process: str = "", cause: str = "", since: str = "", until: str = ""
) -> TableReport:
    """Late work: a count of each cause, then each cause with its items. `since` and `until` (ISO days, "" = any) say
    which due days were asked for.
    """
    counted = [(each, count) for each, count in found.counts() if cause in ("", each)]
    total = sum(count for _, count in counted)
    chosen = message("reports.process.29", process=process) if process else message("reports.all_processes")
    overview = Table(
        heading=message("reports.by_cause"),
        columns=((message("reports.cause"), 3), (message("reports.items"), 1), (message("reports.share"), 1)),
        rows=tuple((str(WORDS[each]), f"{count:,}", f"{count * 100 // total} %") for each, count in counted),
    )
    columns = (
        (message("reports.item"), 3),
        (message("reports.step"), 2),
        (message("reports.owner"), 2),
        (message("reports.late_by"), 1),
        (message("reports.waiting_for"), 2),
        (message("reports.for"), 1),
        (message("reports.what"), 4),
    )
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
    shown = f"{chosen}, {str(WORDS[counted[0][0]]).lower()}" if cause and counted else chosen
    if since or until:
        first, last = since or message("reports.the_beginning"), until or message("reports.today")
        shown = message("reports.due_in_period", shown=shown, since=first, until=last)
    return TableReport(
        title=message("reports.late_work_by_cause"),
        about=message("reports.work_beyond_its_step"),
        facts=(
            (message("reports.filter"), message("reports.open_and_held_items", shown=shown)),
            (message("reports.as_of"), message("reports.utc", moment=moment(found.at))),
            (message("reports.late"), f"{total:,}"),
        ),
        tables=(overview, *tables),
    )


def breach_report(found: tuple[Breach, ...], *, day: int, at: str, since: str = "", until: str = "") -> TableReport:
    """Breaches of a step's time, step by step."""
    steps = sorted({(each.process, each.step) for each in found})
    overview = Table(
        heading=message("reports.by_step"),
        columns=(
            (message("reports.process"), 2),
            (message("reports.step"), 3),
            (message("reports.breaches"), 1),
            (message("reports.still_there"), 1),
            (message("reports.longest_late"), 1),
        ),
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
                (message("reports.item"), 3),
                (message("reports.used_up"), 2),
                (message("reports.left"), 2),
                (message("reports.late_by"), 1),
                (message("reports.owner_then"), 2),
                (message("reports.answered_then"), 2),
                (message("reports.raised"), 2),
            ),
            rows=tuple(
                (
                    f"{each.number} {each.title}",
                    moment(each.breached_at),
                    moment(each.until) or message("reports.still_there.101"),
                    working(each.late_by, day),
                    each.owner or "nobody",
                    each.accountable,
                    message("reports.late.120", moment=moment(each.raised_at))
                    if each.raised_late
                    else message("reports.in_time"),
                )
                for each in found
                if (each.process, each.step) == (process, step)
            ),
        )
        for process, step in steps
    )
    period = message(
        "reports.time_used_up_from.period",
        since=since or message("reports.the_beginning"),
        until=until or message("reports.today"),
    )
    return TableReport(
        title=message("reports.breaches_of_step_times"),
        about=message("reports.stays_at_a_step"),
        facts=(
            (message("reports.filter"), message("reports.time_used_up_from", period=period)),
            (message("reports.as_of"), message("reports.utc", moment=moment(at))),
            (message("reports.breaches"), f"{len(found):,}"),
        ),
        tables=(overview, *tables),
    )


def digest_report(digest: Digest) -> TableReport:
    """The digest of one person."""
    return TableReport(
        title=message("reports.daily_digest"),
        about=message("reports.what_should_hear_of", person=digest.person),
        facts=(
            (message("reports.for"), digest.person),
            (message("reports.as_of"), message("reports.utc", moment=moment(digest.at))),
            (message("reports.roles"), ", ".join(digest.roles)),
        ),
        tables=(
            Table(
                heading=message("reports.alerts_not_seen"),
                columns=(
                    (message("reports.came_true"), 2),
                    (message("reports.item"), 3),
                    (message("reports.what"), 5),
                    (message("reports.for"), 2),
                    ("", 2),
                ),
                rows=tuple(
                    (
                        moment(each.at),
                        each.subject,
                        each.text,
                        each.addressed,
                        message("reports.raised_late") if each.late else "",
                    )
                    for each in digest.alerts
                ),
            ),
            Table(
                heading=message("reports.signatures_asked_of_you"),
                columns=((message("reports.since"), 2), (message("reports.item"), 4), (message("reports.meaning"), 5)),
                rows=tuple(
                    (moment(each.since), f"{each.number} {each.title}", each.meaning) for each in digest.decisions
                ),
            ),
            Table(
                heading=message("reports.your_work_that_is"),
                columns=((message("reports.due"), 1), (message("reports.item"), 5), ("", 1)),
                rows=tuple(
                    (each.due, f"{each.number} {each.title}", "overdue" if each.overdue else "") for each in digest.due
                ),
            ),
        ),
    )
