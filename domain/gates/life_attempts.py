"""What a person attempts off the straight road: requests, waivers, links between items, handoffs, recurrences."""

from __future__ import annotations

from typing import Any

import msgspec


class _LifeAttempt(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt"):
    """An attempt is a value; see `domain.gates.attempt`."""


class RequestCancellation(_LifeAttempt, frozen=True, kw_only=True, tag="request_cancellation"):
    """Ask that work end without its outcome. `fates` answers the process's questions, by their id."""

    reason: str
    code: str = ""
    fates: dict[str, str] = msgspec.field(default_factory=dict)


class RequestExtension(_LifeAttempt, frozen=True, kw_only=True, tag="request_extension"):
    """Ask for a later due day (ISO), with the risk until then."""

    due: str
    reason: str
    interim_risk: str


class RequestChange(_LifeAttempt, frozen=True, kw_only=True, tag="request_change"):
    """Ask that fields get these values."""

    fields: dict[str, Any]
    reason: str


class DecideRequest(_LifeAttempt, frozen=True, kw_only=True, tag="decide_request"):
    """Sign that a request (its id) is granted or not; a refusal states its reason. `bulk`: together with others."""

    request: str
    approve: bool
    reason: str = ""
    bulk: bool = False


class WithdrawRequest(_LifeAttempt, frozen=True, kw_only=True, tag="withdraw_request"):
    """Take one's own request back before it is decided."""

    request: str
    reason: str


class RequestWaiver(_LifeAttempt, frozen=True, kw_only=True, tag="request_waiver"):
    """Ask that the risk of passing a gate in spite of an obstacle be accepted, until a day (ISO), itself included."""

    gate: str
    rule: str
    reason: str
    risk: str
    expires_on: str
    measure: str = ""
    about: str = ""


class DecideWaiver(_LifeAttempt, frozen=True, kw_only=True, tag="decide_waiver"):
    """Sign that the risk is accepted, or that it is not, with a reason."""

    waiver: str
    accept: bool
    reason: str = ""


class RevokeWaiver(_LifeAttempt, frozen=True, kw_only=True, tag="revoke_waiver"):
    """Take an accepted risk back: the gate stands again."""

    waiver: str
    reason: str


class LinkItems(_LifeAttempt, frozen=True, kw_only=True, tag="link_items"):
    """Tie the item to another (an id); `kind` is a link's kind."""

    other: str
    kind: str
    reason: str = ""


class Unlink(_LifeAttempt, frozen=True, kw_only=True, tag="unlink_items"):
    """End a link (its id)."""

    link: str
    reason: str


class ReplaceLink(_LifeAttempt, frozen=True, kw_only=True, tag="replace_link"):
    """Put another item (an id) in the place of the one that a link names."""

    link: str
    other: str
    reason: str


class AskBlocker(_LifeAttempt, frozen=True, kw_only=True, tag="ask_blocker"):
    """Ask the owner of the item that a link waits for."""

    link: str
    text: str


class AcceptHandoff(_LifeAttempt, frozen=True, kw_only=True, tag="accept_handoff"):
    """Take over what was handed over at this step."""


class ReturnHandoff(_LifeAttempt, frozen=True, kw_only=True, tag="return_handoff"):
    """Send what was handed over back to where it came from."""

    reason: str


class BeginRecurrence(_LifeAttempt, frozen=True, kw_only=True, tag="begin_recurrence"):
    """Begin a new item for what came back after this one was closed."""

    reason: str


LifeAttempt = (
    RequestCancellation
    | RequestExtension
    | RequestChange
    | DecideRequest
    | WithdrawRequest
    | RequestWaiver
    | DecideWaiver
    | RevokeWaiver
    | LinkItems
    | Unlink
    | ReplaceLink
    | AskBlocker
    | AcceptHandoff
    | ReturnHandoff
    | BeginRecurrence
)
