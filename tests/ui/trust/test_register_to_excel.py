"""The register given out as a workbook: what is shown, in its order, for somebody, on record."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest
from command_line import PASSPHRASE

from domain.records.oversight import Export
from ui.screens.register import RegisterScreen


@pytest.fixture
def screen(services, sample_vault: Path) -> RegisterScreen:
    services.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    found = services.show("register")
    assert isinstance(found, RegisterScreen)
    return found


def test_what_is_shown_is_written_and_on_record(services, screen, tmp_path: Path) -> None:
    screen._processes.setCurrentIndex(screen._processes.findData("capa"))
    services.idle()
    screen.choose_step("closed")
    services.idle()
    dialog = screen.export.begin()
    dialog.submit()
    assert dialog.isVisible(), "nothing leaves without saying for whom"
    dialog.reject()
    out = tmp_path / "register.xlsx"
    screen.export.write_to(out, "the customer")
    services.until(out.exists)
    services.idle()
    assert "on record" in services.announced()
    sheet = openpyxl.load_workbook(out).worksheets[0]
    shown = [screen.model.line(row) for row in range(screen.model.rowCount())]
    assert shown
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [line.number for line in shown]
    dues = [row[5].value for row in sheet.iter_rows(min_row=2)]
    assert [due.date().isoformat() if due else "" for due in dues] == [line.due for line in shown]
    (record,) = services.workspace.vault.register.all_of(Export)
    assert (record.kind, record.purpose) == ("register", "the customer")
    assert record.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()


def test_a_register_that_cannot_be_written_is_not_on_record(services, screen, tmp_path: Path) -> None:
    size = services.workspace.vault.register.log_size()
    screen.export.write_to(tmp_path / "nowhere" / "register.xlsx", "the customer")
    services.until(services.announced)
    assert services.workspace.vault.register.log_size() == size
