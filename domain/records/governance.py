"""Records of life outside the normal path: what is outstanding, asked, accepted, mandated, handed over, waited for.

Each class is one record of the store, field for field, as in `domain.records.item`. Instants are ISO UTC text, days
are ISO days, empty text means "not" or "not yet". People are person ids, items item ids, gates transition ids.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Urgency(msgspec.Struct, frozen=True, kw_only=True):
    """A gate taken by the urgent path: marked by one, signed by another, outstanding to the ordinary approvers.

    `marked`: asked for, not signed. `signed`: the urgent signature is given (the gate may be passed). `passed`:
    the item went through. `confirmed`, `refused`: what the ordinary approvers stated. `withdrawn`: given up unsigned.
    `content` is the hash of what was signed (domain.rules.content), `from_step` where the item goes back to.
    """

    id: str
    item: str
    cycle: int
    gate: str
    from_step: str
    state: Literal["marked", "signed", "passed", "confirmed", "refused", "withdrawn"]
    code: str
    reason: str
    marked_by: str
    marked_at: str
    signed_by: str = ""
    signed_at: str = ""
    mandate: str = ""
    meaning: str = ""
    content: str = ""
    ended_at: str = ""


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation with a deadline that blocks closure. `about` is the record it comes from (an urgency, a risk
    acceptance, a link).

    `dropped`: the work ended, and the obligation with it.
    """

    id: str
    item: str
    cycle: int
    kind: Literal["confirm_urgent", "follow_up", "re_decide_blocker"]
    about: str = ""
    gate: str = ""
    text: str
    role: str = ""
    person: str = ""
    due: str = ""
    state: Literal["open", "met", "refused", "dropped"]
    created_at: str
    created_by: str
    ended_at: str = ""
    ended_by: str = ""
    ended_reason: str = ""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One item's link to another: `item` is blocked by, follows up, continues, merged into `other`.

    A `blocked_by` link blocks until the other is closed. A cancelled blocker does not free: the owner ends the
    link with a reason (`removed`) or puts another in its place (`replaced`). `passed_by` says that the item passed a
    gate by the exception `other`; its `reason` is "rule:about@gate". `other_number` is what people call the other.
    """

    id: str
    item: str
    other: str
    kind: Literal["blocked_by", "follow_up_of", "continuation_of", "merged_into", "cycle_of", "related", "passed_by"]
    state: Literal["in_force", "removed", "replaced"]
    reason: str = ""
    created_at: str
    created_by: str
    ended_at: str = ""
    ended_by: str = ""
    ended_reason: str = ""
    other_number: str = ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question asked before a decision, or of the owner of a blocker. `stops_clock` as the level's rule says."""

    id: str
    item: str
    cycle: int
    gate: str = ""
    text: str
    asked_by: str
    asked_at: str
    asked_of: str = ""
    stops_clock: Literal["yes", "no"]
    answer: str = ""
    answered_by: str = ""
    answered_at: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Something asked of somebody who decides: a later due day, changed content, cancelling.

    `proposal` is {field: [before, after]} for an extension (field `due`) and a change, {disposition id: answer} with
    `code` for cancelling. `nth` counts requests of the kind on the item. Decided by signature.
    """

    id: str
    item: str
    cycle: int
    kind: Literal["extension", "change", "cancellation"]
    nth: int
    state: Literal["asked", "approved", "rejected", "withdrawn"]
    proposal: dict[str, Any] = {}
    code: str = ""
    reason: str = ""
    interim_risk: str = ""
    asked_by: str
    asked_at: str
    decided_by: str = ""
    decided_at: str = ""
    mandate: str = ""
    decision_reason: str = ""


class RiskAcceptance(msgspec.Struct, frozen=True, kw_only=True):
    """A risk accepted by signature: the gate lets the item pass one obstacle until the last day.

    `rule` is the obstacle's rule, `about` what it concerns (the blocking link's id, a field, a requirement; "" = any).
    """

    id: str
    item: str
    cycle: int
    gate: str
    rule: str
    about: str = ""
    state: Literal["asked", "in_force", "rejected", "revoked"]
    reason: str
    risk: str = ""
    measure: str = ""
    asked_by: str
    asked_at: str
    accepted_by: str = ""
    accepted_at: str = ""
    expires_on: str = ""
    ended_at: str = ""
    ended_by: str = ""
    ended_reason: str = ""


class HoldPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """One time an item was on hold. `until` is "" while it does; `stops_clock` as the rule stated when it began."""

    id: str
    item: str
    cycle: int
    step: str
    since: str
    until: str = ""
    reason: str
    review_on: str = ""
    waiting_for: str = ""
    stops_clock: Literal["yes", "no"]
    by: str
    ended_by: str = ""


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    """Work offered to whoever receives it at a step; the sender remains accountable until it is accepted."""

    id: str
    item: str
    cycle: int
    step: str
    sender: str
    receiver: str = ""
    role: str = ""
    offered_at: str
    state: Literal["offered", "accepted", "returned"]
    ended_by: str = ""
    ended_at: str = ""
    reason: str = ""


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """A signature taken back by its signer before the gate was passed: from then on it does not count."""

    id: str
    item: str
    approval: str
    person: str
    reason: str
    at: str


class Resubmission(msgspec.Struct, frozen=True, kw_only=True):
    """Word that work is to be decided as it stands: it answers requests for changes (approval ids) at the gate."""

    id: str
    item: str
    cycle: int
    gate: str
    answers: list[str] = []
    reason: str = ""
    by: str
    at: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people had to hear of, computed from the facts, with the time at which it was raised.

    `key` is what makes it the same alert when it is computed again. `late`: the program was not running then.
    `condition` is an alert's `when` (domain.process.oversight_parts) or `sla`; `escalation_level` the percentage or
    days after.
    """

    id: str
    key: str
    item: str = ""
    condition: str
    escalation_level: str = ""
    role: str = ""
    person: str = ""
    text: str
    due_at: str
    raised_at: str
    late: Literal["yes", "no"]
    state: Literal["open", "seen"]
    seen_by: str = ""
    seen_at: str = ""


