"""Asking the judge again about an entry that is in the log: would its act have been let through at that time?

Replay hands over every entry with the register as it stood just before it. The attempt is read back from what the
entry changed, and the one judge is asked as it was asked then. So an entry that was crafted around the gates, with
whatever valid signature of its own, is named with the rule it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from domain.act import Actor, Change
from domain.errors import CountersignError, Damaged
from domain.gates.approval_attempts import (
    Abstain,
    AnswerQuestion,
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
from domain.gates.approvals import judge_approvals
from domain.gates.attempt import (
    AddEvidence,
    Approve,
    AssignOwner,
    Attempt,
    Cancel,
    Close,
    CreateItem,
    EditFields,
    Hold,
    ImportRegister,
    KeepPack,
    MoveTo,
    Reject,
    Reopen,
    Resume,
    ReviewEvidence,
    VaultAttempt,
)
from domain.gates.content import content_hash
from domain.gates.facts import Facts, VaultFacts, gather, gather_to, gather_vault, gather_version, gather_with
from domain.gates.fields import EDITABLE_CORE
from domain.gates.life_attempts import (
    AcceptHandoff,
    DecideRequest,
    DecideWaiver,
    LinkItems,
    ReplaceLink,
    ReturnHandoff,
    RevokeWaiver,
    Unlink,
    WithdrawRequest,
)
from domain.gates.life_then import link_then, replaced_then, request_then, waiver_then
from domain.gates.obstacles import obstacles
from domain.gates.reset_rules import Misdeed
from domain.gates.version_attempts import (
    DecideCategory,
    DraftProcess,
    EditDraft,
    MigrateItem,
    ProposeCategory,
    ProveDraft,
)
from domain.identity import parse_iso
from domain.items.governance import Category
from domain.log.entry import Header
from domain.state import State

_SIGNED = {
    "approval": ("person", frozenset(("approve_item", "confirm_urgent", "refuse_urgent"))),
    "closure": ("closed_by", frozenset(("close_item", "cancel_item", "decide_request"))),
    "mandate": ("giver", frozenset(("give_mandate",))),
}
"""Records that are somebody's signature: the field that names the signer, and the acts that may make one."""
_PLACES = frozenset(("step", "state", "cycle", "closed", "owner", "process_version", "created_by"))
_MAY_PLACE = frozenset(
    (
        "move_item",
        "close_item",
        "cancel_item",
        "hold_item",
        "resume_item",
        "reopen_item",
        "assign_item",
        "decide_request",
        "refuse_urgent",
        "return_handoff",
        "accept_handoff",
        "import_register",
        "begin_recurrence",
        "migrate_items",
        "confirm_urgent",
    )
)
"""Acts that may move an item, or give it another state or owner."""


_VERSIONS = frozenset(("process", "process_version", "version_draft"))
_MAY_VERSION = frozenset(
    ("found_vault", "publish_process", "draft_process", "edit_draft", "prove_draft", "move_item", "close_item")
)
"""Acts that may change what a process says or which version is in force; moving does so by a way's effect."""


class EntryThen(msgspec.Struct, frozen=True):
    """An entry with its changes, and the register as it stood before it."""

    header: Header
    changes: tuple[Change, ...]
    register: State

    def made(self, record: str) -> dict[str, Any]:
        """The first record of this kind that the entry makes; {} when it makes none."""
        return next(({**c.after, "id": c.id} for c in self.changes if c.record == record and c.before is None), {})

    def altered(self, record: str) -> dict[str, Any]:
        """What the entry sets in the first record of this kind that it changes, with its id; {} when there is none."""
        found = (c for c in self.changes if c.record == record and c.before is not None)
        return next(({**c.after, "id": c.id} for c in found), {})


def rule_breaches(then: EntryThen) -> tuple[Misdeed, ...]:
    """Everything about the entry that the rules of that time do not allow, and how it shows."""
    breaches = [*_stray(then)]
    question = _QUESTIONS.get(then.header.act)
    if question is None:
        return tuple(breaches)
    try:
        breaches += _judged(then, question(then))
    except (CountersignError, LookupError, ValueError, TypeError, AttributeError, AssertionError) as problem:
        # an entry that no use case writes may lack anything: whatever cannot be asked was not allowed
        breaches.append(Misdeed("entry", then.header.act, "header", f"cannot be judged by the rules: {problem}"))
    return tuple(breaches)


