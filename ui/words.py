"""All sentences about errors, states, acts and moments, in one place. The domain holds values, not prose."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTimeZone

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
from ui.tokens import Tone

_tr = QCoreApplication.translate


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
    return _tr("words", "%1 (%2)").replace("%1", remedied).replace("%2", who) if who else remedied


def state_mark(state: str, *, overdue: bool = False) -> Mark:
    """The pill of an item's state; an open item past its due day says so."""
    if state == "open" and overdue:
        return Mark(word=_tr("words", "Overdue"), icon="overdue", tone="overdue")
    marks = {
        "open": Mark(word=_tr("words", "Open"), icon="open_state", tone="open"),
        "on_hold": Mark(word=_tr("words", "On hold"), icon="hold", tone="held"),
        "cancelled": Mark(word=_tr("words", "Cancelled"), icon="cancel", tone="done"),
        "closed": Mark(word=_tr("words", "Closed"), icon="closed", tone="proven"),
        "closed_before": Mark(word=_tr("words", "Closed before this vault"), icon="closed", tone="done"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def evidence_mark(state: str) -> Mark:
    """The pill of one evidence revision, or of a requirement nobody met yet (state "")."""
    marks = {
        "": Mark(word=_tr("words", "Missing"), icon="overdue", tone="overdue"),
        "submitted": Mark(word=_tr("words", "To review"), icon="waiting", tone="waiting"),
        "accepted": Mark(word=_tr("words", "Accepted"), icon="closed", tone="proven"),
        "rejected": Mark(word=_tr("words", "Rejected"), icon="reject", tone="refused"),
        "withdrawn": Mark(word=_tr("words", "Withdrawn"), icon="cancel", tone="done"),
    }
    return marks.get(state, Mark(word=state, icon="info", tone="done"))


def decision_mark(decision: str, *, counts: bool = True) -> Mark:
    """The pill of a signature; one whose content has changed since no longer counts."""
    if not counts:
        return Mark(word=_tr("words", "Superseded"), icon="reopen", tone="done")
    if decision == "approved":
        return Mark(word=_tr("words", "Approved"), icon="closed", tone="proven")
    if decision == "urgently":
        return Mark(word=_tr("words", "Urgently"), icon="alerts", tone="waiting")
    if decision == "changes_requested":
        return Mark(word=_tr("words", "Changes asked"), icon="back", tone="waiting")
    if decision == "abstained":
        return Mark(word=_tr("words", "Abstained"), icon="close", tone="done")
    return Mark(word=_tr("words", "Rejected"), icon="reject", tone="refused")


def outcome_word(outcome: str) -> str:
    """How far the intended outcome was reached."""
    words = {
        "reached": _tr("words", "Reached"),
        "partly": _tr("words", "Partly reached"),
        "not_reached": _tr("words", "Not reached"),
    }
    return words.get(outcome, outcome)


def act_word(act: str) -> str:
    """An act's name as a person says it; unknown acts are shown by their own name."""
    return act_words().get(act, act)


def act_words() -> dict[str, str]:
    """Every act this program knows with the words for it."""
    return {
        "create_vault": _tr("words", "Created the vault"),
        "enrol_person": _tr("words", "Enrolled a person"),
        "grant_role": _tr("words", "Granted a role"),
        "revoke_role": _tr("words", "Ended a role"),
        "publish_process": _tr("words", "Published a process"),
        "draft_process": _tr("words", "Drafted a process version"),
        "edit_draft": _tr("words", "Changed a draft version"),
        "prove_draft": _tr("words", "Ran the scenarios of a version"),
        "migrate_items": _tr("words", "Took items over to a version"),
        "propose_category": _tr("words", "Proposed a category"),
        "decide_category": _tr("words", "Decided about a category"),
        "create_item": _tr("words", "Created the item"),
        "edit_item": _tr("words", "Edited the item"),
        "assign_item": _tr("words", "Assigned the item"),
        "move_item": _tr("words", "Moved the item"),
        "approve_item": _tr("words", "Decided"),
        "add_evidence": _tr("words", "Added evidence"),
        "review_evidence": _tr("words", "Reviewed evidence"),
        "hold_item": _tr("words", "Put on hold"),
        "resume_item": _tr("words", "Resumed"),
        "cancel_item": _tr("words", "Cancelled the item"),
        "reopen_item": _tr("words", "Reopened the item"),
        "close_item": _tr("words", "Closed the item"),
        "keep_pack": _tr("words", "Printed the closure pack"),
        "record_refusal": _tr("words", "Was refused"),
        "import_register": _tr("words", "Imported a tracker"),
        "acknowledge_clock": _tr("words", "Acknowledged the clock"),
        "ask_key": _tr("words", "Asked for the store's key"),
        "ask_reset": _tr("words", "Asked for a new key"),
        "begin_rotation": _tr("words", "Began a new data key"),
        "change_passphrase": _tr("words", "Changed the passphrase"),
        "adopt_law": _tr("words", "Adopted a law of the program"),
        "change_setting": _tr("words", "Changed a setting"),
        "disable_person": _tr("words", "Disabled a person"),
        "finish_rotation": _tr("words", "Finished a new data key"),
        "give_reset": _tr("words", "Gave a new key"),
        "keep_recovery_sheet": _tr("words", "Made a recovery sheet"),
        "get_evidence": _tr("words", "Copied evidence out"),
        "open_evidence": _tr("words", "Opened evidence"),
        "record_failed_unlocks": _tr("words", "Reported failed unlocks"),
        "record_restore_test": _tr("words", "Ran a restore test"),
        "record_export": _tr("words", "Exported"),
        "record_migration": _tr("words", "Brought the store to a newer format"),
        "record_restore": _tr("words", "Went on from a backup"),
        "record_slots": _tr("words", "Recorded the key slots"),
        "recover_key": _tr("words", "Recovered with a sheet"),
        "reveal_key": _tr("words", "Revealed the store's key"),
        "review_access": _tr("words", "Reviewed access"),
        "review_audit_trail": _tr("words", "Reviewed the log"),
        "mark_alert_seen": _tr("words", "Saw alerts"),
        "raise_alerts": _tr("words", "Raised alerts"),
        "set_calendar": _tr("words", "Set the working calendar"),
        "sign_declaration": _tr("words", "Declared"),
        "take_over_keys": _tr("words", "Took a new key over"),
        "withdraw_reset": _tr("words", "Withdrew a request for a new key"),
        "accept_handoff": _tr("words", "Took work over"),
        "answer_question": _tr("words", "Answered a question"),
        "approve_urgent": _tr("words", "Approved urgently"),
        "ask_blocker": _tr("words", "Asked about a blocker"),
        "ask_question": _tr("words", "Asked a question"),
        "begin_follow_up": _tr("words", "Began a follow-up"),
        "confirm_urgent": _tr("words", "Confirmed an urgent transition"),
        "decide_request": _tr("words", "Decided a request"),
        "decide_risk_acceptance": _tr("words", "Decided on a risk"),
        "grant_mandate": _tr("words", "Granted a mandate"),
        "link_items": _tr("words", "Linked items"),
        "mark_urgent": _tr("words", "Marked urgent"),
        "refuse_urgent": _tr("words", "Refused an urgent transition"),
        "replace_link": _tr("words", "Replaced a link"),
        "request_cancellation": _tr("words", "Asked to cancel"),
        "request_change": _tr("words", "Asked for a change"),
        "request_extension": _tr("words", "Asked for a later due day"),
        "request_risk_acceptance": _tr("words", "Asked to accept a risk"),
        "resubmit_item": _tr("words", "Resubmitted"),
        "return_handoff": _tr("words", "Returned work"),
        "revoke_approval": _tr("words", "Took a signature back"),
        "revoke_mandate": _tr("words", "Ended a mandate"),
        "revoke_risk_acceptance": _tr("words", "Took an accepted risk back"),
        "unlink_items": _tr("words", "Ended a link"),
        "withdraw_request": _tr("words", "Withdrew a request"),
        "withdraw_urgent": _tr("words", "Withdrew the urgency"),
    }


def doing_words() -> dict[str, str]:
    """What a person may do, as the two questions about rights ask it."""
    return {
        "enrol_person": _tr("words", "Enrol a person"),
        "grant_role": _tr("words", "Grant a role"),
        "revoke_role": _tr("words", "End a role"),
        "disable_person": _tr("words", "Disable a person"),
        "begin_rotation": _tr("words", "Change the data key"),
        "give_reset": _tr("words", "Give a new key"),
        "create_item": _tr("words", "Create an item"),
        "edit_item": _tr("words", "Edit the item"),
        "assign_item": _tr("words", "Assign the item"),
        "add_evidence": _tr("words", "Add evidence"),
        "review_evidence": _tr("words", "Review evidence"),
        "import_register": _tr("words", "Import a tracker"),
        "move_item": _tr("words", "Move the item"),
        "approve_item": _tr("words", "Sign"),
        "close_item": _tr("words", "Close the item"),
        "hold_item": _tr("words", "Put on hold"),
        "cancel_item": _tr("words", "Cancel the item"),
        "reopen_item": _tr("words", "Reopen the item"),
    }


def doing_word(act: str) -> str:
    """An act as something to do; unknown ones are shown by their own name."""
    return doing_words().get(act, act)


def field_word(field: str) -> str:
    """The label of a core field."""
    words = {
        "number": _tr("words", "Number"),
        "title": _tr("words", "Title"),
        "description": _tr("words", "Description"),
        "owner": _tr("words", "Owner"),
        "owner_name": _tr("words", "Owner in the tracker"),
        "due": _tr("words", "Due"),
        "raised": _tr("words", "Raised"),
        "severity": _tr("words", "Severity"),
        "priority": _tr("words", "Priority"),
        "status": _tr("words", "Status"),
        "closed": _tr("words", "Closed"),
        "comments": _tr("words", "Comments"),
        "key": _tr("words", "Tracker id"),
        "step": _tr("words", "Step"),
        "state": _tr("words", "State"),
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
        return _tr("words", "just now")
    if minutes < 60:
        return _tr("words", "%1 min ago").replace("%1", str(minutes))
    if minutes < 48 * 60:
        return _tr("words", "%1 h ago").replace("%1", str(minutes // 60))
    return _tr("words", "%1 days ago").replace("%1", count_text(minutes // (24 * 60)))


def both_times(at: datetime) -> str:
    """Local time and UTC, as a signature states it."""
    utc = QLocale().toString(QDateTime.fromMSecsSinceEpoch(int(at.timestamp() * 1000), QTimeZone.utc()), "HH:mm")
    return _tr("words", "%1 (%2 UTC)").replace("%1", local_text(at)).replace("%2", utc)


def size_text(size: int) -> str:
    """A file size for people."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def count_text(number: int) -> str:
    """A whole number with the group marks of the locale."""
    return QLocale().toString(number)


def is_overdue(due: str, *, at: datetime) -> bool:
    """Whether an ISO due day lies before the day of `at`."""
    return bool(due) and due[:10] < at.astimezone(UTC).strftime("%Y-%m-%d")
