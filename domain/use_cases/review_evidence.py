"""Accept or reject a file as what its requirement asks for."""

from __future__ import annotations

from domain.act import Act, Actor, changed
from domain.gates.attempt import ReviewEvidence
from domain.gates.facts import gather
from domain.identity import iso
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text


def review_evidence(register: State, *, by: Actor, item: str, evidence: str, accept: bool, note: str = "") -> Act:
    """Judge a file (`evidence` is its record's id). A judgement is final; a new revision gets a new one.

    Raises:
        Refused: no right, own file, judged already, or a rejection without a note.
    """
    must_be_text(note)
    facts = gather(register, item, by)
    must_be_allowed(ReviewEvidence(evidence=evidence, accept=accept, note=note), facts, "have this evidence judged")
    found = next(each for each in facts.file.evidence if each.id == evidence)
    requirement = facts.process.requirement(found.requirement)
    change = changed(
        "evidence",
        found.id,
        {
            "state": found.state,
            "reviewed_by": found.reviewed_by,
            "reviewed_at": found.reviewed_at,
            "review_note": found.review_note,
        },
        {
            "state": "accepted" if accept else "rejected",
            "reviewed_by": by.person,
            "reviewed_at": iso(by.at),
            "review_note": note,
        },
    )
    assert change is not None, "a submitted file has no reviewer yet"
    return Act(
        name="review_evidence",
        changes=(change,),
        role=requirement.reviewer_role if requirement else "",
        subject=found.item,
        process_version=facts.file.item.process_version,
        reason=note,
    )
