"""Files that commands write: never over something else; what cannot be written is stated before anything is signed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import PROJECT, command, environment, secret_file

PERSON = "Quinn Quality"


@pytest.fixture
def who(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", PERSON, "--passphrase-file", secret_file(tmp_path), "--json")


def ready_to_close(vault: Path, tmp_path: Path) -> str:
    """An item of the sample whose last signature is given here."""
    process_owner = ("--as", "Priya Process", "--passphrase-file", secret_file(tmp_path), "--json")
    number: str = command("item", "list", vault, "--step", "verification", *process_owner).items()[0]["number"]
    assert command("approve", vault, number, *process_owner).code == 0
    return number


def test_a_pack_that_cannot_be_written_leaves_the_item_open(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    item = ready_to_close(sample_vault, tmp_path)
    entries = command("vault", "info", sample_vault, *who).json()["entries"]
    for place in (tmp_path / "no such folder" / "pack.pdf", tmp_path):
        output = command("close", sample_vault, item, "--outcome", "reached", "--pack", place, *who)
        assert output.code == 8
        assert output.error()["where"] == str(place)
    shown = command("item", "show", sample_vault, item, *who).json()
    assert (shown["state"], shown["packs"]) == ("open", [])
    assert command("vault", "info", sample_vault, *who).json()["entries"] == entries
    assert command("close", sample_vault, item, "--outcome", "reached", *who).code == 0


def test_evidence_comes_out_as_it_went_in_and_over_nothing(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    item = command("item", "list", sample_vault, "--state", "closed", *who).items()[0]["number"]
    evidence = command("evidence", "list", sample_vault, item, *who).items()[0]
    out = tmp_path / "copy.txt"
    output = command(
        "evidence", "get", sample_vault, item, evidence["id"], "--purpose", "the auditor", "--out", out, *who
    )
    assert (output.code, output.json()["sha256"]) == (0, evidence["file"])
    assert out.stat().st_size == evidence["bytes"]
    kept = out.read_bytes()
    again = command(
        "evidence", "get", sample_vault, item, evidence["id"], "--purpose", "the auditor", "--out", out, *who
    )
    assert again.code == 8
    assert "already" in again.error()["what"]
    assert out.read_bytes() == kept


def test_a_checkpoint_goes_into_a_file_or_is_a_file_problem(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    out = tmp_path / "checkpoint.txt"
    output = command("log", "checkpoint", sample_vault, "--out", out, *who)
    assert output.code == 0
    assert out.read_text(encoding="utf-8") == output.json()["note"]
    assert command("log", "checkpoint", sample_vault, "--out", out / "below", *who).code == 8


def test_an_installation_that_cannot_remember_states_so(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv("COUNTERSIGN_HOME", str(taken))
    output = command("vault", "info", sample_vault, *who)
    assert output.code == 8
    assert str(taken) in output.error()["where"]


def test_a_reader_that_has_seen_enough_is_no_error(sample_vault: Path, tmp_path: Path) -> None:
    words = ["item", "list", str(sample_vault), "--as", PERSON, "--passphrase-file", str(secret_file(tmp_path))]
    with subprocess.Popen(
        [sys.executable, "-m", "desktop", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=environment(),
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.close()
        announced = listing.stderr.read()
    assert "Traceback" not in announced
    assert announced.strip() == ""


def test_the_log_lists_the_newest_entries_within_bounds(sample_vault: Path, who: tuple[object, ...]) -> None:
    newest = command("log", "list", sample_vault, "--limit", "3", *who).items()
    assert [line["seq"] for line in newest] == sorted((line["seq"] for line in newest), reverse=True)
    assert len(newest) == 3
    for limit in ("0", "-1", "99999999999999999999", "many"):
        assert command("log", "list", sample_vault, "--limit", limit, *who).code == 2
