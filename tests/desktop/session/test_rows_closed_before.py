"""Rows that a tracker calls finished come in as closed before this vault, where a person names the statuses."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.items import EditItem
from domain.errors import Refused, UsageProblem
from domain.state import ItemFilter

PASSPHRASE = "five words that are long enough"
ROWS = [
    ("Ref", "Title", "Status", "Closed on"),
    ("A-1", "Seal leaks", "Closed", "2024-03-04"),
    ("A-2", "Label missing", "Open", ""),
    ("A-3", "Gauge overdue", "closed", "2024-05-06"),
    ("A-4", "Door does not shut", "Closed", ""),
]


def tracker(path, rows=ROWS):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def vault(tmp_path, monkeypatch) -> UnlockedSession:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    application = CountersignApplication(cost=MINIMUM_COST)
    made = application.create_vault(tmp_path / "site.vault", name="Site", person="Ada", passphrase=PASSPHRASE)
    made.people_service.grant_role(person=made.person.id, role="quality")
    return made


def brought_in(vault, file, *closed_words):
    plan = vault.plan_import(file, process="capa")
    vault.run_import(plan, file, process="capa", closed_words=closed_words)
    lines = vault.register.items(ItemFilter(process="capa"))
    return {line.title: vault.register.item(line.id) for line in lines}


def test_only_the_statuses_that_were_named_are_closed_letter_by_letter(vault, tmp_path):
    items = brought_in(vault, tracker(tmp_path / "t.xlsx"), "Closed")
    assert {title: item.state for title, item in items.items()} == {
        "Seal leaks": "closed_before",
        "Label missing": "open",
        "Gauge overdue": "open",
        "Door does not shut": "closed_before",
    }
    assert items["Seal leaks"].closed == "2024-03-04"
    assert items["Gauge overdue"].closed == ""
    assert vault.verify().intact


def test_without_a_word_of_a_person_every_row_is_open_work(vault, tmp_path):
    assert {item.state for item in brought_in(vault, tracker(tmp_path / "t.xlsx")).values()} == {"open"}


def test_the_import_counts_them(vault, tmp_path):
    brought_in(vault, tracker(tmp_path / "t.xlsx"), "Closed", "closed")
    assert vault.register.imports()[-1].counts["closed_before"] == 3


def test_they_stand_at_no_step(vault, tmp_path):
    brought_in(vault, tracker(tmp_path / "t.xlsx"), "Closed")
    register = vault.register
    counted = register.counts_by_step("capa")
    assert counted == {"reported": 2}
    assert register.count(ItemFilter(process="capa", step="reported")) == 2
    listed = register.page(ItemFilter(process="capa", step="reported"), offset=0, limit=9)
    assert {line.title for line in listed} == {"Label missing", "Gauge overdue"}
    assert register.count(ItemFilter(process="capa", state="closed_before")) == 2
    assert register.count(ItemFilter(process="capa")) == 4


def test_such_an_item_takes_no_command(vault, tmp_path):
    item = brought_in(vault, tracker(tmp_path / "t.xlsx"), "Closed")["Seal leaks"]
    with pytest.raises(Refused, match="before this vault") as refused:
        vault.perform(EditItem(item=item.id, fields={"title": "Another"}))
    assert [each.rule for each in refused.value.obstacles] == ["item.closed_before"]
    assert vault.verify().intact


def test_a_later_tracker_that_states_otherwise_opens_it_while_nobody_has_worked_on_it(vault, tmp_path):
    brought_in(vault, tracker(tmp_path / "t.xlsx"), "Closed")
    again = [row if row[0] != "A-4" else (*row[:2], "Open again", "") for row in ROWS]
    items = brought_in(vault, tracker(tmp_path / "u.xlsx", again), "Closed")
    assert items["Door does not shut"].state == "open"
    assert items["Seal leaks"].state == "closed_before"
    assert vault.verify().intact


def test_the_command_line_names_the_statuses_and_refuses_one_that_no_row_has(vault, tmp_path):
    from desktop.cli.import_ import _closed_words  # noqa: PLC0415 (typer is slow to import)

    plan = vault.plan_import(tracker(tmp_path / "t.xlsx"), process="capa")
    assert _closed_words(plan, ["Closed", "closed"]) == ("Closed", "closed")
    with pytest.raises(UsageProblem, match="Done"):
        _closed_words(plan, ["Done"])
