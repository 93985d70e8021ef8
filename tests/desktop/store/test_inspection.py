from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.cli.frame import INTEGRITY
from desktop.session.proving import Prover
from domain.commands.items import EditItem
from domain.errors import Damaged, Refused
from domain.state import ItemFilter

WHO = "Quinn Quality"


def proven_and_key(vault: Path) -> bytes:
    """Prove the whole vault on this computer, so that only newer entries are looked at, and take its key."""
    opened = CountersignApplication().unlock(vault, person=WHO, passphrase=PASSPHRASE)
    assert opened.verify().intact
    key = opened._keys.store_key
    opened.lock()
    return key


def tamper(vault: Path, key: bytes, *statements: str) -> None:
    connection = sqlcipher.connect(str(vault / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


def store_hash(vault: Path) -> str:
    return hashlib.sha256((vault / "store.db").read_bytes()).hexdigest()


@pytest.fixture
def damaged(sample_vault: Path) -> Path:
    """A vault whose newest entry, made after the last proof, carries another's signature."""
    key = proven_and_key(sample_vault)
    opened = CountersignApplication().unlock(sample_vault, person=WHO, passphrase=PASSPHRASE)
    item = next(iter(opened.register.items(ItemFilter(state="open"))))
    opened.perform(EditItem(item=item.number, fields={"description": "Seen again on Monday"}))
    newest = opened.register.log_size() - 1
    opened.lock()
    copy = f"UPDATE entry SET signature = (SELECT signature FROM entry WHERE seq = 3) WHERE seq = {newest}"
    tamper(sample_vault, key, copy)
    return sample_vault


def test_damage_in_new_entries_opens_the_vault_for_inspection_only(damaged: Path) -> None:
    before = store_hash(damaged)
    vault = CountersignApplication().unlock(damaged, person=WHO, passphrase=PASSPHRASE)
    assert vault.read_only
    assert any("signature does not fit" in notice for notice in vault.notices)
    assert any("inspection only" in notice for notice in vault.notices)
    assert vault.register.count(ItemFilter()) > 300
    item = next(iter(vault.register.items(ItemFilter(state="open"))))
    with pytest.raises(Refused) as refused:
        vault.perform(EditItem(item=item.number, fields={"description": "Changed"}))
    assert [each.rule for each in refused.value.obstacles] == ["vault.inspection"]
    with pytest.raises(Refused):
        vault.add_person(
            name="New Comer",
            roles=("quality",),
            identity_checked="Passport seen",
            passphrase="another throw-away passphrase",
        )
    size = vault.register.log_size()
    findings = vault.verify().findings
    vault.lock()
    assert {finding.entry for finding in findings if finding.entry >= 0} == {size - 1}
    assert store_hash(damaged) == before


def test_the_command_line_states_what_holds_of_a_damaged_vault(damaged: Path, tmp_path: Path) -> None:
    secret = secret_file(tmp_path)
    output = command("log", "verify", damaged, "--as", WHO, "--passphrase-file", secret, "--json")
    assert output.code == 6
    value = output.json()
    assert value["proven_entries"] == value["entries"] - 1
    listed = command("item", "list", damaged, "--as", WHO, "--passphrase-file", secret, "--json")
    assert listed.code == 6
    assert len(listed.items()) > 300
    assert any("inspection only" in notice for notice in listed.json()["notices"])
    assert "inspection only" in listed.err


def test_a_vault_is_inspected_without_a_byte_written(sample_vault: Path, tmp_path: Path) -> None:
    secret = secret_file(tmp_path)
    before = {file.name: file.read_bytes() for file in sample_vault.iterdir()}
    output = command("log", "verify", sample_vault, "--inspect", "--as", WHO, "--passphrase-file", secret, "--json")
    assert output.code == 0, output
    assert output.json()["intact"]
    listed = command("item", "list", sample_vault, "--inspect", "--as", WHO, "--passphrase-file", secret)
    assert listed.code == 0
    assert {file.name: file.read_bytes() for file in sample_vault.iterdir()} == before


def test_a_page_that_cannot_be_read_is_stated_and_the_rest_is_verified(sample_vault: Path, tmp_path: Path) -> None:
    key = proven_and_key(sample_vault)
    connection = sqlcipher.connect(str(sample_vault / "store.db"))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'refusal'").fetchone()[0]
    connection.close()
    store = sample_vault / "store.db"
    data = bytearray(store.read_bytes())
    data[(root - 1) * 4096 + 200] ^= 1
    store.write_bytes(data)
    secret = secret_file(tmp_path)
    output = command("log", "verify", sample_vault, "--inspect", "--as", WHO, "--passphrase-file", secret, "--json")
    assert output.code == 6
    value = output.json()
    assert "findings" in value, value
    assert {finding["kind"] for finding in value["findings"]} == {"page"}
    assert "refusal" in {finding["table"] for finding in value["findings"]}
    assert value["proven_entries"] == value["entries"] > 150


def test_a_proof_remembered_by_another_hand_is_not_believed(sample_vault: Path) -> None:
    proven_and_key(sample_vault)
    opened = CountersignApplication().unlock(sample_vault, person=WHO, passphrase=PASSPHRASE)
    prover: Prover = opened._prover
    memory = prover._file()
    whole = opened.register.log_size()
    assert prover.proven_entries() == whole
    memory.write_text(memory.read_text().replace('"roots":["', '"roots":["00', 1))
    assert prover.proven_entries() == 0
    memory.write_text("{}")
    assert prover.proven_entries() == 0
    opened.lock()


def test_a_week_without_a_whole_proof_asks_for_one(sample_vault: Path) -> None:
    proven_and_key(sample_vault)
    opened = CountersignApplication().unlock(sample_vault, person=WHO, passphrase=PASSPHRASE)
    prover: Prover = opened._prover
    created = opened.register.vault().created
    at = opened.actor().at
    assert prover.notices(at=at, created=created) == ()
    later = at.replace(year=at.year + 1)
    assert "last verified as a whole on" in prover.notices(at=later, created=created)[0]
    prover._file().unlink()
    assert "never verified as a whole" in prover.notices(at=later, created=created)[0]
    opened.lock()


def test_quick_verification_starts_where_the_proof_ended(sample_vault: Path, tmp_path: Path) -> None:
    proven_and_key(sample_vault)
    secret = secret_file(tmp_path)
    words = ("log", "verify", sample_vault, "--as", WHO, "--passphrase-file", secret, "--json")
    quick, whole = command(*words, "--quick"), command(*words)
    assert quick.code == whole.code == 0
    assert quick.json()["root"] == whole.json()["root"]
    assert quick.json()["since"] == whole.json()["entries"]
    assert command(*words, "--since", 100).json()["since"] == 100
    assert command(*words, "--since", 10**6).error()["kind"] == "UsageProblem"


def test_a_store_that_was_built_otherwise_is_not_unlocked_and_is_named_when_it_is_inspected(
    site_vault: Path, tmp_path: Path
) -> None:
    opened = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    key = opened._keys.store_key
    opened.lock()
    tamper(site_vault, key, "CREATE TRIGGER quiet AFTER INSERT ON item BEGIN SELECT 1; END")
    before = store_hash(site_vault)
    with pytest.raises(Damaged, match="quiet is not ours"):
        CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    looked = CountersignApplication().inspect(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    assert looked.read_only
    assert looked.damaged
    assert any("quiet is not ours" in notice for notice in looked.notices)
    looked.lock()
    assert store_hash(site_vault) == before
    words = ("--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path))
    output = command("log", "verify", site_vault, *words)
    assert output.code == INTEGRITY
    assert "quiet is not ours" in output.err
