"""Copies made, tried out and restored; a vault in use, damaged, or shut because the passphrase is lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2
import pytest
from command_line import PASSPHRASE
from PySide6.QtPrintSupport import QPrinter

from domain.records.copies import RestoreDrill
from domain.records.oversight import Export
from ui.screens.copies import CopiesScreen
from ui.screens.recover import Recover
from ui.screens.recovery_sheet import RecoverySheetScreen
from ui.screens.self_check import SelfCheckScreen
from ui.screens.unlock import Unlock
from ui.widgets.message_bar import MessageBar

NEW = "seven unlikely herons juggle walnuts"


@pytest.fixture
def screen(desk, site_vault: Path) -> CopiesScreen:
    desk.enter(site_vault, "Ada Admin", PASSPHRASE)
    found = desk.show("copies")
    assert isinstance(found, CopiesScreen)
    return found


@pytest.fixture
def copied(desk, screen: CopiesScreen) -> CopiesScreen:
    """The site with one copy on the shelf."""
    desk.window.desk.actions["copies.make"].trigger()
    desk.idle()
    desk.until(screen.copies)
    return screen


@pytest.fixture
def unlock(desk) -> Unlock:
    found = desk.window.screens["unlock"]
    assert isinstance(found, Unlock)
    return found


def door(desk, unlock: Unlock, folder: Path, person: str = "Ada Admin") -> None:
    desk.window.unlock(folder)
    desk.idle()
    unlock._people.setCurrentIndex(unlock._people.findData(person))


def offers(bar: MessageBar) -> list[str]:
    return [way.text() for way in bar.ways]


def press(bar: MessageBar, words: str) -> None:
    next(way for way in bar.ways if words in way.text()).click()


def test_a_vault_without_copies_says_how_they_come_about(desk, screen) -> None:
    assert screen._empty.isVisible()
    assert "No copy" in screen._empty.title
    assert not screen._try.isEnabled()


def test_a_copy_is_made_proven_and_listed(desk, copied) -> None:
    (copy,) = copied.copies()
    assert copy.why == "by hand"
    assert copy.entries == desk.workspace.session.log_size
    assert str(copy.file) in copied.bar.said
    assert not copied._empty.isVisible()


def test_a_drill_leaves_a_certificate_and_is_told(desk, copied, tmp_path: Path) -> None:
    assert "ever tried out" in copied._drills.text()
    dialog = copied.drill()
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    desk.until(lambda: "can be restored" in copied.bar.said)
    desk.idle()
    (drill,) = desk.workspace.vault.register.all_of(RestoreDrill)
    assert "Last tried out" in copied._drills.text()
    copied._certificate.click()
    desk.until(lambda: copied.paper)
    copied.paper.purpose.setText("the file of restore drills")
    copied.paper.save_to(tmp_path / "certificate.pdf")
    desk.until(lambda: "on record" in copied.paper.bar.said)
    page = pypdfium2.PdfDocument(tmp_path / "certificate.pdf")[0].get_textpage().get_text_bounded()
    assert drill.source in "".join(page.split())
    assert "restored and proven" in page
    assert "Ada Admin" in page


def test_a_copy_restored_to_a_new_folder_is_open_afterwards(desk, copied, tmp_path: Path) -> None:
    dialog = desk.window.restore(copied.copies()[0].file)
    desk.idle()
    dialog.name.setText("Back again")
    dialog.place.setText(str(tmp_path))
    dialog.passphrase.type_in("not the passphrase of that time")
    dialog.submit()
    desk.idle()
    assert dialog.bar.said
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    desk.until(lambda: desk.workspace.is_open and desk.workspace.session.folder.endswith("Back again.vault"))
    desk.idle()
    register = desk.workspace.vault.register
    assert register.log_page(before=10**6, limit=1)[0].act == "record_restore"
    assert desk.window.desk.settings.recent[0].folder == str(tmp_path / "Back again.vault")


def test_a_vault_in_use_offers_its_newest_copy_for_reading(desk, copied, unlock, site_vault: Path) -> None:
    desk.workspace.lock()
    desk.idle()
    other = desk.building.unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    try:
        door(desk, unlock, site_vault)
        unlock.passphrase.type_in(PASSPHRASE)
        unlock.unlock()
        desk.idle()
        assert any("Look into the copy" in each for each in offers(unlock.bar))
        press(unlock.bar, "Look into the copy")
        desk.idle()
        assert "read only" in unlock.title.text()
        unlock._people.setCurrentIndex(unlock._people.findData("Ada Admin"))
        unlock.passphrase.type_in(PASSPHRASE)
        unlock.unlock()
        desk.until(lambda: desk.workspace.is_open)
        desk.idle()
        assert desk.window._band.isVisible()
        assert not desk.window.desk.actions["people.add"].isEnabled()
    finally:
        other.lock()


def test_a_damaged_vault_offers_inspection_and_copies(desk, copied, unlock, site_vault: Path) -> None:
    desk.workspace.lock()
    desk.idle()
    for slots in site_vault.glob("slots.*"):
        slots.write_bytes(slots.read_bytes()[:-40])
    desk.window.unlock(site_vault)
    unlock._people.addItem("Ada Admin", "Ada Admin")
    desk.idle()
    unlock._set_ready(ready=True)
    unlock.passphrase.type_in(PASSPHRASE)
    unlock.unlock()
    desk.idle()
    assert any("inspection" in each for each in offers(unlock.bar))
    assert any("Restore a copy" in each for each in offers(unlock.bar))


def test_after_wrong_passphrases_the_wait_is_counted_down(desk, unlock, site_vault: Path) -> None:
    door(desk, unlock, site_vault, "Quinn QA")
    for _ in range(4):
        unlock.passphrase.type_in("surely not the right one")
        unlock._set_ready(ready=True)
        unlock.unlock()
        desk.idle()
    assert unlock.waits
    assert "waits" in unlock._button.text()
    assert not unlock._button.isEnabled()
    unlock._until = 0.0
    unlock._on_second()
    assert unlock._button.isEnabled()


def test_a_lost_passphrase_is_recovered_with_the_sheet_and_a_new_sheet_follows(desk, unlock, tmp_path: Path) -> None:
    folder = tmp_path / "Alone.vault"
    made = desk.building.create_vault(folder, name="Alone", person="Ada Admin", passphrase=PASSPHRASE)
    draft = made.people_keys.draft_sheet()
    made.people_keys.keep_sheet(draft, typed=draft.code.split("-")[draft.asked - 1])
    made.lock()
    door(desk, unlock, folder)
    unlock._lost.click()
    page = desk.window.screens["recover"]
    assert isinstance(page, Recover)
    assert page.isVisible()
    page.code.setText("0000 " * 9)
    page.new.type_in(NEW)
    page.recover()
    desk.idle()
    assert "mistyped" in page.bar.said
    page.code.setText(draft.code.lower().replace("-", " "))
    page.new.type_in(NEW)
    page.recover()
    desk.until(lambda: desk.workspace.is_open)
    desk.idle()
    sheet = desk.window.screens["recovery"]
    assert isinstance(sheet, RecoverySheetScreen)
    assert sheet.isVisible()
    assert sheet.pages == 1
    assert sheet.draft.code != draft.code
    sheet.type_back("0000")
    sheet.finish()
    assert sheet.isVisible()
    sheet.type_back(sheet.draft.code.split("-")[sheet.draft.asked - 1])
    sheet.finish()
    desk.idle()
    assert desk.workspace.section == "register"
    desk.workspace.lock()
    desk.idle()
    desk.enter(folder, "Ada Admin", NEW)


def test_the_self_check_judges_every_clause_and_leads_to_its_entries(desk, sample_vault: Path, tmp_path: Path) -> None:
    desk.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    screen = desk.show("self_check")
    assert isinstance(screen, SelfCheckScreen)
    assert screen._empty.isVisible()
    desk.window.desk.actions["self.check"].trigger()
    desk.until(lambda: screen.result is not None)
    desk.idle()
    rules = {each.rule for each in screen.clauses()}
    assert rules == {"21 CFR Part 11", "EU GMP Annex 11"}
    assert "certifies nothing" in screen.bar.said
    shown = next(each for each in screen.clauses() if each.entries)
    screen.choose(shown.clause)
    screen.open_entry(shown.entries[0])
    desk.idle()
    log = desk.window.screens["log"]
    assert log.isVisible()
    assert log.entry_title().startswith(f"Entry {shown.entries[0]:,}".replace(",", ""))
    desk.show("self_check")
    screen.save_to(tmp_path / "check.json")
    desk.idle()
    assert '"clauses"' in (tmp_path / "check.json").read_text(encoding="utf-8")


def test_the_self_check_is_looked_at_on_paper_and_leaves_only_for_somebody(
    desk, sample_vault: Path, tmp_path: Path
) -> None:
    desk.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    screen = desk.show("self_check")
    assert not screen._print.isEnabled()
    screen.check()
    desk.until(lambda: screen.result is not None)
    desk.idle()
    screen._print.click()
    desk.until(lambda: screen.paper)
    dialog = screen.paper
    assert dialog.pages > 2
    size = desk.workspace.vault.register.log_size()
    dialog.ask_file()
    assert dialog._purpose.is_wrong
    dialog.purpose.setText("the auditor of customer X")
    out = tmp_path / "check.pdf"
    dialog.save_to(out)
    desk.until(lambda: "on record" in dialog.bar.said)
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_on(printer)
    desk.until((tmp_path / "printed.pdf").exists)
    desk.idle()
    exports = desk.workspace.vault.register.all_of(Export)
    assert {each.sha256 for each in exports} == {hashlib.sha256(out.read_bytes()).hexdigest()}
    assert [each.purpose for each in exports] == ["the auditor of customer X"] * 2
    assert desk.workspace.vault.register.log_size() == size + 2
    assert out.stat().st_mode & 0o077 == 0
    desk.workspace.lock()
    assert not dialog.isVisible()


def test_every_minute_the_vault_gives_a_sign_of_life_and_a_copy_when_due(desk, screen, monkeypatch) -> None:
    calls = []
    vault = desk.workspace.vault
    monkeypatch.setattr(vault, "beat", lambda: calls.append("beat"))
    monkeypatch.setattr(vault, "maybe_snapshot", lambda: calls.append("copy"))
    assert desk.window.upkeep.timer.interval() == 60_000
    assert desk.window.upkeep.timer.isActive()
    desk.window.upkeep.timer.timeout.emit()
    desk.idle()
    assert calls == ["beat", "copy"]
    desk.workspace.lock()
    assert not desk.window.upkeep.timer.isActive()
