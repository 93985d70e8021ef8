"""Deputies: which mandates may be used at a level, and why one may not.

A mandate lets its deputy sign in the own name for the giver. It lends a role that the giver holds by themselves, so
mandates form no chains; who holds the role already signs in the own right. Whoever stands behind a signature, the
signer and the giver, must be free of every separated hat.
"""

from __future__ import annotations

from collections.abc import Collection

from domain.identity import iso
from domain.obstacle import Obstacle
from domain.process.definition import ApprovalLevel
from domain.records.governance import Mandate
from domain.records.item import Approval
from domain.rules.facts import Facts
from domain.rules.people import name_of, role_words, who_can


def behind(facts: Facts, approval: Approval) -> frozenset[str]:
    """The people behind a signature: the signer, and the giver of the mandate it was given under."""
    if not approval.mandate:
        return frozenset({approval.person})
    return frozenset({approval.person, giver_of(facts, approval.mandate)}) - {""}


def represented(facts: Facts, approval: Approval) -> str:
    """Whose voice a signature is: the giver's under a mandate, else the signer's."""
    return giver_of(facts, approval.mandate) if approval.mandate else approval.person


def giver_of(facts: Facts, mandate: str) -> str:
    """Who gave the mandate; "" when it is unknown here."""
    return next((each.giver for each in facts.mandates_ever if each.id == mandate), "")


def mandates_lending(facts: Facts, role: str) -> tuple[Mandate, ...]:
    """Mandates valid today that lend the role for this item, given by people who hold it themselves."""
    holders = facts.holders.get(role, ())
    return tuple(
        each
        for each in facts.mandates
        if each.role == role
        and each.giver in holders
        and each.deputy in facts.active
        and each.deputy not in holders
        and _in_scope(facts, each)
    )


def _in_scope(facts: Facts, mandate: Mandate) -> bool:
    severity = facts.file.item.severity
    return mandate.process in ("", facts.process.id) and (not mandate.severities or severity in mandate.severities)


def usable_mandate(facts: Facts, role: str, excluded: Collection[str]) -> Mandate | None:
    """The mandate under which the actor can act in the role, neither the actor nor its giver being excluded."""
    if facts.actor.person in excluded:
        return None
    return next(
        (
            each
            for each in mandates_lending(facts, role)
            if each.deputy == facts.actor.person and each.giver not in excluded
        ),
        None,
    )


def why_no_mandate(
    facts: Facts, role: str, excluded: Collection[str], *, level: ApprovalLevel | None = None
) -> tuple[Obstacle, ...]:
    """An obstacle for each mandate of the actor that lends the role and cannot be used now."""
    mine = [each for each in facts.mandates_ever if each.deputy == facts.actor.person and each.role == role]
    found = [(each, why) for each in mine if (why := _why_not(facts, each, excluded, level))]
    return tuple(
        Obstacle(
            rule=f"mandate.{rule}",
            text=f"The mandate of {name_of(facts, each.giver)} does not help here: {text} ({facts.process.name}).",
            cure=cure,
            who=who_can(facts, (role,), without=frozenset(excluded)),
        )
        for each, (rule, text, cure) in found
    )


def _why_not(  # noqa: PLR0911 (a table of cases)
    facts: Facts, mandate: Mandate, excluded: Collection[str], level: ApprovalLevel | None
) -> tuple[str, str, str] | None:
    today, giver = iso(facts.actor.at)[:10], name_of(facts, mandate.giver)
    role = role_words(facts, (mandate.role,))
    if mandate.state == "revoked":
        return "ended", f"it was revoked on {mandate.revoked_at[:10]}", f"{giver} decides, or renews it."
    if today > mandate.last_day:
        return "ended", f"its last day was {mandate.last_day}", f"{giver} decides, or renews it."
    if today < mandate.first_day:
        return "not_yet", f"it begins on {mandate.first_day}", f"Until then {giver} decides."
    if level is not None and not level.deputies:
        return "level", "this signature is not given by deputies", f"{giver} decides in person."
    if mandate.giver not in facts.holders.get(mandate.role, ()):
        text = f"{giver} does not hold {role}, and a deputyship is not handed on"
        return "chain", text, f"Ask somebody who holds {role}."
    if not _in_scope(facts, mandate):
        scope = mandate.process or "every process"
        kinds = f", {' or '.join(mandate.severities)}" if mandate.severities else ""
        return "scope", f"it is for {scope}{kinds}", f"{giver} decides."
    if mandate.giver in excluded:
        text = f"{giver} may not decide this, so nobody may for {giver}"
        return "giver_separated", text, "Another person has to do it."
    return None
