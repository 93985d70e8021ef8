"""Requests that somebody else decides: ending work, a later due day, changed content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from domain.days import is_day
from domain.law.letters import is_blank
from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.process.definition import APPROVERS, Separation
from domain.records.governance import Request
from domain.rules.approvals import judge_approvals
from domain.rules.confirming import who_ends
from domain.rules.due_lock import due_is_locked
from domain.rules.exception_rules import granted_as_signed
from domain.rules.facts import Facts
from domain.rules.field_rights import deciding_obstacles, setting_obstacles
from domain.rules.fields import emptied, is_different, value_of, wrong_values
from domain.rules.obligations import obligation_words
from domain.rules.obstacles import obstacle
from domain.rules.people import able, role_words, who_can
from domain.rules.rights import needs_one_of, people_in_roles, separations, with_delegates
from domain.rules.signing import approval_gaps, single_only
from domain.rules.urgencies import open_obligations

ASKER: Final = "asker"


class Decider(msgspec.Struct, frozen=True, kw_only=True):
    """Who decides a request, declaring what, and which roles keep a person from it."""

    roles: tuple[str, ...]
    meaning: str
    separate_from: tuple[Separation, ...]


def decider_of(facts: Facts, request: Request) -> Decider | None:
    """The rule that decides a request; None when the process version has none for its kind."""
    process = facts.process
    if request.kind == "cancellation":
        cancel = process.cancel
        separated: tuple[Separation, ...] = (*cancel.separate_from, ASKER)
        return Decider(roles=cancel.roles, meaning=cancel.meaning, separate_from=separated)
    if request.kind == "extension" and process.extension is not None:
        rule = process.extension
        high = rule.higher_from and request.nth >= rule.higher_from and rule.higher_roles
        roles = rule.higher_roles if high else rule.decided_by
        return Decider(roles=roles, meaning=rule.meaning, separate_from=rule.separate_from)
    if request.kind == "change" and process.change is not None:
        change = process.change
        return Decider(roles=change.decided_by, meaning=change.meaning, separate_from=change.separate_from)
    return None


def request_of(facts: Facts, request: str) -> Request | None:
    """The item's request of that id."""
    return next((each for each in facts.file.requests if each.id == request), None)


def asked(facts: Facts, kind: str = "") -> tuple[Request, ...]:
    """Requests that wait for a decision."""
    return tuple(each for each in facts.file.requests if each.state == "asked" and kind in ("", each.kind))


def undecided(facts: Facts, *, ends: bool) -> tuple[Obstacle, ...]:
    """What still has to be decided before the item passes a gate: its cancellation; before it `ends`, any request."""
    return tuple(
        obstacle(
            facts,
            "request.open",
            responsible=_who_decides(facts, each),
            about=each.id,
            asked_by=facts.names.get(each.asked_by, message("requests.somebody")),
            words=_WORDS[each.kind],
        )
        for each in asked(facts, "" if ends else "cancellation")
    )


_WORDS = {
    "cancellation": Message("requests.words.cancellation"),
    "extension": Message("requests.words.extension"),
    "change": Message("requests.words.change"),
}


def _who_decides(facts: Facts, request: Request) -> str:
    rule = decider_of(facts, request)
    return who_can(facts, rule.roles, without=_kept_out(facts, rule, request)) if rule else ""


def _kept_out(facts: Facts, rule: Decider, request: Request) -> frozenset[str]:
    people = {person for each in _separate(facts, rule, request).values() for person in each}
    return with_delegates(facts, people)


def _separate(facts: Facts, rule: Decider, request: Request) -> dict[str, frozenset[str]]:
    """The people whom each role that the rule names keeps from deciding a request."""
    acting_as = people_in_roles(facts, rule.separate_from)
    if ASKER in rule.separate_from:
        acting_as[ASKER] = frozenset({request.asked_by})
    if APPROVERS in rule.separate_from:
        acting_as[APPROVERS] = judge_approvals(facts, "cancel").signers
    return acting_as


