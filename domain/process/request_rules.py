"""The rules of a process version for life outside the normal path, and for its end."""

from __future__ import annotations

from typing import Literal

from domain.process.definition_parts import CREATOR, OWNER, ApprovalLevel, Condition, Gate, Outcome, Part, Separation


class HoldRule(Part, frozen=True, kw_only=True):
    """Who may put work on hold and take it up again; both state a reason.

    `stops_clock`: held time does not count against the step's working time. `longest_days` are calendar days to
    the review day (0 = any).
    """

    roles: tuple[str, ...]
    review_date_required: bool = True
    stops_clock: bool = True
    longest_days: int = 0


class CancelRule(Part, frozen=True, kw_only=True):
    """Who may sign that work ends without its outcome; approvals, if any, are given at the gate `cancel`.

    `requested_by` may ask for it (roles, owner, creator). `dispositions` are the questions that have to be answered
    first, such as what becomes of open actions, of the evidence, of value already booked, of what depends on this.
    """

    roles: tuple[str, ...]
    meaning: str
    reasons: tuple[str, ...] = ()
    separate_from: tuple[Separation, ...] = (OWNER,)
    approvals: tuple[ApprovalLevel, ...] = ()
    requested_by: tuple[str, ...] = (OWNER,)
    dispositions: tuple[Disposition, ...] = ()


class Disposition(Part, frozen=True, kw_only=True):
    """One question about what becomes of something when work is cancelled."""

    id: str
    title: str
    choices: tuple[str, ...] = ()


class ExtensionRule(Part, frozen=True, kw_only=True):
    """How a due day is moved once it is locked: asked for with an interim risk, decided by somebody else.

    The due day is locked from the first time the item reaches `locked_from`. From the request number
    `higher_from` on (0 = never) only `higher_roles` decide. `single_severities` are not decided in bulk.
    """

    locked_from: str
    roles: tuple[str, ...]
    decided_by: tuple[str, ...]
    meaning: str
    separate_from: tuple[Separation, ...] = (OWNER, "asker")
    higher_from: int = 3
    higher_roles: tuple[str, ...] = ()
    single_severities: tuple[str, ...] = ()


class ChangeRule(Part, frozen=True, kw_only=True):
    """How signed content is changed by request: asked with before and after, applied when somebody else signs.

    `required`: content that signatures cover is changed in no other way.
    """

    roles: tuple[str, ...]
    decided_by: tuple[str, ...]
    meaning: str
    separate_from: tuple[Separation, ...] = (OWNER, "asker")
    required: bool = False


class RiskAcceptanceRule(Part, frozen=True, kw_only=True):
    """Who may accept the risk of passing a gate in spite of an obstacle of these rules, for how long."""

    rules: tuple[str, ...]
    roles: tuple[str, ...]
    meaning: str
    longest_days: int = 90
    separate_from: tuple[Separation, ...] = (OWNER, "asker")


class ExceptionRule(Part, frozen=True, kw_only=True):
    """Which rules of this process an exception in force may pass visibly, and when exceptions call for a change.

    One lasts at most `longest_days` calendar days and names one item; one for the whole process is signed by a holder
    of `process_wide_role` ("" = there is none). `threshold` exceptions of one rule within `within_days` calendar days
    propose a change of the process.
    """

    rules: tuple[str, ...]
    threshold: int = 3
    within_days: int = 90
    longest_days: int = 90
    process_wide_role: str = ""


class CategoryRule(Part, frozen=True, kw_only=True):
    """Categories of this process are records: who may propose one, who approves it, and the field that holds it.

    Items whose `field` says `other` are listed for re-classification when a category comes into being.
    """

    field: str
    other: str
    proposed_by: tuple[str, ...]
    approved_by: tuple[str, ...]
    meaning: str


class ControlRule(Part, frozen=True, kw_only=True):
    """Who may draft the next version of this process; everything else goes through the process change process."""

    drafted_by: tuple[str, ...]


class ReopenRule(Part, frozen=True, kw_only=True):
    """Who may sign that closed work starts a new cycle, and at which step it starts.

    `follow_up` "new_item": closed work stays closed; a new item linked as its follow-up begins instead. `evidence`:
    what has to be on file, accepted, before it is reopened.
    """

    roles: tuple[str, ...]
    meaning: str
    step: str
    separate_from: tuple[Separation, ...] = ()
    approvals: tuple[ApprovalLevel, ...] = ()
    follow_up: Literal["new_cycle", "new_item"] = "new_cycle"
    evidence: tuple[str, ...] = ()


class OutcomeRule(Part, frozen=True, kw_only=True):
    """What closing with this outcome demands beyond the closure gate.

    `follow_up_item`: another item, linked as following this one up, carries what remains.
    """

    outcome: Outcome
    title: str
    fields: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    follow_up_item: bool = False


class ClosureStandard(Part, frozen=True, kw_only=True):
    """What must be true to close. `step` is the closed step; `gate` guards every transition into it."""

    step: str
    meaning: str
    outcomes: tuple[OutcomeRule, ...]
    gate: Gate
    separate_from: tuple[Separation, ...] = ()


class Numbering(Part, frozen=True, kw_only=True):
    """Human numbers: VAULT-PREFIX-0001."""

    prefix: str
    digits: int = 4


class UrgentPath(Part, frozen=True, kw_only=True):
    """One signature now, the ordinary approvers confirm within these working hours.

    `gates` are the transitions that may be passed so (empty = every gate with approvals). A second urgent transition
    of the same item takes `again_role` ("" = there is none). `obligation` that stays open blocks closing.
    """

    role: str
    meaning: str
    confirm_hours: int
    reasons: tuple[str, ...] = ()
    separate_from: tuple[Separation, ...] = (CREATOR, OWNER, "asker")
    gates: tuple[str, ...] = ()
    again_role: str = ""
