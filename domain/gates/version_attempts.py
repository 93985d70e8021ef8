"""What a person attempts with process versions, with items that are to come over to one, and with categories."""

from __future__ import annotations

import msgspec


class _VersionAttempt(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt"):
    """An attempt is a value; see `domain.gates.attempt`."""


class DraftProcess(_VersionAttempt, frozen=True, kw_only=True, tag="draft_process"):
    """Begin the next version of a process, or the first one of a process that this vault does not have."""

    process: str


class EditDraft(_VersionAttempt, frozen=True, kw_only=True, tag="edit_draft"):
    """Change a version (its id) that nobody is asked to approve yet."""

    version: str


class ProveDraft(_VersionAttempt, frozen=True, kw_only=True, tag="prove_draft"):
    """Live through the scenarios of a version (its id) and put the outcome on record."""

    version: str


class ProposeCategory(_VersionAttempt, frozen=True, kw_only=True, tag="propose_category"):
    """Propose a category of a process by its word."""

    process: str
    word: str


class DecideCategory(_VersionAttempt, frozen=True, kw_only=True, tag="decide_category"):
    """Sign that a proposed category (its id) comes into being on a day (ISO), or not."""

    category: str
    approve: bool
    visible_from: str = ""
    reason: str = ""


class MigrateItem(_VersionAttempt, frozen=True, kw_only=True, tag="migrate_items"):
    """Take an item over to another version (its id) of its process."""

    version: str
    reason: str


VersionAttempt = DraftProcess | EditDraft | ProveDraft | ProposeCategory | DecideCategory
