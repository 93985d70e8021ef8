"""Scenarios as data: given/when/then scenarios that a process version must run before it goes in force.

A scenario is a line of moves by invented people on one clock, each move a use case by its own word with the words
of the screen as arguments, and checks between them. The real engine runs it on a vault in memory
(`domain.simulation.run`). How to write one:

* `people` maps names to roles. Roles are those of the process and of the processes in `also`; `administrator` is one
  too. A name is one word or several, and different from every item's name in the scenario.
* A move is done by `who`. `does` is the word of a use case: the name of a module of `domain.commands`, as the log,
  the command line and the screens know it. `args` are its arguments by name, without register, actor and ids.
* `item` is the name the scenario gives an item. `create_item` introduces it; with an act that brings another item into
  being, `makes` names that one. For every other act `item` is the item it is about. The argument `process` of a use
  case need not be given: it is the scenario's own. `create_item` takes `fields` as the screen does.
* In `args`, at any depth: text that is exactly a person's name stands for the person, text that is exactly an item's
  name for the item. `"evidence": "<requirement id>"` stands for the newest file of that requirement. `"@request"`
  stands for the newest record of that kind (of the move's item, where such records hang on items), `"@request:1"` for
  the first; any record of `domain.records.registry` can be meant so.
* Files are invented: an argument `file` is made up, with a content of its own each time.
* The clock begins at `begins`, UTC. Every move takes one second. Before it happens, `at` sets the clock (never back)
  or `wait` moves it on: "90 minutes", "4 working hours", "3 working days", "10 days". Working time is that of the
  vault's calendar: Monday to Friday, 9:00 to 17:00, unless the scenario sets another. Because moves take seconds, what
  is due in 4 working hours is overdue after a wait of 4 working hours.
* `refused` names the rule that must refuse the move; nothing may change. `usage` stands for a call that makes no
  sense (nothing would change, an unknown word). Without `refused` the move must succeed.
* `then` checks how things stand after the move, see `Check`. A move without `does` only waits and checks.
* `continues` names another scenario of the same version; its people are there too, and its moves are run first
  without their checks: all of them, or, with `until`, up to the one after which an item stands at that step. So one
  normal path serves the scenarios that leave it somewhere.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from domain.process.definition_parts import Part

ScenarioKind = Literal[
    "normal_path",
    "urgent",
    "blocked",
    "on_hold",
    "cancelled",
    "changed",
    "reopened",
    "late",
    "delegate",
    "refused",
    "other",
]


class Move(Part, frozen=True, kw_only=True):
    """One thing somebody does, or one check of how things stand; see the top of this module."""

    who: str = ""
    does: str = ""
    item: str = ""
    args: dict[str, Any] = msgspec.field(default_factory=dict)
    makes: str = ""
    refused: str = ""
    wait: str = ""
    at: str = ""
    then: tuple[Check, ...] = ()


class Check(Part, frozen=True, kw_only=True):
    """How things must stand. Empty members are not looked at; several members must all hold.

    `step`, `state`, `cycle` of the item; `fields` their values, core fields too (people and items by name, "" = empty).
    `obstacle`: the rule that must be among those in the way of `does` (with `args`) for `who`; `missing`: all that must
    be, each a rule or a rule and what it is about ("field.missing:root_cause"); `free`: nothing is in
    the way of it; nothing is done either way. `passes`: a rule that an exception or a risk acceptance passes visibly on
    a transition out of the item's step.
    `alert`: a condition that was raised about the item, for `role` if named (`owner` too); the program looks for
    what is due first, as it does every few minutes.
    `counts`: how many records of a kind the item has, or the vault where they do not hang on items: "transition_record"
    all of them, "obligation:open" those in that state, "approval:approved" with that decision, "link:blocked_by" of
    that kind, "approval:counting" signatures that count today at the gates asked. `versions`: states of process
    versions at this moment: draft, in_review, scheduled, in_force or retired ({"capa@2": "in_force"}).
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
    missing: tuple[str, ...] = ()
    passes: str = ""
    alert: str = ""
    role: str = ""
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    versions: dict[str, str] = msgspec.field(default_factory=dict)


class Scenario(Part, frozen=True, kw_only=True):
    """One scenario. `people` maps names to the roles they hold; `given` sets the scene, `when` is what it is about.

    `then` is checked at the end. `also` names other shipped processes the scenario needs (an exception, a blocking
    order); items of theirs are made by `create_item` with the argument `process`.
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
    continues: str = ""
    until: str = ""
