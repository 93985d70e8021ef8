"""The parts of a process version that say how work flows: fields, evidence, gates, steps, rights."""

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

Verb = Literal["create", "edit", "assign", "move", "add_evidence", "close", "import", "link", "ask", "migrate"]
FieldKind = Literal["text", "number", "money", "date", "choice", "person", "table"]
Outcome = Literal["reached", "partly", "not_reached"]
Separation = Literal["creator", "owner", "mover", "levels", "approvers", "last_approver", "author", "asker"]
"""A person's place in the work, judged by what they did in this cycle: `owner` is whoever owned it, wrote what is
signed or added evidence; `last_approver` gave the last signature that let the item pass.
"""
Comparison = Literal["", "at_least", "at_most", "not_before", "not_after"]
TODAY: Final = "today"
"""The day of the command at the site, where a condition names a day."""
NAMED_IN: Final = "field:"
"""`field:judge` is the person named in the field `judge`, where a role is asked for."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unknown members are refused: a misspelt rule must not pass as an absent one."""


class Role(Part, frozen=True, kw_only=True):
    """A role of this process: what a person may be asked to do.

    `competence`: a process of training records; whoever signs in the role is the trainee of a closed one that is still
    valid ("" = nobody asks).
    """

    id: str
    title: str
    competence: str = ""


class Column(Part, frozen=True, kw_only=True):
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


class FieldDefinition(Part, frozen=True, kw_only=True):
    """A field of the process.

    `required_at`: the steps that nobody enters, and nobody empties the field in, without a value. `signed`: the
    value is part of what approvers sign, so changing it overtakes their approval. Numbers are decimal text,
    money is decimal text and an ISO 4217 code ("1200.50 EUR"), dates are ISO days.

    `required_when` narrows that: demanded only while each of these fields holds one of the values. `answers` are
    the words one of which a text begins with ("done", "not needed because"). `not_owner`: the person named must not
    own the item when a gate demands the field.

    Whoever may edit the item may set the field, unless `set_by` names who alone may (roles, `owner`, `creator`, or
    `field:<id>` for the person named in that field) or `not_by` who may not. `set_at`: the steps at which it may be
    set (empty = all). `verdict`: the value judges the work; whoever owns the work never sets it.
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
    required_when: dict[str, tuple[str, ...]] = {}
    answers: tuple[str, ...] = ()
    not_owner: bool = False
    set_by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    set_at: tuple[str, ...] = ()
    verdict: bool = False


class EvidenceRequirement(Part, frozen=True, kw_only=True):
    """A kind of file that gates may demand; accepted by a holder of `reviewer_role`.

    `different_person`: whoever added a file cannot accept it. `expires_after_days` are calendar days from its
    acceptance during which it counts (0 = for ever). `required_when` narrows that: demanded only while each of these
    fields holds one of the values.
    """

    id: str
    title: str
    reviewer_role: str
    help: str = ""
    different_person: bool = True
    expires_after_days: int = 0
    required_when: dict[str, tuple[str, ...]] = {}


class ApprovalLevel(Part, frozen=True, kw_only=True):
    """One level of signatures at a gate; levels are taken in order.

    `need`: any (one signature), n (that many different people), percent (of the people who hold the role and
    are not separated), all (every one of them). `separate_from` names the other roles a signer must not have,
    judged by person. `deadline_days` are working days; `expires_after_days` calendar days during which a
    signature counts (0 = for ever). `delegates`: a mandate may be used here. `abstain`: a person asked may
    abstain; whoever abstains is not counted among those asked, and an abstention never is an approval.
    `questions_stop_clock`: an open question of this level stops the step's clock. `single_severities`:
    items of these severities are not signed in bulk. `severities`: only items of these are asked for this level
    (empty = all).
    """

    level: int
    role: str
    meaning: str
    need: Literal["any", "all", "n", "percent"] = "any"
    n: int = 0
    percent: int = 0
    separate_from: tuple[Separation, ...] = (CREATOR, OWNER, LEVELS)
    deadline_days: int = 0
    expires_after_days: int = 0
    delegates: bool = True
    abstain: bool = False
    questions_stop_clock: bool = False
    single_severities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()


class Condition(Part, frozen=True, kw_only=True):
    """A field must hold one of these values; with `column`, that column in every row of a table field must.

    With `compare` its value is held against another one instead: that of the field `of`, or `value`. `at_least` and
    `at_most` compare numbers and amounts of one currency, exactly; `percent` takes that share of the other value.
    `not_before` and `not_after` compare days, moved by `days` calendar days; `field` and `of` may be `today`.

    `unless`: not asked while each of these fields holds one of the values. `readiness`: it says only whether the work
    is ready, so that an exception may pass it; what judges an outcome, an effect or a safety is never passed. `text`
    shows a person why.
    """

    field: str
    text: str
    one_of: tuple[str, ...] = ()
    column: str = ""
    compare: Comparison = ""
    of: str = ""
    value: str = ""
    percent: int = 100
    days: int = 0
    unless: dict[str, tuple[str, ...]] = {}
    readiness: bool = False


class Gate(Part, frozen=True, kw_only=True):
    """The condition to pass from one step to another.

    `fields` must have a value (with those that name the next step in `required_at`). `signs` are signed though
    not required. `still_approved` names earlier gates whose approvals must still cover today's content.
    `unblocked`: items this one is blocked by must be done, or accepted (transitions back say no).
    """

    fields: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    evidence: tuple[str, ...] = ()
    approvals: tuple[ApprovalLevel, ...] = ()
    signs: tuple[str, ...] = ()
    still_approved: tuple[str, ...] = ()
    unblocked: bool = True


class Step(Part, frozen=True, kw_only=True):
    """Where an item stands.

    `sla_days` are working days and `sla_hours` working hours on top of them, 0 = none. `handoff_accepted`: whoever
    receives the item here accepts it within `handoff_hours` working hours (0 = no limit); until then the sender
    remains accountable. `escalation_contact` is the role asked first when the step is late ("" = the accountable).
    `effect`: while an item stands here it has this effect on others: `exception` lets the item and gate that it
    names pass (see `ExceptionRule`). `place`: where the diagram draws the step, its upper left corner as "x,y" in
    pixels; "" = where the layout puts it.
    """

    id: str
    title: str
    responsible: str
    accountable: str
    help: str = ""
    sla_days: int = 0
    sla_hours: int = 0
    handoff_accepted: bool = False
    handoff_hours: int = 0
    escalation_contact: str = ""
    effect: Literal["", "exception"] = ""
    place: str = ""


class Transition(Part, frozen=True, kw_only=True):
    """A transition from one step to another. `roles` narrows who may take it; empty = whoever has the right to move.

    `new_cycle`: passing begins a new cycle of the item (an ineffective action starts again, counted).
    `effect`: what passing does beyond the item: `send_version_to_review`, `take_version_back` and
    `put_version_in_force` act on the process version that an item of the process change process names.
    """

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    title: str
    roles: tuple[str, ...] = ()
    reason_required: bool = False
    new_cycle: bool = False
    effect: Literal["", "send_version_to_review", "take_version_back", "put_version_in_force"] = ""
    gate: Gate = Gate()

    @property
    def id(self) -> str:
        """The transition's id, which is also its gate's id: "from->to"."""
        return f"{self.source}->{self.target}"


class Right(Part, frozen=True, kw_only=True):
    """Who may do a verb: roles, or `owner` and `creator` of the item; in these steps (empty = in all)."""

    verb: Verb
    roles: tuple[str, ...]
    steps: tuple[str, ...] = ()
