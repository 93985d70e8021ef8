"""`countersign process`: list, show, test, lint, diff, schema, export."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.application.application import CountersignApplication
from desktop.cli.frame import (
    CHECK_FAILED,
    As,
    Call,
    Json,
    PassphraseFile,
    VaultPath,
    errors_explained,
    in_vault,
    opened,
    reads,
)
from desktop.cli.output import announce, print_json, print_text
from desktop.documents.process_files import WRITERS, any_version, others_in, read_definition, schema
from desktop.documents.templates import shipped_processes, shipped_versions
from desktop.machine.installation import must_take_a_file, write_whole
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import UsageProblem
from domain.messages import message
from domain.process.advice import lint
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.diff import diff_versions, shortened
from domain.process.states import state_at
from domain.rules.facts import gather_vault
from domain.simulation.prove_draft import ProveDraft
from domain.simulation.run import run_scenario
from domain.simulation.words import scenario_words

app = typer.Typer(no_args_is_help=True)
Version = Annotated[str, typer.Argument(metavar="VERSION", help="capa@2, capa for the one in force, or shipped:capa.")]


def _facts(version: ProcessVersion, state: str, sha256: str, in_force_from: str = "") -> dict[str, Any]:
    return {
        "id": version.id,
        "version": version.version,
        "title": version.title,
        "state": state,
        "in_force_from": in_force_from,
        "sha256": sha256,
        "roles": [role.id for role in version.roles],
        "steps": [step.id for step in version.steps],
        "evidence": [requirement.id for requirement in version.evidence],
        "fields": [field.id for field in version.fields],
        "scenarios": [scenario.id for scenario in version.scenarios],
    }


@app.command("list")
def list_processes(
    folder: VaultPath,
    *,
    available: Annotated[
        bool, typer.Option("--available", help="The shipped ones, and how the vault stands to them.")
    ] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """The processes of a vault, every version. Without a person and passphrase: the shipped ones."""
    with errors_explained(as_json=as_json):
        if passphrase_file is None and not name:
            CountersignApplication().people_of(folder)  # says so when this is no vault
            announce(message("The vault stays locked; these are the processes shipped with this program."))
            found = [_facts(decode_process(text), "shipped", sha256) for text, sha256 in shipped_processes()]
        else:
            with opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
                found = _available(vault) if available else _here(vault)
        if as_json:
            print_json(found)
            return
        for one in found:
            print_text(
                f"{one['id']:18} v{one['version']:<3} {one['state']:11} {one['in_force_from']:11} {one['title']}"
            )
            print_text(f"{'':18} {' > '.join(one['steps'])}")


def _here(vault: UnlockedSession) -> list[dict[str, Any]]:
    versions, at = vault.register.process_versions(), vault.actor().at
    return [
        _facts(decode_process(each.definition), state_at(each, versions, at), each.sha256, each.in_force_from[:10])
        for each in versions
    ]


def _available(vault: UnlockedSession) -> list[dict[str, Any]]:
    """The shipped versions: `here` one of the vault is the same, `other` the vault has other versions, `new` none."""
    here = vault.register.process_versions()
    found = []
    for text, sha256 in shipped_processes():
        version = decode_process(text)
        same = any(each.sha256 == sha256 for each in here)
        state = "here" if same else "other" if any(each.process == version.id for each in here) else "new"
        found.append(_facts(version, state, sha256))
    return found


@app.command("show")
@reads
def show(call: Call, process: Version) -> None:
    """A whole version: steps, gates, rights, evidence, approvals, closure standard."""
    version = any_version(call.vault.register, process)
    if call.as_json:
        print_json(version)
        return
    print_text(
        message(
            "{title}, version {version}: {objective}",
            title=version.title,
            version=version.version,
            objective=version.objective,
        )
    )
    for step in version.steps:
        print_text(
            message(
                "  {step:16} {title} (responsible: {responsible})",
                step=step.id,
                title=step.title,
                responsible=step.responsible,
            )
        )
        for transition in version.from_step(step.id):
            gate = version.gate(transition.id)
            wanted = [*version.required_fields(transition.id), *(gate.evidence if gate else ())]
            levels = [f"{level.role}: {level.meaning}" for level in (gate.approvals if gate else ())]
            print_text(f"    -> {transition.target}: {', '.join(wanted + levels) or 'no condition'}")


@app.command("test")
def run_scenarios(
    folder: VaultPath,
    *,
    process: Annotated[str, typer.Option("--process", help="capa@2, capa or shipped:capa.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every version in force or drafted.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Describe each scenario in words.")] = False,
    record: Annotated[bool, typer.Option("--record", help="Put the outcome of a draft on record.")] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Run the scenarios of versions. Without a person and passphrase: of the shipped ones."""
    with errors_explained(as_json=as_json):
        if bool(process) == everything:
            raise UsageProblem(message("Say which version, or all."), remedy=message("Give --process NAME or --all."))
        if passphrase_file is None and not name:
            CountersignApplication().people_of(folder)  # says so when this is no vault
            announce(message("The vault stays locked; these are the processes shipped with this program."))
            others = {version.id: version for version in shipped_versions()}
            asked = process.removeprefix("shipped:")
            chosen = [version for version in others.values() if everything or asked == version.id]
        else:
            with opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
                others = others_in(vault.register, vault.actor().at)
                chosen = _in_use(vault) if everything else [any_version(vault.register, process)]
                if record:
                    vault.perform(ProveDraft(version=process))
        if not chosen:
            raise UsageProblem(
                message("No process '{process}' is shipped.", process=process),
                remedy=message("Shipped: {list}.", list=", ".join(others)),
            )
        results = [line for version in chosen for line in _tested(version, others)]
        if as_json:
            print_json(results)
        else:
            _print_results(results, chosen if words else [], others)
        if not all(each["passed"] for each in results):
            raise typer.Exit(CHECK_FAILED)