class Mandate(msgspec.Struct, frozen=True, kw_only=True):
    """A dated, scoped, signed delegation: `delegate` signs in their name for `delegator`, in `role`.

    `process` "" = every process; `severities` [] = every severity; days are ISO, `last_day` included. Mandates are
    not handed on: a delegate uses only roles the delegator holds.
    """

    id: str
    delegator: str
    delegate: str
    role: str
    process: str = ""
    severities: list[str] = []
    first_day: str
    last_day: str
    reason: str
    state: Literal["given", "revoked"]
    given_at: str
    revoked_at: str = ""
    revoked_by: str = ""


class ZoneOffset(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """From this instant (ISO) on the clocks of a zone are so many minutes ahead of UTC; written [instant, minutes]."""

    since: str
    minutes: int


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The working time of the site; `id` is "site". Without a record it is Monday to Friday, 9:00 to 17:00, UTC.

    `weekdays` are ISO numbers, 1 = Monday. `begins` and `ends` are minutes after midnight in `zone` (IANA name), whose
    clocks are what `offsets` says, oldest first: no time zone database is asked. The first offset holds before its
    instant too, the last one for ever; none = UTC.
    `free_days` are [[ISO day, name], ...], public holidays of `country` (with `subdivision`) and company days
    together, as they were on record; `extra_days` are worked although free otherwise.
    """

    id: str
    zone: str
    offsets: list[ZoneOffset]
    weekdays: list[int]
    begins: int
    ends: int
    country: str = ""
    subdivision: str = ""
    free_days: list[list[str]] = []
    extra_days: list[list[str]] = []
    set_at: str
    set_by: str


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category of a process, proposed by one and approved by another; usable from `visible_from` on."""

    id: str
    process: str
    word: str
    title: str
    owner_role: str = ""
    sla_days: int = 0
    priority_rule: str = ""
    approval_path: str = ""
    evidence: list[str] = []
    state: Literal["proposed", "approved", "rejected", "retired"]
    visible_from: str = ""
    reason: str = ""
    proposed_by: str
    proposed_at: str
    decided_by: str = ""
    decided_at: str = ""
    decision_reason: str = ""


class VersionDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a process version, and how often it was changed; `id` is the version's id ("capa@3").

    `authors` are all who changed it: none of them approves it. `item` is the process change that carries it ("" =
    none yet), `base` the version it was drafted from, `scenarios` the outcome of its last run:
    [[scenario id, "passed" or the failure], ...] for the definition whose hash is `tested`.
    """

    id: str
    base: str = ""
    item: str = ""
    authors: list[str]
    revision: int = 0
    drafted_at: str
    changed_at: str
    tested: str = ""
    scenarios: list[list[str]] = []
