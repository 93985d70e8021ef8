"""`countersign process`: list, show."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from desktop.building import CountersignBuilding
from desktop.cli.frame import As, Json, PassphraseFile, VaultPath, errors_explained, opened, print_json, print_text, say
from desktop.templates import shipped_processes
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion

app = typer.Typer(no_args_is_help=True)


def _facts(version: ProcessVersion, state: str, sha256: str) -> dict[str, Any]:
    return {
        "id": version.id,
        "version": version.version,
        "title": version.title,
        "state": state,
        "sha256": sha256,
        "roles": [role.id for role in version.roles],
        "steps": [step.id for step in version.steps],
        "evidence": [requirement.id for requirement in version.evidence],
        "fields": [field.id for field in version.fields],
    }


@app.command("list")
def list_processes(
    folder: VaultPath, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """The processes of a vault. Without a person and passphrase: the shipped ones every vault starts with."""
    with errors_explained(as_json=as_json):
        if passphrase_file is None and not name:
            CountersignBuilding().people_of(folder)  # says so when this is no vault
            say("The vault stays locked; these are the processes shipped with this program.")
            found = [_facts(decode_process(text), "shipped", sha256) for text, sha256 in shipped_processes()]
        else:
            with opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
                found = [
                    _facts(decode_process(record.definition), record.state, record.sha256)
                    for record in vault.register.process_versions()
                ]
        if as_json:
            print_json(found)
            return
        for one in found:
            print_text(f"{one['id']:16} v{one['version']} {one['state']:9} {one['title']}")
            print_text(f"{'':16} {' > '.join(one['steps'])}")


@app.command("show")
def show(
    folder: VaultPath,
    process: Annotated[str, typer.Argument(metavar="PROCESS", help="A process, such as capa.")],
    *,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """The whole version in force: steps, gates, rights, evidence, approvals, closure standard."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        version = decode_process(vault.register.in_force(process).definition)
        if as_json:
            print_json(version)
            return
        print_text(f"{version.title}, version {version.version}: {version.objective}")
        for step in version.steps:
            print_text(f"  {step.id:16} {step.title} (responsible: {step.responsible})")
            for way in version.from_step(step.id):
                gate = version.gate(way.id)
                wanted = [*version.required_fields(way.id), *(gate.evidence if gate else ())]
                levels = [f"{level.role}: {level.meaning}" for level in (gate.approvals if gate else ())]
                print_text(f"    -> {way.target}: {', '.join(wanted + levels) or 'no condition'}")
