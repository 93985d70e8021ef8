"""A quick self-check says what it looked at: nothing, where nothing is new since this computer proved the log."""

from __future__ import annotations

from pathlib import Path

from command_line import PASSPHRASE, command, secret_file


def test_without_a_new_entry_it_says_so_and_claims_no_rows(sample_vault: Path, tmp_path: Path) -> None:
    who = ("--as", "Quinn Quality", "--passphrase-file", secret_file(tmp_path, PASSPHRASE), "--json")
    entries = command("log", "verify", sample_vault, *who).json()["entries"]
    found = command("self", "check", sample_vault, "--quick", *who).json()["clauses"]
    texts = [each["found"] for each in found if "was proven on this computer" in each["found"]]
    assert texts
    assert all(f"no entry is new since entry {entries - 1} was proven" in text for text in texts)
    assert not any(f"entries {entries} to {entries - 1}" in each["found"] for each in found)
    whole = command("self", "check", sample_vault, *who).json()["clauses"]
    assert any(f"all {entries} entries" in each["found"] for each in whole)
