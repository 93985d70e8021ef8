"""The decisions around the steps: hold, resume, cancel, reopen, and what an item that is on hold or ended item
refuses.
"""

from __future__ import annotations

from datetime import date

from domain.days import LAST_DAY, days_after, is_day
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import APPROVERS, CancelRule, ReopenRule
from domain.rules.approvals import judge_approvals
from domain.rules.evidence import missing_to_reopen
from domain.rules.facts import Facts
from domain.rules.obstacles import obstacle
from domain.rules.passing import reason_missing
from domain.rules.people import who_can
from domain.rules.requests import asked, cancel_code, outstanding_confirmations
from domain.rules.rights import needs_one_of, people_in_roles, separations
from domain.rules.signing import approval_gaps


def on_hold(facts: Facts, *, while_on_hold: bool, when_closed: bool) -> tuple[Obstacle, ...]:
    """The obstacle of an item that is closed, cancelled or on hold, for commands that such an item does not take."""
    item, process = facts.file.item, facts.process
    if item.state == "closed" and not when_closed:
        return (obstacle(facts, "item.closed", responsible=who_can(facts, process.reopen.roles), closed=item.closed),)
    if item.state == "closed_before":
        return (obstacle(facts, "item.closed_before", responsible=_who_may_create(facts)),)
    if item.state == "cancelled":
        return (obstacle(facts, "item.cancelled", responsible=_who_may_create(facts)),)
    if item.state == "on_hold" and not while_on_hold:
        reason = (item.hold or {}).get("reason", "")
        return (obstacle(facts, "item.on_hold", responsible=who_can(facts, process.hold.roles), reason=reason),)
    return ()


def _who_may_create(facts: Facts) -> str:
    return who_can(facts, [role for right in facts.process.rights if right.verb == "create" for role in right.roles])


def not_closed(facts: Facts) -> tuple[Obstacle, ...]:
    """The obstacle of an item that is to be taken up again and is not closed."""
    if facts.file.item.state == "closed":
        return ()
    return (obstacle(facts, "item.not_closed"),)


def not_on_hold(facts: Facts) -> tuple[Obstacle, ...]:
    """The obstacle of an item that is to be resumed and is not on hold."""
    if facts.file.item.state == "on_hold":
        return ()
    return (obstacle(facts, "item.not_on_hold"),)


def hold_obstacles(facts: Facts, *, reason: str, review_on: str) -> tuple[Obstacle, ...]:
    """May the actor put the item on hold until this review day?"""
    rule = facts.process.hold
    obstacles = list(needs_one_of(facts, rule.roles, message("holding.put_this_item_on")))
    if is_blank(reason):
        obstacles.append(reason_missing(facts, message("holding.a_hold")))
    if review_on or rule.review_date_required:
        obstacles += _review_day(facts, review_on)
    return tuple(obstacles)


def _review_day(facts: Facts, day: str) -> tuple[Obstacle, ...]:
    longest, today = facts.process.hold.longest_days, date.fromisoformat(facts.today)
    last = days_after(today, longest) if longest else LAST_DAY
    if is_day(day) and today <= date.fromisoformat(day) <= last:
        return ()
    until = message("holding.and_not_after", last=last) if longest else ""
    return (obstacle(facts, "hold.review", until=until, day=day, days_after=days_after(today, 1)),)


def resume_obstacles(facts: Facts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor take the work up again?"""
    obstacles = needs_one_of(facts, facts.process.hold.roles, message("holding.resume_this_item"))
    return obstacles if not is_blank(reason) else (*obstacles, reason_missing(facts, message("holding.resuming")))


def cancel_obstacles(facts: Facts, *, reason: str, code: str) -> tuple[Obstacle, ...]:
    """May the actor sign that this work ends without its outcome?"""
    rule = facts.process.cancel
    obstacles = (*_signing_rule(facts, rule, "cancel", reason), *cancel_code(facts, code))
    waiting = asked(facts, "cancellation")
    if waiting or rule.dispositions:
        obstacles += (
            obstacle(facts, "cancel.request_first", "asked", responsible=who_can(facts, rule.roles))
            if waiting
            else obstacle(facts, "cancel.request_first", responsible=who_can(facts, rule.requested_by)),
        )
    return (*obstacles, *outstanding_confirmations(facts))


def reopen_obstacles(facts: Facts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor sign that this closed work starts a new cycle?"""
    obstacles = _signing_rule(facts, facts.process.reopen, "reopen", reason)
    if facts.process.reopen.follow_up == "new_cycle":
        return obstacles
    return (*obstacles, obstacle(facts, "reopen.new_item"))


def follow_up_obstacles(facts: Facts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor sign that a new item begins for what came back?"""
    obstacles = _signing_rule(facts, facts.process.reopen, "reopen", reason)
    if facts.process.reopen.follow_up == "new_item":
        return obstacles
    return (*obstacles, obstacle(facts, "reopen.new_cycle"))


def _signing_rule(facts: Facts, rule: CancelRule | ReopenRule, verb: str, reason: str) -> tuple[Obstacle, ...]:
    obstacles = list(needs_one_of(facts, rule.roles, message("holding.this_item", verb=verb)))
    if is_blank(reason):
        obstacles.append(
            reason_missing(facts, message("holding.cancelling") if verb == "cancel" else message("holding.reopening"))
        )
    acting_as = people_in_roles(facts, rule.separate_from)
    if APPROVERS in rule.separate_from:
        acting_as[APPROVERS] = judge_approvals(facts, verb).signers
    obstacles += separations(facts, acting_as, message("holding.it", verb=verb), rule.roles)
    return (*obstacles, *(missing_to_reopen(facts) if verb == "reopen" else ()), *approval_gaps(facts, verb))


def pack_obstacles(facts: Facts) -> tuple[Obstacle, ...]:
    """A closure pack proves a closure: without one nothing lists the entries that the pack must show."""
    process = facts.process
    if facts.file.closures:
        return ()
    closers = [role for right in process.rights if right.verb == "close" for role in right.roles]
    return (obstacle(facts, "pack.never_closed", responsible=who_can(facts, closers)),)
