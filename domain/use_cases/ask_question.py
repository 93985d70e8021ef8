"""Ask somebody something before deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from domain.act import Act, Actor
from domain.gates.approval_attempts import AskQuestion
from domain.gates.approvals import gates_asked, judge_approvals
from domain.gates.facts import gather
from domain.gates.next_action import gate_to_sign
from domain.gates.rights import hat_used, roles_for
from domain.gates.signing import signing_mandate
from domain.identity import iso
from domain.items.governance import Question
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record


def ask_question(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    item: str,
    text: str,
    of: str = "",
    gate: str = "",
) -> Act:
    """Ask `of` (a person id; "" = the owner) before deciding at a gate ("" = the one ahead).

    Whether the deadline stands still until the answer is a rule of the level that is asked.

    Raises:
        Refused: not asked to decide here, no words, or nobody who could answer.
    """
    must_be_text(text)
    facts = gather(register, item, by)
    found, gate, of = facts.file.item, gate or gate_to_sign(facts), of or facts.file.item.owner
    must_be_allowed(AskQuestion(gate=gate, text=text, asked_of=of), facts, "be asked about like this")
    current = judge_approvals(facts, gate).current if gate in gates_asked(facts) else None
    stops: Literal["yes", "no"] = "yes" if current and current.level.questions_stop_clock else "no"
    question = Question(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        gate=gate,
        text=text,
        asked_by=by.person,
        asked_at=iso(by.at),
        asked_of=of,
        stops_clock=stops,
        answer="",
        answered_by="",
        answered_at="",
    )
    deciding = current is not None and by.person in current.candidates
    mandate = signing_mandate(facts, current) if current and deciding else None
    right = hat_used(facts, roles_for(facts.process, "ask", found.step))
    return Act(
        name="ask_question",
        changes=(new_record("question", question),),
        role=current.level.role if current and deciding else right,
        mandate=mandate.id if mandate else "",
        subject=found.id,
        process_version=found.process_version,
        reason=text,
    )
