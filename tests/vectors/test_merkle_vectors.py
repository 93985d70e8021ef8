"""RFC 6962/9162 proofs, good and forged, from transparency-dev/merkle, against our verifier."""

from __future__ import annotations

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_hash,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves of RFC 6962's reference tree and its roots by size (certificate-transparency's merkle tree test).
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
HASHED = [leaf_hash(leaf) for leaf in LEAVES]


def _cases(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    files = sorted(folder.rglob("*.json"))
    return [(str(file.relative_to(folder)), json.loads(file.read_text(encoding="utf-8"))) for file in files]


def _proof(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(step) for step in case["proof"] or ()]


def test_the_reference_tree_has_the_published_hashes() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_hash([]) == EMPTY_ROOT
    assert root_hash(HASHED).hex() == ROOT_OF_EIGHT


def test_the_growing_tree_has_the_root_of_the_whole_tree_at_every_size() -> None:
    tree = Frontier()
    for size, leaf in enumerate(HASHED, start=1):
        tree.append(leaf)
        assert tree.size == size
        assert tree.root() == root_hash(HASHED[:size])
    assert tree.root().hex() == ROOT_OF_EIGHT


def test_published_inclusion_proofs_are_shown_from_forged_ones(published: Callable[[str], Path]) -> None:
    verdicts = Counter[bool]()
    for name, case in _cases(published("merkle/testdata/inclusion")):
        holds = verify_inclusion(
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=b64decode(case["leafHash"] or ""),
            proof=_proof(case),
            root=b64decode(case["root"] or ""),
        )
        assert holds is not case["wantErr"], f"{name}: {case['desc']}"
        verdicts[holds] += 1
    assert verdicts[True] >= 5, verdicts
    assert verdicts[False] >= 80, verdicts


def test_published_consistency_proofs_are_shown_from_forged_ones(published: Callable[[str], Path]) -> None:
    verdicts = Counter[bool]()
    for name, case in _cases(published("merkle/testdata/consistency")):
        holds = verify_consistency(
            old_size=case["size1"],
            new_size=case["size2"],
            old_root=b64decode(case["root1"] or ""),
            new_root=b64decode(case["root2"] or ""),
            proof=_proof(case),
        )
        assert holds is not case["wantErr"], f"{name}: {case['desc']}"
        verdicts[holds] += 1
    assert verdicts[True] >= 5, verdicts
    assert verdicts[False] >= 80, verdicts


def test_our_proofs_are_the_published_ones(published: Callable[[str], Path]) -> None:
    compared = 0
    for name, case in _cases(published("merkle/testdata")):
        if case["wantErr"] or case.get("root", case.get("root2")) is None:
            continue
        if name.startswith("inclusion/") and b64decode(case["root"]) == root_hash(HASHED[: case["treeSize"]]):
            assert inclusion_proof(case["leafIdx"], HASHED[: case["treeSize"]]) == _proof(case), name
            compared += 1
        if name.startswith("consistency/") and b64decode(case["root2"]) == root_hash(HASHED[: case["size2"]]):
            assert consistency_proof(case["size1"], HASHED[: case["size2"]]) == _proof(case), name
            compared += 1
    assert compared >= 8, "the published happy paths stand on the reference tree"


@pytest.mark.parametrize("size", range(1, 9))
def test_every_leaf_and_every_earlier_size_of_the_reference_tree_can_be_proved(size: int) -> None:
    leaves, root = HASHED[:size], root_hash(HASHED[:size])
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(index, leaves)
        assert verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)
        assert not verify_inclusion(index=index, size=size, leaf=leaf, proof=[*proof, root], root=root)
    for earlier in range(1, size + 1):
        proof = consistency_proof(earlier, leaves)
        old_root = root_hash(leaves[:earlier])
        assert verify_consistency(old_size=earlier, new_size=size, old_root=old_root, new_root=root, proof=proof)
        assert not verify_consistency(old_size=earlier, new_size=size, old_root=root[::-1], new_root=root, proof=proof)
