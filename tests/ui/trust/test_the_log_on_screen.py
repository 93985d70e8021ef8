"""The audit log on a real vault: filtered in the store, proven, compared with what was kept, exported, reviewed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pypdfium2
import pytest
from command_line import PASSPHRASE

from domain.ports import LogFilter
from domain.records.oversight import Export, Review
from domain.state import ItemFilter
from ui.screens.audit_log import AuditLogScreen


@pytest.fixture
def screen(services, sample_vault: Path) -> AuditLogScreen:
    """The audit log of the sample, seen by its quality person."""
    services.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    found = services.show("log")
    assert isinstance(found, AuditLogScreen)
    return found


def lines(services, screen: AuditLogScreen) -> list:
    services.idle()
    screen.model.want_rows(0, max(screen.model.rowCount() - 1, 0))
    services.idle()
    return [screen.model.line(row) for row in range(screen.model.rowCount())]


def test_each_part_of_the_filter_shows_only_what_matches(services, screen) -> None:
    everything = lines(services, screen)
    screen.filter.act.setCurrentIndex(screen.filter.act.findData("approve_item"))
    decided = lines(services, screen)
    assert 0 < len(decided) < len(everything)
    assert {line.act for line in decided} == {"approve_item"}
    person = services.workspace.session.person
    screen.filter.person.setCurrentIndex(screen.filter.person.findData(person.id))
    mine = lines(services, screen)
    assert {line.person for line in mine} == {person.name}
    assert len(mine) < len(decided)
    screen.filter.show_all()
    assert lines(services, screen) == everything
    screen.filter.signed.setChecked(True)
    signed = lines(services, screen)
    register = services.workspace.vault.register
    assert {register.entry(line.seq).header.auth for line in signed} == {"passphrase"}
    assert len(signed) == sum(register.entry(line.seq).header.auth == "passphrase" for line in everything)


def test_the_filter_finds_an_item_by_part_of_its_number_and_a_time_by_its_day(services, screen) -> None:
    register = services.workspace.vault.register
    everything = lines(services, screen)
    number = next(line.subject_number for line in everything if line.subject_number)
    screen.filter.about.setText(number[-5:])
    services.until(lambda: screen.model.wanted().about)
    assert {line.subject_number for line in lines(services, screen)} == {number}
    screen.filter.about.setText("100%_of nothing")
    services.until(lambda: screen.model.wanted().about.startswith("100"))
    assert lines(services, screen) == []
    days = {line.at[:10] for line in everything}
    wanted = LogFilter(since=f"{max(days)}T00:00:00.000Z")
    found = register.log_window(wanted, offset=0, limit=10_000)
    assert register.log_count(wanted) == len(found) == sum(line.at[:10] == max(days) for line in everything)


def test_the_banner_states_how_far_the_log_is_proven_here(services, screen) -> None:
    assert "never verified" in screen.banner.announced or "Verified as a whole" in screen.banner.announced
    services.window.services.actions["log.verify"].trigger()
    services.idle()
    assert screen.banner.announced.startswith("The log is intact")
    services.window.services.actions["log.verify_new"].trigger()
    services.idle()
    assert "older ones by hash" in screen.banner.announced
    assert services.workspace.session.log.whole_at
    screen.banner.clear()
    assert screen.banner.announced.startswith("Verified as a whole")


def test_a_checkpoint_from_paper_is_held_against_the_log(services, screen) -> None:
    note = services.workspace.vault.checkpoint()
    _origin, size, root = note.split("\n")[:3]
    dialog = screen.compare()
    dialog.typed.setPlainText(f"{size} {root}")
    dialog.submit()
    services.idle()
    assert "extends the checkpoint" in screen.banner.announced
    assert "only the printed text stands for it" in screen.banner.announced
    dialog = screen.compare()
    dialog.typed.setPlainText(f"{size} {hashlib.sha256(b'another log').hexdigest()}")
    dialog.submit()
    services.idle()
    assert screen.banner.announced.startswith("NOT THE SAME LOG")
    dialog = screen.compare()
    dialog.typed.setPlainText("the quick brown fox")
    dialog.submit()
    services.idle()
    assert "no checkpoint" in dialog.bar.announced
    dialog.reject()


def test_a_checkpoint_in_a_file_is_read_with_its_signature(services, screen, tmp_path: Path) -> None:
    kept = tmp_path / "kept.note"
    kept.write_text(services.workspace.vault.checkpoint(), encoding="utf-8")
    screen.compare().compare_file(kept)
    services.idle()
    assert "This vault's log key signed it." in screen.banner.announced


def test_an_export_is_written_and_on_record_by_its_hash(services, screen, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    screen.export_to(out, "for the auditor")
    services.idle()
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert digest in screen.banner.announced
    (record,) = services.workspace.vault.register.all_of(Export)
    assert (record.sha256, record.purpose) == (digest, "for the auditor")
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["kind"] == "checkpoint"


def test_what_the_filter_shows_is_printed_and_leaves_on_record(services, screen, tmp_path: Path) -> None:
    screen.filter.act.setCurrentIndex(screen.filter.act.findData("approve_item"))
    shown = lines(services, screen)
    services.window.services.actions["log.print"].trigger()
    services.until(lambda: screen.printout)
    screen.printout.purpose.setText("the auditor")
    out = tmp_path / "extract.pdf"
    screen.printout.save_to(out)
    services.until(lambda: "on record" in screen.printout.bar.announced)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(out))
    assert f"{len(shown)} of {len(shown)} that match" in text
    assert all(line.leaf[:8] in text for line in shown)
    (record,) = services.workspace.vault.register.all_of(Export)
    assert (record.kind, record.sha256) == ("log_extract", hashlib.sha256(out.read_bytes()).hexdigest())


def test_the_filter_finds_who_changed_a_field(services, screen) -> None:
    everything = lines(services, screen)
    screen.filter.field.setCurrentIndex(screen.filter.field.findData("root_cause"))
    found = lines(services, screen)
    assert 0 < len(found) < len(everything)
    register = services.workspace.vault.register
    for line in everything:
        changed = any(b'"root_cause":' in data for data in register.changes(line.seq))
        assert changed is (line in found)
    screen.filter.show_all()
    assert lines(services, screen) == everything


def test_a_vault_under_inspection_gives_its_log_to_whoever_investigates(services, screen, tmp_path: Path) -> None:
    size = services.workspace.vault.register.log_size()
    services.workspace.vault.inspect_only("damage was found", damaged=True)
    services.workspace.renew()
    services.idle()
    assert services.window.services.actions["log.export"].isEnabled()
    out = tmp_path / "log.jsonl"
    screen.export_to(out, "the investigation")
    services.idle()
    assert "not on record" in screen.banner.announced
    assert len(out.read_text(encoding="utf-8").splitlines()) > size
    assert services.workspace.vault.register.log_size() == size


def test_a_review_is_signed_with_the_entries_that_were_opened(services, screen) -> None:
    opened = []
    for row in (2, 5):
        screen.grid.choose_row(row)
        services.idle()
        opened.append(screen.model.line(row).seq)
    dialog = screen.review()
    dialog.range.first.setValue(opened[1])
    dialog.range.last.setValue(opened[0])
    dialog.name.setText("Quinn Quality")
    dialog.passphrase.type_in(PASSPHRASE)
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    services.until(lambda: done)
    (review,) = services.workspace.vault.register.all_of(Review)
    assert (review.first, review.last) == (opened[1], opened[0])
    assert set(opened) <= set(review.sample)
    assert review.verdict == "in_order"


def test_damage_is_named_with_its_place_and_ends_all_recording(services, screen) -> None:
    vault = services.workspace.vault
    item = next(iter(vault.register.items(ItemFilter())))
    with vault._store._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE item SET title = 'quietly changed' WHERE id = ?", (item.id,))
        connection.exec_driver_sql("COMMIT")
    assert services.window.services.actions["item.new"].isEnabled()
    services.window.services.actions["log.verify"].trigger()
    services.idle()
    announced = screen.banner.announced
    assert announced.startswith("DAMAGED")
    assert item.id in announced
    assert "title" in announced
    assert "Still proven: entries 0 to" in announced
    new_item = services.window.services.actions["item.new"]
    assert not new_item.isEnabled()
    assert "reading only" in new_item.toolTip()
    assert services.window._band.isVisible()


def test_a_vault_opened_for_inspection_states_so_on_every_screen(services, site_vault: Path) -> None:
    services.workspace.open(
        lambda: services.application.inspect(site_vault, person="Ada Admin", passphrase=PASSPHRASE),
        context=services.window,
        then=lambda: None,
        failed=lambda problem: pytest.fail(str(problem)),
    )
    services.until(lambda: services.workspace.is_open)
    services.idle()
    for section in ("register", "log", "people"):
        services.show(section)
        assert services.window._band.isVisible()
    assert not services.window.services.actions["people.add"].isEnabled()
    assert services.window.services.actions["log.verify"].isEnabled()
