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
def screen(desk, sample_vault: Path) -> AuditLogScreen:
    """The audit log of the sample, seen by its quality person."""
    desk.enter(sample_vault, "Quinn Quality", PASSPHRASE)
    found = desk.show("log")
    assert isinstance(found, AuditLogScreen)
    return found


def lines(desk, screen: AuditLogScreen) -> list:
    desk.idle()
    screen.model.want_rows(0, max(screen.model.rowCount() - 1, 0))
    desk.idle()
    return [screen.model.line(row) for row in range(screen.model.rowCount())]


def test_each_part_of_the_filter_shows_only_what_matches(desk, screen) -> None:
    everything = lines(desk, screen)
    screen.filter.act.setCurrentIndex(screen.filter.act.findData("approve_item"))
    decided = lines(desk, screen)
    assert 0 < len(decided) < len(everything)
    assert {line.act for line in decided} == {"approve_item"}
    person = desk.workspace.session.person
    screen.filter.person.setCurrentIndex(screen.filter.person.findData(person.id))
    mine = lines(desk, screen)
    assert {line.person for line in mine} == {person.name}
    assert len(mine) < len(decided)
    screen.filter.show_all()
    assert lines(desk, screen) == everything
    screen.filter.signed.setChecked(True)
    signed = lines(desk, screen)
    register = desk.workspace.vault.register
    assert {register.entry(line.seq).header.auth for line in signed} == {"passphrase"}
    assert len(signed) == sum(register.entry(line.seq).header.auth == "passphrase" for line in everything)


def test_the_filter_finds_an_item_by_part_of_its_number_and_a_time_by_its_day(desk, screen) -> None:
    register = desk.workspace.vault.register
    everything = lines(desk, screen)
    number = next(line.subject_number for line in everything if line.subject_number)
    screen.filter.about.setText(number[-5:])
    desk.until(lambda: screen.model.wanted().about)
    assert {line.subject_number for line in lines(desk, screen)} == {number}
    screen.filter.about.setText("100%_of nothing")
    desk.until(lambda: screen.model.wanted().about.startswith("100"))
    assert lines(desk, screen) == []
    days = {line.at[:10] for line in everything}
    wanted = LogFilter(since=f"{max(days)}T00:00:00.000Z")
    found = register.log_window(wanted, offset=0, limit=10_000)
    assert register.log_count(wanted) == len(found) == sum(line.at[:10] == max(days) for line in everything)


def test_the_banner_says_how_far_the_log_is_proven_here(desk, screen) -> None:
    assert "never verified" in screen.banner.said or "Verified as a whole" in screen.banner.said
    desk.window.desk.actions["log.verify"].trigger()
    desk.idle()
    assert screen.banner.said.startswith("The log is intact")
    desk.window.desk.actions["log.verify_new"].trigger()
    desk.idle()
    assert "older ones by hash" in screen.banner.said
    assert desk.workspace.session.log.whole_at
    screen.banner.clear()
    assert screen.banner.said.startswith("Verified as a whole")


def test_a_checkpoint_from_paper_is_held_against_the_log(desk, screen) -> None:
    note = desk.workspace.vault.checkpoint()
    _origin, size, root = note.split("\n")[:3]
    dialog = screen.compare()
    dialog.typed.setPlainText(f"{size} {root}")
    dialog.submit()
    desk.idle()
    assert "extends the checkpoint" in screen.banner.said
    assert "the paper vouches" in screen.banner.said
    dialog = screen.compare()
    dialog.typed.setPlainText(f"{size} {hashlib.sha256(b'another log').hexdigest()}")
    dialog.submit()
    desk.idle()
    assert screen.banner.said.startswith("NOT THE SAME LOG")
    dialog = screen.compare()
    dialog.typed.setPlainText("the quick brown fox")
    dialog.submit()
    desk.idle()
    assert "no checkpoint" in dialog.bar.said
    dialog.reject()


def test_a_checkpoint_in_a_file_is_read_with_its_signature(desk, screen, tmp_path: Path) -> None:
    kept = tmp_path / "kept.note"
    kept.write_text(desk.workspace.vault.checkpoint(), encoding="utf-8")
    screen.compare().compare_file(kept)
    desk.idle()
    assert "Signed by this vault's log key: yes" in screen.banner.said


