"""The main job in the window: from an empty folder to a verified closure pack, by keys and clicks in the real
window.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from command_line import SAMPLE_TRACKER
from PySide6.QtCore import Qt
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from window_driver import CTRL, LONG, SHIFT, Hands
from window_steps import add_evidence, change_places, open_review, passphrase_of

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from ui.actions import why_not
from ui.dialogs.item_dialogs import AssignDialog, MoveDialog
from ui.dialogs.sign import SignDialog
from ui.main_window import MainWindow
from ui.screens.approvals import ApprovalsScreen
from ui.screens.audit_log import AuditLogScreen
from ui.screens.closure import ClosureScreen
from ui.screens.import_wizard import CHECK, COLUMNS, RESULT, SOURCE, ImportScreen
from ui.screens.item import ItemScreen
from ui.screens.pack_check import PackCheck
from ui.screens.people import AddPersonDialog, PeopleScreen
from ui.screens.register import RegisterScreen
from ui.screens.welcome import Welcome
from ui.settings import Settings
from ui.widgets.pill import Pill

FIRST_ADMIN, CREATOR, SECOND, PROCESS, OWNER = "Ada Admin", "Quinn QA", "Victor Second", "Priya Process", "Otto Owner"
THIRD = "Tara Third"
"""Adds evidence, and so signs nothing."""
ENROLLED = (
    (CREATOR, "Quality"),
    (SECOND, "Quality"),
    (THIRD, "Quality"),
    (PROCESS, "Process owner"),
    (OWNER, "Auditor"),
)
ROWS, ENTERED_TWICE = 324, 1
ITEM = "CAPA-0003"
"""The key of one row of the sample tracker."""

CONTAINED = (
    ("Correction", "Label replaced and balance checked."),
    ("Containment", "Balance locked."),
    ("Consequences dealt with", "done: none found."),
)
CAUSED = (
    ("Method of the cause analysis", "Evident"),
    ("Root cause", "The calibration plan names the old balance."),
    ("Similar cases", "All nine balances looked at: none."),
    ("Result of the check for similar cases", "None found"),
)
ACTION = ("Correct the plan", OWNER, "2027-12-04", "open")
JUDGED = (
    ("Risks and opportunities updated", "not needed because unchanged"),
    ("Management system changed", "done: QP-07"),
)


@pytest.fixture
def hands(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    window = MainWindow(CountersignApplication(cost=MINIMUM_COST), Settings(tmp_path / "settings.ini"))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    yield Hands(window, qtbot)
    window.close()
    window.close()  # the first time, unrecorded changes of a journey that failed hold the window open
    shiboken6.delete(window)
    qapp.setStyleSheet("")


def make_the_vault(hands: Hands, folder: Path) -> None:
    hands.screen(Welcome)
    hands.look("welcome")
    hands.menu(Qt.Key.Key_V, Qt.Key.Key_N)
    assert hands.section == "new_vault"
    hands.press("Make the vault")
    assert hands.marked_wrong() == {"Name of the vault", "Your name", "Passphrase"}, "an empty form says what it lacks"
    for field, text in (
        ("Name of the vault", "Site A"),
        ("Kept in folder", str(folder)),
        ("Your name", FIRST_ADMIN),
        ("Passphrase", passphrase_of(FIRST_ADMIN)),
        ("Passphrase again", passphrase_of(FIRST_ADMIN)),
    ):
        hands.fill(field, text)
    hands.look("new vault")
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: hands.window.services.workspace.is_open)
    hands.wait_idle()
    hands.look("vault made")
    hands.go("register")
    assert hands.screen(RegisterScreen).shown_sentence() == "Nothing in this register yet"
    hands.look("empty register")


def enrol_everyone(hands: Hands) -> None:
    hands.go("people")
    people = hands.screen(PeopleScreen)
    hands.until(lambda: people.gaps.announced)
    assert "Nobody" in people.gaps.announced, "what a process asks of people who are not there yet is stated"
    for name, role in ENROLLED:
        hands.press("Add a person…")
        hands.dialog(AddPersonDialog)
        hands.fill("Name, as signatures show it", name)
        hands.fill("Identity checked by", "Passport seen in person")
        hands.tick(role)
        hands.fill("Their passphrase", passphrase_of(name))
        hands.fill("The same again", passphrase_of(name))
        hands.look("add a person")
        hands.key(Qt.Key.Key_Return)
        hands.no_dialog()
    shown = {row["Name"]: row["Roles"] for row in (hands.cells(people.grid, n) for n in range(1 + len(ENROLLED)))}
    assert shown == {FIRST_ADMIN: "Administrator", **dict(ENROLLED)}
    hands.look("people")


def import_the_tracker(hands: Hands) -> None:
    hands.go("import")
    wizard = hands.screen(ImportScreen)
    assert wizard.step == SOURCE
    hands.look("import source")
    hands.fill("Rows become items of process", "Corrective action")
    hands.press("Choose a file…")
    hands.hand_in(SAMPLE_TRACKER)
    assert wizard.step == COLUMNS
    assert {"key", "title", "owner", "due", "status"} <= {field for field, c in wizard.columns.mapping().items() if c}
    hands.look("import columns")
    hands.key(Qt.Key.Key_Space)  # the button that goes on has the keyboard
    hands.wait_idle()
    assert wizard.step == CHECK
    assert (wizard.check.count("new"), wizard.check.count("refused")) == (ROWS - ENTERED_TWICE, ENTERED_TWICE)
    hands.look("import check")
    assert hands.button("Import 323 rows").hasFocus()
    hands.key(Qt.Key.Key_Space)
    hands.wait_idle()
    assert wizard.step == RESULT
    assert "323 new items" in hands.read(wizard)
    hands.look("import result")
    hands.press("Show the register")
    hands.wait_idle()
    register = hands.screen(RegisterScreen)
    assert register.model.rowCount() == ROWS - ENTERED_TWICE
    hands.look("register")


def move(hands: Hands, to: str) -> None:
    """Ctrl+M, a reason, Move."""
    hands.key(Qt.Key.Key_M, CTRL)
    dialog = hands.dialog(MoveDialog)
    assert dialog.step.currentText() == to, dialog.step.currentText()
    assert dialog.verb.isEnabled(), dialog.announced()
    hands.fill("Reason", "Ready.")
    hands.look(f"move to {to}")
    hands.press("Move")
    hands.no_dialog()
    assert step_of(hands) == to


def step_of(hands: Hands) -> str:
    facts = hands.window.services.workspace.focus.facts
    return facts.process.step(facts.file.item.step).title


def save(hands: Hands, screen: ItemScreen) -> None:
    assert screen.has_unrecorded_changes
    for reason in screen.overview.findChildren(QLineEdit):
        if reason.accessibleName() == "Reason of the change" and reason.isVisible():
            reason.setText("Seen anew.")
    hands.key(Qt.Key.Key_S, CTRL)
    hands.wait_idle()
    assert not screen.has_unrecorded_changes, screen.bar.announced


def attempt_too_early(hands: Hands, screen: ItemScreen) -> None:
    """The box says why it cannot go on yet; the dialog refuses and says the same; so does a save without a title."""
    announced = "\n".join(screen.next_action.announced)
    assert "To go to Containment:" in announced
    assert f"Assign an owner.  —  {CREATOR}, {SECOND}, {THIRD}, {PROCESS}" in announced
    hands.look("item with obstacles")
    hands.key(Qt.Key.Key_M, CTRL)
    dialog = hands.dialog(MoveDialog)
    assert dialog.announced()
    hands.press("Try anyway")
    hands.until(lambda: dialog.bar.announced)
    hands.look("move refused")
    hands.key(Qt.Key.Key_Escape)
    hands.no_dialog()
    assert step_of(hands) == "Reported"
    title, entries = screen.overview.editor("title").value(), hands.window.services.workspace.session.log_size
    hands.fill("Title", "")
    hands.key(Qt.Key.Key_Backspace)
    hands.key(Qt.Key.Key_S, CTRL)
    hands.until(lambda: screen.bar.announced)
    hands.wait_idle()
    assert "needs a title" in screen.bar.announced
    hands.look("save refused")
    hands.press("Discard")
    assert screen.overview.editor("title").value() == title
    assert hands.window.services.workspace.session.log_size > entries, "the refused command is in the log"


def sign(hands: Hands, person: str, *, first: bool, wrong_first: bool = False) -> None:
    """The signing, by keyboard: declaration (once in a vault), name (once in a session), passphrase, Enter."""
    dialog = hands.dialog(SignDialog)
    assert person in hands.read(dialog)
    assert (dialog.declared is not None) is first
    if first:
        hands.look("first signature")
        hands.fill("Your passphrase", passphrase_of(person))
        hands.key(Qt.Key.Key_Return)
        assert dialog.isVisible(), "nothing is signed without the declaration"
        assert hands.marked_wrong() == {"Your name"}
        hands.tick(dialog.declared.text().replace("&", ""))
    hands.fill("Your name", person)
    if wrong_first:
        hands.fill("Your passphrase", "these are not the words")
        hands.key(Qt.Key.Key_Return)
        hands.until(lambda: dialog.bar.announced)
        hands.wait_idle()
        assert "not right" in dialog.bar.announced
        hands.look("sign with a wrong passphrase")
    hands.fill("Your passphrase", passphrase_of(person))
    hands.look("sign")
    hands.key(Qt.Key.Key_Return)
    hands.no_dialog()


def approve_from_the_inbox(hands: Hands, person: str, *, first: bool, wrong_first: bool = False) -> None:
    """The one decision that waits is signed; then nothing waits, and the same person cannot sign again."""
    assert hands.in_navigation("approvals") == "Approvals  (1)"
    hands.go("approvals")
    inbox = hands.screen(ApprovalsScreen)
    assert inbox.grid.isVisible()
    hands.look("inbox")
    hands.key(Qt.Key.Key_A)
    sign(hands, person, first=first, wrong_first=wrong_first)
    facts = hands.window.services.workspace.focus.facts
    assert facts.names[facts.file.approvals[-1].person] == person
    assert hands.in_navigation("approvals") == "Approvals"
    assert not inbox.grid.isVisible()
    hands.look("inbox empty")
    again = hands.window.services.actions["item.approve"]
    assert not again.isEnabled()
    assert why_not(again)
    hands.key(Qt.Key.Key_Return, CTRL | SHIFT)
    assert hands.open_dialog() is None


@pytest.mark.qt_log_level_fail("WARNING")
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_tracker_becomes_work_and_one_item_is_closed_with_proof_in_the_window(hands: Hands, tmp_path: Path) -> None:
    began = time.perf_counter()
    make_the_vault(hands, tmp_path)
    enrol_everyone(hands)
    change_places(hands, CREATOR)
    import_the_tracker(hands)

    # An item is found and opened by keyboard, does not go on unready, gets what it lacks, and goes on.
    screen = hands.open_by_search(ITEM)
    number = hands.window.services.workspace.focus.facts.file.item.number
    attempt_too_early(hands, screen)
    hands.command("assign")
    hands.dialog(AssignDialog)
    hands.fill("Owner", OWNER)
    hands.look("assign")
    hands.press("Assign")
    hands.no_dialog()
    hands.fill("Description", "Expired label found on balance 7.")
    hands.fill("Severity", "Major")
    hands.look("item edited")
    save(hands, screen)
    move(hands, "Containment")

    # The owner takes it to the plan.
    change_places(hands, OWNER)
    screen = hands.open_by_search(number)
    for field, text in CONTAINED:
        hands.fill(field, text)
    save(hands, screen)
    move(hands, "Cause")
    for field, text in CAUSED:
        hands.fill(field, text)
    save(hands, screen)
    trial = tmp_path / "trial.txt"
    trial.write_text("The balance drifts with the old label.\n", encoding="utf-8")
    add_evidence(hands, screen, trial, "Record of the cause")
    change_places(hands, SECOND)
    open_review(hands, hands.open_by_search(number), "trial.txt")
    hands.press("Accept")
    hands.no_dialog()
    change_places(hands, OWNER)
    screen = hands.open_by_search(number)
    move(hands, "Plan")
    screen.tabs.setCurrentWidget(screen.overview)
    hands.press("Add a row", hands.row("Actions"))
    hands.fill_table("Actions", 0, ACTION)
    hands.fill("Effectiveness criterion", "No expired label in three monthly walk-throughs.")
    hands.fill("Effectiveness review on", "18 Dec 2027")
    hands.fill("Window of observation", "Three months.")
    hands.fill("Effectiveness judged by", SECOND)
    save(hands, screen)
    hands.look("item at the plan")
    announced = "\n".join(screen.next_action.announced)
    assert "To go to Implementation:" in announced
    assert SECOND in announced
    assert CREATOR not in announced, "who made the item is not asked"

    # Two people approve, each from the inbox.
    change_places(hands, SECOND)
    approve_from_the_inbox(hands, SECOND, first=True, wrong_first=True)
    change_places(hands, PROCESS)
    approve_from_the_inbox(hands, PROCESS, first=True)

    # The owner carries it out.
    change_places(hands, OWNER)
    screen = hands.open_by_search(number)
    move(hands, "Implementation")
    hands.fill_table("Actions", 0, (*ACTION[:3], "done"))
    save(hands, screen)
    proofs = {name: tmp_path / f"{name}.txt" for name in ("implementation", "effect")}
    for name, file in proofs.items():
        file.write_text(f"{name}: seen at the laboratory\n", encoding="utf-8")
    add_evidence(hands, screen, proofs["effect"], "Effectiveness record")

    # Who added a file does not judge it; who did not, does. Nor does who added one sign.
    change_places(hands, THIRD)
    screen = hands.open_by_search(number)
    add_evidence(hands, screen, proofs["implementation"], "Implementation record")
    own = open_review(hands, screen, "implementation.txt")
    hands.press("Accept")
    hands.until(lambda: own.bar.announced)
    hands.wait_idle()
    assert "may not also review it" in own.bar.announced
    hands.look("own evidence refused")
    hands.key(Qt.Key.Key_Escape)
    hands.no_dialog()
    open_review(hands, screen, "effect.txt")
    hands.press("Accept")
    hands.no_dialog()
    change_places(hands, CREATOR)
    screen = hands.open_by_search(number)
    open_review(hands, screen, "implementation.txt")
    hands.look("review")
    hands.press("Accept")
    hands.no_dialog()
    assert {e.state for e in hands.window.services.workspace.focus.facts.file.evidence} == {"accepted"}
    hands.look("evidence accepted")
    move(hands, "Verification")
    screen.tabs.setCurrentWidget(screen.overview)
    hands.fill("Effectiveness verdict", "Effective")
    for field, text in JUDGED:
        hands.fill(field, text)
    save(hands, screen)

    # Closing waits for two signatures, then closes with its pack.
    hands.key(Qt.Key.Key_C, CTRL | SHIFT)
    hands.wait_idle()
    closing = hands.screen(ClosureScreen)
    assert not closing.can_sign
    assert sum(pill.word == "Missing" for pill in closing.findChildren(Pill) if pill.isVisible()) >= 2
    hands.look("closing too early")
    for person in (SECOND, PROCESS):
        change_places(hands, person)
        approve_from_the_inbox(hands, person, first=False)
    change_places(hands, CREATOR)
    hands.open_by_search(number)
    hands.key(Qt.Key.Key_C, CTRL | SHIFT)
    hands.wait_idle()
    closing = hands.screen(ClosureScreen)
    assert {pill.word for pill in closing.findChildren(Pill) if pill.isVisible()} == {"Met"}
    hands.fill("Summary", "No repeat in three walk-throughs.")
    hands.press("Preview the pack")
    hands.wait_idle()
    assert closing.findChild(QPdfView).document().pageCount() >= 2
    hands.look("closing")
    hands.press("Sign and close…")
    sign(hands, CREATOR, first=True)
    assert hands.window.services.workspace.focus.facts.file.item.state == "closed"
    hands.look("closed")
    pack = tmp_path / "pack.pdf"
    hands.press("Print the pack…")
    hands.hand_in(pack)
    hands.until(lambda: str(pack) in closing.bar.announced)
    hands.wait_idle()
    hands.look("pack printed")
    hands.key(Qt.Key.Key_Escape)
    hands.wait_idle()
    hands.look("item closed")
    screen = hands.screen(ItemScreen)
    for tab in (screen.approvals, screen.history, screen.source):
        screen.tabs.setCurrentWidget(tab)
        hands.wait_idle()
        hands.look(f"item tab {screen.tabs.currentIndex()}")

    # The log holds, and the paper proves itself; altered by one bit, it does not.
    hands.key(Qt.Key.Key_V, CTRL | SHIFT)
    log = hands.screen(AuditLogScreen)
    hands.until(lambda: "intact" in log.banner.announced or "DAMAGED" in log.banner.announced)
    hands.wait_idle()
    assert "The log is intact" in log.banner.announced
    hands.look("log intact")
    altered = tmp_path / "altered.pdf"
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(bytes(data))
    for file, verdict in ((pack, "VERIFIED"), (altered, "NOT VERIFIED")):
        hands.menu(Qt.Key.Key_V, Qt.Key.Key_V)
        hands.hand_in(file)
        check = hands.screen(PackCheck)
        hands.until(lambda check=check: check.bar.announced)
        hands.wait_idle()
        assert check.bar.announced.splitlines()[0] == verdict
        hands.look(f"pack check {file.stem}")
    print(f"the main job in the window took {time.perf_counter() - began:.1f} s")
