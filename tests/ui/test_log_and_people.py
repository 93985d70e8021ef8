"""The audit log with its proof, people with their roles, keys that lead everywhere, and the idle lock."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from memory_register import MemoryVault
from PySide6.QtCore import QByteArray, Qt
from pytestqt.qtbot import QtBot

from domain.commands.people import RevokeRole
from domain.log.verdict import BehindEntry, Finding, LogVerdict
from ui.actions import SECTIONS
from ui.main_window import MainWindow
from ui.screens.audit_log import AuditLogScreen
from ui.screens.people import AddPersonDialog, PeopleScreen
from ui.settings import RecentVault, Settings

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


def log_screen(window: MainWindow) -> AuditLogScreen:
    screen = window.screens["log"]
    assert isinstance(screen, AuditLogScreen)
    return screen


def test_the_log_shows_its_newest_entry_in_full(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    world.new_item()
    window = enter("Quinn")
    window.show_screen("log")
    idle()
    screen = log_screen(window)
    assert screen.model.rowCount() == world.register.log_size()
    assert screen.entry_title() == f"Entry {world.register.log_size() - 1}: Created the item"


def test_verifying_an_intact_log_states_what_holds(enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    window.services.actions["log.verify"].trigger()
    idle()
    assert log_screen(window).banner.announced.startswith("The log is intact")


def test_a_damaged_log_is_named_with_every_place(enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    finding = Finding(kind="row", text="A row differs from the log.", table="item", row="i7", field="due")
    verdict = LogVerdict(vault="memory", entries=9, root="ab" * 32, changes=9, rows=9, files=0, findings=(finding,))
    window.services.workspace.application.opened[-1].log_verdict = verdict
    window.services.actions["log.verify"].trigger()
    idle()
    announced = log_screen(window).banner.announced
    assert announced.startswith("DAMAGED: 1 finding")
    assert "[item i7 due]" in announced


def test_people_are_listed_with_their_roles_and_gaps_are_named(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    world.do(RevokeRole, "Ada", person=world.ids["Nora"], role="auditor")
    window = enter("Quinn")
    window.show_screen("people")
    screen = window.screens["people"]
    assert isinstance(screen, PeopleScreen)
    cells = {screen.grid.model().index(n, 0).data(): screen.grid.model().index(n, 2).data() for n in range(8)}
    assert cells["Dora"] == "Quality, Process owner"
    assert cells["Ada"] == "Administrator"
    assert cells["Nora"] == "–"
    idle()
    assert "Nobody holds Auditor" in screen.gaps.announced


def test_an_administrator_adds_a_person(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    window = enter("Ada")
    screen = window.screens["people"]
    assert isinstance(screen, PeopleScreen)
    dialog = screen.add_person()
    assert isinstance(dialog, AddPersonDialog)
    dialog.name.setText("Max")
    dialog.identity.setText("Passport seen")
    dialog.roles["auditor"].setChecked(True)
    dialog.passphrase.type_in("short")
    dialog.submit()
    idle()
    assert "too weak" in dialog.bar.announced
    dialog.passphrase.type_in("long enough for the rule")
    dialog.submit()
    idle()
    assert "Max" in {person.name for person in world.register.people()}
    assert "Max" in {person.name for person in window.services.workspace.session.people}


def test_who_is_no_administrator_cannot_add_people(enter: Enter) -> None:
    assert not enter("Quinn").services.actions["people.add"].isEnabled()


@pytest.mark.parametrize("number", range(1, 6))
def test_control_and_a_number_lead_to_a_section(enter: Enter, idle: Idle, qtbot: QtBot, number: int) -> None:
    window = enter("Quinn")
    window.show_screen("log" if number != 4 else "people")
    idle()
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
    idle()
    assert window.services.workspace.section == SECTIONS[number - 1]


def test_control_f_goes_to_the_search_and_typing_filters(
    enter: Enter, idle: Idle, world: MemoryVault, qtbot: QtBot
) -> None:
    world.new_item()
    window = enter("Quinn")
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    register = window.screens["register"]
    typed = window.focusWidget()
    qtbot.keyClicks(typed, "nozzle")
    qtbot.waitUntil(lambda: register.model.wanted().search == "nozzle")
    qtbot.keyClick(typed, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: register.model.wanted().search == "")


def test_an_untouched_desk_locks_itself(enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    assert window.idle_lock.timer.isActive()
    assert window.idle_lock.timer.interval() == 15 * 60_000
    window.idle_lock.timer.timeout.emit()
    idle()
    assert not window.services.workspace.is_open
    assert not window.idle_lock.timer.isActive()
    assert window.services.workspace.section == "welcome"


def test_closing_the_window_locks_the_vault(enter: Enter) -> None:
    window = enter("Quinn")
    vault = window.services.workspace.application.opened[-1]
    window.close()
    assert vault.locked


def test_settings_are_kept_between_sittings_and_a_broken_list_counts_as_empty(settings: Settings) -> None:
    first = RecentVault(folder="a", name="A", opened="2026-11-01T08:00:00.000Z")
    settings.remember_vault(first)
    settings.remember_vault(msgspec.structs.replace(first, folder="b", name="B"))
    settings.remember_vault(first)
    settings.geometry = QByteArray(b"place")
    settings.keep_columns("register", QByteArray(b"wide"))
    again = Settings(settings.file)
    assert [vault.folder for vault in again.recent] == ["a", "b"]
    assert again.geometry == QByteArray(b"place")
    assert again.columns("register") == QByteArray(b"wide")
    again.forget_vault("a")
    assert [vault.folder for vault in again.recent] == ["b"]
    settings.sync()
    again.sync()
    settings.file.write_text('[vaults]\nrecent="not json"\n', encoding="utf-8")
    assert Settings(settings.file).recent == ()


def test_entries_behind_the_log_are_named_beside_a_verdict_that_is_intact(enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    behind = BehindEntry(entry=7, at="2026-11-02T08:00:00.000Z", latest="2026-11-02T09:00:00.000Z")
    verdict = LogVerdict(
        vault="memory",
        entries=9,
        root="ab" * 32,
        changes=9,
        rows=9,
        files=0,
        findings=(),
        behind=(behind,),
        behind_count=3,
    )
    window.services.workspace.application.opened[-1].log_verdict = verdict
    window.services.actions["log.verify"].trigger()
    idle()
    announced = log_screen(window).banner.announced
    assert announced.startswith("The log is intact")
    assert "Entry 7" in announced
    assert "and 2 more entries behind" in announced