def is_judged(act: str) -> bool:
    """Whether entries of this act are asked about again, or only held against who may make which record."""
    return act in _QUESTIONS


def _judged(then: EntryThen, attempt: Attempt) -> Iterator[Misdeed]:
    for facts in _facts(then, attempt):
        yield from _judged_by(then, attempt, facts)


def _judged_by(then: EntryThen, attempt: Attempt, facts: Facts | VaultFacts) -> Iterator[Misdeed]:
    subject = facts.file.item.id if isinstance(facts, Facts) else then.header.subject
    table = "item" if isinstance(facts, Facts) else "entry"
    for obstacle in obstacles(attempt, facts).obstacles:
        yield Misdeed(table, subject, obstacle.rule, f"was not allowed: {obstacle.text} (rule {obstacle.rule})")
    if isinstance(facts, Facts):
        yield from _binding(then, facts)


def _facts(then: EntryThen, attempt: Attempt) -> Iterator[Facts | VaultFacts]:
    header, register = then.header, then.register
    names = {person.id: person.name for person in register.people()}
    roles = frozenset(
        held.role
        for held in register.roles()
        if held.person == header.by
        and held.valid_from <= header.at
        and (not held.valid_until or header.at < held.valid_until)
    )
    actor = Actor(person=header.by, name=names.get(header.by, header.by), roles=roles, at=parse_iso(header.at))
    if isinstance(attempt, MigrateItem):
        moved = [change.id for change in then.changes if change.record == "item"]
        yield from (gather_to(register, item, actor, version=attempt.version) for item in moved)
    elif isinstance(attempt, DraftProcess):
        yield gather_version(register, actor, process=attempt.process)
    elif isinstance(attempt, EditDraft | ProveDraft):
        process = register.process_version(attempt.version).process
        yield gather_version(register, actor, process=process, version=attempt.version)
    elif isinstance(attempt, DecideCategory):
        found = next(each for each in register.all_of(Category) if each.id == attempt.category)
        yield gather_vault(register, actor, process=found.process)
    elif isinstance(attempt, VaultAttempt):
        process = then.made("item").get("process") or then.made("import_batch").get("process", "")
        process = process or then.made("mandate").get("process", "") or then.made("category").get("process", "")
        yield gather_vault(register, actor, process=process)
    elif isinstance(attempt, LinkItems | ReplaceLink):
        yield gather_with(register, header.subject, attempt.other, actor)
    else:
        yield gather(register, header.subject, actor)


def _binding(then: EntryThen, facts: Facts) -> Iterator[Misdeed]:
    """A signature is bound to the content, the level and the role that were asked at that moment."""
    approval = then.made("approval")
    if approval:
        gate = str(approval["gate"])
        current = judge_approvals(facts, gate).current
        if approval["item"] != facts.file.item.id or approval["cycle"] != facts.file.item.cycle:
            yield Misdeed("approval", approval["id"], "item", "signs for another item, or another cycle of it.")
        if approval["content"] != content_hash(facts, gate):
            yield Misdeed("approval", approval["id"], "content", "signs content that was not the item's then.")
        if current is not None and (approval["level"], approval["role"]) != (current.level.level, current.level.role):
            yield Misdeed("approval", approval["id"], "level", "signs at a level, or in a role, that was not asked.")


