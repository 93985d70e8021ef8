"""The command: what a person asks the program to do. It is judged, decided, recorded and replayed by this code alone.

A command is one frozen value. `judge` says what stands in its way, `decide` gives the changes; both see nothing but
the command, the state and the moment (who, when, which new ids), so that whoever replays the log gets the same bytes.
What a command needs from outside (a hash, a public key, how a backup went) is one of its fields: a claim of whoever
signs it. It holds no secret, and what a person signs in words is a field of it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, ClassVar, Final

import msgspec

from domain.act import Act, Actor, Change, IncomingFile, Values
from domain.errors import UsageProblem
from domain.identity import id_of
from domain.log.canonical import canonical, parse_canonical
from domain.messages import message
from domain.obstacle import Obstacle, Passed
from domain.rules.facts import Facts, VaultFacts, gather, gather_vault
from domain.rules.fields import LONGEST_TEXT
from domain.rules.holding import on_hold
from domain.rules.passed_obstacles import verdict_on
from domain.rules.verdict import GateVerdict
from domain.state import State

NONCE_SIZE: Final = 16
"""Bytes that make the new ids of a command unlike those of any other (hex in its leaf)."""


_CHANGED: Final = frozenset({"signing", "declares", "long_text", "recorded_when_refused"})
"""Members that a subclass states anew: constants of its class."""


def word_of(name: str) -> str:
    """The word of a command class: `MoveItem` is move_item."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Case:
    """One command at one moment: the state it is judged against, who asks, and the new ids it makes.

    Facts are gathered once, for `judge` and `decide` alike. New ids come from the command's nonce and the moment, in
    the order they are asked for.
    """

    def __init__(self, state: State, by: Actor, *, nonce: bytes = b"") -> None:
        self.state = state
        self.by = by
        self.passed: tuple[Passed, ...] = ()
        self._nonce = nonce
        self._ids = 0
        self._facts: dict[str, Facts] = {}
        self._vault_facts: dict[str, VaultFacts] = {}

    def new_id(self) -> str:
        """The next new id."""
        self._ids += 1
        return id_of(self._nonce, self._ids - 1, self.by.at)

    def facts(self, item: str) -> Facts:
        """The facts about an item, by id or number.

        Raises:
            UsageProblem: no such item.
        """
        found = self._facts.get(item)
        if found is None:
            found = self._facts[item] = gather(self.state, item, self.by)
        return found

    def vault_facts(self, process: str = "") -> VaultFacts:
        """The facts by which commands without an item are judged, with the version of `process` in force.

        Raises:
            UsageProblem: no such process in force.
        """
        found = self._vault_facts.get(process)
        if found is None:
            found = self._vault_facts[process] = gather_vault(self.state, self.by, process=process)
        return found


