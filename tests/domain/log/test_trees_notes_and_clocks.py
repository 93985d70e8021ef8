"""Edges of trees, notes, proven memory and clock claims, where an off-by-one would pass every larger test."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.vault.ed25519 import verify_signature
from domain.identity import iso
from domain.log.anchors import LONGEST_ANCHOR, check_anchor, read_anchor
from domain.log.canonical import CanonicalError
from domain.log.checkpoint import (
    Checkpoint,
    NoteError,
    b64decode_strict,
    key_id,
    open_note,
    origin_of,
    sign_note,
    signer_name,
    verifier_key,
)
from domain.log.clock import ACKNOWLEDGE, TOLERANCE, behind_of, hides_a_jump, high_water, is_behind
from domain.log.entry import ChangeTree, Header, decode_header, decode_leaf
from domain.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from domain.log.proven import BLOCK, FULL_PROOF_DAYS, Proven, proven_tree, root_over
from domain.log.tlog_proof import read_proof, write_proof

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
ORIGIN = origin_of("v")
LEAVES = [leaf_hash(bytes([n])) for n in range(9)]


def note(size: int = 9, *, name: str = ORIGIN) -> str:
    point = Checkpoint(origin=ORIGIN, size=size, root=root_hash(LEAVES[:size]))
    return sign_note(point, ((name, PUBLIC, KEY.sign),))


def test_hashes_are_those_of_the_rfc() -> None:
    assert leaf_hash(b"") == sha256(b"\0").digest()
    assert node_hash(b"a", b"b") == sha256(b"\1ab").digest()
    assert sha256(b"").digest() == EMPTY_ROOT == Frontier().root()


def test_a_frontier_has_as_many_roots_as_full_subtrees() -> None:
    for size, roots in ((1, 0), (0, 1), (3, 1), (4, 2)):
        with pytest.raises(ValueError, match="full subtrees"):
            Frontier(size, [b"x" * 32] * roots)
    grown = Frontier(3, [node_hash(LEAVES[0], LEAVES[1]), LEAVES[2]])
    assert grown.root() == root_hash(LEAVES[:3])


def test_an_inclusion_proof_is_of_this_leaf_of_this_tree_in_these_sizes() -> None:
    root = root_hash(LEAVES)
    for index in range(9):
        proof = inclusion_proof(index, LEAVES)

        right = {"index": index, "size": 9, "leaf": LEAVES[index], "proof": proof, "root": root}

        def shown(right: dict[str, object] = right, **other: object) -> bool:
            asked = {**right, **other}
            return verify_inclusion(**asked)  # type: ignore[arg-type]

        assert shown() is True
        for wrong in (
            {"index": -1},
            {"index": 9},
            {"size": 0},
            {"leaf": LEAVES[index][:31]},
            {"leaf": leaf_hash(b"another")},
            {"root": EMPTY_ROOT},
            {"proof": [*proof, b"x" * 32]},
            {"proof": [*proof, b""]},
            {"proof": [*proof[:-1], proof[-1][:31]]},
            {"proof": proof[:-1]},
        ):
            assert shown(**wrong) is False, (index, wrong)
    assert inclusion_proof(0, LEAVES[:1]) == []
    assert verify_inclusion(index=0, size=1, leaf=LEAVES[0], proof=[], root=LEAVES[0])
    for index in (-1, 9):
        with pytest.raises(IndexError):
            inclusion_proof(index, LEAVES)


def test_a_consistency_proof_is_of_these_two_trees() -> None:
    for old in range(1, 10):
        for new in range(old, 10):
            proof = consistency_proof(old, LEAVES[:new])
            asked = {"old_size": old, "new_size": new, "proof": proof}
            roots = {"old_root": root_hash(LEAVES[:old]), "new_root": root_hash(LEAVES[:new])}
            assert verify_consistency(**asked, **roots) is True
            assert verify_consistency(**asked, **{**roots, "old_root": EMPTY_ROOT}) is False
            assert verify_consistency(**asked, **{**roots, "new_root": EMPTY_ROOT}) is False
            for wrong in ([*proof, b"x" * 32], [*proof, b""], proof[:-1] if proof else [b"x" * 32]):
                assert verify_consistency(**{**asked, "proof": wrong}, **roots) is False, (old, new, wrong)
    whole = {"old_root": EMPTY_ROOT, "new_root": root_hash(LEAVES), "proof": []}
    assert verify_consistency(old_size=0, new_size=9, **whole) is False
    assert verify_consistency(old_size=10, new_size=9, **whole) is False
    assert consistency_proof(0, LEAVES) == consistency_proof(9, LEAVES) == []
    for old in (-1, 10):
        with pytest.raises(IndexError):
            consistency_proof(old, LEAVES)


def test_names_and_ids_of_signers_are_those_of_signed_notes() -> None:
    named = key_id(ORIGIN, PUBLIC)
    assert named == sha256(ORIGIN.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    assert signer_name(ORIGIN) == ORIGIN == "countersign.local/vault/v"
    assert signer_name(ORIGIN, "p") == "countersign.local/vault/v/person/p"
    assert verifier_key(ORIGIN, PUBLIC) == f"{ORIGIN}+{named.hex()}+{b64encode(bytes([1]) + PUBLIC).decode()}"


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [("", b""), ("AA==", b"\0"), ("AB==", None), ("AA=", None), ("AA==\n", None), ("A A==", None), ("é", None)],
)
def test_base64_has_one_spelling(text: str, bytes_: bytes | None) -> None:
    assert b64decode_strict(text) == bytes_


def test_a_note_is_read_only_in_its_one_form() -> None:
    whole = note()
    read = open_note(whole)
    assert (read.checkpoint.origin, read.checkpoint.size) == (ORIGIN, 9)
    assert read.signed_by(ORIGIN, PUBLIC, verify_signature) is True
    assert read.signed_by("another", PUBLIC, verify_signature) is False
    assert read.signed_by(ORIGIN, bytes(32), verify_signature) is False
    root, line = whole.split("\n")[2], whole.split("\n")[4]
    signature = line.split(" ")[2]
    for wrong in (
        "",
        whole.replace("\n\n", "\n"),
        whole[:-1],
        whole.replace(ORIGIN, "", 1),
        whole.replace("\n9\n", "\n09\n"),
        whole.replace("\n9\n", "\n-9\n"),
        whole.replace("\n9\n", "\n٩\n"),
        whole.replace("\n9\n", "\n\n"),
        whole.replace(root, root[:-4]),
        whole.replace(root, b64encode(bytes(31)).decode()),
        whole.replace(root, f"{root}\nan extension"),
        whole.replace(line, line.replace("\u2014 ", "- ")),
        whole.replace(line, f"{line} more"),
        whole.replace(line, f"\u2014  {signature}"),
        whole.replace(signature, b64encode(b"1234").decode()),
        whole.replace(signature, f"{signature[:-4]}????"),
    ):
        with pytest.raises(NoteError):
            open_note(wrong)
    shortest = open_note(whole.replace(signature, b64encode(b"12345").decode())).signatures[0]
    assert (shortest.key_id, shortest.signature) == (b"1234", b"5")
    assert open_note(whole.replace("\n9\n", "\n0\n")).checkpoint.size == 0


def test_a_proven_memory_is_believed_only_as_the_log_key_signed_it() -> None:
    tree = Frontier()
    for leaf in LEAVES:
        tree.append(leaf)
    roots = tuple(root.hex() for root in tree.roots)

    def known(**other: object) -> Frontier | None:
        altered = other.pop("altered", {})
        build = str(other.pop("asked_by", "1.0"))
        values = {
            "note": note(),
            "roots": roots,
            "blocks": (),
            "build": "1.0",
            "whole_at": "",
            "known_from": "",
            **other,
        }
        proven = msgspec.structs.replace(Proven(**values).signed(KEY.sign), **altered)  # type: ignore[arg-type]
        return proven_tree(proven, log_key=PUBLIC, verify=verify_signature, build=build)

    found = known()
    assert found is not None
    assert (found.size, found.roots) == (9, tree.roots)
    for wrong in (
        {"note": "no note"},
        {"roots": roots[:-1]},
        {"roots": ("zz" * 32, *roots[1:])},
        {"roots": (roots[1], roots[0])},
        {"note": note(8)},
        {"note": note(name="somebody")},
        {"note": note().replace("\n9\n", "\n10\n")},
        {"build": "0.9"},
        {"asked_by": "1.1"},
        {"altered": {"signature": ""}},
        {"altered": {"signature": "no base64"}},
        {"altered": {"signature": b64encode(bytes(64)).decode()}},
        {"altered": {"whole_at": "2026-11-01T00:00:00.000Z"}},
        {"altered": {"blocks": ("00" * 32,)}},
    ):
        assert known(**wrong) is None, wrong
    mine = Proven(note=note(), roots=roots, blocks=(), build="1.0", whole_at="", known_from="").signed(KEY.sign)
    assert proven_tree(mine, log_key=bytes(32), verify=verify_signature, build="1.0") is None


@settings(max_examples=20)
@given(size=st.integers(0, 5), rest=st.integers(0, BLOCK))
def test_the_root_over_blocks_is_the_root_over_all_entries(size: int, rest: int) -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size * BLOCK + rest)]
    blocks = [root_hash(leaves[n * BLOCK : (n + 1) * BLOCK]) for n in range(size)]
    assert root_over(blocks, leaves[size * BLOCK :]) == root_hash(leaves)
    assert FULL_PROOF_DAYS == 7


LATEST = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
STEP = timedelta(milliseconds=1)


def test_clocks_may_differ_by_two_minutes_to_the_millisecond() -> None:
    assert timedelta(minutes=2) == TOLERANCE
    latest = iso(LATEST)
    assert is_behind(LATEST - TOLERANCE, latest) is False
    assert is_behind(LATEST - TOLERANCE - STEP, latest) is True
    assert is_behind(LATEST, "") is False
    assert is_behind(LATEST - timedelta(days=1), latest[:-1]) is False, "a time that is none says nothing"
    assert is_behind(LATEST - timedelta(days=1), latest.replace("Z", "X")) is False
    assert is_behind(LATEST - timedelta(days=1), "2026-13-22T08:00:00.000Z") is False


def test_an_entry_states_what_it_is_behind_until_a_person_acknowledges_it() -> None:
    latest, early = iso(LATEST), LATEST - timedelta(hours=1)
    behind = behind_of(early, latest=latest, act="edit_item")
    assert behind == latest
    assert behind_of(early, latest=latest, act=ACKNOWLEDGE) == ""
    assert behind_of(LATEST, latest=latest, act="edit_item") == ""
    assert high_water(iso(early), behind) == latest
    assert high_water(latest, iso(early)) == latest
    assert high_water(iso(early), "") == iso(early)

    def hides(at: str, behind: str, act: str = "edit_item") -> bool:
        return hides_a_jump(at=at, behind=behind, act=act, latest=latest)

    assert hides(iso(early), behind) is False
    assert hides(iso(early), "") is True
    assert hides(iso(early), iso(early)) is True, "less than it is really behind"
    assert hides(iso(early), "", ACKNOWLEDGE) is False
    assert hides(iso(LATEST - TOLERANCE), "") is True, "by however little"
    assert hides(iso(LATEST - TOLERANCE), latest) is False
    assert hides(latest, latest) is True, "it is not behind"
    assert hides(latest, "") is False
    assert hides("never", "") is True


def test_an_anchor_is_searched_for_in_a_million_characters_and_no_more() -> None:
    assert LONGEST_ANCHOR == 1_000_000
    whole = note()
    assert read_anchor("x" * (LONGEST_ANCHOR - len(whole) - 1) + "\n" + whole).size == 9
    with pytest.raises(NoteError):
        read_anchor("x" * LONGEST_ANCHOR + "\n" + whole)


def test_a_head_that_is_not_the_tree_over_its_entries_extends_nothing() -> None:
    anchor = read_anchor(note(5))
    for size, leaves in ((9, LEAVES[:8]), (8, LEAVES)):
        now = Checkpoint(origin=ORIGIN, size=size, root=root_hash(LEAVES))
        verdict = check_anchor(anchor, now=now, leaves=leaves, log_key=PUBLIC, verify=verify_signature)
        assert (verdict.extends, "verify the log" in verdict.text) == (False, True)
    now = Checkpoint(origin=ORIGIN, size=9, root=root_hash(LEAVES))
    verdict = check_anchor(anchor, now=now, leaves=LEAVES, log_key=PUBLIC, verify=verify_signature)
    assert (verdict.extends, verdict.signed, verdict.anchor_size, verdict.size) == (True, True, 5, 9)
    empty = read_anchor(f"0 {b64encode(bytes(32)).decode()}")
    verdict = check_anchor(empty, now=now, leaves=LEAVES, log_key=PUBLIC, verify=verify_signature)
    assert (verdict.extends, verdict.text) == (False, "The checkpoint's root is not that of an empty log.")


@pytest.mark.parametrize(
    "data",
    [b'"entry"', b"[]", b"{}", b'{"entry":1}', b'{"entry":1,"sig":2}', b'{"entry":1,"more":1,"sig":""}'],
    ids=lambda data: data.decode(),
)
def test_what_is_no_leaf_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="leaf"):
        decode_leaf(data)


def test_a_header_has_one_spelling() -> None:
    header = Header(
        v=1,
        law=1,
        vault="v",
        seq=0,
        prev="0" * 64,
        at=iso(LATEST),
        zone="UTC",
        behind="",
        by="p",
        role="",
        mandate="",
        key="k",
        device="",
        act="edit_item",
        subject="",
        process_version="",
        reason="",
        meaning="",
        auth="session",
        schema=1,
        commands=0,
        changes=ChangeTree(0, "0" * 64),
    )
    data = header.data()
    assert decode_header(data) == header
    for wrong in (data.replace(b":", b": ", 1), data + b"\n", data[:-1] + b',"more":1}', b"{}", b"[]", b""):
        with pytest.raises(CanonicalError):
            decode_header(wrong)


def test_the_steps_of_a_proof_are_hashes_and_its_index_a_number() -> None:
    text = write_proof(index=3, path=inclusion_proof(3, LEAVES), note=note())
    proof = read_proof(text)
    assert proof.proves(bytes([3])) is True
    assert proof.proves(bytes([4])) is False
    step = text.split("\n")[2]
    for wrong in (
        text.replace(step, "????"),
        text.replace(step, b64encode(bytes(31)).decode()),
        text.replace("index 3", "index 03"),
        text.replace("index 3", "index "),
        text.replace("index 3", "index -3"),
        text.replace("index 3", "index ٣"),
        text.replace("index 3\n", ""),
        f"{text.splitlines()[0]}\n\n{note()}",
        f"{text.splitlines()[0]}\nextra AAAA\n\n{note()}",
    ):
        with pytest.raises(NoteError):
            read_proof(wrong)
    assert read_proof(text.replace("index 3", "index 0")).index == 0
