"""Rules about who is here with which roles, and about what a signature needs beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from domain.act import Actor
from domain.law.declarations_1 import DECLARATIONS
from domain.law.letters import fold, is_blank, is_shown, trimmed
from domain.law.lookalikes import alike, invisible, mixed_scripts
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR, KeyReset, PersonRole
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of

LONGEST_NAME: Final = 200
"""Characters in a person's name."""
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def administration(facts: VaultFacts, doing: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the actor is an administrator; `doing` completes "may not"."""
    return needs_one_of(facts, (ADMINISTRATOR,), doing)


def enrol_obstacles(
    facts: VaultFacts, *, person: str, name: str, roles: Sequence[str], key: str
) -> tuple[Obstacle, ...]:
    """May the actor take a person with this new id, name, roles and key (its id) into the vault?"""
    obstacles = [*administration(facts, message("people_rules.enrol_people")), *used_key_obstacles(facts, key)]
    if person in facts.names:
        obstacles.append(obstacle(facts, "person.id_used", person=name_of(facts, person)))
    obstacles += _name_obstacles(facts, name)
    return (*obstacles, *(obstacle for role in roles for obstacle in _unknown_role(facts, role)))


def _name_obstacles(facts: VaultFacts, name: str) -> Iterator[Obstacle]:
    """What stands in the way of a new name: it cannot be read, or read as somebody else's (21 CFR 11.100(a))."""
    if hidden := invisible(name):
        yield obstacle(facts, "person.invisible", points=", ".join(hidden))
    elif not is_name(name):
        yield obstacle(facts, "person.name", name=name, longest_name=LONGEST_NAME)
    if scripts := mixed_scripts(name):
        yield obstacle(facts, "person.mixed_scripts", name=name, scripts=", ".join(scripts))
    if fold(name) in {fold(known) for known in facts.names.values()}:
        yield obstacle(facts, "person.taken", name=name)
    elif others := alike(name, facts.names.values()):
        yield obstacle(facts, "person.looks_alike", name=name, others=", ".join(sorted(others)))


def is_name(name: str) -> bool:
    """Whether a name can be shown and printed: visible characters without white space at the ends."""
    return name == trimmed(name) and 0 < len(name) <= LONGEST_NAME and is_shown(name) and not invisible(name)


def id_obstacles(facts: VaultFacts, new: str) -> tuple[Obstacle, ...]:
    """An obstacle unless an id that was made outside (for a certificate, for paper) is one that can be kept."""
    if _ID.fullmatch(new):
        return ()
    return (obstacle(facts, "id.malformed"),)


def _unknown_role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    if role in facts.declared:
        return ()
    return (obstacle(facts, "role.unknown", role=role, declared=", ".join(sorted(facts.declared))),)


def grant_obstacles(facts: VaultFacts, *, person: str, role: str) -> tuple[Obstacle, ...]:
    """May the actor let this person (an id) hold this role?"""
    obstacles = [*administration(facts, message("people_rules.grant_roles")), *_unknown_role(facts, role)]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person in facts.holders.get(role, ()):
        obstacles.append(obstacle(facts, "role.held", person=name_of(facts, person), role=role))
    obstacles += _for_oneself(facts, person)
    if proposal := _proposal(facts, person, role):
        seconds = second_administrators(facts, proposal.granted_by, person)
        obstacles.append(
            obstacle(
                facts,
                "role.proposed",
                responsible=_names(facts, seconds),
                person=name_of(facts, person),
                role=role,
                seconds=_names(facts, seconds),
            )
        )
    return tuple(obstacles)


def second_administrators(facts: VaultFacts, first: str, person: str) -> tuple[str, ...]:
    """The administrators (ids) who can confirm what administrator `first` did for `person`: neither of the two."""
    return tuple(each for each in facts.holders.get(ADMINISTRATOR, ()) if each not in (first, person))


def takes_two(facts: VaultFacts, person: str) -> bool:
    """Whether what the actor gives this person (an id) waits for another administrator, because there is one."""
    return bool(second_administrators(facts, facts.actor.person, person))


def _names(facts: VaultFacts, people: Sequence[str]) -> str:
    return ", ".join(name_of(facts, each) for each in people) or facts.actor.name


def _proposal(facts: VaultFacts, person: str, role: str) -> PersonRole | None:
    return next((each for each in facts.proposed_roles if (each.person, each.role) == (person, role)), None)


def _for_oneself(facts: VaultFacts, person: str) -> tuple[Obstacle, ...]:
    """An obstacle when the actor would give themselves a role though another administrator could."""
    others = second_administrators(facts, facts.actor.person, person)
    if person != facts.actor.person or not others:
        return ()
    return (
        obstacle(
            facts, "person.self", "gives_oneself", responsible=_names(facts, others), others=_names(facts, others)
        ),
    )


def confirm_person_obstacles(facts: VaultFacts, *, person: str) -> tuple[Obstacle, ...]:
    """May the actor confirm the enrolment of this person (an id)?"""
    obstacles = list(administration(facts, message("people_rules.confirm_people")))
    if person not in facts.proposed_people:
        return (*obstacles, obstacle(facts, "person.not_proposed", name=facts.names.get(person, person)))
    return (*obstacles, *_second(facts, facts.proposed_people[person], person))


def confirm_role_obstacles(facts: VaultFacts, *, person: str, role: str) -> tuple[Obstacle, ...]:
    """May the actor confirm that this person (an id) holds this role?"""
    obstacles = list(administration(facts, message("people_rules.confirm_roles")))
    proposal = _proposal(facts, person, role)
    if proposal is None or person not in facts.active:
        name = facts.names.get(person, person)
        return (*obstacles, obstacle(facts, "role.not_proposed", name=name, role=role))
    return (*obstacles, *_second(facts, proposal.granted_by, person))


def _second(facts: VaultFacts, first: str, person: str) -> tuple[Obstacle, ...]:
    """An obstacle unless it is another administrator who confirms what `first` did for the person; where there is none
    any more, whoever is left may, and it stays one person's doing (21 CFR 11.200(a)(3)).
    """
    others = second_administrators(facts, first, person)
    if facts.actor.person not in (first, person) or not others:
        return ()
    names = _names(facts, others)
    return (obstacle(facts, "person.second", responsible=names, others=names),)


def identity_obstacles(facts: VaultFacts, identity_checked: str) -> tuple[Obstacle, ...]:
    """An obstacle unless it is said how the new person's identity was checked (21 CFR 11.100(b))."""
    if not is_blank(identity_checked):
        return ()
    return (obstacle(facts, "person.identity"),)


def revoke_obstacles(facts: VaultFacts, *, person: str, role: str) -> tuple[Obstacle, ...]:
    """May the actor end this role of this person (an id)?"""
    obstacles = list(administration(facts, message("people_rules.revoke_roles")))
    holders = facts.holders.get(role, ())
    if person not in holders and not _proposal(facts, person, role):
        obstacles.append(
            obstacle(facts, "role.not_held", person=name_of(facts, person), role=role, who_can=who_can(facts, (role,)))
        )
    elif role == ADMINISTRATOR:
        obstacles += _last_administrator(facts, person)
    return tuple(obstacles)


def unknown_person(facts: VaultFacts, person: str) -> Obstacle:
    """The obstacle of a person who is not, or no longer, one of this vault's."""
    known = ", ".join(sorted(facts.names[each] for each in facts.active))
    return obstacle(facts, "person.unknown", "is_not_an", name=facts.names.get(person, person), known=known)


def _last_administrator(facts: VaultFacts, person: str) -> tuple[Obstacle, ...]:
    if facts.holders.get(ADMINISTRATOR, ()) != (person,):
        return ()
    return (
        obstacle(
            facts,
            "role.last_administrator",
            responsible=who_can(facts, (ADMINISTRATOR,)),
            person=name_of(facts, person),
        ),
    )


def used_key_obstacles(facts: VaultFacts, key: str) -> tuple[Obstacle, ...]:
    """An obstacle when a key (its id) was certified here before."""
    if key not in facts.keys:
        return ()
    return (obstacle(facts, "key.used", key=key, keys=name_of(facts, facts.keys[key])),)


def reason_obstacles(facts: VaultFacts, reason: str, doing: str) -> tuple[Obstacle, ...]:
    """An obstacle without a reason; `doing` completes "To ..."."""
    if not is_blank(reason):
        return ()
    return (obstacle(facts, "reason.missing", "to_takes_a", doing=doing),)


def disable_obstacles(facts: VaultFacts, *, person: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor end this person's work here?"""
    obstacles = [
        *administration(facts, message("people_rules.disable_people")),
        *reason_obstacles(facts, reason, message("people_rules.disable_a_person")),
        *_last_administrator(facts, person),
    ]
    if person not in facts.active and person not in facts.proposed_people:
        obstacles.append(unknown_person(facts, person))
    if person == facts.actor.person:
        obstacles.append(
            obstacle(
                facts,
                "person.self",
                "cannot_sign_the",
                responsible=who_can(facts, (ADMINISTRATOR,), without=frozenset({person})),
            )
        )
    return tuple(obstacles)


def open_request(facts: VaultFacts, person: str) -> KeyReset | None:
    """The request for a new key of this person that is still open, if there is one."""
    return next((each for each in facts.resets if each.person == person and each.state == "asked"), None)


def meaning_obstacles(facts: VaultFacts, meaning: str) -> tuple[Obstacle, ...]:
    """An obstacle when a signature says nothing (21 CFR 11.50(a)(3))."""
    if not is_blank(meaning):
        return ()
    return (obstacle(facts, "meaning.missing"),)


def declare_obstacles(facts: VaultFacts) -> tuple[Obstacle, ...]:
    """An obstacle when the actor has given the declaration already."""
    if facts.actor.person not in facts.signed:
        return ()
    return (obstacle(facts, "declaration.given"),)


def declaration_text_obstacles(facts: VaultFacts, text: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the text is a declaration the law knows: another text would not bind (21 CFR 11.100(c))."""
    if sha256(text.encode("utf-8", "surrogatepass")).hexdigest() in DECLARATIONS:
        return ()
    return (obstacle(facts, "declaration.text"),)


def undeclared(actor: Actor, act: str) -> Obstacle:
    """The obstacle of a person who signs (`act` is the command's word) and has not declared what that means."""
    return Obstacle(
        rule="declaration.missing",
        text=message("declaration.missing.text", actor=actor.name, act=act.replace("_", " ")),
        remedy=message("declaration.missing.remedy"),
        responsible=actor.name,
    )


def review_access_obstacles(facts: VaultFacts, *, findings: str, in_order: bool) -> tuple[Obstacle, ...]:
    """May the actor sign that people, keys and roles were looked at?"""
    obstacles = [*administration(facts, message("people_rules.sign_the_access_review"))]
    if not in_order and is_blank(findings):
        obstacles.append(obstacle(facts, "review.findings"))
    return tuple(obstacles)
