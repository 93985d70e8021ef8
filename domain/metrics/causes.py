"""Why late work is late: one cause for each item, with who is waited for and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final, Literal, get_args

import msgspec

from domain.act import Actor
from domain.calendar.sla import limit_of, step_clock
from domain.calendar.standing import StandingFilter
from domain.calendar.working_time import WorkingCalendar
from domain.identity import iso, parse_iso
from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.ports import Register
from domain.process.decode import decode_process
from domain.records.governance import Calendar
from domain.records.item import FINISHED
from domain.rules.category_choices import with_category
from domain.rules.deadlines import levels_asked
from domain.rules.facts import Facts, gather
from domain.rules.handoffs import offered
from domain.rules.judged_alone import Unjudged, alone
from domain.rules.next_action import next_actions
from domain.rules.people import name_of, who_can
from domain.rules.versions_carried import visible_categories

Cause = Literal["on_hold", "blocked", "handoff", "no_owner", "approval", "evidence", "work"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
"""In the order in which they are looked for: the first that holds is the item's cause."""
WORDS: Final[dict[Cause, Message]] = {
    "on_hold": Message("causes.words.on_hold"),
    "blocked": Message("causes.words.blocked"),
    "handoff": Message("causes.words.handoff"),
    "no_owner": Message("causes.words.no_owner"),
    "approval": Message("causes.words.approval"),
    "evidence": Message("causes.words.evidence"),
    "work": Message("causes.words.work"),
}


class LateItem(msgspec.Struct, frozen=True, kw_only=True):
    """One late item and its cause.

    `who` are the people waited for, in names; `what` says it in a sentence; `since` is from when on that has held
    (ISO UTC), `age` its working minutes. `late_by` are the working minutes beyond the step's time or the due day,
    whichever is more.
    """

    item: str
    number: str
    title: str
    process: str
    step: str
    owner: str
    due: str
    late_by: int
    cause: Cause
    who: str
    what: str
    since: str
    age: int


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """All late items at a moment (ISO UTC), those latest first; `unjudged` are those whose values make no sense."""

    at: str
    items: tuple[LateItem, ...]
    unjudged: tuple[Unjudged, ...] = ()

    def of(self, cause: Cause) -> tuple[LateItem, ...]:
        """Those with this cause."""
        return tuple(each for each in self.items if each.cause == cause)

    def counts(self) -> tuple[tuple[Cause, int], ...]:
        """How many items each cause has, in the order of `CAUSES`, without those that have none."""
        counted = ((cause, len(self.of(cause))) for cause in CAUSES)
        return tuple((cause, count) for cause, count in counted if count)


def lateness(register: Register, *, by: Actor, process: str = "") -> Lateness:
    """Every open or held item that is beyond its step's working time or its due day, with its cause."""
    failed: list[Unjudged] = []
    late: list[LateItem] = []
    for item in _candidates(register, by.at, process):
        late += alone(partial(_late, register, item, by), failed, id_=item)
    items = tuple(sorted(late, key=lambda each: (-each.late_by, each.number)))
    return Lateness(at=iso(by.at), items=items, unjudged=tuple(failed))


def _late(register: Register, item: str, by: Actor) -> Iterator[LateItem]:
    found = late_item(gather(register, item, by))
    if found is not None:
        yield found


def _candidates(register: Register, at: datetime, wanted: str) -> Iterator[str]:
    """Items that can be late: stops only delay, so whoever came to a step later than its time ago is not."""
    calendar = WorkingCalendar.of(next(iter(register.all_of(Calendar)), None))
    today = calendar.day_of(at)
    seen: set[str] = set()
    for version in register.process_versions():
        if wanted and version.process != wanted:
            continue
        process = decode_process(version.definition)
        asked = [StandingFilter(process_version=version.id, due_until=today)]
        timed = [each for each in visible_categories(register, process, today) if each.sla_days]
        for step in process.steps:
            limits = [
                limit_of(step, calendar),
                *(limit_of(with_category(process, each).step(step.id), calendar) for each in timed),
            ]
            limit = min(filter(None, limits), default=0)
            if limit:
                latest = iso(calendar.before(at, limit))
                asked.append(StandingFilter(process_version=version.id, step=step.id, since_until=latest))
        for each in asked:
            for standing in register.standing(each):
                if standing.item not in seen:
                    seen.add(standing.item)
                    yield standing.item


