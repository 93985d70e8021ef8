"""A thousand logs of every awkward size: our tree, proofs and chain agree with a few lines written from the RFC alone.

The second opinion below uses hashlib and nothing of the project; openssl and Go judge the signatures elsewhere here.
"""

from __future__ import annotations

import random
from base64 import b64encode
from hashlib import sha256

from outside_log import LARGEST, LOG_KEY, ORIGIN, leaves, public

from desktop.vault.ed25519 import verify_signature
from domain.closure.paths import Paths
from domain.log.checkpoint import Checkpoint, open_note, sign_note, signer_name
from domain.log.merkle import Frontier, consistency_proof, leaf_hash, root_hash, verify_consistency, verify_inclusion

LOGS = 1_000
SIZES = (
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    15,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    65,
    127,
    128,
    129,
    255,
    256,
    257,
    1_023,
    1_024,
    LARGEST,
)


def stated_by_the_rfc(leaf_data: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word: MTH({}) and MTH(D[n])."""
    if not leaf_data:
        return sha256(b"").digest()
    if len(leaf_data) == 1:
        return sha256(b"\x00" + leaf_data[0]).digest()
    k = 1
    while k * 2 < len(leaf_data):
        k *= 2
    return sha256(b"\x01" + stated_by_the_rfc(leaf_data[:k]) + stated_by_the_rfc(leaf_data[k:])).digest()


def a_log(number: int) -> tuple[random.Random, list[bytes]]:
    chance = random.Random(f"log {number}")
    size = SIZES[number] if number < len(SIZES) else chance.choice((*SIZES[:20], chance.randrange(140)))
    first = chance.randrange(LARGEST - size + 1)
    return chance, list(leaves()[first : first + size])


def corrupted(data: list[bytes], chance: random.Random) -> list[bytes]:
    """The log with one thing wrong: a byte, an order, a missing, doubled or empty leaf."""
    wrong, at = list(data), chance.randrange(len(data))
    kind = chance.choice(("byte", "swap", "cut", "double", "empty") if len(data) > 1 else ("byte", "double", "empty"))
    if kind == "byte":
        place = chance.randrange(len(wrong[at]))
        wrong[at] = wrong[at][:place] + bytes([wrong[at][place] ^ 1 << chance.randrange(8)]) + wrong[at][place + 1 :]
    elif kind == "swap":
        other = (at + 1) % len(wrong)
        wrong[at], wrong[other] = wrong[other], wrong[at]
    elif kind == "cut":
        del wrong[at]
    elif kind == "double":
        wrong.insert(at, wrong[at])
    else:
        wrong[at] = b""
    return wrong


def test_a_thousand_logs_have_the_root_the_rfc_gives_and_corrupted_ones_do_not() -> None:
    sizes = set()
    for number in range(LOGS):
        chance, data = a_log(number)
        sizes.add(len(data))
        hashes = [leaf_hash(each) for each in data]
        tree = Frontier()
        for each in hashes:
            tree.append(each)
        root = stated_by_the_rfc(data)
        assert root_hash(hashes) == tree.root() == root, number
        if not data:
            continue
        wrong = corrupted(data, chance)
        their_root = stated_by_the_rfc(wrong)
        assert root_hash([leaf_hash(each) for each in wrong]) == their_root
        assert their_root != root, number
    assert set(SIZES) <= sizes
    assert len(sizes) > 50


def test_proofs_from_a_thousand_logs_hold_and_none_holds_for_a_corrupted_one() -> None:
    inclusions = consistencies = 0
    for number in range(LOGS):
        chance, data = a_log(number)
        if not data:
            continue
        hashes, size, root = [leaf_hash(each) for each in data], len(data), stated_by_the_rfc(data)
        wrong = stated_by_the_rfc(corrupted(data, chance))
        index, old = chance.randrange(size), chance.randrange(1, size + 1)
        path = Paths(hashes).of(index)
        assert verify_inclusion(index=index, size=size, leaf=hashes[index], proof=path, root=root)
        assert not verify_inclusion(index=index, size=size, leaf=hashes[index], proof=path, root=wrong)
        proof = consistency_proof(old, hashes)
        old_root = stated_by_the_rfc(data[:old])
        assert verify_consistency(old_size=old, old_root=old_root, new_size=size, new_root=root, proof=proof)
        forged = verify_consistency(old_size=old, old_root=old_root, new_size=size, new_root=wrong, proof=proof)
        assert not forged, number
        inclusions, consistencies = inclusions + 1, consistencies + (old < size)
    assert min(inclusions, consistencies) > LOGS // 2


def test_a_thousand_checkpoints_are_opened_and_none_of_another_root() -> None:
    for number in range(LOGS):
        _, data = a_log(number)
        root = stated_by_the_rfc(data)
        text = sign_note(
            Checkpoint(origin=ORIGIN, size=len(data), root=root),
            ((signer_name(ORIGIN), public(LOG_KEY), LOG_KEY.sign),),
        )
        note = open_note(text)
        assert (note.checkpoint.size, note.checkpoint.root) == (len(data), root)
        assert note.signed_by(signer_name(ORIGIN), public(LOG_KEY), verify_signature)
        other = b64encode(sha256(root).digest()).decode()
        forged = open_note(text.replace(b64encode(root).decode(), other))
        assert not forged.signed_by(signer_name(ORIGIN), public(LOG_KEY), verify_signature)
