"""Copies made, tried out and restored; a vault in use, damaged, or shut because the passphrase is lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2
import pytest
from command_line import PASSPHRASE
from PySide6.QtPrintSupport import QPrinter

from domain.records.backup_records import RestoreTest
from domain.records.oversight import Export
from ui.screens.backups import BackupsScreen
from ui.screens.recover import Recover
from ui.screens.recovery_sheet import RecoverySheetScreen
from ui.screens.self_check import SelfCheckScreen
from ui.screens.unlock import Unlock
from ui.widgets.message_bar import MessageBar

NEW = "seven unlikely herons juggle walnuts"


@pytest.fixture
def screen(services, site_vault: Path) -> BackupsScreen:
    services.enter(site_vault, "Ada Admin", PASSPHRASE)
    found = services.show("backups")
    assert isinstance(found, BackupsScreen)
    return found


@pytest.fixture
def copied(services, screen: BackupsScreen) -> BackupsScreen:
    """The site with one copy on the backup folder."""
    services.window.services.actions["backups.make"].trigger()
    services.idle()
    services.until(screen.backups)
    return screen


@pytest.fixture
def unlock(services) -> Unlock:
    found = services.window.screens["unlock"]
    assert isinstance(found, Unlock)
    return found


def door(services, unlock: Unlock, folder: Path, person: str = "Ada Admin") -> None:
    services.window.unlock(folder)
    services.idle()
    unlock._people.setCurrentIndex(unlock._people.findData(person))


def offers(bar: MessageBar) -> list[str]:
    return [transition.text() for transition in bar.choices]


def press(bar: MessageBar, words: str) -> None:
    next(transition for transition in bar.choices if words in transition.text()).click()


def test_a_vault_without_copies_states_how_they_come_about(services, screen) -> None:
    assert screen._empty.isVisible()
    assert "No backup" in screen._empty.title
    assert not screen._try.isEnabled()


def test_a_copy_is_made_proven_and_listed(services, copied) -> None:
    (copy,) = copied.backups()
    assert copy.why == "by hand"
    assert copy.entries == services.workspace.session.log_size
    assert str(copy.file) in copied.bar.announced
    assert not copied._empty.isVisible()


def test_a_restore_test_leaves_a_certificate_and_is_shown(services, copied, tmp_path: Path) -> None:
    assert "passed a restore test yet" in copied._restore_tests.text()
    dialog = copied.restore_test()
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    services.until(lambda: "can be restored" in copied.bar.announced)
    services.idle()
    (restore_test,) = services.workspace.vault.register.all_of(RestoreTest)
    assert "Last restore test" in copied._restore_tests.text()
    copied._certificate.click()
    services.until(lambda: copied.printout)
    copied.printout.purpose.setText("the file of restore test")
    copied.printout.save_to(tmp_path / "certificate.pdf")
    services.until(lambda: "on record" in copied.printout.bar.announced)
    page = pypdfium2.PdfDocument(tmp_path / "certificate.pdf")[0].get_textpage().get_text_bounded()
    assert restore_test.source in "".join(page.split())
    assert "restored and proven" in page
    assert "Ada Admin" in page


def test_a_copy_restored_to_a_new_folder_is_open_afterwards(services, copied, tmp_path: Path) -> None:
    dialog = services.window.restore(copied.backups()[0].file)
    services.idle()
    dialog.name.setText("Back again")
    dialog.place.setText(str(tmp_path))
    dialog.passphrase.type_in("not the passphrase of that time")
    dialog.submit()
    services.idle()
    assert dialog.bar.announced
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    services.until(
        lambda: services.workspace.is_open and services.workspace.session.folder.endswith("Back again.vault")
    )
    services.idle()
    register = services.workspace.vault.register
    assert register.log_page(before=10**6, limit=1)[0].act == "record_restore"
    assert services.window.services.settings.recent[0].folder == str(tmp_path / "Back again.vault")


def test_a_vault_in_use_offers_its_newest_copy_for_reading(services, copied, unlock, site_vault: Path) -> None:
    services.workspace.lock()
    services.idle()
    other = services.application.unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    try:
        door(services, unlock, site_vault)
        unlock.passphrase.type_in(PASSPHRASE)
        unlock.unlock()
        services.idle()
        assert any("Look into the backup" in each for each in offers(unlock.bar))
        press(unlock.bar, "Look into the backup")
        services.idle()
        assert "read only" in unlock.title.text()
        unlock._people.setCurrentIndex(unlock._people.findData("Ada Admin"))
        unlock.passphrase.type_in(PASSPHRASE)
        unlock.unlock()
        services.until(lambda: services.workspace.is_open)
        services.idle()
        assert services.window._band.isVisible()
        assert not services.window.services.actions["people.add"].isEnabled()
    finally:
        other.lock()


def test_a_damaged_vault_offers_inspection_and_copies(services, copied, unlock, site_vault: Path) -> None:
    services.workspace.lock()
    services.idle()
    for slots in site_vault.glob("slots.*"):
        slots.write_bytes(slots.read_bytes()[:-40])
    services.window.unlock(site_vault)
    unlock._people.addItem("Ada Admin", "Ada Admin")
    services.idle()
    unlock._set_ready(ready=True)
    unlock.passphrase.type_in(PASSPHRASE)
    unlock.unlock()
    services.idle()
    assert any("inspection" in each for each in offers(unlock.bar))
    assert any("Restore a backup" in each for each in offers(unlock.bar))


def test_after_wrong_passphrases_the_wait_is_counted_down(services, unlock, site_vault: Path) -> None:
    door(services, unlock, site_vault, "Quinn QA")
    for _ in range(4):
        unlock.passphrase.type_in("surely not the right one")
        unlock._set_ready(ready=True)
        unlock.unlock()
        services.idle()
    assert unlock.waits
    assert "waits" in unlock._button.text()
    assert not unlock._button.isEnabled()
    unlock._until = 0.0
    unlock._on_second()
    assert unlock._button.isEnabled()


def test_a_lost_passphrase_is_recovered_with_the_sheet_and_a_new_sheet_follows(
    services, unlock, tmp_path: Path
) -> None:
    folder = tmp_path / "Alone.vault"
    made = services.application.create_vault(folder, name="Alone", person="Ada Admin", passphrase=PASSPHRASE)
    draft = made.people_service.draft_sheet()
    made.people_service.keep_sheet(draft, typed=draft.code.split("-")[draft.asked - 1])
    made.lock()
    door(services, unlock, folder)
    unlock._lost.click()
    page = services.window.screens["recover"]
    assert isinstance(page, Recover)
    assert page.isVisible()
    page.code.setText("0000 " * 9)
    page.new.type_in(NEW)
    page.recover()
    services.idle()
    assert "mistyped" in page.bar.announced
    page.code.setText(draft.code.lower().replace("-", " "))
    page.new.type_in(NEW)
    page.recover()
    services.until(lambda: services.workspace.is_open)
    services.idle()
    sheet = services.window.screens["recovery"]
    assert isinstance(sheet, RecoverySheetScreen)
    assert sheet.isVisible()
    assert sheet.pages == 1
    assert sheet.draft.code != draft.code
    sheet.type_back("0000")
    sheet.finish()
    assert sheet.isVisible()
    sheet.type_back(sheet.draft.code.split("-")[sheet.draft.asked - 1])
    sheet.finish()
    services.idle()
    assert services.workspace.section == "register"
    services.workspace.lock()
    services.idle()
    services.enter(folder, "Ada Admin", NEW)


def test_the_self_check_judges_every_clause_and_leads_to_its_entries(
    services, sample_vault: Path, tmp_path: Path
) -> None:
    services.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    screen = services.show("self_check")
    assert isinstance(screen, SelfCheckScreen)
    assert screen._empty.isVisible()
    services.window.services.actions["self.check"].trigger()
    services.until(lambda: screen.result is not None)
    services.idle()
    rules = {each.rule for each in screen.clauses()}
    assert rules == {"21 CFR Part 11", "EU GMP Annex 11"}
    assert "certifies nothing" in screen.bar.announced
    shown = next(each for each in screen.clauses() if each.entries)
    screen.choose(shown.clause)
    screen.open_entry(shown.entries[0])
    services.idle()
    log = services.window.screens["log"]
    assert log.isVisible()
    assert log.entry_title().startswith(f"Entry {shown.entries[0]:,}".replace(",", ""))
    services.show("self_check")
    screen.save_to(tmp_path / "check.json")
    services.idle()
    assert '"clauses"' in (tmp_path / "check.json").read_text(encoding="utf-8")


def test_the_self_check_is_looked_at_on_paper_and_leaves_only_for_somebody(
    services, sample_vault: Path, tmp_path: Path
) -> None:
    services.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    screen = services.show("self_check")
    assert not screen._print.isEnabled()
    screen.check()
    services.until(lambda: screen.result is not None)
    services.idle()
    screen._print.click()
    services.until(lambda: screen.printout)
    dialog = screen.printout
    assert dialog.pages > 2
    size = services.workspace.vault.register.log_size()
    dialog.ask_file()
    assert dialog._purpose.is_wrong
    dialog.purpose.setText("the auditor of customer X")
    out = tmp_path / "check.pdf"
    dialog.save_to(out)
    services.until(lambda: "on record" in dialog.bar.announced)
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_on(printer)
    services.until((tmp_path / "printed.pdf").exists)
    services.idle()
    exports = services.workspace.vault.register.all_of(Export)
    assert {each.sha256 for each in exports} == {hashlib.sha256(out.read_bytes()).hexdigest()}
    assert [each.purpose for each in exports] == ["the auditor of customer X"] * 2
    assert services.workspace.vault.register.log_size() == size + 2
    assert out.stat().st_mode & 0o077 == 0
    services.workspace.lock()
    assert not dialog.isVisible()


def test_every_minute_the_vault_gives_a_sign_of_life_and_a_copy_when_due(services, screen, monkeypatch) -> None:
    calls = []
    vault = services.workspace.vault
    monkeypatch.setattr(vault, "heartbeat", lambda: calls.append("heartbeat"))
    monkeypatch.setattr(vault, "maybe_snapshot", lambda: calls.append("copy"))
    assert services.window.upkeep.timer.interval() == 60_000
    assert services.window.upkeep.timer.isActive()
    services.window.upkeep.timer.timeout.emit()
    services.idle()
    assert calls == ["heartbeat", "copy"]
    services.workspace.lock()
    assert not services.window.upkeep.timer.isActive()
