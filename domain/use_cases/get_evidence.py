"""Write a copy of a stored evidence file outside the vault: an export, on record with its hash and purpose."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.state import State
from domain.use_cases.open_evidence import evidence_leaves


def get_evidence(
    register: State, *, by: Actor, new_id: Callable[[], str], item: str, evidence: str, purpose: str
) -> Act:
    """Record that a copy of the file leaves the vault for good. Whoever may read an item may take a copy.

    Raises:
        UsageProblem: the item has no evidence of this id, or nobody said for whom the copy is and why.
    """
    if not purpose.strip():
        raise UsageProblem(
            "A copy that leaves the vault needs a purpose.", where="purpose", cure="Say for whom it is and why."
        )
    return evidence_leaves(
        register, by=by, new_id=new_id, item=item, evidence=evidence, purpose=purpose, act="get_evidence"
    )
