"""Which law holds in a vault, and how a newer one comes to hold."""

from __future__ import annotations

from domain.log.entry import is_known_law, newest_law
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.rights import needs_one_of
from domain.state import State


def law_in_force(state: State) -> int:
    """The law of the newest entry; a log without one begins with the newest law known."""
    size = state.log_size()
    return state.header(size - 1).law if size else newest_law()


def adopt_law_obstacles(facts: VaultFacts, *, law: int, in_force: int) -> tuple[Obstacle, ...]:
    """May the actor have the vault go by this law from now on? The law only ever rises."""
    found = list(needs_one_of(facts, (ADMINISTRATOR,), message("law_rules.adopt_a_law")))
    who = facts.actor.name
    if law <= in_force:
        found.append(obstacle(facts, "law.older", "law_holds_already", responsible=who, in_force=in_force))
    elif not is_known_law(law):
        found.append(
            obstacle(facts, "law.unknown", "this_program_knows", responsible=who, law=law, newest_law=newest_law())
        )
    return tuple(found)
