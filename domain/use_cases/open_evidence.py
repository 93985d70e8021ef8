"""Open a stored evidence file in another program: an export, on record with its hash and purpose."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.oversight import Export
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record


def open_evidence(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, evidence: str, purpose: str
) -> Act:
    """Record that the file leaves the vault's protection for a while. Whoever may read an item may look at it.

    Raises:
        UsageProblem: the item has no evidence of this id.
    """
    return evidence_leaves(
        register, by=by, new_id=new_id, item=item, evidence=evidence, purpose=purpose, act="open_evidence"
    )


def evidence_leaves(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, evidence: str, purpose: str, act: str
) -> Act:
    """The act, under this name, by which an evidence file leaves the vault's protection.

    Raises:
        UsageProblem: the item has no evidence of this id.
    """
    must_be_text(purpose)
    file = register.item_file(item)
    found = next((each for each in file.evidence if each.id == evidence), None)
    if found is None:
        raise UsageProblem(f"The item has no evidence {evidence!r}.", where=file.item.number)
    record = Export(
        id=new_id(),
        kind="evidence",
        name=found.file_name,
        sha256=found.file,
        size=found.size,
        purpose=purpose,
        at=iso(by.at),
        by=by.person,
    )
    return Act(
        name=act,
        changes=(new_record("export", record),),
        subject=file.item.id,
        process_version=file.item.process_version,
        reason=purpose,
    )
