"""What a rule answers when it says no: its id and the facts of the case; the words stand in the catalogue."""

from __future__ import annotations

from typing import Any

from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.facts import Facts, VaultFacts


def obstacle(
    facts: Facts | VaultFacts,
    rule: str,
    case: str = "",
    /,
    *,
    responsible: str | None = None,
    about: str = "",
    **given: Any,
) -> Obstacle:
    """The obstacle of a rule, with the texts `<rule>.text` and `<rule>.remedy` of the catalogue.

    A rule that says no in several cases has texts for each: `<rule>.text.<case>`. Both texts may name what is `given`,
    the `process` version, the `actor` and the `number` of the item. Where nobody is named as `responsible`, the actor
    is.
    """
    ending = f".{case}" if case else ""
    known = {"actor": facts.actor.name, "process": facts.process.name if facts.process else ""}
    if isinstance(facts, Facts):
        known["number"] = facts.file.item.number
    parameters = known | given
    return Obstacle(
        rule=rule,
        text=message(f"{rule}.text{ending}", **parameters),
        remedy=message(f"{rule}.remedy{ending}", **parameters),
        responsible=facts.actor.name if responsible is None else responsible,
        about=about,
    )
