"""Attempts that change who is here, with which keys and roles, and what a signature needs beforehand."""

from __future__ import annotations

from domain.gates.attempt import (
    AskReset,
    BeginRotation,
    Declare,
    DisablePerson,
    EnrolPerson,
    GiveReset,
    GrantRole,
    MakeSheet,
    PeopleAttempt,
    RecoverKey,
    ReviewAccess,
    RevokeRole,
    SignAct,
    WithdrawReset,
)
from domain.gates.facts import VaultFacts
from domain.gates.people import name_of, who_can
from domain.gates.rights import needs_one_of
from domain.gates.verdict import Obstacle
from domain.items.people import ADMINISTRATOR, KeyReset

LONGEST_NAME = 200
"""Characters in a person's name."""


def people_obstacles(attempt: PeopleAttempt, facts: VaultFacts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (a table of cases)
    """May the actor do this to people, keys or roles?"""
    match attempt:
        case EnrolPerson():
            return _enrol(facts, attempt)
        case GrantRole(person=person, role=role):
            return _grant(facts, person, role)
        case RevokeRole(person=person, role=role):
            return _revoke(facts, person, role)
        case DisablePerson(person=person, reason=reason):
            return _disable(facts, person, reason)
        case BeginRotation(reason=reason):
            return _begin_rotation(facts, reason)
        case AskReset(person=person, reason=reason):
            return _ask_reset(facts, person, reason)
        case GiveReset(reset=reset, key=key):
            return _give_reset(facts, reset, key)
        case WithdrawReset(reset=reset, reason=reason):
            return _withdraw_reset(facts, reset, reason)
        case RecoverKey(sheet=sheet, key=key):
            return _recover(facts, sheet, key)
        case MakeSheet():
            return _administration(facts, "print a recovery sheet, which holds the vault's root key,")
        case Declare():
            return _declare(facts)
        case SignAct(act=act):
            return _sign(facts, act)
        case ReviewAccess(findings=findings, in_order=in_order):
            return access_review_obstacles(facts, findings, in_order=in_order)


def _administration(facts: VaultFacts, doing: str) -> tuple[Obstacle, ...]:
    return needs_one_of(facts, (ADMINISTRATOR,), doing)


def _enrol(facts: VaultFacts, attempt: EnrolPerson) -> tuple[Obstacle, ...]:
    name = attempt.name
    obstacles = [*_administration(facts, "enrol people"), *_used_key(facts, attempt.key)]
    if attempt.person in facts.names:
        obstacles.append(
            Obstacle(
                rule="person.id_used",
                text=f"The id of {name_of(facts, attempt.person)} cannot be given to another person, ever.",
                cure="Enrol the person under a new id.",
                who=facts.actor.name,
            )
        )
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        obstacles.append(
            Obstacle(
                rule="person.name",
                text=f"{name!r} is not a name that can be shown and printed.",
                cure=f"Use 1 to {LONGEST_NAME} visible characters without spaces at the ends.",
                who=facts.actor.name,
            )
        )
    if name.casefold() in {known.casefold() for known in facts.names.values()}:
        obstacles.append(
            Obstacle(
                rule="person.taken",
                text=f"'{name}' is enrolled here already; names tell people apart on paper.",
                cure="Add what distinguishes them, such as a middle name or department.",
                who=facts.actor.name,
            )
        )
    return (*obstacles, *(obstacle for role in attempt.roles for obstacle in _unknown_role(facts, role)))


def _unknown_role(facts: VaultFacts, role: str) -> tuple[Obstacle, ...]:
    if role in facts.declared:
        return ()
    return (
        Obstacle(
            rule="role.unknown",
            text=f"No process in force knows the role '{role}'.",
            cure=f"Use one of: {', '.join(sorted(facts.declared))}.",
            who=facts.actor.name,
        ),
    )


def _grant(facts: VaultFacts, person: str, role: str) -> tuple[Obstacle, ...]:
    obstacles = [*_administration(facts, "grant roles"), *_unknown_role(facts, role)]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person in facts.holders.get(role, ()):
        obstacles.append(
            Obstacle(
                rule="role.held",
                text=f"{name_of(facts, person)} holds '{role}' already.",
                cure="There is nothing to grant.",
                who=facts.actor.name,
            )
        )
    return tuple(obstacles)


def _revoke(facts: VaultFacts, person: str, role: str) -> tuple[Obstacle, ...]:
    obstacles = list(_administration(facts, "revoke roles"))
    holders = facts.holders.get(role, ())
    if person not in holders:
        obstacles.append(
            Obstacle(
                rule="role.not_held",
                text=f"{name_of(facts, person)} does not hold '{role}'.",
                cure=f"It is held by: {who_can(facts, (role,))}.",
                who=facts.actor.name,
            )
        )
    elif role == ADMINISTRATOR:
        obstacles += _last_administrator(facts, person)
    return tuple(obstacles)


def unknown_person(facts: VaultFacts, person: str) -> Obstacle:
    """The obstacle of a person who is not, or no longer, one of this vault's."""
    known = ", ".join(sorted(facts.names[each] for each in facts.active))
    return Obstacle(
        rule="person.unknown",
        text=f"'{facts.names.get(person, person)}' is not an active person of this vault.",
        cure=f"Choose one of: {known}.",
        who=facts.actor.name,
    )


def _last_administrator(facts: VaultFacts, person: str) -> tuple[Obstacle, ...]:
    if facts.holders.get(ADMINISTRATOR, ()) != (person,):
        return ()
    return (
        Obstacle(
            rule="role.last_administrator",
            text=f"{name_of(facts, person)} is the last administrator; nobody could grant a role any more.",
            cure="Make another person administrator first.",
            who=who_can(facts, (ADMINISTRATOR,)),
        ),
    )


def _used_key(facts: VaultFacts, key: str) -> tuple[Obstacle, ...]:
    if key not in facts.keys:
        return ()
    return (
        Obstacle(
            rule="key.used",
            text=f"Key {key} was certified here before, for {name_of(facts, facts.keys[key])}.",
            cure="Have a new key made; keys are never certified twice.",
            who=facts.actor.name,
        ),
    )


def _needs_reason(facts: VaultFacts, reason: str, doing: str) -> tuple[Obstacle, ...]:
    if reason.strip():
        return ()
    return (
        Obstacle(
            rule="reason.missing",
            text=f"To {doing} takes a reason that is kept on record.",
            cure="Say why.",
            who=facts.actor.name,
        ),
    )


def _disable(facts: VaultFacts, person: str, reason: str) -> tuple[Obstacle, ...]:
    obstacles = [
        *_administration(facts, "disable people"),
        *_needs_reason(facts, reason, "disable a person"),
        *_last_administrator(facts, person),
    ]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person == facts.actor.person:
        obstacles.append(
            Obstacle(
                rule="person.self",
                text=f"{facts.actor.name} cannot sign the end of the own key with it.",
                cure="Another administrator has to do it.",
                who=who_can(facts, (ADMINISTRATOR,), without=frozenset({person})),
            )
        )
    return tuple(obstacles)


def _begin_rotation(facts: VaultFacts, reason: str) -> tuple[Obstacle, ...]:
    obstacles = [
        *_administration(facts, "change the data key"),
        *_needs_reason(facts, reason, "change the data key"),
    ]
    if facts.rotating:
        obstacles.append(
            Obstacle(
                rule="rotation.begun",
                text="The data key is being changed already.",
                cure="Lock and unlock the vault: the change that was begun is finished first.",
                who=facts.actor.name,
            )
        )
    return tuple(obstacles)


def _ask_reset(facts: VaultFacts, person: str, reason: str) -> tuple[Obstacle, ...]:
    obstacles = [*_needs_reason(facts, reason, "ask for a new key")]
    if person not in facts.active:
        obstacles.append(unknown_person(facts, person))
    if person == facts.actor.person:
        obstacles.append(
            Obstacle(
                rule="person.self",
                text=f"{facts.actor.name} can unlock and needs no new key.",
                cure="Change the passphrase instead.",
                who=facts.actor.name,
            )
        )
    if any(each.person == person and each.state == "asked" for each in facts.resets):
        obstacles.append(
            Obstacle(
                rule="reset.asked",
                text=f"A new key for {name_of(facts, person)} is asked for already.",
                cure="Another person, who is an administrator, can give it.",
                who=who_can(facts, (ADMINISTRATOR,), without=frozenset({person})),
            )
        )
    return tuple(obstacles)


def _give_reset(facts: VaultFacts, reset: str, key: str) -> tuple[Obstacle, ...]:
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    obstacles = [*_administration(facts, "give a person a new key"), *_used_key(facts, key)]
    if asked is None:
        return (*obstacles, _not_asked(facts))
    if asked.person not in facts.active:
        obstacles.append(unknown_person(facts, asked.person))
    if facts.actor.person in (asked.asked_by, asked.person):
        whose = "asked for this new key" if facts.actor.person == asked.asked_by else "would receive this new key"
        obstacles.append(
            Obstacle(
                rule="reset.two_persons",
                text=f"{facts.actor.name} {whose} and may not also give it: a reset takes two persons.",
                cure="Another administrator has to give it.",
                who=who_can(facts, (ADMINISTRATOR,), without=frozenset({asked.asked_by, asked.person})),
            )
        )
    return tuple(obstacles)


def _not_asked(facts: VaultFacts) -> Obstacle:
    return Obstacle(
        rule="reset.not_asked",
        text="Nobody else has asked for this new key: a reset takes two persons.",
        cure="Another active person asks for it first.",
        who=", ".join(sorted(facts.names[each] for each in facts.active - {facts.actor.person})),
    )


def _withdraw_reset(facts: VaultFacts, reset: str, reason: str) -> tuple[Obstacle, ...]:
    asked = next((each for each in facts.resets if each.id == reset and each.state == "asked"), None)
    if asked is None:
        return (
            Obstacle(
                rule="reset.not_open",
                text="This request for a new key is not open: it was given, withdrawn, or never made.",
                cure="There is nothing to withdraw.",
                who=facts.actor.name,
            ),
        )
    obstacles = [*_needs_reason(facts, reason, "withdraw a request for a new key")]
    if facts.actor.person not in (asked.asked_by, asked.person):
        names = sorted({name_of(facts, asked.asked_by), name_of(facts, asked.person)})
        obstacles.append(
            Obstacle(
                rule="reset.not_yours",
                text=f"{facts.actor.name} neither asked for this new key nor would get it.",
                cure="Whoever asked for it, or the person it is for, withdraws it.",
                who=", ".join(names),
            )
        )
    return tuple(obstacles)


def open_request(facts: VaultFacts, person: str) -> KeyReset | None:
    """The request for a new key of this person that is still open, if there is one."""
    return next((each for each in facts.resets if each.person == person and each.state == "asked"), None)


def _recover(facts: VaultFacts, sheet: str, key: str) -> tuple[Obstacle, ...]:
    found = next((each for each in facts.sheets if each.id == sheet), None)
    obstacles = [*_used_key(facts, key)]
    if found is None or found.state != "in_force" or found.person != facts.actor.person:
        obstacles.append(
            Obstacle(
                rule="sheet.not_in_force",
                text="This recovery sheet is not in force: it was used, replaced, or belongs to somebody else.",
                cure="Use the sheet printed last, or have two persons reset the key.",
                who=who_can(facts, (ADMINISTRATOR,), without=frozenset({facts.actor.person})),
            )
        )
    if facts.active - {facts.actor.person} and open_request(facts, facts.actor.person) is None:
        obstacles.append(_not_asked(facts))
    return tuple(obstacles)


def _declare(facts: VaultFacts) -> tuple[Obstacle, ...]:
    if facts.actor.person not in facts.signed:
        return ()
    return (
        Obstacle(
            rule="declaration.given",
            text=f"{facts.actor.name} has given this declaration already.",
            cure="There is nothing to declare.",
            who=facts.actor.name,
        ),
    )


def _sign(facts: VaultFacts, act: str) -> tuple[Obstacle, ...]:
    if facts.actor.person in facts.signed:
        return ()
    return (
        Obstacle(
            rule="declaration.missing",
            text=f"{facts.actor.name} has not yet declared that signatures made here bind like handwriting; "
            f"{act.replace('_', ' ')} is one.",
            cure="Read and sign the declaration first; it is asked once.",
            who=facts.actor.name,
        ),
    )


def access_review_obstacles(facts: VaultFacts, findings: str, *, in_order: bool) -> tuple[Obstacle, ...]:
    """May the actor sign that access was reviewed?"""
    obstacles = [*_administration(facts, "sign the access review")]
    if not in_order and not findings.strip():
        obstacles.append(
            Obstacle(
                rule="review.findings",
                text="A review that does not find everything in order says what it found.",
                cure="Write down the findings.",
                who=facts.actor.name,
            )
        )
    return tuple(obstacles)
