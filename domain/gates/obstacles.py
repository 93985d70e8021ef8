"""The one judge. Screens, commands, imports and bulk edits all ask here; nothing else decides.

The judge reads facts and an attempt and lists every obstacle. It changes nothing and asks nobody.
"""

from __future__ import annotations

from domain.gates import (
    approval_rules,
    clock_rules,
    handoffs,
    life,
    links,
    mandate_rules,
    oversight_rules,
    people_rules,
    requests,
    urgent_rules,
    vault_rules,
    waivers,
)
from domain.gates.allowances import verdict_on
from domain.gates.approval_attempts import (
    Abstain,
    AnswerQuestion,
    ApprovalAttempt,
    ApproveUrgent,
    AskQuestion,
    GiveMandate,
    MarkUrgent,
    RefuseUrgent,
    RequestChanges,
    Resubmit,
    RevokeApproval,
    RevokeMandate,
    WithdrawUrgent,
)
from domain.gates.attempt import (
    AddEvidence,
    Approve,
    AskKey,
    AssignOwner,
    Attempt,
    Cancel,
    ChangeSetting,
    Close,
    CreateItem,
    EditFields,
    Hold,
    ImportRegister,
    ItemAttempt,
    KeepPack,
    MoveTo,
    PublishProcess,
    Reject,
    Reopen,
    Resume,
    RevealKey,
    ReviewEvidence,
    VaultAttempt,
)
from domain.gates.clock_attempts import MarkAlertsSeen, RaiseAlerts, SetCalendar
from domain.gates.editing import assign_obstacles, edit_obstacles
from domain.gates.evidence import add_obstacles, review_obstacles
from domain.gates.facts import Facts, VaultFacts
from domain.gates.life_attempts import (
    AcceptHandoff,
    AskBlocker,
    BeginRecurrence,
    DecideRequest,
    DecideWaiver,
    LifeAttempt,
    LinkItems,
    ReplaceLink,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    RequestWaiver,
    ReturnHandoff,
    RevokeWaiver,
    Unlink,
    WithdrawRequest,
)
from domain.gates.migration_rules import migrate_obstacles
from domain.gates.passing import close_obstacles, move_obstacles
from domain.gates.verdict import GateVerdict, Obstacle
from domain.gates.version_attempts import MigrateItem, VersionAttempt
from domain.gates.version_verdicts import version_obstacles

__all__ = ["obstacles", "verdict_on"]


def obstacles(attempt: Attempt, facts: Facts | VaultFacts) -> GateVerdict:
    """Judge an attempt: attempts at an item by `Facts`, the others by `VaultFacts`.

    Raises:
        TypeError: the facts are not of the kind the attempt is judged by.
    """
    if isinstance(facts, Facts) and isinstance(attempt, ItemAttempt):
        return verdict_on(facts, _at_item(attempt, facts), gate=_gate_of(attempt, facts))
    if isinstance(facts, VaultFacts) and isinstance(attempt, VaultAttempt):
        return verdict_on(facts, _at_vault(attempt, facts))
    raise TypeError(f"{type(attempt).__name__} is not judged by {type(facts).__name__}")


def _gate_of(attempt: ItemAttempt, facts: Facts) -> str:
    item, process = facts.file.item, facts.process
    match attempt:
        case MoveTo(step=step):
            return f"{item.step}->{step}"
        case Close():
            return f"{item.step}->{process.closure.step}"
        case Approve(gate=gate):
            return gate
        case _:
            return ""


def _at_item(attempt: ItemAttempt, facts: Facts) -> tuple[Obstacle, ...]:
    if isinstance(attempt, KeepPack):
        return life.pack_obstacles(facts)  # closed work is just what packs are printed of
    # An item at rest answers with that alone: the other obstacles would name cures that do not help now.
    return life.resting_for(facts, attempt) or _at_open_item(attempt, facts)


