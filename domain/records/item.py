"""The item: one piece of work running through one process version, and what hangs on it.

Each class is one record of the store, field for field: the record and field names are the log's vocabulary
and never change meaning. Instants are ISO UTC text (see `domain.identity.iso`), dates are ISO days, empty
text means "not known". JSON-valued fields hold no floats, and member names in them are ASCII.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from domain.records.governance import (
    Handoff,
    HoldPeriod,
    Link,
    Obligation,
    Question,
    Request,
    Resubmission,
    Revocation,
    RiskAcceptance,
    Urgency,
)

ItemState = Literal["open", "on_hold", "cancelled", "closed", "closed_before"]
"""`closed_before`: a tracker stated that it was finished before it came into this vault; nothing about that is
signed.
"""
CLOSED_BEFORE: Final = "closed_before"
FINISHED = ("closed", CLOSED_BEFORE)
"""States of work that is done, here or before this vault."""
ENDED = (*FINISHED, "cancelled")
"""States of work that goes on no more."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work.

    `values` holds the process version's own fields by field id. `owner` is a person id or "" when the owner
    is known by name only (`owner_name`, as written in a tracker). `legacy` lists what a tracker stated beyond
    the mapped fields as [header, cell, raw text, kind]; `source` names where each mapped value came from:
    {"import", "sheet", "row", "cells": [[field, cell, raw text, kind], ...]}. `cycle` counts from 1 and grows with
    each reopening. `hold` is {"reason", "review_on", "since", "by"} while on hold. `took_part` lists who did what that
    no other record says: [cycle, person, part], where a person "owned" it and does no more, "wrote" what is signed, or
    "judged" it (domain.rules.work_done). `earlier_dues` are the due days that another one took the place of, the first
    promised one first, as [day, when, by whom, why].
    """

    id: str
    number: str
    process: str
    process_version: str
    title: str
    description: str = ""
    step: str
    state: ItemState
    owner: str = ""
    owner_name: str = ""
    due: str = ""
    severity: str = ""
    priority: str = ""
    raised: str = ""
    closed: str = ""
    cycle: int
    values: dict[str, Any] = {}
    hold: dict[str, Any] | None = None
    legacy_status: str = ""
    legacy: list[list[str]] = []
    source: dict[str, Any] | None = None
    source_key: str = ""
    source_fingerprint: str = ""
    created_at: str
    created_by: str
    step_since: str
    took_part: list[list[Any]] = []
    earlier_dues: list[list[str]] = []


class TransitionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An item passed from one step to another (or into being, when `from_step` is empty)."""

    id: str
    item: str
    cycle: int
    from_step: str = ""
    to_step: str
    at: str
    by: str
    reason: str = ""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One signature given at a gate.

    `gate` is the transition id. `content` is the SHA-256 of the canonical signed content of that moment
    (domain.rules.content); an approval counts only while it equals the content of now.
    """

    id: str
    item: str
    cycle: int
    gate: str
    level: int
    person: str
    role: str
    mandate: str = ""
    decision: Literal["approved", "rejected", "changes_requested", "abstained"]
    meaning: str
    reason: str = ""
    content: str
    given_at: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a requirement asks for. `file` is its SHA-256; a new revision never replaces an old one."""

    id: str
    item: str
    cycle: int
    requirement: str
    revision: int
    file_name: str
    media_type: str
    size: int
    file: str
    note: str = ""
    added_by: str
    added_at: str
    state: Literal["submitted", "accepted", "rejected", "withdrawn"]
    reviewed_by: str = ""
    reviewed_at: str = ""
    review_note: str = ""


class Closure(msgspec.Struct, frozen=True, kw_only=True):
    """One closing of one cycle; kept for ever, also after a reopening. "cancelled" is the end without an outcome.

    `entries` lists every earlier entry about the item, so that a pack cannot leave one out unseen.
    """

    id: str
    item: str
    cycle: int
    outcome: Literal["reached", "partly", "not_reached", "cancelled"]
    summary: str = ""
    closed_at: str
    closed_by: str
    role: str
    entries: list[int] = []


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A printed closure pack: its file hash and the checkpoint it carries."""

    id: str
    item: str
    cycle: int
    file: str
    size: int
    checkpoint: str
    made_at: str
    made_by: str


class ImportBatch(msgspec.Struct, frozen=True, kw_only=True):
    """One import: the original file kept, the mapping used, and what became of every row."""

    id: str
    process: str
    file_name: str
    file: str
    sheet: str = ""
    header_row: int
    mapping: dict[str, Any] = {}
    counts: dict[str, int] = {}
    refused: list[dict[str, Any]] = []
    skipped: list[list[Any]] = []
    at: str
    by: str


class ItemFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on file about one item: what gates judge, screens show and packs print."""

    item: Item
    transition_records: tuple[TransitionRecord, ...]
    approvals: tuple[Approval, ...]
    evidence: tuple[Evidence, ...]
    closures: tuple[Closure, ...]
    packs: tuple[Pack, ...]
    urgencies: tuple[Urgency, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    links: tuple[Link, ...] = ()
    questions: tuple[Question, ...] = ()
    requests: tuple[Request, ...] = ()
    risk_acceptances: tuple[RiskAcceptance, ...] = ()
    holds: tuple[HoldPeriod, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    resubmissions: tuple[Resubmission, ...] = ()
