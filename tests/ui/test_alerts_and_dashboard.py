"""Alerts in their inbox, late work by cause on the dashboard, the calendar of the site signed in its dialog."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fake_application import PASSPHRASE, FakeApplication
from memory_register import MemoryVault

from domain.calendar.standing import AlertFilter
from domain.commands.alerts import RaiseAlerts
from domain.commands.items import HoldItem
from domain.records.governance import Calendar
from domain.records.oversight import Export
from domain.rules.alert_scan import Scan
from ui.dialogs.calendar_dialog import company_days
from ui.main_window import MainWindow
from ui.screens.alerts import AlertsScreen
from ui.screens.dashboard import DashboardScreen

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


@pytest.fixture
def late(world: MemoryVault) -> str:
    """Three items, three weeks old: one merely late, one on hold past its due day, one without an owner."""
    item = world.new_item(title="Late")
    held = world.new_item(title="Held", due="2026-11-10")
    world.do(HoldItem, "Olga", item=held, reason="Supplier closed", review_on="2026-11-20")
    world.new_item(title="Nobody's", owner="")
    world.now += timedelta(days=21)
    return item


@pytest.fixture
def alerted(world: MemoryVault, late: str) -> str:
    found = Scan(world.register, world.actor("Quinn")).alerts()
    world.perform(RaiseAlerts.of(found, running_since="2026-11-10T00:00:00.000Z"), "Quinn")
    return late


def alerts_of(window: MainWindow, idle: Idle) -> AlertsScreen:
    window.show_screen("alerts")
    idle()
    screen = window.screens["alerts"]
    assert isinstance(screen, AlertsScreen)
    return screen


def dashboard_of(window: MainWindow, idle: Idle) -> DashboardScreen:
    window.show_screen("dashboard")
    idle()
    screen = window.screens["dashboard"]
    assert isinstance(screen, DashboardScreen)
    return screen


def test_alerts_are_counted_in_the_navigation_and_reported_as_late(alerted: str, enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    screen = alerts_of(window, idle)
    assert window.navigation.item(2).text() == f"Alerts  ({len(screen.lines)})"
    assert ("sla", "100") in {(each.condition, each.escalation_level) for each in screen.lines if each.item == alerted}
    described = screen.grid.model()
    words = {(each.late, described.index(n, 1).data()) for n, each in enumerate(screen.lines)}
    assert (True, "Raised late") in words
    assert words <= {(True, "Raised late"), (False, "New")}


def test_enter_opens_the_item_an_alert_is_about(alerted: str, enter: Enter, idle: Idle) -> None:
    window = enter("Quinn")
    screen = alerts_of(window, idle)
    place = next(n for n, each in enumerate(screen.lines) if each.item == alerted)
    screen.grid.opened.emit(screen.grid.model().index(place, 0))
    idle()
    assert window.services.workspace.section == "item"
    assert window.services.workspace.focus is not None
    assert window.services.workspace.focus.facts.file.item.id == alerted


def test_what_was_seen_leaves_the_list_and_is_on_record(
    alerted: str, world: MemoryVault, enter: Enter, idle: Idle
) -> None:
    window = enter("Quinn")
    screen = alerts_of(window, idle)
    before = len(screen.lines)
    screen.grid.choose_row(0)
    gone = screen.lines[0].id
    window.services.actions["alerts.seen"].trigger()
    idle()
    idle()
    assert len(screen.lines) == before - 1
    assert gone not in {each.id for each in screen.lines}
    assert {each.seen_by for each in world.register.alerts(AlertFilter(state="seen"))} == {"p-quinn"}
    screen.mark_all_seen()
    idle()
    idle()
    assert screen.lines == ()
    assert window.navigation.item(2).text() == "Alerts"
    screen.choose("seen")
    idle()
    assert len(screen.lines) == before


def test_everybodys_alerts_can_be_read_but_not_marked_by_others(alerted: str, enter: Enter, idle: Idle) -> None:
    window = enter("Zoe")
    screen = alerts_of(window, idle)
    assert screen.lines == ()
    screen.choose("all")
    idle()
    assert len(screen.lines) > 0
    screen.grid.choose_row(0)
    screen.mark_seen()
    idle()
    assert "cannot say that it was seen" in window.bar.announced


def test_opening_looks_for_alerts_by_itself_and_shows_them(
    late: str, enter: Enter, idle: Idle, application: FakeApplication
) -> None:
    window = enter("Quinn")
    vault = application.opened[-1]
    assert window.upkeep.first_alerts.isActive()
    vault.clocks.running_since = "2026-11-22T00:00:00.000Z"
    window.upkeep.raise_alerts()
    idle()
    idle()
    assert window.services.workspace.session is not None
    assert window.services.workspace.session.alerts > 0
    assert window.navigation.item(2).text() != "Alerts"


def test_a_digest_is_shown_as_pages_and_saved_as_a_file_on_record(
    alerted: str, world: MemoryVault, enter: Enter, idle: Idle, tmp_path: Path
) -> None:
    window = enter("Quinn")
    screen = alerts_of(window, idle)
    window.services.actions["alerts.digest"].trigger()
    idle()
    assert screen.printout is not None
    assert screen.printout.pages == 1
    screen.printout.close()
    screen.save_digest(tmp_path / "digest.txt")
    idle()
    assert "raised late" in (tmp_path / "digest.txt").read_text(encoding="utf-8")
    assert [each.name for each in world.register.all_of(Export)] == ["digest.txt"]


def test_a_tile_opens_into_the_items_behind_it(late: str, enter: Enter, idle: Idle) -> None:
    screen = dashboard_of(enter("Quinn"), idle)
    assert screen.tiles() == {
        "": "3  Late",
        "on_hold": "1  On hold",
        "no_owner": "1  No owner",
        "work": "1  Work not finished",
    }
    assert len(screen.lines) == 3
    screen.choose_cause("on_hold")
    assert [(each.title, each.what) for each in screen.lines] == [
        ("Held", "On hold: Supplier closed; review on 2026-11-20.")
    ]
    screen.choose_cause("")
    assert len(screen.lines) == 3


def test_nothing_late_is_stated_in_a_sentence(world: MemoryVault, enter: Enter, idle: Idle) -> None:
    world.new_item()
    screen = dashboard_of(enter("Quinn"), idle)
    assert screen.tiles() == {"": "0  Late"}
    assert screen.lines == ()


def test_what_is_printed_is_what_is_shown_with_its_filter(
    late: str, enter: Enter, idle: Idle, application: FakeApplication
) -> None:
    window = enter("Quinn")
    screen = dashboard_of(window, idle)
    screen.choose_cause("no_owner")
    window.services.actions["dashboard.print"].trigger()
    idle()
    (report,) = application.opened[-1].documents.reports
    assert dict(report.facts)["Filter"] == "open and held items, all processes, no owner"
    assert [row[0].split(" ", 1)[1] for row in report.tables[1].rows] == ["Nobody's"]
    assert screen.printout is not None
    screen.printout.close()


def test_breaches_are_printed_with_their_owners(
    alerted: str, enter: Enter, idle: Idle, application: FakeApplication
) -> None:
    window = enter("Quinn")
    screen = dashboard_of(window, idle)
    window.services.actions["dashboard.breaches"].trigger()
    idle()
    (report,) = application.opened[-1].documents.reports
    assert report.title == "Breaches of step times"
    assert {row[4] for row in report.tables[1].rows} == {"Olga", "nobody"}
    assert screen.printout is not None
    screen.printout.close()


def test_the_calendar_is_signed_in_its_dialog(world: MemoryVault, enter: Enter, idle: Idle) -> None:
    window = enter("Ada")
    window.services.actions["calendar.set"].trigger()
    idle()
    screen = window.screens["dashboard"]
    assert isinstance(screen, DashboardScreen)
    dialog = screen.calendar
    assert dialog is not None
    dialog.fields.zone.setText("Europe/Berlin")
    dialog.fields.days[4].setChecked(False)
    dialog.fields.country.setCurrentIndex(dialog.fields.country.findData("DE"))
    dialog.fields.part.setCurrentIndex(dialog.fields.part.findData("BY"))
    dialog.fields.own.setPlainText("2026-12-24 Company holiday\n+2026-12-19 Stocktaking")
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    idle()
    idle()
    (made,) = world.register.all_of(Calendar)
    assert (made.zone, made.weekdays, made.country, made.subdivision) == ("Europe/Berlin", [1, 2, 3, 4], "DE", "BY")
    assert made.free_days[:2] == [["2026-01-01", "New Year in DE BY"], ["2026-12-24", "Company holiday"]]
    assert made.extra_days == [["2026-12-19", "Stocktaking"]]


def test_a_calendar_that_cannot_be_is_refused_in_the_dialog(world: MemoryVault, enter: Enter, idle: Idle) -> None:
    window = enter("Ada")
    window.services.actions["calendar.set"].trigger()
    idle()
    screen = window.screens["dashboard"]
    assert isinstance(screen, DashboardScreen)
    assert screen.calendar is not None
    screen.calendar.fields.zone.setText("Mars/Olympus")
    screen.calendar.passphrase.type_in(PASSPHRASE)
    screen.calendar.submit()
    idle()
    idle()
    assert "Mars/Olympus" in screen.calendar.bar.announced
    assert world.register.all_of(Calendar) == ()
    screen.calendar.reject()


def test_only_administrators_are_offered_the_calendar(enter: Enter) -> None:
    assert not enter("Quinn").services.actions["calendar.set"].isEnabled()


def test_company_days_are_read_line_by_line() -> None:
    free, worked = company_days("2026-12-24 Company holiday\n\n + 2026-12-19 Stocktaking\nsoon\n")
    assert free == [["2026-12-24", "Company holiday"], ["soon", ""]]
    assert worked == [["2026-12-19", "Stocktaking"]]
