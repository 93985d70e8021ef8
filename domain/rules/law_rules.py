"""Which law holds in a vault, and how a newer one comes to hold."""

from __future__ import annotations

from domain.log.entry import is_known_law, newest_law
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.rights import needs_one_of
from domain.state import State


def law_in_force(state: State) -> int:
    """The law of the newest entry; a log without one begins with the newest law known."""
    size = state.log_size()
    return state.header(size - 1).law if size else newest_law()


def adopt_law_obstacles(facts: VaultFacts, *, law: int, in_force: int) -> tuple[Obstacle, ...]:
    """May the actor have the vault go by this law from now on? The law only ever rises."""
    found = list(needs_one_of(facts, (ADMINISTRATOR,), "adopt a law"))
    who = facts.actor.name
    if law <= in_force:
        text = f"Law {in_force} holds already; the law never goes back to an older one."
        found.append(Obstacle(rule="law.older", text=text, remedy="Adopt a newer law, or none.", responsible=who))
    elif not is_known_law(law):
        text = f"This program knows no law {law}; its newest is {newest_law()}."
        found.append(
            Obstacle(rule="law.unknown", text=text, remedy="Adopt it with a program that knows it.", responsible=who)
        )
    return tuple(found)
