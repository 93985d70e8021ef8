"""Vaults written by the first program of each format still open, still prove themselves, still say the same."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from desktop.building import CountersignBuilding
from desktop.ed25519 import verify_signature
from desktop.open_vault import UnlockedVault
from desktop.pdf.print_pack import RENDERER
from desktop.pdf.read_pack import decode_manifest, manifest_of, pack_data
from desktop.pdf.verify_pack import PAGES
from domain.errors import WrongPassphrase
from domain.log.checkpoint import b64decode_strict, open_note
from domain.ports import ItemFilter
from domain.use_cases.edit_item import edit_item

FORMATS = sorted(path.name for path in Path(__file__).resolve().parent.glob("v*") if path.is_dir())
CLOSED = "GV-CAPA-0001"


class Golden:
    """A copy of one golden vault, with what it said on the day it was made."""

    def __init__(self, made: Path, folder: Path) -> None:
        self.folder = Path(shutil.copytree(made / "Golden.vault", folder / "Golden.vault"))
        self.passphrase = (made / "passphrase.txt").read_text(encoding="utf-8").splitlines()[0]
        self.listing: dict[str, Any] = json.loads((made / "listing.json").read_text(encoding="utf-8"))

    def open(self, person: str) -> UnlockedVault:
        return CountersignBuilding().unlock(self.folder, person=person, passphrase=self.passphrase)


@pytest.fixture(params=FORMATS)
def golden(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Golden:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    return Golden(Path(__file__).resolve().parent / request.param, tmp_path)


def test_there_is_a_golden_vault_of_the_first_format() -> None:
    assert "v1" in FORMATS


def test_everyone_opens_it_and_finds_it_intact(golden: Golden) -> None:
    people = golden.listing["people"]
    assert len(people) >= 3
    assert set(CountersignBuilding().people_of(golden.folder)) == set(people)
    for person in people:
        vault = golden.open(person)
        try:
            assert vault.person.name == person
            verdict = vault.verify()
            assert verdict.findings == ()
            assert (verdict.entries, verdict.root) == (golden.listing["entries"], golden.listing["root"])
        finally:
            vault.lock()


def test_another_passphrase_does_not_open_it(golden: Golden) -> None:
    golden.passphrase = "another long passphrase"
    with pytest.raises(WrongPassphrase):
        golden.open(golden.listing["people"][0])


def test_its_items_are_those_it_had(golden: Golden) -> None:
    vault = golden.open(golden.listing["people"][1])
    try:
        register = vault.register
        known = golden.listing["items"]
        lines = list(register.items(ItemFilter()))
        assert [{field: getattr(line, field) for field in known[0]} for line in lines] == known
        assert {line.state for line in lines} == {"open", "on_hold", "closed"}
        refusals = [
            line.subject_number for line in register.log_page(before=10**6, limit=10**6) if "refusal" in line.act
        ]
        assert refusals == golden.listing["refusals"] != []
        (batch,) = register.imports()
        assert batch.counts["refused"] == 1
        assert register.has_file(batch.file)
        for evidence in register.item_file(CLOSED).evidence:
            assert sha256(b"".join(register.file_bytes(evidence.file))).hexdigest() == evidence.file
            assert evidence.state == "accepted"
    finally:
        vault.lock()


def test_the_checkpoint_of_the_day_is_signed_by_its_log_and_still_fits(golden: Golden) -> None:
    note = open_note(golden.listing["checkpoint"])
    vault = golden.open(golden.listing["people"][0])
    try:
        log_key = b64decode_strict(vault.register.vault().log_key)
        assert log_key is not None
        assert note.signed_by(note.checkpoint.origin, log_key, verify_signature)
        assert note.checkpoint.size == vault.register.log_size()
        assert note.checkpoint.root.hex() == golden.listing["root"]
    finally:
        vault.lock()


def test_its_closure_pack_still_proves_itself(golden: Golden, tmp_path: Path) -> None:
    vault = golden.open(golden.listing["people"][0])
    try:
        data = b"".join(vault.register.file_bytes(golden.listing["pack"]))
    finally:
        vault.lock()
    assert sha256(data).hexdigest() == golden.listing["pack"]
    pack = tmp_path / "pack.pdf"
    pack.write_bytes(data)
    verdict = CountersignBuilding().verify_pack(pack)
    failed = {check.name for check in verdict.checks if not check.passed}
    printed_by, _ = decode_manifest(manifest_of(pack_data(data)))
    # Pages are compared by printing them again, which only the same printer can do.
    assert failed == (set() if printed_by.renderer == RENDERER else {PAGES}), verdict.findings
    assert verdict.number == CLOSED


def test_work_in_it_goes_on(golden: Golden) -> None:
    vault = golden.open("Ivan Golden")
    try:
        vault.perform(edit_item, item="GV-CAPA-0003", fields={"description": "Seen again today."})
        assert vault.register.item("GV-CAPA-0003").description == "Seen again today."
        verdict = vault.verify()
        assert (verdict.intact, verdict.entries) == (True, golden.listing["entries"] + 1)
    finally:
        vault.lock()
