"""Welcome, unlocking, making a vault, verifying a pack: what a person meets before a vault is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_application import PASSPHRASE, FakeApplication
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from domain.log.verdict import Check, PackVerdict
from ui.main_window import MainWindow
from ui.screens.new_vault import NewVault
from ui.screens.pack_check import PackCheck
from ui.screens.unlock import Unlock
from ui.settings import RecentVault, Settings

KNOWN = RecentVault(folder="memory.vault", name="Plant North", opened="2026-11-01T08:00:00.000Z", person="Quinn")


def page(window: MainWindow, name: str, kind: type) -> object:
    screen = window.screens[name]
    assert isinstance(screen, kind)
    return screen


@pytest.fixture
def unlock_page(window: MainWindow, settings: Settings, idle: Callable[[], None]) -> Unlock:
    settings.remember_vault(KNOWN)
    window.unlock(Path(KNOWN.folder))
    idle()
    made = page(window, "unlock", Unlock)
    assert isinstance(made, Unlock)
    return made


def test_the_first_page_teaches_when_no_vault_was_opened_before(window: MainWindow) -> None:
    assert window.services.workspace.section == "welcome"
    recent = window.screens["welcome"].findChild(QListWidget)
    assert recent.isHidden()
    assert window.services.actions["vault.sample"].isEnabled()


def test_recent_vaults_are_offered_with_name_and_state(window: MainWindow, settings: Settings) -> None:
    settings.remember_vault(KNOWN)
    window.show_screen("unlock")
    window.show_screen("welcome")
    recent = window.screens["welcome"].findChild(QListWidget)
    assert "Plant North" in recent.item(0).text()
    assert "not there" in recent.item(0).text()


def test_enter_on_a_recent_vault_asks_for_the_passphrase(
    window: MainWindow, settings: Settings, qtbot: QtBot, idle: Callable[[], None]
) -> None:
    settings.remember_vault(KNOWN)
    window.show_screen("unlock")
    window.show_screen("welcome")
    recent = window.screens["welcome"].findChild(QListWidget)
    recent.setFocus()
    qtbot.keyClick(recent, Qt.Key.Key_Return)
    idle()
    assert window.services.workspace.section == "unlock"


def test_delete_takes_an_entry_off_the_list_only(window: MainWindow, settings: Settings, qtbot: QtBot) -> None:
    settings.remember_vault(KNOWN)
    window.show_screen("unlock")
    window.show_screen("welcome")
    recent = window.screens["welcome"].findChild(QListWidget)
    recent.setFocus()
    qtbot.waitUntil(recent.hasFocus)
    qtbot.keyClick(recent, Qt.Key.Key_Delete)
    assert settings.recent == ()


def test_unlocking_offers_the_people_of_the_vault_and_remembers_who_it_was(unlock_page: Unlock) -> None:
    assert unlock_page.person == "Quinn"
    assert unlock_page.people() == ("Ada", "Olga", "Quinn", "Quentin", "Pat", "Dora", "Nora", "Zoe")


def test_a_wrong_passphrase_is_stated_and_can_be_typed_again(
    window: MainWindow, unlock_page: Unlock, idle: Callable[[], None]
) -> None:
    unlock_page.passphrase.type_in("not this one")
    unlock_page.unlock()
    idle()
    assert "not right" in unlock_page.bar.announced
    assert not window.services.workspace.is_open
    assert unlock_page.passphrase.is_empty


def test_an_empty_passphrase_asks_for_one_without_trying(unlock_page: Unlock, application: FakeApplication) -> None:
    unlock_page.unlock()
    assert application.opened == []
    assert unlock_page.bar.announced == ""


def test_the_right_passphrase_opens_the_register_and_is_forgotten(
    window: MainWindow, unlock_page: Unlock, idle: Callable[[], None], settings: Settings
) -> None:
    unlock_page.passphrase.type_in(PASSPHRASE)
    unlock_page.unlock()
    idle()
    assert window.services.workspace.section == "register"
    assert unlock_page.passphrase.is_empty
    assert settings.recent[0].person == "Quinn"
    assert PASSPHRASE not in (Path(settings.file).read_text(encoding="utf-8"))


def test_a_missing_vault_states_what_to_do(window: MainWindow, idle: Callable[[], None]) -> None:
    window.unlock(Path("gone.vault"))
    idle()
    screen = window.screens["unlock"]
    assert isinstance(screen, Unlock)
    assert "There is no vault here." in screen.bar.announced
    assert "Choose its folder." in screen.bar.announced


def test_escape_leads_back_to_all_vaults(window: MainWindow, unlock_page: Unlock, qtbot: QtBot) -> None:
    qtbot.keyClick(unlock_page, Qt.Key.Key_Escape)
    assert window.services.workspace.section == "welcome"


def test_the_show_button_shows_and_hides_again_when_emptied(unlock_page: Unlock) -> None:
    inner = unlock_page.passphrase.findChild(QLineEdit)
    assert inner.echoMode() == QLineEdit.EchoMode.Password
    unlock_page.passphrase.show_typed(shown=True)
    assert inner.echoMode() == QLineEdit.EchoMode.Normal
    unlock_page.passphrase.clear()
    assert inner.echoMode() == QLineEdit.EchoMode.Password


@pytest.fixture
def new_vault(window: MainWindow) -> NewVault:
    window.services.actions["vault.new"].trigger()
    screen = window.screens["new_vault"]
    assert isinstance(screen, NewVault)
    return screen


def test_an_incomplete_form_names_every_gap_and_makes_nothing(
    new_vault: NewVault, application: FakeApplication
) -> None:
    new_vault.make()
    assert application.made == []
    assert new_vault.gaps() == ("Name of the vault", "Your name", "Passphrase")


def test_two_different_passphrases_make_nothing(
    new_vault: NewVault, application: FakeApplication, tmp_path: Path
) -> None:
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada", passphrase=PASSPHRASE, again=PASSPHRASE + "x")
    new_vault.make()
    assert application.made == []
    assert new_vault.gaps() == ("Passphrase again",)


def test_a_complete_form_makes_the_vault_and_opens_it(
    window: MainWindow, new_vault: NewVault, application: FakeApplication, tmp_path: Path, idle: Callable[[], None]
) -> None:
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada", passphrase=PASSPHRASE, again=PASSPHRASE)
    new_vault.make()
    idle()
    assert application.made == [
        {"folder": tmp_path / "North.vault", "name": "North", "person": "Ada", "set": "quality"}
    ]
    assert window.services.workspace.is_open
    assert window.services.workspace.section == "recovery"


def test_another_set_of_processes_is_taken_and_said_to_assistive_software(
    new_vault: NewVault, application: FakeApplication, tmp_path: Path, idle: Callable[[], None]
) -> None:
    new_vault.choose_set("pmo")
    assert "Order" in new_vault.set_text
    new_vault.choose_set("")
    assert "shipped" in new_vault.set_text
    new_vault.choose_set("pmo")
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada", passphrase=PASSPHRASE, again=PASSPHRASE)
    new_vault.make()
    idle()
    assert [each["set"] for each in application.made] == ["pmo"]


def test_a_new_form_proposes_the_first_set_again_and_the_sample_asks_for_none(
    window: MainWindow, new_vault: NewVault
) -> None:
    new_vault.choose_set("pmo")
    new_vault.begin(sample=False)
    assert "Corrective action" in new_vault.set_text
    assert new_vault.asks_for_a_set
    new_vault.begin(sample=True)
    assert not new_vault.asks_for_a_set


def test_a_weak_passphrase_is_refused_in_the_form(
    new_vault: NewVault, tmp_path: Path, idle: Callable[[], None]
) -> None:
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada", passphrase="short", again="short")
    new_vault.make()
    idle()
    assert "too weak" in new_vault.bar.announced


def test_the_sample_needs_no_name_of_its(
    window: MainWindow, application: FakeApplication, tmp_path: Path, idle: Callable[[], None]
) -> None:
    window.services.actions["vault.sample"].trigger()
    screen = window.screens["new_vault"]
    assert isinstance(screen, NewVault)
    screen.fill(folder=str(tmp_path), passphrase=PASSPHRASE, again=PASSPHRASE)
    screen.make()
    idle()
    assert application.made == [{"folder": tmp_path / "Sample.vault", "sample": True, "length": len(PASSPHRASE)}]
    assert window.services.workspace.is_open


def verdict(*, verified: bool) -> PackVerdict:
    return PackVerdict(
        verified=verified,
        item="i1",
        number="T1-CAPA-0001",
        vault="Memory",
        root_fingerprint="abcd 1234",
        checkpoint_size=12,
        checks=(Check(name="Signatures", passed=verified, detail="12 of 12"),),
        findings=() if verified else ("Entry 7 is not what was signed.",),
    )


@pytest.mark.parametrize(("verified", "words"), [(True, "VERIFIED"), (False, "NOT VERIFIED")])
def test_a_pack_is_verified_or_not_and_nothing_between(
    window: MainWindow, application: FakeApplication, idle: Callable[[], None], *, verified: bool, words: str
) -> None:
    application.pack_verdict = verdict(verified=verified)
    window.show_screen("pack_check")
    screen = window.screens["pack_check"]
    assert isinstance(screen, PackCheck)
    screen.verify(Path("pack.pdf"))
    idle()
    assert screen.bar.announced.startswith(words)
    assert ("Entry 7" in screen.bar.announced) is not verified


def test_a_file_that_is_no_pack_is_stated(window: MainWindow, idle: Callable[[], None]) -> None:
    window.show_screen("pack_check")
    screen = window.screens["pack_check"]
    assert isinstance(screen, PackCheck)
    screen.verify(Path("letter.pdf"))
    idle()
    assert "This is not a PDF." in screen.bar.announced


def test_news_of_an_open_vault_do_not_take_the_pack_away(
    enter: Callable[[str], MainWindow], idle: Callable[[], None]
) -> None:
    window = enter("Quinn")
    window.show_screen("pack_check")
    window.services.workspace.renew()
    idle()
    assert window.services.workspace.section == "pack_check"
