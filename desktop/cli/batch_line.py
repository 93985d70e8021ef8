"""One line of a batch: a command in JSON, or as a word, an item and NAME=VALUE; people and items go by their names."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, get_origin

import msgspec

from desktop.cli.item import named_people
from desktop.cli.roles import person_id
from desktop.documents.incoming import incoming_file, media_type_of
from desktop.session.unlocked_session import UnlockedSession
from domain.act import IncomingFile
from domain.commands.command import Command, command_class, command_of
from domain.errors import UsageProblem
from domain.log.entry import Entry
from domain.messages import message
from domain.process.decode import decode_process
from domain.registry import COMMANDS

LONGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of one line: a whole process definition is the longest of them."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "acknowledge_clock": message("log acknowledge-clock"),
    "ask_key": message("vault reveal-key"),
    "begin_rotation": message("vault rekey"),
    "change_passphrase": message("people passphrase"),
    "disable_person": message("people disable"),
    "enrol_person": message("people add"),
    "confirm_person": message("people confirm"),
    "confirm_role": message("people confirm"),
    "finish_rotation": message("vault rekey"),
    "create_vault": message("vault new"),
    "get_evidence": message("evidence get"),
    "give_reset": message("people reset"),
    "import_register": message("import run"),
    "keep_pack": message("pack make"),
    "keep_recovery_sheet": message("vault recovery-sheet"),
    "open_evidence": message("evidence get"),
    "recover_key": message("vault recover"),
    "reveal_key": message("vault reveal-key"),
    "sign_declaration": message("people declare"),
}
"""Commands that do more than go on record (keys, files, this computer), and where each of them is typed."""

BY_THE_PROGRAM: Final = frozenset(
    {
        "raise_alerts",
        "record_failed_unlocks",
        "record_restore_test",
        "record_export",
        "record_migration",
        "record_refusal",
        "record_restore",
        "record_slots",
        "take_over_keys",
    }
)
"""Commands that the program gives by itself, of what it saw."""

_PEOPLE: Final = frozenset({("person", ""), ("delegate", ""), ("of", "ask_question")})
"""Fields that hold a person, and the only command where one of that name does ("" = every command)."""


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line's command, as it will be performed, with the files that go with it."""

    command: Command
    files: tuple[IncomingFile, ...] = ()

    def perform(self, vault: UnlockedSession, secret: str) -> Entry:
        """Carry it out as an act of its own; `secret` proves presence where it is a signature."""
        by_service = _SERVICES.get(self.command.word)
        if by_service is not None:
            return by_service(vault, self.command)
        return vault.perform(self.command, passphrase=secret, files=self.files)


def _grant(vault: UnlockedSession, command: Any) -> Entry:
    return vault.people_service.grant_role(person=command.person, role=command.role, reason=command.reason)


def _revoke(vault: UnlockedSession, command: Any) -> Entry:
    return vault.people_service.revoke_role(person=command.person, role=command.role, reason=command.reason)


_SERVICES: Final[dict[str, Callable[[UnlockedSession, Any], Entry]]] = {"grant_role": _grant, "revoke_role": _revoke}


def values_in(line: str) -> dict[str, Any]:
    """The values that a line gives, the command's word under "command". Nothing is looked up in the vault.

    Raises:
        UsageProblem: neither a JSON object nor words, no such command, or one that is not given in a batch.
    """
    values = _values_of_json(line) if line.startswith("{") else _values_of_words(line)
    word = values.get("command")
    if not isinstance(word, str) or word not in COMMANDS:
        raise UsageProblem(
            message("There is no command {word!r}.", word=word),
            remedy=message("Use the word of a command, such as move_item."),
        )
    if word in BY_THE_PROGRAM:
        raise UsageProblem(
            message("{word} is given by the program, not by people.", word=word), remedy=message("Leave it out.")
        )
    if word in ELSEWHERE:
        raise UsageProblem(
            message("{word} does more than go on record; it is not given in a batch.", word=word),
            remedy=message("Type countersign {elsewhere}.", elsewhere=ELSEWHERE[word]),
        )
    return values


