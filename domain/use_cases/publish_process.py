"""Put a shipped process in force in a vault that does not have it yet."""

from __future__ import annotations

from domain.act import Act, Actor, Change
from domain.gates.attempt import PublishProcess
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.people import ADMINISTRATOR, ProcessRecord, ProcessVersionRecord
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, new_record


def publish_process(register: State, *, by: Actor, definition: str) -> Act:
    """Put the process written in `definition` (JSON) in force as it is shipped.

    Raises:
        Refused: not an administrator, or a version of this process is in force here already.
        UsageProblem: the definition contradicts itself.
    """
    version = decode_process(definition)
    must_be_allowed(PublishProcess(process=version.id), gather_vault(register, by), f"publish '{version.id}'")
    return Act(
        name="publish_process",
        changes=process_records(version, at=iso(by.at)),
        role=ADMINISTRATOR,
        subject=version_id(version),
        process_version=version_id(version),
    )


def version_id(version: ProcessVersion) -> str:
    """The id of a version's record, such as capa@1."""
    return f"{version.id}@{version.version}"


def process_records(version: ProcessVersion, *, at: str) -> tuple[Change, ...]:
    """The records of a process whose first version is in force from `at` on."""
    return (
        new_record("process", ProcessRecord(id=version.id, title=version.title)),
        new_record(
            "process_version",
            ProcessVersionRecord(
                id=version_id(version),
                process=version.id,
                version=version.version,
                state="in_force",
                definition=process_text(version),
                sha256=process_hash(version),
                in_force_from=at,
            ),
        ),
    )
