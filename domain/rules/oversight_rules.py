"""Rules that concern the vault as a whole: its settings, and giving out the key of its store."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.oversight import SETTINGS
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import anybody_else, name_of
from domain.rules.rights import needs_one_of


def ask_key_obstacles(facts: VaultFacts, purpose: str) -> tuple[Obstacle, ...]:
    """May the actor ask for the store's key?"""
    return (
        *needs_one_of(facts, (ADMINISTRATOR,), message("oversight_rules.ask_for_the_key")),
        *_without_purpose(facts, purpose),
    )


def reveal_obstacles(facts: VaultFacts, purpose: str, *, needs_two: bool, asked_by: str) -> tuple[Obstacle, ...]:
    """May the actor give out the store's key? `asked_by` is who asked for it ("" = nobody)."""
    return (*_reveal(facts, needs_two=needs_two, asked_by=asked_by), *_without_purpose(facts, purpose))


def setting_obstacles(facts: VaultFacts, *, name: str, value: str) -> tuple[Obstacle, ...]:
    """May the actor give this setting this value?"""
    refused = needs_one_of(facts, (ADMINISTRATOR,), message("oversight_rules.change_settings"))
    return (*refused, *_unknown_setting(facts, name, value))


def _unknown_setting(facts: VaultFacts, name: str, value: str) -> tuple[Obstacle, ...]:
    values = SETTINGS.get(name)
    if values is not None and value in values:
        return ()
    known = "; ".join(f"{each}: {' or '.join(allowed)}" for each, allowed in SETTINGS.items())
    return (obstacle(facts, "setting.unknown", name=name, value=value, known=known),)


def _without_purpose(facts: VaultFacts, purpose: str) -> tuple[Obstacle, ...]:
    if not is_blank(purpose):
        return ()
    return (obstacle(facts, "reveal.purpose"),)


def _reveal(facts: VaultFacts, *, needs_two: bool, asked_by: str) -> tuple[Obstacle, ...]:
    """One administrator where one will do; else any second person, after an administrator has asked."""
    if not needs_two:
        return needs_one_of(facts, (ADMINISTRATOR,), message("oversight_rules.give_out_the_key"))
    if not asked_by:
        return (obstacle(facts, "reveal.not_asked", responsible=anybody_else(facts, facts.actor.person)),)
    if asked_by == facts.actor.person:
        return (
            obstacle(
                facts,
                "reveal.second_person",
                responsible=anybody_else(facts, asked_by),
                asked_by=name_of(facts, asked_by),
            ),
        )
    return ()
