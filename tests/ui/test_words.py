"""Errors, states and moments as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from domain.commands.act_words import act_word
from domain.errors import Cancelled, CountersignError, Damaged, FileProblem, InUse, Refused, UsageProblem
from domain.obstacle import Obstacle
from ui.tokens import TONES
from ui.words import date_text, decision_mark, error_sentence, evidence_mark, is_overdue, reason_text, state_mark

USE_CASES = (
    "create_vault",
    "enrol_person",
    "grant_role",
    "revoke_role",
    "publish_process",
    "create_item",
    "edit_item",
    "assign_item",
    "move_item",
    "approve_item",
    "add_evidence",
    "review_evidence",
    "hold_item",
    "resume_item",
    "cancel_item",
    "reopen_item",
    "close_item",
    "keep_pack",
    "record_refusal",
    "import_register",
)


def test_days_are_shown_with_a_month_name_and_four_digits(qtbot: QtBot) -> None:
    assert date_text("2026-11-22") == "22 Nov 2026"
    assert date_text("") == ""
    assert date_text("next week") == "next week"


def test_a_refusal_lists_every_obstacle_with_remedy_and_people() -> None:
    obstacles = (
        Obstacle(rule="a.b", text="Evidence is missing.", remedy="Add it.", responsible="Quinn"),
        Obstacle(rule="c.d", text="A signature is missing.", remedy="Ask for it."),
    )
    announced = error_sentence(Refused("The item cannot move.", obstacles))
    assert announced.title == "The item cannot move."
    assert announced.details == ("Evidence is missing. Add it. (Quinn)", "A signature is missing. Ask for it.")
    assert announced.tone == "refused"


@pytest.mark.parametrize("kind", [Damaged, InUse, FileProblem, UsageProblem, Cancelled])
def test_every_error_states_what_where_and_what_to_do(kind: type[CountersignError]) -> None:
    announced = error_sentence(kind("It did not work.", where="row 7", remedy="Try this."))
    assert announced.title == "It did not work."
    assert "row 7" in announced.text
    assert "Try this." in announced.text
    assert announced.tone in TONES


def test_an_open_item_past_its_due_day_states_so() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert is_overdue("2026-11-21", at=at)
    assert not is_overdue("2026-11-22", at=at)
    assert not is_overdue("", at=at)
    assert state_mark("open", overdue=True).word == "Overdue"
    assert state_mark("closed", overdue=True).word == "Closed"


def test_no_status_is_shown_by_colour_alone() -> None:
    marks = [state_mark(each) for each in ("open", "on_hold", "cancelled", "closed")]
    marks += [evidence_mark(each) for each in ("", "submitted", "accepted", "rejected", "withdrawn")]
    marks += [decision_mark("approved"), decision_mark("rejected"), decision_mark("approved", counts=False)]
    assert all(mark.word and mark.icon for mark in marks)
    assert len({mark.word for mark in marks}) == len(marks) - 1  # rejected evidence and a rejection share their word


@pytest.mark.parametrize("act", USE_CASES)
def test_every_act_has_words(act: str) -> None:
    assert act_word(act) != act


@pytest.mark.parametrize(
    ("act", "reason", "read"),
    [
        ("record_refusal", "approval.overtaken", "Rule: approval.overtaken"),
        ("record_refusal", "gate.value; evidence.missing", "Rules: gate.value, evidence.missing"),
        ("record_refusal", "", ""),
        ("edit_item", "a.b; c.d", "a.b; c.d"),
    ],
)
def test_a_refusal_says_that_its_reason_is_a_rule(act: str, reason: str, read: str) -> None:
    assert reason_text(act, reason) == read
