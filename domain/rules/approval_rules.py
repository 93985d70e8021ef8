"""Rules of decisions at a gate: signing one, taking it back, resubmitting, asking and answering before deciding."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.governance import Question
from domain.records.item import ENDED, Approval
from domain.rules.approvals import gate_title, gates_asked, judge_approvals
from domain.rules.facts import Facts
from domain.rules.obstacles import obstacle
from domain.rules.passing import reason_missing
from domain.rules.people import able, name_of, who_can
from domain.rules.rights import acting_roles, needs_one_of, roles_for
from domain.rules.signing import Decision, sign_obstacles
from domain.rules.urgencies import unconfirmed_at
from domain.rules.urgent_rules import confirmer_obstacles


def decision_obstacles(
    facts: Facts, gate: str, *, decision: Decision, reason: str = "", bulk: bool = False
) -> tuple[Obstacle, ...]:
    """May the actor sign this decision at this gate now? At a gate that was passed urgently an approval confirms, and
    a no goes by the command that takes the item back. `bulk`: together with others, in one signing.
    """
    outstanding = unconfirmed_at(facts.file, gate)
    if outstanding is not None and decision in ("rejected", "changes_requested"):
        return (obstacle(facts, "urgent.refuse"),)
    confirming = confirmer_obstacles(facts, outstanding) if outstanding is not None and decision == "approved" else ()
    return (*confirming, *sign_obstacles(facts, gate, decision=decision, reason=reason, bulk=bulk))


def revoke_obstacles(facts: Facts, *, approval: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor take this signature back? Only the signer may, once, and not behind a gate that was passed."""
    found = next((each for each in facts.file.approvals if each.id == approval), None)
    if found is None:
        return (obstacle(facts, "approval.unknown", approval=approval),)
    title, signer = gate_title(facts, found.gate), name_of(facts, found.person)
    obstacles = []
    if found.person != facts.actor.person:
        obstacles.append(
            obstacle(facts, "approval.not_yours", responsible=able(facts, found.person), title=title, signer=signer)
        )
    if any(each.approval == found.id for each in facts.file.revocations):
        obstacles.append(obstacle(facts, "approval.revoked", signer=signer))
    if _is_passed(facts, found):
        obstacles.append(obstacle(facts, "approval.passed", title=title))
    return (*obstacles, *_reason(facts, reason, message("approval_rules.taking_a_signature_back")))


def _is_passed(facts: Facts, approval: Approval) -> bool:
    item = facts.file.item
    if approval.cycle != item.cycle or item.state in ENDED:
        return True
    moved = any(
        f"{each.from_step}->{each.to_step}" == approval.gate and each.at >= approval.given_at
        for each in facts.file.transition_records
        if each.cycle == item.cycle
    )
    # What was signed after an urgent transition ends the obligation with the last signature, and that stays ended.
    ended = any(each.gate == approval.gate and each.ended_at >= approval.given_at for each in facts.file.urgencies)
    return moved or ended


def resubmit_obstacles(facts: Facts, *, gate: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor ask for a decision on the work as it stands? Whoever may move it, not who asked for changes."""
    roles = roles_for(facts.process, "move", facts.file.item.step)
    obstacles = [*needs_one_of(facts, roles, message("approval_rules.resubmit_this_item"))]
    asked = judge_approvals(facts, gate).changes_requested if gate in gates_asked(facts) else ()
    if not asked:
        obstacles.append(obstacle(facts, "approval.no_changes", gate=gate_title(facts, gate)))
    if any(each.person == facts.actor.person for each in asked):
        others = who_can(facts, roles, without=frozenset(each.person for each in asked))
        obstacles.append(obstacle(facts, "separation.asker", responsible=others))
    return (*obstacles, *_reason(facts, reason, message("approval_rules.resubmitting_needs_a_reason")))


def ask_obstacles(facts: Facts, *, gate: str, text: str, of: str) -> tuple[Obstacle, ...]:
    """May the actor ask `of` (a person id) this before deciding? Those who are asked for a signature may, and who has
    the right to ask.
    """
    obstacles = []
    right = roles_for(facts.process, "ask", facts.file.item.step)
    current = judge_approvals(facts, gate).current if gate in gates_asked(facts) else None
    if not acting_roles(facts) & frozenset(right) and (current is None or facts.actor.person not in current.candidates):
        who = ", ".join(name_of(facts, each) for each in current.candidates) if current else ""
        who = who or who_can(facts, right or ((current.level.role,) if current else ()))
        obstacles.append(obstacle(facts, "question.not_asked", responsible=who))
    if of not in facts.active or of == facts.actor.person:
        obstacles.append(obstacle(facts, "person.unknown", of=facts.names.get(of, of)))
    if is_blank(text):
        obstacles.append(obstacle(facts, "question.empty"))
    return tuple(obstacles)


def answer_obstacles(facts: Facts, *, question: str, answer: str) -> tuple[Obstacle, ...]:
    """May the actor answer this question? Who was asked may, and the item's owner."""
    found = question_of(facts, question)
    if found is None:
        return (obstacle(facts, "question.unknown", question=question),)
    obstacles = []
    if facts.actor.person not in (found.asked_of, facts.file.item.owner):
        asked = name_of(facts, found.asked_of)
        obstacles.append(
            obstacle(
                facts, "question.not_yours", responsible=able(facts, found.asked_of, facts.file.item.owner), asked=asked
            )
        )
    if found.answered_at:
        by = name_of(facts, found.answered_by)
        obstacles.append(obstacle(facts, "question.answered", by=by))
    if is_blank(answer):
        obstacles.append(obstacle(facts, "question.empty", "an_answer_has"))
    return tuple(obstacles)


def question_of(facts: Facts, question: str) -> Question | None:
    """The item's question of this id."""
    return next((each for each in facts.file.questions if each.id == question), None)


def _reason(facts: Facts, reason: str, doing: str) -> tuple[Obstacle, ...]:
    return () if not is_blank(reason) else (reason_missing(facts, doing),)
