"""Categories of a process: proposed by one, approved by another, chosen from the day they are visible."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from domain.gates.facts import VaultFacts
from domain.gates.people import name_of, who_can
from domain.gates.rights import needs_one_of
from domain.gates.verdict import Obstacle
from domain.gates.version_attempts import DecideCategory, ProposeCategory
from domain.identity import iso
from domain.items.governance import Category
from domain.law.letters import is_blank
from domain.process.definition import CategoryRule, ProcessVersion

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def category_obstacles(
    facts: VaultFacts, attempt: ProposeCategory | DecideCategory, known: tuple[Category, ...]
) -> tuple[Obstacle, ...]:
    """May the actor propose, or decide about, a category? `known` are all categories of the process there ever were."""
    process = facts.process
    rule = process.categories if process else None
    if process is None or rule is None:
        text = f"{process.name if process else 'This process'} has no categories of its own."
        return (_obstacle(facts, "category.none", text, "Its choices change with its next version.", ()),)
    if isinstance(attempt, ProposeCategory):
        return _propose(facts, process, attempt, known)
    return _decide(facts, rule, attempt, known)


def _propose(
    facts: VaultFacts, process: ProcessVersion, attempt: ProposeCategory, known: tuple[Category, ...]
) -> tuple[Obstacle, ...]:
    rule = process.categories
    assert rule is not None, "a process without categories was refused before"
    found = list(needs_one_of(facts, rule.proposed_by, "propose a category"))
    if not _WORD.fullmatch(attempt.word):
        cure = "Use lower-case letters, digits and underscores, beginning with a letter."
        found.append(_obstacle(facts, "category.word", f"'{attempt.word}' is not a word for a category.", cure, ()))
    field = process.field(rule.field)
    taken = {each.word for each in known if each.state in ("proposed", "approved")}
    if attempt.word in taken or (field and attempt.word in field.choices):
        found.append(_obstacle(facts, "category.taken", f"There is a category '{attempt.word}'.", "Use it.", ()))
    return tuple(found)


def _decide(
    facts: VaultFacts, rule: CategoryRule, attempt: DecideCategory, known: tuple[Category, ...]
) -> tuple[Obstacle, ...]:
    found = list(needs_one_of(facts, rule.approved_by, "decide about a category"))
    category = next((each for each in known if each.id == attempt.category), None)
    if category is None or category.state != "proposed":
        state = category.state if category else "unknown"
        text = f"'{attempt.category}' is not a proposed category: it is {state}."
        return (*found, _obstacle(facts, "category.state", text, "Choose one that waits.", rule.approved_by))
    if category.proposed_by == facts.actor.person:
        text = f"{name_of(facts, category.proposed_by)} proposed '{category.word}' and may not also decide about it."
        found.append(_obstacle(facts, "separation.asker", text, "Another person decides.", rule.approved_by))
    if not attempt.approve and is_blank(attempt.reason):
        found.append(_obstacle(facts, "reason.missing", "A refusal needs a reason.", "Say why.", ()))
    if attempt.approve and not _is_day_from(attempt.visible_from, iso(facts.actor.at)[:10]):
        text = f"A category is visible from today or a later day; '{attempt.visible_from}' is none."
        found.append(_obstacle(facts, "category.day", text, "Name the day.", ()))
    return tuple(found)


def _is_day_from(text: str, today: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text >= today
    except ValueError:
        return False


def _obstacle(facts: VaultFacts, rule: str, text: str, cure: str, roles: tuple[str, ...]) -> Obstacle:
    who = who_can(facts, roles, without=frozenset({facts.actor.person})) if roles else facts.actor.name
    return Obstacle(rule=rule, text=text, cure=cure, who=who)
