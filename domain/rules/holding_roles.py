"""Which roles a person holds at an instant: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.act import Actor
from domain.identity import iso
from domain.records.people import PersonRole
from domain.state import State


def is_held(grant: PersonRole, at: str) -> bool:
    """Whether a grant of a role holds at the instant `at` (ISO): from its beginning on, its end left out. One that is
    only proposed never does.
    """
    return not grant.state and grant.valid_from <= at and (not grant.valid_until or at < grant.valid_until)


def held_by(grants: Iterable[PersonRole], person: str, at: str) -> frozenset[str]:
    """The roles that a person holds at the instant `at` (ISO)."""
    return frozenset(grant.role for grant in grants if grant.person == person and is_held(grant, at))


def actor_at(state: State, person: str, at: datetime) -> Actor:
    """A person as the rules see them at a moment: with their name and the roles they hold then."""
    name = next((each.name for each in state.people() if each.id == person), person)
    return Actor(person=person, name=name, roles=held_by(state.roles(), person, iso(at)), at=at)
