"""`item show` and `item history` for people: names instead of ids, titles instead of words of the log, old and new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file

QUINN = "Quinn Quality"
RAW = re.compile(r"(?<![.\w])(?:changes_requested|closed_before|on_hold|not_reached|blocked_by|in_force|five_whys)\b")
ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")


@pytest.fixture
def quinn(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", QUINN, "--passphrase-file", secret_file(tmp_path, PASSPHRASE))


def test_no_item_of_any_kind_shows_an_id_or_a_word_of_the_log(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    listed = command("item", "list", sample_vault, *quinn, "--json").items()
    one_of_each = {(each["process"], each["step"], each["state"]): each["number"] for each in listed}
    assert len(one_of_each) > 5
    for number in one_of_each.values():
        for verb in ("show", "history"):
            text = command("item", verb, sample_vault, number, *quinn).out
            assert ID.search(text) is None, text
            assert RAW.search(text) is None, text


def test_everything_on_file_has_its_part(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    closed = command("item", "list", sample_vault, "--state", "closed", *quinn, "--json").items()[0]["number"]
    text = command("item", "show", sample_vault, closed, *quinn).out
    for part in ("Fields:", "From the tracker:", "Evidence:", "Signatures:", "Steps passed:", "Closings:"):
        assert f"\n{part}\n" in text, part
    on_file = command("item", "show", sample_vault, closed, *quinn, "--json").json()
    names = on_file["people"]
    for signature in on_file["approvals"]:
        assert f"{names[signature['person']]}: approved at " in text
        assert signature["meaning"] in text
    for file in on_file["evidence"]:
        assert file["file_name"] in text
        assert file["file"] in text
        assert f"{file['bytes']:,} bytes" in text
    assert "  state                  closed\n" in text
    assert "cycle 1 by " in text


def test_a_table_is_shown_as_one(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    text = command("item", "show", sample_vault, "SS-CAPA-0009", *quinn).out
    heading = next(line for line in text.splitlines() if line.strip().startswith("Action "))
    row = next(line for line in text.splitlines() if "Revise the work instruction" in line)
    assert heading.index("Responsible") == row.index("Otto Owner")
    assert heading.index("Due") == row.index("2026") or heading.index("Due") == row.index("20")


def test_requests_links_and_holds_are_told_with_names_and_reasons(
    sample_vault: Path, quinn: tuple[object, ...]
) -> None:
    item, other = "SS-CAPA-0009", "SS-CAPA-0002"
    linked = command("item", "link", sample_vault, item, other, "--kind", "related", "--reason", "Same shelf", *quinn)
    assert linked.code == 0, linked
    held = command(
        *("item", "hold", sample_vault, item, "--reason", "Supplier on strike", "--review-on", "2027-03-15"),
        *("--waiting-for", "The supplier", *quinn),
    )
    assert held.code == 0, held
    assert "on hold" in held.out
    text = command("item", "show", sample_vault, item, *quinn).out
    assert f"is related to {other}: Same shelf (in force)" in text
    assert "  on hold                until 2027-03-15: Supplier on strike\n" in text
    assert "by Quinn Quality: Supplier on strike" in text
    assert "waiting for The supplier" in text
    history = command("item", "history", sample_vault, item, *quinn).out
    assert "State: open -> on hold" in history


def test_a_history_says_what_was_changed_from_what_to_what_and_why(
    sample_vault: Path, quinn: tuple[object, ...]
) -> None:
    item = "SS-CAPA-0009"
    before = command("item", "show", sample_vault, item, *quinn, "--json").json()
    words = ("description=Seen on Monday", "--reason", "More is known")
    changed = command("item", "set", sample_vault, item, *words, *quinn)
    assert changed.code == 0, changed
    text = command("item", "history", sample_vault, item, *quinn).out
    assert f"Description: {before['description']} -> Seen on Monday\n" in text
    assert "reason: More is known\n" in text
    assert "Owner: nothing -> Otto Owner" in text
    assert "Step: Reported -> Containment" in text
    assert "  + Action: Revise the work instruction; Responsible: Otto Owner;" in text
    last = command("item", "history", sample_vault, item, *quinn, "--json").items()[-1]
    assert (last["act"], last["reason"], last["person"]) == ("edit_item", "More is known", QUINN)
    assert last["words"] == ["Changed: Description"]