def test_an_export_is_written_and_on_record_by_its_hash(desk, screen, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    screen.export_to(out, "for the auditor")
    desk.idle()
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert digest in screen.banner.said
    (record,) = desk.workspace.vault.register.all_of(Export)
    assert (record.sha256, record.purpose) == (digest, "for the auditor")
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["kind"] == "checkpoint"


def test_what_the_filter_shows_is_printed_and_leaves_on_record(desk, screen, tmp_path: Path) -> None:
    screen.filter.act.setCurrentIndex(screen.filter.act.findData("approve_item"))
    shown = lines(desk, screen)
    desk.window.desk.actions["log.print"].trigger()
    desk.until(lambda: screen.paper)
    screen.paper.purpose.setText("the auditor")
    out = tmp_path / "extract.pdf"
    screen.paper.save_to(out)
    desk.until(lambda: "on record" in screen.paper.bar.said)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(out))
    assert f"{len(shown)} of {len(shown)} that match" in text
    assert all(line.leaf[:8] in text for line in shown)
    (record,) = desk.workspace.vault.register.all_of(Export)
    assert (record.kind, record.sha256) == ("log_extract", hashlib.sha256(out.read_bytes()).hexdigest())


def test_the_filter_finds_who_changed_a_field(desk, screen) -> None:
    everything = lines(desk, screen)
    screen.filter.field.setCurrentIndex(screen.filter.field.findData("root_cause"))
    found = lines(desk, screen)
    assert 0 < len(found) < len(everything)
    register = desk.workspace.vault.register
    for line in everything:
        changed = any(b'"root_cause":' in data for data in register.changes(line.seq))
        assert changed is (line in found)
    screen.filter.show_all()
    assert lines(desk, screen) == everything


def test_a_vault_under_inspection_gives_its_log_to_whoever_investigates(desk, screen, tmp_path: Path) -> None:
    size = desk.workspace.vault.register.log_size()
    desk.workspace.vault.inspect_only("damage was found", damaged=True)
    desk.workspace.renew()
    desk.idle()
    assert desk.window.desk.actions["log.export"].isEnabled()
    out = tmp_path / "log.jsonl"
    screen.export_to(out, "the investigation")
    desk.idle()
    assert "not on record" in screen.banner.said
    assert len(out.read_text(encoding="utf-8").splitlines()) > size
    assert desk.workspace.vault.register.log_size() == size


def test_a_review_is_signed_with_the_entries_that_were_opened(desk, screen) -> None:
    opened = []
    for row in (2, 5):
        screen.grid.choose_row(row)
        desk.idle()
        opened.append(screen.model.line(row).seq)
    dialog = screen.review()
    dialog.range.first.setValue(opened[1])
    dialog.range.last.setValue(opened[0])
    dialog.name.setText("Quinn Quality")
    dialog.passphrase.type_in(PASSPHRASE)
    done = []
    dialog.accepted.connect(lambda: done.append(True))
    dialog.submit()
    desk.until(lambda: done)
    (review,) = desk.workspace.vault.register.all_of(Review)
    assert (review.first, review.last) == (opened[1], opened[0])
    assert set(opened) <= set(review.sample)
    assert review.verdict == "in_order"


def test_damage_is_named_with_its_place_and_ends_all_recording(desk, screen) -> None:
    vault = desk.workspace.vault
    item = next(iter(vault.register.items(ItemFilter())))
    with vault._store._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE item SET title = 'quietly changed' WHERE id = ?", (item.id,))
        connection.exec_driver_sql("COMMIT")
    assert desk.window.desk.actions["item.new"].isEnabled()
    desk.window.desk.actions["log.verify"].trigger()
    desk.idle()
    said = screen.banner.said
    assert said.startswith("DAMAGED")
    assert item.id in said
    assert "title" in said
    assert "Still proven: entries 0 to" in said
    new_item = desk.window.desk.actions["item.new"]
    assert not new_item.isEnabled()
    assert "reading only" in new_item.toolTip()
    assert desk.window._band.isVisible()


def test_a_vault_opened_for_inspection_says_so_on_every_screen(desk, site_vault: Path) -> None:
    desk.workspace.open(
        lambda: desk.building.inspect(site_vault, person="Ada Admin", passphrase=PASSPHRASE),
        context=desk.window,
        then=lambda: None,
        failed=lambda problem: pytest.fail(str(problem)),
    )
    desk.until(lambda: desk.workspace.is_open)
    desk.idle()
    for section in ("register", "log", "people"):
        desk.show(section)
        assert desk.window._band.isVisible()
    assert not desk.window.desk.actions["people.add"].isEnabled()
    assert desk.window.desk.actions["log.verify"].isEnabled()
