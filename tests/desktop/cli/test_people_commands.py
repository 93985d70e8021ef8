"""People and keys by command: what a terminal shows, and the exit codes."""

from __future__ import annotations

from pathlib import Path

from command_line import PASSPHRASE, command, real_command, secret_file

NEW = "copper walrus evening ladder mint"


def as_person(name: str, folder: Path, passphrase: str = PASSPHRASE) -> tuple[object, ...]:
    secret = secret_file(folder, passphrase, name=f"{passphrase[:6].strip()}.txt")
    return ("--as", name, "--passphrase-file", secret, "--json")


def test_roles_are_granted_listed_asked_about_and_revoked(site_vault: Path, tmp_path: Path) -> None:
    ada = as_person("Ada Admin", tmp_path)
    granted = command("people", "roles", "grant", site_vault, "Quinn QA", "auditor", "--reason", "Cover", *ada)
    assert granted.json()["role"] == "auditor"
    listed = command("people", "roles", "list", site_vault, *ada).items()
    assert {(one["person"], one["role"]) for one in listed} >= {("Quinn QA", "quality"), ("Quinn QA", "auditor")}
    can = command("people", "can", site_vault, "Quinn QA", "--act", "close_item", *ada).items()
    assert any(one["allowed"] and one["role"] == "quality" for one in can)
    who = command("people", "who", site_vault, "--act", "enrol_person", *ada).items()
    assert [one["name"] for one in who] == ["Ada Admin"]
    assert command("people", "roles", "revoke", site_vault, "Quinn QA", "auditor", *ada).code == 0
    again = command("people", "roles", "revoke", site_vault, "Quinn QA", "auditor", *ada)
    assert again.code == 5
    assert again.error()["obstacles"][0]["rule"] == "role.not_held"
    nobody = command("people", "can", site_vault, "Nobody", *ada)
    assert nobody.code == 2
    assert "Quinn QA" in nobody.error()["remedy"]


def test_a_passphrase_is_changed_and_a_weak_one_is_shown_why(site_vault: Path, tmp_path: Path) -> None:
    quinn = as_person("Quinn QA", tmp_path)
    weak = secret_file(tmp_path, "administrator123", name="weak.txt")
    output = command("people", "passphrase", site_vault, "--new-passphrase-file", weak, *quinn)
    assert output.code == 2
    assert "guessed" in output.error()["what"]
    assert "administrator123" not in output.err + output.out
    new = secret_file(tmp_path, NEW, name="new.txt")
    assert command("people", "passphrase", site_vault, "--new-passphrase-file", new, *quinn).code == 0
    assert command("people", "list", site_vault, *quinn).code == 4
    assert command("people", "list", site_vault, *as_person("Quinn QA", tmp_path, NEW)).code == 0


def test_a_reset_takes_two_and_the_first_signature_declares(site_vault: Path, tmp_path: Path) -> None:
    ada, quinn = as_person("Ada Admin", tmp_path), as_person("Quinn QA", tmp_path)
    new = ("--new-passphrase-file", secret_file(tmp_path, NEW, name="new.txt"))
    refused = command("people", "reset", site_vault, "Priya Process", *new, *ada)
    assert refused.code == 5
    assert refused.error()["obstacles"][0]["rule"] == "reset.not_asked"
    asked = command("people", "reset", site_vault, "Priya Process", "--reason", "Forgot", *quinn)
    assert asked.json()["state"] == "asked"
    assert "legally binding" in asked.err
    none = command("people", "reset", site_vault, "Quinn QA", "--withdraw", "--reason", "A mistake", *quinn)
    assert none.error()["obstacles"][0]["rule"] == "reset.not_open"
    withdrawn = command("people", "reset", site_vault, "Priya Process", "--withdraw", "--reason", "A mistake", *quinn)
    assert withdrawn.json()["state"] == "withdrawn"
    assert command("people", "reset", site_vault, "Priya Process", "--reason", "Forgot", *quinn).code == 0
    given = command("people", "reset", site_vault, "Priya Process", *new, *ada)
    assert given.json()["state"] == "given"
    assert command("log", "verify", site_vault, *as_person("Priya Process", tmp_path, NEW)).json()["intact"]
    declared = command("people", "declare", site_vault, *ada)
    assert declared.code == 5, "the signature under the reset declared already"


def test_a_person_is_removed_and_a_review_is_signed(site_vault: Path, tmp_path: Path) -> None:
    ada = as_person("Ada Admin", tmp_path)
    removed = command("people", "remove", site_vault, "Priya Process", "--reason", "Left", *ada)
    assert removed.json()["items_to_hand_over"] == []
    assert command("people", "list", site_vault, *as_person("Priya Process", tmp_path)).code == 4
    assert command("people", "review", site_vault, "--not-in-order", *ada).code == 5
    words = ("--not-in-order", "--findings", "Nobody covers Priya")
    assert command("people", "review", site_vault, *words, *ada).json()["in_order"] is False
    assert command("people", "disable", site_vault, "Ada Admin", "--reason", "Me", *ada).code == 5
    assert command("log", "verify", site_vault, *as_person("Quinn QA", tmp_path)).json()["intact"]


def test_a_sheet_recovers_its_owner_once_somebody_else_has_asked(site_vault: Path, tmp_path: Path) -> None:
    ada = as_person("Ada Admin", tmp_path)
    sheet = tmp_path / "sheet.pdf"
    assert command("vault", "recovery-sheet", site_vault, "--out", sheet, *ada).code == 2, "nobody can dry run here"
    assert not sheet.exists()
    made = command("vault", "recovery-sheet", site_vault, "--out", sheet, "--untested", *ada)
    assert made.json()["tested"] is False
    code = secret_file(tmp_path, _code_on(sheet), name="code.txt")
    new = secret_file(tmp_path, NEW, name="new.txt")
    words = ("vault", "recover", site_vault, "--code-file", code, "--new-passphrase-file", new, "--json")
    alone = command(*words, "--out", tmp_path / "next.pdf")
    assert (alone.code, alone.error()["obstacles"][0]["rule"]) == (5, "reset.not_asked")
    quinn = as_person("Quinn QA", tmp_path)
    assert command("people", "reset", site_vault, "Ada Admin", "--reason", "Forgot", *quinn).code == 0
    recovered = command(*words, "--out", tmp_path / "next.pdf")
    assert recovered.json()["name"] == "Ada Admin"
    assert _code_on(tmp_path / "next.pdf") not in recovered.out + recovered.err
    assert command(*words, "--out", tmp_path / "third.pdf").code == 4, "a code works once"
    rekeyed = command("vault", "rekey", site_vault, "--reason", "Yearly", *as_person("Ada Admin", tmp_path, NEW))
    assert rekeyed.code == 0
    verified = command("log", "verify", site_vault, *as_person("Ada Admin", tmp_path, NEW))
    assert verified.json()["findings"] == []


def _code_on(sheet: Path) -> str:
    """The code as anybody reads it off the paper."""
    import re  # noqa: PLC0415

    from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415

    document = QPdfDocument()
    document.load(str(sheet))
    text = document.getAllText(0).text()
    groups = re.findall(r"(?m)^\s*([0-9A-HJKMNP-TV-Z]{4})\s*$", text)
    assert len(groups) == 9, text
    return "-".join(groups)


def test_the_new_commands_explain_themselves() -> None:
    output = real_command("people", "--help")
    assert all(word in output.out for word in ("roles", "can", "who", "passphrase", "disable", "remove", "reset"))