def _stray(then: EntryThen) -> Iterator[Misdeed]:
    """Records that only certain acts make, and only in the name of whoever signs the entry."""
    header = then.header
    for change in then.changes:
        if change.record in _SIGNED and change.before is None:
            signer, acts = _SIGNED[change.record]
            if header.act not in acts:
                text = f"makes a signature ({change.record}) in an act that gives none: {header.act}."
                yield Misdeed(change.record, change.id, "id", text)
            elif change.after.get(signer) != header.by:
                text = f"makes a signature ({change.record}) in the name of {change.after.get(signer)}."
                yield Misdeed(change.record, change.id, signer, text)
            elif header.auth != "passphrase":
                text = f"makes a signature ({change.record}) without the passphrase."
                yield Misdeed(change.record, change.id, signer, text)
        elif change.record in _VERSIONS and header.act not in _MAY_VERSION:
            yield Misdeed(change.record, change.id, "id", f"changes a process in an act that may not: {header.act}.")
        elif change.record == "approval":
            yield Misdeed("approval", change.id, "id", "changes a signature, which never changes.")
        elif change.record == "item" and change.before is not None and header.act not in _MAY_PLACE:
            for name in sorted(_PLACES & change.after.keys()):
                yield Misdeed("item", change.id, name, f"sets {name} in an act that may not: {header.act}.")


def _item_after(then: EntryThen) -> dict[str, Any]:
    found = next((c.after for c in then.changes if c.record == "item" and c.id == then.header.subject), None)
    if found is None:
        raise Damaged(f"{then.header.act} does not change its item.")
    return found


def _sign(then: EntryThen) -> Attempt:
    given = then.made("approval")
    gate, reason = given["gate"], given["reason"]
    made: dict[str, Callable[[], Attempt]] = {
        "approved": lambda: Approve(gate=gate),
        "rejected": lambda: Reject(gate=gate, reason=reason),
        "changes_requested": lambda: RequestChanges(gate=gate, reason=reason),
        "abstained": lambda: Abstain(gate=gate, reason=reason),
    }
    return made[given["decision"]]()


def _edit(then: EntryThen) -> Attempt:
    after = _item_after(then)
    values = then.register.item(then.header.subject).values
    own = {name: value for name, value in after.get("values", {}).items() if values.get(name) != value}
    own |= {name: None for name in values if "values" in after and name not in after["values"]}
    core = {name: value for name, value in after.items() if name != "values"}
    return EditFields(fields={**core, **own})


def _create(then: EntryThen) -> Attempt:
    item = then.made("item")
    core = {name: item[name] for name in (*EDITABLE_CORE, "owner") if item[name]}
    return CreateItem(fields={**core, **item["values"]})


def _hold(then: EntryThen) -> Attempt:
    hold = _item_after(then)["hold"]
    waiting_for = then.made("hold_period").get("waiting_for", "")
    return Hold(reason=hold["reason"], review_on=hold["review_on"], waiting_for=waiting_for)


def _cancel(then: EntryThen) -> Attempt:
    facts_reason = then.header.reason
    code, _, rest = facts_reason.partition(": ")
    process = gather(then.register, then.header.subject, _nobody(then)).process
    return Cancel(reason=rest, code=code) if code in process.cancel.reasons else Cancel(reason=facts_reason)


def _nobody(then: EntryThen) -> Actor:
    return Actor(person="", name="", roles=frozenset(), at=parse_iso(then.header.at))


def _review(then: EntryThen) -> Attempt:
    judged = then.altered("evidence")
    return ReviewEvidence(
        evidence=judged["id"], accept=judged["state"] == "accepted", note=judged.get("review_note", "")
    )


def _decide_request(then: EntryThen) -> Attempt:
    decided = then.altered("request")
    return DecideRequest(
        request=decided["id"], approve=decided["state"] == "approved", reason=decided.get("decision_reason", "")
    )


def _withdraw_request(then: EntryThen) -> Attempt:
    withdrawn = then.altered("request")
    return WithdrawRequest(request=withdrawn["id"], reason=withdrawn.get("decision_reason", ""))


def _decide_waiver(then: EntryThen) -> Attempt:
    decided = then.altered("waiver")
    return DecideWaiver(
        waiver=decided["id"], accept=decided["state"] == "in_force", reason=decided.get("ended_reason", "")
    )


def _ask(then: EntryThen) -> Attempt:
    asked = then.made("question")
    return AskQuestion(gate=asked["gate"], text=asked["text"], asked_of=asked["asked_of"])


