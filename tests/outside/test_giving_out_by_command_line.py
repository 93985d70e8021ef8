from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE, CommandOutput, command, secret_file

from domain.log.tlog_proof import read_proof

Say = Callable[..., CommandOutput]


@pytest.fixture
def announce(sample_vault: Path, tmp_path: Path) -> Say:
    """Type a command on the sample vault: `say("log", "proof", 7)`, as the administrator unless shown otherwise."""
    secret = secret_file(tmp_path)

    def typed(noun: str, verb: str, *words: object, who: str = "Ada Admin") -> CommandOutput:
        return command(noun, verb, sample_vault, *words, "--as", who, "--passphrase-file", secret, "--json")

    return typed


def newest(announce: Say) -> dict[str, object]:
    return dict(announce("log", "list", "--limit", 1).items()[0])


def test_a_checkpoint_kept_outside_is_extended_from_file_from_paper_and_from_a_pack(
    announce: Say, sample_made_once: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "checkpoint.txt"
    assert announce("log", "checkpoint", "--out", kept).code == 0
    note = kept.read_text().split("\n")
    assert announce("log", "review", "--from", 0, "--to", 3).code == 0
    from_file = announce("log", "check-anchor", kept)
    assert (from_file.code, from_file.json()["extends"], from_file.json()["signed"]) == (0, True, True)
    from_printout = announce("log", "check-anchor", "--typed", f"{note[1]} {note[2]}")
    assert (from_printout.code, from_printout.json()["signed"]) == (0, False)
    pack = next((sample_made_once / "packs").glob("*.pdf"))
    assert announce("log", "check-anchor", pack).json()["extends"]
    wrong = announce("log", "check-anchor", "--typed", f"{int(note[1]) - 1} {note[2]}")
    assert (wrong.code, wrong.json()["extends"]) == (1, False)


def test_a_checkpoint_that_is_none_or_is_named_twice_is_explained(announce: Say, tmp_path: Path) -> None:
    leftover = tmp_path / "stray.bin"
    leftover.write_bytes(b"\xff\xfe\x00 no checkpoint")
    assert announce("log", "check-anchor", leftover).error()["kind"] == "FileProblem"
    assert announce("log", "check-anchor", "--typed", "12 oops").error()["kind"] == "FileProblem"
    assert announce("log", "check-anchor").error()["kind"] == "UsageProblem"
    assert announce("log", "check-anchor", leftover, "--typed", "1 x").error()["kind"] == "UsageProblem"
    assert announce("log", "check-anchor", tmp_path / "missing").error()["kind"] == "FileProblem"


def test_a_proof_of_one_entry_comes_with_its_leaf(announce: Say, tmp_path: Path) -> None:
    out = tmp_path / "entry.tlog-proof"
    assert announce("log", "proof", 7, "--out", out).code == 0
    leaf = (tmp_path / "entry.tlog-proof.leaf").read_bytes()
    proof = read_proof(out.read_text())
    assert proof.index == 7
    assert proof.proves(leaf)
    assert json.loads(leaf)["entry"]["seq"] == 7
    assert announce("log", "proof", 10**6).error()["kind"] == "UsageProblem"


def test_an_export_is_on_record_by_the_hash_of_its_file(announce: Say, tmp_path: Path) -> None:
    out, files = tmp_path / "part.jsonl", tmp_path / "files"
    output = announce(
        "log", "export", "--out", out, "--from", 5, "--to", 9, "--files", files, "--purpose", "inspection"
    )
    assert output.code == 0, output
    assert output.json()["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert newest(announce)["act"] == "record_export"
    for file in files.iterdir():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name
    assert len(list(files.iterdir())) == output.json()["files"] > 0


def test_an_export_that_cannot_be_written_is_not_on_record(announce: Say, tmp_path: Path) -> None:
    before = newest(announce)["seq"]
    assert announce("log", "export", "--out", tmp_path / "no" / "where.jsonl").error()["kind"] == "FileProblem"
    assert (
        announce("log", "export", "--out", tmp_path / "x.jsonl", "--from", 9, "--to", 5).error()["kind"]
        == "UsageProblem"
    )
    assert newest(announce)["seq"] == before
    assert list(tmp_path.glob("*.jsonl")) == []


def test_a_review_of_the_trail_is_signed_and_contradictions_are_refused(announce: Say) -> None:
    output = announce(
        "log", "review", "--from", 0, "--to", 9, "--sample", 2, "--sample", 4, "--findings", "entry 4 is late"
    )
    assert output.code == 0, output
    assert newest(announce)["act"] == "review_audit_trail"
    assert newest(announce)["meaning"] == "I have reviewed these entries of the audit trail"
    assert announce("log", "review", "--from", 0, "--to", 9, "--sample", 12).error()["kind"] == "UsageProblem"
    assert announce("log", "review", "--from", 9, "--to", 10**6).error()["kind"] == "UsageProblem"


def test_where_the_vault_states_so_the_key_is_given_out_by_two_persons(announce: Say) -> None:
    settings = announce("vault", "setting", "reveal_needs_two", "yes", "--reason", "policy 12").items()
    assert {each["name"]: each["value"] for each in settings}["reveal_needs_two"] == "yes"
    early = announce("vault", "reveal-key", "--purpose", "x", who="Quinn Quality").error()
    assert [each["rule"] for each in early["obstacles"]] == ["right.missing"]
    asked = announce("vault", "reveal-key", "--purpose", "to read it elsewhere").json()
    assert (asked["state"], asked["key"]) == ("asked", "")
    again = announce("vault", "reveal-key", "--purpose", "to read it elsewhere")
    assert again.code == 5
    assert [each["rule"] for each in again.error()["obstacles"]] == ["reveal.second_person"]
    given = announce("vault", "reveal-key", "--purpose", "", who="Quinn Quality").json()
    assert given["state"] == "given"
    assert len(bytes.fromhex(given["key"])) == 32
    assert newest(announce)["act"] == "reveal_key"
    assert announce("log", "verify").code == 0


def test_only_an_administrator_gives_out_the_key_alone_and_only_for_a_purpose(announce: Say) -> None:
    refused = announce("vault", "reveal-key", "--purpose", "curious", who="Quinn Quality")
    assert refused.code == 5
    silent = announce("vault", "reveal-key", "--purpose", " ")
    assert [each["rule"] for each in silent.error()["obstacles"]] == ["reveal.purpose"]
    assert announce("vault", "setting", "reveal_needs_two", "perhaps").code == 5
    assert announce("vault", "setting", "reveal_needs_two", "no").error()["kind"] == "UsageProblem"


def test_the_key_stands_in_no_record(announce: Say, tmp_path: Path) -> None:
    key = announce("vault", "reveal-key", "--purpose", "a look").json()["key"]
    out = tmp_path / "log.jsonl"
    assert announce("log", "export", "--out", out).code == 0
    assert key not in out.read_text()


def test_the_schema_is_printed_with_its_meaning() -> None:
    output = command("vault", "schema", "--json").json()
    assert any(statement.startswith("CREATE TABLE entry") for statement in output["sql"])
    assert output["records"]["key_revealed"]["fields"][0] == "id"
    assert "CREATE TABLE item" in command("vault", "schema").out


def test_the_self_check_names_what_is_to_be_done_and_is_satisfied_once_it_is(announce: Say, tmp_path: Path) -> None:
    first = announce("self", "check", "--out", tmp_path / "check.json")
    assert first.code == 1
    assert "EU GMP Annex 11 9" in first.json()["attention"]
    written = json.loads((tmp_path / "check.json").read_text())
    assert {**written, "notices": first.json()["notices"]} == first.json()
    last = newest(announce)["seq"]
    assert announce("log", "review", "--from", 0, "--to", last).code == 0
    review = newest(announce)["seq"]
    later = announce("self", "check").json()
    assert "EU GMP Annex 11 9" not in later["attention"]
    clause = next(each for each in later["clauses"] if each["rule"] == "EU GMP Annex 11" and each["clause"] == "9")
    assert clause["entries"] == [review]


def test_the_self_check_has_no_way_of_verifying_less(announce: Say) -> None:
    assert announce("self", "check", "--quick").code == 2


def test_the_diagnostics_bundle_is_what_was_shown_and_nothing_of_a_vault(
    announce: Say, sample_vault: Path, tmp_path: Path
) -> None:
    assert announce("item", "show", "nothing-of-this-name").code == 2
    out = tmp_path / "bundle.zip"
    output = command("diag", "bundle", sample_vault, "--preview", "-o", out)
    assert output.code == 0
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(members) == {"program.json", "installation.json", "store.json", "events.json", "vault.json"}
    for name, text in members.items():
        assert f"== {name}\n{text.rstrip()}" in output.out
    assert "UsageProblem" in members["events.json"]
    everything = "".join(members.values())
    secrets = ["Ada Admin", "Quinn", "Sample", "nothing-of-this-name", PASSPHRASE, str(tmp_path), sample_vault.name]
    assert [word for word in secrets if word in everything] == []
    assert command("diag", "bundle").code == 2
