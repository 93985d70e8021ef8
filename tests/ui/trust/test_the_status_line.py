"""The status line: old copies and proofs are warned of, a broken log is shouted, nothing is left after locking."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from command_line import PASSPHRASE
from sqlalchemy import text

from domain.identity import iso, parse_iso
from domain.services import BackupInfo, LogState
from ui.queries import SessionView
from ui.status_line import StatusLine, copy_warning, log_warning
from ui.words import age_text


@pytest.fixture
def line(services, site_vault: Path) -> StatusLine:
    return services.enter(site_vault, "Ada Admin", PASSPHRASE).status


@pytest.fixture
def session(services, line) -> SessionView:
    return services.workspace.session


def copy(session: SessionView, *, days: float, entries: int) -> BackupInfo:
    made = iso(session.opened_at - timedelta(days=days))
    return BackupInfo(file=Path("a.countersign"), size=1, made_at=made, entries=entries)


def test_a_new_vault_states_that_there_is_no_copy_and_does_not_warn_on_its_first_day(line, session) -> None:
    assert line.copy.text() == "No backup yet"
    assert not line.copy_warning.isVisible()
    late = parse_iso(session.vault.created) + timedelta(days=2)
    assert copy_warning(session, at=late).word == "No backup yet"


@pytest.mark.parametrize(
    ("days", "behind", "warned"),
    [(0.5, 1, False), (3, 1, True), (3, 0, False)],
    ids=["made today", "old and entries came since", "old and nothing came since"],
)
def test_a_copy_is_late_when_entries_wait_for_one(session, days, behind, warned) -> None:
    has = msgspec.structs.replace(session, newest_backup=copy(session, days=days, entries=session.log_size - behind))
    assert bool(copy_warning(has, at=session.opened_at)) is warned


def test_a_copy_made_is_shown_at_once(services, line) -> None:
    copies = services.show("backups")
    services.window.services.actions["backups.make"].trigger()
    services.until(copies.backups)
    services.idle()
    services.until(lambda: line.copy.text() == "Last backup just now")


@pytest.mark.parametrize(
    ("log", "days", "states"),
    [
        (LogState(proven=1, whole_at="2026-01-01T00:00:00.000Z"), 1, ""),
        (LogState(proven=1, whole_at="2026-01-01T00:00:00.000Z"), 8, "Log last verified"),
        (LogState(proven=0, whole_at=""), 8, "Log never verified here"),
        (LogState(proven=0, whole_at="", read_only="a copy"), 1, "Read only"),
        (LogState(proven=0, whole_at="", read_only="damage", damaged=True), 1, "The log is BROKEN"),
    ],
    ids=["fresh proof", "old proof", "no proof", "read only", "damaged"],
)
def test_the_state_of_the_proof_is_a_pill_when_something_is_to_be_done(session, log, days, states) -> None:
    vault = msgspec.structs.replace(session.vault, created="2026-01-01T00:00:00.000Z")
    known = msgspec.structs.replace(session, log=log, vault=vault)
    at = parse_iso("2026-01-01T00:00:00.000Z") + timedelta(days=days)
    warning = log_warning(known, at=at)
    assert (warning.word if warning else "").startswith(states)
    assert bool(warning) is bool(states)


def test_a_log_found_broken_while_open_turns_the_line_red(services, line) -> None:
    vault = services.workspace.vault
    with vault._store._engine.begin() as connection:
        connection.execute(text("UPDATE person SET name = 'Somebody Else'"))
    services.window.services.actions["log.verify"].trigger()
    services.idle()
    services.until(line.log_warning.isVisible)
    assert line.log_warning.word == "The log is BROKEN"
    assert not services.window.services.actions["people.add"].isEnabled()


def test_locking_leaves_nothing_in_the_line(services, line) -> None:
    assert line.vault.text() == "Site A"
    services.workspace.lock()
    services.idle()
    shown = (line.vault, line.who, line.copy, line.log, line.locks)
    assert [part.text() for part in shown] == [""] * len(shown)
    assert not line.log_warning.isVisible()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "just now"), (59, "59 min ago"), (60, "1 h ago"), (47 * 60 + 59, "47 h ago"), (48 * 60, "2 days ago")],
    ids=["now", "minutes", "hour", "hours", "days"],
)
def test_ages_are_shown_in_the_largest_unit_that_fits(minutes, text) -> None:
    at = parse_iso("2026-01-01T00:00:00.000Z")
    assert age_text("2026-01-01T00:00:00.000Z", at=at + timedelta(minutes=minutes)) == text
