"""Put a file on record for a requirement of an item."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor, IncomingFile
from domain.errors import UsageProblem
from domain.gates.attempt import AddEvidence
from domain.gates.facts import gather
from domain.gates.rights import hat_used, roles_for
from domain.identity import iso
from domain.items.item import Evidence
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

LONGEST_FILE_NAME = 255
"""Characters of a file name kept on record."""


def add_evidence(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    requirement: str,
    file: IncomingFile,
    file_name: str,
    media_type: str = "application/octet-stream",
    note: str = "",
) -> Act:
    """Put a file on record; it waits for its reviewer. Earlier revisions stay.

    Raises:
        Refused: no right, or the process knows no such requirement.
        UsageProblem: an empty file, or a name that cannot be shown.
    """
    if file.size <= 0:
        raise UsageProblem(
            "An empty file proves nothing.", where=file_name, cure="Choose the file that holds the record."
        )
    if (
        not file_name
        or not file_name.isprintable()
        or len(file_name) > LONGEST_FILE_NAME
        or {"/", "\\"} & set(file_name)
    ):
        raise UsageProblem(f"{file_name!r} is not a plain file name.", cure="Rename the file and add it again.")
    must_be_text(note, media_type)
    facts = gather(register, item, by)
    must_be_allowed(AddEvidence(requirement=requirement), facts, "take this evidence")
    found = facts.file.item
    evidence = Evidence(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        requirement=requirement,
        revision=1 + sum(each.requirement == requirement for each in facts.file.evidence),
        file_name=file_name,
        media_type=media_type,
        size=file.size,
        file=file.sha256,
        note=note,
        added_by=by.person,
        added_at=iso(by.at),
        state="submitted",
        reviewed_by="",
        reviewed_at="",
        review_note="",
    )
    return Act(
        name="add_evidence",
        changes=(new_record("evidence", evidence),),
        role=hat_used(facts, roles_for(facts.process, "add_evidence", found.step)),
        subject=found.id,
        process_version=found.process_version,
        reason=note,
        files=(file,),
    )
