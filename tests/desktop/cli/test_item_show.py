"""`item show` for people: an item with what stands in the way of its next step, and who can help."""

from __future__ import annotations

from pathlib import Path

from command_line import PASSPHRASE, command, secret_file


def test_an_item_is_shown_with_its_obstacles_and_who_can_help(sample_vault: Path, tmp_path: Path) -> None:
    signs_in = ("--as", "Otto Owner", "--passphrase-file", secret_file(tmp_path, PASSPHRASE))
    shown = command("item", "show", sample_vault, "SS-CAPA-0009", *signs_in)
    assert shown.code == 0, shown
    assert "Next: Release the plan (Implementation)\n" in shown.out
    assert "rule approval.missing; remedy: Ask for the approval. (Quinn Quality)" in shown.out
