from __future__ import annotations

import json
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import command, secret_file

SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410
CHECKER = Path(__file__).resolve().parents[1] / "independent" / "check_log_export.py"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
Lines = list[dict[str, Any]]


@pytest.fixture
def exported(sample_vault: Path, tmp_path: Path) -> Path:
    out = tmp_path / "log.jsonl"
    words = ("log", "export", sample_vault, "--out", out, "--purpose", "for the judges", "--as", "Ada Admin")
    output = command(*words, "--passphrase-file", secret_file(tmp_path), "--json")
    assert output.code == 0, output
    return out


def openssl_accepts(public: bytes, signature: bytes, message: bytes, folder: Path) -> bool:
    files = {"key": SPKI + public, "sig": signature, "message": message}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", str(folder / "key")]
    verify += ["-sigfile", str(folder / "sig"), "-in", str(folder / "message")]
    return subprocess.run(verify, capture_output=True, check=False).returncode == 0


def test_openssl_verifies_entries_and_the_chain_of_certificates(exported: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    root = b64decode(lines[0]["vault"]["root_key"])
    keys = {line["id"]: line for line in lines if line["kind"] == "key"}
    assert len(keys) >= 4
    for key in keys.values():
        statement = key["statement"].encode()
        own, chain = b64decode(key["ed25519"]), b64decode(key["certificate"])
        assert openssl_accepts(root, chain, b"countersign/person-certificate/v1\n" + statement, tmp_path)
        assert openssl_accepts(own, b64decode(key["possession"]), b"countersign/enrolment/v1\n" + statement, tmp_path)
        assert not openssl_accepts(own, chain, b"countersign/person-certificate/v1\n" + statement, tmp_path)
    entries = [line for line in lines if line["kind"] == "entry"]
    for line in entries[:: max(1, len(entries) // 20)]:
        leaf = json.loads(line["leaf"])
        header = line["leaf"].removeprefix('{"entry":').rpartition(',"sig":')[0].encode()
        public = b64decode(keys[leaf["entry"]["key"]]["ed25519"])
        assert openssl_accepts(public, b64decode(leaf["sig"]), b"countersign/entry/v1\n" + header, tmp_path)
        assert not openssl_accepts(public, b64decode(leaf["sig"]), b"countersign/entry/v1\n" + header + b" ", tmp_path)


def check(file: Path) -> tuple[int, str]:
    output = subprocess.run(
        [sys.executable, "-I", str(CHECKER), str(file)], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in output.stderr, output.stderr
    return output.returncode, output.stdout


def test_an_independent_script_verifies_the_export(exported: Path) -> None:
    code, output = check(exported)
    assert code == 0
    assert output.startswith("VERIFIED ")


def entry_line(lines: Lines, place: int) -> dict[str, Any]:
    return [line for line in lines if line["kind"] == "entry"][place]


def alter_leaf(lines: Lines) -> None:
    line = entry_line(lines, 3)
    line["leaf"] = line["leaf"].replace('"role":"', '"role":"x', 1)


def alter_change(lines: Lines) -> None:
    line = entry_line(lines, 5)
    line["changes"][-1] = line["changes"][-1].replace('"id":"', '"id":"x', 1)


def drop_change(lines: Lines) -> None:
    entry_line(lines, 0)["changes"].pop()


def drop_entry(lines: Lines) -> None:
    lines.remove(entry_line(lines, 4))


def swap_entries(lines: Lines) -> None:
    one, two = lines.index(entry_line(lines, 4)), lines.index(entry_line(lines, 5))
    lines[one], lines[two] = lines[two], lines[one]


def cut_the_end(lines: Lines) -> None:
    lines.pop()


def alter_proof(lines: Lines) -> None:
    proof = entry_line(lines, 2)["proof"]
    proof[0] = f"{int(proof[0][0], 16) ^ 1:x}{proof[0][1:]}"


def move_signature(lines: Lines) -> None:
    one, two = entry_line(lines, 1), entry_line(lines, 2)
    signature = json.loads(two["leaf"])["sig"]
    one["leaf"] = one["leaf"].rpartition(',"sig":')[0] + f',"sig":"{signature}"}}'


def swap_certificates(lines: Lines) -> None:
    one, two = [line for line in lines if line["kind"] == "key"][:2]
    one["certificate"], two["certificate"] = two["certificate"], one["certificate"]


def replace_root_key(lines: Lines) -> None:
    lines[0]["vault"]["root_key"] = b64encode(bytes(32)).decode()


def alter_checkpoint(lines: Lines) -> None:
    origin, size, rest = lines[0]["note"].split("\n", 2)
    lines[0]["note"] = f"{origin}\n{int(size) + 1}\n{rest}"


def drop_signatures(lines: Lines) -> None:
    lines[0]["note"] = lines[0]["note"].rpartition("\n\n")[0] + "\n\n\u2014 someone.else AAAAAAAA\n"


FORGERIES = (
    alter_leaf,
    alter_change,
    drop_change,
    drop_entry,
    swap_entries,
    cut_the_end,
    alter_proof,
    move_signature,
    swap_certificates,
    replace_root_key,
    alter_checkpoint,
    drop_signatures,
)


@pytest.mark.parametrize("forge", FORGERIES)
def test_the_script_refuses_a_forged_export(exported: Path, forge: Callable[[Lines], None]) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    forge(lines)
    text = "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines) + "\n"
    assert text != exported.read_text()
    exported.write_text(text)
    code, output = check(exported)
    assert code == 1
    assert output.startswith("NOT VERIFIED: ")
