"""What waits for one person at an item: signatures, requests and risks to decide, questions to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from domain.obstacle import Obstacle
from domain.ports import WaitingApproval
from domain.records.item import ENDED
from domain.rules import requests, risk_acceptances
from domain.rules.approvals import gate_title
from domain.rules.facts import Facts
from domain.rules.holding import on_hold
from domain.rules.next_action import pending_approvals
from domain.rules.passed_obstacles import verdict_on
from domain.rules.people import name_of
from domain.rules.requests import asked as requests_asked
from domain.rules.requests import decider_of
from domain.rules.rights import role_used

_STATED = "…"


def waiting_for_actor(facts: Facts) -> tuple[WaitingApproval, ...]:
    """Every decision on this item that waits for the actor, in their right or as somebody's delegate."""
    return (*_signatures(facts), *_requests(facts), *_risk_acceptances(facts), *_questions(facts))


def awaited_from_others(facts: Facts) -> tuple[WaitingApproval, ...]:
    """What this item of the actor waits for from other people: signatures, decisions and answers, with their names."""
    person = facts.actor.person
    found = [
        _line(
            facts,
            gate=each.gate,
            from_step=each.from_step,
            to_step=each.to_step,
            level=each.level,
            meaning=each.meaning,
            since=each.asked_at,
            kind=each.kind,
            due_at=each.due_at,
            late=each.late,
            reason=each.reason,
            awaited=_names(facts, each.candidates) or facts.process.role_title(each.role),
        )
        for each in pending_approvals(facts)
        if not each.open_to(person)
    ]
    for request in requests_asked(facts):
        rule = decider_of(facts, request)
        if rule is not None and request.asked_by == person:
            holders = tuple(each for role in rule.roles for each in facts.holders.get(role, ()) if each != person)
            found.append(
                _line(
                    facts,
                    meaning=rule.meaning,
                    since=request.asked_at,
                    kind=request.kind,
                    reason=request.reason,
                    about=request.id,
                    awaited=_names(facts, holders) or ", ".join(map(facts.process.role_title, rule.roles)),
                )
            )
    found += [
        _line(
            facts,
            gate=each.gate,
            meaning="",
            since=each.asked_at,
            kind="question",
            reason=each.text,
            about=each.id,
            awaited=name_of(facts, each.asked_of),
        )
        for each in facts.file.questions
        if not each.answered_at and each.asked_by == person
    ]
    return tuple(found)


def _names(facts: Facts, people: Collection[str]) -> str:
    return ", ".join(name_of(facts, each) for each in people)


def _signatures(facts: Facts) -> Iterator[WaitingApproval]:
    person = facts.actor.person
    for each in pending_approvals(facts):
        if each.open_to(person):
            yield _line(
                facts,
                gate=each.gate,
                from_step=each.from_step,
                to_step=each.to_step,
                level=each.level,
                meaning=each.meaning,
                since=each.asked_at,
                kind=each.kind,
                in_place_of=name_of(facts, each.delegates[person]) if person in each.delegates else "",
                due_at=each.due_at,
                late=each.late,
                reason=each.reason,
            )


def _requests(facts: Facts) -> Iterator[WaitingApproval]:
    """Requests that the actor may grant or refuse; what keeps one from being granted does not keep it from refusal."""
    for each in requests_asked(facts):
        rule = decider_of(facts, each)
        found = requests.decide_obstacles(facts, each.id, approve=False, reason=_STATED)
        if rule is not None and _may(facts, found):
            yield _line(
                facts,
                meaning=rule.meaning,
                since=each.asked_at,
                kind=each.kind,
                reason=each.reason,
                about=each.id,
                asked_by=each.asked_by,
            )


def _risk_acceptances(facts: Facts) -> Iterator[WaitingApproval]:
    rule, item = facts.process.risk_acceptance, facts.file.item
    for each in facts.file.risk_acceptances:
        asked = rule is not None and each.state == "asked" and each.cycle == item.cycle
        found = risk_acceptances.decide_obstacles(facts, each.id, accept=False, reason=_STATED) if asked else ()
        mine = asked and role_used(facts, risk_acceptances.signatures_missing(facts, each))
        if mine and rule is not None and _may(facts, found):
            yield _line(
                facts,
                gate=each.gate,
                meaning=rule.meaning,
                since=each.asked_at,
                kind="risk_acceptance",
                reason=each.reason,
                about=each.id,
                asked_by=each.asked_by,
            )


def _questions(facts: Facts) -> Iterator[WaitingApproval]:
    if facts.file.item.state in ENDED:
        return
    for each in facts.file.questions:
        if not each.answered_at and each.asked_of == facts.actor.person:
            yield _line(
                facts,
                gate=each.gate,
                meaning=gate_title(facts, each.gate) if each.gate else "",
                since=each.asked_at,
                kind="question",
                reason=each.text,
                about=each.id,
                asked_by=each.asked_by,
            )


def _may(facts: Facts, found: tuple[Obstacle, ...]) -> bool:
    """Whether the actor may decide it: decisions are taken about items on hold too, not about those that ended."""
    return verdict_on(facts, on_hold(facts, while_on_hold=True, when_closed=False) or found).allowed


def _line(
    facts: Facts,
    *,
    meaning: str,
    since: str,
    kind: str,
    gate: str = "",
    from_step: str = "",
    to_step: str = "",
    level: int = 0,
    in_place_of: str = "",
    due_at: str = "",
    late: bool = False,
    reason: str = "",
    about: str = "",
    asked_by: str = "",
    awaited: str = "",
) -> WaitingApproval:
    item = facts.file.item
    return WaitingApproval(
        item=item.id,
        number=item.number,
        title=item.title,
        gate=gate,
        from_step=from_step or item.step,
        to_step=to_step or item.step,
        level=level,
        meaning=meaning,
        since=since,
        severity=item.severity,
        kind=kind,
        in_place_of=in_place_of,
        due_at=due_at,
        late=late,
        reason=reason,
        about=about,
        asked_by=name_of(facts, asked_by) if asked_by else "",
        awaited=awaited,
    )