def _in_use(vault: UnlockedSession) -> list[ProcessVersion]:
    versions, at = vault.register.process_versions(), vault.actor().at
    return [decode_process(each.definition) for each in versions if state_at(each, versions, at) != "retired"]


def _tested(version: ProcessVersion, others: dict[str, ProcessVersion]) -> list[dict[str, Any]]:
    found = []
    for scenario in version.scenarios:
        begun = time.perf_counter()
        result = run_scenario(version, scenario, others)
        found.append(
            {
                "process": version.id,
                "version": version.version,
                "name": version.name,
                "scenario": scenario.id,
                "title": scenario.title,
                "kind": scenario.kind,
                "passed": result.passed,
                "seconds": round(time.perf_counter() - begun, 3),
                "failure": result.failure,
            }
        )
    return found


def _print_results(
    results: list[dict[str, Any]], described: list[ProcessVersion], others: dict[str, ProcessVersion]
) -> None:
    for version in described:
        for scenario in version.scenarios:
            for line in scenario_words(version, scenario, others):
                print_text(line)
            print_text("")
    for one in results:
        print_text(f"{'passed' if one['passed'] else 'FAILED'}  {one['name']}: {one['title']} ({one['seconds']:.3f} s)")
        if one["failure"] is not None:
            print_text(f"        {one['failure'].text}")


@app.command("lint")
def lint_(
    folder: VaultPath,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="capa@2, capa or shipped:capa.")] = "",
    *,
    file: Annotated[Path | None, typer.Option("--file", help="A definition in a file instead.")] = None,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """What is wrong or unwise about a version, with place and remedy; roles are held against the people here."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        if (file is None) == (not version):
            raise UsageProblem(
                message("Say which version, or which file."), remedy=message("Give VERSION or --file FILE.")
            )
        found = any_version(vault.register, version) if file is None else read_definition(file, process="process")[0]
        described = lint(found, gather_vault(vault.register, vault.actor()).holders)
        if as_json:
            print_json(described)
        for one in () if as_json else described:
            print_text(f"{one.weight:6} {one.place}: {one.text} {one.remedy} ({one.rule})")
        if not described and not as_json:
            print_text(message("Nothing to say."))
        if any(one.weight == "must" for one in described):
            raise typer.Exit(CHECK_FAILED)


@app.command("diff")
@reads
def diff(
    call: Call,
    old: Version,
    new: Version,
    *,
    table: Annotated[bool, typer.Option("--table", help="As a table instead of sentences.")] = False,
) -> None:
    """What differs between two versions, part by part."""
    found = diff_versions(any_version(call.vault.register, old), any_version(call.vault.register, new))
    if call.as_json:
        print_json(found)
        return
    for one in found:
        if table:
            change = f"{shortened(one.before)} | {shortened(one.after)}"
            print_text(f"{one.kind:8} {one.part:14} {one.name:24} {one.what:24} {change}")
        else:
            print_text(one.text)
    if not found:
        print_text(message("Nothing differs."))


@app.command("schema")
def print_schema(*, as_json: Json = False) -> None:
    """The JSON schema that definitions follow; it is the same with and without --json."""
    with errors_explained(as_json=as_json):
        print_json(schema())


@app.command("export")
@in_vault
def export(
    call: Call,
    version: Version,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
    form: Annotated[str, typer.Option("--format", help="json, bpmn or svg.")] = "json",
) -> None:
    """A version as a file: its definition, a BPMN 2.0 diagram, or a picture."""
    if form not in WRITERS:
        raise UsageProblem(
            message("'{form}' is no format.", form=form), remedy=message("Use {list}.", list=", ".join(WRITERS))
        )
    must_take_a_file(out)
    data = WRITERS[form](any_version(call.vault.register, version))
    write_whole(out, data)
    call.answer(
        {"file": str(out), "bytes": len(data), "format": form},
        message("{out}: {count:,} bytes.", out=out, count=len(data)),
    )
