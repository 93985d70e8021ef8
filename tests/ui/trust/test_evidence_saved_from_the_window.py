"""Save a copy of evidence from the item's page: for whom first, then where; on record when it is written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from command_line import PASSPHRASE

from domain.records.oversight import Export
from domain.state import ItemFilter
from ui.widgets.forms import FormRow


def open_item_with_evidence(services, sample_vault: Path):
    window = services.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    register = services.workspace.vault.register
    item = next(line.id for line in register.items(ItemFilter()) if register.item_file(line.id).evidence)
    services.workspace.open_item(item)
    services.idle()
    tab = window.screens["item"].evidence
    rows = range(tab.grid.model().rowCount())
    row = next(n for n in rows if tab.grid.model().line(n).evidence is not None)
    tab.grid.choose_row(row)
    return tab, tab.grid.model().line(row).evidence


def test_a_copy_needs_a_purpose_and_goes_on_record(services, sample_vault: Path, tmp_path: Path) -> None:
    tab, evidence = open_item_with_evidence(services, sample_vault)
    dialog = tab.save_copy()
    dialog.submit()
    row = dialog.purpose.parent()
    assert isinstance(row, FormRow)
    assert row.is_wrong
    register = services.workspace.vault.register
    before = len(register.all_of(Export))
    dialog.purpose.setText("for the auditor")
    out = tmp_path / evidence.file_name
    dialog.save_to(out)
    services.idle()
    assert hashlib.sha256(out.read_bytes()).hexdigest() == evidence.file
    made = register.all_of(Export)[before:]
    assert [(each.kind, each.sha256, each.purpose) for each in made] == [("evidence", evidence.file, "for the auditor")]
    assert "on record" in services.announced()


def test_a_place_that_cannot_be_written_is_stated_in_the_dialog(services, sample_vault: Path, tmp_path: Path) -> None:
    tab, _ = open_item_with_evidence(services, sample_vault)
    before = services.workspace.vault.register.log_size()
    dialog = tab.save_copy()
    dialog.purpose.setText("for the auditor")
    dialog.save_to(tmp_path / "missing" / "copy.bin")
    services.idle()
    assert "cannot be written" in dialog.bar.announced
    assert dialog.verb.isEnabled()
    assert services.workspace.vault.register.log_size() == before
