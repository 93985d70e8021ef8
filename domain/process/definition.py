"""What one process version carries: the definition of how work flows, as frozen values.

One schema for every process. Ids are lower-case ASCII words, because they become member names of signed
records. What a version declares is data; the rules that act on it live in `domain.rules`. Places for service
levels, escalation, alerts, metrics, risk controls, reporting and the urgent path are part of the schema, so
that a version in force today need not change its shape when clocks and reports read them.
"""

from __future__ import annotations

from domain.process.definition_parts import (
    APPROVERS,
    CORE_FIELDS,
    CREATOR,
    LEVELS,
    MOVER,
    NAMED_IN,
    OWNER,
    RELATIONS,
    TODAY,
    ApprovalLevel,
    Column,
    Comparison,
    Condition,
    EvidenceRequirement,
    FieldDefinition,
    FieldKind,
    Gate,
    Outcome,
    Part,
    Right,
    Role,
    Separation,
    Step,
    Transition,
    Verb,
)
from domain.process.oversight_parts import (
    Alert,
    EscalationLevel,
    Metric,
    Migration,
    Reporting,
    RiskControl,
)
from domain.process.request_rules import (
    CancelRule,
    CategoryRule,
    ChangeRule,
    ClosureStandard,
    ControlRule,
    Disposition,
    ExceptionRule,
    ExtensionRule,
    HoldRule,
    Numbering,
    OutcomeRule,
    ReopenRule,
    RiskAcceptanceRule,
    UrgentPath,
)
from domain.process.scenario_definition import Check, Move, Scenario

__all__ = [
    "APPROVERS",
    "CORE_FIELDS",
    "CREATOR",
    "LEVELS",
    "MOVER",
    "NAMED_IN",
    "OWNER",
    "RELATIONS",
    "TODAY",
    "Alert",
    "ApprovalLevel",
    "CancelRule",
    "CategoryRule",
    "ChangeRule",
    "Check",
    "ClosureStandard",
    "Column",
    "Comparison",
    "Condition",
    "ControlRule",
    "Disposition",
    "EscalationLevel",
    "EvidenceRequirement",
    "ExceptionRule",
    "ExtensionRule",
    "FieldDefinition",
    "FieldKind",
    "Gate",
    "HoldRule",
    "Metric",
    "Migration",
    "Move",
    "Numbering",
    "Outcome",
    "OutcomeRule",
    "ProcessVersion",
    "ReopenRule",
    "Reporting",
    "Right",
    "RiskAcceptanceRule",
    "RiskControl",
    "Role",
    "Scenario",
    "Separation",
    "Step",
    "Transition",
    "UrgentPath",
    "Verb",
]


class ProcessVersion(Part, frozen=True, kw_only=True):
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
    escalation: tuple[EscalationLevel, ...] = ()
    alerts: tuple[Alert, ...] = ()
    metrics: tuple[Metric, ...] = ()
    risk_controls: tuple[RiskControl, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    migration: Migration | None = None
    extension: ExtensionRule | None = None
    change: ChangeRule | None = None
    risk_acceptance: RiskAcceptanceRule | None = None
    exceptions: ExceptionRule | None = None
    categories: CategoryRule | None = None
    control: ControlRule | None = None
    scenarios: tuple[Scenario, ...] = ()

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
        """The transitions out of a step, in the order written."""
        return tuple(each for each in self.transitions if each.source == step)

    def transition(self, transition: str) -> Transition | None:
        """The transition of that id ("from->to")."""
        return next((each for each in self.transitions if each.id == transition), None)

    def gate(self, gate: str) -> Gate | None:
        """The gate of that id: a transition's, the closure standard's for transitions into the closed step, or the
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

    def levels_for(self, gate: str, severity: str) -> tuple[ApprovalLevel, ...]:
        """The levels of a gate that are asked for an item of this severity; one that the version does not know, or
        none, is asked for all of them.
        """
        found = self.gate(gate)
        levels = found.approvals if found else ()
        known = severity in self.severities
        return tuple(each for each in levels if not each.severities or not known or severity in each.severities)

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
