"""`countersign item can`: may I do this, and if not, why not; asked of the same judge as the act itself."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from desktop.cli.frame import CHECK_FAILED, Call, ItemName, reads
from desktop.cli.item import field_values
from desktop.cli.output import print_json, print_text
from domain.commands.command import ItemCommand, command_of
from domain.commands.deciding import judge
from domain.commands.items import STATED
from domain.errors import UsageProblem
from domain.messages import message
from domain.registry import COMMANDS

app = typer.Typer(no_args_is_help=True)

_COMMANDS = {word: kind for word, kind in COMMANDS.items() if issubclass(kind, ItemCommand)}
_STATED_WHEN_DONE = ("reason", "text", "interim_risk", "risk", "note")
"""Words that are asked when the act is done; leaving them out here is no obstacle."""


@app.command("can")
@reads
def can(
    call: Call,
    item: ItemName,
    act: Annotated[str, typer.Argument(metavar="ACT", help="The word of an act, such as move_item or close_item.")],
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="What the act is asked with, such as step=plan.")
    ] = None,
) -> None:
    """Whether you may do this now; every obstacle with its rule, its remedy and who can. Exit code 1: you may not."""
    given = field_values(arguments or [])
    found = call.vault.register.item(item)
    verdict = judge(command_given(act, found.id, given), call.vault.register, call.vault.actor())
    if call.as_json:
        value: dict[str, Any] = msgspec.to_builtins(verdict)
        asked = {"item": found.number, "act": act, "allowed": verdict.allowed}
        print_json({**asked, "process_version": found.process_version, **value})
    else:
        print_text(f"{found.number}, {act}: {'yes' if verdict.allowed else 'no'}")
        for obstacle in verdict.obstacles:
            print_text(f"  - {obstacle.text}")
            print_text(
                message(
                    "    rule {rule}; remedy: {remedy} ({responsible})",
                    rule=obstacle.rule,
                    remedy=obstacle.remedy,
                    responsible=obstacle.responsible,
                )
            )
        for passed in verdict.passed:
            print_text(f"  + {passed.text}")
    if not verdict.allowed:
        raise typer.Exit(CHECK_FAILED)


def command_given(act: str, item: str, given: dict[str, Any]) -> ItemCommand:
    """The command at an item (its id) by its word, with what was given; words that are stated when it is done are
    filled in.

    Raises:
        UsageProblem: no command at an item has this word, or something that it is judged by is missing.
    """
    kind = _COMMANDS.get(act)
    if kind is None:
        raise UsageProblem(
            message("There is no act {act!r} at an item.", act=act),
            remedy=message("Acts: {list}.", list=", ".join(sorted(_COMMANDS))),
        )
    members = {field.name: field for field in msgspec.structs.fields(kind) if field.name != "item"}
    values: dict[str, Any] = {name: STATED for name in _STATED_WHEN_DONE if name in members}
    for name, value in given.items():
        if name in members:
            values[name] = value == "yes" if members[name].type is bool else value
        elif "fields" in members:
            values.setdefault("fields", {})[name] = value
        elif "dispositions" in members:
            values.setdefault("dispositions", {})[name] = value
        else:
            raise UsageProblem(
                message("{act} is not asked with {name!r}.", act=act, name=name),
                remedy=message("It takes: {list}.", list=", ".join(members) or message("nothing")),
            )
    if "fields" in members:
        values.setdefault("fields", {})
    missing = [name for name, field in members.items() if field.required and name not in values]
    if missing:
        raise UsageProblem(
            message("{act} is judged by {list}.", act=act, list=", ".join(missing)),
            remedy=message("Say {missing}=... behind it.", missing=missing[0]),
        )
    found = command_of({"command": act, "item": item, **values})
    assert isinstance(found, ItemCommand), "only commands at items are looked up"
    return found
