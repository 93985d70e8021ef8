"""`countersign process`: draft, edit, import, migrate, publish. The rest of a change goes by `item`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.cli.frame import (
    CHECK_FAILED,
    As,
    Call,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    in_vault,
    opened,
)
from desktop.cli.output import announce, print_json, print_text
from desktop.documents.process_files import read_definition, shipped_version
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.deciding import judge
from domain.commands.migration import MigrateItems
from domain.commands.process_versions import DraftProcess, EditDraft, PublishProcess
from domain.errors import UsageProblem
from domain.log.entry import Entry
from domain.messages import message
from domain.process.decode import decode_process, process_text
from domain.process.states import in_force_at
from domain.state import ItemFilter

app = typer.Typer()
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PLACE=VALUE", help='Such as "steps[2].sla_days=8"; null takes a place out.'),
]
VersionId = Annotated[str, typer.Argument(metavar="VERSION", help="The version's id, such as capa@2.")]
ProcessId = Annotated[str, typer.Argument(metavar="PROCESS", help="A process, such as capa.")]


def place_values(pairs: list[str] | None) -> dict[str, Any]:
    """PLACE=VALUE options as values: JSON where it is JSON, else text.

    Raises:
        UsageProblem: a pair without "=".
    """
    found: dict[str, Any] = {}
    for pair in pairs or ():
        place, separator, text = pair.partition("=")
        if not separator or not place:
            raise UsageProblem(
                message("{pair!r} is not PLACE=VALUE.", pair=pair),
                remedy=message("Write for example steps[2].sla_days=8."),
            )
        try:
            found[place] = json.loads(text)
        except json.JSONDecodeError:
            found[place] = text  # words need no quotes
    return found


def _done(call: Call, entry: Entry) -> None:
    version = call.vault.register.process_version(entry.header.subject)
    if call.as_json:
        print_json({"version": version.id, "state": version.state, "sha256": version.sha256, "entry": entry.header.seq})
    else:
        print_text(
            message(
                "{version}: {state}, SHA-256 {sha256} (entry {seq}).",
                version=version.id,
                state=version.state,
                sha256=version.sha256,
                seq=entry.header.seq,
            )
        )


@app.command("draft")
@in_vault
def draft(
    call: Call,
    process: ProcessId,
    *,
    file: Annotated[Path | None, typer.Option("--file", help="From this definition, JSON or BPMN.")] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="From the version shipped with this program.")] = False,
    changes: Changes = None,
    reason: Reason = "",
) -> None:
    """Begin the next version of a process, from the one in force unless stated otherwise."""
    if file is not None and shipped:
        raise UsageProblem(
            message("From a file or from the shipped version, not both."), remedy=message("Leave one of them out.")
        )
    definition = process_text(shipped_version(process)) if shipped else ""
    if file is not None:
        definition = _from_file(call.vault, file, process)
    entry = call.perform(
        DraftProcess(process=process, definition=definition, changes=place_values(changes), reason=reason)
    )
    _done(call, entry)


@app.command("edit")
@in_vault
def edit(
    call: Call,
    version: VersionId,
    *,
    file: Annotated[Path | None, typer.Option("--file", help="Give it this definition, JSON or BPMN.")] = None,
    changes: Changes = None,
    rebase: Annotated[bool, typer.Option("--rebase", help="It holds what the version put in force last has.")] = False,
    reason: Reason = "",
) -> None:
    """Change a draft. Whoever changes it is one of its authors and does not approve it."""
    process = call.vault.register.process_version(version).process
    definition = _from_file(call.vault, file, process) if file is not None else ""
    entry = call.perform(
        EditDraft(version=version, definition=definition, changes=place_values(changes), rebase=rebase, reason=reason)
    )
    _done(call, entry)


@app.command("import")
@in_vault
def import_file(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A definition in JSON, or a BPMN 2.0 diagram.")],
    *,
    process: Annotated[str, typer.Option("--process", help="The process it is the next version of.")],
    reason: Reason = "",
) -> None:
    """Read a file as a draft: of what it says nothing about, the version in force is kept."""
    definition = _from_file(call.vault, file, process)
    entry = call.perform(DraftProcess(process=process, definition=definition, reason=reason))
    _done(call, entry)


def _from_file(vault: UnlockedSession, file: Path, process: str) -> str:
    now = {each.process: each for each in in_force_at(vault.register.process_versions(), vault.actor().at)}
    base = decode_process(now[process].definition) if process in now else None
    version, warnings = read_definition(file, process=process, base=base)
    for warning in warnings:
        announce(f"countersign: {warning}")
    return process_text(version)


@app.command("publish")
@in_vault
def publish(call: Call, process: ProcessId) -> None:
    """Put a shipped process in force that this vault does not have yet."""
    entry = call.perform(PublishProcess(definition=process_text(shipped_version(process))))
    _done(call, entry)


@app.command("migrate")
def migrate(
    folder: VaultPath,
    version: VersionId,
    items: Annotated[list[str] | None, typer.Argument(metavar="ITEM...", help="Numbers or ids.")] = None,
    *,
    all_that_can: Annotated[bool, typer.Option("--all", help="Every open item that can.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Say what would come over; change nothing.")] = False,
    reason: Reason = "",
    meaning: Annotated[str, typer.Option("--meaning", help="What your signature means.")] = "",
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take open items over to a version in force: one signed decision for all that are named."""
    with (
        errors_explained(as_json=as_json),
        opened(folder, name=name, passphrase_file=passphrase_file) as (vault, secret),
    ):
        if bool(items) == all_that_can:
            raise UsageProblem(
                message("Say which items, or all that can."), remedy=message("Name items, or give --all.")
            )
        named = list(items or ()) or _open_items(vault, version)
        stay = _staying(vault, version, named, reason) if all_that_can or check else {}
        come = [item for item in named if item not in stay]
        done: dict[str, Any] = {"version": version, "come_over": come, "stay": stay}
        if come and not check:
            entry = vault.perform(
                MigrateItems(items=tuple(come), version=version, reason=reason, meaning=meaning), passphrase=secret
            )
            done["entry"] = entry.header.seq
        if as_json:
            print_json(done)
        else:
            _print_migration(done)
        if stay:
            raise typer.Exit(CHECK_FAILED)


def _open_items(vault: UnlockedSession, version: str) -> list[str]:
    register = vault.register
    process = register.process_version(version).process
    lines = register.items(ItemFilter(process=process, state="open"))
    return [line.number for line in list(lines) if register.item(line.id).process_version != version]


def _staying(vault: UnlockedSession, version: str, items: list[str], reason: str) -> dict[str, list[dict[str, str]]]:
    """Items that cannot come over, each with what is in the way."""
    found: dict[str, list[dict[str, str]]] = {}
    for item in items:
        command = MigrateItems(items=(item,), version=version, reason=reason or message("asked when it is done"))
        verdict = judge(command, vault.register, vault.actor())
        if not verdict.allowed:
            found[item] = [{"rule": each.rule, "text": each.text, "remedy": each.remedy} for each in verdict.obstacles]
    return found


def _print_migration(done: dict[str, Any]) -> None:
    for item in done["come_over"]:
        print_text(
            message(
                "{item}: {message} over to {done}",
                item=item,
                message=message("came") if "entry" in done else message("would come"),
                done=done["version"],
            )
        )
    for item, reasons in done["stay"].items():
        print_text(message("{item} stays:", item=item))
        for each in reasons:
            print_text(
                message(
                    "  - {value} rule {value_2}; remedy: {value_3}",
                    value=each["text"],
                    value_2=each["rule"],
                    value_3=each["remedy"],
                )
            )
