"""How the timeline describes acts outside the normal path: from a record's change to words, and what they were
about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.act import Change, Values
from domain.closure.history_lines import KINDS

_ASKED = {"extension": "a later due day", "change": "a change", "cancellation": "the cancellation"}
_URGENT = {
    "marked": "Marked urgent",
    "signed": "Urgent approval signed, to be confirmed",
    "passed": "Passed urgently",
    "confirmed": "Urgent transition confirmed",
    "refused": "Urgent transition refused",
    "withdrawn": "No longer urgent",
}
_WAIVED = {
    "asked": "Risk acceptance asked",
    "in_force": "Risk accepted",
    "rejected": "Risk acceptance refused",
    "revoked": "Accepted risk taken back",
}
_DECIDED = {"approved": "Granted", "rejected": "Refused", "withdrawn": "Withdrawn"}
_GIVEN_OUT = {"offered": "Handed over", "accepted": "Taken over", "returned": "Returned to the sender"}


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
        yield f"Asked for {what}", _text(now, "reason")
    elif _text(now, "state") in _DECIDED:
        yield f"{_DECIDED[_text(now, 'state')]}: {what}", _text(now, "decision_reason")


def _risk_acceptance(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    what = (
        f"{_WAIVED.get(_text(now, 'state'), 'Risk acceptance')}: {_text(now, 'rule')} until {_text(now, 'expires_on')}"
    )
    yield what, _text(now, "risk") if change.before is None else _text(now, "ended_reason")


def _link(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    link = f"{KINDS.get(_text(now, 'kind'), 'Linked to')} {_text(now, 'other_number')}"
    if change.before is None:
        yield link, _text(now, "reason")
    else:
        yield f"Link {_text(now, 'state')}: {link[:1].lower()}{link[1:]}", _text(now, "ended_reason")


def _obligation(change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    if change.before is None:
        due = _text(now, "due")
        yield f"Outstanding: {_text(now, 'text')}", f"Until {due}" if due else ""
    else:
        yield f"Obligation {_text(now, 'state')}: {_text(now, 'text')}", _text(now, "ended_reason")


def _urgency(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield _URGENT.get(_text(now, "state"), "Urgent"), _text(now, "reason")


def _handoff(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield _GIVEN_OUT.get(_text(now, "state"), "Handoff"), _text(now, "reason")


def _question(change: Change, now: Values, names: Mapping[str, str]) -> ReadEntry:
    if change.before is None:
        of = _text(now, "asked_of")
        yield f"Asked {names.get(of, of)}".rstrip(), _text(now, "text")
    elif _text(now, "answer"):
        yield "Answered", _text(now, "answer")


def _revocation(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield "Signature taken back", _text(now, "reason")


def _resubmission(_change: Change, now: Values, _names: Mapping[str, str]) -> ReadEntry:
    yield "Resubmitted as it stands", _text(now, "reason")


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
