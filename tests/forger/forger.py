"""A machine that forges: from each honest entry of a scenario it makes entries that no permitted command of their
signer yields, and has them judged as verification judges an entry.

A mutant that equals what a permitted command gives is no forgery and is left out; `Forged.inert` marks those of which
that is only known by deciding, so that they can be counted and listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any

import msgspec
from rich_world import VAULT, CommandOutput, World, raw

from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Change
from domain.commands.command import Case, Command, command_from_leaves, command_of, values_of
from domain.commands.deciding import decide
from domain.commands.vault_events import RecordRefusal
from domain.errors import CountersignError
from domain.identity import iso, parse_iso
from domain.log.canonical import canonical, parse_canonical
from domain.log.clock import hides_a_jump, high_water
from domain.log.entry import ChangeTree, Header
from domain.records.registry import DEFAULTS, RECORDS
from domain.replay.decide_again import EntryJudge
from domain.replay.key_claims import claim_problem
from domain.rules.holding_roles import actor_at
from domain.simulation.memory_register import MemoryRegister, header_of

STUMBLES = (LookupError, ValueError, TypeError, AttributeError, AssertionError, StopIteration, msgspec.ValidationError)
"""What deciding past the judge may stumble over: there is no such entry then."""
SOMEBODY, ANOTHER_TIME = "p-leo", "2026-10-01T08:00:00.000Z"
HEADER_VALUES: dict[str, tuple[Any, ...]] = {
    "role": ("", "lead", "administrator", "nonsense"),
    "mandate": ("", "0193-a-mandate"),
    "subject": ("", VAULT, SOMEBODY),
    "process_version": ("", "work@1", "work@9"),
    "reason": ("", "another reason"),
    "meaning": ("", "I mean something else"),
    "auth": ("session", "passphrase"),
    "law": (0, 2),
    "act": ("edit_item", "acknowledge_clock", "create_vault", "nonsense"),
}


OF_NO_KIND: tuple[Any, ...] = (None, 7, "text", [7], {"a": 7}, [["a"]], [{"b": {}}])
"""Values that most fields cannot have."""


INERT = frozenset(
    {
        ("review_audit_trail", "sample"),
        ("mark_alert_seen", "alerts"),
        ("import_register", "columns"),
        ("import_register", "day_first"),
        ("raise_alerts", "running_since"),
        ("ask_question", "gate"),
        ("approve_item", "bulk"),
        ("decide_risk_acceptance", "reason"),
    }
)
"""Fields of commands that may be stated in more ways than one with the same changes: the order and repetition of what
is sorted, how days that are plain anyway are read, the gate that is meant without words, words that only the command
keeps. The nonce of a command that makes no new id is one for all of them.
"""


class Forged(msgspec.Struct, frozen=True):
    """An entry that was never decided. `place` says what is forged in it, such as "evidence.state"."""

    kind: str
    word: str
    place: str
    header: Header
    leaves: tuple[bytes, ...]
    changes: tuple[Change, ...]


class Standing(MemoryRegister):
    """A state that does not move while forged entries are held against it."""

    still = False

    def begin(self, header: Header) -> None:
        if not self.still:
            super().begin(header)

    def apply(self, change: Change) -> None:
        if not self.still:
            super().apply(change)


def named(state: MemoryRegister, forged: Forged, root: bytes) -> tuple[str, ...]:
    """The rules by which verification names an entry: of the judge, and of the claims about keys."""
    judge = EntryJudge(state)
    judge.begin(forged.header)
    for leaf in forged.leaves:
        judge.command_leaf(leaf)
    for change in forged.changes:
        judge.change(change, change.data())
    found = [each.rule for each in judge.end()]
    for claim in judge.claims:
        problem = claim_problem(claim, header=forged.header, root_key=root, verify=verify_signature)
        if problem is not None:
            found.append(problem.rule)
    return tuple(found)


class Forger:
    """Walks a scenario; `forgeries` are all that it makes of the entry that comes next."""

    def __init__(self, world: World) -> None:
        self.output = world.output
        self.root = raw(world.root)
        self.state = Standing()
        self._nonces = world.dice

    def walk(self) -> Iterator[CommandOutput]:
        """Every entry, with the state as of the one before it."""
        for output in self.output:
            yield output
            judge = EntryJudge(self.state)
            judge.begin(output.header)
            for leaf in output.act.command:
                judge.command_leaf(leaf)
            for change in output.act.changes:
                judge.change(plain(change), change.data())
            found = judge.end()
            assert found == (), f"entry {output.header.seq} is honest: {output.command} {found}"

    def names(self, forged: Forged) -> tuple[str, ...]:
        """The rules that name it; the state stays as it is."""
        self.state.still = True
        try:
            return (*self._jumps(forged.header), *named(self.state, forged, self.root))
        finally:
            self.state.still = False

    def _jumps(self, header: Header) -> tuple[str, ...]:
        """As the trial asks: does the entry go back in time without saying so?"""
        size = self.state.log_size()
        newest = self.state.header(size - 1) if size else None
        latest = high_water(newest.at, newest.behind) if newest else ""
        hidden = hides_a_jump(at=header.at, behind=header.behind, act=header.act, latest=latest)
        return ("clock.hidden",) if hidden else ()

    @cached_property
    def values_seen(self) -> dict[tuple[str, str], list[Any]]:
        """Every value that a field of a record had anywhere in the scenario."""
        seen: dict[tuple[str, str], list[Any]] = {}
        for output in self.output:
            for change in output.act.changes:
                for field, value in plain(change).after.items():
                    known = seen.setdefault((change.record, field), [])
                    if value not in known:
                        known.append(value)
        return seen

    @cached_property
    def riders(self) -> tuple[Change, ...]:
        """One new record and one change of each kind that the scenario knows, to ride along with other entries."""
        found: dict[tuple[str, bool], Change] = {}
        for output in self.output:
            for change in output.act.changes:
                found.setdefault((change.record, change.before is None), plain(change))
        return tuple(
            msgspec.structs.replace(each, id=f"{each.id}-rider") if each.before is None else each
            for each in found.values()
        )

    @cached_property
    def commands(self) -> tuple[CommandOutput, ...]:
        """One entry of each command."""
        return tuple({output.command.word: output for output in self.output}.values())

    @cached_property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(output.header.by for output in self.output))

    def forgeries(self, output: CommandOutput) -> Iterator[Forged]:
        """Every forgery of an entry."""
        yield from self.of_changes(output)
        yield from self.of_header(output)
        yield from self.with_riders(output)
        yield from self.of_command(output)
        yield from self.of_signer(output)
        yield from self.of_time(output)
        yield from self.of_refusals(output)

    def of_changes(self, output: CommandOutput) -> Iterator[Forged]:
        """Every field of every change altered, changes dropped, doubled, in another order, given another id."""
        changes = tuple(plain(each) for each in output.act.changes)
        for number, change in enumerate(changes):
            around = changes[:number], changes[number + 1 :]
            for place, other in self._altered(change):
                yield self._forged("field altered", output, place, changes=(*around[0], other, *around[1]))
            yield self._forged("change dropped", output, change.record, changes=around[0] + around[1])
            yield self._forged(
                "change doubled", output, change.record, changes=(*changes[: number + 1], *changes[number:])
            )
            elsewhere = msgspec.structs.replace(change, id=f"{change.id[:-1]}f0")
            yield self._forged("another id", output, change.record, changes=(*around[0], elsewhere, *around[1]))
            if number and change != changes[number - 1]:
                swapped = (*changes[: number - 1], change, changes[number - 1], *around[1])
                yield self._forged("order", output, change.record, changes=swapped)

    def _altered(self, change: Change) -> Iterator[tuple[str, Change]]:
        fields = RECORDS[change.record].__struct_fields__ if change.before is None else change.after
        for field in fields:
            if field == "id":
                continue
            now = change.after.get(field, DEFAULTS[change.record].get(field))
            for value in self.others(change.record, field, now):
                yield f"{change.record}.{field}", _with(change, field, value)
        for field in change.before or ():
            before = {**(change.before or {}), field: "something else"}
            yield f"{change.record}.{field} before", msgspec.structs.replace(change, before=before)
        if change.before is not None:
            unsaid = set(RECORDS[change.record].__struct_fields__) - set(change.after) - {"id"}
            for field in sorted(unsaid)[:3]:
                before, after = {**change.before, field: ""}, {**change.after, field: SOMEBODY}
                yield f"{change.record}.{field} too", Change(change.record, change.id, before, after)

    def others(self, record: str, field: str, now: Any) -> list[Any]:
        """Other values for a field: another one seen, none, another person, another time."""
        seen = [value for value in self.values_seen.get((record, field), []) if value != now][:2]
        match now:
            case bool():
                more: list[Any] = [not now]
            case int():
                more = [now + 1, 0]
            case str():
                more = ["", SOMEBODY, ANOTHER_TIME]
            case list():
                more = [[], [*now, *now], now[:-1], now[::-1]]
            case dict():
                more = [{}, {**now, "forged": "x"}]
            case _:
                more = ["forged"]
        found: list[Any] = []
        for value in (*seen, *more):
            if canonical([value]) != canonical([now]) and value not in found:
                found.append(value)
        return found

    def of_header(self, output: CommandOutput) -> Iterator[Forged]:
        """Every word of the header that the command gives, altered."""
        for field, values in HEADER_VALUES.items():
            for value in values:
                if getattr(output.header, field) != value:
                    header = msgspec.structs.replace(output.header, **{field: value})
                    yield self._forged("header altered", output, field, header=header)
        fewer = msgspec.structs.replace(output.header, commands=output.header.commands + 1)
        yield self._forged("header altered", output, "commands", header=fewer)

    def with_riders(self, output: CommandOutput) -> Iterator[Forged]:
        """Every kind of record rides along."""
        changes = tuple(plain(each) for each in output.act.changes)
        for rider in self.riders:
            for again in (rider, _in_name_of(rider, SOMEBODY)):
                yield self._forged("rides along", output, rider.record, changes=(*changes, again))

    def of_command(self, output: CommandOutput) -> Iterator[Forged]:
        """The command altered and the changes kept; the command of another word."""
        first, *rest = output.act.command
        values = parse_canonical(first)
        for field in sorted(values):
            if field == "command":
                continue
            for value in (*self.others("", field, values[field]), *OF_NO_KIND):
                stated = {**values, field: "00" * 16 if field == "nonce" else value}
                leaves = (canonical(stated), *rest)
                yield from self._redone(output, stated, field)
                yield self._forged("command altered", output, field, leaves=leaves)
        for number in range(len(output.act.command)):
            yield self._forged(
                "leaf dropped",
                output,
                str(number),
                leaves=output.act.command[:number] + output.act.command[number + 1 :],
            )
        yield self._forged("leaf doubled", output, "", leaves=(first, *output.act.command))
        yield self._forged("leaf spelt otherwise", output, "", leaves=(first.replace(b":", b": ", 1), *rest))
        for other in self.commands:
            if other.command.word != output.command.word:
                yield self._forged("another command", output, other.command.word, leaves=other.act.command)

    def _redone(self, output: CommandOutput, values: dict[str, Any], field: str) -> Iterator[Forged]:
        """The altered command with the changes it would give if nobody had judged it."""
        values = {name: value for name, value in values.items() if name != "nonce"}
        try:
            command = command_of(values)
            leaves = command.leaves(output.nonce)
        except (CountersignError, *STUMBLES):
            return
        if (
            len(leaves) == 1
            and leaves != output.act.command
            and leaves[0] != canonical({**values, "nonce": output.nonce.hex()})
        ):
            yield self._forged("command altered", output, field, leaves=leaves)  # spelt as the program does
        yield from self._past_the_judge("command altered, redone", command, output, output.header)

    def of_signer(self, output: CommandOutput) -> Iterator[Forged]:
        """Every other person signs it: as it stands, and with changes made for them past the judge."""
        for person in (*self.people, "p-nobody"):
            if person == output.header.by:
                continue
            header = msgspec.structs.replace(output.header, by=person)
            yield self._forged("another signer", output, person, header=header)
            yield from self._past_the_judge("another signer, redone", output.command, output, header)

    def of_time(self, output: CommandOutput) -> Iterator[Forged]:
        """It was signed at another time: as it stands, and with changes made for that time past the judge."""
        at = parse_iso(output.header.at)
        for days in (-400, -3, 3, 400):
            header = msgspec.structs.replace(output.header, at=iso(at + timedelta(days=days)))
            yield self._forged("another time", output, f"{days:+} days", header=header)
            yield from self._past_the_judge("another time, redone", output.command, output, header)

    def of_refusals(self, output: CommandOutput) -> Iterator[Forged]:
        """What is refused now, by anybody, is recorded as done; what is allowed, as refused."""
        refused = RecordRefusal(refused=values_of(output.command))
        yield from self._as_refused(refused, output)
        for number, other in enumerate(self.commands):
            person = self.people[(number + output.header.seq) % len(self.people)]
            header = msgspec.structs.replace(output.header, by=person)
            yield from self._past_the_judge("refused, done", other.command, output, header)

    def _as_refused(self, command: RecordRefusal, output: CommandOutput) -> Iterator[Forged]:
        values = {
            "at": output.header.at,
            "person": output.header.by,
            "act": output.command.word,
            "subject": "",
            "obstacles": [{"rule": "right.missing", "about": ""}],
        }
        change = Change("refusal", "01930000-0000-7000-8000-0000000000ff", None, values)
        header = msgspec.structs.replace(
            output.header, act="record_refusal", meaning="", role="", mandate="", auth="session"
        )
        header = msgspec.structs.replace(header, reason="right.missing", subject="", process_version="")
        leaves = command.leaves(output.nonce)
        yield self._forged("allowed, refused", output, "", header=header, leaves=leaves, changes=(change,))

    def _past_the_judge(self, kind: str, command: Command, output: CommandOutput, header: Header) -> Iterator[Forged]:
        """What the command would give if nobody had judged it, where it is not allowed."""
        by = actor_at(self.state, header.by, parse_iso(header.at))
        try:
            decide(command, self.state, by, nonce=output.nonce)
        except (CountersignError, *STUMBLES):
            pass
        else:
            return  # a permitted command of this signer
        try:
            act = command.decide(Case(self.state, by, nonce=output.nonce))
        except (CountersignError, *STUMBLES):
            return
        forged = msgspec.structs.replace(
            header_of(act, by, seq=header.seq),
            act=command.word,
            behind=header.behind,
            commands=len(command.leaves(output.nonce)),
        )
        changes = tuple(plain(each) for each in act.changes)
        yield Forged(kind, command.word, header.by, forged, command.leaves(output.nonce), changes)

    def permitted(self, forged: Forged) -> bool:
        """Whether the signer might have recorded exactly this: then it is no forgery."""
        header = forged.header
        try:
            command, nonce = command_from_leaves(forged.leaves, forged.changes)
            by = actor_at(self.state, header.by, parse_iso(header.at))
            act = decide(command, self.state, by, nonce=nonce)
        except (CountersignError, *STUMBLES):
            return False
        return same_entry(act, forged)

    def verdict(self, forged: Forged) -> str:
        """ "named"; "permitted" where the signer might have recorded exactly this (another person with the same right,
        another moment, a field stated otherwise that means the same): no forgery; or "missed".
        """
        if self.names(forged):
            return "named"
        excused = forged.kind in ("another signer", "another time") or (
            forged.kind == "command altered" and (forged.place == "nonce" or (forged.word, forged.place) in INERT)
        )
        return "permitted" if excused and self.permitted(forged) else "missed"

    def _forged(
        self,
        kind: str,
        output: CommandOutput,
        place: str,
        *,
        header: Header | None = None,
        leaves: tuple[bytes, ...] | None = None,
        changes: tuple[Change, ...] | None = None,
    ) -> Forged:
        changes = tuple(plain(each) for each in output.act.changes) if changes is None else changes
        leaves = output.act.command if leaves is None else leaves
        made = header or output.header
        if header is None:
            tree = ChangeTree(len(leaves) + len(changes), made.changes.root)
            made = msgspec.structs.replace(made, commands=len(leaves), changes=tree)
        return Forged(kind, output.command.word, place, made, leaves, changes)


def plain(change: Change) -> Change:
    """The change as it is read from the log."""
    return msgspec.json.decode(change.data(), type=Change)


def same_entry(act: Act, forged: Forged) -> bool:
    """Whether a decided act gives the forged entry, byte for byte."""
    header = forged.header
    stated = (header.act, header.subject, header.role, header.mandate, header.process_version, header.reason)
    gives = (act.name, act.subject, act.role, act.mandate, act.process_version, act.reason)
    signs = (header.meaning, header.auth, header.law, header.commands)
    wanted = (act.meaning, "passphrase" if act.signing else "session", 1, len(act.command))
    data = [each.data() for each in act.changes]
    return (stated, signs, act.command) == (gives, wanted, forged.leaves) and data == [
        each.data() for each in forged.changes
    ]


def _with(change: Change, field: str, value: Any) -> Change:
    before = None
    if change.before is not None:
        before = {**change.before, field: change.before.get(field, "")}
    return Change(change.record, change.id, before, {**change.after, field: value})


def _in_name_of(change: Change, person: str) -> Change:
    """The change with somebody else wherever it names a person."""
    after = {
        name: person if isinstance(value, str) and value.startswith("p-") else value
        for name, value in change.after.items()
    }
    return msgspec.structs.replace(change, after=after)


def sampled(found: Iterable[Forged], dice: Any, one_in: int) -> Iterator[Forged]:
    """One in so many of them, by chance."""
    return (each for each in found if dice.randrange(one_in) == 0)
