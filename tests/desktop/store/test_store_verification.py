from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_store import KEY, SmallStore, build
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.store.findings import Findings
from desktop.store.replay_log import LogReplay
from desktop.store.store import Store
from desktop.store.tables import FIELDS, JSON_FIELDS, metadata
from domain.act import Act, Change
from domain.commands.settings import ChangeSetting
from domain.errors import Damaged
from domain.records.oversight import REVEAL_NEEDS_TWO
from domain.records.registry import RECORDS

LOG_COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    for column in table.columns
    if table.name in ("entry", "change", "file_chunk", "log_head")
]
RECORD_COLUMNS = [(record, field) for record in RECORDS for field in FIELDS[record]]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallStore]:
    small = build(tmp_path_factory.mktemp("store") / "store.db")
    small.close()
    yield small
    small.close()


@pytest.fixture
def small(untouched: SmallStore, tmp_path: Path) -> Iterator[SmallStore]:
    path = tmp_path / "store.db"
    shutil.copy(untouched.path, path)
    copy = SmallStore.__new__(SmallStore)
    copy.__dict__.update(untouched.__dict__)
    copy.path = path
    yield copy
    copy.close()


def tamper(path: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Someone with the data key and a SQL tool, who drops our guards first and puts them back."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement, values in statements:
        connection.execute(statement, values)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


def reopened(small: SmallStore) -> SmallStore:
    small.reopen()
    return small


def test_an_untouched_store_is_intact(small: SmallStore) -> None:
    verdict = reopened(small).verify()
    assert verdict.findings == ()
    assert verdict.entries == 5
    assert verdict.files == 1


def other_value(current: Any, *, is_json: bool) -> Any:
    if is_json:
        return '{"forged":1}' if current != '{"forged":1}' else "[]"
    if isinstance(current, int):
        return current + 1
    if isinstance(current, bytes):
        return bytes([current[0] ^ 1]) + current[1:]
    return f"{current}x"


@pytest.mark.parametrize(("table", "field"), RECORD_COLUMNS)
def test_a_changed_record_field_is_found_and_named(small: SmallStore, table: str, field: str) -> None:
    connection = sqlcipher.connect(str(small.path))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    id_, current = connection.execute(f'SELECT id, "{field}" FROM "{table}" ORDER BY id LIMIT 1').fetchone()
    connection.close()
    forged = other_value(current, is_json=field in JSON_FIELDS[table])
    tamper(small.path, (f'UPDATE "{table}" SET "{field}" = ? WHERE id = ?', (forged, id_)))
    findings = reopened(small).verify().findings
    named = {(finding.table, finding.row, finding.field) for finding in findings}
    assert (table, id_, field) in named


@pytest.mark.parametrize(("table", "field"), LOG_COLUMNS)
def test_a_changed_log_column_is_found_and_named(small: SmallStore, table: str, field: str) -> None:
    connection = sqlcipher.connect(str(small.path))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    rowid, current = connection.execute(
        f'SELECT rowid, "{field}" FROM "{table}" ORDER BY rowid DESC LIMIT 1'
    ).fetchone()
    connection.close()
    forged = 9_999 if isinstance(current, int) else other_value(current, is_json=False)
    check = ("PRAGMA ignore_check_constraints = ON", ())
    tamper(small.path, check, (f'UPDATE "{table}" SET "{field}" = ? WHERE rowid = ?', (forged, rowid)))
    findings = reopened(small).verify().findings
    assert table in {finding.table for finding in findings}


@pytest.mark.parametrize("record", list(RECORDS))
def test_a_removed_row_is_found(small: SmallStore, record: str) -> None:
    tamper(small.path, (f'DELETE FROM "{record}" WHERE id = (SELECT min(id) FROM "{record}")', ()))
    findings = reopened(small).verify().findings
    assert any(finding.table == record and "missing" in finding.text for finding in findings)


@pytest.mark.parametrize("record", list(RECORDS))
def test_an_invented_row_is_found(small: SmallStore, record: str) -> None:
    columns = ", ".join(f'"{name}"' for name in FIELDS[record])
    select = ", ".join("'forged-id'" if name == "id" else f'"{name}"' for name in FIELDS[record])
    if record == "item":
        select = select.replace('"number"', "'SA-CAPA-9999'")
    if record == "alert":
        select = select.replace('"key"', "'another key'")
    tamper(small.path, (f'INSERT INTO "{record}" ({columns}) SELECT {select} FROM "{record}" LIMIT 1', ()))
    findings = reopened(small).verify().findings
    assert any(finding.table == record and finding.row == "forged-id" for finding in findings)


def test_two_swapped_entries_are_found(small: SmallStore) -> None:
    swap = "UPDATE entry SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4)"
    tamper(small.path, (swap, ()), ("UPDATE entry SET seq = -seq WHERE seq < 0", ()))
    findings = reopened(small).verify().findings
    assert any("follow" in finding.text or "signed as entry" in finding.text for finding in findings)


def entries_of(path: Path) -> int:
    connection = sqlcipher.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    count = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    connection.close()
    return int(count)


@pytest.mark.parametrize("seq", [1, 2])
def test_an_entry_that_cannot_be_read_costs_itself_and_not_the_replay_of_those_after_it(
    small: SmallStore, seq: int
) -> None:
    assert entries_of(small.path) > seq + 1
    tamper(small.path, ("UPDATE entry SET header = x'00' WHERE seq = ?", (seq,)))
    findings = reopened(small).verify().findings
    assert {"entry", "hash"} <= {finding.kind for finding in findings if finding.entry == seq}
    later = {(finding.kind, finding.entry) for finding in findings if finding.entry > seq}
    assert not {kind for kind, _ in later} & {"order", "changes"}, later
    assert {entry for kind, entry in later if kind == "entry"} <= {seq + 1}, "only the next one's link is broken"


COLUMNS = ("seq", "at", "by", "act", "subject", "first_change", "header", "signature", "leaf")


@pytest.mark.parametrize("field", COLUMNS[1:])
def test_a_value_that_no_entry_can_hold_is_named_counts_as_empty_and_its_neighbours_stay(field: str) -> None:
    """The tables take no such value; bytes of another table, put where entries are, can show one all the same."""
    found = Findings()
    replay = LogReplay(None, found, vault="v", root_key=b"", verify_signature=lambda *_: True)  # type: ignore[arg-type]
    row = dict(zip(COLUMNS, (2, "at", "by", "act", "subject", 7, b"h", b"s", b"l"), strict=True))
    odd = {**row, field: 1.5}
    read = dict(zip(COLUMNS, replay._readable(tuple(odd.values())), strict=True))  # type: ignore[arg-type]
    assert read == {**row, field: type(row[field])()}
    assert [(each.row, each.field, each.entry) for each in found] == [("2", field, 2)]
    assert "holds what no entry can hold" in found[0].text


def test_a_forged_place_of_changes_costs_its_entry_and_not_those_after_it(small: SmallStore) -> None:
    for seq, forged in ((2, 0), (2, 9_999), (3, -1)):
        connection = sqlcipher.connect(str(small.path))
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        was = connection.execute("SELECT first_change FROM entry WHERE seq = ?", (seq,)).fetchone()[0]
        connection.close()
        tamper(small.path, ("UPDATE entry SET first_change = ? WHERE seq = ?", (forged, seq)))
        findings = reopened(small).verify().findings
        small.store.close()
        assert [(finding.kind, finding.field, finding.entry) for finding in findings] == [
            ("order", "first_change", seq)
        ]
        tamper(small.path, ("UPDATE entry SET first_change = ? WHERE seq = ?", (was, seq)))
    assert reopened(small).verify().findings == ()


def test_a_cut_tail_is_found_by_the_log_head(small: SmallStore) -> None:
    tamper(small.path, ("DELETE FROM entry WHERE seq = 4", ()))
    assert any(finding.kind == "tail" for finding in reopened(small).verify().findings)


def test_a_cut_tail_with_its_rows_rolled_back_is_found_by_the_log_head(small: SmallStore) -> None:
    tamper(
        small.path,
        ("DELETE FROM entry WHERE seq = 4", ()),
        ("DELETE FROM change WHERE seq = 4", ()),
        ("UPDATE item SET step = 'reported', step_since = created_at WHERE id = 'item-1'", ()),
    )
    kinds = {finding.kind for finding in reopened(small).verify().findings}
    assert kinds == {"tail"}


def test_a_signature_copied_from_another_entry_is_found(small: SmallStore) -> None:
    copy = "UPDATE entry SET signature = (SELECT signature FROM entry WHERE seq = 3) WHERE seq = 4"
    tamper(small.path, (copy, ()))
    findings = reopened(small).verify().findings
    assert any(finding.kind == "signature" and finding.entry == 4 for finding in findings)


def test_a_foreign_trigger_is_found(small: SmallStore) -> None:
    trigger = "CREATE TRIGGER quiet AFTER INSERT ON item BEGIN UPDATE item SET due = '' WHERE id = new.id; END"
    connection = sqlcipher.connect(str(small.path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute(trigger)
    connection.close()
    findings = reopened(small).verify().findings
    assert any(finding.table == "quiet" and finding.kind == "schema" for finding in findings)


def test_a_dropped_guard_is_found(small: SmallStore) -> None:
    connection = sqlcipher.connect(str(small.path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("DROP TRIGGER entry_no_update")
    connection.close()
    findings = reopened(small).verify().findings
    assert any(finding.table == "entry_no_update" for finding in findings)


@pytest.mark.parametrize("table", ["entry", "change", "file_chunk"])
def test_the_log_refuses_updates_and_deletes(small: SmallStore, table: str) -> None:
    connection = sqlcipher.connect(str(small.path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    column = metadata.tables[table].columns.keys()[-1]
    with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
        connection.execute(f"UPDATE {table} SET {column} = {column}")
    with pytest.raises(sqlcipher.IntegrityError, match="nothing is deleted"):
        connection.execute(f"DELETE FROM {table}")
    connection.close()


def test_a_role_that_was_not_used_is_found(small: SmallStore) -> None:
    reopened(small)
    small.perform(ChangeSetting(name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it"), role="controller")
    findings = small.verify().findings
    assert [(finding.kind, finding.field) for finding in findings] == [("rules", "role")]
    assert "controller" in findings[0].text


def test_a_role_that_was_not_held_is_found(small: SmallStore) -> None:
    reopened(small)
    act = small.decided(ChangeSetting(name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it"), small.at)
    small.record_at(act, small.at, small.quinn)
    found = [finding for finding in small.verify_all().findings if finding.entry == 5]
    assert {finding.kind for finding in found} == {"rules"}
    assert any("(rule right.missing)" in finding.text for finding in found)


def test_an_entry_signed_with_someone_elses_key_is_found(small: SmallStore) -> None:
    reopened(small)
    impostor = small.quinn.__class__("person-ada", "Ada")
    impostor.private, impostor.key = small.quinn.private, small.quinn.key
    change = Change("item", "item-2", {"title": "Torn label 2"}, {"title": "Fine"})
    small.record(Act(name="edit_item", changes=(change,), subject="item-2"), impostor)
    findings = small.verify().findings
    assert any("not of person-ada" in finding.text for finding in findings)


def test_a_wrong_key_states_damaged(small: SmallStore) -> None:
    with pytest.raises(Damaged):
        Store.open(small.path, bytes(32), vault="x")
