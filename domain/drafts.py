"""What a person has typed and not recorded: private, and no fact. Nothing of it is in the log before it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One form as it was left: what was typed, by field, and the field that had the cursor ("" = none)."""

    values: dict[str, Any]
    field: str = ""


def encode_draft(draft: Draft) -> str:
    """A draft as text, to be kept."""
    return msgspec.json.encode(draft).decode()


def decode_draft(text: str) -> Draft | None:
    """A draft that was kept; None for what cannot be understood, such as one of another version of the program."""
    try:
        return msgspec.json.decode(text, type=Draft)
    except msgspec.DecodeError:
        return None


class Drafts(Protocol):
    """The drafts of the unlocked person, kept encrypted in the vault. A place is one form about one thing."""

    def save(self, place: str, data: str) -> None: ...  # noqa: D102 (a protocol is explained by its class)
    def all(self) -> Mapping[str, str]:
        """By place, the newest first."""
        ...

    def forget(self, place: str) -> None: ...  # noqa: D102 (as above)
