"""The one-file copy: whole or not at all when written, trusted in nothing when read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.backups.container import ABOUT, MEMBERS, SLOTS_A, STORE, About, read_about, unpack, write_container
from domain.errors import CountersignError, Damaged, FileProblem, NewerFormat

VALUES = About(
    format=1,
    vault="018f0000-0000-7000-8000-000000000001",
    name="Site A",
    made_at="2026-11-22T08:00:00.000Z",
    why="by hand",
    size=3,
    root="ab" * 32,
    checkpoint="note",
    sha256={},
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    store = tmp_path / STORE
    store.write_bytes(bytes(range(256)) * 64)
    target = tmp_path / "Site-20261122-080000.countersign"
    write_container(target, store=store, slots=b"slots", about=VALUES)
    return target


def _again(made: Path, **changed: object) -> Path:
    """The same container with members changed: bytes, None = left out, and `extra` members."""
    target = made.with_name("changed.countersign")
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w") as new:
        for name in MEMBERS:
            data = changed.get(name.replace(".", "_"), old.read(name))
            if data is not None:
                assert isinstance(data, bytes)
                new.writestr(name, data)
        for name in changed.get("extra", ()):  # type: ignore[attr-defined]
            new.writestr(name, b"x")
    return target


def test_what_was_written_comes_out_again(made: Path, tmp_path: Path) -> None:
    about = unpack(made, tmp_path / "out")
    assert (tmp_path / "out" / STORE).read_bytes() == bytes(range(256)) * 64
    assert (tmp_path / "out" / SLOTS_A).read_bytes() == b"slots"
    assert about.sha256[STORE] == hashlib.sha256(bytes(range(256)) * 64).hexdigest()
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["slots.a", "slots.b", "store.db"]


def test_any_unzip_program_reads_it(made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert tuple(archive.namelist()) == MEMBERS


def test_nothing_is_overwritten_and_nothing_half_is_left(made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(FileProblem, match="already"):
        write_container(made, store=tmp_path / STORE, slots=b"other", about=VALUES)
    assert made.read_bytes() == before
    with pytest.raises(FileProblem):
        write_container(tmp_path / "new.countersign", store=tmp_path / "missing", slots=b"", about=VALUES)
    assert sorted(file.name for file in tmp_path.iterdir()) == [made.name, STORE]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"PK", b"not a zip at all" * 100):
        file = tmp_path / "x.countersign"
        file.write_bytes(data)
        with pytest.raises(Damaged):
            read_about(file)
    with pytest.raises(FileProblem, match="no such file"):
        read_about(tmp_path / "nowhere.countersign")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "C:\\evil", "store.db/../../evil", "extra.txt"])
def test_a_member_that_does_not_belong_is_refused_and_written_nowhere(made: Path, tmp_path: Path, name: str) -> None:
    bad = _again(made, extra=(name,))
    with pytest.raises(Damaged, match="exactly"):
        unpack(bad, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.parent.rglob("evil"))


def test_a_missing_or_doubled_member_is_refused(made: Path, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="exactly"):
        read_about(_again(made, slots_b=None))
    with pytest.warns(UserWarning, match="Duplicate"):
        doubled = _again(made, extra=(STORE,))
    with pytest.raises(Damaged, match="exactly"):
        read_about(doubled)


def test_a_packed_member_is_refused_before_it_can_swell(made: Path) -> None:
    target = made.with_name("bomb.countersign")
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in MEMBERS:
            new.writestr(name, bytes(10_000_000) if name == STORE else old.read(name))
    with pytest.raises(Damaged, match="never packs"):
        read_about(target)


def test_changed_bytes_of_a_member_are_found(made: Path, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"store\.db is not what was written"):
        unpack(_again(made, store_db=b"other"), tmp_path / "out")
    with pytest.raises(Damaged, match=r"slots\.a is not what was written"):
        unpack(_again(made, slots_a=b"other"), tmp_path / "out2")


def test_a_newer_format_is_stated_to_be_newer(made: Path) -> None:
    newer = msgspec.json.encode({**msgspec.to_builtins(VALUES), "format": 2, "more": "fields"})
    with pytest.raises(NewerFormat, match="format 2"):
        read_about(_again(made, about_json=newer))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format":1}', b'{"format":"1"}', b"\xff\xfe", b"{" * 5000])
def test_an_about_that_states_nothing_is_refused(made: Path, data: bytes) -> None:
    with pytest.raises(Damaged):
        read_about(_again(made, about_json=data))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_damage_is_found_or_harmless_and_never_a_crash(made: Path, tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(made.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.sampled_from([len(whole), len(whole) - 1, len(whole) // 2]))
    bad = tmp_path / "bad.countersign"
    bad.write_bytes(whole[:cut])
    out = tmp_path / f"out-{data.draw(st.uuids())}"
    try:
        unpack(bad, out)
    except CountersignError:
        return
    assert (out / STORE).read_bytes() == bytes(range(256)) * 64, "what is unpacked is what was written"


def test_every_member_is_stored_as_it_is(made: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made.read_bytes())) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.getinfo(ABOUT).date_time == (2026, 11, 22, 8, 0, 0)
