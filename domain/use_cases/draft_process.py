"""Begin the next version of a process as a draft."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.act import Act, Actor, Change
from domain.errors import UsageProblem
from domain.gates.facts import gather_version
from domain.gates.rights import hat_used
from domain.gates.version_attempts import DraftProcess
from domain.gates.version_rules import drafters
from domain.identity import iso
from domain.items.governance import VersionDraft
from domain.items.people import ProcessRecord, ProcessVersionRecord
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.edit import edited
from domain.process.states import version_at
from domain.state import State
from domain.use_cases.publish_process import version_id
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def draft_process(
    register: State,
    *,
    by: Actor,
    process: str,
    definition: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Act:
    """Begin the next version of `process`: from `definition` (JSON), else from the version in force; `changes` are
    applied to it (see `domain.process.edit`). It gets the next number, whatever number it says.

    Raises:
        Refused: no right to draft it, or there is a draft already.
        UsageProblem: nothing to draft from, another process, or a definition that contradicts itself.
    """
    must_be_text(reason)
    facts = gather_version(register, by, process=process)
    must_be_allowed(DraftProcess(process=process), facts, f"draft '{process}'")
    versions = [each for each in register.process_versions() if each.process == process]
    # What was drafted from is the version put in force last, though its day may be still to come.
    signed = [each for each in versions if each.state in ("in_force", "retired")]
    base = max(signed, key=lambda each: (each.in_force_from, each.version), default=None)
    current = version_at(versions, process, by.at) or base
    if not definition and current is None:
        raise UsageProblem(
            f"There is no version of '{process}' to draft from.", cure="Give the definition of the new process."
        )
    text = definition or (base.definition if base else "")
    number = max((each.version for each in versions), default=0) + 1
    version = edited(decode_process(text), {**(changes or {}), "version": number})
    if version.id != process:
        raise UsageProblem(f"The definition is of '{version.id}', not of '{process}'.", cure="Draft that process.")
    at, id_ = iso(by.at), version_id(version)
    record = ProcessVersionRecord(
        id=id_,
        process=process,
        version=number,
        state="draft",
        definition=process_text(version),
        sha256=process_hash(version),
        in_force_from="",
    )
    draft = VersionDraft(
        id=id_,
        base=base.id if base else "",
        item="",
        authors=[by.person],
        revision=1,
        drafted_at=at,
        changed_at=at,
        tested="",
        scenarios=[],
    )
    return Act(
        name="draft_process",
        changes=(
            *_process(register, version.id, version.title, known=bool(versions)),
            new_record("process_version", record),
            new_record("version_draft", draft),
        ),
        role=hat_used(facts, drafters(facts.process)),
        subject=id_,
        process_version=id_,
        reason=reason,
    )


def _process(register: State, process: str, title: str, *, known: bool) -> tuple[Change, ...]:
    if known or any(each.id == process for each in register.all_of(ProcessRecord)):
        return ()
    return (new_record("process", ProcessRecord(id=process, title=title)),)


def draft_change(draft: VersionDraft, **after: Any) -> Change | None:
    """The change of a draft's record to these values."""
    before = {name: msgspec.to_builtins(getattr(draft, name)) for name in after}
    different = {name: value for name, value in after.items() if before[name] != value}
    return (
        Change("version_draft", draft.id, {name: before[name] for name in different}, different) if different else None
    )
