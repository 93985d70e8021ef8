"""Delegates: which mandates may be used at a level, and why one may not.

A mandate lets its delegate sign in their name for the delegator. It gives a role that the delegator holds by
themselves, so mandates form no chains; who holds the role already signs in their right. Whoever stands behind a
signature, the signer and the delegator, must be free of every separated role.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import ApprovalLevel
from domain.records.governance import Mandate
from domain.records.item import Approval
from domain.rules.facts import Facts
from domain.rules.people import name_of, role_words, who_can


def behind(facts: Facts, approval: Approval) -> frozenset[str]:
    """The people behind a signature: the signer, and the delegator of the mandate it was given under."""
    if not approval.mandate:
        return frozenset({approval.person})
    return frozenset({approval.person, delegator_of(facts, approval.mandate)}) - {""}


def represented(facts: Facts, approval: Approval) -> str:
    """Whose voice a signature is: the delegator's under a mandate, else the signer's."""
    return delegator_of(facts, approval.mandate) if approval.mandate else approval.person


def delegator_of(facts: Facts, mandate: str) -> str:
    """Who gave the mandate; "" when it is unknown here."""
    return next((each.delegator for each in facts.mandates_ever if each.id == mandate), "")


def mandates_giving(facts: Facts, role: str) -> tuple[Mandate, ...]:
    """Mandates valid today that delegate the role for this item, given by people who hold it themselves."""
    holders = facts.holders.get(role, ())
    return tuple(
        each
        for each in facts.mandates
        if each.role == role
        and each.delegator in holders
        and each.delegate in facts.active
        and each.delegate not in holders
        and _in_scope(facts, each)
    )


def counterparts(facts: Facts, people: Iterable[str]) -> frozenset[str]:
    """Those who stood in for these people under a mandate in the item's present cycle, and those they stood in for.

    A mandate that ended within the cycle counts to its end: revoking it does not make two persons of one.
    """
    if not facts.mandates_ever:
        return frozenset()
    wanted = frozenset(people)
    pairs = [(each.delegator, each.delegate) for each in facts.mandates_ever if _stood_in(facts, each)]
    return frozenset(other for one, two in pairs for person, other in ((one, two), (two, one)) if person in wanted)


def _stood_in(facts: Facts, mandate: Mandate) -> bool:
    item = facts.file.item
    begun = min((each.at for each in facts.file.transition_records if each.cycle == item.cycle), default="")
    last = min(mandate.last_day, mandate.revoked_at[:10] or mandate.last_day)
    return mandate.first_day <= min(last, facts.today) and last >= begun[:10] and _in_scope(facts, mandate)


def _in_scope(facts: Facts, mandate: Mandate) -> bool:
    severity = facts.file.item.severity
    return mandate.process in ("", facts.process.id) and (not mandate.severities or severity in mandate.severities)


def usable_mandate(facts: Facts, role: str, excluded: Collection[str]) -> Mandate | None:
    """The mandate under which the actor can act in the role, neither the actor nor its delegator being excluded."""
    if facts.actor.person in excluded:
        return None
    return next(
        (
            each
            for each in mandates_giving(facts, role)
            if each.delegate == facts.actor.person and each.delegator not in excluded
        ),
        None,
    )


def why_no_mandate(
    facts: Facts, role: str, excluded: Collection[str], *, level: ApprovalLevel | None = None
) -> tuple[Obstacle, ...]:
    """An obstacle for each mandate of the actor that gives the role and cannot be used now."""
    mine = [each for each in facts.mandates_ever if each.delegate == facts.actor.person and each.role == role]
    found = [(each, why) for each in mine if (why := _why_not(facts, each, excluded, level))]
    return tuple(
        Obstacle(
            rule=f"mandate.{rule}",
            text=message(
                "mandates.the_mandate_of_does",
                delegator=name_of(facts, each.delegator),
                text=text,
                process=facts.process.name,
            ),
            remedy=remedy,
            responsible=who_can(facts, (role,), without=frozenset(excluded)),
        )
        for each, (rule, text, remedy) in found
    )


def _why_not(  # noqa: PLR0911 (a table of cases)
    facts: Facts, mandate: Mandate, excluded: Collection[str], level: ApprovalLevel | None
) -> tuple[str, str, str] | None:
    today, delegator = facts.today, name_of(facts, mandate.delegator)
    role = role_words(facts, (mandate.role,))
    if mandate.state == "revoked":
        return (
            "ended",
            message("mandates.it_was_revoked_on", revoked_at=mandate.revoked_at[:10]),
            message("mandates.decides_or_renews_it", delegator=delegator),
        )
    if today > mandate.last_day:
        return (
            "ended",
            message("mandates.its_last_day_was", last_day=mandate.last_day),
            message("mandates.decides_or_renews_it", delegator=delegator),
        )
    if today < mandate.first_day:
        return (
            "not_yet",
            message("mandates.it_begins_on", first_day=mandate.first_day),
            message("mandates.until_then_decides", delegator=delegator),
        )
    if level is not None and not level.delegates:
        return (
            "level",
            message("mandates.this_signature_is_not"),
            message("mandates.decides_in_person", delegator=delegator),
        )
    if mandate.delegator not in facts.holders.get(mandate.role, ()):
        text = message("mandates.does_not_hold_and", delegator=delegator, role=role)
        return "chain", text, message("mandates.ask_somebody_who_holds", role=role)
    if not _in_scope(facts, mandate):
        scope = mandate.process or message("mandates.every_process")
        kinds = f", {' or '.join(mandate.severities)}" if mandate.severities else ""
        return (
            "scope",
            message("mandates.it_is_for", scope=scope, kinds=kinds),
            message("mandates.decides", delegator=delegator),
        )
    if mandate.delegator in excluded and mandate.delegate not in excluded:  # the separation itself says it else
        text = message("mandates.may_not_decide_this", delegator=delegator)
        return "delegator_separated", text, message("mandates.another_person_has_to")
    return None
