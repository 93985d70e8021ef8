"""Paths from one hashed tree are those that the log's own proofs give."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.closure.paths import Paths
from domain.log.merkle import inclusion_proof, root_hash, verify_inclusion


@given(st.integers(1, 300), st.data())
def test_every_path_equals_the_logs_own_proof(size, data):
    leaves = [sha256(b"%d" % n).digest() for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = Paths(leaves).of(index)
    assert list(path) == inclusion_proof(index, leaves)
    assert verify_inclusion(index=index, size=size, leaf=leaves[index], proof=path, root=root_hash(leaves))


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_outside_the_tree_has_no_path(index):
    with pytest.raises(IndexError):
        Paths([b"a" * 32] * 3).of(index)


def test_the_empty_tree_has_no_path():
    with pytest.raises(IndexError):
        Paths([]).of(0)