def _words_missing(facts: Facts, **texts: str) -> tuple[Obstacle, ...]:
    return tuple(
        obstacle(facts, "reason.missing", "a_request_states", name=name.replace("_", " "))
        for name, text in texts.items()
        if is_blank(text)
    )


def _one_at_a_time(facts: Facts, kind: str) -> tuple[Obstacle, ...]:
    return tuple(
        obstacle(facts, "request.open", "is_asked_for", capitalize=str(_WORDS[kind]).capitalize())
        for _ in asked(facts, kind)[:1]
    )


def cancellation_obstacles(
    facts: Facts, *, reason: str, code: str, dispositions: Mapping[str, str]
) -> tuple[Obstacle, ...]:
    """May the actor ask that this work end without its outcome, with these answers?"""
    rule = facts.process.cancel
    return (
        *needs_one_of(facts, rule.requested_by, message("requests.ask_for_the_cancellation")),
        *_words_missing(facts, reason=reason),
        *cancel_code(facts, code),
        *_dispositions(facts, dispositions),
        *_one_at_a_time(facts, "cancellation"),
    )


def cancel_code(facts: Facts, code: str) -> tuple[Obstacle, ...]:
    """An obstacle when the process names its reasons for cancelling and this is none of them."""
    rule = facts.process.cancel
    if not rule.reasons or code in rule.reasons:
        return ()
    return (obstacle(facts, "cancel.code", code=code, title=facts.process.title, reasons=", ".join(rule.reasons)),)


def _dispositions(facts: Facts, answers: Mapping[str, str]) -> tuple[Obstacle, ...]:
    dispositions = {each.id: each for each in facts.process.cancel.dispositions}
    found = []
    for disposition in dispositions.values():
        answer = answers.get(disposition.id, "")
        listed = f" ({', '.join(disposition.choices)})" if disposition.choices else ""
        if is_blank(answer) or (disposition.choices and answer not in disposition.choices):
            found.append(
                obstacle(
                    facts, "cancel.disposition", title=disposition.title, disposition=disposition.id, listed=listed
                )
            )
    found += [
        obstacle(
            facts,
            "cancel.disposition",
            "is_not_asked",
            name=name,
            dispositions=", ".join(dispositions) or message("requests.nothing"),
        )
        for name in answers
        if name not in dispositions
    ]
    return tuple(found)


def extension_obstacles(facts: Facts, *, due: str, reason: str, interim_risk: str) -> tuple[Obstacle, ...]:
    """May the actor ask for this later due day?"""
    rule, item = facts.process.extension, facts.file.item
    if rule is None:
        return (obstacle(facts, "extension.none"),)
    found = list(needs_one_of(facts, rule.roles, message("requests.ask_for_a_later")))
    found += _words_missing(facts, reason=reason, interim_risk=interim_risk)
    if not due_is_locked(facts.file, facts.process, facts.today):
        found.append(obstacle(facts, "extension.not_locked"))
    if not is_day(due) or due <= item.due:
        found.append(obstacle(facts, "extension.day", due=due, due_2=item.due or message("requests.none")))
    return (*found, *_one_at_a_time(facts, "extension"))


def change_obstacles(facts: Facts, *, fields: Mapping[str, Any], reason: str) -> tuple[Obstacle, ...]:
    """May the actor ask that these fields get these values?"""
    rule, process, item = facts.process.change, facts.process, facts.file.item
    if rule is None:
        return (obstacle(facts, "change.none"),)
    found = list(needs_one_of(facts, rule.roles, message("requests.ask_for_a_change")))
    found += _words_missing(facts, reason=reason)
    found += wrong_values(facts, process, fields)
    found += setting_obstacles(facts, fields)
    found += emptied(facts, fields)
    found += granted_as_signed(facts, fields)
    if "due" in fields and due_is_locked(facts.file, process, facts.today):
        found.append(_locked(facts))
    if not any(is_different(value_of(item, name), value) for name, value in fields.items()):
        found.append(obstacle(facts, "change.nothing"))
    return (*found, *_one_at_a_time(facts, "change"))


