"""The slot file at its bounds, with invented slots: what is just right is read, one step beside it is refused."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from desktop.vault.passphrases import MINIMUM_COST, SALT_SIZE
from desktop.vault.slot_format import (
    FIRST_PREVIOUS,
    FORMAT,
    LARGEST_FILE,
    MOST_PARCELS,
    MOST_SLOTS,
    Certificate,
    Kdf,
    Parcel,
    Publics,
    Slot,
    SlotFile,
    VaultKeys,
    Wrapped,
    decode,
    encode,
    file_hash,
    names_a_newer_format,
)
from domain.errors import Damaged, NewerFormat
from domain.log.canonical import canonical

replace = msgspec.structs.replace


def person(n: int, *, root: bool = False) -> Slot:
    key = n.to_bytes(4, "big") * 8
    return Slot(
        slot=f"slot-{n}",
        kind="person",
        person=f"person-{n}",
        name=f"Person {n}",
        generation=1,
        kdf=Kdf(
            name="argon2id",
            memory_kib=MINIMUM_COST.memory_kib,
            iterations=MINIMUM_COST.iterations,
            lanes=MINIMUM_COST.lanes,
            salt=bytes(SALT_SIZE),
        ),
        commit=bytes(32),
        wrapped=Wrapped(dek=b"d", ed25519=b"e", p256=b"p", x25519=b"x", root=b"r" if root else None),
        public=Publics(ed25519=key, p256=b"\x04", x25519=key),
        certificate=Certificate(statement=b"s", root_signature=b"r", possession=b"p"),
    )


def sheet(n: int) -> Slot:
    return replace(
        person(n),
        slot=f"sheet-{n}",
        kind="recovery",
        kdf=Kdf(name="hkdf-sha256", memory_kib=0, iterations=0, lanes=0, salt=bytes(SALT_SIZE)),
        wrapped=Wrapped(dek=b"d", x25519=b"x", root=b"r"),
        public=Publics(ed25519=b"", p256=b"", x25519=b"x" * 32),
        certificate=None,
    )


def parcel(n: int, purpose: str = "root") -> Parcel:
    return Parcel(person=f"person-{n}", slot=f"slot-{n}", purpose=purpose, generation=1, box=b"b")  # type: ignore[arg-type]


def slots(*held: Slot, **other: Any) -> SlotFile:
    values: dict[str, Any] = {
        "format": FORMAT,
        "vault": "v",
        "name": "Plant",
        "generation": 1,
        "previous": FIRST_PREVIOUS,
        "state": "steady",
        "slots": held or (person(1, root=True),),
        "vault_keys": VaultKeys(log=b"l", log_public=b"p", log_certificate=b"c", root_public=b"r"),
        "mac": bytes(32),
    }
    return SlotFile(**{**values, **other})


def read(file: SlotFile) -> SlotFile:
    return decode(encode(file), where="slots.a")


def test_what_was_written_is_read_and_hashed_as_written() -> None:
    whole = slots(person(1, root=True), person(2), sheet(1), absent=(parcel(2),), state="rotating")
    assert read(whole) == whole
    assert file_hash(b"x") == sha256(b"x").hexdigest()
    assert whole.maced() == canonical({k: v for k, v in msgspec.to_builtins(whole).items() if k != "mac"})
    assert b'"mac"' not in whole.maced()


@pytest.mark.parametrize(
    "change",
    [
        lambda: slots(generation=0),
        lambda: slots(previous="0" * 63),
        lambda: slots(previous="0" * 65),
        lambda: slots(mac=bytes(31)),
        lambda: slots(mac=bytes(33)),
        lambda: slots(replace(person(1), generation=2)),
        lambda: slots(replace(person(1), generation=0)),
        lambda: slots(replace(person(1), commit=bytes(31))),
        lambda: slots(replace(person(1), kdf=replace(person(1).kdf, salt=bytes(SALT_SIZE - 1)))),
        lambda: slots(replace(person(1), kdf=sheet(1).kdf)),
        lambda: slots(replace(sheet(1), kdf=replace(sheet(1).kdf, memory_kib=1))),
        lambda: slots(replace(sheet(1), kdf=replace(sheet(1).kdf, iterations=1))),
        lambda: slots(replace(sheet(1), kdf=replace(sheet(1).kdf, lanes=1))),
        lambda: slots(replace(person(1), person="")),
        lambda: slots(replace(person(1), name=" ")),
        lambda: slots(replace(person(1), public=None)),
        lambda: slots(replace(person(1), certificate=None)),
        *(
            lambda field=field: slots(replace(person(1), wrapped=replace(person(1).wrapped, **{field: None})))
            for field in ("ed25519", "p256", "x25519")
        ),
        *(
            lambda field=field: slots(replace(sheet(1), wrapped=replace(sheet(1).wrapped, **{field: None})))
            for field in ("x25519", "root")
        ),
        *(
            lambda field=field: slots(replace(sheet(1), wrapped=replace(sheet(1).wrapped, **{field: b"k"})))
            for field in ("ed25519", "p256")
        ),
        *(
            lambda field=field: slots(replace(sheet(1), public=replace(sheet(1).public, **{field: b"k"})))
            for field in ("ed25519", "p256")
        ),
        lambda: slots(replace(sheet(1), public=None)),
        lambda: slots(replace(sheet(1), person="")),
        lambda: slots(person(1), replace(person(2), slot="slot-1")),
        lambda: slots(person(1), replace(person(2), person="person-1")),
        lambda: slots(person(1), replace(person(2), name="PERSON 1")),
        lambda: slots(person(1), replace(person(2), public=person(1).public)),
    ],
)
def test_one_step_beside_what_is_right_is_refused(change: Callable[[], SlotFile]) -> None:
    with pytest.raises(Damaged):
        read(change())


def test_two_slots_may_share_what_reports_nobody_apart() -> None:
    both = slots(person(1, root=True), sheet(1))  # the same person and name, once as a sheet
    assert read(both) == both
    later = slots(replace(person(1), generation=2), generation=2)
    assert read(later) == later


def test_a_file_of_two_thousand_slots_is_read_and_one_more_is_not() -> None:
    assert (MOST_SLOTS, MOST_PARCELS, LARGEST_FILE) == (2000, 6000, 8 * 1024 * 1024)
    many = tuple(person(n) for n in range(MOST_SLOTS))
    assert len(read(slots(*many)).slots) == MOST_SLOTS
    with pytest.raises(Damaged, match="2000"):
        read(slots(*many, person(MOST_SLOTS)))
    left = tuple(parcel(n, "dek") for n in range(MOST_PARCELS))
    assert len(read(slots(absent=left)).absent) == MOST_PARCELS
    with pytest.raises(Damaged):
        read(slots(absent=(*left, parcel(0))))


def test_a_file_of_eight_megabytes_is_looked_at_and_a_larger_one_is_not() -> None:
    just = b'"' + b"x" * (LARGEST_FILE - 2) + b'"'
    with pytest.raises(Damaged, match="no object"):
        decode(just, where="slots.a")
    with pytest.raises(Damaged, match="larger than 8 MiB"):
        decode(just + b" ", where="slots.a")
    newer = canonical({"format": "countersign/slots/v2", "x": ""})
    padded = newer.replace(b'"x":""', b'"x":"' + b"y" * (LARGEST_FILE - len(newer)) + b'"')
    assert len(padded) == LARGEST_FILE
    assert names_a_newer_format(padded) is True
    assert names_a_newer_format(padded.replace(b"yy", b"yyy", 1)) is False


def test_a_newer_format_is_shown_from_damage_and_from_nonsense() -> None:
    def of(name: object, *, intact: bool = True) -> bytes:
        value = {"format": name}
        summed = {**value, "sum": sha256(canonical(value)).hexdigest() if intact else "0" * 64}
        return canonical(summed)

    with pytest.raises(NewerFormat):
        decode(of("countersign/slots/v2"), where="slots.a")
    for data in (of("countersign/slots/v2", intact=False), of("another"), of(2), of(FORMAT, intact=False)):
        with pytest.raises(Damaged):
            decode(data, where="slots.a")
    claims = {"countersign/slots/v2": True, "countersign/slots/v99": True, FORMAT: False, "countersign/slots/vx": False}
    assert {name: names_a_newer_format(of(name, intact=False)) for name in claims} == claims
    assert not any(names_a_newer_format(data) for data in (b"", b"[]", b"{}", of(2)))
    with pytest.raises(NewerFormat):
        read(slots(replace(person(1), factor="key-file")))


def test_a_person_is_found_by_name_in_any_spelling_and_by_id_and_a_sheet_is_nobody() -> None:
    held = slots(sheet(3), person(1), person(2))
    assert held.person_slot("PERSON 2") == held.slot_of("person-2") == person(2)
    assert held.person_slot("Person 3") is held.slot_of("person-3") is None


@pytest.mark.parametrize(
    ("file", "has"),
    [
        (slots(person(1, root=True)), False),
        (slots(person(1, root=True), person(2, root=True)), False),
        (slots(person(1), person(2, root=True), person(3)), True),
        (slots(person(1, root=True), person(2), person(3)), False),
        (slots(person(1), person(2), person(3), absent=(parcel(3),)), True),
        (slots(person(1), person(2), person(3), absent=(parcel(3, "dek"),)), False),
        (slots(person(1), person(2), person(3), absent=(parcel(1),)), False),
        (slots(person(1), sheet(1)), True),
        (slots(person(1), sheet(2)), False),
        (slots(person(1), person(2), sheet(3)), False),
    ],
    ids=[
        "alone", "one_other", "two_others_one_administrator", "only_own_root", "administrator_to_be", "only_a_data_key",
        "only_own_parcel", "own_sheet", "another_ones_sheet", "sheets_are_nobody",
    ],
)  # fmt: skip
def test_the_way_back_of_who_is_locked_out(file: SlotFile, *, has: bool) -> None:
    assert file.has_recovery("person-1") is has
