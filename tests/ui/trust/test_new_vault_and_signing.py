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
def new_vault(services) -> NewVault:
    services.window.services.actions["vault.new"].trigger()
    screen = services.window.screens["new_vault"]
    assert isinstance(screen, NewVault)
    return screen


@pytest.fixture
def sheet(services, new_vault: NewVault, tmp_path: Path) -> RecoverySheetScreen:
    """The recovery page, right after a vault was made."""
    new_vault.fill(name="North", folder=str(tmp_path), person="Ada Admin", passphrase=GOOD, again=GOOD)
    new_vault.make()
    services.until(lambda: services.workspace.is_open)
    services.idle()
    screen = services.window.screens["recovery"]
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
def test_strength_is_shown_with_its_reason_while_typing(services, new_vault, typed, lit, words) -> None:
    new_vault.fill(name="North", person="Ada Admin", passphrase=typed)
    meter = new_vault.meter
    services.until(lambda: meter.steps_lit)
    assert words in meter.announced
    assert meter.steps_lit <= lit
    assert (meter.steps_lit > 3) == (typed == GOOD)
    new_vault.fill(passphrase="")
    services.until(lambda: not meter.steps_lit)


def test_a_new_vault_leads_to_its_recovery_sheet_which_counts_when_read_back(services, sheet, tmp_path) -> None:
    assert sheet.pages == 1
    draft = sheet.draft
    sheet.save_to(tmp_path / "sheet.pdf")
    services.idle()
    assert (tmp_path / "sheet.pdf").read_bytes() == draft.pdf
    assert (tmp_path / "sheet.pdf").stat().st_mode & 0o077 == 0
    register = services.workspace.vault.register
    sheet.type_back("0000")
    sheet.finish()
    services.idle()
    assert "not what was typed" in sheet.bar.announced
    assert register.all_of(RecoverySheet) == ()
    sheet.type_back(draft.code.split("-")[draft.asked - 1].lower())
    sheet.finish()
    services.until(lambda: services.workspace.section == "register")
    services.idle()
    (kept,) = register.all_of(RecoverySheet)
    assert kept.state == "in_force"
    assert kept.tested_at
    assert not services.workspace.session.lacks_sheet
    assert sheet.draft is None
    assert sheet.pages == 0


def test_a_sheet_put_off_is_reminded_of_at_every_unlocking(services, sheet, tmp_path) -> None:
    sheet.put_off()
    services.idle()
    assert "no recovery sheet" in services.announced()
    services.workspace.lock()
    services.idle()
    services.enter(tmp_path / "North.vault", "Ada Admin", GOOD)
    assert "You have no recovery sheet" in services.announced()
    assert services.workspace.vault.register.all_of(RecoverySheet) == ()


def test_the_code_is_covered_while_it_is_typed_back(services, sheet) -> None:
    services.window.activateWindow()
    assert sheet.shows_code
    sheet.field.setFocus()
    services.until(lambda: not sheet.shows_code)


def test_locking_takes_the_code_off_the_screen(services, sheet) -> None:
    assert sheet.pages == 1
    services.workspace.lock()
    assert sheet.draft is None
    assert sheet.pages == 0


@pytest.fixture
def dialog(services, site_vault: Path) -> SignDialog:
    """A signing in a fresh session of the site's administrator."""
    services.enter(site_vault, "Ada Admin", PASSPHRASE)
    return a_signing(services)


def a_signing(services) -> SignDialog:
    signing = Signing(
        title="Access review",
        verb="Sign",
        icon="sign",
        meaning="Reviewed",
        person="Ada Admin",
        role="Administrator",
        at=services.workspace.now(),
        facts=(),
    )
    made = SignDialog(
        services.window.services,
        services.window,
        signing,
        lambda passphrase, _reason, then, failed: services.workspace.perform(
            ReviewAccess(), context=services.window, then=then, failed=failed, passphrase=passphrase
        ),
    )
    made.open()
    return made


def test_the_first_signature_asks_for_declaration_name_and_passphrase(services, dialog) -> None:
    before = services.workspace.vault.register.log_size()
    dialog.passphrase.type_in(PASSPHRASE)
    dialog.submit()
    assert services.workspace.vault.register.log_size() == before
    dialog.declared.setChecked(True)
    dialog.name.setText("Quinn QA")
    dialog.submit()
    assert services.workspace.vault.register.log_size() == before
    dialog.name.setText("ada  admin")
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    services.until(lambda: done)
    services.idle()
    register = services.workspace.vault.register
    assert [each.person for each in register.all_of(Declaration)] == [services.workspace.session.person.id]
    assert register.log_size() == before + 2


def test_later_signatures_ask_for_the_passphrase_only(services, dialog) -> None:
    dialog.declared.setChecked(True)
    dialog.name.setText("Ada Admin")
    dialog.passphrase.type_in(PASSPHRASE)
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    services.until(lambda: done)
    services.idle()
    second = a_signing(services)
    assert second.name is None
    assert second.declared is None
    second.reject()


def test_three_wrong_passphrases_end_the_signing(services, dialog) -> None:
    ended = []
    dialog.rejected.connect(lambda: ended.append(True))
    dialog.declared.setChecked(True)
    dialog.name.setText("Ada Admin")
    size = services.workspace.vault.register.log_size()
    for _ in range(3):
        assert not ended
        dialog.passphrase.type_in("not this one, surely not")
        dialog.submit()
        services.idle()
    assert ended
    assert "Nothing was signed" in services.announced()
    assert services.workspace.vault.register.log_size() == size
