"""Merkle trees, inclusion and consistency proofs of RFC 9162 section 2.1 (same hashes as RFC 6962)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), RFC 9162 section 2.1.1."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 9162 section 2.1.1."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree remembered by the roots of its full subtrees: O(log n) memory for any size."""

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        if len(roots) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} full subtrees, not {len(roots)}")
        self.size = size
        self.roots = list(roots)  # largest subtree first

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree head of everything appended so far."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def root_hash(leaf_hashes: Sequence[bytes]) -> bytes:
    """The tree head over the given leaf hashes."""
    tree = Frontier()
    for leaf in leaf_hashes:
        tree.append(leaf)
    return tree.root()


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """The audit path of leaf `index` (RFC 9162 section 2.1.3.1), leaf side first.

    Raises:
        IndexError: `index` is not a leaf of the tree.
    """
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"leaf {index} is not in a tree of {len(leaf_hashes)}")
    low, high, path = 0, len(leaf_hashes), []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root_hash(leaf_hashes[middle:high]))
            high = middle
        else:
            path.append(root_hash(leaf_hashes[low:middle]))
            low = middle
    return path[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` under `root` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != HASH_SIZE for step in proof) or len(leaf) != HASH_SIZE:
        return False
    position, last, node = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(step, node)
            if not position & 1:
                while position and not position & 1:
                    position >>= 1
                    last >>= 1
        else:
            node = node_hash(node, step)
        position >>= 1
        last >>= 1
    return last == 0 and node == root


def consistency_proof(old_size: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Proof that the tree over all leaves extends the one over the first `old_size` (RFC 9162, 2.1.4.1).

    Raises:
        IndexError: `old_size` is larger than the tree.
    """
    size = len(leaf_hashes)
    if not 0 <= old_size <= size:
        raise IndexError(f"no earlier tree of {old_size} leaves in a tree of {size}")
    if old_size in (0, size):
        return []
    path: list[bytes] = []
    low, high, whole = 0, size, True
    old = old_size
    while old != high - low:
        middle = _split(high - low)
        if old <= middle:
            path.append(root_hash(leaf_hashes[low + middle : high]))
            high = low + middle
        else:
            path.append(root_hash(leaf_hashes[low : low + middle]))
            low += middle
            old -= middle
            whole = False
    if not whole:
        path.append(root_hash(leaf_hashes[low:high]))
    return path[::-1]


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree `new_root` extends `old_root` (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= new_size or any(len(step) != HASH_SIZE for step in proof):
        return False  # every tree extends the empty one: there is nothing that a proof could show
    if old_size == new_size:
        return not proof and old_root == new_root
    steps = list(proof)
    if old_size.bit_count() == 1:
        steps.insert(0, old_root)
    if not steps:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old_node = new_node = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_node = node_hash(step, old_node)
            new_node = node_hash(step, new_node)
            if not position & 1:
                while position and not position & 1:
                    position >>= 1
                    last >>= 1
        else:
            new_node = node_hash(new_node, step)
        position >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root
