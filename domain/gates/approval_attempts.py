"""What a person attempts around decisions: changes asked for, signatures taken back, questions, urgency, deputies."""

from __future__ import annotations

import msgspec


class _ApprovalAttempt(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt"):
    """An attempt is a value; see `domain.gates.attempt`."""


class RequestChanges(_ApprovalAttempt, frozen=True, kw_only=True, tag="request_changes"):
    """Sign that the content has to change, or be explained, before it is decided."""

    gate: str
    reason: str


class Abstain(_ApprovalAttempt, frozen=True, kw_only=True, tag="abstain"):
    """Sign that one does not decide."""

    gate: str
    reason: str


class Resubmit(_ApprovalAttempt, frozen=True, kw_only=True, tag="resubmit_item"):
    """Ask for a decision on the work as it stands, although changes were requested."""

    gate: str
    reason: str


class RevokeApproval(_ApprovalAttempt, frozen=True, kw_only=True, tag="revoke_approval"):
    """Take back one's own signature (its id) before its gate is passed."""

    approval: str
    reason: str


class AskQuestion(_ApprovalAttempt, frozen=True, kw_only=True, tag="ask_question"):
    """Ask a person (an id) something before deciding at a gate."""

    gate: str
    text: str
    asked_of: str


class AnswerQuestion(_ApprovalAttempt, frozen=True, kw_only=True, tag="answer_question"):
    """Answer a question (its id)."""

    question: str
    answer: str


class MarkUrgent(_ApprovalAttempt, frozen=True, kw_only=True, tag="mark_urgent"):
    """Ask for the urgent path at a gate, with a reason code of the process and words."""

    gate: str
    code: str
    reason: str


class ApproveUrgent(_ApprovalAttempt, frozen=True, kw_only=True, tag="approve_urgent"):
    """Sign that the item may pass now and is confirmed afterwards."""


class RefuseUrgent(_ApprovalAttempt, frozen=True, kw_only=True, tag="refuse_urgent"):
    """Sign, as an ordinary approver, that an urgent passage of this gate is not confirmed."""

    gate: str
    reason: str


class WithdrawUrgent(_ApprovalAttempt, frozen=True, kw_only=True, tag="withdraw_urgent"):
    """Give the urgent path up before the gate is passed."""

    reason: str


class GiveMandate(_ApprovalAttempt, frozen=True, kw_only=True, tag="give_mandate"):
    """Let a deputy (a person id) sign in one's place; days are ISO, the last one included."""

    deputy: str
    role: str
    first_day: str
    last_day: str
    process: str = ""
    severities: tuple[str, ...] = ()
    reason: str = ""


class RevokeMandate(_ApprovalAttempt, frozen=True, kw_only=True, tag="revoke_mandate"):
    """End a mandate (its id) before its last day."""

    mandate: str
    reason: str


ApprovalAttempt = (
    RequestChanges
    | Abstain
    | Resubmit
    | RevokeApproval
    | AskQuestion
    | AnswerQuestion
    | MarkUrgent
    | ApproveUrgent
    | RefuseUrgent
    | WithdrawUrgent
)
MandateAttempt = GiveMandate | RevokeMandate
