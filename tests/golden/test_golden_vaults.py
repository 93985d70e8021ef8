"""Every format that was ever given to anyone is opened for ever: a vault of each is restored and proven."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from freeze_format import EVIDENCE, FOUNDER, PASSPHRASE, facts_of  # noqa: E402 (found beside)
from frozen_schema import declared, frozen_file, is_open, step_file, step_to  # noqa: E402 (same)

from desktop.building import CountersignBuilding  # noqa: E402 (same)
from desktop.store.engine import STORE_FORMAT  # noqa: E402 (same)

FREEZE = "Before a format was ever given to anyone, freeze it again with: python tests/golden/freeze_format.py"
OPEN = (
    f"Format {STORE_FORMAT} is open: before it is given to anyone, freeze it with: python tests/golden/freeze_format.py"
)
STEP = "After a change of the tables write the step anew: python tests/golden/frozen_schema.py"
FROZEN = range(1, STORE_FORMAT if is_open() else STORE_FORMAT + 1)


def test_every_format_given_out_has_its_golden_vault_and_its_frozen_schema() -> None:
    assert len(FROZEN) >= STORE_FORMAT - 1, "only the newest format may be open"
    assert sorted(file.name for file in HERE.glob("vault_v*.countersign")) == [
        f"vault_v{n}.countersign" for n in FROZEN
    ]
    assert sorted(file.name for file in HERE.glob("schema_v*.sql")) == [f"schema_v{n}.sql" for n in FROZEN]


def test_the_declared_schema_is_the_frozen_one() -> None:
    if is_open():
        pytest.skip(OPEN)
    frozen = frozen_file().read_text(encoding="utf-8")
    assert frozen == declared(), f"The tables of a format never change: write a migration to the next one. {FREEZE}"


def test_the_step_to_the_newest_format_is_what_its_tables_have_more() -> None:
    assert step_file().read_text(encoding="utf-8") == step_to(), STEP


@pytest.mark.parametrize("number", FROZEN)
def test_a_golden_vault_is_restored_proven_and_worked_in(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    golden = HERE / f"vault_v{number}.countersign"
    expected = json.loads(golden.with_suffix(".json").read_text(encoding="utf-8"))
    vault = CountersignBuilding().restore(golden, tmp_path / "Golden.vault", person=FOUNDER, passphrase=PASSPHRASE)
    assert facts_of(vault, expected["entries"]) == expected
    since = [line.act for line in vault.register.log_page(before=10**6, limit=10)][: -expected["entries"]]
    told = ["record_migration"] if number < STORE_FORMAT else []
    assert since == [*told, "record_restore"], "newest first: where it came from, then what was done to the store"
    assert vault.verify().intact
    assert b"".join(vault.register.file_bytes(expected["files"][0])) == EVIDENCE
    vault.lock()
