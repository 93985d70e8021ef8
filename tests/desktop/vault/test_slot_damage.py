"""What happens to slot files in the wild: flipped bytes, cuts, losses, swaps, half-finished writes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.vault.passphrases import MINIMUM_COST
from desktop.vault.session import UnlockedKeys, create_vault_keys, people, read_header, unlock
from desktop.vault.slot_format import decode, encode
from desktop.vault.slots import read_slots, reconcile_copies, write_slots
from domain.errors import (
    Damaged,
    FileProblem,
    NewerFormat,
    Unavailable,
)

AT = "2026-11-22T08:00:00Z"
ANNA = "anna's long enough passphrase"
Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(("hurt", "whole"), [("slots.a", "slots.b"), ("slots.b", "slots.a")])
def test_every_flipped_byte_of_one_copy_is_named_and_the_other_copy_used(vault: Path, hurt: str, whole: str) -> None:
    before = (vault / hurt).read_bytes()
    expected = decode((vault / whole).read_bytes(), where=whole)
    for position in range(len(before)):
        flipped = bytearray(before)
        flipped[position] ^= 1 << position % 8
        (vault / hurt).write_bytes(flipped)
        read = read_slots(vault)
        assert read.slots == expected, position
        assert len(read.notices) == 1, position
        assert read.notices[0].startswith(f"{hurt} is damaged"), position
        assert (vault / hurt).read_bytes() == bytes(flipped), "reading repairs nothing"


def test_every_flipped_byte_of_both_copies_is_refused(vault: Path) -> None:
    before = (vault / "slots.a").read_bytes()
    for position in range(0, len(before), 3):
        flipped = bytearray(before)
        flipped[position] ^= 0x10
        for file in ("slots.a", "slots.b"):
            (vault / file).write_bytes(flipped)
        with pytest.raises((Damaged, NewerFormat)) as refusal:
            read_slots(vault)
        assert refusal.value.remedy
        assert refusal.value.where


def test_a_damaged_copy_does_not_keep_anyone_out(vault: Path, as_anna: Callable[[], UnlockedKeys]) -> None:
    (vault / "slots.a").write_bytes((vault / "slots.a").read_bytes()[:-1])
    with as_anna() as keys:
        assert keys.notices
        assert "slots.a is damaged" in keys.notices[0]
        assert keys.reconcile_copies()
        assert not keys.reconcile_copies()
    assert read_slots(vault).notices == ()
    assert (vault / "slots.a").read_bytes() == (vault / "slots.b").read_bytes()


@pytest.mark.parametrize("length", [0, 1, 2, 100, 1000, -100, -2, -1])
def test_a_cut_file_is_never_taken_for_whole(vault: Path, length: int) -> None:
    data = (vault / "slots.b").read_bytes()
    for file in ("slots.a", "slots.b"):
        (vault / file).write_bytes(data[:length])
    with pytest.raises(Damaged, match="Neither copy"):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00", b"{}", b"x" * 100_000])
def test_a_file_with_something_after_its_end_is_refused(vault: Path, tail: bytes) -> None:
    for file in ("slots.a", "slots.b"):
        with (vault / file).open("ab") as stream:
            stream.write(tail)
    with pytest.raises(Damaged):
        read_slots(vault)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"format":"countersign/slots/v1"}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"[" * 200_000,
        b'{"a":' * 50_000,
        b"9" * 10_000,
        b'{"format":"countersign/slots/v1","sum":null}',
        b"x" * (8 * 1024 * 1024 + 1),
    ],
    ids=range(14),
)
def test_foreign_bytes_get_a_plain_answer(vault: Path, data: bytes) -> None:
    for file in ("slots.a", "slots.b"):
        (vault / file).write_bytes(data)
    with pytest.raises(Damaged) as refusal:
        people(vault)
    assert "Traceback" not in str(refusal.value)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400))
def test_no_bytes_at_all_make_the_reader_fall_over(data: bytes) -> None:
    with pytest.raises((Damaged, NewerFormat)):
        decode(data, where="slots.a")


@pytest.mark.parametrize("missing", ["slots.a", "slots.b"])
def test_one_missing_copy_is_a_notice_and_two_are_no_vault(vault: Path, missing: str) -> None:
    (vault / missing).unlink()
    assert people(vault) == ("Anna Berg", "Ben Oak")
    assert read_header(vault).notices[0].startswith(f"{missing} is missing")
    for file in ("slots.a", "slots.b"):
        (vault / file).unlink(missing_ok=True)
    with pytest.raises(Unavailable, match="no key slots") as refusal:
        people(vault)
    assert not isinstance(refusal.value, Damaged)


def test_a_folder_that_is_not_there_is_stated_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no vault here"):
        people(tmp_path / "Nowhere.vault")


def test_a_link_or_a_folder_in_place_of_a_slot_file_is_not_followed(vault: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copy(vault / "slots.a", kept)
    (vault / "slots.a").unlink()
    (vault / "slots.a").symlink_to(kept)
    (vault / "slots.b").unlink()
    (vault / "slots.b").mkdir()
    with pytest.raises(Unavailable, match="cannot be read"):
        people(vault)


def test_a_slot_file_of_another_vault_is_found(vault: Path, other_vault: Path) -> None:
    shutil.copy(other_vault / "slots.a", vault / "slots.a")
    with pytest.raises(Damaged, match="different vaults"):
        unlock(vault, person_name="Anna Berg", passphrase=ANNA)


def test_both_slot_files_of_another_vault_carry_that_vaults_id_and_key(
    vault: Path, other_vault: Path, as_anna: Callable[[], UnlockedKeys]
) -> None:
    with as_anna() as keys:
        own_hash, own_store_key = keys.slots_hash, keys.store_key
    for file in ("slots.a", "slots.b"):
        shutil.copy(other_vault / file, vault / file)
    with as_anna() as keys:
        assert keys.vault_id == "vault-2"
        assert keys.store_key != own_store_key
        with pytest.raises(Damaged, match="older or foreign"):
            keys.check_slots_hash(own_hash)


def test_an_old_generation_put_back_is_genuine_but_not_what_the_log_recorded(
    vault: Path, tmp_path: Path, as_anna: Callable[[], UnlockedKeys]
) -> None:
    old = Path(shutil.copytree(vault, tmp_path / "old"))
    with as_anna() as keys:
        keys.add_person(
            person_id="person-cy", person_name="Cy Elm", passphrase="cy has a passphrase too", at=AT, cost=MINIMUM_COST
        )
        recorded = keys.slots_hash
        assert keys.check_slots_hash(recorded) == "recorded"
    for file in ("slots.a", "slots.b"):
        shutil.copy(old / file, vault / file)
    with as_anna() as keys, pytest.raises(Damaged, match="older or foreign") as refusal:
        keys.check_slots_hash(recorded)
    assert "backup" in refusal.value.remedy


def test_a_change_stopped_before_it_was_recorded_is_one_ahead_and_no_more(
    vault: Path, as_anna: Callable[[], UnlockedKeys]
) -> None:
    with as_anna() as keys:
        recorded = keys.slots_hash
        keys.set_root_access("person-ben", granted=True)
        assert keys.check_slots_hash(recorded) == "ahead"
        keys.set_root_access("person-ben", granted=False)
        with pytest.raises(Damaged):
            keys.check_slots_hash(recorded)
    assert read_slots(vault).slots.generation == 4


def test_a_change_replaces_only_the_older_file(vault: Path, as_anna: Callable[[], UnlockedKeys]) -> None:
    for _ in range(3):
        newest = read_slots(vault).copies[0]
        with as_anna() as keys:
            keys.set_root_access("person-ben", granted=not _ben_holds_root(vault))
        assert sha256((vault / newest.file).read_bytes()).hexdigest() == newest.hash
        read = read_slots(vault)
        assert [copy.slots.generation for copy in read.copies if copy.slots][1] == read.slots.generation - 1
        assert read.slots.previous == newest.hash
        assert read.notices == ()


def _ben_holds_root(vault: Path) -> bool:
    return any(parcel.person == "person-ben" for parcel in read_slots(vault).slots.absent)


@pytest.mark.parametrize("left_over", [b"", b'{"form', None], ids=["empty", "cut", "whole"])
def test_a_write_stopped_before_its_rename_leaves_the_vault_as_it_was(
    vault: Path, as_anna: Callable[[], UnlockedKeys], left_over: bytes | None
) -> None:
    before = read_slots(vault)
    whole = encode(msgspec.structs.replace(before.slots, generation=99))
    for file in ("slots.a.part", "slots.b.part"):
        (vault / file).write_bytes(whole if left_over is None else left_over)
    assert read_slots(vault) == before
    with as_anna() as keys:
        keys.set_root_access("person-ben", granted=True)
        keys.reconcile_copies()
    assert sorted(path.name for path in vault.iterdir()) == ["slots.a", "slots.b"]
    assert read_slots(vault).slots.generation == before.slots.generation + 1


def test_slots_that_are_not_kept_as_meant_replace_nothing(vault: Path) -> None:
    before = read_slots(vault)

    def doubt(_: object) -> None:
        raise Damaged("The slots were not kept as written.")

    with pytest.raises(Damaged, match="not kept"):
        write_slots(
            vault,
            msgspec.structs.replace(before.slots, generation=before.slots.generation + 1),
            replaces=before.hash,
            verify=doubt,
        )
    assert read_slots(vault) == before
    assert not list(vault.glob("*.part"))


def test_a_disk_that_does_not_keep_what_it_was_given_replaces_nothing(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_slots(vault)
    newer = msgspec.structs.replace(before.slots, generation=before.slots.generation + 1)
    other = encode(msgspec.structs.replace(newer, name="Another"))  # whole in itself, but not what was written

    def forgetful(part: Path, _data: bytes) -> None:
        part.write_bytes(other)

    monkeypatch.setattr("desktop.vault.slots._write_through", forgetful)
    with pytest.raises(Damaged, match="did not keep"):
        write_slots(vault, newer, replaces=before.hash, verify=lambda _: None)
    assert read_slots(vault) == before
    assert not list(vault.glob("*.part"))


def test_a_change_made_from_slots_that_changed_meanwhile_is_refused(
    vault: Path, as_anna: Callable[[], UnlockedKeys]
) -> None:
    with as_anna() as one, as_anna() as other:
        one.set_root_access("person-ben", granted=True)
        after = read_slots(vault).hash
        with pytest.raises(Unavailable, match="meanwhile"):
            other.set_root_access("person-ben", granted=True)
        with pytest.raises(Unavailable, match="not those in force"):
            reconcile_copies(vault, hash_in_force=other.slots_hash, verify=lambda _: None)
    assert read_slots(vault).hash == after


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_stated_so_and_leaves_the_slots_as_they_were(
    vault: Path, as_anna: Callable[[], UnlockedKeys], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in vault.iterdir()}
    real_open = os.open

    def open_full(path: Any, flags: int, mode: int = 0o777) -> int:
        # the real device that is always full stands in for the temporary file
        if str(path).endswith(".part"):
            return real_open("/dev/full", os.O_WRONLY)
        return real_open(path, flags, mode)

    with as_anna() as keys:
        hash_before = keys.slots_hash
        monkeypatch.setattr("desktop.vault.slots.os.open", open_full)
        with pytest.raises(FileProblem, match="could not be written") as refusal:
            keys.set_root_access("person-ben", granted=True)
        monkeypatch.undo()
        assert "free space" in refusal.value.remedy
        assert keys.slots_hash == hash_before
        keys.set_root_access("person-ben", granted=True)
    assert {path.name for path in vault.iterdir()} == set(before)


def test_creating_over_an_existing_vault_is_refused_and_touches_nothing(vault: Path) -> None:
    before = {path.name: path.read_bytes() for path in vault.iterdir()}
    with pytest.raises(FileProblem, match="already"):
        create_vault_keys(
            vault,
            vault_id="vault-3",
            vault_name="Plant",
            person_id="person-eve",
            person_name="Eve",
            passphrase="eve would like to be in here",
            at=AT,
            cost=MINIMUM_COST,
        )
    assert {path.name: path.read_bytes() for path in vault.iterdir()} == before
