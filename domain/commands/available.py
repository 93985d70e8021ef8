"""Which commands are possible at an item now, and why the others are not: what every button of a screen asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.commands.command import Command, ItemCommand
from domain.rules.facts import Facts
from domain.rules.verdict import GateVerdict


def available_commands(facts: Facts, among: Iterable[type[Command]]) -> Mapping[str, GateVerdict]:
    """For each command of `among` that has something to be about on this item, by its word, the verdict on the
    variant with the fewest obstacles; commands about no single item are left out.
    """
    found: dict[str, GateVerdict] = {}
    for kind in among:
        if not issubclass(kind, ItemCommand):
            continue
        for command in kind.possible(facts):
            verdict = command.judge_by(facts)
            best = found.get(command.word)
            if best is None or len(verdict.obstacles) < len(best.obstacles):
                found[command.word] = verdict
    return found
