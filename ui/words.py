"""All sentences about errors, states, acts and moments, in one place. The domain holds values, not prose."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from PySide6.QtCore import QDate, QDateTime, QLocale, QTimeZone

from domain.errors import (
    Cancelled,
    CountersignError,
    Damaged,
    FileProblem,
    InUse,
    NewerFormat,
    Refused,
    WrongPassphrase,
)
from domain.identity import parse_iso
from domain.messages import message, plural_message
from ui.tokens import Tone


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """What a message bar shows: what happened, what to do, and the tone."""

    title: str
    text: str
    tone: Tone
    details: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a status pill shows: never colour alone, always an icon and a word."""

    word: str
    icon: str
    tone: Tone


def error_sentence(problem: CountersignError) -> Sentence:
    """The words for an error: the title by kind, then what, where and remedy."""
    title, tone = problem.what, _tone_of(problem)
    where = f"[{problem.where}]" if problem.where and problem.where not in title else ""
    text = " ".join(part for part in (where, problem.remedy) if part)
    if isinstance(problem, Refused):
        return Sentence(
            title=title,
            text=text,
            tone=tone,
            # What the title says already is not stated twice: of that obstacle the remedy is left.
            details=tuple(
                _obstacle_line("" if o.text.rstrip(".") in title and o.remedy else o.text, o.remedy, o.responsible)
                for o in problem.obstacles
            ),
        )
    return Sentence(title=title, text=text, tone=tone)


def _tone_of(problem: CountersignError) -> Tone:
    if isinstance(problem, Damaged):
        return "damaged"
    if isinstance(problem, Cancelled):
        return "done"
    if isinstance(problem, Refused):
        return "refused"
    if isinstance(problem, WrongPassphrase | InUse | NewerFormat | FileProblem):
        return "waiting"
    return "overdue"


def _obstacle_line(text: str, remedy: str, who: str) -> str:
    remedied = f"{text} {remedy}".strip()
    return message("{remedied} ({who})", who=who, remedied=remedied) if who else remedied


