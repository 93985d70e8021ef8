"""Of a damaged vault every reading command says so and ends with 6; a writing one is refused and changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from domain.commands.items import EditItem
from domain.state import ItemFilter

WHO = "Quinn Quality"
READS = [
    "item list",
    "item show ITEM",
    "item history ITEM",
    "item can ITEM move_item step=plan",
    "item chain ITEM",
    "item dues ITEM",
    "evidence list ITEM",
    "approval waiting",
    "approval list ITEM",
    "people list",
    "people roles list",
    "people who",
    "process list",
    "process show capa",
    "process lint capa",
    "process test --all",
    "category list",
    "delegation list",
    "alerts list",
    "calendar show",
    "report late",
    "report breaches",
    "report exceptions",
    "report reopened",
    "report urgent",
    "log list",
    "log checkpoint",
    "vault info",
    "self check",
]


@pytest.fixture(scope="module")
def damaged_once(sample_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a vault whose newest entry, made after the last proof, carries another's signature; an item."""
    folder = tmp_path_factory.mktemp("damaged")
    shutil.copytree(sample_made_once / "home", folder / "home")
    vault = Path(shutil.copytree(sample_made_once / "Sample.vault", folder / "Sample.vault"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        opened = CountersignApplication().unlock(vault, person=WHO, passphrase=PASSPHRASE)
        assert opened.verify().intact
        key = opened._keys.store_key
        item = next(iter(opened.register.items(ItemFilter(state="open")))).number
        opened.perform(EditItem(item=item, fields={"description": "Seen again on Monday"}))
        newest = opened.register.log_size() - 1
        opened.lock()
    connection = sqlcipher.connect(str(vault / "store.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    copied = "UPDATE entry SET signature = (SELECT signature FROM entry WHERE seq = 3) WHERE seq = ?"
    connection.execute(copied, (newest,))
    for _, sql in guards:
        connection.execute(sql)
    connection.close()
    return folder, item


@pytest.fixture
def damaged(damaged_once: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(damaged_once[0] / "home"))
    return damaged_once[0] / "Sample.vault"


def typed(words: str, vault: Path, item: str) -> list[object]:
    """The words of a command, with the vault behind the verb."""
    parts: list[str] = [item if word == "ITEM" else word for word in words.split()]
    verbs = 3 if parts[1] == "roles" else 2
    return [*parts[:verbs], vault, *parts[verbs:]]


@pytest.mark.parametrize("words", READS)
def test_every_reading_command_says_so_and_ends_with_six(
    damaged: Path, damaged_once: tuple[Path, str], tmp_path: Path, words: str
) -> None:
    before = hashlib.sha256((damaged / "store.db").read_bytes()).digest()
    who = ("--as", WHO, "--passphrase-file", secret_file(tmp_path))
    output = command(*typed(words, damaged, damaged_once[1]), *who, "--json")
    assert output.code == 6, output
    assert "signature does not fit" in output.err
    assert "inspection only" in output.err
    value = output.json()
    assert "error" not in value, "what can be read is answered"
    assert any("signature does not fit" in notice for notice in value["notices"])
    assert hashlib.sha256((damaged / "store.db").read_bytes()).digest() == before


def test_a_writing_command_is_refused_there_and_keeps_its_code(
    damaged: Path, damaged_once: tuple[Path, str], tmp_path: Path
) -> None:
    who = ("--as", WHO, "--passphrase-file", secret_file(tmp_path), "--json")
    output = command("item", "set", damaged, damaged_once[1], "description=Else", *who)
    assert output.code == 5
    value = output.json()
    assert value["error"]["obstacles"][0]["rule"] == "vault.inspection"
    assert any("signature does not fit" in notice for notice in value["notices"])


def test_a_sound_vault_that_is_only_looked_into_ends_as_ever(sample_vault: Path, tmp_path: Path) -> None:
    who = ("--as", WHO, "--passphrase-file", secret_file(tmp_path), "--json")
    for words in ("item show SS-CAPA-0009", "report late", "approval waiting", "people list", "log list"):
        output = command(*typed(words, sample_vault, ""), "--inspect", *who)
        assert output.code == 0, output
        assert any("for inspection" in notice for notice in output.json()["notices"])
