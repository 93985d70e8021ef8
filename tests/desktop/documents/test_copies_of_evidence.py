"""A copy of evidence leaves the vault: written whole or not at all, on record by its hash and for whom it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import PASSPHRASE, command, secret_file

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import Damaged, FileProblem, UsageProblem
from domain.records.item import Evidence
from domain.records.oversight import Export
from domain.state import ItemFilter

QUINN = "Quinn Quality"


@pytest.fixture
def vault(sample_vault: Path) -> Iterator[UnlockedSession]:
    opened = CountersignApplication().unlock(sample_vault, person=QUINN, passphrase=PASSPHRASE)
    yield opened
    opened.lock()


def some_evidence(vault: UnlockedSession) -> Evidence:
    files = [vault.register.item_file(line.id) for line in vault.register.items(ItemFilter())]
    return next(each for file in files for each in file.evidence)


def exports(vault: UnlockedSession) -> list[Export]:
    return list(vault.register.all_of(Export))


def test_the_copy_is_the_file_and_the_act_states_which_for_whom_and_by_whom(
    vault: UnlockedSession, tmp_path: Path
) -> None:
    found, out = some_evidence(vault), tmp_path / "copy.bin"
    before = len(exports(vault))
    assert vault.documents.save_evidence(found.item, found.id, purpose="for the auditor", out=out)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == found.file
    head = vault.register.entry(vault.register.log_size() - 1).header
    assert (head.act, head.subject, head.reason) == ("get_evidence", found.item, "for the auditor")
    made = exports(vault)[before:]
    assert [(each.kind, each.sha256, each.size, each.purpose, each.by) for each in made] == [
        ("evidence", found.file, found.size, "for the auditor", vault.person.id)
    ]
    assert vault.verify().findings == ()


@pytest.mark.parametrize("purpose", ["", "  "], ids=["none", "blank"])
def test_without_a_purpose_nothing_leaves(vault: UnlockedSession, tmp_path: Path, purpose: str) -> None:
    found, before = some_evidence(vault), vault.register.log_size()
    with pytest.raises(UsageProblem, match="purpose"):
        vault.documents.save_evidence(found.item, found.id, purpose=purpose, out=tmp_path / "copy.bin")
    with pytest.raises(UsageProblem, match="no evidence"):
        vault.documents.save_evidence(found.item, "another", purpose="for me", out=tmp_path / "copy.bin")
    assert list(tmp_path.glob("*copy.bin*")) == []
    assert vault.register.log_size() == before


def test_what_cannot_be_written_is_not_on_record(vault: UnlockedSession, tmp_path: Path) -> None:
    found, before = some_evidence(vault), vault.register.log_size()
    with pytest.raises(FileProblem):
        vault.documents.save_evidence(found.item, found.id, purpose="for me", out=tmp_path / "missing" / "copy.bin")
    assert vault.register.log_size() == before


def test_bytes_that_are_not_what_their_hash_states_do_not_leave(
    vault: UnlockedSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, before, out = some_evidence(vault), vault.register.log_size(), tmp_path / "copy.bin"
    out.write_bytes(b"what was here before")
    monkeypatch.setattr(type(vault.register), "file_bytes", lambda _self, _digest: iter((b"something", b"else")))
    with pytest.raises(Damaged, match="hash"):
        vault.documents.save_evidence(found.item, found.id, purpose="for me", out=out)
    assert out.read_bytes() == b"what was here before"
    assert vault.register.log_size() == before


def test_from_a_vault_that_is_only_inspected_a_copy_is_stated_not_to_be_on_record(
    sample_vault: Path, tmp_path: Path
) -> None:
    looked = CountersignApplication().inspect(sample_vault, person=QUINN, passphrase=PASSPHRASE)
    try:
        found, out = some_evidence(looked), tmp_path / "copy.bin"
        assert not looked.documents.save_evidence(found.item, found.id, purpose="for me", out=out)
        assert hashlib.sha256(out.read_bytes()).hexdigest() == found.file
    finally:
        looked.lock()


def test_the_command_asks_for_whom_and_states_that_the_copy_is_uncontrolled(sample_vault: Path, tmp_path: Path) -> None:
    who = ("--as", QUINN, "--passphrase-file", secret_file(tmp_path))
    item = command("item", "list", sample_vault, "--state", "closed", *who, "--json").items()[0]["number"]
    evidence = command("evidence", "list", sample_vault, item, *who, "--json").items()[0]["id"]
    words = ("evidence", "get", sample_vault, item, evidence, "--out", tmp_path / "copy.bin", *who)
    assert command(*words).code == 2
    assert not (tmp_path / "copy.bin").exists()
    output = command(*words, "--purpose", "the notified body")
    assert (output.code, "uncontrolled copy" in output.out) == (0, True), output