class Command(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="command",
    tag=word_of,
):
    """What every command has. A subclass gives its fields, `judge` (or `obstacles`) and `decide`.

    `signing`: whoever asks proves presence with the passphrase and signs a meaning (21 CFR 11.200(a)(1)).
    `declares`: it is the declaration that every other signature waits for (21 CFR 11.100(c)). `long_text` names
    fields that hold documents instead of words. `recorded_when_refused`: a refused command is itself an entry.
    """

    signing: ClassVar[bool] = False
    declares: ClassVar[bool] = False
    long_text: ClassVar[frozenset[str]] = frozenset()
    recorded_when_refused: ClassVar[bool] = True

    @property
    def word(self) -> str:
        """The word it goes by everywhere: in the log, on screen and on the command line."""
        return str(self.__struct_config__.tag)

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a field that hides a member of every command: its word would be what a person types.

        Raises:
            TypeError: there is such a field.
        """
        hidden = sorted(name for name in cls.__annotations__ if hasattr(Command, name) and name not in _CHANGED)
        if hidden:
            raise TypeError(f"{cls.__name__} hides {', '.join(hidden)} of every command.")
        super().__init_subclass__(**options)

    def judge(self, case: Case) -> GateVerdict:
        """What stands in its way; nothing but being an active person is asked where no rule says more.

        Raises:
            UsageProblem: it names something that is not there.
        """
        return verdict_on(case.vault_facts(), ())

    def decide(self, case: Case) -> Act:
        """The act it becomes once judged; `case.passed` names what was passed visibly.

        Raises:
            UsageProblem: it would change nothing, or makes no sense as things are.
        """
        raise TypeError(f"{self.word} decides nothing")

    def leaves(self, nonce: bytes) -> tuple[bytes, ...]:
        """Its canonical bytes, as they go into the log: one leaf common to all it touches, first, and what is stated
        of single items in further ones, so that each item can be shown without the others.
        """
        return (canonical({**msgspec.to_builtins(self), "nonce": nonce.hex()}),)

    @classmethod
    def values_from_leaves(cls, first: Values, further: Sequence[Any], changes: Sequence[Change]) -> Values:
        """The command's values from its leaves: what `leaves` took apart is put together again.

        Raises:
            UsageProblem: there are leaves that it does not have.
        """
        if further:
            raise UsageProblem(message("command.the_command_has_more"))
        return first

    def act(
        self,
        *changes: Change | None,
        subject: str,
        process_version: str = "",
        role: str = "",
        mandate: str = "",
        reason: str | None = None,
        meaning: str = "",
        files: tuple[IncomingFile, ...] = (),
    ) -> Act:
        """The act of this command. Without a `reason`, it is the command's own."""
        return Act(
            name=self.word,
            changes=tuple(each for each in changes if each is not None),
            role=role,
            mandate=mandate,
            subject=subject,
            process_version=process_version,
            reason=str(getattr(self, "reason", "")) if reason is None else reason,
            meaning=meaning,
            signing=self.signing,
            files=files,
        )


class ItemCommand(Command, frozen=True, kw_only=True):
    """A command about one item, named by id or number; its obstacles are a function of the item's facts.

    `while_on_hold`, `when_closed`: it is one of those that an item on hold, or a closed one, takes.
    """

    while_on_hold: ClassVar[bool] = False
    when_closed: ClassVar[bool] = False

    item: str

    def gather(self, case: Case) -> Facts:
        """What it is judged by."""
        return case.facts(self.item)

    def judge(self, case: Case) -> GateVerdict:
        return self.judge_by(self.gather(case))

    def judge_by(self, facts: Facts) -> GateVerdict:
        """The verdict by facts that were gathered before: what screens ask to show what is possible."""
        stopped = on_hold(facts, while_on_hold=self.while_on_hold, when_closed=self.takes_closed(facts))
        return verdict_on(facts, stopped or self.obstacles(facts), gate=self.at_gate(facts))

    def takes_closed(self, facts: Facts) -> bool:
        """Whether a closed item takes it."""
        return self.when_closed

    def at_gate(self, facts: Facts) -> str:
        """The gate (a transition's id) that it would pass or sign, where exceptions may count; "" = none."""
        return ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Every rule that stands in its way, on an item that takes it at all."""
        raise TypeError(f"{self.word} has no rules")

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        """Variants of the command worth asking about on this item now, with words filled in for those a person says
        when it is done; none where it has nothing to be about.
        """
        return iter(())

    def about(self, facts: Facts, *changes: Change | None, **header: Any) -> Act:
        """The act of this command on its item; see `Command.act`."""
        item = facts.file.item
        return self.act(*changes, subject=item.id, process_version=item.process_version, **header)


class VaultCommand(Command, frozen=True, kw_only=True):
    """A command about no single item; its obstacles are a function of the facts about the vault."""

    def gather(self, case: Case) -> VaultFacts:
        """What it is judged by."""
        return case.vault_facts()

    def judge(self, case: Case) -> GateVerdict:
        return self.judge_by(self.gather(case))

    def judge_by(self, facts: VaultFacts) -> GateVerdict:
        """The verdict by facts that were gathered before."""
        return verdict_on(facts, self.obstacles(facts))

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Every rule that stands in its way; whoever is active may do what has none."""
        return ()


