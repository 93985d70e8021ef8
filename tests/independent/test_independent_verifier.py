"""A verifier that shares no code with the project agrees with it, on honest packs and on forged ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "domain" / "closure"))

from closed_item import closed_item

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.pdf.verify_pack import verify_pack
from domain.closure.manifest import pack_bytes

ALONE = Path(__file__).with_name("verify_pack_alone.py")

pytestmark = pytest.mark.skipif(
    not (shutil.which("openssl") and shutil.which("qpdf")),
    reason="the independent verifier needs the programs openssl and qpdf",
)


@pytest.fixture(scope="module")
def made():
    return closed_item().made(RENDERER)


@pytest.fixture(scope="module")
def printed(made) -> bytes:
    return print_pack(*made)


def alone(data: bytes, folder: Path) -> tuple[int, str]:
    file = folder / "pack.pdf"
    file.write_bytes(data)
    run = subprocess.run([sys.executable, "-I", str(ALONE), str(file)], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def with_manifest(data: bytes, manifest: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(manifest)
        printout = BytesIO()
        pdf.save(printout, compress_streams=False)
    return printout.getvalue()


def test_both_verifiers_agree_on_an_honest_pack(made, printed, tmp_path):
    code, stated = alone(printed, tmp_path)
    assert (code, stated.strip()) == (0, f"VERIFIED, root key {made[0].root_fingerprint}")
    assert verify_pack(printed).verified


def test_the_independent_verifier_has_no_code_of_ours():
    source = ALONE.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 100
    assert not any(f"{word} {room}" in source for word in ("import", "from") for room in ("domain", "desktop", "ui"))


def forged_entry(whole, index, /, **change):
    entries = list(whole.entries)
    entries[index] = msgspec.structs.replace(entries[index], **change)
    return msgspec.structs.replace(whole, entries=tuple(entries))


def forged_change(whole, index, /, **change):
    first = msgspec.structs.replace(whole.entries[index].changes[0], **change)
    return forged_entry(whole, index, changes=(first, *whole.entries[index].changes[1:]))


FRAUDS = {
    "another reason in a signed header": lambda p: forged_entry(
        p, 6, leaf=p.entries[6].leaf.replace("5 whys", "6 whys")
    ),
    "another signer in a signed header": lambda p: forged_entry(
        p, 7, leaf=p.entries[7].leaf.replace('"by":"p-lead"', '"by":"p-eng"')
    ),
    "another value in a change": lambda p: forged_change(
        p, 7, data=p.entries[7].changes[0].data.replace("I have reviewed", "I have seen")
    ),
    "a change at another index": lambda p: forged_change(p, 3, index=p.entries[3].changes[0].index + 1),
    "an entry's path altered": lambda p: forged_entry(p, 4, proof=("0" * 64, *p.entries[4].proof[1:])),
    "a change's path cut": lambda p: forged_change(p, 3, proof=p.entries[3].changes[0].proof[1:]),
    "an entry left out": lambda p: msgspec.structs.replace(p, entries=(*p.entries[:8], *p.entries[9:])),
    "entries swapped": lambda p: msgspec.structs.replace(
        p, entries=(*p.entries[:4], p.entries[5], p.entries[4], *p.entries[6:])
    ),
    "no checkpoint": lambda p: msgspec.structs.replace(p, checkpoint=""),
    "another size in the checkpoint": lambda p: msgspec.structs.replace(
        p, checkpoint=p.checkpoint.replace("\n14\n", "\n15\n")
    ),
    "another vault's checkpoint": lambda p: msgspec.structs.replace(p, checkpoint=closed_item(seed="two").checkpoint),
    "another vault's root key": lambda p: msgspec.structs.replace(
        p, vault=msgspec.structs.replace(p.vault, root_key=closed_item(seed="two").log.state.vault().root_key)
    ),
    "another vault's log key": lambda p: msgspec.structs.replace(
        p, vault=msgspec.structs.replace(p.vault, log_key=closed_item(seed="two").log.state.vault().log_key)
    ),
    "a person key without its proof of possession": lambda p: msgspec.structs.replace(
        p, keys=tuple(msgspec.structs.replace(key, possession=key.certificate) for key in p.keys)
    ),
    "another name in a certificate": lambda p: msgspec.structs.replace(
        p, keys=tuple(msgspec.structs.replace(key, statement=key.statement.replace("Zoë", "Zoe")) for key in p.keys)
    ),
}


@pytest.mark.parametrize("fraud", FRAUDS)
def test_both_verifiers_find(fraud, made, printed, tmp_path):
    pack, proof, signatures = made
    forged = FRAUDS[fraud](proof)
    assert forged != proof
    data = with_manifest(printed, pack_bytes(pack, forged, signatures))
    code, stated = alone(data, tmp_path)
    assert code != 0
    assert "VERIFIED, root key" not in stated
    assert not verify_pack(data).verified
