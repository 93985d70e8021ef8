"""Let a deputy sign in one's place, for days and in a scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.act import Act, Actor
from domain.gates.approval_attempts import GiveMandate
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.governance import Mandate
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record

MEANING = "I give this mandate; what the deputy signs under it is signed for me"


def give_mandate(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    deputy: str,
    role: str,
    first_day: str,
    last_day: str,
    reason: str,
    process: str = "",
    severities: Sequence[str] = (),
) -> Act:
    """Let `deputy` (a person id) use a role that the giver holds, from the first day to the last, ISO days.

    `process` "" = every process, no severities = all of them. The deputy signs in the own name.

    Raises:
        Refused: a role not held or only lent, days that are past, nobody active, or without a reason.
        UsageProblem: no such process in force.
    """
    must_be_text(reason)
    attempt = GiveMandate(
        deputy=deputy,
        role=role,
        first_day=first_day,
        last_day=last_day,
        process=process,
        severities=tuple(severities),
        reason=reason,
    )
    must_be_allowed(attempt, gather_vault(register, by, process=process), "give this mandate")
    mandate = Mandate(
        id=new_id(),
        giver=by.person,
        deputy=deputy,
        role=role,
        process=process,
        severities=list(severities),
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        state="given",
        given_at=iso(by.at),
        revoked_at="",
        revoked_by="",
    )
    return Act(
        name="give_mandate",
        changes=(new_record("mandate", mandate),),
        role=role,
        subject=mandate.id,
        reason=reason,
        meaning=MEANING,
        ceremony=True,
    )