def must_be_text(command: Command) -> None:
    """Go on only with words that can be kept: UTF-8 text of a bearable length.

    Raises:
        UsageProblem: a lone surrogate (bytes of another encoding typed at a prompt), or too long.
    """
    for name in command.__struct_fields__:
        value = getattr(command, name)
        if isinstance(value, str) and len(value) > LONGEST_TEXT and name not in command.long_text:
            raise UsageProblem(
                message("command.characters_are_too_many", count=len(value)),
                where=name,
                remedy=message("command.use_up_to", longest_text=LONGEST_TEXT),
            )
    try:
        msgspec.json.encode(command)
    except UnicodeEncodeError as problem:
        raise UsageProblem(
            message("command.the_text_holds_characters"), remedy=message("command.type_it_again_in")
        ) from problem


def values_of(command: Command) -> Values:
    """The command as plain values, its word among them."""
    found: Values = msgspec.to_builtins(command)
    return found


def known_commands() -> dict[str, type[Command]]:
    """Every command class that is loaded, by its word; `domain.registry` loads all of them."""
    return dict(sorted((str(each.__struct_config__.tag), each) for each in _leaf_classes(Command)))


def _leaf_classes(of: type[Command]) -> Iterator[type[Command]]:
    for each in of.__subclasses__():
        yield from _leaf_classes(each)
        if not each.__subclasses__():
            yield each


def command_class(word: str) -> type[Command]:
    """The class of a command.

    Raises:
        UsageProblem: there is no such command.
    """
    found = _CLASSES.get(word)
    if found is None:
        import_module(_REGISTRY)  # which loads every command: a log may name any of them
        found = known_commands().get(word)
    if found is None:
        raise UsageProblem(message("command.there_is_no_command", word=word), remedy=message("command.use_the_word_of"))
    return _CLASSES.setdefault(word, found)


_CLASSES: dict[str, type[Command]] = {}
_REGISTRY: Final = "domain.registry"


def command_of(values: Values) -> Command:
    """The command of its plain values, its word under "command".

    Raises:
        UsageProblem: no such command, or fields that are not its own or not of their kind.
    """
    kind = command_class(str(values.get("command", "")))
    try:
        return msgspec.convert(values, kind, strict=True)
    except msgspec.ValidationError as problem:
        raise UsageProblem(message("command.this_is_no", tag=kind.__struct_config__.tag, problem=problem)) from problem


def command_from_leaves(leaves: Sequence[bytes], changes: Sequence[Change] = ()) -> tuple[Command, bytes]:
    """The command of an entry's leaves, and the nonce that its new ids come from.

    Raises:
        UsageProblem: the leaves are not those of a command. CanonicalError: they are not in canonical form.
    """
    if not leaves:
        raise UsageProblem(message("command.the_entry_holds_no"))
    first, *further = (parse_canonical(leaf) for leaf in leaves)
    if not isinstance(first, dict):
        raise UsageProblem(message("command.the_first_leaf_of"))
    nonce = _nonce(first.pop("nonce", ""))
    kind = command_class(str(first.get("command", "")))
    return command_of(kind.values_from_leaves(first, further, changes)), nonce


def _nonce(text: object) -> bytes:
    try:
        found = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        found = b""
    if len(found) != NONCE_SIZE or found.hex() != text:
        raise UsageProblem(message("command.the_command_has_no"))
    return found


def verdict_of(command: ItemCommand | VaultCommand, facts: Facts | VaultFacts) -> GateVerdict:
    """The verdict on a command by facts that were gathered before.

    Raises:
        TypeError: the facts are not of the kind the command is judged by.
    """
    if isinstance(command, ItemCommand) and isinstance(facts, Facts):
        return command.judge_by(facts)
    if isinstance(command, VaultCommand) and isinstance(facts, VaultFacts):
        return command.judge_by(facts)
    raise TypeError(f"{command.word} is not judged by {type(facts).__name__}")
