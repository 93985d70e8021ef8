"""What was attempted off the straight road, read back from the records that an entry made: requests, waivers, ties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.gates.attempt import Attempt
from domain.gates.life_attempts import (
    LinkItems,
    ReplaceLink,
    RequestCancellation,
    RequestChange,
    RequestExtension,
    RequestWaiver,
)

Record = Mapping[str, Any]
_OF_A_WAIVER = ("gate", "rule", "about", "reason", "risk", "measure", "expires_on")


def request_then(asked: Record) -> Attempt:
    """The attempt that made this request."""
    reason, proposal = asked["reason"], asked["proposal"]
    if asked["kind"] == "cancellation":
        return RequestCancellation(reason=reason, code=asked["code"], fates=proposal)
    if asked["kind"] == "extension":
        return RequestExtension(due=proposal["due"][1], reason=reason, interim_risk=asked["interim_risk"])
    return RequestChange(fields={name: pair[1] for name, pair in proposal.items()}, reason=reason)


def waiver_then(asked: Record) -> Attempt:
    """The attempt that asked for this waiver."""
    return RequestWaiver(**{name: asked[name] for name in _OF_A_WAIVER})


def link_then(made: Record) -> Attempt:
    """The attempt that tied two items."""
    return LinkItems(other=made["other"], kind=made["kind"], reason=made["reason"])


def replaced_then(ended: Record, made: Record, reason: str) -> Attempt:
    """The attempt that put another item in a link's place."""
    return ReplaceLink(link=ended["id"], other=made["other"], reason=reason)
