"""An item from creation to closure by screen and keyboard, and every way in which the rules say no."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_application import PASSPHRASE
from memory_register import MemoryVault, a_file
from PySide6.QtCore import Qt
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from domain.commands.evidence import AddEvidence
from domain.commands.items import HoldItem
from ui.actions import why_not
from ui.dialogs.item_dialogs import AddEvidenceDialog, HoldDialog, MoveDialog, NewItemDialog, ResumeDialog, ReviewDialog
from ui.dialogs.sign import SignDialog
from ui.main_window import MainWindow
from ui.screens.approvals import ApprovalsScreen
from ui.screens.closure import ClosureScreen
from ui.screens.item import ItemScreen
from ui.screens.register import RegisterScreen
from ui.widgets.pill import Pill

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


def item_screen(window: MainWindow) -> ItemScreen:
    screen = window.screens["item"]
    assert isinstance(screen, ItemScreen)
    return screen


@pytest.fixture
def opened(enter: Enter, idle: Idle) -> Callable[[str, str], MainWindow]:
    """The page of an item, as a person."""

    def open_item(item: str, person: str = "Quinn") -> MainWindow:
        window = enter(person)
        window.services.workspace.open_item(item)
        idle()
        return window

    return open_item


def test_a_register_without_items_teaches_how_to_begin(enter: Enter) -> None:
    register = enter("Quinn").screens["register"]
    assert isinstance(register, RegisterScreen)
    assert not register.grid.isVisible()
    assert register.shown_sentence() == "Nothing in this register yet"


def test_a_new_item_is_recorded_and_its_page_opens(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    window = enter("Quinn")
    window.services.actions["item.new"].trigger()
    dialog = window.findChild(NewItemDialog)
    dialog.submit()
    assert dialog.isVisible()  # no title: the dialog says so and stays
    dialog.title.setText("Label in the wrong place")
    dialog.severity.show_value("major")
    dialog.submit()
    idle()
    item = world.register.item("T1-CAPA-0001")
    assert (item.title, item.severity, item.step) == ("Label in the wrong place", "major", "reported")
    assert window.services.workspace.section == "item"
    assert window.services.workspace.focus.facts.file.item.id == item.id


def test_enter_opens_an_item_and_escape_goes_back(enter: Enter, idle: Idle, world: MemoryVault, qtbot: QtBot) -> None:
    item = world.new_item()
    window = enter("Quinn")
    register = window.screens["register"]
    assert isinstance(register, RegisterScreen)
    assert register.grid.isVisible()
    register.grid.choose_row(0)
    qtbot.keyClick(register.grid, Qt.Key.Key_Return)
    idle()
    assert window.services.workspace.section == "item"
    assert window.services.workspace.focus.facts.file.item.id == item
    qtbot.keyClick(item_screen(window), Qt.Key.Key_Escape)
    assert window.services.workspace.section == "register"


def test_steps_are_counted_and_filter_the_register(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    world.new_item()
    world.bring_to(world.new_item(), "cause")
    window = enter("Quinn")
    register = window.screens["register"]
    assert isinstance(register, RegisterScreen)
    assert register.steps()["Cause"] == "Cause  1"
    register.choose_step("cause")
    idle()
    assert register.model.rowCount() == 1
    register.choose_step("closed")
    idle()
    assert register.shown_sentence() == "No item matches"


def test_the_next_action_names_obstacle_remedy_and_people(
    opened: Callable[..., MainWindow], world: MemoryVault
) -> None:
    item = world.new_item()
    world.bring_to(item, "plan")
    world.make_ready(item, sign=False)
    announced = "\n".join(item_screen(opened(item, "Nora")).next_action.announced)
    assert "To go to Implementation" in announced
    assert "Quinn" in announced
    assert "Ask for the approval." in announced


def test_what_is_edited_is_recorded_with_only_the_fields_that_changed(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = opened(item)
    overview = item_screen(window).overview
    overview.editor("title").show_value("A better title")
    overview.editor("title").edited.emit()
    assert overview.is_dirty
    window.services.actions["item.save"].trigger()
    idle()
    assert world.register.item(item).title == "A better title"
    assert not overview.is_dirty
    command, change = world.register.changes(world.register.log_size() - 1)
    for announced in (command, change):
        assert b"A better title" in announced
        assert b"description" not in announced


def test_what_was_typed_survives_a_refused_save_and_blocks_going_back(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault, qtbot: QtBot
) -> None:
    item = world.new_item()
    window = opened(item)
    screen = item_screen(window)
    screen.overview.editor("title").show_value("")
    screen.overview.editor("title").edited.emit()
    window.services.actions["item.save"].trigger()
    idle()
    assert "needs a title" in screen.bar.announced
    assert screen.overview.is_dirty
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert window.services.workspace.section == "item"
    screen.overview.discard()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert window.services.workspace.section == "register"
    assert world.register.item(item).title == "Hole misplaced"


def test_closing_the_window_shows_unrecorded_changes_once(
    opened: Callable[..., MainWindow], world: MemoryVault
) -> None:
    window = opened(world.new_item())
    screen = item_screen(window)
    screen.overview.editor("title").show_value("Half a thought")
    screen.overview.editor("title").edited.emit()
    window.show_screen("log")
    assert not window.close()
    assert window.isVisible()
    assert window.services.workspace.section == "item"
    assert "not recorded" in screen.bar.announced
    assert window.close()


def test_a_person_without_the_right_sees_locked_fields_and_the_reason(
    opened: Callable[..., MainWindow], world: MemoryVault
) -> None:
    window = opened(world.new_item(), "Zoe")
    save = window.services.actions["item.save"]
    assert not save.isEnabled()
    assert "Quality" in why_not(save)


def test_moving_moves_when_nothing_stands_in_the_way(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = opened(item)
    focus = window.services.workspace.focus
    dialog = MoveDialog(window.services, window, focus)
    dialog.open()
    dialog.step.setCurrentIndex(dialog.step.findData("containment"))
    assert dialog.verb.isEnabled()
    dialog.submit()
    idle()
    assert world.register.item(item).step == "containment"


def test_holding_asks_for_reason_and_review_day_and_resuming_for_a_reason(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = opened(item)
    hold = HoldDialog(window.services, window, window.services.workspace.focus)
    hold.open()
    hold.submit()
    assert world.register.item(item).state == "open"
    hold.reason.setPlainText("The tool is with its maker.")
    hold.review_on.show_day("2026-12-24")
    hold.submit()
    idle()
    assert world.register.item(item).state == "on_hold"
    assert "24 Dec 2026" in "\n".join(item_screen(window).next_action.announced)
    resume = ResumeDialog(window.services, window, window.services.workspace.focus)
    resume.open()
    resume.reason.setPlainText("It is back.")
    resume.submit()
    idle()
    assert world.register.item(item).state == "open"


def test_evidence_is_added_by_one_person_and_accepted_by_another(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault, tmp_path: Path
) -> None:
    item = world.new_item()
    world.bring_to(item, "implementation")
    window = opened(item, "Olga")
    record = tmp_path / "record.txt"
    record.write_text("fixture replaced", encoding="utf-8")
    dialog = window.commands.add_evidence(record)
    assert isinstance(dialog, AddEvidenceDialog)
    dialog.requirement.setCurrentIndex(dialog.requirement.findData("implementation_record"))
    dialog.submit()
    idle()
    evidence = world.register.item_file(item).evidence[-1]
    assert (evidence.file_name, evidence.state, evidence.media_type) == ("record.txt", "submitted", "text/plain")
    own = window.commands.review(evidence)
    assert isinstance(own, ReviewDialog)
    own.submit()
    idle()
    assert "may not also review it" in own.bar.announced
    own.reject()
    assert world.register.item_file(item).evidence[-1].state == "submitted"


def test_a_rejection_of_evidence_needs_a_note(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    world.bring_to(item, "implementation")
    file = a_file("x")
    world.do(AddEvidence, "Olga", item=item, requirement="implementation_record", file=file, file_name="x.txt")
    window = opened(item)
    dialog = window.commands.review(world.register.item_file(item).evidence[-1])
    assert isinstance(dialog, ReviewDialog)
    dialog.refuse.click()
    assert world.register.item_file(item).evidence[-1].state == "submitted"
    dialog.note.setPlainText("Not legible.")
    dialog.refuse.click()
    idle()
    assert world.register.item_file(item).evidence[-1].state == "rejected"


def waiting_item(world: MemoryVault) -> str:
    item = world.new_item()
    world.bring_to(item, "plan")
    world.make_ready(item, sign=False)
    return item


def test_an_empty_inbox_teaches(enter: Enter) -> None:
    window = enter("Quinn")
    window.show_screen("approvals")
    screen = window.screens["approvals"]
    assert isinstance(screen, ApprovalsScreen)
    assert not screen.grid.isVisible()


def test_a_decision_waits_in_the_inbox_and_is_signed_with_the_keyboard(
    enter: Enter, idle: Idle, world: MemoryVault, qtbot: QtBot
) -> None:
    item = waiting_item(world)
    window = enter("Quinn")
    assert window.navigation.item(1).text() == "Approvals  (1)"
    window.show_screen("approvals")
    idle()
    screen = window.screens["approvals"]
    assert isinstance(screen, ApprovalsScreen)
    screen.grid.setFocus()
    qtbot.keyClick(screen, Qt.Key.Key_A)
    dialog = window.findChild(SignDialog)
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.passphrase.returned.emit()
    idle()
    given = world.register.item_file(item).approvals
    assert [(each.person, each.decision) for each in given] == [(world.ids["Quinn"], "approved")]
    assert world.register.entry(world.register.log_size() - 1).header.auth == "passphrase"
    assert window.navigation.item(1).text() == "Approvals"


def test_a_wrong_passphrase_signs_nothing_and_the_third_ends_the_signing(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = waiting_item(world)
    window = opened(item)
    dialog = window.commands.decide(window.services.workspace.focus, "approved")
    assert isinstance(dialog, SignDialog)
    for failed_unlocks in (1, 2):
        dialog.passphrase.type_in("a wrong passphrase")
        dialog.submit()
        idle()
        assert "not right" in dialog.bar.announced, failed_unlocks
    dialog.passphrase.type_in("a wrong passphrase")
    dialog.submit()
    idle()
    assert world.register.item_file(item).approvals == ()
    assert "Nothing was signed." in window.bar.announced


def test_signing_never_has_the_focus_on_its_button_and_asks_for_the_passphrase(
    opened: Callable[..., MainWindow], world: MemoryVault
) -> None:
    window = opened(waiting_item(world))
    dialog = window.commands.decide(window.services.workspace.focus, "approved")
    assert isinstance(dialog, SignDialog)
    assert dialog.focusWidget() is not dialog.verb
    assert not dialog.verb.isDefault()
    before = world.register.log_size()
    dialog.submit()
    assert dialog.isVisible()
    assert world.register.log_size() == before
    dialog.reject()


def test_a_rejection_asks_for_a_reason_first(opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault) -> None:
    item = waiting_item(world)
    window = opened(item)
    dialog = window.commands.decide(window.services.workspace.focus, "rejected")
    assert isinstance(dialog, SignDialog)
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    assert world.register.item_file(item).approvals == ()
    dialog.reason.setPlainText("The cause is not shown.")
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    idle()
    assert world.register.item_file(item).approvals[0].decision == "rejected"


def test_who_is_not_asked_is_shown_who_is(opened: Callable[..., MainWindow], world: MemoryVault) -> None:
    window = opened(waiting_item(world), "Nora")
    approve = window.services.actions["item.approve"]
    assert not approve.isEnabled()
    assert "Quinn" in why_not(approve)


def test_closing_shows_the_standard_the_pack_and_signs(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault, tmp_path: Path
) -> None:
    item = world.new_item()
    world.bring_to(item, "verification")
    world.make_ready(item)
    window = opened(item)
    window.services.actions["item.close"].trigger()
    idle()
    screen = window.screens["closure"]
    assert isinstance(screen, ClosureScreen)
    words = {pill.word for pill in screen.findChildren(Pill)}
    assert words == {"Met"}
    screen.preview()
    idle()
    assert screen.findChild(QPdfView).document().pageCount() == 1
    assert screen.pages_shown() == "1 page, as it would print before closing"
    screen.sign()
    dialog = window.findChild(SignDialog)
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    idle()
    assert world.register.item(item).state == "closed"
    assert screen.pages_shown() == "1 page, as it would print now"
    out = tmp_path / "pack.pdf"
    screen.print_to(out)
    idle()
    assert screen.pages_shown() == "1 page, as printed"
    assert out.read_bytes().startswith(b"%PDF")
    assert len(world.register.item_file(item).packs) == 1


def test_closing_too_early_states_what_is_missing(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    world.bring_to(item, "verification")
    window = opened(item)
    window.services.actions["item.close"].trigger()
    idle()
    screen = window.screens["closure"]
    assert isinstance(screen, ClosureScreen)
    assert "Missing" in {pill.word for pill in screen.findChildren(Pill)}
    assert not screen.can_sign


def test_cancelling_is_a_signing_with_a_reason(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = opened(item)
    if not window.services.actions["item.cancel"].isEnabled():
        pytest.fail(why_not(window.services.actions["item.cancel"]))
    dialog = window.commands.cancel(window.services.workspace.focus)
    assert isinstance(dialog, SignDialog)
    dialog.reason.setPlainText("Reported twice.")
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    idle()
    assert world.register.item(item).state == "cancelled"
    assert not window.services.actions["item.move"].isEnabled()


def test_an_item_on_hold_refuses_ordinary_acts_with_the_reason(
    opened: Callable[..., MainWindow], world: MemoryVault
) -> None:
    item = world.new_item()
    world.do(HoldItem, "Quinn", item=item, reason="Waiting.", review_on="2026-12-24")
    window = opened(item)
    assert not window.services.actions["item.save"].isEnabled()
    assert "hold" in why_not(window.services.actions["item.save"]).lower()
    assert window.services.actions["item.resume"].isEnabled()


def test_history_shows_every_entry_about_the_item(
    opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    world.bring_to(item, "cause")
    screen = item_screen(opened(item))
    screen.tabs.setCurrentWidget(screen.history)
    idle()
    assert screen.history.grid.model().rowCount() == len(world.register.entries_about(item))


def test_locking_forgets_what_was_shown(opened: Callable[..., MainWindow], idle: Idle, world: MemoryVault) -> None:
    window = opened(world.new_item())
    application = window.services.workspace.application
    window.services.actions["vault.lock"].trigger()
    idle()
    assert application.opened[-1].locked
    assert window.services.workspace.section == "welcome"
    assert window.services.workspace.focus is None
    register = window.screens["register"]
    assert isinstance(register, RegisterScreen)
    assert register.model.rowCount() == 0
    assert item_screen(window).findChild(QComboBox) is not None
    assert not item_screen(window).shows_an_item
