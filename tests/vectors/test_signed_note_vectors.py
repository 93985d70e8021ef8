"""Signed notes and checkpoints against a published note and against OpenSSL."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from desktop.vault.primitives import Secret, ed25519_public, ed25519_sign, ed25519_verify
from domain.log.checkpoint import Checkpoint, NoteError, key_id, open_note, sign_note, verifier_key

# The example note of Go's golang.org/x/mod/sumdb/note: its text, its verifier key and its signature line.
NAME = "PeterNeumann"
VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

SEED = bytes(range(32))
# What comes before a raw Ed25519 public key in its DER form (RFC 8410 section 4).
DER_BEFORE_KEY = bytes.fromhex("302a300506032b6570032100")


def _checkpoint() -> str:
    seed = Secret(SEED)
    checkpoint = Checkpoint(origin="countersign.local/vault/example", size=20, root=bytes(range(32)))
    return sign_note(
        checkpoint, ((checkpoint.origin, ed25519_public(seed), lambda message: ed25519_sign(seed, message)),)
    )


def test_our_key_ids_are_those_of_the_published_note() -> None:
    public = b64decode(VERIFIER_KEY.split("+", 2)[2])[1:]
    assert key_id(NAME, public).hex() == VERIFIER_KEY.split("+")[1]
    assert verifier_key(NAME, public) == VERIFIER_KEY
    line = b64decode(SIGNED)
    assert line[:4] == key_id(NAME, public)
    assert ed25519_verify(public, TEXT.encode(), line[4:])
    assert not ed25519_verify(public, TEXT.replace("your", "our", 1).encode(), line[4:])


def test_a_checkpoint_reads_back_as_what_was_signed() -> None:
    opened = open_note(_checkpoint())
    public = ed25519_public(Secret(SEED))
    assert opened.checkpoint.size == 20

    def verify(key: bytes, signature: bytes, message: bytes) -> bool:
        return ed25519_verify(key, message, signature)

    assert opened.signed_by(opened.checkpoint.origin, public, verify)
    assert not opened.signed_by("countersign.local/vault/another", public, verify)


def test_every_changed_character_of_a_checkpoint_is_found() -> None:
    note, public = _checkpoint(), ed25519_public(Secret(SEED))
    for place, character in enumerate(note):
        altered = note[:place] + ("B" if character != "B" else "C") + note[place + 1 :]
        try:
            opened = open_note(altered)
        except NoteError:
            continue
        assert not opened.signed_by(
            "countersign.local/vault/example", public, lambda key, sig, message: ed25519_verify(key, message, sig)
        ), f"character {place} ({character!r}) may be changed"


def test_openssl_agrees_with_our_checkpoint_signature(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so nothing independent judges the checkpoint's signature")
    body, line = _checkpoint().rsplit("\n\n", 1)
    files = {
        "key.der": DER_BEFORE_KEY + ed25519_public(Secret(SEED)),
        "signature": b64decode(line.split(" ")[2])[4:],
        "message": f"{body}\n".encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    verify = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der"]
    verify += ["-sigfile", "signature", "-in", "message"]
    judged = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    (tmp_path / "message").write_bytes(f"{body}\n".replace("\n20\n", "\n21\n").encode())
    assert subprocess.run(verify, cwd=tmp_path, capture_output=True, check=False).returncode != 0
