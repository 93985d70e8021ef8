"""How the timeline describes acts outside the normal path: from a record's change to words, and what they were
about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.act import Change, Values
from domain.closure.history_lines import KINDS
from domain.messages import Message, message

_ASKED = {
    "extension": Message("described_changes.asked.extension"),
    "change": Message("described_changes.asked.change"),
    "cancellation": Message("described_changes.asked.cancellation"),
}
_URGENT = {
    "marked": Message("described_changes.urgent.marked"),
    "signed": Message("described_changes.urgent.signed"),
    "passed": Message("described_changes.urgent.passed"),
    "confirmed": Message("described_changes.urgent.confirmed"),
    "refused": Message("described_changes.urgent.refused"),
    "withdrawn": Message("described_changes.urgent.withdrawn"),
}
_WAIVED = {
    "asked": Message("described_changes.waived.asked"),
    "in_force": Message("described_changes.waived.in_force"),
    "rejected": Message("described_changes.waived.rejected"),
    "revoked": Message("described_changes.waived.revoked"),
}
_DECIDED = {
    "approved": Message("described_changes.decided.approved"),
    "rejected": Message("described_changes.decided.rejected"),
    "withdrawn": Message("described_changes.decided.withdrawn"),
}
_GIVEN_OUT = {
    "offered": Message("described_changes.given_out.offered"),
    "accepted": Message("described_changes.given_out.accepted"),
    "returned": Message("described_changes.given_out.returned"),
}


def describe_change(change: Change, now: Values, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(what happened, detail) of a change of a record outside the normal path; nothing for other records."""
    notify = _DESCRIBERS.get(change.record)
    if notify is not None:
        yield from notify(change, now, names)


ReadEntry = Iterator[tuple[str, str]]


def _text(now: Values, name: str) -> str:
    return str(now.get(name) or "")


def _request(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    what = _ASKED.get(_text(now, "kind"), "something")
    if change.before is None:
        yield message("described_changes.asked_for", what=what), _text(now, "reason")
    elif _text(now, "state") in _DECIDED:
        yield f"{_DECIDED[_text(now, 'state')]}: {what}", _text(now, "decision_reason")


def _risk_acceptance(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    what = message(
        "described_changes.until",
        state=_WAIVED.get(_text(now, "state"), message("described_changes.risk_acceptance")),
        rule=_text(now, "rule"),
        expires_on=_text(now, "expires_on"),
    )
    yield what, _text(now, "risk") if change.before is None else _text(now, "ended_reason")


def _link(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    link = f"{KINDS.get(_text(now, 'kind'), 'Linked to')} {_text(now, 'other_number')}"
    if change.before is None:
        yield link, _text(now, "reason")
    else:
        yield (
            message("described_changes.link", state=_text(now, "state"), link=link[:1].lower(), link_2=link[1:]),
            _text(now, "ended_reason"),
        )


def _obligation(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    if change.before is None:
        due = _text(now, "due")
        yield (
            message("described_changes.outstanding", text=_text(now, "text")),
            message("described_changes.until.85", due=due) if due else "",
        )
    else:
        yield (
            message("described_changes.obligation", state=_text(now, "state"), text=_text(now, "text")),
            _text(now, "ended_reason"),
        )


def _urgency(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield str(_URGENT.get(_text(now, "state"), message("described_changes.urgent"))), _text(now, "reason")


def _handoff(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield str(_GIVEN_OUT.get(_text(now, "state"), message("described_changes.handoff"))), _text(now, "reason")


def _question(change: Change, now: Values, names: Mapping[str, str]) -> ReadEntry:
    if change.before is None:
        of = _text(now, "asked_of")
        yield message("described_changes.asked", of=names.get(of, of)).rstrip(), _text(now, "text")
    elif _text(now, "answer"):
        yield message("described_changes.answered"), _text(now, "answer")


def _revocation(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield message("described_changes.signature_taken_back"), _text(now, "reason")


def _resubmission(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield message("described_changes.resubmitted_as_it_stands"), _text(now, "reason")


_DESCRIBERS: dict[str, Callable[[Change, Values, Mapping[str, Any]], ReadEntry]] = {
    "request": _request,
    "risk_acceptance": _risk_acceptance,
    "link": _link,
    "obligation": _obligation,
    "urgency": _urgency,
    "handoff": _handoff,
    "question": _question,
    "revocation": _revocation,
    "resubmission": _resubmission,
}
