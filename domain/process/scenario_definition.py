"""Scenarios as data: given/when/then stories that a process version must live through before it goes in force.

A story is a line of moves by invented people on one clock, each move a use case by its own word with the words
of the screen as arguments, and checks between them. The real engine runs it on a vault in memory.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from domain.process.definition_parts import Part

ScenarioKind = Literal[
    "straight_road",
    "urgent",
    "blocked",
    "on_hold",
    "cancelled",
    "changed",
    "reopened",
    "late",
    "deputy",
    "refused",
    "other",
]


class Move(Part, frozen=True, kw_only=True):
    """One thing somebody does, or one check of how things stand.

    `who` is a name from the scenario's people; `does` the word of a use case ("move_item"); `item` the name
    the story gives an item (create_item introduces it); `args` the use case's other arguments: people by name,
    items by their name in the story, evidence by requirement id. `refused` is the id of a rule: the judge must
    refuse the move with it, and nothing may change. `wait` moves the clock on before: "4 working hours",
    "3 working days", "10 days"; `at` sets it: "2026-03-02 09:00".
    `then` checks how things stand after the move.
    """

    who: str = ""
    does: str = ""
    item: str = ""
    args: dict[str, Any] = msgspec.field(default_factory=dict)
    refused: str = ""
    wait: str = ""
    at: str = ""
    then: tuple[Check, ...] = ()


class Check(Part, frozen=True, kw_only=True):
    """How things must stand. Empty members are not looked at.

    `step`, `state`, `cycle` of the item; `fields` their values; `obstacle` the rule that must stand in the way of
    `does` (with `args`) for `who`, and `free` that nothing does; `alert` a condition that was raised for `role`;
    `counts` how many records of a kind the item has ({"obligation:open": 1, "approval:counting": 2}).
    """

    item: str = ""
    step: str = ""
    state: str = ""
    cycle: int = 0
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    who: str = ""
    does: str = ""
    args: dict[str, Any] = msgspec.field(default_factory=dict)
    obstacle: str = ""
    free: bool = False
    alert: str = ""
    role: str = ""
    counts: dict[str, int] = msgspec.field(default_factory=dict)


class Scenario(Part, frozen=True, kw_only=True):
    """One story. `people` maps names to the roles they hold; `given` sets the scene, `when` is what it is about.

    `also` names other shipped processes the story needs (an exception, a blocking order). Its clock begins at
    `begins` in the vault's zone, which is UTC in stories, on a calendar of Monday to Friday, 9:00 to 17:00.
    """

    id: str
    title: str
    kind: ScenarioKind
    people: dict[str, tuple[str, ...]]
    given: tuple[Move, ...] = ()
    when: tuple[Move, ...] = ()
    then: tuple[Check, ...] = ()
    begins: str = "2026-03-02 09:00"
    also: tuple[str, ...] = ()
