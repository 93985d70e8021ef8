"""Every format that was ever given to anyone is opened for ever: a vault of each is restored and proven."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from freeze_format import EVIDENCE, FOUNDER, PASSPHRASE, declared, facts_of, frozen_file  # noqa: E402 (found beside)

from desktop.building import CountersignBuilding  # noqa: E402 (same)
from desktop.store.engine import STORE_FORMAT  # noqa: E402 (same)

FREEZE = "Before a format was ever given to anyone, freeze it again with: python tests/golden/freeze_format.py"


def test_every_format_so_far_has_its_golden_vault_and_its_frozen_schema() -> None:
    formats = range(1, STORE_FORMAT + 1)
    assert sorted(file.name for file in HERE.glob("vault_v*.countersign")) == [
        f"vault_v{n}.countersign" for n in formats
    ]
    assert sorted(file.name for file in HERE.glob("schema_v*.sql")) == [f"schema_v{n}.sql" for n in formats]


def test_the_declared_schema_is_the_frozen_one() -> None:
    frozen = frozen_file().read_text(encoding="utf-8")
    assert frozen == declared(), f"The tables of a format never change: write a migration to the next one. {FREEZE}"


@pytest.mark.parametrize("number", range(1, STORE_FORMAT + 1))
def test_a_golden_vault_is_restored_proven_and_worked_in(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    golden = HERE / f"vault_v{number}.countersign"
    expected = json.loads(golden.with_suffix(".json").read_text(encoding="utf-8"))
    vault = CountersignBuilding().restore(golden, tmp_path / "Golden.vault", person=FOUNDER, passphrase=PASSPHRASE)
    assert facts_of(vault, expected["entries"]) == expected
    assert vault.register.log_size() == expected["entries"] + 1
    assert vault.verify().intact
    assert b"".join(vault.register.file_bytes(expected["files"][0])) == EVIDENCE
    vault.lock()
