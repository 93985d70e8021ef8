"""Somebody with the data key and a SQL tool alters the sample vault: `log verify` finds it and says where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from command_line import PASSPHRASE, CommandOutput, command, secret_file
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.store.rows import to_column
from desktop.store.store import Store
from desktop.store.tables import FIELDS, JSON_FIELDS
from desktop.vault.ed25519 import verify_signature
from domain.log.merkle import Frontier
from domain.log.verdict import Finding
from domain.records.registry import RECORDS

MOST_FIELDS = max(len(fields) for fields in FIELDS.values())
OF_DAILY_WORK = {
    *("vault", "person", "person_key", "person_role", "process", "process_version", "item", "transition_record"),
    *("approval", "evidence", "file", "closure", "pack", "import_batch", "refusal"),
}
VERIFIER = "Quinn Quality"


class Attacked:
    """A vault whose data key somebody has."""

    def __init__(self, folder: Path, secret: Path) -> None:
        self.folder, self.secret = folder, secret
        vault = CountersignApplication().unlock(folder, person=VERIFIER, passphrase=PASSPHRASE)
        self._key, self._root = bytes(vault._keys.store_key), bytes(vault._keys.root_public)
        self._vault = vault._keys.vault_id
        vault.lock()

    @contextmanager
    def sql(self) -> Iterator[Any]:
        """A connection on which our guards are gone; they are put back afterwards, so that they do not tell."""
        with closing(sqlcipher.connect(str(self.folder / "store.db"), isolation_level=None)) as connection:
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            connection.execute("PRAGMA synchronous = OFF")
            guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            assert len(guards) > len(RECORDS)
            for name, _ in guards:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in guards:
                connection.execute(sql)

    def findings(self) -> Sequence[Finding]:
        """What a verification of the store finds."""
        store = Store.open(self.folder / "store.db", self._key, vault=self._vault)
        try:
            return store.verify(verify_signature, root_key=self._root).findings
        finally:
            store.close()

    def log_verify(self) -> CommandOutput:
        """What a person is shown who types the command."""
        person = ("--as", VERIFIER, "--passphrase-file", self.secret, "--json")
        return command("log", "verify", self.folder, *person)


@pytest.fixture
def attacked(sample_vault: Path, tmp_path: Path) -> Attacked:
    return Attacked(sample_vault, secret_file(tmp_path))


def forged(current: Any, *, is_json: bool) -> Any:
    """Another value that the column takes."""
    if is_json:
        return '{"forged":1}' if current != '{"forged":1}' else "[]"
    return current + 1 if isinstance(current, int) else f"{current}x"


def test_the_sample_has_rows_of_every_kind_of_its_work_and_is_intact(attacked: Attacked) -> None:
    with attacked.sql() as connection:
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in RECORDS}
    assert {name for name, count in counts.items() if count} >= OF_DAILY_WORK
    output = attacked.log_verify()
    assert (output.code, output.json()["intact"]) == (0, True)


@pytest.mark.parametrize("place", range(MOST_FIELDS))
def test_one_altered_field_in_each_table_is_found_and_named(attacked: Attacked, place: int) -> None:
    altered = set()
    with attacked.sql() as connection:
        for table, fields in FIELDS.items():
            if place >= len(fields):
                continue
            field = fields[place]
            rows = connection.execute(f'SELECT id, "{field}" FROM "{table}" ORDER BY id').fetchall()
            if not rows:
                continue
            id_, current = rows[len(rows) // 2]
            value = forged(current, is_json=field in JSON_FIELDS[table])
            connection.execute(f'UPDATE "{table}" SET "{field}" = ? WHERE id = ?', (value, id_))
            altered.add((table, id_, field))
    named = {(finding.table, finding.row, finding.field) for finding in attacked.findings()}
    assert altered - named == set()


def test_the_command_states_table_row_and_field_of_a_forged_value(attacked: Attacked) -> None:
    with attacked.sql() as connection:
        id_ = connection.execute("SELECT item FROM closure ORDER BY id LIMIT 1").fetchone()[0]
        connection.execute("UPDATE item SET due = '2030-01-01' WHERE id = ?", (id_,))
    output = attacked.log_verify()
    assert output.code == 6
    found = [(each["table"], each["row"], each["field"]) for each in output.json()["findings"]]
    assert ("item", id_, "due") in found


def test_swapped_entries_are_found(attacked: Attacked) -> None:
    with attacked.sql() as connection:
        connection.execute("UPDATE entry SET seq = CASE seq WHEN 90 THEN -91 ELSE -90 END WHERE seq IN (90, 91)")
        connection.execute("UPDATE entry SET seq = -seq WHERE seq < 0")
    output = attacked.log_verify()
    assert output.code == 6
    assert {each["entry"] for each in output.json()["findings"]} >= {90, 91}


def test_a_signature_copied_from_another_entry_is_found(attacked: Attacked) -> None:
    copied = "UPDATE entry SET signature = (SELECT signature FROM entry WHERE seq = 90) WHERE seq = 91"
    with attacked.sql() as connection:
        connection.execute(copied)
    output = attacked.log_verify()
    assert output.code == 6
    assert ("signature", 91) in {(each["kind"], each["entry"]) for each in output.json()["findings"]}


def test_an_approval_put_in_without_an_entry_is_found(attacked: Attacked) -> None:
    columns = ", ".join(f'"{field}"' for field in FIELDS["approval"])
    copied = ", ".join("'forged'" if field == "id" else f'"{field}"' for field in FIELDS["approval"])
    with attacked.sql() as connection:
        connection.execute(f"INSERT INTO approval ({columns}) SELECT {copied} FROM approval LIMIT 1")
    output = attacked.log_verify()
    assert output.code == 6
    assert ("approval", "forged") in {(each["table"], each["row"]) for each in output.json()["findings"]}


def cut_last_entry(connection: Any, *, roll_back_rows: bool, rewrite_head: bool) -> None:
    """Take the newest entry off the log and, as asked, every trace of it elsewhere."""
    (seq,) = connection.execute("SELECT max(seq) FROM entry").fetchone()
    changes = connection.execute("SELECT data FROM change WHERE seq = ? ORDER BY position DESC", (seq,)).fetchall()
    connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))
    if roll_back_rows:
        for (data,) in changes:
            _undo(connection, msgspec.json.decode(data))
        connection.execute("DELETE FROM change WHERE seq = ?", (seq,))
        connection.execute("INSERT INTO item_search (item_search) VALUES ('rebuild')")
    if rewrite_head:
        tree = Frontier()
        for (leaf,) in connection.execute("SELECT leaf FROM entry ORDER BY seq").fetchall():
            tree.append(leaf)
        connection.execute("UPDATE log_head SET size = ?, roots = ?", (tree.size, b"".join(tree.roots)))


def _undo(connection: Any, change: dict[str, Any]) -> None:
    if "record" not in change:
        return  # a leaf of the entry's command
    table = change["record"]
    if change["before"] is None:
        connection.execute(f'DELETE FROM "{table}" WHERE id = ?', (change["id"],))
        return
    for field, value in change["before"].items():
        stored = to_column(value) if field in JSON_FIELDS[table] else value
        connection.execute(f'UPDATE "{table}" SET "{field}" = ? WHERE id = ?', (stored, change["id"]))


@pytest.mark.parametrize("roll_back_rows", [False, True])
def test_a_cut_tail_is_found(attacked: Attacked, roll_back_rows: bool) -> None:  # noqa: FBT001 (a parameter of pytest)
    with attacked.sql() as connection:
        cut_last_entry(connection, roll_back_rows=roll_back_rows, rewrite_head=False)
    output = attacked.log_verify()
    assert output.code == 6
    assert {"tail", "rollback"} & {each["kind"] for each in output.json()["findings"]}
    kinds = {finding.kind for finding in attacked.findings()}
    assert "tail" in kinds
    assert ("row" in kinds) is not roll_back_rows


def test_a_tail_cut_without_a_trace_is_found_by_what_this_installation_remembers(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with attacked.sql() as connection:
        cut_last_entry(connection, roll_back_rows=True, rewrite_head=True)
    for _ in range(2):  # looking at it once must not make this installation forget
        output = attacked.log_verify()
        assert output.code == 6
        assert [each["kind"] for each in output.json()["findings"]] == ["rollback"]
        assert "already seen" in output.err, "opening it says so too"
    person = ("--as", VERIFIER, "--passphrase-file", attacked.secret)
    assert command("log", "checkpoint", attacked.folder, *person).code == 6, "nothing is signed over a cut log"
    # The limit of what a log alone can prove: who never saw the longer one cannot know.
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "another installation"))
    assert attacked.log_verify().json()["intact"]


def test_another_end_put_in_place_of_the_cut_one_is_found_by_what_this_installation_remembers(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with attacked.sql() as connection:
        cut_last_entry(connection, roll_back_rows=True, rewrite_head=True)
    home = tmp_path / "home"
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("COUNTERSIGN_HOME", str(tmp_path / "another installation"))
        person = ("--as", VERIFIER, "--passphrase-file", attacked.secret, "--json")
        for title in ("Another", "end"):
            words = ("item", "new", attacked.folder, f"title={title}", "--process", "capa")
            assert command(*words, *person).code == 0
        assert attacked.log_verify().json()["intact"]
    assert home.is_dir()
    output = attacked.log_verify()
    assert output.code == 6
    assert [each["kind"] for each in output.json()["findings"]] == ["fork"]
