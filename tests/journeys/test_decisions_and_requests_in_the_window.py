"""Urgency, delegates, many signatures, requests and links at the real window, by keys and clicks, on a real vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
import time_machine
from decision_rig import DAY_1, FIRST_ADMIN, PEOPLE, WORDS, DecisionSite, make_site
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import LONG, Hands

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from ui.dialogs.bulk_sign import BulkSignDialog
from ui.dialogs.sign import SignDialog
from ui.dialogs.signatures_dialog import SignaturesDialog
from ui.main_window import MainWindow
from ui.screens.approvals import ApprovalsScreen
from ui.screens.item import ItemScreen
from ui.screens.people import PeopleScreen
from ui.settings import Settings

OLGA, WIM, QUINN, QUENTIN, MIA, MAX, DORA, DAN, NORA = PEOPLE


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decisions in the window")
    with pytest.MonkeyPatch.context() as patch:
        make_site(folder, patch)
    return folder


@pytest.fixture
def site(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DecisionSite:
    return DecisionSite(made_once, tmp_path, monkeypatch)


@pytest.fixture
def hands(qapp: QApplication, qtbot: QtBot, site: DecisionSite, tmp_path: Path) -> Iterator[Hands]:
    window = MainWindow(CountersignApplication(cost=MINIMUM_COST), Settings(tmp_path / "settings.ini"))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    with time_machine.travel(DAY_1, tick=True):
        yield Hands(window, qtbot)
        window.close()
        window.close()
    shiboken6.delete(window)
    qapp.setStyleSheet("")


def sit_down(hands: Hands, site: DecisionSite, person: str) -> None:
    """Somebody else comes to the window."""
    window = hands.window
    window.services.workspace.lock()
    hands.wait_idle()
    window.services.workspace.open(
        lambda: CountersignApplication(cost=MINIMUM_COST).unlock(site.vault, person=person, passphrase=WORDS),
        context=window,
        then=lambda: window.show_screen("register"),
        failed=lambda problem: pytest.fail(repr(problem)),
    )
    hands.until(lambda: window.services.workspace.is_open)
    hands.wait_idle()


def sign(hands: Hands, verb: str, *, reason: str = "") -> None:
    """The signing that stands open: the declaration and the name where they are asked for, then the passphrase."""
    dialog = hands.dialog(SignDialog)
    if dialog.declared is not None:
        QTest.keyClick(dialog.declared, Qt.Key.Key_Space)
    if dialog.name is not None:
        hands.fill("Your name", hands.window.services.workspace.session.person.name)
    if reason:
        assert dialog.reason is not None
        dialog.reason.setFocus()
        QTest.keyClicks(dialog.reason, reason)
    hands.fill("Your passphrase", WORDS)
    hands.look(f"sign {verb}")
    hands.press(verb)
    hands.no_dialog()


def inbox(hands: Hands) -> ApprovalsScreen:
    hands.go("approvals")
    return hands.screen(ApprovalsScreen)


def waiting(hands: Hands, *, for_others: bool = False) -> list[tuple[str, str]]:
    """The inbox, line by line: number, and what is asked of the person, or of others."""
    grid = hands.screen(ApprovalsScreen).grid
    lines = [hands.cells(grid, place) for place in range(grid.model().rowCount())]
    return [(line["Number"], line["Asked"]) for line in lines if (line["When"] == "Others") == for_others]


def request_lines(hands: Hands, screen: ItemScreen) -> list[tuple[str, str]]:
    screen.tabs.setCurrentWidget(screen.requests_tab)
    hands.wait_idle()
    grid = screen.requests_tab.grid
    lines = [hands.cells(grid, place) for place in range(grid.model().rowCount())]
    return [(line["What"], line["State"]) for line in lines]


def test_work_passes_urgently_by_one_signature_and_is_confirmed_by_the_others(hands: Hands, site: DecisionSite) -> None:
    item = site.new("Guard is missing")
    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Guard is missing")
    actions = hands.window.services.actions
    assert "Nobody has marked" in actions["urgent.approve"].statusTip()
    actions["urgent.mark"].trigger()
    hands.fill("Kind of reason", "Line down")
    hands.look("mark urgent")
    hands.press("Mark urgent")
    assert hands.marked_wrong() == {"Reason"}, "words are asked for beside the code"
    hands.fill("Reason", "Line 3 stands still.")
    hands.press("Mark urgent")
    hands.no_dialog()
    assert screen.urgent.isVisible()
    assert not actions["urgent.approve"].isEnabled(), "never the one who asks"
    tip = actions["urgent.approve"].statusTip()
    assert "Rule: separation" in tip or "Rule: urgent" in tip

    sit_down(hands, site, DORA)
    page = inbox(hands)
    assert waiting(hands) == [(item, "Urgent approval")]
    assert "Line 3 stands still." in hands.read(page.page)
    hands.look("inbox with an urgent approval")
    hands.key(Qt.Key.Key_A)
    sign(hands, "Sign the urgent approval")
    assert waiting(hands) == []
    hands.window.services.actions["decide.own"].trigger()
    dialog = hands.dialog(SignaturesDialog)
    hands.wait_idle()
    assert hands.cells(dialog.grid, 0)["Decision"] == "Urgently"
    assert dialog.shown is not None
    assert dialog.shown.same
    hands.press("Close")
    hands.no_dialog()

    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Guard is missing")
    actions["item.move"].trigger()
    hands.press("Move")
    hands.no_dialog()
    assert ("Obligation", "Open") in request_lines(hands, screen)
    hands.look("life with an obligation")

    for name in (QUINN, MIA):
        sit_down(hands, site, name)
        inbox(hands)
        assert waiting(hands) == [(item, "Confirm urgent")]
        hands.key(Qt.Key.Key_A)
        sign(hands, "Sign as approved")
    screen = hands.open_by_search("Guard is missing")
    assert ("Obligation", "Met") in request_lines(hands, screen)
    assert ("Urgent path", "Confirmed") in request_lines(hands, screen)
    sit_down(hands, site, FIRST_ADMIN)
    acts = [each.act for each in hands.window.services.workspace.vault.register.log_page(before=10_000, limit=8)]
    assert acts.count("confirm_urgent") == 2, acts


def test_one_signing_signs_what_is_ticked_and_unopened_ones_are_not(hands: Hands, site: DecisionSite) -> None:
    titles = ("First leak", "Second leak", "Third leak")
    numbers = [site.new(title) for title in titles]
    major = site.new("Big leak", severity="major")
    sit_down(hands, site, QUINN)
    inbox(hands)
    assert {number for number, _ in waiting(hands)} == {*numbers, major}
    hands.window.services.actions["decide.many"].trigger()
    dialog = hands.dialog(BulkSignDialog)
    seen = {each.number for each in dialog.ticked()}
    assert len(seen) == 1, "only what was opened is ticked"
    hands.wait_idle()
    boxes = {each.number: box for each, box in dialog.boxes}
    assert not boxes[major].isEnabled(), "a major one is signed by itself"
    assert "not signed together with others" in boxes[major].text()
    for number in numbers:
        if number not in seen:
            QTest.keyClick(boxes[number], Qt.Key.Key_Space)
    third = boxes[numbers[2]]
    QTest.keyClick(third, Qt.Key.Key_Space)
    assert not third.isChecked()
    hands.look("many signatures")
    boxes[major].setChecked(True)  # as if the rule had not been known when the signing was opened
    sign(hands, "Sign each that is ticked", reason="Looked at each")
    hands.wait_idle()
    assert {number for number, _ in waiting(hands)} == {numbers[2], major}, "what failed leaves the rest valid"
    announced = hands.window.bar.announced
    assert "2 of 3 signed" in announced
    assert major in announced


def test_everything_one_signed_is_listed_and_opens_as_it_was(hands: Hands, site: DecisionSite) -> None:
    first, second = site.new("Hose leaks"), site.new("Lid is bent")
    for item in (first, second):
        site.type(QUINN, "approve", item)
    sit_down(hands, site, MIA)
    hands.window.services.actions["decide.own"].trigger()
    hands.wait_idle()
    assert "signed nothing" in hands.window.bar.announced
    sit_down(hands, site, QUINN)
    hands.window.services.actions["decide.own"].trigger()
    dialog = hands.dialog(SignaturesDialog)
    hands.wait_idle()
    assert [hands.cells(dialog.grid, place)["Number"] for place in range(2)] == [second, first]
    dialog.grid.choose_row(1)
    hands.wait_idle()
    assert dialog.shown is not None
    assert dialog.shown.same
    assert "Hose leaks" in hands.read(dialog)
    hands.look("what I signed")
    hands.press("Open item")
    hands.no_dialog()
    assert hands.window.services.workspace.focus.facts.file.item.number == first


def test_a_delegate_signs_in_their_name_until_the_mandate_ends(hands: Hands, site: DecisionSite) -> None:
    first, second = site.new("Door does not close"), site.new("Window does not open")
    sit_down(hands, site, QUINN)
    hands.window.services.actions["mandate.give"].trigger()
    hands.fill("Delegate", NORA)
    hands.fill("Role delegated", "Quality")
    hands.fill("From", "2027-03-01")
    hands.fill("To, this day included", "2027-03-14")
    hands.look("give a mandate")
    sign(hands, "Sign the mandate", reason="Away at a supplier")
    sit_down(hands, site, NORA)
    page = inbox(hands)
    assert waiting(hands) == [(first, "Signature"), (second, "Signature")]
    assert f"for {QUINN}, under a mandate" in hands.read(page.page)
    hands.key(Qt.Key.Key_A)
    assert f"{NORA}, as Quality, for {QUINN} under a mandate" in hands.read(hands.dialog(SignDialog))
    sign(hands, "Sign as approved")
    assert waiting(hands) == [(second, "Signature")]
    sit_down(hands, site, QUINN)
    hands.go("people")
    screen = hands.screen(PeopleScreen)
    screen.tabs.setCurrentWidget(screen.mandates)
    hands.wait_idle()
    screen.mandates.grid.choose_row(0)
    assert hands.cells(screen.mandates.grid, 0)["State"] == "In force"
    hands.look("delegates")
    hands.press("End the mandate…")
    sign(hands, "Sign and end it", reason="Back again")
    hands.wait_idle()
    assert hands.cells(screen.mandates.grid, 0)["State"] == "Taken back"
    sit_down(hands, site, NORA)
    inbox(hands)
    assert waiting(hands) == [], "pending tasks return"


def test_changes_are_asked_for_a_question_is_answered_and_a_signature_is_taken_back(
    hands: Hands, site: DecisionSite
) -> None:
    item = site.new("Rail is loose")
    actions = hands.window.services.actions
    sit_down(hands, site, QUINN)
    inbox(hands)
    assert "nobody abstains there" in actions["decide.abstain"].statusTip()
    hands.press("Changes…")
    sign(hands, "Sign: Request changes", reason="The cause is too thin.")
    assert waiting(hands) == []

    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Rail is loose")
    assert "The cause is too thin." in hands.read(screen)
    hands.press("Resubmit as it stands…")
    hands.fill("Reason", "It is all there is.")
    hands.press("Resubmit")
    hands.no_dialog()
    assert not actions["decide.resubmit"].isEnabled()

    sit_down(hands, site, QUINN)
    inbox(hands)
    assert waiting(hands) == [(item, "Signature")]
    hands.key(Qt.Key.Key_Q)
    hands.fill("Asked of", OLGA)
    hands.fill("Question", "Who saw it?")
    hands.press("Ask")
    hands.no_dialog()

    sit_down(hands, site, OLGA)
    hands.open_by_search("Rail is loose")
    hands.press("Answer a question…")
    hands.fill("Answer", "Wim did.")
    hands.press("Answer")
    hands.no_dialog()

    sit_down(hands, site, QUINN)
    page = inbox(hands)
    assert "Wim did." in hands.read(page.page)
    hands.key(Qt.Key.Key_A)
    sign(hands, "Sign as approved")
    assert waiting(hands) == []
    hands.open_by_search("Rail is loose")
    actions["decide.take_back"].trigger()
    sign(hands, "Sign and take it back", reason="I read the wrong page.")
    inbox(hands)
    assert waiting(hands) == [(item, "Signature")], "what was taken back is asked for anew"


def test_what_was_signed_opens_as_it_was_after_an_edit_overtook_it(hands: Hands, site: DecisionSite) -> None:
    item = site.new("Pump is loud")
    site.type(QUINN, "approve", item)
    site.type(OLGA, "item set", item, "--reason", "Seen anew", "cause=Loose bolt")
    sit_down(hands, site, QUINN)
    hands.open_by_search("Pump is loud")
    hands.window.services.actions["decide.shown"].trigger()
    dialog = hands.dialog(SignaturesDialog)
    hands.wait_idle()
    assert dialog.shown is not None
    assert dialog.shown.same
    output = hands.read(dialog)
    assert "Cause: Worn seal  →  Loose bolt" in output
    assert "As signed" in output
    hands.look("what was signed")
    hands.press("Close")
    hands.no_dialog()


def test_a_later_day_and_an_end_are_asked_for_and_decided_by_others(hands: Hands, site: DecisionSite) -> None:
    item = site.new("Valve sticks")
    for name in (QUINN, MIA):
        site.type(name, "approve", item)
    site.type(OLGA, "item move", item, "doing")
    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Valve sticks")
    actions = hands.window.services.actions
    actions["ask.extend"].trigger()
    hands.fill("New due day", "2027-04-20")
    hands.fill("Reason", "The part is late.")
    hands.press("Ask")
    assert hands.marked_wrong() == {"Risk until then, and what stands in"}
    hands.fill("Risk until then, and what stands in", "The guard stays closed.")
    hands.look("ask for a later due day")
    hands.press("Ask")
    hands.no_dialog()
    assert "asked for already" in actions["ask.extend"].statusTip()
    assert not actions["decide.request"].isEnabled(), "whoever asks does not decide"
    inbox(hands)
    assert waiting(hands) == []
    assert waiting(hands, for_others=True) == [(item, "Later due day")]
    output = hands.read(hands.screen(ApprovalsScreen)).splitlines()
    assert output[-1] in (f"Waiting for {MIA}, {MAX}", f"Waiting for {MAX}, {MIA}")

    sit_down(hands, site, MIA)
    page = inbox(hands)
    assert waiting(hands) == [(item, "Later due day")]
    read = hands.read(page.page)
    assert "1 Apr 2027  →  20 Apr 2027" in read
    assert "The guard stays closed." in read
    hands.look("inbox with a request")
    actions["decide.many"].trigger()
    dialog = hands.dialog(BulkSignDialog)
    hands.wait_idle()
    assert "Due: 1 Apr 2027  →  20 Apr 2027" in dialog.boxes[0][1].text()
    hands.look("many, with what each changes")
    hands.press("Do nothing")
    hands.no_dialog()
    hands.press("Grant and sign…")
    sign(hands, "Sign the decision")
    screen = hands.open_by_search("Valve sticks")
    assert ("Later due day (1)", "Granted") in request_lines(hands, screen)
    assert request_lines(hands, screen).count(("Due day", "In force")) == 1
    hands.look("every due day")

    sit_down(hands, site, OLGA)
    hands.open_by_search("Valve sticks")
    actions["ask.cancel"].trigger()
    hands.fill("Reason", "The line is scrapped.")
    hands.look("ask to cancel")
    hands.press("Ask")
    hands.no_dialog()
    sit_down(hands, site, QUINN)
    page = inbox(hands)
    asked = waiting(hands)
    assert sorted(asked) == [(item, "Cancelling"), (item, "Signature")], "another due day is signed for anew"
    page.grid.choose_row(asked.index((item, "Cancelling")))
    hands.wait_idle()
    hands.key(Qt.Key.Key_R)
    sign(hands, "Sign the decision", reason="It is repaired first.")
    assert waiting(hands) == [(item, "Signature")]
    screen = hands.open_by_search("Valve sticks")
    assert ("Cancelling (1)", "Rejected") in request_lines(hands, screen)
    assert hands.window.services.workspace.focus.facts.file.item.state == "open"


def test_what_an_item_waits_for_is_linked_asked_about_and_unlinked(hands: Hands, site: DecisionSite) -> None:
    blocker, item = site.new("Order the seal", owner=WIM), site.new("Change the seal")
    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Change the seal")
    actions = hands.window.services.actions
    assert "no link" in actions["link.end"].statusTip()
    actions["link.add"].trigger()
    hands.fill("Number of the other item", "FIX-9999")
    hands.press("Link")
    hands.wait_idle()
    assert hands.open_dialog() is not None, "an unknown number is stated in the dialog"
    hands.fill("Number of the other item", blocker)
    hands.press("Link")
    hands.no_dialog()
    screen.tabs.setCurrentWidget(screen.links)
    hands.wait_idle()
    first = hands.cells(screen.links.grid, 0)
    assert (first["This item"], first["Number"], first["Owner"]) == ("is blocked by", blocker, WIM)
    assert screen.links.chain.model().rowCount() == 2
    hands.look("links and the chain of waiting")

    # The other way round it would wait for itself.
    hands.open_by_search("Order the seal")
    actions["link.add"].trigger()
    hands.fill("Number of the other item", item)
    hands.press("Link")
    hands.wait_idle()
    assert "would wait for itself" in hands.read(hands.open_dialog())
    hands.press("Do nothing")
    hands.no_dialog()

    hands.open_by_search("Change the seal")
    actions["link.ask"].trigger()
    hands.fill("Question", "When does it come?")
    hands.press("Ask")
    hands.no_dialog()
    sit_down(hands, site, WIM)
    page = inbox(hands)
    assert waiting(hands) == [(blocker, "Answer")]
    assert "When does it come?" in hands.read(page.page)
    hands.key(Qt.Key.Key_A)
    hands.fill("Answer", "On Friday.")
    hands.press("Answer")
    hands.no_dialog()
    assert waiting(hands) == []

    sit_down(hands, site, OLGA)
    screen = hands.open_by_search("Change the seal")
    actions["link.end"].trigger()
    hands.press("End the link")
    assert hands.marked_wrong() == {"Reason"}
    hands.fill("Reason", "It came.")
    hands.press("End the link")
    hands.no_dialog()
    assert hands.window.services.workspace.focus.linked == ()
