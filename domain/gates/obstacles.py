"""The one judge. Screens, commands, imports and bulk edits all ask here; nothing else decides.

The judge reads facts and an attempt and lists every obstacle. It changes nothing and asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

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
from domain.gates.allowances import allowed_through, gate_of
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
from domain.gates.rights import active
from domain.gates.signing import sign_obstacles
from domain.gates.urgencies import unconfirmed_at
from domain.gates.verdict import GateVerdict, Obstacle, Passed
from domain.gates.version_attempts import MigrateItem, VersionAttempt
from domain.gates.version_verdicts import version_obstacles


def obstacles(attempt: Attempt, facts: Facts | VaultFacts) -> GateVerdict:
    """Judge an attempt: attempts at an item by `Facts`, the others by `VaultFacts`.

    Raises:
        TypeError: the facts are not of the kind the attempt is judged by.
    """
    passed: tuple[Passed, ...] = ()
    if isinstance(facts, Facts) and isinstance(attempt, ItemAttempt):
        found, passed = allowed_through(facts, gate_of(attempt, facts), _at_item(attempt, facts))
    elif isinstance(facts, VaultFacts) and isinstance(attempt, VaultAttempt):
        found = _at_vault(attempt, facts)
    else:
        raise TypeError(f"{type(attempt).__name__} is not judged by {type(facts).__name__}")
    return GateVerdict(obstacles=tuple(dict.fromkeys((*active(facts), *found))), passed=tuple(dict.fromkeys(passed)))


def verdict_on(facts: Facts | VaultFacts, found: Iterable[Obstacle], *, gate: str = "") -> GateVerdict:
    """The verdict on a command against which these obstacles were found: an actor who is not active is one more, and
    what an exception or an accepted risk passes at `gate` (a transition's id) does not stand.
    """
    passed: tuple[Passed, ...] = ()
    if gate and isinstance(facts, Facts):
        found, passed = allowed_through(facts, gate, found)
    return GateVerdict(obstacles=tuple(dict.fromkeys((*active(facts), *found))), passed=tuple(dict.fromkeys(passed)))


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
            owed = unconfirmed_at(facts.file, gate)
            confirming = urgent_rules.confirmer_obstacles(facts, owed) if owed else ()
            return (*confirming, *sign_obstacles(facts, gate, bulk=bulk))
        case Reject(gate=gate, reason=reason):
            return _no_refusal_here(facts, gate) or sign_obstacles(facts, gate, decision="rejected", reason=reason)
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
        case MigrateItem(version=version, reason=reason):
            return migrate_obstacles(facts, version=version, reason=reason)
        case KeepPack():
            return life.pack_obstacles(facts)


def _no_refusal_here(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """What was passed urgently is refused with its consequences, not by an ordinary rejection."""
    if unconfirmed_at(facts.file, gate) is None:
        return ()
    return (
        Obstacle(
            rule="urgent.refuse",
            text=f"The gate was passed urgently; saying no to it takes the item back ({facts.process.name}).",
            cure="Refuse the urgent approval, with a reason.",
            who=facts.actor.name,
        ),
    )


def _around_decisions(attempt: ApprovalAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: PLR0911 (same)
    match attempt:
        case RequestChanges(gate=gate, reason=reason):
            again = _no_refusal_here(facts, gate)
            return again or sign_obstacles(facts, gate, decision="changes_requested", reason=reason)
        case Abstain(gate=gate, reason=reason):
            return sign_obstacles(facts, gate, decision="abstained", reason=reason)
        case Resubmit():
            return approval_rules.resubmit_obstacles(facts, attempt)
        case RevokeApproval():
            return approval_rules.revoke_obstacles(facts, attempt)
        case AskQuestion():
            return approval_rules.ask_obstacles(facts, attempt)
        case AnswerQuestion():
            return approval_rules.answer_obstacles(facts, attempt)
        case MarkUrgent():
            return urgent_rules.mark_obstacles(facts, attempt)
        case ApproveUrgent():
            return urgent_rules.approve_urgent_obstacles(facts, attempt)
        case RefuseUrgent():
            return urgent_rules.refuse_obstacles(facts, attempt)
        case WithdrawUrgent():
            return urgent_rules.withdraw_obstacles(facts, attempt)


def _off_the_road(attempt: LifeAttempt, facts: Facts) -> tuple[Obstacle, ...]:  # noqa: C901, PLR0911, PLR0912 (same)
    match attempt:
        case RequestCancellation():
            return requests.cancellation_obstacles(facts, attempt)
        case RequestExtension():
            return requests.extension_obstacles(facts, attempt)
        case RequestChange():
            return requests.change_obstacles(facts, attempt)
        case DecideRequest():
            return requests.decide_obstacles(facts, attempt)
        case WithdrawRequest():
            return requests.withdraw_obstacles(facts, attempt)
        case RequestWaiver():
            return waivers.request_obstacles(facts, attempt)
        case DecideWaiver():
            return waivers.decide_obstacles(facts, attempt)
        case RevokeWaiver():
            return waivers.revoke_obstacles(facts, attempt)
        case LinkItems():
            return links.link_obstacles(facts, attempt)
        case Unlink():
            return links.unlink_obstacles(facts, attempt)
        case ReplaceLink():
            return links.replace_obstacles(facts, attempt)
        case AskBlocker():
            return links.ask_obstacles(facts, attempt)
        case AcceptHandoff():
            return handoffs.accept_obstacles(facts)
        case ReturnHandoff():
            return handoffs.return_obstacles(facts, attempt)
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
        case SetCalendar(calendar=calendar):
            return clock_rules.calendar_obstacles(facts, calendar)
        case RaiseAlerts():
            return ()  # whoever is active may put on record what came true: it is computed
        case MarkAlertsSeen(alerts=alerts):
            return clock_rules.seen_obstacles(facts, alerts)
        case GiveMandate() | RevokeMandate():
            return mandate_rules.mandate_obstacles(attempt, facts)
    return people_rules.people_obstacles(attempt, facts)
