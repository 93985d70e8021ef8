"""Attempts at people, keys and roles, each handed to its rules."""

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
from domain.gates.key_rules import (
    ask_reset_obstacles,
    begin_rotation_obstacles,
    give_reset_obstacles,
    recover_obstacles,
    sheet_obstacles,
    withdraw_reset_obstacles,
)
from domain.gates.people_rules import (
    declare_obstacles,
    disable_obstacles,
    enrol_obstacles,
    grant_obstacles,
    review_access_obstacles,
    revoke_obstacles,
    undeclared,
)
from domain.gates.verdict import Obstacle


def people_obstacles(attempt: PeopleAttempt, facts: VaultFacts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (a table of cases)
    """May the actor do this to people, keys or roles?"""
    match attempt:
        case EnrolPerson(person=person, name=name, roles=roles, key=key):
            return enrol_obstacles(facts, person=person, name=name, roles=roles, key=key)
        case GrantRole(person=person, role=role):
            return grant_obstacles(facts, person=person, role=role)
        case RevokeRole(person=person, role=role):
            return revoke_obstacles(facts, person=person, role=role)
        case DisablePerson(person=person, reason=reason):
            return disable_obstacles(facts, person=person, reason=reason)
        case BeginRotation(reason=reason):
            return begin_rotation_obstacles(facts, reason=reason)
        case AskReset(person=person, reason=reason):
            return ask_reset_obstacles(facts, person=person, reason=reason)
        case GiveReset(reset=reset, key=key):
            return give_reset_obstacles(facts, reset=reset, key=key)
        case WithdrawReset(reset=reset, reason=reason):
            return withdraw_reset_obstacles(facts, reset=reset, reason=reason)
        case RecoverKey(sheet=sheet, key=key):
            return recover_obstacles(facts, sheet=sheet, key=key)
        case MakeSheet():
            return sheet_obstacles(facts)
        case Declare():
            return declare_obstacles(facts)
        case SignAct(act=act):
            return () if facts.actor.person in facts.signed else (undeclared(facts.actor, act),)
        case ReviewAccess(findings=findings, in_order=in_order):
            return review_access_obstacles(facts, findings=findings, in_order=in_order)
