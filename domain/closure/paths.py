"""Inclusion paths for many leaves of one tree: the tree is hashed once, each path is then a walk up."""

from __future__ import annotations

from collections.abc import Sequence

from domain.log.merkle import node_hash


class Paths:
    """The inner nodes of an RFC 9162 tree, level by level; a last node without a sibling moves up unchanged."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[Sequence[bytes]] = [leaves]
        while len(self._levels[-1]) > 1:
            level = self._levels[-1]
            above = [node_hash(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
            if len(level) % 2:
                above.append(level[-1])
            self._levels.append(above)

    def of(self, index: int) -> tuple[bytes, ...]:
        """The inclusion path of a leaf, leaf side first (RFC 9162 section 2.1.3.1).

        Raises:
            IndexError: `index` is not a leaf of the tree.
        """
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(f"leaf {index} is not in a tree of {len(self._levels[0])}")
        path = []
        for level in self._levels[:-1]:
            if (sibling := index ^ 1) < len(level):
                path.append(level[sibling])
            index //= 2
        return tuple(path)