def _mark_urgent(then: EntryThen) -> Attempt:
    marked = then.made("urgency")
    return MarkUrgent(gate=marked["gate"], code=marked["code"], reason=marked["reason"])


def _give_mandate(then: EntryThen) -> Attempt:
    given = then.made("mandate")
    named = {name: given[name] for name in ("deputy", "role", "first_day", "last_day", "process", "reason")}
    return GiveMandate(severities=tuple(given["severities"]), **named)


def _decide_category(then: EntryThen) -> Attempt:
    decided = then.altered("category")
    return DecideCategory(
        category=decided["id"],
        approve=decided["state"] == "approved",
        visible_from=decided.get("visible_from", ""),
        reason=then.header.reason,
    )


_QUESTIONS: dict[str, Callable[[EntryThen], Attempt]] = {
    "create_item": _create,
    "import_register": lambda then: ImportRegister(rows=then.made("import_batch")["counts"].get("rows", 0)),
    "edit_item": _edit,
    "assign_item": lambda then: AssignOwner(person=_item_after(then)["owner"]),
    "move_item": lambda then: MoveTo(step=_item_after(then)["step"], reason=then.header.reason),
    "add_evidence": lambda then: AddEvidence(requirement=then.made("evidence")["requirement"]),
    "review_evidence": _review,
    "approve_item": _sign,
    "confirm_urgent": _sign,
    "resubmit_item": lambda then: Resubmit(gate=then.made("resubmission")["gate"], reason=then.header.reason),
    "ask_question": _ask,
    "answer_question": lambda then: AnswerQuestion(
        question=then.altered("question")["id"], answer=then.altered("question").get("answer", "")
    ),
    "close_item": lambda then: Close(outcome=then.made("closure")["outcome"]),
    "keep_pack": lambda _then: KeepPack(),
    "hold_item": _hold,
    "resume_item": lambda then: Resume(reason=then.header.reason),
    "cancel_item": _cancel,
    "reopen_item": lambda then: Reopen(reason=then.header.reason),
    "request_cancellation": lambda then: request_then(then.made("request")),
    "request_extension": lambda then: request_then(then.made("request")),
    "request_change": lambda then: request_then(then.made("request")),
    "decide_request": _decide_request,
    "withdraw_request": _withdraw_request,
    "request_waiver": lambda then: waiver_then(then.made("waiver")),
    "decide_waiver": _decide_waiver,
    "revoke_waiver": lambda then: RevokeWaiver(waiver=then.altered("waiver")["id"], reason=then.header.reason),
    "mark_urgent": _mark_urgent,
    "approve_urgent": lambda _then: ApproveUrgent(),
    "refuse_urgent": lambda then: RefuseUrgent(gate=then.made("approval")["gate"], reason=then.header.reason),
    "withdraw_urgent": lambda then: WithdrawUrgent(reason=then.header.reason),
    "revoke_approval": lambda then: RevokeApproval(
        approval=then.made("revocation")["approval"], reason=then.header.reason
    ),
    "link_items": lambda then: link_then(then.made("link")),
    "unlink_items": lambda then: Unlink(link=then.altered("link")["id"], reason=then.header.reason),
    "replace_link": lambda then: replaced_then(then.altered("link"), then.made("link"), then.header.reason),
    "accept_handoff": lambda _then: AcceptHandoff(),
    "return_handoff": lambda then: ReturnHandoff(reason=then.header.reason),
    "give_mandate": _give_mandate,
    "draft_process": lambda then: DraftProcess(process=then.made("process_version")["process"]),
    "edit_draft": lambda then: EditDraft(version=then.header.subject),
    "prove_draft": lambda then: ProveDraft(version=then.header.subject),
    "migrate_items": lambda then: MigrateItem(version=then.header.process_version, reason=then.header.reason),
    "propose_category": lambda then: ProposeCategory(
        process=then.made("category")["process"], word=then.made("category")["word"]
    ),
    "decide_category": _decide_category,
    "revoke_mandate": lambda then: RevokeMandate(mandate=then.altered("mandate")["id"], reason=then.header.reason),
}
"""What was attempted, read back from the entry, by the act's word."""
