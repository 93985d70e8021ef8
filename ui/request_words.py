"""Words for life outside the normal path: links, requests, risks, urgency, obligations, and what waits for a
decision.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from domain.process.definition import ProcessVersion
from domain.rules.facts import Facts
from domain.rules.next_action import PendingApproval
from ui.words import Mark, date_text

_tr = QCoreApplication.translate


def readable(code: str) -> str:
    """A code of a process as words: the process gives codes no titles."""
    return code.replace("_", " ").capitalize()


def link_word(kind: str) -> str:
    """How an item stands to the other one of its own link."""
    words = {
        "blocked_by": _tr("words", "is blocked by"),
        "follow_up_of": _tr("words", "follows up"),
        "continuation_of": _tr("words", "continues"),
        "merged_into": _tr("words", "was merged into"),
        "cycle_of": _tr("words", "is a further cycle of"),
        "related": _tr("words", "is related to"),
        "passed_by": _tr("words", "passed a gate by exception"),
    }
    return words.get(kind, kind)


def link_word_from_there(kind: str) -> str:
    """How the item stands to one that is linked to it from the other end."""
    words = {
        "blocked_by": _tr("words", "holds up"),
        "follow_up_of": _tr("words", "is followed up by"),
        "continuation_of": _tr("words", "is continued by"),
        "merged_into": _tr("words", "took in"),
        "cycle_of": _tr("words", "went on as"),
        "related": _tr("words", "is related to"),
        "passed_by": _tr("words", "let pass"),
    }
    return words.get(kind, kind)


def request_word(kind: str) -> str:
    """What a request asks for."""
    words = {
        "extension": _tr("words", "Later due day"),
        "change": _tr("words", "Change of content"),
        "cancellation": _tr("words", "Cancelling"),
    }
    return words.get(kind, kind)


def waiting_word(kind: str) -> str:
    """What is wanted of a person by something that waits for them."""
    words = {
        "ordinary": _tr("words", "Signature"),
        "urgent": _tr("words", "Urgent approval"),
        "confirm": _tr("words", "Confirm urgent"),
        "risk_acceptance": _tr("words", "Accept a risk"),
        "question": _tr("words", "Answer"),
    }
    return words.get(kind) or request_word(kind)


def request_mark(state: str) -> Mark:
    """The pill of a record's state: requests, risks, urgencies, obligations, handoffs, links."""
    marks = {
        "asked": Mark(word=_tr("words", "Asked"), icon="waiting", tone="waiting"),
        "approved": Mark(word=_tr("words", "Granted"), icon="closed", tone="proven"),
        "rejected": Mark(word=_tr("words", "Rejected"), icon="reject", tone="refused"),
        "withdrawn": Mark(word=_tr("words", "Withdrawn"), icon="cancel", tone="done"),
        "in_force": Mark(word=_tr("words", "In force"), icon="open_state", tone="open"),
        "expired": Mark(word=_tr("words", "Expired"), icon="overdue", tone="overdue"),
        "revoked": Mark(word=_tr("words", "Taken back"), icon="cancel", tone="done"),
        "marked": Mark(word=_tr("words", "Marked"), icon="alerts", tone="waiting"),
        "signed": Mark(word=_tr("words", "Signed"), icon="sign", tone="waiting"),
        "passed": Mark(word=_tr("words", "To confirm"), icon="waiting", tone="waiting"),
        "confirmed": Mark(word=_tr("words", "Confirmed"), icon="closed", tone="proven"),
        "refused": Mark(word=_tr("words", "Refused"), icon="reject", tone="refused"),
        "open": Mark(word=_tr("words", "Open"), icon="waiting", tone="waiting"),
        "late": Mark(word=_tr("words", "Overdue"), icon="overdue", tone="overdue"),
        "met": Mark(word=_tr("words", "Met"), icon="closed", tone="proven"),
        "dropped": Mark(word=_tr("words", "Dropped"), icon="cancel", tone="done"),
        "offered": Mark(word=_tr("words", "Offered"), icon="waiting", tone="waiting"),
        "accepted": Mark(word=_tr("words", "Taken over"), icon="closed", tone="proven"),
        "returned": Mark(word=_tr("words", "Returned"), icon="back", tone="refused"),
        "ended": Mark(word=_tr("words", "Ended"), icon="closed", tone="done"),
        "given": Mark(word=_tr("words", "Given"), icon="open_state", tone="open"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def role_signed(facts: Facts, pending: PendingApproval) -> str:
    """The role a signature would be given in, and in whose place under a mandate."""
    role, delegator = facts.process.role_title(pending.role), pending.delegates.get(facts.actor.person, "")
    if not delegator:
        return role
    words = _tr("words", "%1, for %2 under a mandate").replace("%1", role)
    return words.replace("%2", facts.names.get(delegator, delegator))


def value_text(process: ProcessVersion, field: str, value: Any, names: dict[str, str]) -> str:
    """A recorded value as a person reads it: people by name, days as days, choices by words, tables row by row.

    The cells of a row stand in the order of the process's columns, each behind its title.
    """
    definition = process.field(field)
    if isinstance(value, list | tuple):
        columns = definition.columns if definition is not None else ()
        titles = {each.id: each.title for each in columns}
        rows = []
        for line in value:
            order = [*titles, *(key for key in line if key not in titles)]
            cells = [f"{titles.get(key, key)}: {_plain(line[key], names)}" for key in order if line.get(key)]
            rows.append("•  " + "; ".join(cells))
        return "\n".join(rows)
    if field == "severity" or (definition is not None and definition.kind == "choice"):
        return readable(str(value or ""))
    return _plain(value, names)


def _plain(value: Any, names: dict[str, str]) -> str:
    text = "" if value is None else str(value)
    return date_text(text) if len(text) == 10 and text[4:5] == "-" and text[7:8] == "-" else names.get(text, text)