def state_mark(state: str, *, overdue: bool = False) -> Mark:
    """The pill of an item's state; an open item past its due day says so."""
    if state == "open" and overdue:
        return Mark(word=message("Overdue"), icon="overdue", tone="overdue")
    marks = {
        "open": Mark(word=message("Open"), icon="open_state", tone="open"),
        "on_hold": Mark(word=message("On hold"), icon="hold", tone="held"),
        "cancelled": Mark(word=message("Cancelled"), icon="cancel", tone="done"),
        "closed": Mark(word=message("Closed"), icon="closed", tone="proven"),
        "closed_before": Mark(word=message("Closed before this vault"), icon="closed", tone="done"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def evidence_mark(state: str) -> Mark:
    """The pill of one evidence revision, or of a requirement nobody met yet (state "")."""
    marks = {
        "": Mark(word=message("Missing"), icon="overdue", tone="overdue"),
        "submitted": Mark(word=message("To review"), icon="waiting", tone="waiting"),
        "accepted": Mark(word=message("Accepted"), icon="closed", tone="proven"),
        "rejected": Mark(word=message("Rejected"), icon="reject", tone="refused"),
        "withdrawn": Mark(word=message("Withdrawn"), icon="cancel", tone="done"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def decision_mark(decision: str, *, counts: bool = True) -> Mark:
    """The pill of a signature; one whose content has changed since no longer counts."""
    if not counts:
        return Mark(word=message("Superseded"), icon="reopen", tone="done")
    if decision == "approved":
        return Mark(word=message("Approved"), icon="closed", tone="proven")
    if decision == "urgently":
        return Mark(word=message("Urgently"), icon="alerts", tone="waiting")
    if decision == "changes_requested":
        return Mark(word=message("Changes asked"), icon="back", tone="waiting")
    if decision == "abstained":
        return Mark(word=message("Abstained"), icon="close", tone="done")
    return Mark(word=message("Rejected"), icon="reject", tone="refused")


def outcome_word(outcome: str) -> str:
    """How far the intended outcome was reached."""
    words = {
        "reached": message("Reached"),
        "partly": message("Partly reached"),
        "not_reached": message("Not reached"),
    }
    return words.get(outcome, outcome)


def reason_text(act: str, reason: str) -> str:
    """Why an act was done, as the log has it; a refusal holds the ids of the rules that refused, and says so."""
    if act != "record_refusal" or not reason:
        return reason
    rules = reason.split("; ")
    return plural_message("Rule: {rules}", "Rules: {rules}", len(rules), rules=", ".join(rules))


def version_state_word(state: str) -> str:
    """Where a process version stands in its life."""
    words = {
        "draft": message("draft"),
        "in_review": message("in review"),
        "scheduled": message("scheduled"),
        "in_force": message("in force"),
        "retired": message("retired"),
    }
    return words.get(state, state)


def doing_words() -> dict[str, str]:
    """What a person may do, as the two questions about rights ask it."""
    return {
        "enrol_person": message("Enrol a person"),
        "grant_role": message("Grant a role"),
        "revoke_role": message("End a role"),
        "disable_person": message("Disable a person"),
        "begin_rotation": message("Change the data key"),
        "give_reset": message("Give a new key"),
        "create_item": message("Create an item"),
        "edit_item": message("Edit the item"),
        "assign_item": message("Assign the item"),
        "add_evidence": message("Add evidence"),
        "review_evidence": message("Review evidence"),
        "import_register": message("Import a tracker"),
        "move_item": message("Move the item"),
        "approve_item": message("Sign"),
        "close_item": message("Close the item"),
        "hold_item": message("Put on hold"),
        "cancel_item": message("Cancel the item"),
        "reopen_item": message("Reopen the item"),
    }


def doing_word(act: str) -> str:
    """An act as something to do; unknown ones are shown by their own name."""
    return doing_words().get(act, act)


def field_word(field: str) -> str:
    """The label of a core field."""
    words = {
        "number": message("Number"),
        "title": message("Title"),
        "description": message("Description"),
        "owner": message("Owner"),
        "owner_name": message("Owner in the tracker"),
        "due": message("Due"),
        "raised": message("Raised"),
        "severity": message("Severity"),
        "priority": message("Priority"),
        "status": message("Status"),
        "closed": message("Closed"),
        "comments": message("Comments"),
        "key": message("Tracker id"),
        "step": message("Step"),
        "state": message("State"),
    }
    return words.get(field, field)


def date_text(day: str) -> str:
    """An ISO day as 22 Nov 2026; text that is no ISO day is shown as it is."""
    date = QDate.fromString(day[:10], "yyyy-MM-dd")
    return QLocale().toString(date, "d MMM yyyy") if date.isValid() else day


def moment_text(instant: str) -> str:
    """An ISO instant in local time as 22 Nov 2026 14:03."""
    try:
        at = parse_iso(instant)
    except ValueError:
        return instant
    return local_text(at)


def local_text(at: datetime) -> str:
    """An aware instant in local time, to the minute."""
    moment = QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000), QTimeZone.systemTimeZone())
    return QLocale().toString(moment, "d MMM yyyy HH:mm")


def age_text(instant: str, *, at: datetime) -> str:
    """How long ago an ISO instant was at `at`, in the largest unit that fits; a day from two days on."""
    minutes = int((at - parse_iso(instant)).total_seconds() // 60)
    if minutes < 1:
        return message("just now")
    if minutes < 60:
        return message("{minutes} min ago", minutes=minutes)
    if minutes < 48 * 60:
        return message("{hours} h ago", hours=minutes // 60)
    days = minutes // (24 * 60)
    return plural_message("{count} day ago", "{count} days ago", days, count=count_text(days))


def both_times(at: datetime) -> str:
    """Local time and UTC, as a signature states it."""
    utc = QLocale().toString(QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000), QTimeZone.utc()), "HH:mm")
    return message("{local} ({utc} UTC)", utc=utc, local=local_text(at))


def size_text(size: int) -> str:
    """A file size for people."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def count_text(number: int) -> str:
    """A whole number with the group marks of the locale."""
    return QLocale().toString(number)


def is_overdue(due: str, *, at: datetime) -> bool:
    """Whether an ISO due day lies before the day of `at`."""
    return bool(due) and due[:10] < at.astimezone(UTC).strftime("%Y-%m-%d")