def _at_open_item(attempt: ItemAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (a table of cases)
    if isinstance(attempt, LifeAttempt):
        return _off_the_road(attempt, facts)
    if isinstance(attempt, ApprovalAttempt):
        return _around_decisions(attempt, facts)
    match attempt:
        case EditFields(fields=fields):
            return edit_obstacles(facts, fields)
        case AssignOwner(person=person):
            return assign_obstacles(facts, person)
        case MoveTo(step=step, reason=reason):
            return move_obstacles(facts, step, reason)
        case Approve(gate=gate, bulk=bulk):
            return approval_rules.decision_obstacles(facts, gate, decision="approved", bulk=bulk)
        case Reject(gate=gate, reason=reason):
            return approval_rules.decision_obstacles(facts, gate, decision="rejected", reason=reason)
        case AddEvidence(requirement=requirement):
            return add_obstacles(facts, requirement)
        case ReviewEvidence(evidence=evidence, accept=accept, note=note):
            return review_obstacles(facts, evidence, accept=accept, note=note)
        case Hold(reason=reason, review_on=review_on):
            return life.hold_obstacles(facts, reason=reason, review_on=review_on)
        case Resume(reason=reason):
            return life.resume_obstacles(facts, reason=reason)
        case Cancel(reason=reason, code=code):
            return life.cancel_obstacles(facts, reason=reason, code=code)
        case Reopen(reason=reason):
            return life.reopen_obstacles(facts, reason=reason)
        case Close(outcome=outcome):
            return close_obstacles(facts, outcome)
        case MigrateItem():
            return migrate_obstacles(facts, attempt)
        case KeepPack():
            return life.pack_obstacles(facts)


def _around_decisions(attempt: ApprovalAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: PLR0911 (same)
    match attempt:
        case RequestChanges(gate=gate, reason=reason):
            return approval_rules.decision_obstacles(facts, gate, decision="changes_requested", reason=reason)
        case Abstain(gate=gate, reason=reason):
            return approval_rules.decision_obstacles(facts, gate, decision="abstained", reason=reason)
        case Resubmit(gate=gate, reason=reason):
            return approval_rules.resubmit_obstacles(facts, gate=gate, reason=reason)
        case RevokeApproval(approval=approval, reason=reason):
            return approval_rules.revoke_obstacles(facts, approval=approval, reason=reason)
        case AskQuestion(gate=gate, text=text, asked_of=of):
            return approval_rules.ask_obstacles(facts, gate=gate, text=text, of=of)
        case AnswerQuestion(question=question, answer=answer):
            return approval_rules.answer_obstacles(facts, question=question, answer=answer)
        case MarkUrgent(gate=gate, code=code, reason=reason):
            return urgent_rules.mark_obstacles(facts, gate=gate, code=code, reason=reason)
        case ApproveUrgent():
            return urgent_rules.approve_urgent_obstacles(facts)
        case RefuseUrgent(gate=gate, reason=reason):
            return urgent_rules.refuse_obstacles(facts, gate=gate, reason=reason)
        case WithdrawUrgent(reason=reason):
            return urgent_rules.withdraw_obstacles(facts, reason=reason)


def _off_the_road(attempt: LifeAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (same)
    match attempt:
        case RequestCancellation(reason=reason, code=code, fates=fates):
            return requests.cancellation_obstacles(facts, reason=reason, code=code, fates=fates)
        case RequestExtension(due=due, reason=reason, interim_risk=risk):
            return requests.extension_obstacles(facts, due=due, reason=reason, interim_risk=risk)
        case RequestChange(fields=fields, reason=reason):
            return requests.change_obstacles(facts, fields=fields, reason=reason)
        case DecideRequest(request=request, approve=approve, reason=reason, bulk=bulk):
            return requests.decide_obstacles(facts, request, approve=approve, reason=reason, bulk=bulk)
        case WithdrawRequest(request=request, reason=reason):
            return requests.withdraw_obstacles(facts, request, reason=reason)
        case RequestWaiver(gate=gate, rule=rule, reason=reason, risk=risk, expires_on=day):
            return waivers.request_obstacles(facts, gate=gate, rule=rule, reason=reason, risk=risk, expires_on=day)
        case DecideWaiver(waiver=waiver, accept=accept, reason=reason):
            return waivers.decide_obstacles(facts, waiver, accept=accept, reason=reason)
        case RevokeWaiver(waiver=waiver, reason=reason):
            return waivers.revoke_obstacles(facts, waiver, reason=reason)
        case LinkItems(other=other, kind=kind):
            return links.link_obstacles(facts, other, kind=kind)
        case Unlink(link=link, reason=reason):
            return links.unlink_obstacles(facts, link, reason=reason)
        case ReplaceLink(link=link, other=other, reason=reason):
            return links.replace_obstacles(facts, link, other, reason=reason)
        case AskBlocker(link=link, text=text):
            return links.ask_obstacles(facts, link, text=text)
        case AcceptHandoff():
            return handoffs.accept_obstacles(facts)
        case ReturnHandoff(reason=reason):
            return handoffs.return_obstacles(facts, reason=reason)
        case BeginRecurrence(reason=reason):
            return life.recurrence_obstacles(facts, reason=reason)


def _at_vault(attempt: VaultAttempt, facts: VaultFacts) -> tuple[Obstacle, ...]:  # noqa: PLR0911 (same)
    if isinstance(attempt, VersionAttempt):
        return version_obstacles(facts, attempt)
    match attempt:
        case CreateItem(fields=fields):
            return vault_rules.create_obstacles(facts, fields)
        case ImportRegister():
            return vault_rules.import_obstacles(facts)
        case PublishProcess(process=process):
            return vault_rules.publish_obstacles(facts, process)
        case ChangeSetting() | AskKey() | RevealKey():
            return oversight_rules.oversight_obstacles(attempt, facts)
        case SetCalendar() | RaiseAlerts() | MarkAlertsSeen():
            return clock_rules.clock_obstacles(attempt, facts)
        case GiveMandate():
            return mandate_rules.give_obstacles(
                facts,
                deputy=attempt.deputy,
                role=attempt.role,
                first_day=attempt.first_day,
                last_day=attempt.last_day,
                process=attempt.process,
                severities=attempt.severities,
                reason=attempt.reason,
            )
        case RevokeMandate(mandate=mandate, reason=reason):
            return mandate_rules.revoke_obstacles(facts, mandate=mandate, reason=reason)
    return people_rules.people_obstacles(attempt, facts)
