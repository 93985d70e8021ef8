"""Who may do a verb: by role, or by a person's place in the item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.process.definition import CREATOR, OWNER, ProcessVersion, Separation, Verb
from domain.rules.facts import Facts, VaultFacts
from domain.rules.mandates import behind, counterparts, delegator_of
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, role_words, who_can
from domain.rules.work_done import who_worked


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
        return (
            obstacle(facts, "right.missing", "nobody", responsible=message("rights.nobody_may"), doing=doing, by=by),
        )
    who = who_can(facts, roles)
    return (obstacle(facts, "right.missing", responsible=who, doing=doing, asked=asked, by=by, ask=ask),)


def active(facts: Facts | VaultFacts) -> tuple[Obstacle, ...]:
    """An obstacle when the actor's account is disabled."""
    if facts.actor.person in facts.active:
        return ()
    return (obstacle(facts, "person.disabled", responsible=who_can(facts, ("administrator",))),)


def people_in_roles(facts: Facts, separated: Iterable[Separation]) -> dict[str, frozenset[str]]:
    """The people having each other role of the item by what they did in its present cycle: creator, owner (see
    `who_worked`), mover, last approver, asker of what is not decided, author of the version it carries.

    Levels and approvers are judged where signatures are counted. Who stands in for one of them counts too: see
    `with_delegates`.
    """
    return {role: _PEOPLE_IN[role](facts) for role in separated if role in _PEOPLE_IN}


def _movers(facts: Facts) -> frozenset[str]:
    item = facts.file.item
    here = [each for each in facts.file.transition_records if each.cycle == item.cycle and each.to_step == item.step]
    return frozenset({here[-1].by}) if here else frozenset()


def last_approvers(facts: Facts) -> frozenset[str]:
    """The people behind the last signature of the present cycle that lets the item pass: at the closing gate ahead, or
    else at the last gate with signatures that it passed.
    """
    item, file, process = facts.file.item, facts.file, facts.process
    ahead = [each.id for each in process.from_step(item.step) if each.target == process.closure.step]
    passed = [f"{each.from_step}->{each.to_step}" for each in file.transition_records if each.cycle == item.cycle]
    taken_back = {each.approval for each in file.revocations}
    for gate in (*ahead, *reversed(passed)):
        signed = [
            (each.given_at, behind(facts, each))
            for each in file.approvals
            if (each.gate, each.cycle, each.decision) == (gate, item.cycle, "approved") and each.id not in taken_back
        ]
        signed += [
            (each.signed_at, frozenset({each.signed_by, delegator_of(facts, each.mandate)} - {""}))
            for each in file.urgencies
            if (each.gate, each.cycle) == (gate, item.cycle) and each.state in ("passed", "confirmed")
        ]
        if signed:
            return max(signed, key=lambda each: each[0])[1]
    return frozenset()


_PEOPLE_IN: Final[Mapping[str, Callable[[Facts], frozenset[str]]]] = {
    "creator": lambda facts: frozenset({facts.file.item.created_by}),
    "owner": lambda facts: frozenset(who_worked(facts)),
    "mover": _movers,
    "last_approver": last_approvers,
    "asker": lambda facts: frozenset(each.asked_by for each in facts.file.requests if each.state == "asked"),
    "author": lambda facts: frozenset(facts.version.draft.authors) if facts.version else frozenset(),
}


def with_delegates(facts: Facts, people: Iterable[str]) -> frozenset[str]:
    """These people, with all who stood in for them in this cycle and all they stood in for: delegate and delegator
    count as one person.
    """
    found = frozenset(people)
    return found | counterparts(facts, found)


def separations(
    facts: Facts, people: Mapping[str, frozenset[str]], doing: str, roles: tuple[str, ...]
) -> tuple[Obstacle, ...]:
    """An obstacle for each of these roles that the actor, or whoever counts with the actor, has."""
    out = with_delegates(facts, (person for each in people.values() for person in each))
    return tuple(
        separation(facts, role, doing, roles, out, directly=each)
        for role, each in people.items()
        if facts.actor.person in with_delegates(facts, each)
    )


def separation(
    facts: Facts,
    role: str,
    doing: str,
    roles: tuple[str, ...],
    without: frozenset[str],
    *,
    directly: frozenset[str] | None = None,
) -> Obstacle:
    """The obstacle of a person who has two roles. `directly` are the people who have it by themselves, not because a
    mandate lets them count with somebody who does.
    """
    person = facts.actor.person
    if directly is None:
        directly = people_in_roles(facts, (role,)).get(role)  # type: ignore[arg-type]  # other words are not looked up
    if directly is None or person in directly:
        words = str(who_worked(facts).get(person, _WORDS[role]) if role == "owner" else _WORDS[role])
    else:
        others = sorted(name_of(facts, each) for each in counterparts(facts, {person}) & directly)
        words = message("rights.counts_with", others=", ".join(others))
    return Obstacle(
        rule=f"separation.{role}",
        text=message(
            "rights.and_may_not_also",
            person=name_of(facts, person),
            words=words,
            doing=doing,
            process=facts.process.name,
        ),
        remedy=message("rights.another_person_has_to"),
        responsible=who_can(facts, roles, without=without | {person}),
    )


_WORDS: Final = {
    "creator": Message("rights.created_this_item"),
    "owner": Message("rights.owns_this_item"),
    "mover": Message("rights.brought_this_item_to"),
    "levels": Message("rights.has_signed_at_another"),
    "approvers": Message("rights.has_signed_an_approval"),
    "last_approver": Message("rights.gave_the_last_signature"),
    "author": Message("rights.wrote_this_version"),
    "asker": Message("rights.asked_for_it"),
    "sender": Message("rights.handed_it_over"),
}
