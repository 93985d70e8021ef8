"""Record that an attempt at a governed act was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.act import Act, Actor
from domain.gates.verdict import Obstacle
from domain.identity import iso
from domain.items.people import Refusal
from domain.state import State
from domain.use_cases.ruling import new_record


def record_refusal(
    register: State,  # noqa: ARG001 (use cases are called alike)
    *,
    by: Actor,
    new_id: Callable[[], str],
    act: str,
    subject: str,
    obstacles: Sequence[Obstacle],
) -> Act:
    """Write down who tried which act on what, and which rules said no."""
    refusal = Refusal(
        id=new_id(),
        at=iso(by.at),
        person=by.person,
        act=act,
        subject=subject,
        obstacles=[{"rule": each.rule, "text": each.text, "cure": each.cure, "who": each.who} for each in obstacles],
    )
    return Act(
        name="record_refusal",
        changes=(new_record("refusal", refusal),),
        subject=subject,
        reason="; ".join(dict.fromkeys(each.rule for each in obstacles)),
    )
