"""The CAPA process with one place or another changed, in a vault with the usual cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from memory_register import CAPA, CAST, MemoryVault, rules

from domain.commands.command import ItemCommand, verdict_of

PLAN = "plan->implementation"
CLOSING = "verification->closed"
URGENT = {
    "role": "process_owner",
    "meaning": "Urgent approval, to be confirmed.",
    "confirm_hours": 16,
    "reasons": ["safety", "line_down"],
}


def governed(change: Callable[[dict[str, Any]], None] | None = None) -> MemoryVault:
    """A vault whose CAPA process `change` was applied to."""
    document = json.loads(CAPA.read_text(encoding="utf-8"))
    if change is not None:
        change(document)
    vault = MemoryVault(process=json.dumps(document))
    for name, roles in CAST.items():
        vault.enrol(name, roles)
    return vault


def plan_levels(**first: Any) -> Callable[[dict[str, Any]], None]:
    """Only one level at the plan, with these rules."""

    def change(document: dict[str, Any]) -> None:
        gate = next(
            transition["gate"] for transition in document["transitions"] if transition["to"] == "implementation"
        )
        level = gate["approvals"][0]
        if first.get("need", "any") == "any":
            first.pop("n", None)
        gate["approvals"] = [{**level, **first}]

    return change


def urgent(**more: Any) -> Callable[[dict[str, Any]], None]:
    """An urgent path."""

    def change(document: dict[str, Any]) -> None:
        document["urgent"] = {**URGENT, **more}

    return change


def at_plan(vault: MemoryVault, **fields: Any) -> str:
    """An item that waits for the signatures of its plan."""
    item = vault.new_item(**fields)
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    return item


def judged(vault: MemoryVault, item: str, command: ItemCommand, name: str = "Quinn") -> list[str]:
    """The rules that say no."""
    return rules(verdict_of(command, vault.facts(item, name)))
