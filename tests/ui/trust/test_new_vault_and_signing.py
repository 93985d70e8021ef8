"""A new vault with its recovery sheet, lost passphrases, and the first signature of a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import PASSPHRASE

from domain.commands.oversight import ReviewAccess
from domain.records.people import Declaration, RecoverySheet
from ui.dialogs.sign import SignDialog, Signing
from ui.screens.new_vault import NewVault
from ui.screens.recovery_sheet import RecoverySheetScreen

GOOD = "seven unlikely herons juggle walnuts"


@pytest.fixture
def new_vault(desk) -> NewVault:
    desk.window.desk.actions["vault.new"].trigger()
    screen = desk.window.screens["new_vault"]
    assert isinstance(screen, NewVault)
    return screen


@pytest.fixture
def sheet(desk, new_vault: NewVault, tmp_path: Path) -> RecoverySheetScreen:
    """The recovery page, right after a vault was made."""
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada Admin", passphrase=GOOD, again=GOOD)
    new_vault.make()
    desk.until(lambda: desk.workspace.is_open)
    desk.idle()
    screen = desk.window.screens["recovery"]
    assert isinstance(screen, RecoverySheetScreen)
    assert screen.isVisible()
    return screen


@pytest.mark.parametrize(
    ("typed", "lit", "words"),
    [
        ("short", 2, "Too short"),
        ("qwertyuiopasdfgh", 2, "This is weak."),
        ("admin admin admin admin", 3, "repeats itself"),
        (GOOD, 5, "very strong"),
    ],
)
def test_strength_is_told_with_its_reason_while_typing(desk, new_vault, typed, lit, words) -> None:
    new_vault.fill(name="North", person="Ada Admin", passphrase=typed)
    meter = new_vault.meter
    desk.until(lambda: meter.steps_lit)
    assert words in meter.said
    assert meter.steps_lit <= lit
    assert (meter.steps_lit > 3) == (typed == GOOD)
    new_vault.fill(passphrase="")
    desk.until(lambda: not meter.steps_lit)


def test_a_new_vault_leads_to_its_recovery_sheet_which_counts_when_read_back(desk, sheet, tmp_path) -> None:
    assert sheet.pages == 1
    draft = sheet.draft
    sheet.save_to(tmp_path / "sheet.pdf")
    desk.idle()
    assert (tmp_path / "sheet.pdf").read_bytes() == draft.pdf
    assert (tmp_path / "sheet.pdf").stat().st_mode & 0o077 == 0
    register = desk.workspace.vault.register
    sheet.type_back("0000")
    sheet.finish()
    desk.idle()
    assert "not what was typed" in sheet.bar.said
    assert register.all_of(RecoverySheet) == ()
    sheet.type_back(draft.code.split("-")[draft.asked - 1].lower())
    sheet.finish()
    desk.until(lambda: desk.workspace.section == "register")
    desk.idle()
    (kept,) = register.all_of(RecoverySheet)
    assert kept.state == "in_force"
    assert kept.rehearsed_at
    assert not desk.workspace.session.lacks_sheet
    assert sheet.draft is None
    assert sheet.pages == 0


def test_a_sheet_put_off_is_reminded_of_at_every_unlocking(desk, sheet, tmp_path) -> None:
    sheet.put_off()
    desk.idle()
    assert "no recovery sheet" in desk.said()
    desk.workspace.lock()
    desk.idle()
    desk.enter(tmp_path / "North.vault", "Ada Admin", GOOD)
    assert "You have no recovery sheet" in desk.said()
    assert desk.workspace.vault.register.all_of(RecoverySheet) == ()


def test_the_code_is_covered_while_it_is_typed_back(desk, sheet) -> None:
    desk.window.activateWindow()
    assert sheet.shows_code
    sheet.field.setFocus()
    desk.until(lambda: not sheet.shows_code)


def test_locking_takes_the_code_off_the_screen(desk, sheet) -> None:
    assert sheet.pages == 1
    desk.workspace.lock()
    assert sheet.draft is None
    assert sheet.pages == 0


@pytest.fixture
def dialog(desk, site_vault: Path) -> SignDialog:
    """A ceremony in a fresh session of the site's administrator."""
    desk.enter(site_vault, "Ada Admin", PASSPHRASE)
    return a_ceremony(desk)


def a_ceremony(desk) -> SignDialog:
    signing = Signing(
        title="Access review",
        verb="Sign",
        icon="sign",
        meaning="Reviewed",
        person="Ada Admin",
        role="Administrator",
        at=desk.workspace.now(),
        facts=(),
    )
    made = SignDialog(
        desk.window.desk,
        desk.window,
        signing,
        lambda passphrase, _reason, then, failed: desk.workspace.perform(
            ReviewAccess(), context=desk.window, then=then, failed=failed, passphrase=passphrase
        ),
    )
    made.open()
    return made


def test_the_first_signature_asks_for_declaration_name_and_passphrase(desk, dialog) -> None:
    before = desk.workspace.vault.register.log_size()
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    assert desk.workspace.vault.register.log_size() == before
    dialog.declared.setChecked(True)
    dialog.name.setText("Quinn QA")
    dialog.submit()
    assert desk.workspace.vault.register.log_size() == before
    dialog.name.setText("ada  admin")
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    desk.until(lambda: done)
    desk.idle()
    register = desk.workspace.vault.register
    assert [each.person for each in register.all_of(Declaration)] == [desk.workspace.session.person.id]
    assert register.log_size() == before + 2


def test_later_signatures_ask_for_the_passphrase_only(desk, dialog) -> None:
    dialog.declared.setChecked(True)
    dialog.name.setText("Ada Admin")
    dialog.passphrase.type_in(PASSPHRASE)
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    desk.until(lambda: done)
    desk.idle()
    second = a_ceremony(desk)
    assert second.name is None
    assert second.declared is None
    second.reject()


def test_three_wrong_passphrases_end_the_ceremony(desk, dialog) -> None:
    ended = []
    dialog.rejected.connect(lambda: ended.append(True))
    dialog.declared.setChecked(True)
    dialog.name.setText("Ada Admin")
    size = desk.workspace.vault.register.log_size()
    for _ in range(3):
        assert not ended
        dialog.passphrase.type_in("not this one, surely not")
        dialog.submit()
        desk.idle()
    assert ended
    assert "Nothing was signed" in desk.said()
    assert desk.workspace.vault.register.log_size() == size
