"""A deep verification reads imported trackers again: what the importing person had on record is held against them."""

from __future__ import annotations

import msgspec
import pytest
from openpyxl import Workbook

from desktop.application.application import CountersignApplication
from desktop.documents.read_again import read_again
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.act import IncomingFile
from domain.commands.imports import ImportRegister, import_command

PASSPHRASE = "five words that are long enough"
ROWS = [("Ref", "Title", "Due", "Note"), ("A-1", "Seal leaks", "2026-03-04", "x"), ("A-2", "Label missing", "", "y")]


@pytest.fixture
def vault(tmp_path, monkeypatch) -> UnlockedSession:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    application = CountersignApplication(cost=MINIMUM_COST)
    made = application.create_vault(tmp_path / "site.vault", name="Site", person="Ada", passphrase=PASSPHRASE)
    made.people_service.grant_role(person=made.person.id, role="quality")
    return made


@pytest.fixture
def tracker(tmp_path):
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def bring_in(vault: UnlockedSession, tracker, **altered) -> None:
    plan, size = vault.plan_import(tracker, process="capa"), tracker.stat().st_size
    command = import_command(plan, vault.register, process="capa", size=size)
    file = IncomingFile(sha256=plan.sha256, size=size, path=str(tracker))
    vault.perform(
        msgspec.structs.replace(command, **{name: make(command) for name, make in altered.items()}), files=(file,)
    )


def with_text(row: int, place: int, text: str):
    def rows(command: ImportRegister):
        texts = list(command.rows[row].texts)
        texts[place] = text
        changed = msgspec.structs.replace(command.rows[row], texts=tuple(texts), values=None)
        return (*command.rows[:row], changed, *command.rows[row + 1 :])

    return rows


def test_an_honest_import_stands_in_its_file(vault, tracker):
    bring_in(vault, tracker)
    found = read_again(vault.register)
    assert (found.imports, found.cells, found.findings, found.unread) == (1, 8, (), ())


@pytest.mark.parametrize("place", [1, 3])
def test_a_cell_that_the_file_does_not_hold_is_named_though_its_signature_is_valid(vault, tracker, place):
    bring_in(vault, tracker, rows=with_text(0, place, "Seal is tight"))
    assert vault.verify().intact, "the log proves who said so, not that the tracker did"
    (found,) = read_again(vault.register).findings
    assert "Seal is tight" in found.text
    assert (found.entry, found.row) == (vault.register.log_size() - 1, f"{'ABCD'[place]}2")


def test_a_row_that_the_file_does_not_have_is_named(vault, tracker):
    bring_in(
        vault,
        tracker,
        rows=lambda command: (command.rows[0], msgspec.structs.replace(command.rows[1], row=7, values=None)),
    )
    (found,) = read_again(vault.register).findings
    assert (found.row, found.text) == ("row 7", "t.xlsx: The file has no such row of the table.")


@pytest.mark.parametrize("name", ["x.\0", "x." + "a" * 300, "x.xl/sx", "nothing", "../../x.x.sh "])
def test_a_signed_name_of_a_tracker_reaches_no_path(vault, tracker, name):
    bring_in(vault, tracker, file_name=lambda _: name)
    found = read_again(vault.register)
    assert (found.imports + len(found.unread), found.findings) == (1, ())
