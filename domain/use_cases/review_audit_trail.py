"""Sign that a stretch of the audit trail was reviewed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.oversight import Review
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record

MEANING = "I have reviewed these entries of the audit trail"


def review_audit_trail(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    first: int,
    last: int,
    sample: Sequence[int] = (),
    verdict: Literal["in_order", "with_findings"],
    findings: str = "",
) -> Act:
    """Record a review of entries `first` to `last`, of which `sample` were read closely (EU GMP Annex 11, 9).

    Anyone may review; who it was is signed. Entries by the reviewer are named in the reason, since nobody
    reviews the own work.

    Raises:
        UsageProblem: the range or the sample is not in the log, or findings and verdict contradict each other.
    """
    must_be_text(findings)
    size = register.log_size()
    if not 0 <= first <= last < size:
        raise UsageProblem(f"Entries {first} to {last} are not in this log.", cure=f"It has entries 0 to {size - 1}.")
    outside = sorted(seq for seq in sample if not first <= seq <= last)
    if outside:
        raise UsageProblem(f"Entry {outside[0]} of the sample is outside {first} to {last}.")
    if (verdict == "with_findings") != bool(findings.strip()):
        raise UsageProblem(
            "Findings and verdict contradict each other.",
            cure="Say what was found, or that the entries are in order; not both, not neither.",
        )
    chosen = sorted(set(sample))
    own = [seq for seq in chosen if register.entry(seq).header.by == by.person]
    review = Review(
        id=new_id(),
        kind="audit_trail",
        at=iso(by.at),
        person=by.person,
        first=first,
        last=last,
        sample=chosen,
        snapshot="",
        verdict=verdict,
        findings=findings,
    )
    words = f"entries {first} to {last}" + (f"; the reviewer's own: {', '.join(map(str, own))}" if own else "")
    return Act(
        name="review_audit_trail",
        changes=(new_record("review", review),),
        subject=register.vault().id,
        reason=words,
        meaning=MEANING,
        ceremony=True,
    )
