"""Definitions of processes in files: read from what is handed in, written for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from desktop.bpmn.draw_svg import draw_svg
from desktop.bpmn.read_bpmn import read_bpmn
from desktop.bpmn.write_bpmn import write_bpmn
from desktop.documents.templates import shipped_versions
from domain.errors import FileProblem, UsageProblem
from domain.messages import message
from domain.ports import Register
from domain.process.decode import decode_process, process_text
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.records.people import ProcessVersionRecord

LARGEST_DEFINITION: Final = 4_000_000
SCHEMA_OF: Final = "https://json-schema.org/draft/2020-12/schema"

WRITERS: Final[Mapping[str, Callable[[ProcessVersion], bytes]]] = {
    "json": lambda version: json.dumps(
        msgspec.json.decode(process_text(version)), ensure_ascii=False, indent=2
    ).encode(),
    "bpmn": write_bpmn,
    "svg": draw_svg,
}
"""How a version is written, by the word for it."""


def read_definition(
    file: Path, *, process: str, base: ProcessVersion | None = None
) -> tuple[ProcessVersion, tuple[str, ...]]:
    """The version in a file, JSON of the schema or BPMN, and what of it was not taken over.

    Raises:
        FileProblem: not readable, or too large. UsageProblem: it is neither, or contradicts itself.
    """
    try:
        if file.stat().st_size > LARGEST_DEFINITION:
            raise FileProblem(
                message("The file is too large for a process."), where=file.name, remedy=message("Choose another file.")
            )
        data = file.read_bytes()
    except OSError as problem:
        raise FileProblem(
            message("The file cannot be read: {strerror}.", strerror=problem.strerror), where=file.name
        ) from problem
    if data.lstrip()[:1] != b"<":
        return decode_process(data), ()
    reading = read_bpmn(data, process=process, base=base)
    return reading.version, reading.warnings


def schema() -> dict[str, Any]:
    """The JSON schema of definitions, as shipped in resources/processes/schema.json."""
    return {"$schema": SCHEMA_OF, **msgspec.json.schema(ProcessVersion)}


def shipped_version(process: str) -> ProcessVersion:
    """The shipped version of a process.

    Raises:
        UsageProblem: none is shipped.
    """
    found = {version.id: version for version in shipped_versions()}
    if process not in found:
        raise UsageProblem(
            message("No process '{process}' is shipped.", process=process),
            remedy=message("Shipped: {list}.", list=", ".join(found)),
        )
    return found[process]


def version_named(register: Register, name: str) -> ProcessVersionRecord:
    """The version called "capa@2", or the one of "capa" in force now.

    Raises:
        UsageProblem: there is none.
    """
    return register.process_version(name) if "@" in name else register.in_force(name)


def any_version(register: Register, name: str) -> ProcessVersion:
    """As `version_named`, decoded; "shipped:capa" is the shipped one.

    Raises:
        UsageProblem: there is none.
    """
    kind, _, process = name.partition(":")
    if kind == "shipped" and process:
        return shipped_version(process)
    return decode_process(version_named(register, name).definition)


def others_in(register: Register, at: datetime) -> dict[str, ProcessVersion]:
    """The processes in force beside which a scenario is run, shipped ones where the vault has none of that id."""
    shipped = {version.id: version for version in shipped_versions()}
    here = {each.process: decode_process(each.definition) for each in in_force_at(register.process_versions(), at)}
    return {**shipped, **here}
