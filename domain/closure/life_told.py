"""How the timeline tells acts off the straight road: from a record's change to words, and what they were about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.act import Change, Values
from domain.closure.life_lines import KINDS

_ASKED = {"extension": "a later due day", "change": "a change", "cancellation": "the cancellation"}
_URGENT = {
    "marked": "Marked urgent",
    "signed": "Urgent approval signed, to be confirmed",
    "passed": "Passed urgently",
    "confirmed": "Urgent passage confirmed",
    "refused": "Urgent passage refused",
    "withdrawn": "No longer urgent",
}
_WAIVED = {
    "asked": "Waiver asked",
    "in_force": "Risk accepted",
    "rejected": "Waiver refused",
    "revoked": "Accepted risk taken back",
}
_DECIDED = {"approved": "Granted", "rejected": "Refused", "withdrawn": "Withdrawn"}
_HANDED = {"offered": "Handed over", "accepted": "Taken over", "returned": "Returned to the sender"}


def tell_life(change: Change, now: Values, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(what happened, detail) of a change of a record off the straight road; nothing for other records."""
    tell = _TELLERS.get(change.record)
    if tell is not None:
        yield from tell(change, now, names)


Told = Iterator[tuple[str, str]]


def _text(now: Values, name: str) -> str:
    return str(now.get(name) or "")


def _request(change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    what = _ASKED.get(_text(now, "kind"), "something")
    if change.before is None:
        yield f"Asked for {what}", _text(now, "reason")
    elif _text(now, "state") in _DECIDED:
        yield f"{_DECIDED[_text(now, 'state')]}: {what}", _text(now, "decision_reason")


def _waiver(change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    what = f"{_WAIVED.get(_text(now, 'state'), 'Waiver')}: {_text(now, 'rule')} until {_text(now, 'expires_on')}"
    yield what, _text(now, "risk") if change.before is None else _text(now, "ended_reason")


def _link(change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    tie = f"{KINDS.get(_text(now, 'kind'), 'Tied to')} {_text(now, 'other_number')}"
    if change.before is None:
        yield tie, _text(now, "reason")
    else:
        yield f"Tie {_text(now, 'state')}: {tie[:1].lower()}{tie[1:]}", _text(now, "ended_reason")


def _obligation(change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    if change.before is None:
        due = _text(now, "due")
        yield f"Owed: {_text(now, 'text')}", f"Until {due}" if due else ""
    else:
        yield f"Debt {_text(now, 'state')}: {_text(now, 'text')}", _text(now, "ended_reason")


def _urgency(_change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    yield _URGENT.get(_text(now, "state"), "Urgent"), _text(now, "reason")


def _handoff(_change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    yield _HANDED.get(_text(now, "state"), "Handoff"), _text(now, "reason")


def _question(change: Change, now: Values, names: Mapping[str, str]) -> Told:
    if change.before is None:
        of = _text(now, "asked_of")
        yield f"Asked {names.get(of, of)}".rstrip(), _text(now, "text")
    elif _text(now, "answer"):
        yield "Answered", _text(now, "answer")


def _revocation(_change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    yield "Signature taken back", _text(now, "reason")


def _resubmission(_change: Change, now: Values, _names: Mapping[str, str]) -> Told:
    yield "Resubmitted as it stands", _text(now, "reason")


_TELLERS: dict[str, Callable[[Change, Values, Mapping[str, Any]], Told]] = {
    "request": _request,
    "waiver": _waiver,
    "link": _link,
    "obligation": _obligation,
    "urgency": _urgency,
    "handoff": _handoff,
    "question": _question,
    "revocation": _revocation,
    "resubmission": _resubmission,
}