def late_item(facts: Facts) -> LateItem | None:
    """The item with its cause, or None when it is in time."""
    item, at = facts.file.item, facts.actor.at
    calendar = WorkingCalendar.of(facts.calendar)
    overdue = calendar.between(calendar.end_of(item.due), at) if item.due else 0
    past_due = bool(item.due) and calendar.end_of(item.due) <= at
    clock = step_clock(facts.file, facts.process, calendar, at)
    late_by = max(clock.late_by, overdue)
    if not late_by and not past_due:
        return None
    cause, who, what, since = _cause(facts)
    step = facts.process.step(item.step)
    return LateItem(
        item=item.id,
        number=item.number,
        title=item.title,
        process=item.process,
        step=step.title if step else item.step,
        owner=name_of(facts, item.owner) if item.owner else item.owner_name,
        due=item.due,
        late_by=late_by,
        cause=cause,
        who=who,
        what=what,
        since=since,
        age=calendar.between(parse_iso(since), at),
    )


def _cause(facts: Facts) -> tuple[Cause, str, str, str]:
    """Cause, who, what, since."""
    item, process = facts.file.item, facts.process
    if item.state == "on_hold":
        hold = item.hold or {}
        review = message("causes.review_on", hold=hold["review_on"]) if hold.get("review_on") else ""
        who = who_can(facts, process.hold.roles)
        return (
            "on_hold",
            who,
            message("causes.on_hold", reason=hold.get("reason", ""), review=review),
            hold.get("since") or item.step_since,
        )
    blockers = [each for each in facts.blockers if each.state not in FINISHED]
    ahead = _ahead(facts)
    if blockers and any(each.rule.startswith("blocked.") for each in ahead):
        first = blockers[0]
        more = message("causes.waits_for.more.and_more", count=len(blockers) - 1) if len(blockers) > 1 else ""
        due = message("causes.waits_for.due.due", due=first.due) if first.due else ""
        owner = name_of(facts, first.owner) if first.owner else message("causes.nobody_owns_it")
        return (
            "blocked",
            owner,
            message("causes.waits_for", number=first.number, title=first.title, due=due, more=more),
            first.link.created_at,
        )
    waiting = offered(facts)
    if waiting is not None:
        step = process.step(item.step)
        who = who_can(facts, (step.responsible,)) if step else ""
        sender = name_of(facts, waiting.sender)
        return "handoff", who, message("causes.handed_over_by_who", sender=sender), waiting.offered_at
    if not item.owner:
        step = process.step(item.step)
        who = who_can(facts, (step.accountable,)) if step else ""
        return "no_owner", who, message("causes.nobody_owns_it_whoever"), item.step_since
    asked = levels_asked(facts)
    if asked:
        first_asked = min(asked, key=lambda each: each.since)
        names = ", ".join(name_of(facts, person) for person in first_asked.candidates)
        who = names or who_can(facts, (first_asked.role,), without=frozenset({item.owner}))
        what = message("causes.level_has_to_sign", level=first_asked.level, role=process.role_title(first_asked.role))
        return "approval", who, what, iso(first_asked.since)
    missing = [each for each in ahead if each.rule.startswith("evidence.")]
    chosen: Obstacle | None = next(iter(missing or [each for each in ahead if each.rule != "right.missing"]), None)
    cause: Cause = "evidence" if missing else "work"
    what = chosen.text if chosen else message("causes.nothing_stands_in_the")
    return cause, (chosen.responsible if chosen else "") or name_of(facts, item.owner), what, item.step_since


def _ahead(facts: Facts) -> tuple[Obstacle, ...]:
    """What stands in the way onward: of the transitions to a later step, the one with the fewest obstacles."""
    places = {step.id: place for place, step in enumerate(facts.process.steps)}
    here = places.get(facts.file.item.step, 0)
    onward = [each.verdict.obstacles for each in next_actions(facts) if places.get(each.to_step, 0) > here]
    return min(onward, key=len, default=())
