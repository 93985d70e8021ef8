"""Every format that was ever given to anyone is opened for ever: a vault of each is restored and proven."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from freeze_format import (  # noqa: E402 (found beside)
    COLLEAGUE,
    FIRST_ADMIN,
    PASSPHRASE,
    declared,
    facts_of,
    golden_file,
    schema_file,
)

from desktop.application.application import CountersignApplication  # noqa: E402 (same)
from desktop.pdf.verify_pack import PAGES, verify_pack  # noqa: E402 (same)
from desktop.store.engine import STORE_FORMAT  # noqa: E402 (same)
from domain.commands.items import CreateItem  # noqa: E402 (same)

FREEZE = "Before a format was ever given to anyone, freeze it again with: python tests/golden/freeze_format.py"
FORMATS = range(1, STORE_FORMAT + 1)


def test_every_format_has_its_golden_vault_and_its_frozen_schema() -> None:
    assert sorted(HERE.glob("vault_v*.countersign")) == sorted(map(golden_file, FORMATS))
    assert sorted(HERE.glob("schema_v*.sql")) == sorted(map(schema_file, FORMATS))


def test_the_declared_schema_is_the_frozen_one() -> None:
    frozen = schema_file().read_text(encoding="utf-8")
    assert frozen == declared(), f"The tables of a format never change: write a migration to the next one. {FREEZE}"


@pytest.mark.parametrize("number", FORMATS)
def test_a_golden_vault_is_restored_proven_and_worked_in(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    golden = golden_file(number)
    expected = json.loads(golden.with_suffix(".json").read_text(encoding="utf-8"))
    application, place = CountersignApplication(), tmp_path / "Golden.vault"
    vault = application.restore(golden, place, person=FIRST_ADMIN, passphrase=PASSPHRASE)
    assert facts_of(vault, expected["entries"]) == expected, FREEZE
    since = [line.act for line in vault.register.log_page(before=10**6, limit=10**6)][: -expected["entries"]]
    output = ["record_migration"] if number < STORE_FORMAT else []
    assert since == [*output, "record_restore"], "newest first: where it came from, then what was done to the store"
    vault.lock()
    vault = application.unlock(place, person=COLLEAGUE, passphrase=PASSPHRASE)
    vault.perform(CreateItem(process="capa", fields={"title": "Work goes on"}))
    assert vault.verify().intact
    vault.lock()


@pytest.mark.parametrize("number", FORMATS)
def test_the_pack_of_a_golden_vault_holds(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pages are compared by other tests: they come out of libraries that may be others than on that day."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    application = CountersignApplication()
    vault = application.open_snapshot(golden_file(number), person=FIRST_ADMIN, passphrase=PASSPHRASE)
    (pack,) = json.loads(golden_file(number).with_suffix(".json").read_text(encoding="utf-8"))["packs"]
    data = b"".join(vault.register.file_bytes(pack))
    vault.lock()
    checks = [check for check in verify_pack(data).checks if check.name != PAGES]
    assert len(checks) > 10
    assert [check for check in checks if not check.passed] == [], FREEZE
