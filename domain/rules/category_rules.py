"""Categories of a process: proposed by one, approved by another, chosen from the day they are visible."""

from __future__ import annotations

import re
from typing import Final

from domain.days import is_day
from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_DAYS: Final = 3_650


def propose_obstacles(facts: VaultFacts, *, word: str, owner_role: str = "", sla_days: int = 0) -> tuple[Obstacle, ...]:
    """May the actor propose a category of `facts.process` under this word?"""
    process = facts.process
    rule = process.categories if process else None
    if process is None or rule is None:
        return _no_categories(facts)
    found = list(needs_one_of(facts, rule.proposed_by, message("category_rules.propose_a_category")))
    if not _WORD.fullmatch(word):
        found.append(obstacle(facts, "category.word", word=word))
    field = process.field(rule.field)
    taken = {each.word for each in facts.categories_ever if each.state in ("proposed", "approved")}
    if word in taken or (field and word in field.choices):
        found.append(obstacle(facts, "category.taken", word=word))
    if owner_role and owner_role not in {each.id for each in process.roles}:
        found.append(
            obstacle(
                facts, "category.owner_role", owner_role=owner_role, roles=", ".join(each.id for each in process.roles)
            )
        )
    if not 0 <= sla_days <= _MOST_DAYS:
        found.append(obstacle(facts, "category.days", sla_days=sla_days, most_days=_MOST_DAYS))
    return tuple(found)


def decide_obstacles(
    facts: VaultFacts, *, category: str, approve: bool, visible_from: str, reason: str
) -> tuple[Obstacle, ...]:
    """May the actor sign that a proposed category (its id) comes into being on this day (ISO), or not?"""
    rule = facts.process.categories if facts.process else None
    if rule is None:
        return _no_categories(facts)
    found = list(needs_one_of(facts, rule.approved_by, message("category_rules.decide_about_a_category")))
    known = next((each for each in facts.categories_ever if each.id == category), None)
    if known is None or known.state != "proposed":
        state = known.state if known else "unknown"
        return (
            *found,
            obstacle(
                facts,
                "category.state",
                responsible=who_can(facts, rule.approved_by, without=frozenset({facts.actor.person})),
                category=category,
                state=state,
            ),
        )
    if known.proposed_by == facts.actor.person:
        found.append(
            obstacle(
                facts,
                "separation.asker",
                "proposed_and_may",
                responsible=who_can(facts, rule.approved_by, without=frozenset({facts.actor.person})),
                proposed_by=name_of(facts, known.proposed_by),
                known=known.word,
            )
        )
    if not approve and is_blank(reason):
        found.append(obstacle(facts, "reason.missing"))
    if approve and not _is_day_from(visible_from, facts.today):
        found.append(obstacle(facts, "category.day", visible_from=visible_from))
    return tuple(found)


def _no_categories(facts: VaultFacts) -> tuple[Obstacle, ...]:
    return (
        obstacle(
            facts,
            "category.none",
            process=facts.process.name if facts.process else message("category_rules.this_process"),
        ),
    )


def _is_day_from(text: str, today: str) -> bool:
    return is_day(text) and text >= today
