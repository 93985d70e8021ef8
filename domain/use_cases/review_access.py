"""The access review: an administrator signs that people, keys and roles were looked at."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from domain.act import Act, Actor
from domain.gates.attempt import ReviewAccess
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.oversight import Review
from domain.items.people import ADMINISTRATOR
from domain.log.canonical import canonical
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

MEANING = "I have reviewed who has access here, and as what"


def access_matrix(register: State) -> dict[str, Any]:
    """What an access review looks at: everyone ever enrolled, their keys, their roles, the rights of each process."""
    return {
        "people": [msgspec.to_builtins(each) for each in sorted(register.people(), key=lambda each: each.id)],
        "keys": [
            {"id": key.id, "person": key.person, "valid_from": key.valid_from, "revoked_from": key.revoked_from}
            for key in sorted(register.keys(), key=lambda key: key.id)
        ],
        "roles": [msgspec.to_builtins(held) for held in sorted(register.roles(), key=lambda held: held.id)],
        "processes": {
            each.id: each.sha256
            for each in sorted(register.process_versions(), key=lambda each: each.id)
            if each.state == "in_force"
        },
    }


def review_access(
    register: State, *, by: Actor, new_id: Callable[[], str], findings: str = "", in_order: bool = True
) -> Act:
    """Sign the review of exactly the access there is now.

    Raises:
        Refused: not an administrator, or something is not in order and no findings say what.
    """
    must_be_text(findings)
    must_be_allowed(
        ReviewAccess(findings=findings, in_order=in_order), gather_vault(register, by), "sign the access review"
    )
    review = Review(
        id=new_id(),
        kind="access_review",
        at=iso(by.at),
        person=by.person,
        first=0,
        last=register.log_size() - 1,
        sample=[],
        snapshot=sha256(canonical(access_matrix(register))).hexdigest(),
        verdict="in_order" if in_order else "with_findings",
        findings=findings,
    )
    return Act(
        name="review_access",
        changes=(new_record("review", review),),
        role=ADMINISTRATOR,
        subject=register.vault().id,
        meaning=MEANING,
        ceremony=True,
    )
