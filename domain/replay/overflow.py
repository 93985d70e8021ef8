"""Where a state in memory puts aside what is not looked at now: a log of any length is replayed in little memory.

A overflow store keeps bytes by space and key. Without one everything stays in memory: so simulations do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

_Value = TypeVar("_Value")


class Overflow(Protocol):
    """Keeps values as bytes by space ("item", "header" ...) and key."""

    def get(self, space: str, key: str) -> bytes | None:
        """What is kept under the key, or None."""
        ...

    def put(self, space: str, values: Iterable[tuple[str, bytes]]) -> None:
        """Keep these, in place of what was kept under their keys."""
        ...


class Cached(Generic[_Value]):
    """Values by key, the ones used last in memory, the others on a overflow store (all in memory where there is
    none).
    """

    def __init__(
        self,
        overflow: Overflow | None,
        space: str,
        *,
        encode: Callable[[_Value], bytes],
        decode: Callable[[bytes], _Value],
        most: int,
    ) -> None:
        self._overflow = overflow
        self._space = space
        self._encode = encode
        self._decode = decode
        self._most = most
        self._here: dict[str, _Value] = {}
        self._changed: set[str] = set()

    def get(self, key: str) -> _Value | None:
        """The value under the key, or None."""
        found = self._here.get(key)
        if found is not None or self._overflow is None:
            return found
        data = self._overflow.get(self._space, key)
        if data is None:
            return None
        value = self._decode(data)
        self._take_in(key, value)
        return value

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __getitem__(self, key: str) -> _Value:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: _Value) -> None:
        if self._overflow is not None:
            self._changed.add(key)
        self._take_in(key, value)

    def values(self) -> Iterator[_Value]:
        """Every value; only asked for where all are in memory."""
        if self._overflow is not None:
            raise TypeError("what is on a overflow store is asked for by its key")
        return iter(tuple(self._here.values()))

    def items(self) -> tuple[tuple[str, _Value], ...]:
        """Every key with its value; only asked for where all are in memory."""
        if self._overflow is not None:
            raise TypeError("what is on a overflow store is asked for by its key")
        return tuple(self._here.items())

    def _take_in(self, key: str, value: _Value) -> None:
        self._here.pop(key, None)
        self._here[key] = value  # last used, last put aside
        if self._overflow is not None and len(self._here) > self._most:
            self._put_aside(self._overflow)

    def _put_aside(self, overflow: Overflow) -> None:
        """The half that was not used for the longest time goes on the overflow store."""
        oldest = list(self._here)[: self._most // 2]
        overflow.put(self._space, ((key, self._encode(self._here[key])) for key in oldest if key in self._changed))
        for key in oldest:
            del self._here[key]
        self._changed.difference_update(oldest)
