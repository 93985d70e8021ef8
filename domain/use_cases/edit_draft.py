"""Change a process version that nobody is asked to approve yet."""

from __future__ import annotations

from typing import Any

from domain.act import Act, Actor, changed
from domain.errors import UsageProblem
from domain.gates.facts import gather_version
from domain.gates.rights import hat_used
from domain.gates.version_attempts import EditDraft
from domain.gates.version_rules import drafters
from domain.identity import iso
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.edit import edited
from domain.state import State
from domain.use_cases.draft_process import draft_change
from domain.use_cases.ruling import must_be_allowed, must_be_text


def edit_draft(
    register: State,
    *,
    by: Actor,
    version: str,
    definition: str = "",
    changes: dict[str, Any] | None = None,
    rebase: bool = False,
    reason: str = "",
) -> Act:
    """Give a draft (the version's id) another `definition` (JSON), or other values at places of it (`changes`, see
    `domain.process.edit`). Whoever does so is one of its authors. `rebase` says that it holds what the version put in
    force last has.

    Raises:
        Refused: no right, in review, or in force: those are never edited.
        UsageProblem: no such version, another process or number, a contradiction, or nothing would change.
    """
    must_be_text(reason)
    record = register.process_version(version)
    facts = gather_version(register, by, process=record.process, version=version)
    must_be_allowed(EditDraft(version=version), facts, f"change '{version}'")
    there = facts.version
    assert there is not None, "the judge refuses what is no draft"
    new = decode_process(definition) if definition else decode_process(record.definition)
    new = edited(new, {**(changes or {}), "version": record.version})
    if new.id != record.process:
        raise UsageProblem(f"The definition is of '{new.id}', not of '{record.process}'.", cure="Draft that process.")
    base = there.newest if rebase else there.draft.base
    if process_hash(new) == record.sha256 and base == there.draft.base:
        raise UsageProblem("Nothing would change.", where=version, cure="Change something of the definition.")
    of_version = changed(
        "process_version",
        version,
        {"state": record.state, "definition": record.definition, "sha256": record.sha256},
        {"state": "draft", "definition": process_text(new), "sha256": process_hash(new)},
    )
    of_draft = draft_change(
        there.draft,
        base=base,
        item="",
        authors=list(dict.fromkeys((*there.draft.authors, by.person))),
        revision=there.draft.revision + 1,
        changed_at=iso(by.at),
        tested="",
        scenarios=[],
    )
    return Act(
        name="edit_draft",
        changes=tuple(each for each in (of_version, of_draft) if each is not None),
        role=hat_used(facts, drafters(facts.process)),
        subject=version,
        process_version=version,
        reason=reason,
    )
