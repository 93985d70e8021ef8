"""Somebody who never saw the program builds a process of five steps and two gates, and an item runs through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import CTRL, LONG, SHIFT, Hands

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.items import AssignItem, CreateItem, EditItem, MoveItem
from domain.errors import Refused
from domain.process.states import state_at
from ui.main_window import MainWindow
from ui.screens.designer.new_process import NewProcessDialog
from ui.screens.designer.screen import DesignerScreen
from ui.screens.item import ItemScreen
from ui.settings import Settings

WORDS = "throw-away words for a test vault"
DESIGNER, QUALITY, HEAD, OWNER, LAB, SECOND = "Dora", "Quinn", "Fay", "Pat", "Lars", "Lena"
PEOPLE = {QUALITY: ("quality",), HEAD: ("function_head",), OWNER: ("process_owner",), LAB: (), SECOND: ()}
STEPS = ("Sampled", "Measured", "Reported")
WAYS = (("Sampled", "Measured"), ("Measured", "Reported"), ("Reported", "Closed"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    vault = CountersignApplication(cost=MINIMUM_COST).create_vault(
        tmp_path / "P.vault", name="Site P", person=DESIGNER, passphrase=WORDS
    )
    for name, roles in PEOPLE.items():
        vault.add_person(name=name, roles=roles, identity_checked="Passport seen", passphrase=WORDS)
    vault.people_service.grant_role(person=vault.person.id, role="quality")
    vault.lock()
    return tmp_path / "P.vault"


@pytest.fixture
def hands(qapp: QApplication, qtbot: QtBot, folder: Path, tmp_path: Path) -> Iterator[Hands]:
    application = CountersignApplication(cost=MINIMUM_COST)
    window = MainWindow(application, Settings(tmp_path / "settings.ini"))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    at_work = Hands(window, qtbot)
    window.services.workspace.open(
        lambda: application.unlock(folder, person=DESIGNER, passphrase=WORDS),
        context=window,
        then=lambda: window.show_screen("register"),
        failed=lambda problem: pytest.fail(repr(problem)),
    )
    at_work.until(lambda: window.services.workspace.is_open)
    at_work.wait_idle()
    yield at_work
    window.close()
    window.close()
    shiboken6.delete(window)
    qapp.setStyleSheet("")


def click_part(screen: DesignerScreen, words: str, below: str = "") -> None:
    """Click on a part of the tree by its words; `below` is part of its place."""
    found = [
        item
        for item in screen.parts.findItems(words, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        if below in str(item.data(0, Qt.ItemDataRole.UserRole))
    ]
    assert found, f"no part {words!r}"
    above = found[0].parent()
    while above is not None:
        above.setExpanded(True)
        above = above.parent()
    screen.parts.scrollToItem(found[0])
    where = screen.parts.visualItemRect(found[0]).center()
    QTest.mouseClick(screen.parts.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert screen.parts.currentItem() is found[0]


def as_person(folder: Path, name: str, *commands: Command) -> Any:
    """Carry out commands as a person; the entry of the last one comes back."""
    vault = CountersignApplication(cost=MINIMUM_COST).unlock(folder, person=name, passphrase=WORDS)
    try:
        return [vault.perform(command, passphrase=WORDS) for command in commands][-1]
    finally:
        vault.lock()


def person_id(folder: Path, name: str) -> str:
    vault = CountersignApplication(cost=MINIMUM_COST).unlock(folder, person=DESIGNER, passphrase=WORDS)
    try:
        return next(each.id for each in vault.register.people() if each.name == name)
    finally:
        vault.lock()


def test_a_process_of_five_steps_and_two_gates_is_built_published_and_used(hands: Hands, folder: Path) -> None:
    hands.go("designer")
    screen = hands.screen(DesignerScreen)
    hands.until(lambda: screen.draft.document)
    hands.look("library")
    assert not screen.save.isEnabled(), "a version in force is not edited"

    # A new process by keyboard: an empty form says what it lacks.
    hands.key(Qt.Key.Key_N, CTRL | SHIFT)
    hands.dialog(NewProcessDialog)
    hands.press("Begin the draft")
    assert hands.marked_wrong() == {"Title", "Prefix of its numbers", "First role"}
    for field, text in (("Title", "Lab request"), ("Prefix of its numbers", "LAB"), ("First role", "Lab")):
        hands.fill(field, text)
    hands.look("new process dialog")
    hands.press("Begin the draft")
    hands.no_dialog()
    assert [each["title"] for each in screen.draft.document["steps"]] == ["Opened", "Closed"]

    # Three steps more, before the closed one.
    for title in STEPS:
        click_part(screen, "Steps")
        hands.press("Add")
        hands.fill("Title", title)
        hands.fill("Responsible", "Lab")
    steps = [(each["id"], each["title"]) for each in screen.draft.document["steps"]]
    assert steps == [(word.lower(), word) for word in ("Opened", *STEPS, "Closed")]
    hands.press("Undo")
    hands.press("Redo")

    # The ways between them.
    click_part(screen, "Close", "transitions")
    hands.fill("To", "Sampled")
    hands.fill("Title", "Take the sample")
    for source, target in WAYS:
        click_part(screen, "Transitions")
        hands.press("Add")
        hands.fill("From", source)
        hands.fill("To", target)
        hands.fill("Title", f"To {target.lower()}")
    hands.look("steps and ways")

    # Two gates: somebody signs before the report, and before closing.
    for place, meaning in (
        ("transitions[2].gate", "I have checked the measurement."),
        ("closure.gate", "I release the report."),
    ):
        click_part(screen, "Approvals", place)
        hands.press("Add")
        hands.fill("Role", "Lab")
        hands.fill("Meaning", meaning)
    hands.until(lambda: screen.proofs.diagram.diagram and len(screen.proofs.diagram.diagram.nodes) == 5)
    screen.proofs.diagram.choose("measured")
    assert screen.proofs.diagram.described() == "Step 3 of 5, Measured, lab"

    # A trial with invented people shows the gate, and is kept as a scenario.
    screen.proofs.setCurrentIndex(4)
    trial = screen.proofs.trial
    hands.until(lambda: trial.trial is not None and trial.trial.version.title == "Lab request")
    hands.press("Begin an item")
    for _ in range(3):
        hands.press("Go to the step")
    assert "approval.missing" in trial.words.toPlainText()
    hands.press("Sign as who is asked")
    hands.press("Go to the step")
    assert trial.trial is not None
    assert trial.trial.stands() == "reported"
    hands.look("try it")
    hands.press("Save as scenario")

    # Two more stories that the version needs: work that is late, and work on hold.
    for acts in (("Let ten working days pass",), ("Put on hold", "Go on after the hold")):
        hands.press("Begin an item")
        for act in acts:
            hands.press(act)
        assert "✗" not in trial.words.toPlainText()
        hands.press("Save as scenario")
    assert [each["kind"] for each in screen.draft.document["scenarios"]] == ["normal_path", "refused", "late", "other"]
    screen.proofs.setCurrentIndex(2)
    hands.press("Run all scenarios")
    hands.until(lambda: screen.proofs.scenario_runs.item(0).text().startswith("✓"))
    hands.until(lambda: screen.proofs.scenario_runs.count() == 4)
    ran = [screen.proofs.scenario_runs.item(n).text() for n in range(4)]
    assert all(each.startswith("✓") for each in ran), ran
    screen.proofs.setCurrentIndex(1)
    hands.look("problems")
    assert not [
        screen.proofs.problems.item(n).text()
        for n in range(screen.proofs.problems.count())
        if screen.proofs.problems.item(n).text().startswith("✗")
    ]

    # On record, and proposed: the process change opens.
    hands.press("Save draft")
    hands.until(lambda: "on record" in screen.bar.announced)
    hands.wait_idle()
    hands.look("draft on record")
    hands.press("Propose…")
    hands.until(lambda: hands.section == "item" and hands.window.services.workspace.focus)
    hands.wait_idle()
    hands.screen(ItemScreen)
    change = hands.window.services.workspace.focus.facts.file.item
    assert (change.process, change.values["version"]) == ("process_change", "lab_request@1")
    hands.look("process change")
    hands.window.services.workspace.lock()
    hands.wait_idle()
    publish(folder, change.id)
    run_one(folder)


def publish(folder: Path, change: str) -> None:
    """Others take it through review; the author cannot approve their version."""
    today = datetime.now(UTC).date()
    fields = {
        "description": "There was no process for samples.",
        "reason": "Samples were lost.",
        "summary": "Five steps, two signatures.",
        "impact": "The laboratory works by it.",
        "resources": "None.",
        "open_items": "stay",
        "in_force_from": today.isoformat(),
        "due": (today + timedelta(days=30)).isoformat(),
    }
    owner = person_id(folder, LAB)  # whoever owned it once would not sign
    as_person(
        folder,
        DESIGNER,
        AssignItem(item=change, person=owner),
        EditItem(item=change, fields=fields),
        MoveItem(item=change, step="drafting"),
        MoveItem(item=change, step="review"),
    )
    with pytest.raises(Refused) as nobody:
        as_person(folder, QUALITY, ApproveItem(item=change))
    assert "advice.nobody" in {each.rule for each in nobody.value.obstacles}
    vault = CountersignApplication(cost=MINIMUM_COST).unlock(folder, person=DESIGNER, passphrase=WORDS)
    ids = {each.name: each.id for each in vault.register.people()}
    for name in (LAB, SECOND):
        vault.people_service.grant_role(person=ids[name], role="lab")
    vault.lock()
    with pytest.raises(Refused) as refused:
        as_person(folder, DESIGNER, ApproveItem(item=change))
    assert {each.rule for each in refused.value.obstacles} & {"separation.creator", "separation.author"}
    as_person(folder, QUALITY, ApproveItem(item=change))
    as_person(folder, HEAD, ApproveItem(item=change))
    as_person(folder, OWNER, ApproveItem(item=change), MoveItem(item=change, step="in_force"))


def run_one(folder: Path) -> None:
    """The process is in force, and an item goes from its first step to its closure by two people of the laboratory."""
    vault = CountersignApplication(cost=MINIMUM_COST).unlock(folder, person=DESIGNER, passphrase=WORDS)
    versions = vault.register.process_versions()
    published = next(each for each in versions if each.id == "lab_request@1")
    assert state_at(published, versions, datetime.now(UTC)) == "in_force"
    ids = {each.name: each.id for each in vault.register.people()}
    vault.lock()
    made = as_person(folder, LAB, CreateItem(process="lab_request", fields={"title": "pH of lot 7", "owner": ids[LAB]}))
    item = made.header.subject
    for step in ("sampled", "measured"):
        as_person(folder, LAB, MoveItem(item=item, step=step))
    with pytest.raises(Refused, match="signature"):
        as_person(folder, LAB, MoveItem(item=item, step="reported"))
    as_person(folder, SECOND, ApproveItem(item=item))
    as_person(folder, LAB, MoveItem(item=item, step="reported"))
    as_person(folder, SECOND, ApproveItem(item=item))
    closed = as_person(folder, LAB, CloseItem(item=item, outcome="reached", summary="7.02"))
    assert closed.header.act == "close_item"
