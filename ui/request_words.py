"""Words for life outside the normal path: links, requests, risks, urgency, obligations, and what waits for a
decision.
"""

from __future__ import annotations

from typing import Any

from domain.messages import message
from domain.process.definition import ProcessVersion
from domain.rules.facts import Facts
from domain.rules.next_action import PendingApproval
from ui.words import Mark, date_text


def readable(code: str) -> str:
    """A code of a process as words: the process gives codes no titles."""
    return code.replace("_", " ").capitalize()


def link_word(kind: str) -> str:
    """How an item stands to the other one of its own link."""
    words = {
        "blocked_by": message("is blocked by"),
        "follow_up_of": message("follows up"),
        "continuation_of": message("continues"),
        "merged_into": message("was merged into"),
        "cycle_of": message("is a further cycle of"),
        "related": message("is related to"),
        "passed_by": message("passed a gate by exception"),
    }
    return words.get(kind, kind)


def link_word_from_there(kind: str) -> str:
    """How the item stands to one that is linked to it from the other end."""
    words = {
        "blocked_by": message("holds up"),
        "follow_up_of": message("is followed up by"),
        "continuation_of": message("is continued by"),
        "merged_into": message("took in"),
        "cycle_of": message("went on as"),
        "related": message("is related to"),
        "passed_by": message("let pass"),
    }
    return words.get(kind, kind)


def request_word(kind: str) -> str:
    """What a request asks for."""
    words = {
        "extension": message("Later due day"),
        "change": message("Change of content"),
        "cancellation": message("Cancelling"),
    }
    return words.get(kind, kind)


def waiting_word(kind: str) -> str:
    """What is wanted of a person by something that waits for them."""
    words = {
        "ordinary": message("Signature"),
        "urgent": message("Urgent approval"),
        "confirm": message("Confirm urgent"),
        "risk_acceptance": message("Accept a risk"),
        "question": message("Answer"),
    }
    return words.get(kind) or request_word(kind)


def request_mark(state: str) -> Mark:
    """The pill of a record's state: requests, risks, urgencies, obligations, handoffs, links."""
    marks = {
        "asked": Mark(word=message("Asked"), icon="waiting", tone="waiting"),
        "approved": Mark(word=message("Granted"), icon="closed", tone="proven"),
        "rejected": Mark(word=message("Rejected"), icon="reject", tone="refused"),
        "withdrawn": Mark(word=message("Withdrawn"), icon="cancel", tone="done"),
        "in_force": Mark(word=message("In force"), icon="open_state", tone="open"),
        "expired": Mark(word=message("Expired"), icon="overdue", tone="overdue"),
        "revoked": Mark(word=message("Taken back"), icon="cancel", tone="done"),
        "marked": Mark(word=message("Marked"), icon="alerts", tone="waiting"),
        "signed": Mark(word=message("Signed"), icon="sign", tone="waiting"),
        "passed": Mark(word=message("To confirm"), icon="waiting", tone="waiting"),
        "confirmed": Mark(word=message("Confirmed"), icon="closed", tone="proven"),
        "refused": Mark(word=message("Refused"), icon="reject", tone="refused"),
        "open": Mark(word=message("Open"), icon="waiting", tone="waiting"),
        "late": Mark(word=message("Overdue"), icon="overdue", tone="overdue"),
        "met": Mark(word=message("Met"), icon="closed", tone="proven"),
        "dropped": Mark(word=message("Dropped"), icon="cancel", tone="done"),
        "offered": Mark(word=message("Offered"), icon="waiting", tone="waiting"),
        "accepted": Mark(word=message("Taken over"), icon="closed", tone="proven"),
        "returned": Mark(word=message("Returned"), icon="back", tone="refused"),
        "ended": Mark(word=message("Ended"), icon="closed", tone="done"),
        "given": Mark(word=message("Given"), icon="open_state", tone="open"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def role_signed(facts: Facts, pending: PendingApproval) -> str:
    """The role a signature would be given in, and in whose place under a mandate."""
    role, delegator = facts.process.role_title(pending.role), pending.delegates.get(facts.actor.person, "")
    if not delegator:
        return role
    name = facts.names.get(delegator, delegator)
    return message("{role}, for {delegator} under a mandate", role=role, delegator=name)


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