def _values_of_json(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise UsageProblem(
            message("The line is no JSON object: {problem}.", problem=problem),
            remedy='Write {"command": "move_item", "item": ...}.',
        ) from problem
    if not isinstance(found, dict):
        raise UsageProblem(
            message("The line is no JSON object."), remedy='Write {"command": "move_item", "item": ...}.'
        )
    return found


def _values_of_words(line: str) -> dict[str, Any]:
    try:
        word, *rest = shlex.split(line)
    except ValueError as problem:
        raise UsageProblem(
            message("The line cannot be taken apart into words: {problem}.", problem=problem),
            remedy=message("Close the quotation mark."),
        ) from problem
    values: dict[str, Any] = {"command": word}
    if word not in COMMANDS:
        return values
    members = {field.name: field.type for field in msgspec.structs.fields(command_class(word))}
    if "item" in members and rest and "=" not in rest[0]:
        values["item"] = rest.pop(0)
    for pair in rest:
        name, separator, text = pair.partition("=")
        if not separator or not name:
            raise UsageProblem(
                message("{pair!r} is not NAME=VALUE.", pair=pair),
                remedy=message('Write for example step=plan or reason="...".'),
            )
        if name in members or name == "path":
            values[name] = _typed(text, members.get(name))
        elif table := next((each for each in ("fields", "dispositions") if each in members), ""):
            values.setdefault(table, {})[name] = _typed(text, None)
        else:
            raise UsageProblem(
                message("{word} has no {name!r}.", word=word, name=name),
                remedy=message("It takes: {list}.", list=", ".join(members)),
            )
    return values


def _typed(text: str, kind: Any) -> Any:
    """A value from its text: yes or no, a whole number, a list with commas, JSON where it begins so; else the text."""
    if kind is bool and text in ("yes", "no"):
        return text == "yes"
    if kind is int and text.removeprefix("-").isdecimal():
        return int(text)
    if text.startswith(("[", "{")) and kind is not str:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise UsageProblem(message("{text!r} is not JSON: {problem}.", text=text, problem=problem)) from problem
    if kind is tuple or get_origin(kind) is tuple:
        return [part for part in text.split(",") if part]
    return text


def line_in(values: Mapping[str, Any], vault: UnlockedSession) -> BatchLine:
    """What a line asks, with people by id and the file that it names hashed.

    Raises:
        UsageProblem: nobody has that name, or the fields are not the command's. FileProblem: no such file.
    """
    given: dict[str, Any] = dict(values)
    files: tuple[IncomingFile, ...] = ()
    if given["command"] == "add_evidence" and "path" in given:
        given, files = _with_file(given)
    given = _with_people(given, vault)
    return BatchLine(command=command_of(given), files=files)


def _with_file(values: dict[str, Any]) -> tuple[dict[str, Any], tuple[IncomingFile, ...]]:
    path = Path(str(values.pop("path")))
    brought = incoming_file(path)
    facts = {"file": brought.sha256, "size": brought.size}
    named = {"file_name": path.name, "media_type": media_type_of(path)}
    return {**named, **values, **facts}, (brought,)


def _with_people(values: dict[str, Any], vault: UnlockedSession) -> dict[str, Any]:
    word = values["command"]
    found = dict(values)
    for name, only in _PEOPLE:
        value = found.get(name)
        if only in ("", word) and isinstance(value, str) and value:
            found[name] = _id_of(vault, value)
    fields = found.get("fields")
    if isinstance(fields, dict) and isinstance(found.get("item"), str):
        found["fields"] = named_people(vault, found["item"], fields)
    elif isinstance(fields, dict) and word == "create_item" and isinstance(found.get("process"), str):
        process = decode_process(vault.register.in_force(found["process"]).definition)
        people = {field.id for field in process.fields if field.kind == "person"}
        found["fields"] = {
            name: _id_of(vault, value) if name in people and value else value for name, value in fields.items()
        }
    return found


def _id_of(vault: UnlockedSession, value: str) -> str:
    """The id of a person named by id or by name."""
    return value if value in {each.id for each in vault.register.people()} else person_id(vault, value)
