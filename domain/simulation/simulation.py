"""The stage of a scenario: a vault in memory with the scenario's people, its clock, and what it calls things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final

import msgspec

from domain.act import Act, Actor
from domain.calendar.working_time import WorkingCalendar
from domain.commands.changing import new_record
from domain.commands.command import NONCE_SIZE, Command, command_class, command_of
from domain.commands.deciding import decide
from domain.errors import UsageProblem
from domain.identity import iso
from domain.log.entry import Entry
from domain.messages import message
from domain.process.decode import process_text
from domain.process.definition import ProcessVersion
from domain.records.governance import Calendar
from domain.records.people import ADMINISTRATOR, Declaration
from domain.records.registry import ABOUT_ITEMS, RECORDS
from domain.rules.holding_roles import actor_at
from domain.simulation.memory_register import MemoryRegister

_WAIT: Final = re.compile(r"(\d{1,6}) (working )?(minute|hour|day)s?")
_RECORD: Final = re.compile(r"@([a-z_]+)(?::(\d{1,3}))?")
_FIRST_ADMIN: Final = "p-founder"
SIMULATED: Final = "Simulated"
"""What a signature means in a scenario where neither it nor the process says so."""
_PROCESS_BY_CHOICE: Final = frozenset(("grant_mandate",))
"""Commands in which no process means every process."""


class Simulation:
    """Where a scenario is run. Its people are enrolled the day before it begins."""

    def __init__(
        self,
        *,
        version: ProcessVersion,
        also: Iterable[ProcessVersion],
        people: Mapping[str, Iterable[str]],
        begins: str,
    ) -> None:
        self.version = version
        self.register = MemoryRegister()
        self.items: dict[str, str] = {}
        self.people: dict[str, str] = {name: f"p-{number}" for number, name in enumerate(people, 1)}
        self._ids = count(1)
        start = moment(begins)
        self.now = start - timedelta(days=1)
        first_admin = Actor(
            person=_FIRST_ADMIN,
            name=message("simulation.first_administrator_of_the"),
            roles=frozenset({ADMINISTRATOR}),
            at=self.now,
        )
        self._take(
            first_admin,
            "create_vault",
            vault="memory",
            name="Simulation",
            first_admin=first_admin.name,
            prefix="T",
            root_key="r",
            log_key="l",
            log_certificate="c",
            slots="s",
            key=_key(_FIRST_ADMIN),
            processes=[process_text(each) for each in (version, *also)],
        )
        # Administrators come last: as soon as there is a second one, whoever is enrolled takes two.
        second = ""
        for name, roles in sorted(people.items(), key=lambda each: ADMINISTRATOR in each[1]):
            self._take(
                first_admin,
                "enrol_person",
                person=self.people[name],
                name=name,
                identity_checked="invented",
                roles=tuple(roles),
                key=_key(self.people[name]),
            )
            if second:
                self._take(self.actor(second), "confirm_person", person=self.people[name])
            elif ADMINISTRATOR in roles:
                second = name
        for name in people:
            self._declare(self.actor(name))
        self.now = start

    def actor(self, name: str) -> Actor:
        """A person of the scenario with the roles held now.

        Raises:
            UsageProblem: the scenario has nobody of that name.
        """
        person = self.people.get(name)
        if person is None:
            raise UsageProblem(
                message("simulation.is_nobody_of_this", name=name),
                remedy=message("simulation.people", people=", ".join(self.people)),
            )
        return actor_at(self.register, person, self.now)

    def wait(self, text: str) -> None:
        """Move the clock on, such as "3 working days".

        Raises:
            UsageProblem: not a time to wait.
        """
        found = _WAIT.fullmatch(text)
        if found is None:
            raise UsageProblem(
                message("simulation.is_no_time_to", text=text), remedy=message("simulation.write_such_as_working")
            )
        number, unit = int(found[1]), found[3]
        if not found[2]:
            self.now += timedelta(**{f"{unit}s": number})
            return
        calendar = self.calendar
        if unit == "minute":
            self.now = calendar.add_minutes(self.now, number)
        else:
            self.now = calendar.add(self.now, **{f"{unit}s": number})

    def set_clock(self, text: str) -> None:
        """Set the clock, such as "2026-03-02 09:00".

        Raises:
            UsageProblem: not an instant, or one that is past.
        """
        to = moment(text)
        if to < self.now:
            raise UsageProblem(
                message("simulation.is_past_it_is", text=text, now=self.now),
                remedy=message("simulation.clocks_only_go_on"),
            )
        self.now = to

    @property
    def calendar(self) -> WorkingCalendar:
        """The working time of the scenario's vault."""
        return WorkingCalendar.of(next(iter(self.register.all_of(Calendar)), None))

    def item(self, name: str) -> str:
        """The id of an item of the scenario.

        Raises:
            UsageProblem: the scenario has not made it.
        """
        if name not in self.items:
            raise UsageProblem(
                message("simulation.the_scenario_has_no", name=name), remedy=message("simulation.make_it_with_create")
            )
        return self.items[name]

    def act(self, who: str, does: str, item: str, args: Mapping[str, Any]) -> Act:
        """What the use case makes of the move; nothing is changed.

        Raises:
            Refused: a rule says no. UsageProblem: the call makes no sense.
        """
        kind = command_class(does)
        known = frozenset(kind.__struct_fields__)
        wrong = sorted(set(args) - known)
        if wrong:
            raise UsageProblem(
                message("simulation.takes_no_argument", does=does, wrong=", ".join(wrong)),
                remedy=message("simulation.it_takes", known=sorted(known)),
            )
        here = self.items.get(item, "")
        given = {name: self._meant(value, name, here) for name, value in args.items()}
        if "item" in known and "item" not in given:
            given["item"] = self.item(item)
        if "process" in known and "process" not in given and does not in _PROCESS_BY_CHOICE:
            given["process"] = self.version.id
        if {"file", "size", "file_name"} <= known and "file" not in given:
            given.update(_invented(f"{item} {given.get('requirement', '')} {self.register.log_size()}"))
            given.setdefault("file_name", f"{given.get('requirement', 'file')}.txt")
        return self._decided(self.actor(who), {"command": does, **given})

    def _decided(self, by: Actor, values: dict[str, Any]) -> Act:
        """The act of a command given by its values; a signature that nobody gave a meaning says that it is simulated.

        Raises:
            Refused: a rule says no. UsageProblem: the call makes no sense.
        """
        return self._decide(command_of(values), by)

    def _decide(self, command: Command, by: Actor) -> Act:
        nonce = next(self._ids).to_bytes(NONCE_SIZE, "big")
        try:
            return decide(command, self.register, by, nonce=nonce)
        except UsageProblem as problem:
            unsaid = "meaning" in command.__struct_fields__ and not getattr(command, "meaning", "")
            if problem.where != "meaning" or not unsaid:
                raise
        return decide(msgspec.structs.replace(command, meaning=SIMULATED), self.register, by, nonce=nonce)

    def carry_out(self, command: Command, by: Actor) -> Entry:
        """Decide a command and apply its act."""
        return self.register.take(self._decide(command, by), by)

    def take(self, who: str, act: Act, makes: str) -> Entry:
        """Apply an act; the item it brings into being gets the name `makes`.

        Raises:
            UsageProblem: the name is taken, or no item was made.
        """
        entry = self.register.take(act, self.actor(who))
        made = [change.id for change in act.changes if change.record == "item" and change.before is None]
        if makes:
            if makes in self.items or makes in self.people or not made:
                why = message("simulation.the_name_is_taken") if made else message("simulation.made_none", act=act.name)
                raise UsageProblem(
                    message("simulation.no_item_can_be", makes=makes, why=why),
                    remedy=message("simulation.choose_another_name"),
                )
            self.items[makes] = made[0]
        return entry

    def record(self, kind: str, item: str, nth: int = 0) -> str:
        """The id of a record of a kind, of the item where such records hang on items; `nth` from 1, 0 = newest.

        Raises:
            UsageProblem: there is none.
        """
        if kind not in RECORDS:
            raise UsageProblem(
                message("simulation.is_no_kind_of", kind=kind),
                remedy=message("simulation.kinds", list=", ".join(RECORDS)),
            )
        about = item if kind in ABOUT_ITEMS else ""
        rows = [row for row in self.register.rows(kind) if not about or row["item"] == about]
        if not rows or nth > len(rows):
            raise UsageProblem(
                message("simulation.there_is_no_number", kind=kind.replace("_", " "), nth=nth or 1),
                remedy=message("simulation.make_it_first"),
            )
        return str(rows[nth - 1]["id"])

    def _meant(self, value: Any, name: str, item: str) -> Any:
        """A scenario's word for a thing, as what it stands for."""
        if isinstance(value, dict):
            return {inner: self._meant(each, inner, item) for inner, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._meant(each, name, item) for each in value]
        if not isinstance(value, str):
            return value
        if name == "evidence":
            files = [row for row in self.register.rows("evidence") if row["item"] == item]
            fitting = [row["id"] for row in files if row["requirement"] == value]
            if fitting:
                return fitting[-1]
        return self.meant(value, item)

    def meant(self, text: str, item: str = "") -> str:
        """The id that a scenario's word stands for: a person, an item, a record ("@request"); other text is itself."""
        reference = _RECORD.fullmatch(text)
        if reference:
            return self.record(reference[1], item, int(reference[2] or 0))
        return self.people.get(text) or self.items.get(text) or text

    def _take(self, by: Actor, word: str, **arguments: Any) -> None:
        self.register.take(self._decided(by, {"command": word, **arguments}), by)

    def _declare(self, by: Actor) -> None:
        """Every person of a scenario has declared that signatures bind: what a scenario tries is its process."""
        given = Declaration(id=f"d-{by.person}", person=by.person, key="", text="", signed_at=iso(by.at))
        self.register.take(Act(name="sign_declaration", changes=(new_record("declaration", given),)), by)


def moment(text: str) -> datetime:
    """An instant of a scenario, "2026-03-02 09:00", in UTC.

    Raises:
        UsageProblem: it is not one.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError as problem:
        raise UsageProblem(
            message("simulation.is_no_moment", text=text), remedy=message("simulation.write_such_as")
        ) from problem


def _invented(text: str) -> dict[str, Any]:
    data = text.encode()
    return {"file": sha256(data).hexdigest(), "size": len(data)}


def _key(person: str) -> dict[str, str]:
    parts = ("ed25519", "p256", "x25519", "statement", "certificate", "possession")
    return {"id": f"k-{person}", **{part: message("simulation.of", part=part, person=person) for part in parts}}
