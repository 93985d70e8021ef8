"""Deciding a recorded entry again: its command, on the state as of then, must be allowed and give the same bytes.

The log is handed over leaf by leaf. What a command does not give, or gives differently, is a breach, named with its
record and field; so is an entry that no rule would have let through. There is no second copy of the law for this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec

from domain.act import Act, Change
from domain.commands.command import Command, command_from_leaves
from domain.commands.deciding import decide
from domain.errors import CountersignError, Refused
from domain.identity import parse_iso
from domain.log.entry import Header, is_known_law
from domain.messages import message
from domain.replay.key_claims import Claim, claims_of
from domain.replay.state import MemoryState
from domain.rules.holding_roles import actor_at
from domain.rules.law_rules import law_in_force

_CHANGE = msgspec.json.Decoder(Change)
_HOSTILE = (
    *(LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError),
    *(RuntimeError, StopIteration, MemoryError, msgspec.MsgspecError),
)
"""What deciding an entry that no command ever made may stumble over: it may name, or lack, anything."""


class Breach(msgspec.Struct, frozen=True):
    """Something about an entry that no permitted command of its signer yields, the record it shows in, and the rule
    (or "decided": it differs from what the command gives). `text` goes on from "Entry n ".
    """

    record: str
    id: str
    field: str
    rule: str
    text: str


class StreamedCheck(Protocol):
    """The check of a command whose changes are too many to be held: change by change."""

    def change(self, change: Change, data: bytes) -> Iterator[Breach]:
        """What is wrong with the next change."""
        ...

    def end(self, header: Header) -> Iterator[Breach]:
        """What is missing, and what is wrong with the header."""
        ...


class EntryJudge:
    """Decides entries again, one after the other, and lets the state have each of them afterwards."""

    def __init__(self, state: MemoryState) -> None:
        self.state = state
        self._header: Header | None = None
        self._leaves: list[bytes] = []
        self._changes: list[Change] = []
        self._data: list[bytes] = []
        self.claims: tuple[Claim, ...] = ()

    def begin(self, header: Header) -> None:
        """The next entry; its leaves follow."""
        self._header = header
        self._leaves.clear()
        self._changes.clear()
        self._data.clear()

    def command_leaf(self, data: bytes) -> None:
        """One leaf of its command."""
        self._leaves.append(data)

    def change(self, change: Change, data: bytes) -> None:
        """One change of it, as signed."""
        self._changes.append(change)
        self._data.append(data)

    def end(self) -> tuple[Breach, ...]:
        """Everything about the entry that its command does not give. The state has taken it then, and `claims` are what
        it says of keys.
        """
        header = self._header
        if header is None:
            return ()
        self._header = None
        # what the entry says of keys is gathered first: a state that shows only a part may give up on deciding
        claimed = tuple(self._claimed(header))
        try:
            return (*self._law_of(header), *self._decided(header), *claimed)
        finally:
            self._take(header)

    def believe(self, header: Header, changes: Iterable[bytes]) -> None:
        """Let the state have an entry that was proven before, without deciding it again."""
        self.state.begin(header)
        for data in changes:
            try:
                self.state.apply(_CHANGE.decode(data))
            except (CountersignError, *_HOSTILE):
                continue  # the whole verification names what is not of what is on record

    def _law_of(self, header: Header) -> Iterator[Breach]:
        law = law_in_force(self.state)
        if not is_known_law(header.law):
            yield _of_entry(header, "law", "law.unknown", message("law.unknown.text", law=header.law))
        elif header.seq and header.law < law:
            text = message("law.older.text", law=header.law, law_2=law)
            yield _of_entry(header, "law", "law.older", text)

    def _decided(self, header: Header) -> Iterator[Breach]:
        try:
            act, command = self._decide(header)
        except Refused as refusal:
            for obstacle in refusal.obstacles:
                text = message("command.senseless.text", obstacle=obstacle.text, rule=obstacle.rule)
                yield _of_entry(header, "command", obstacle.rule, text)
            return
        except CountersignError as problem:
            yield _of_entry(
                header,
                "command",
                "command.senseless",
                message("command.senseless.text.was_not_possible", what=problem.what),
            )
            return
        except _HOSTILE as problem:
            text = message("command.senseless.text.cannot_be_decided", name=type(problem).__name__, problem=problem)
            yield _of_entry(header, "command", "command.senseless", text)
            return
        if act.command != tuple(self._leaves):
            yield _of_entry(header, "command", "command.spelt", message("command.spelt.text"))
        yield from header_breaches(header, act, command)
        yield from change_breaches(header, act, self._changes, self._data)

    def _claimed(self, header: Header) -> Iterator[Breach]:
        """What the entry says of keys, for whoever can check signatures; see `domain.replay.key_claims`."""
        try:
            self.claims = claims_of(self._changes, self.state)
        except (CountersignError, *_HOSTILE) as problem:
            self.claims = ()
            yield _of_entry(header, "changes", "key.claims", message("key.claims.text", problem=problem))

    def _decide(self, header: Header) -> tuple[Act, Command]:
        command, nonce = command_from_leaves(tuple(self._leaves), tuple(self._changes))
        by = actor_at(self.state, header.by, parse_iso(header.at))
        return decide(command, self.state, by, nonce=nonce), command

    def _take(self, header: Header) -> None:
        self.state.begin(header)
        for change in self._changes:
            try:
                self.state.apply(change)
            except (CountersignError, *_HOSTILE):
                # the fold of the log names what is not of what is on record; this state goes on without it
                continue


def header_breaches(header: Header, act: Act, command: Command) -> Iterator[Breach]:
    """Where the header says something else than the command gives."""
    expected: dict[str, Any] = {
        "act": command.word,
        "subject": act.subject,
        "role": act.role,
        "mandate": act.mandate,
        "process_version": act.process_version,
        "reason": act.reason,
        "meaning": act.meaning,
        "law": act.law if header.seq else header.law,  # the first entry begins with what was newest then
        "auth": "passphrase" if act.signing else "session",
        "commands": len(act.command),
    }
    for name, value in expected.items():
        signed = getattr(header, name)
        if signed != value:
            text = message("decide_again.says_its_command_gives", name=name, short=_short(signed), value=_short(value))
            yield _of_entry(header, name, "decided", text)


def change_breaches(header: Header, act: Act, changes: list[Change], data: list[bytes]) -> Iterator[Breach]:
    """Where the changes are not, byte for byte, those that the command gives."""
    for number, change in enumerate(changes):
        if number >= len(act.changes):
            text = message("decide_again.carries_a_change_of", record=change.record, change=change.id)
            yield Breach(change.record, change.id, "id", "decided", text)
            continue
        wanted = act.changes[number]
        if wanted.data() != data[number]:
            yield from _differences(change, wanted)
    for wanted in act.changes[len(changes) :]:
        text = message("decide_again.lacks_the_change_of", record=wanted.record, wanted=wanted.id)
        yield Breach(wanted.record, wanted.id, "id", "decided", text)
    if not changes and not act.changes:
        yield _of_entry(header, "changes", "decided", message("decide_again.changes_nothing"))


def _differences(change: Change, wanted: Change) -> Iterator[Breach]:
    if (change.record, change.id) != (wanted.record, wanted.id):
        text = message(
            "decide_again.changes_where_its_command",
            record=change.record,
            change=change.id,
            record_2=wanted.record,
            wanted=wanted.id,
        )
        yield Breach(change.record, change.id, "id", "decided", text)
        return
    expected = msgspec.to_builtins(wanted.after)
    names = sorted({name for name in (*change.after, *expected) if change.after.get(name) != expected.get(name)})
    for name in names:
        text = message(
            "decide_again.sets_to_its_command",
            name=name,
            short=_short(change.after.get(name)),
            get=_short(expected.get(name)),
        )
        yield Breach(change.record, change.id, name, "decided", text)
    if not names:
        yield Breach(change.record, change.id, "before", "decided", message("decide_again.says_otherwise_what_was"))


def _of_entry(header: Header, field: str, rule: str, text: str) -> Breach:
    return Breach("entry", str(header.seq), field, rule, text)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_LONGEST = 80
"""Characters of a value that a finding shows."""