def locked_due(facts: Facts, fields: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """An obstacle to giving another due day by hand once it is locked, by whatever entrance."""
    if "due" not in fields or (fields["due"] or "") == facts.file.item.due:
        return ()
    return (_locked(facts),) if due_is_locked(facts.file, facts.process, facts.today) else ()


def _locked(facts: Facts) -> Obstacle:
    rule, item = facts.process.extension, facts.file.item
    asks, since = (rule.roles, rule.locked_from) if rule else ((), "")
    if item.due < facts.today and not due_is_locked(facts.file, facts.process, ""):
        decides = role_words(facts, rule.decided_by) if rule else message("requests.nobody")
        responsible = who_can(facts, asks)
        return obstacle(facts, "due.locked", "passed", responsible=responsible, about="due", due=item.due, role=decides)
    return obstacle(
        facts,
        "due.locked",
        responsible=who_can(facts, asks),
        about="due",
        due=item.due or message("requests.none"),
        since=since,
        role=role_words(facts, rule.decided_by) if rule else message("requests.nobody"),
    )


def decide_obstacles(
    facts: Facts, request: str, *, approve: bool, reason: str, bulk: bool = False
) -> tuple[Obstacle, ...]:
    """May the actor sign this decision on a request (its id)? `bulk`: together with others."""
    wanted = request_of(facts, request)
    rule = decider_of(facts, wanted) if wanted else None
    if wanted is None or rule is None or wanted.state != "asked":
        state = message("requests.is_already", state=wanted.state) if wanted else message("requests.is_not_on_record")
        return (obstacle(facts, "request.decided", "request", request=request, state=state),)
    doing = message("requests.decide_on_of_this", words=_WORDS[wanted.kind])
    found = list(needs_one_of(facts, rule.roles, doing))
    found += separations(facts, _separate(facts, rule, wanted), doing, rule.roles)
    if bulk and (wanted.kind != "extension" or _is_single(facts)):
        found.append(single_only(facts, facts.file.item.severity))
    if not approve:
        return (*found, *_words_missing(facts, reason=reason))
    if wanted.kind == "cancellation":
        found += _dispositions(facts, {name: str(value) for name, value in wanted.proposal.items()})
        return (*found, *approval_gaps(facts, "cancel"), *outstanding_confirmations(facts))
    return (*found, *_overtaken(facts, wanted))


def _is_single(facts: Facts) -> bool:
    rule = facts.process.extension
    return rule is None or facts.file.item.severity in rule.single_severities


def _overtaken(facts: Facts, request: Request) -> tuple[Obstacle, ...]:
    item = facts.file.item
    stale = [name for name, pair in request.proposal.items() if is_different(value_of(item, name), pair[0])]
    titles = ", ".join(facts.process.title_of(name) for name in stale)
    after = {name: pair[1] for name, pair in request.proposal.items()}
    found = (
        *wrong_values(facts, facts.process, after),
        *deciding_obstacles(facts, after, asked_by=request.asked_by),
        *emptied(facts, after),
        *granted_as_signed(facts, after),
    )
    if not stale:
        return found
    return (*found, obstacle(facts, "request.overtaken", titles=titles))


def outstanding_confirmations(facts: Facts) -> tuple[Obstacle, ...]:
    """A transition by the urgent path that nobody has confirmed cannot be cancelled away."""
    return tuple(
        obstacle(
            facts,
            "obligation.open",
            "has_an_open",
            responsible=who_ends(facts, each),
            about=each.id,
            created_at=each.created_at[:10],
            obligation=obligation_words(facts, each).removesuffix("."),
        )
        for each in open_obligations(facts.file)
        if each.kind == "confirm_urgent"
    )


def withdraw_obstacles(facts: Facts, request: str, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor withdraw this request (its id)?"""
    wanted = request_of(facts, request)
    if wanted is None or wanted.state != "asked":
        return (obstacle(facts, "request.decided", "choose_a_request", request=request),)
    found = _words_missing(facts, reason=reason)
    if wanted.asked_by == facts.actor.person:
        return found
    asker = facts.names.get(wanted.asked_by, "")
    return (
        *found,
        obstacle(facts, "request.asker", responsible=able(facts, wanted.asked_by), asker=asker),
    )
