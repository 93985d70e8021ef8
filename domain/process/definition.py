"""What one process version carries: the definition of how work flows, as frozen values.

One schema for every process. Ids are lower-case ASCII words, because they become member names of signed
records. What a version declares is data; the rules that act on it live in `domain.gates`. Places for service
levels, escalation, alerts, metrics, risk controls, reporting and the urgent path are part of the schema, so
that a version in force today need not change its shape when clocks and reports read them.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

CORE_FIELDS: Final = ("title", "description", "owner", "due", "severity", "priority", "raised")
"""Fields every item has; gates may require them like a process's own fields."""

OWNER: Final = "owner"
CREATOR: Final = "creator"
MOVER: Final = "mover"
LEVELS: Final = "levels"
APPROVERS: Final = "approvers"
RELATIONS: Final = (OWNER, CREATOR)
"""Words usable where a role is asked for: not roles people are given, but a person's place in the item."""

Verb = Literal["create", "edit", "assign", "move", "add_evidence", "close", "import"]
FieldKind = Literal["text", "number", "money", "date", "choice", "person", "table"]
Outcome = Literal["reached", "partly", "not_reached"]
Separation = Literal["creator", "owner", "mover", "levels", "approvers"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unknown members are refused: a misspelt rule must not pass as an absent one."""


class Role(_Part, frozen=True, kw_only=True):
    """A role of this process: what a person may be asked to do."""

    id: str
    title: str


class Column(_Part, frozen=True, kw_only=True):
    """One column of a table field; cells are text like the values of fields of their kind.

    `signed` says whether the column is part of what approvers sign when its field is: a plan is signed, the
    progress noted beside it is not.
    """

    id: str
    title: str
    kind: Literal["text", "number", "date", "choice", "person"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    signed: bool = True


class FieldDefinition(_Part, frozen=True, kw_only=True):
    """A field of the process.

    `required_at`: the steps that nobody enters, and nobody empties the field in, without a value. `signed`: the
    value is part of what approvers sign, so changing it overtakes their approval. Numbers are decimal text,
    money is decimal text and an ISO 4217 code ("1200.50 EUR"), dates are ISO days.
    """

    id: str
    title: str
    kind: FieldKind
    help: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    unit: str = ""
    required_at: tuple[str, ...] = ()
    signed: bool = False


class EvidenceRequirement(_Part, frozen=True, kw_only=True):
    """A kind of file that gates may demand; accepted by a holder of `reviewer_role`.

    `different_person`: whoever added a file cannot accept it.
    """

    id: str
    title: str
    reviewer_role: str
    help: str = ""
    different_person: bool = True


class ApprovalLevel(_Part, frozen=True, kw_only=True):
    """One level of signatures at a gate; levels are taken in order.

    `need`: any (one signature), n (that many different people), all (every person who holds the role and is
    not separated). `separate_from` names the other hats a signer must not wear, judged by person.
    `deadline_days` are working days.
    """

    level: int
    role: str
    meaning: str
    need: Literal["any", "all", "n"] = "any"
    n: int = 0
    separate_from: tuple[Separation, ...] = (CREATOR, OWNER, LEVELS)
    deadline_days: int = 0


class Condition(_Part, frozen=True, kw_only=True):
    """A field must hold one of these values; with `column`, that column in every row of a table field must.

    `text` tells a person why.
    """

    field: str
    one_of: tuple[str, ...]
    text: str
    column: str = ""


class Gate(_Part, frozen=True, kw_only=True):
    """The condition to pass from one step to another.

    `fields` must have a value (with those that name the next step in `required_at`). `signs` are signed though
    not required. `still_approved` names earlier gates whose approvals must still cover today's content.
    """

    fields: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    evidence: tuple[str, ...] = ()
    approvals: tuple[ApprovalLevel, ...] = ()
    signs: tuple[str, ...] = ()
    still_approved: tuple[str, ...] = ()


class Step(_Part, frozen=True, kw_only=True):
    """Where an item stands. `sla_days` are working days, 0 = none."""

    id: str
    title: str
    responsible: str
    accountable: str
    help: str = ""
    sla_days: int = 0
    handoff_accepted: bool = False


class Transition(_Part, frozen=True, kw_only=True):
    """A way from one step to another. `roles` narrows who may take it; empty = whoever has the right to move."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    title: str
    roles: tuple[str, ...] = ()
    reason_required: bool = False
    gate: Gate = Gate()

    @property
    def id(self) -> str:
        """The transition's id, which is also its gate's id: "from->to"."""
        return f"{self.source}->{self.target}"


class Right(_Part, frozen=True, kw_only=True):
    """Who may do a verb: roles, or `owner` and `creator` of the item; in these steps (empty = in all)."""

    verb: Verb
    roles: tuple[str, ...]
    steps: tuple[str, ...] = ()


class HoldRule(_Part, frozen=True, kw_only=True):
    """Who may put work on hold and take it up again; both state a reason."""

    roles: tuple[str, ...]
    review_date_required: bool = True


class CancelRule(_Part, frozen=True, kw_only=True):
    """Who may sign that work ends without its outcome; approvals, if any, are given at the gate `cancel`."""

    roles: tuple[str, ...]
    meaning: str
    reasons: tuple[str, ...] = ()
    separate_from: tuple[Separation, ...] = (OWNER,)
    approvals: tuple[ApprovalLevel, ...] = ()


class ReopenRule(_Part, frozen=True, kw_only=True):
    """Who may sign that closed work starts a new cycle, and at which step it starts."""

    roles: tuple[str, ...]
    meaning: str
    step: str
    separate_from: tuple[Separation, ...] = ()
    approvals: tuple[ApprovalLevel, ...] = ()


class OutcomeRule(_Part, frozen=True, kw_only=True):
    """What closing with this outcome demands beyond the closure gate."""

    outcome: Outcome
    title: str
    fields: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


class ClosureStandard(_Part, frozen=True, kw_only=True):
    """What must be true to close. `step` is the closed step; `gate` guards every way into it."""

    step: str
    meaning: str
    outcomes: tuple[OutcomeRule, ...]
    gate: Gate
    separate_from: tuple[Separation, ...] = ()


class Numbering(_Part, frozen=True, kw_only=True):
    """Human numbers: VAULT-PREFIX-0001."""

    prefix: str
    digits: int = 4


class EscalationRung(_Part, frozen=True, kw_only=True):
    """Who hears of it when a step has used this percentage of its working time."""

    at_percent: int
    role: str
    text: str


class UrgentPath(_Part, frozen=True, kw_only=True):
    """One signature now, the ordinary approvers confirm within these working hours."""

    role: str
    meaning: str
    confirm_hours: int
    reasons: tuple[str, ...] = ()
    separate_from: tuple[Separation, ...] = (CREATOR, OWNER)


class Alert(_Part, frozen=True, kw_only=True):
    """A condition in words that people want to hear of, and who hears."""

    id: str
    text: str
    role: str


class Metric(_Part, frozen=True, kw_only=True):
    """A measure of the process: definition in words, unit, target as decimal text."""

    id: str
    title: str
    definition: str
    unit: str
    target: str
    better: Literal["lower", "higher"]


class RiskControl(_Part, frozen=True, kw_only=True):
    """A risk of the process and the rule in this definition that answers it (`where` is a gate or field id)."""

    id: str
    risk: str
    control: str
    where: str


class Reporting(_Part, frozen=True, kw_only=True):
    """Who is told what how often."""

    cadence: Literal["weekly", "monthly", "quarterly", "yearly"]
    role: str
    content: str


class Migration(_Part, frozen=True, kw_only=True):
    """How open items of the version before may come over: old step -> new step."""

    from_version: int
    steps: dict[str, str]


class ProcessVersion(_Part, frozen=True, kw_only=True):
    """One version of a process. `id` names the process for ever; the first step is where items begin."""

    id: str
    version: int
    title: str
    objective: str
    scope: str
    owner_role: str
    roles: tuple[Role, ...]
    steps: tuple[Step, ...]
    transitions: tuple[Transition, ...]
    rights: tuple[Right, ...]
    hold: HoldRule
    cancel: CancelRule
    reopen: ReopenRule
    closure: ClosureStandard
    numbering: Numbering
    standard: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    fields: tuple[FieldDefinition, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    urgent: UrgentPath | None = None
    escalation: tuple[EscalationRung, ...] = ()
    alerts: tuple[Alert, ...] = ()
    metrics: tuple[Metric, ...] = ()
    risk_controls: tuple[RiskControl, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    migration: Migration | None = None

    @property
    def name(self) -> str:
        """Title and version as people cite it: "Corrective action, version 1"."""
        return f"{self.title}, version {self.version}"

    @property
    def first_step(self) -> str:
        """Where a new item stands."""
        return self.steps[0].id

    def step(self, step: str) -> Step | None:
        """The step of that id."""
        return next((each for each in self.steps if each.id == step), None)

    def field(self, field: str) -> FieldDefinition | None:
        """The process's own field of that id."""
        return next((each for each in self.fields if each.id == field), None)

    def requirement(self, requirement: str) -> EvidenceRequirement | None:
        """The evidence requirement of that id."""
        return next((each for each in self.evidence if each.id == requirement), None)

    def from_step(self, step: str) -> tuple[Transition, ...]:
        """The ways out of a step, in the order written."""
        return tuple(each for each in self.transitions if each.source == step)

    def transition(self, transition: str) -> Transition | None:
        """The transition of that id ("from->to")."""
        return next((each for each in self.transitions if each.id == transition), None)

    def gate(self, gate: str) -> Gate | None:
        """The gate of that id: a transition's, the closure standard's for ways into the closed step, or the
        approvals of `cancel` and `reopen`. None when the version has no such gate.
        """
        if gate == "cancel":
            return Gate(approvals=self.cancel.approvals)
        if gate == "reopen":
            return Gate(approvals=self.reopen.approvals)
        transition = self.transition(gate)
        if transition is None:
            return None
        return self.closure.gate if transition.target == self.closure.step else transition.gate

    def required_fields(self, gate: str) -> tuple[str, ...]:
        """Fields that must have a value to pass the gate: its own list, then those required at the next step."""
        found = self.gate(gate)
        transition = self.transition(gate)
        own = found.fields if found else ()
        if transition is None:
            return own
        later = tuple(each.id for each in self.fields if transition.target in each.required_at)
        return own + tuple(each for each in later if each not in own)

    def title_of(self, field: str) -> str:
        """The words people know a field by."""
        found = self.field(field)
        return found.title if found else field.replace("_", " ").capitalize()

    def role_title(self, role: str) -> str:
        """The words people know a role by."""
        return next((each.title for each in self.roles if each.id == role), role)
