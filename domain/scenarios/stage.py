"""The stage of a story: a vault in memory with the story's people, its clock, and what it calls things."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from inspect import Parameter, signature
from itertools import count
from typing import Any, Final

from domain.act import Act, Actor, IncomingFile
from domain.clocks.calendar import WorkingCalendar
from domain.commands.changing import new_record
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.governance import Calendar
from domain.items.people import ADMINISTRATOR, Declaration
from domain.items.records import ABOUT_ITEMS, RECORDS
from domain.log.entry import Entry
from domain.process.decode import process_text
from domain.process.definition import ProcessVersion
from domain.scenarios.memory_register import MemoryRegister

_WORD: Final = re.compile(r"[a-z][a-z_]{2,40}")
_WAIT: Final = re.compile(r"(\d{1,6}) (working )?(minute|hour|day)s?")
_RECORD: Final = re.compile(r"@([a-z_]+)(?::(\d{1,3}))?")
_FOUNDER: Final = "p-founder"
_GIVEN_BY_THE_STAGE: Final = ("register", "by", "new_id")


@cache
def use_case(word: str) -> tuple[Callable[..., Act], frozenset[str], frozenset[str]]:
    """A use case by its word, with the names of its arguments, and of those it cannot do without.

    Raises:
        UsageProblem: there is no such use case.
    """
    name = f"domain.use_cases.{word}"
    if not _WORD.fullmatch(word) or find_spec(name) is None:
        raise UsageProblem(f"There is no act '{word}'.", cure="Use the word of a use case, such as move_item.")
    function = getattr(import_module(name), word, None)
    if not callable(function):
        raise UsageProblem(f"'{word}' is no act that a person does.", cure="Use the word of a use case.")
    parameters = signature(function).parameters
    needed = {name for name, each in parameters.items() if each.default is Parameter.empty}
    return function, frozenset(parameters), frozenset(needed - set(_GIVEN_BY_THE_STAGE))


class Stage:
    """Where a story is lived through. Its people are enrolled the day before it begins."""

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
        founder = Actor(person=_FOUNDER, name="Founder of the vault", roles=frozenset({ADMINISTRATOR}), at=self.now)
        self._take(
            founder,
            "found_vault",
            vault="memory",
            name="Story",
            prefix="T",
            root_key="r",
            log_key="l",
            log_certificate="c",
            slots="s",
            key=_key(_FOUNDER),
            processes=[process_text(each) for each in (version, *also)],
        )
        for name, roles in people.items():
            self._take(
                founder,
                "enrol_person",
                person=self.people[name],
                name=name,
                roles=tuple(roles),
                key=_key(self.people[name]),
            )
        for name in people:
            self._declare(self.actor(name))
        self.now = start

    def actor(self, name: str) -> Actor:
        """A person of the story with the roles held now.

        Raises:
            UsageProblem: the story has nobody of that name.
        """
        person, now = self.people.get(name), iso(self.now)
        if person is None:
            raise UsageProblem(f"'{name}' is nobody of this story.", cure=f"People: {', '.join(self.people)}.")
        roles = (
            each.role
            for each in self.register.roles()
            if each.person == person and each.valid_from <= now and (not each.valid_until or now < each.valid_until)
        )
        return Actor(person=person, name=name, roles=frozenset(roles), at=self.now)

    def wait(self, text: str) -> None:
        """Move the clock on, such as "3 working days".

        Raises:
            UsageProblem: not a time to wait.
        """
        found = _WAIT.fullmatch(text)
        if found is None:
            raise UsageProblem(f"'{text}' is no time to wait.", cure='Write such as "4 working hours" or "10 days".')
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
            raise UsageProblem(f"'{text}' is past: it is {self.now:%Y-%m-%d %H:%M}.", cure="Clocks only go on.")
        self.now = to

    @property
    def calendar(self) -> WorkingCalendar:
        """The working time of the story's vault."""
        return WorkingCalendar.of(next(iter(self.register.all_of(Calendar)), None))

    def item(self, name: str) -> str:
        """The id of an item of the story.

        Raises:
            UsageProblem: the story has not made it.
        """
        if name not in self.items:
            raise UsageProblem(f"The story has no item '{name}' yet.", cure="Make it with create_item first.")
        return self.items[name]

    def act(self, who: str, does: str, item: str, args: Mapping[str, Any]) -> Act:
        """What the use case makes of the move; nothing is changed.

        Raises:
            Refused: a rule says no. UsageProblem: the call makes no sense.
        """
        function, known, needed = use_case(does)
        wrong = sorted(set(args) - known - set(_GIVEN_BY_THE_STAGE))
        if wrong:
            raise UsageProblem(f"'{does}' takes no argument {', '.join(wrong)}.", cure=f"It takes {sorted(known)}.")
        here = self.items.get(item, "")
        given = {name: self._meant(value, name, here) for name, value in args.items()}
        if "item" in known and "item" not in given:
            given["item"] = self.item(item)
        if "process" in needed and "process" not in given:
            given["process"] = self.version.id
        if "file" in needed and "file" not in given:
            given["file"] = _invented(f"{item} {given.get('requirement', '')} {self.register.log_size()}")
            given.setdefault("file_name", f"{given.get('requirement', 'file')}.txt")
        missing = sorted(needed - set(given))
        if missing:
            raise UsageProblem(f"'{does}' needs {', '.join(missing)}.", cure="Give them in args.")
        if "new_id" in known:
            given["new_id"] = self.new_id
        actor = self.actor(who)
        try:
            return function(self.register, by=actor, **given)
        except (TypeError, ValueError, AttributeError, LookupError, AssertionError) as problem:
            # Stories come from files: an argument of a wrong shape is the story's mistake, not the program's.
            raise UsageProblem(f"'{does}' cannot be carried out with these arguments: {problem}.") from problem

    def take(self, who: str, act: Act, makes: str) -> Entry:
        """Apply an act; the item it brings into being gets the name `makes`.

        Raises:
            UsageProblem: the name is taken, or no item was made.
        """
        entry = self.register.take(act, self.actor(who))
        made = [change.id for change in act.changes if change.record == "item" and change.before is None]
        if makes:
            if makes in self.items or makes in self.people or not made:
                why = "the name is taken" if made else f"'{act.name}' made none"
                raise UsageProblem(f"No item can be called '{makes}' here: {why}.", cure="Choose another name.")
            self.items[makes] = made[0]
        return entry

    def record(self, kind: str, item: str, nth: int = 0) -> str:
        """The id of a record of a kind, of the item where such records hang on items; `nth` from 1, 0 = newest.

        Raises:
            UsageProblem: there is none.
        """
        if kind not in RECORDS:
            raise UsageProblem(f"'{kind}' is no kind of record.", cure=f"Kinds: {', '.join(RECORDS)}.")
        about = item if kind in ABOUT_ITEMS else ""
        rows = [row for row in self.register.rows(kind) if not about or row["item"] == about]
        if not rows or nth > len(rows):
            raise UsageProblem(f"There is no {kind.replace('_', ' ')} number {nth or 1} here.", cure="Make it first.")
        return str(rows[nth - 1]["id"])

    def _meant(self, value: Any, name: str, item: str) -> Any:
        """A story's word for a thing, as what it stands for."""
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
        """The id that a story's word stands for: a person, an item, a record ("@request"); other text is itself."""
        reference = _RECORD.fullmatch(text)
        if reference:
            return self.record(reference[1], item, int(reference[2] or 0))
        return self.people.get(text) or self.items.get(text) or text

    def _take(self, by: Actor, word: str, **arguments: Any) -> None:
        function, known, _ = use_case(word)
        if "new_id" in known:
            arguments["new_id"] = self.new_id
        self.register.take(function(self.register, by=by, **arguments), by)

    def _declare(self, by: Actor) -> None:
        """Every person of a story has declared that signatures bind: what a story tries is its process."""
        given = Declaration(id=self.new_id(), person=by.person, key="", text="", signed_at=iso(by.at))
        self.register.take(Act(name="sign_declaration", changes=(new_record("declaration", given),)), by)

    def new_id(self) -> str:
        """An id that was not used yet."""
        return f"id-{next(self._ids):06d}"


def moment(text: str) -> datetime:
    """An instant of a story, "2026-03-02 09:00", in UTC.

    Raises:
        UsageProblem: it is not one.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError as problem:
        raise UsageProblem(f"'{text}' is no moment.", cure='Write such as "2026-03-02 09:00".') from problem


def _invented(text: str) -> IncomingFile:
    data = text.encode()
    return IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)


def _key(person: str) -> dict[str, str]:
    parts = ("ed25519", "p256", "x25519", "statement", "certificate", "possession")
    return {"id": f"k-{person}", **{part: f"{part} of {person}" for part in parts}}
