"""Older bytes put back: one page at a time, the whole store, the whole vault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from crash_acts import ADA, OTTO, PASSPHRASE, QUINN, Place, application, unlock
from damaged_stores import (
    VERSIONS,
    everything_readable,
    grown_through_versions,
    older_pages,
    program_finds,
    sqlcipher_finds,
    with_page,
)
from small_store import build

from desktop.vault.slots import SLOT_FILES
from domain.commands.items import CreateItem
from domain.errors import Damaged

pytestmark = pytest.mark.usefixtures("stretched_once")
AGES = 20


def test_every_page_put_back_as_it_was_in_twenty_older_versions_is_found(tmp_path: Path) -> None:
    small = build(tmp_path / "store.db")
    versions = grown_through_versions(small)
    small.close()
    today = small.path.read_bytes()
    assert len(versions) == VERSIONS > AGES
    spot = tmp_path / "spot.db"
    readable = everything_readable(small.path)
    tried, by_sqlcipher, harmless, missed, pages = 0, 0, 0, [], set()
    for page, age, old in older_pages([*versions[:-1], today]):
        spot.write_bytes(with_page(today, page, old))
        tried += 1
        pages.add(page)
        by_sqlcipher += sqlcipher_finds(spot)
        if not program_finds(spot, small):
            # Not part of anything that is read: a free page, or rows of the search index that nothing points to.
            harmless += 1
            if everything_readable(spot) != readable:
                missed.append((page, age))
    print(
        f"{tried} older versions of {len(pages)} pages: verification found {tried - harmless}, {harmless} change",
        end=" ",
    )
    print(f"nothing that can be read; SQLCipher and SQLite by themselves found {by_sqlcipher}")
    assert harmless < tried // 4
    assert tried > 100
    assert by_sqlcipher < tried, "if SQLCipher found them all, this test would prove nothing about us"
    assert missed == []


@pytest.fixture(scope="module")
def ages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, list[Path]]:
    """A vault, and whole copies of it from twenty earlier days."""
    root = tmp_path_factory.mktemp("ages")
    place = Place(root)
    place.home.mkdir(parents=True)
    copies = []
    with place.at_home():
        ada = application().create_vault(
            place.vault, name="Site A", person=ADA, passphrase=PASSPHRASE, process_set="gmp"
        )
        ada.add_person(name=QUINN, roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
        ada.lock()
        for age in range(AGES):
            copies.append(Path(shutil.copytree(place.vault, root / f"age-{age}")))
            if age == AGES // 2:
                ada = unlock(place, ADA)
                ada.add_person(name=OTTO, roles=("auditor",), identity_checked="Passport seen", passphrase=PASSPHRASE)
                ada.lock()
            vault = unlock(place, QUINN)
            vault.perform(CreateItem(process="capa", fields={"title": f"Finding {age}"}))
            vault.lock()
    return place, copies


def put_back(place: Place, copy: Path, *files: str) -> dict[str, bytes]:
    today = {path.name: path.read_bytes() for path in place.vault.iterdir()}
    for file in files:
        shutil.copy(copy / file, place.vault / file)
    return today


def test_an_older_copy_of_the_whole_vault_is_known_to_be_older(ages: tuple[Place, list[Path]]) -> None:
    place, copies = ages
    for copy in copies:
        today = put_back(place, copy, "store.db", "slots.a", "slots.b")
        try:
            with place.at_home():
                vault = unlock(place, QUINN)
                try:
                    assert any("already seen" in notice for notice in vault.notices), copy.name
                    assert "rollback" in {finding.kind for finding in vault.verify().findings}
                    with pytest.raises(Damaged):
                        vault.checkpoint()
                finally:
                    vault.lock()
        finally:
            for name, data in today.items():
                (place.vault / name).write_bytes(data)


def test_older_key_slots_do_not_go_with_a_newer_store(ages: tuple[Place, list[Path]]) -> None:
    place, copies = ages
    for copy in copies[: AGES // 2 + 1]:  # before another person got a slot
        today = put_back(place, copy, "slots.a", "slots.b")
        try:
            with place.at_home(), pytest.raises(Damaged, match="slot"):
                unlock(place, QUINN).discard()
        finally:
            for name, data in today.items():
                (place.vault / name).write_bytes(data)


def test_an_older_store_is_known_to_be_older_and_costs_no_key_slots(ages: tuple[Place, list[Path]]) -> None:
    place, copies = ages
    for copy in copies:
        today = put_back(place, copy, "store.db")
        try:
            with place.at_home():
                vault = unlock(place, QUINN)
                try:
                    assert any("already seen" in notice for notice in vault.notices), copy.name
                finally:
                    vault.lock()
            assert {name: (place.vault / name).read_bytes() for name in SLOT_FILES} == {
                name: today[name] for name in SLOT_FILES
            }
        finally:
            for name, data in today.items():
                (place.vault / name).write_bytes(data)


def test_with_its_memory_gone_an_installation_states_nothing_about_age(ages: tuple[Place, list[Path]]) -> None:
    """The honest limit: the copy is a whole vault; only memory elsewhere or paper can tell that it is old."""
    place, copies = ages
    today = put_back(place, copies[3], "store.db", "slots.a", "slots.b")
    stranger = Place(place.root / "stranger", place.facts)
    stranger.home.mkdir(parents=True)
    try:
        with stranger.at_home():
            vault = unlock(place, ADA)
            try:
                assert vault.verify().findings == ()
            finally:
                vault.lock()
    finally:
        for name, data in today.items():
            (place.vault / name).write_bytes(data)
