from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from desktop.vault.ed25519 import verify_signature
from domain.log.anchors import AnchorVerdict, check_anchor, read_anchor
from domain.log.checkpoint import Checkpoint, NoteError, origin_of, sign_note, signer_name
from domain.log.merkle import EMPTY_ROOT, leaf_hash, root_hash, verify_consistency

VAULT = "01930000-0000-7000-8000-000000000001"
ORIGIN = origin_of(VAULT)
LOG_KEY = Ed25519PrivateKey.generate()
PUBLIC = LOG_KEY.public_key().public_bytes_raw()
LEAVES = [leaf_hash(str(n).encode()) for n in range(70)]


def checkpoint(size: int, *, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin=origin, size=size, root=root_hash(LEAVES[:size]))


def note(size: int, *, origin: str = ORIGIN, key: Ed25519PrivateKey = LOG_KEY) -> str:
    public = key.public_key().public_bytes_raw()
    return sign_note(checkpoint(size, origin=origin), ((signer_name(origin), public, key.sign),))


def held(text: str, *, entries: int = 70) -> AnchorVerdict:
    leaves = LEAVES[:entries]
    return check_anchor(
        read_anchor(text), now=checkpoint(entries), leaves=leaves, log_key=PUBLIC, verify=verify_signature
    )


@pytest.mark.parametrize("size", [0, 1, 2, 3, 31, 32, 33, 69, 70])
def test_every_earlier_checkpoint_is_extended_and_the_proof_shows_it(size: int) -> None:
    verdict = held(note(size))
    assert verdict.extends
    assert verdict.signed
    if size:
        assert verify_consistency(
            old_size=size,
            new_size=70,
            old_root=checkpoint(size).root,
            new_root=checkpoint(70).root,
            proof=[bytes.fromhex(step) for step in verdict.proof],
        )


@given(st.integers(1, 70), st.integers(0, 31), st.integers(0, 7))
def test_a_root_with_any_bit_flipped_is_not_extended(size: int, byte: int, bit: int) -> None:
    root = bytearray(checkpoint(size).root)
    root[byte] ^= 1 << bit
    verdict = held(f"{size} {bytes(root).hex()}")
    assert not verdict.extends
    assert verdict.proof == ()


def test_a_log_that_was_cut_does_not_extend_what_was_printed() -> None:
    verdict = held(note(60), entries=59)
    assert not verdict.extends
    assert "59" in verdict.text
    assert "60" in verdict.text


def test_another_log_and_another_key_are_shown_apart() -> None:
    other = origin_of("01930000-0000-7000-8000-000000000002")
    assert "another log" in held(note(10, origin=other)).text
    forged = held(note(10, key=Ed25519PrivateKey.generate()))
    assert not forged.extends
    assert "not signed by this vault's log key" in forged.text


def test_what_was_typed_from_paper_is_read_with_its_spaces_and_separators() -> None:
    root = checkpoint(33).root
    grouped = "-".join(root.hex()[start : start + 4] for start in range(0, 64, 4))
    for text in (f"33 {root.hex()}", f" 33\n{root.hex().upper()}\n", f"33 {grouped}", f"33 {b64encode(root).decode()}"):
        verdict = held(text)
        assert verdict.extends
        assert not verdict.signed
    assert read_anchor(f"1,234 {root.hex()}").size == 1234


@pytest.mark.parametrize(
    "text", ["", "33", "33 abc", f"33 {'g' * 64}", f"x {'0' * 64}", "a\n1\nb\n\n\u2014 c d\n", f"33 {'A' * 44}"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_anchor(text)


def test_a_checkpoint_is_found_inside_other_text() -> None:
    text = f"Printed on Monday:\r\n\r\n{note(12)}\r\nand kept in the safe."
    assert held(text).extends
    proof = f"c2sp.org/tlog-proof@v1\nindex 3\n\n{note(12)}"
    assert held(proof).anchor_size == 12


def test_the_empty_log_is_extended_by_every_log() -> None:
    assert held(f"0 {EMPTY_ROOT.hex()}").extends
    assert not held(f"0 {'0' * 64}").extends
