"""Who may give a field its value: the person's role or place in the item, the step, and who is kept from judging.

Whoever may edit the item may set a field unless its definition says otherwise. A field that judges the work is never
set by whoever owns the work (ISO 19011 4 e: auditors are independent of what they audit), and authority to alter a
record is checked field by field (21 CFR 11.10(g)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.obstacle import Obstacle
from domain.process.definition import CREATOR, NAMED_IN, OWNER, FieldDefinition, ProcessVersion, Verb
from domain.rules.facts import Facts, VaultFacts
from domain.rules.fields import is_different, is_filled, value_of
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, role_words, who_can
from domain.rules.rights import roles_for
from domain.rules.work_done import who_owned


class Setter(msgspec.Struct, frozen=True, kw_only=True):
    """A person who would give a field its value.

    `acting_as` are their roles, with `owner` and `creator` where they are that of the item. `named` are the values on
    file, by which a field can name them; `owners` are all who count as owners of this cycle's work.
    """

    person: str
    acting_as: frozenset[str]
    named: Mapping[str, Any]
    owners: frozenset[str]
    step: str

    def is_one_of(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words is theirs: a role, a place in the item, or a field that names them."""
        return any(
            self.named.get(word.removeprefix(NAMED_IN)) == self.person
            if word.startswith(NAMED_IN)
            else word in self.acting_as
            for word in words
        )

    def is_kept_out(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words keeps them out; who owned the work in this cycle counts as its owner."""
        return self.is_one_of(words) or (OWNER in words and self.person in self.owners)


def setter(facts: Facts, person: str) -> Setter:
    """A person, by id, as who would set fields of the item."""
    item = facts.file.item
    held = {role for role, people in facts.holders.items() if person in people}
    roles = held | (set(facts.actor.roles) if person == facts.actor.person else set())
    places = {OWNER: item.owner, CREATOR: item.created_by}
    return Setter(
        person=person,
        acting_as=frozenset(roles | {place for place, who in places.items() if who == person}),
        named=item.values,
        owners=who_owned(facts),
        step=item.step,
    )


def setting_obstacles(facts: Facts, fields: Mapping[str, Any], *, by: str = "") -> tuple[Obstacle, ...]:
    """May the person (an id; "" = the actor) change these fields of the item? What stays as it is asks nobody."""
    who, item = setter(facts, by or facts.actor.person), facts.file.item
    return tuple(
        each
        for name, value in fields.items()
        if (definition := facts.process.field(name)) and is_different(value_of(item, name), value)
        for each in against_setting(facts, facts.process, definition, who)
    )


def against_setting(
    facts: Facts | VaultFacts, process: ProcessVersion, definition: FieldDefinition, who: Setter
) -> Iterator[Obstacle]:
    """What stands against a person's setting a field, whatever the value."""
    given = {"about": definition.id, "title": definition.title, "person": name_of(facts, who.person)}
    if definition.set_at and who.step not in definition.set_at:
        steps = ", ".join(step.title for step in process.steps if step.id in definition.set_at)
        able = who_can(facts, roles_for(process, _MOVING, who.step))
        yield obstacle(facts, "field.step", responsible=able, steps=steps, step=who.step, **given)
    if definition.set_by and not who.is_one_of(definition.set_by):
        able = who_can(facts, definition.set_by, without=_kept_out(facts, definition, who))
        yield obstacle(facts, "field.right", responsible=able, who=role_words(facts, definition.set_by), **given)
    yield from kept_from_setting(facts, process, definition, who)


_MOVING: Verb = "move"


def kept_from_setting(
    facts: Facts | VaultFacts, process: ProcessVersion, definition: FieldDefinition, who: Setter
) -> Iterator[Obstacle]:
    """What keeps a person from a field whoever else asks for the change: their place in the work that it judges."""
    given = {"about": definition.id, "title": definition.title, "person": name_of(facts, who.person)}
    roles = definition.set_by or roles_for(process, "edit", who.step)
    able = who_can(facts, roles, without=_kept_out(facts, definition, who) | {who.person})
    if who.is_kept_out(definition.not_by):
        words = role_words(facts, definition.not_by)
        yield obstacle(facts, "field.excluded", responsible=able, words=words, **given)
    if definition.verdict and who.person in who.owners:
        yield obstacle(facts, "field.verdict", responsible=able, **given)


def deciding_obstacles(facts: Facts, fields: Mapping[str, Any], *, asked_by: str) -> tuple[Obstacle, ...]:
    """May the actor sign that these fields get values that somebody else asked for? Whoever asked must be able to set
    them still, and the actor must not be kept from what judges the work.
    """
    actor = setter(facts, facts.actor.person)
    kept = (
        each
        for name in fields
        if (definition := facts.process.field(name))
        for each in kept_from_setting(facts, facts.process, definition, actor)
    )
    return (*setting_obstacles(facts, fields, by=asked_by), *kept)


def obstacles_to_new(facts: VaultFacts, process: ProcessVersion, fields: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """May the actor give these fields values when the item begins? Nobody is named in a field of it yet."""
    owner, person = str(fields.get(OWNER) or ""), facts.actor.person
    who = Setter(
        person=person,
        acting_as=frozenset({*facts.actor.roles, CREATOR, *((OWNER,) if owner == person else ())}),
        named={},
        owners=frozenset({owner} - {""}),
        step=process.first_step,
    )
    return tuple(
        each
        for name, value in fields.items()
        if is_filled(value) and (definition := process.field(name))
        for each in against_setting(facts, process, definition, who)
    )


def _kept_out(facts: Facts | VaultFacts, definition: FieldDefinition, who: Setter) -> frozenset[str]:
    """People whom the field keeps out, as far as their place in the item says so."""
    if not isinstance(facts, Facts):
        return who.owners if definition.verdict else frozenset()
    people = set(who.owners) if definition.verdict or OWNER in definition.not_by else set()
    for word in definition.not_by:
        if word.startswith(NAMED_IN):
            people.add(str(who.named.get(word.removeprefix(NAMED_IN)) or ""))
        elif word == CREATOR:
            people.add(facts.file.item.created_by)
        else:
            people |= set(facts.holders.get(word, ()))
    return frozenset(people - {""})
