"""People and roles on a real vault: conflicts first, questions answered by the gates, keys changed with a signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import PASSPHRASE

from domain.records.oversight import Review
from domain.records.people import KeyReset
from ui.screens.people import PeopleScreen

NEW = "seven unlikely herons juggle walnuts"


@pytest.fixture
def screen(services, site_vault: Path) -> PeopleScreen:
    """The people of the site, seen by its administrator."""
    services.enter(site_vault, "Ada Admin", PASSPHRASE)
    found = services.show("people")
    assert isinstance(found, PeopleScreen)
    return found


def person_id(services, name: str) -> str:
    return next(each.id for each in services.workspace.session.people if each.name == name)


def choose(services, screen: PeopleScreen, name: str) -> str:
    person = person_id(services, name)
    screen.choose(person)
    return person


def finish(services, dialog) -> None:
    """Submit and wait until the dialog has gone."""
    gone = []
    dialog.accepted.connect(lambda: gone.append(True))
    dialog.submit()
    services.until(lambda: gone)
    services.idle()


def sign(services, dialog) -> None:
    if dialog.declared is not None:
        dialog.declared.setChecked(True)
    if dialog.name is not None:
        dialog.name.setText(services.workspace.session.person.name)
    dialog.passphrase.type_in(PASSPHRASE)
    finish(services, dialog)


def reason_of(services, action: str) -> str:
    return services.window.services.actions[action].statusTip()


def test_conflicts_between_roles_and_people_come_first(services, screen) -> None:
    announced = screen.gaps.announced
    assert "Ada Admin is the only administrator" in announced
    assert "Only Quinn QA holds Quality" in announced
    assert "Nobody holds" in announced


def test_a_role_is_granted_and_ended_and_the_matrix_states_since_when(services, screen) -> None:
    quinn = choose(services, screen, "Quinn QA")
    dialog = screen.change_role(grant=True)
    dialog.role.setCurrentIndex(dialog.role.findData("process_owner"))
    dialog.reason.setText("Stands in for Priya")
    finish(services, dialog)
    held = [each.role for each in services.workspace.session.held if each.person == quinn]
    assert held == ["quality", "process_owner"]
    row = [screen.matrix.grid.model().index(n, 0).data() for n in range(3)].index("Quinn QA")
    cells = [
        screen.matrix.grid.model().index(row, column).data()
        for column in range(1, screen.matrix.grid.model().columnCount())
    ]
    assert sum(text.startswith("since") for text in cells) == 2
    choose(services, screen, "Quinn QA")
    dialog = screen.change_role(grant=False)
    dialog.role.setCurrentIndex(dialog.role.findData("process_owner"))
    finish(services, dialog)
    model = screen.matrix.grid.model()
    cells = [model.index(row, column).data() for column in range(1, model.columnCount())]
    assert sum(text.startswith("ended") for text in cells) == 1


def test_what_may_this_person_do_is_answered_by_the_gates(services, screen) -> None:
    screen.tabs.setCurrentWidget(screen.permissions)
    screen.permissions.person.setCurrentIndex(screen.permissions.person.findData(person_id(services, "Quinn QA")))
    services.idle()
    answers = {(each.process, each.step, each.act): each for each in screen.permissions.answers()}
    assert not answers["", "", "grant_role"].allowed
    assert "administrator" in answers["", "", "grant_role"].why_not
    assert any(each.allowed and each.act.startswith("approve_item") for each in answers.values())


def test_who_may_do_this_names_the_people(services, screen) -> None:
    screen.tabs.setCurrentWidget(screen.doers)
    screen.doers.act.setCurrentIndex(screen.doers.act.findData("grant_role"))
    assert {each.name for each in screen.doers.answers()} == {"Ada Admin"}
    screen.doers.act.setCurrentIndex(screen.doers.act.findData("approve_item"))
    assert {each.name for each in screen.doers.answers()} == {"Quinn QA", "Priya Process"}


def test_a_person_is_disabled_with_a_reason_and_stays_on_the_list(services, screen) -> None:
    choose(services, screen, "Ada Admin")
    assert "another administrator" in reason_of(services, "people.disable")
    priya = choose(services, screen, "Priya Process")
    dialog = screen.disable()
    services.idle()
    assert dialog.owned.text() == "They own no open item."
    dialog.submit()
    assert services.workspace.session.person_of(priya).state == "active"
    dialog.reason.setPlainText("Left the company")
    finish(services, dialog)
    assert services.workspace.session.person_of(priya).state == "disabled"
    assert "was disabled" in reason_of(services, "people.grant")
    screen.tabs.setCurrentWidget(screen.keys)
    model = screen.keys.grid.model()
    states = {model.index(n, 0).data(): model.index(n, 2).data() for n in range(model.rowCount())}
    assert states["Priya Process"] == "Revoked"


def test_removing_a_person_changes_the_data_key_and_everybody_else_still_enters(services, screen, site_vault) -> None:
    choose(services, screen, "Priya Process")
    dialog = screen.disable()
    dialog.reason.setPlainText("Left with a copy")
    dialog.rekey.setChecked(True)
    finish(services, dialog)
    assert "finish_rotation" in {
        line.act for line in services.workspace.vault.register.log_page(before=10**6, limit=20)
    }
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Quinn QA", PASSPHRASE)


def test_a_persons_passphrase_is_changed(services, screen, site_vault) -> None:
    dialog = screen.change_passphrase()
    dialog.old.type_in("not the one I have now")
    dialog.new.type_in(NEW)
    dialog.submit()
    services.idle()
    assert dialog.bar.announced
    dialog.old.type_in(PASSPHRASE)
    dialog.new.type_in(NEW)
    finish(services, dialog)
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Ada Admin", NEW)


def test_a_lost_passphrase_takes_two_persons(services, screen, site_vault) -> None:
    choose(services, screen, "Priya Process")
    assert "Another person has to ask" in reason_of(services, "people.give_reset")
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Quinn QA", PASSPHRASE)
    services.show("people")
    choose(services, screen, "Priya Process")
    assert not services.window.services.actions["people.grant"].isEnabled()
    asked = screen.ask_reset()
    asked.reason.setPlainText("Forgot it on holiday; I sit beside her")
    sign(services, asked)
    assert "asked for already" in reason_of(services, "people.ask_reset")
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Ada Admin", PASSPHRASE)
    services.show("people")
    assert "A new key for Priya Process was asked for by Quinn QA" in screen.gaps.announced
    choose(services, screen, "Priya Process")
    given = screen.give_reset()
    given.new.type_in(NEW)
    sign(services, given)
    (reset,) = services.workspace.vault.register.all_of(KeyReset)
    assert reset.state == "given"
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Priya Process", NEW)


def test_an_open_request_is_withdrawn_by_who_asked_and_by_nobody_else(services, screen, site_vault) -> None:
    choose(services, screen, "Priya Process")
    assert "No new key is asked for" in reason_of(services, "people.withdraw_reset")
    assert screen.withdraw_reset() is None
    asked = screen.ask_reset()
    asked.reason.setPlainText("Forgot it on holiday")
    sign(services, asked)
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Quinn QA", PASSPHRASE)
    services.show("people")
    choose(services, screen, "Priya Process")
    assert "Ada Admin asked for it" in reason_of(services, "people.withdraw_reset")
    services.workspace.lock()
    services.idle()
    services.enter(site_vault, "Priya Process", PASSPHRASE)
    services.show("people")
    choose(services, screen, "Priya Process")
    withdrawal = screen.withdraw_reset()
    withdrawal.reason.setPlainText("I remember it again")
    sign(services, withdrawal)
    (reset,) = services.workspace.vault.register.all_of(KeyReset)
    assert reset.state == "withdrawn"
    services.until(lambda: not services.workspace.session.asked_resets)
    assert "new key for Priya Process" not in screen.gaps.announced


def test_an_access_review_is_signed(services, screen) -> None:
    dialog = screen.review()
    dialog.reason.setPlainText("Quality needs a second person")
    sign(services, dialog)
    (review,) = services.workspace.vault.register.all_of(Review)
    assert (review.kind, review.verdict) == ("access_review", "with_findings")
