"""Answer a question that somebody asked before deciding."""

from __future__ import annotations

from domain.act import Act, Actor, changed
from domain.gates.approval_attempts import AnswerQuestion
from domain.gates.approval_rules import question_of
from domain.gates.facts import gather
from domain.identity import iso
from domain.process.definition import OWNER
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text


def answer_question(register: State, *, by: Actor, item: str, answer: str, question: str = "") -> Act:
    """Answer a question (its id; "" = the oldest one that is open).

    Raises:
        Refused: not asked, answered already, or without words.
    """
    must_be_text(answer)
    facts = gather(register, item, by)
    waiting = [each.id for each in facts.file.questions if not each.answered_at]
    question = question or (waiting[0] if waiting else "")
    must_be_allowed(AnswerQuestion(question=question, answer=answer), facts, "have this question answered")
    found = question_of(facts, question)
    assert found is not None, "the judge refuses an unknown question"
    change = changed(
        "question",
        found.id,
        {"answer": "", "answered_by": "", "answered_at": ""},
        {"answer": answer, "answered_by": by.person, "answered_at": iso(by.at)},
    )
    assert change is not None, "an answer has words"
    return Act(
        name="answer_question",
        changes=(change,),
        role=OWNER if by.person == facts.file.item.owner else "",
        subject=found.item,
        process_version=facts.file.item.process_version,
        reason=answer,
    )
