"""What the acts of asking share: the record of a request that waits for a decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from domain.gates.facts import Facts
from domain.identity import iso
from domain.items.governance import Request


def asked_now(
    facts: Facts,
    new_id: Callable[[], str],
    *,
    kind: Literal["extension", "change", "cancellation"],
    proposal: Mapping[str, Any],
    code: str,
    reason: str,
    interim_risk: str,
) -> Request:
    """A request made now. Requests that were granted or wait count towards its number; withdrawn ones do not."""
    item, by = facts.file.item, facts.actor
    before = [each for each in facts.file.requests if each.kind == kind and each.state in ("asked", "approved")]
    return Request(
        id=new_id(),
        item=item.id,
        cycle=item.cycle,
        kind=kind,
        nth=len(before) + 1,
        state="asked",
        proposal=dict(proposal),
        code=code,
        reason=reason,
        interim_risk=interim_risk,
        asked_by=by.person,
        asked_at=iso(by.at),
        decided_by="",
        decided_at="",
        mandate="",
        decision_reason="",
    )
