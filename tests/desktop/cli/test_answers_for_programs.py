"""What programs read with --json: errors of usage, refusals and rows refused, each in JSON and by its exit code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, real_command, secret_file

NEW = "copper walrus evening ladder mint"


@pytest.fixture
def ada(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path, PASSPHRASE), "--json")


@pytest.fixture
def quinn(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", "Quinn QA", "--passphrase-file", secret_file(tmp_path, PASSPHRASE), "--json")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("item", "lst", "V.vault"), "lst"),
        (("item", "list"), "VAULT"),
        (("item", "list", "V.vault", "--colour", "red"), "--colour"),
        (("log", "list", "V.vault", "--limit", "many"), "--limit"),
        (("frob",), "frob"),
    ],
    ids=["no such verb", "an argument missing", "no such option", "no number", "no such word"],
)
def test_words_that_are_not_understood_are_errors_in_json(words: tuple[str, ...], named: str) -> None:
    output = command(*words, "--json")
    assert output.code == 2
    error = output.error()
    assert error["kind"] == "UsageProblem"
    assert named in error["what"]
    assert "--help" in error["remedy"]


def test_without_json_they_are_words_with_the_usage() -> None:
    output = command("item", "list")
    assert (output.code, output.out) == (2, "")
    assert output.err.startswith("Usage: ")
    assert "VAULT" in output.err


def test_a_real_program_ends_with_the_same() -> None:
    output = real_command("item", "lst", "--json")
    assert (output.code, output.json()["error"]["kind"]) == (2, "UsageProblem")
    assert real_command("--version", "--json").code == 2
    assert real_command("pack", "verify", "none.pdf", "--json").code == 8


def test_a_person_is_enrolled_without_a_role_and_given_one_later(
    site_vault: Path, tmp_path: Path, ada: tuple[object, ...]
) -> None:
    secret = secret_file(tmp_path, NEW, name="new.txt")
    added = command(
        "people",
        "add",
        site_vault,
        "--person",
        "Nora New",
        "--identity",
        "Passport seen",
        "--new-passphrase-file",
        secret,
        *ada,
    )
    assert (added.code, added.json()["roles"]) == (0, [])
    people = {each["name"]: each for each in command("people", "list", site_vault, *ada).items()}
    assert people["Nora New"]["roles"] == []
    nora = ("--as", "Nora New", "--passphrase-file", secret, "--json")
    assert command("item", "list", site_vault, *nora).items() == []
    refused = command("item", "new", site_vault, "--process", "capa", "title=Burr", "description=14", *nora)
    assert refused.code == 5
    assert command("people", "roles", "grant", site_vault, "Nora New", "auditor", *ada).code == 0
    assert command("log", "verify", site_vault, *ada).json()["intact"]


def test_rows_that_are_refused_are_exit_code_one_and_the_others_stand(
    site_vault: Path, tmp_path: Path, quinn: tuple[object, ...]
) -> None:
    tracker = tmp_path / "tracker.csv"
    with tracker.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["No", "Title", "Description", "Severity", "Due"])
        rows.writerows([[n, f"Burr {n}", "14 of 200", "minor", "2027-01-15"] for n in range(1, 8)])
        rows.writerow([7, "Burr 7", "14 of 200", "minor", "2027-01-15"])
    checked = command("import", "check", site_vault, tracker, "--process", "capa", *quinn)
    plan = checked.json()
    assert (plan["new"], len(plan["refused"])) == (7, 1)
    assert checked.code == 1
    run = command("import", "run", site_vault, tracker, "--process", "capa", *quinn)
    assert (run.code, run.json()["counts"]["new"]) == (1, 7)
    assert len(command("item", "list", site_vault, *quinn).items()) == 7
    sound = tmp_path / "sound.csv"
    sound.write_text("No,Title,Description,Severity,Due\n9,Crack,In the frame,minor,2027-01-15\n", encoding="utf-8")
    assert command("import", "check", site_vault, sound, "--process", "capa", *quinn).code == 0


def test_a_category_is_decided_by_approve_or_reject(site_vault: Path, tmp_path: Path, ada: tuple[object, ...]) -> None:
    quinn = ("--as", "Quinn QA", *ada[2:])
    owner = ("--as", "Priya Process", *ada[2:])
    described = ("--title", "Pumps", "--owner-role", "operations", "--sla-days", 3, "--reason", "Many of them")
    for person, role in (("Quinn QA", "requester"), ("Priya Process", "catalogue_owner")):
        assert command("people", "roles", "grant", site_vault, person, role, *ada).code == 0
    states = []
    for word, option in (("pumps", "--approve"), ("fans", "--reject")):
        more = ("--process", "service_request")
        proposed = command("category", "propose", site_vault, word, *more, *described, *quinn)
        assert proposed.code == 0, proposed
        decided = command("category", "decide", site_vault, word, *more, option, "--reason", "Looked at", *owner)
        states.append((decided.code, decided.json().get("state", decided.json().get("error"))))
    assert [state for _, state in states] == ["approved", "rejected"], states
