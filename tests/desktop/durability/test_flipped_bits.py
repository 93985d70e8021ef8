"""One bit flipped in every byte, files cut at every page: found at opening, or by verification, or mended."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_acts import ADA, PASSPHRASE, Place, application, unlock
from crash_shim import fast_folder
from damaged_stores import PAGE, pages_that_fail, program_finds
from small_store import SmallStore, build

from desktop.vault.slots import SLOT_FILES, read_slots
from domain.errors import CountersignError, Damaged, NewerFormat

EVERY = 4
"""Every byte of the store is flipped by the bench."""
pytestmark = pytest.mark.usefixtures("stretched_once")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallStore:
    made = build(tmp_path_factory.mktemp("flips") / "store.db")
    made.close()
    return made


@pytest.fixture
def spot() -> Iterator[Path]:
    """A place for one store that is damaged thousands of times."""
    folder = fast_folder() / f"countersign-flips-{random.SystemRandom().getrandbits(64):x}"
    folder.mkdir()
    yield folder / "store.db"
    shutil.rmtree(folder)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


def test_a_flip_in_every_fourth_byte_of_the_store_is_found_in_its_page(small: SmallStore, spot: Path) -> None:
    # The same byte of every page is flipped at once: each page is authenticated on its own and named on its own.
    # Page 1 is left out here, because with it damaged nothing can be asked: the next test has all of it.
    data = small.path.read_bytes()
    pages = set(range(2, len(data) // PAGE + 1))
    missed = []
    for at in range(0, PAGE, EVERY):
        damaged = bytearray(data)
        for page in pages:
            place = (page - 1) * PAGE + at
            damaged[place] ^= 1 << at // EVERY % 8
        spot.write_bytes(damaged)
        missed += [(page, at) for page in pages - pages_that_fail(spot)]
    print(f"{len(pages) * PAGE // EVERY} bytes flipped, {len(missed)} missed")
    assert missed == []


def test_a_flip_in_every_sixteenth_byte_of_the_first_page_is_refused_at_opening(small: SmallStore, spot: Path) -> None:
    data = small.path.read_bytes()
    for at in range(0, PAGE, 16):
        spot.write_bytes(flipped(data, at + at // 16 % 16))
        assert program_finds(spot, small), f"byte {at}"


def test_flips_anywhere_are_found_by_the_program_itself(small: SmallStore, spot: Path) -> None:
    data = small.path.read_bytes()
    for at in random.Random(6).sample(range(len(data)), 40):
        spot.write_bytes(flipped(data, at))
        assert program_finds(spot, small), f"byte {at}"


def test_a_store_cut_at_any_page_or_one_byte_beside_it_is_found(small: SmallStore, spot: Path) -> None:
    data = small.path.read_bytes()
    for page in range(len(data) // PAGE + 1):
        for end in (page * PAGE - 1, page * PAGE, page * PAGE + 1):
            if 0 <= end < len(data):
                spot.write_bytes(data[:end])
                assert program_finds(spot, small), f"{end} bytes"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("slots"))
    place.home.mkdir(parents=True)
    with place.at_home():
        application().create_vault(
            place.vault, name="Site A", person=ADA, passphrase=PASSPHRASE, process_set="gmp"
        ).lock()
    return place


@pytest.mark.parametrize("file", SLOT_FILES)
def test_a_flip_in_every_byte_of_a_slot_file_is_shown_and_the_other_copy_used(vault: Place, file: str) -> None:
    path = vault.vault / file
    data = path.read_bytes()
    other = next(name for name in SLOT_FILES if name != file)
    try:
        for at in range(len(data)):
            path.write_bytes(flipped(data, at))
            read = read_slots(vault.vault)
            assert [copy.file for copy in read.copies] == [other], f"byte {at}"
            assert file in " ".join(read.notices)
    finally:
        path.write_bytes(data)


def test_a_flip_in_both_slot_files_is_refused(vault: Place) -> None:
    data = {file: (vault.vault / file).read_bytes() for file in SLOT_FILES}
    try:
        for at in range(0, min(len(each) for each in data.values()), 7):
            for file in SLOT_FILES:
                (vault.vault / file).write_bytes(flipped(data[file], at))
            with pytest.raises((Damaged, NewerFormat)):  # a flip may turn the format's number into a newer one
                read_slots(vault.vault)
    finally:
        for file in SLOT_FILES:
            (vault.vault / file).write_bytes(data[file])


@pytest.mark.parametrize("file", SLOT_FILES)
def test_a_damaged_slot_file_is_mended_by_opening_the_vault(vault: Place, file: str) -> None:
    path = vault.vault / file
    data = path.read_bytes()
    for at in range(3, len(data), len(data) // 8):
        path.write_bytes(flipped(data, at))
        with vault.at_home():
            opened = unlock(vault, ADA)
            try:
                assert any(file in notice for notice in opened.notices)
            finally:
                opened.lock()
        assert path.read_bytes() == data


def test_a_store_that_is_another_kind_of_file_is_refused(small: SmallStore, spot: Path) -> None:
    for strange in (b"", b"SQLite format 3\0" + bytes(PAGE * 3), bytes(PAGE), random.Random(1).randbytes(PAGE * 2)):
        spot.write_bytes(strange)
        try:
            stated = program_finds(spot, small)
        except CountersignError as problem:
            stated = problem.what
        assert stated
