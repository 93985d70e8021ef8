"""Who can remedy an obstacle: names for people, never ids."""

from __future__ import annotations

from collections.abc import Iterable

from domain.messages import message
from domain.process.definition import CREATOR, NAMED_IN, OWNER, ProcessVersion
from domain.rules.facts import Facts, VaultFacts


def name_of(facts: Facts | VaultFacts, person: str) -> str:
    """The name people know a person by."""
    return facts.names.get(person, message("people.a_person_unknown_to"))


def role_words(facts: Facts | VaultFacts, roles: Iterable[str]) -> str:
    """Roles and relations as a person reads them: "Quality, the owner"."""
    process = facts.process
    return ", ".join(_words_of(process, role) for role in roles)


def _words_of(process: ProcessVersion | None, role: str) -> str:
    if role in (OWNER, CREATOR):
        return message("people.the", role=role)
    if role.startswith(NAMED_IN) and process:
        return message("people.named_in", title=process.title_of(role.removeprefix(NAMED_IN)))
    return process.role_title(role) if process else role


def who_can(facts: Facts | VaultFacts, roles: Iterable[str], *, without: frozenset[str] = frozenset()) -> str:
    """Names of the people who hold any of the roles, leaving out those who may not; or what to do about nobody."""
    roles = tuple(roles)
    people: dict[str, None] = {}
    for role in roles:
        people |= dict.fromkeys(_bearers(facts, role))
    fitting = [person for person in people if person not in without]
    if fitting:
        return ", ".join(name_of(facts, person) for person in fitting)
    if people:
        return message("people.nobody_else_holds_an", role=role_words(facts, roles))
    return message("people.nobody_holds_an_administrator", role=role_words(facts, roles))


def able(facts: Facts | VaultFacts, *people: str) -> str:
    """Names of those among these people (ids) who may act; or what to do about nobody."""
    found = [name_of(facts, each) for each in dict.fromkeys(people) if each in facts.active]
    names = ", ".join(name_of(facts, each) for each in people)
    return ", ".join(found) or message("people.nobody_of_them", names=names)


def anybody_else(facts: Facts | VaultFacts, person: str) -> str:
    """Names of everybody else who may act; or what to do about nobody."""
    names = sorted(name_of(facts, each) for each in facts.active if each != person)
    return ", ".join(names) or message("people.nobody_else_is_active")


def _bearers(facts: Facts | VaultFacts, role: str) -> tuple[str, ...]:
    if isinstance(facts, Facts) and role == OWNER:
        return (facts.file.item.owner,) if facts.file.item.owner in facts.active else ()
    if isinstance(facts, Facts) and role == CREATOR:
        return (facts.file.item.created_by,) if facts.file.item.created_by in facts.active else ()
    if role.startswith(NAMED_IN):
        named = facts.file.item.values.get(role.removeprefix(NAMED_IN)) if isinstance(facts, Facts) else None
        return (str(named),) if named in facts.active else ()
    return facts.holders.get(role, ())
