"""Lists and reports: one shape as JSON, days as ranges, and filters that name what is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file

from desktop.cli.filters import day_range
from domain.errors import UsageProblem

QUINN = "Quinn Quality"


@pytest.fixture
def quinn(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", QUINN, "--passphrase-file", secret_file(tmp_path, PASSPHRASE), "--json")


def test_every_list_has_the_same_shape(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    item = command("item", "list", sample_vault, *quinn).items()[0]["number"]
    for words in (
        ("item", "list", sample_vault),
        ("item", "history", sample_vault, item),
        ("item", "dues", sample_vault, item),
        ("item", "chain", sample_vault, item),
        ("people", "list", sample_vault),
        ("people", "roles", "list", sample_vault),
        ("people", "who", sample_vault),
        ("process", "list", sample_vault),
        ("process", "lint", sample_vault, "capa"),
        ("category", "list", sample_vault),
        ("evidence", "list", sample_vault, item),
        ("approval", "waiting", sample_vault),
        ("approval", "list", sample_vault, item),
        ("delegation", "list", sample_vault),
        ("alerts", "list", sample_vault),
        ("report", "late", sample_vault),
        ("report", "breaches", sample_vault),
        ("report", "exceptions", sample_vault),
        ("vault", "setting", sample_vault),
        ("log", "list", sample_vault),
    ):
        output = command(*words, *quinn)
        assert output.code in (0, 1), (words, output)
        value = output.json()
        assert list(value)[:2] == ["items", "count"], words
        assert list(value)[-1] == "notices", words
        assert value["count"] == len(value["items"]), words


def test_a_list_that_needs_no_vault_has_it_too() -> None:
    listed = command("calendar", "countries", "--json").items()
    assert {"country", "parts"} == set(listed[0])


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (("item", "list", "--state", "asleep"), "closed_before"),
        (("item", "list", "--step", "nowhere"), "implementation"),
        (("item", "list", "--process", "nothing"), "capa"),
        (("item", "list", "--owner", "Nobody"), "Otto Owner"),
        (("item", "list", "--sort", "colour"), "severity"),
        (("item", "list", "--by", "birthday"), "raised"),
        (("report", "late", "--process", "nothing"), "capa"),
        (("report", "late", "--cause", "laziness"), "blocked"),
        (("report", "exceptions", "--process", "nothing"), "capa"),
        (("report", "reopened", "--process", "nothing"), "capa"),
        (("category", "list", "--process", "nothing"), "capa"),
        (("people", "who", "--act", "fly"), "close_item"),
        (("log", "list", "--person", "Nobody"), "Otto Owner"),
        (("log", "list", "--act", "fly"), "close_item"),
    ],
    ids=" ".join,
)
def test_a_value_that_nothing_has_is_an_error_that_names_those_there_are(
    sample_vault: Path, quinn: tuple[object, ...], words: tuple[str, ...], known: str
) -> None:
    noun, verb, option, value = words
    output = command(noun, verb, sample_vault, option, value, *quinn)
    assert output.code == 2
    error = output.error()
    assert value in error["what"]
    assert error["where"] == option
    assert known in error["remedy"]


def test_items_are_listed_by_owner_and_by_days_due_raised_or_closed(
    sample_vault: Path, quinn: tuple[object, ...]
) -> None:
    everything = command("item", "list", sample_vault, *quinn).items()
    mine = command("item", "list", sample_vault, "--owner", "Otto Owner", *quinn).items()
    assert mine == [each for each in everything if each["owner"] == "Otto Owner"]
    assert 0 < len(mine) < len(everything)
    for by in ("due", "raised", "closed"):
        days = ("--from", "2024-02-01", "--to", "2024-03-31", "--by", by)
        found = command("item", "list", sample_vault, *days, *quinn).items()
        wanted = [each for each in everything if "2024-02-01" <= each[by][:10] <= "2024-03-31"]
        assert found == wanted
    assert command("item", "list", sample_vault, "--from", "2024-02-01", "--to", "2024-03-31", *quinn).items()


def test_the_log_is_listed_by_person_act_item_and_days(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    newest = command("log", "list", sample_vault, "--limit", 1000, *quinn).items()
    moved = command("log", "list", sample_vault, "--act", "move_item", "--limit", 1000, *quinn).items()
    assert moved == [each for each in newest if each["act"] == "move_item"]
    mine = command("log", "list", sample_vault, "--person", QUINN, "--limit", 1000, *quinn).items()
    assert mine == [each for each in newest if each["person"] == QUINN]
    about = command("log", "list", sample_vault, "--about", moved[0]["subject_number"], *quinn).items()
    assert {each["subject_number"] for each in about} == {moved[0]["subject_number"]}
    today = newest[0]["at"][:10]
    assert command("log", "list", sample_vault, "--from", today, "--to", today, *quinn).items()
    assert command("log", "list", sample_vault, "--to", "2001-01-01", *quinn).items() == []


def test_late_work_is_reported_by_due_days(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    everything = command("report", "late", sample_vault, *quinn).items()
    days = ("--from", "2024-01-01", "--to", "2024-06-30")
    found = command("report", "late", sample_vault, *days, *quinn).json()
    assert found["items"] == [each for each in everything if "2024-01-01" <= each["due"] <= "2024-06-30"]
    assert sum(found["causes"].values()) == found["count"]
    assert {"late_by_minutes", "age_minutes"} <= set(everything[0])
    words = command("report", "late", sample_vault, *days, *quinn[:-1])
    assert "due from 2024-01-01 to 2024-06-30" in words.out


def test_alerts_are_listed_by_the_day_they_came_true(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    everything = command("alerts", "list", sample_vault, "--all", "--limit", 1000, *quinn).items()
    assert everything
    day = everything[-1]["at"][:10]
    found = command("alerts", "list", sample_vault, "--all", "--from", day, "--to", day, *quinn).items()
    assert [each["id"] for each in found] == [each["id"] for each in everything if each["at"][:10] == day][:100]


def test_exceptions_and_reopenings_are_reported_for_days(sample_vault: Path, quinn: tuple[object, ...]) -> None:
    granted = command("report", "exceptions", sample_vault, "--from", "2001-01-01", "--to", "2001-12-31", *quinn)
    assert granted.items() == []
    period = ("--from", "2001-01-01", "--to", "2001-12-31")
    rate = command("report", "reopened", sample_vault, *period, *quinn).json()
    assert (rate["first_day"], rate["last_day"], rate["closed"]) == ("2001-01-01", "2001-12-31", 0)
    assert command("report", "reopened", sample_vault, *quinn).json()["closed"] > 0


@pytest.mark.parametrize(
    ("first", "last"), [("yesterday", ""), ("", "2026-02-30"), ("2026-03-01", "2026-02-01")], ids="/".join
)
def test_days_that_are_none_or_end_before_they_begin_are_refused(first: str, last: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        day_range(first, last)
    assert problem.value.remedy


def test_an_open_side_lets_everything_in_and_an_unknown_day_lies_only_in_the_open_range() -> None:
    assert "2026-02-01" in day_range("", "2026-02-01")
    assert "2026-02-02T00:00Z" not in day_range("", "2026-02-01")
    assert "2026-02-02T00:00Z" in day_range("2026-02-02", "")
    assert "" in day_range("", "")
    assert "" not in day_range("2026-02-02", "")
