"""Who may do a verb: by role, or by a person's place in the item."""

from __future__ import annotations

from collections.abc import Iterable

from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import CREATOR, OWNER, ProcessVersion, Separation, Verb
from domain.rules.facts import Facts, VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, role_words, who_can


def acting_roles(facts: Facts | VaultFacts) -> frozenset[str]:
    """The roles the actor holds, with `owner` and `creator` where the actor is that of the item."""
    acting_as = set(facts.actor.roles)
    if isinstance(facts, Facts):
        item = facts.file.item
        if item.owner == facts.actor.person:
            acting_as.add(OWNER)
        if item.created_by == facts.actor.person:
            acting_as.add(CREATOR)
    return frozenset(acting_as)


def roles_for(process: ProcessVersion, verb: Verb, step: str) -> tuple[str, ...]:
    """Who may do the verb at a step, in the order written."""
    found: dict[str, None] = {}
    for right in process.rights:
        if right.verb == verb and (not right.steps or step in right.steps):
            found |= dict.fromkeys(right.roles)
    return tuple(found)


def role_used(facts: Facts | VaultFacts, roles: Iterable[str]) -> str:
    """The first of the roles that the actor has: what the entry says the person acted as; "" when none."""
    acting_as = acting_roles(facts)
    return next((role for role in roles if role in acting_as), "")


def needs_one_of(facts: Facts | VaultFacts, roles: tuple[str, ...], doing: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the actor has one of the roles."""
    if role_used(facts, roles):
        return ()
    by = message("right.missing.text.by.by", process=facts.process.name) if facts.process else ""
    asked = role_words(facts, roles)
    granted = role_words(facts, (role for role in roles if role not in (OWNER, CREATOR)))
    ask = message("rights.ask_for_role", granted=granted) if granted else message("rights.ask_someone_who_may")
    if not asked:
        return (obstacle(facts, "right.missing", "nobody", responsible="", doing=doing, by=by),)
    who = who_can(facts, roles)
    return (obstacle(facts, "right.missing", responsible=who, doing=doing, asked=asked, by=by, ask=ask),)


def active(facts: Facts | VaultFacts) -> tuple[Obstacle, ...]:
    """An obstacle when the actor's account is disabled."""
    if facts.actor.person in facts.active:
        return ()
    return (obstacle(facts, "person.disabled", responsible=who_can(facts, ("administrator",))),)


def people_in_roles(facts: Facts, separated: Iterable[Separation]) -> dict[str, frozenset[str]]:
    """The people having each other role of the item: creator, owner, mover, author of the version it carries (levels
    and approvers are judged where signatures are counted).
    """
    item = facts.file.item
    here = [each for each in facts.file.transition_records if each.cycle == item.cycle and each.to_step == item.step]
    people = {
        "creator": frozenset({item.created_by}),
        "owner": frozenset({item.owner} - {""}),
        "mover": frozenset({here[-1].by}) if here else frozenset[str](),
        "author": frozenset(facts.version.draft.authors) if facts.version else frozenset[str](),
    }
    return {role: people[role] for role in separated if role in people}


def separation(facts: Facts, role: str, doing: str, roles: tuple[str, ...], without: frozenset[str]) -> Obstacle:
    """The obstacle of a person who has two roles."""
    words = {
        "creator": message("rights.created_this_item"),
        "owner": message("rights.owns_this_item"),
        "mover": message("rights.brought_this_item_to"),
        "levels": message("rights.has_signed_at_another"),
        "approvers": message("rights.has_signed_an_approval"),
        "author": message("rights.wrote_this_version"),
        "asker": message("rights.asked_for_it"),
        "sender": message("rights.handed_it_over"),
    }
    return Obstacle(
        rule=f"separation.{role}",
        text=message(
            "rights.and_may_not_also",
            person=name_of(facts, facts.actor.person),
            words=words[role],
            doing=doing,
            process=facts.process.name,
        ),
        remedy=message("rights.another_person_has_to"),
        responsible=who_can(facts, roles, without=without | {facts.actor.person}),
    )
