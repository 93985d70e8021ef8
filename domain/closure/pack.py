"""The closure pack as data: what is printed, what proves it, and what a verifier says of it.

`ClosurePack` is the whole content of the PDF; `domain.closure.manifest.Proof` lets anyone check it without the vault;
`domain.log.verdict.PackVerdict` is the judgement. Everything is text, whole numbers and booleans, so each value has
one canonical JSON form. Instants are ISO UTC text, hashes and Merkle steps are hex, keys and signatures base64.
"""

from __future__ import annotations

import msgspec

PACK_FORMAT = 1
"""The version of the manifest; it grows only with a new meaning, and packs of other versions are not verified."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every value in a pack: frozen, named fields only, nothing unknown accepted."""


class FieldLine(Value, frozen=True, kw_only=True):
    """One field of the item: its id, its label in the process version, its value as text with unit."""

    id: str
    label: str
    value: str


class ItemFacts(Value, frozen=True, kw_only=True):
    """The item as replayed from the log. `owner`, `created_by`, `closed_by` are names as certified."""

    id: str
    number: str
    title: str
    description: str
    step: str
    state: str
    owner: str
    severity: str
    priority: str
    due: str
    raised: str
    closed: str
    cycle: int
    outcome: str
    summary: str
    created_at: str
    created_by: str
    closed_by: str
    fields: tuple[FieldLine, ...]


class StepLine(Value, frozen=True, kw_only=True):
    """One step of the process version; `passed` when the item has been there, `current` where it stands."""

    id: str
    label: str
    passed: bool
    current: bool


class ProcessFacts(Value, frozen=True, kw_only=True):
    """The process version the item ran through. `sha256` is the hash of its canonical definition."""

    id: str
    title: str
    version: str
    in_force_from: str
    sha256: str
    objective: str
    scope: str
    owner_role: str
    steps: tuple[StepLine, ...]


class StandardLine(Value, frozen=True, kw_only=True, omit_defaults=True):
    """One demand of the closure standard and whether the recorded facts meet it. It is not `known` where it depends on
    items that this pack does not show. `passed_by` names the exceptions and accepted risks by which it was passed
    though nothing meets it ("" = none).
    """

    rule: str
    text: str
    met: bool
    known: bool
    detail: str
    passed_by: str = ""


class TimelineLine(Value, frozen=True, kw_only=True):
    """One thing that happened: when, in which zone, who in which role, what, and the entry that proves it."""

    at: str
    zone: str
    who: str
    role: str
    what: str
    detail: str
    seq: int


class ApprovalLine(Value, frozen=True, kw_only=True):
    """One signature: printed name, role, meaning, moment, key and entry (21 CFR 11.50).

    `auth` is "passphrase" when the person re-authenticated for this act.
    """

    name: str
    person: str
    role: str
    mandate: str
    decision: str
    gate: str
    level: int
    cycle: int
    meaning: str
    reason: str
    at: str
    zone: str
    key: str
    auth: str
    content: str
    seq: int


class EvidenceLine(Value, frozen=True, kw_only=True):
    """One revision of one piece of evidence. `sha256` names the bytes kept in the vault."""

    id: str
    requirement: str
    revision: int
    cycle: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    note: str
    state: str
    added_by: str
    added_at: str
    reviewed_by: str
    reviewed_at: str
    review_note: str
    seq: int


class ProvenanceLine(Value, frozen=True, kw_only=True):
    """One cell of the tracker the item came from. `field` is "" for a column that was kept, not mapped."""

    field: str
    header: str
    cell: str
    text: str


class Provenance(Value, frozen=True, kw_only=True):
    """Where an imported item came from: the workbook (by hash), the sheet, the row, and each cell."""

    file_name: str
    sha256: str
    sheet: str
    row: int
    legacy_status: str
    imported_at: str
    imported_by: str
    seq: int
    cells: tuple[ProvenanceLine, ...]


class HistoryLine(Value, frozen=True, kw_only=True):
    """One thing outside the normal path: an obligation, a risk acceptance, a link, a due day. `at` is an ISO instant or
    "".
    """

    section: str
    what: str
    who: str
    at: str
    detail: str
    state: str
    seq: int


class ExcerptLine(Value, frozen=True, kw_only=True):
    """One entry of the log about this item. `shown` of `changes` are this item's and carried in the proof."""

    seq: int
    at: str
    who: str
    role: str
    act: str
    reason: str
    key: str
    leaf: str
    shown: int
    changes: int


class UnjudgedLine(Value, frozen=True, kw_only=True):
    """One entry about the item that was not decided again from the pack, and why it could not be."""

    seq: int
    act: str
    reason: str


class KeyLine(Value, frozen=True, kw_only=True):
    """One person's certified signing key, as printed for comparison."""

    person: str
    name: str
    key: str
    fingerprint: str
    certified_from: str


class ClosurePack(Value, frozen=True, kw_only=True):
    """The whole content of the printed pack.

    `root_fingerprint` is what a reader compares with a fingerprint obtained elsewhere: without that, the
    pack proves only that it agrees with itself. `printed_by` is the name and `printed_with` the key id of whoever
    signs the pack. `listed` are all entries about the item as of the checkpoint, `unjudged` those among them that the
    pack's state does not allow to decide again.
    """

    format: int
    renderer: str
    title: str
    vault: str
    vault_name: str
    root_fingerprint: str
    log_fingerprint: str
    printed_at: str
    printed_by: str
    printed_with: str
    item: ItemFacts
    process: ProcessFacts
    standard_met: bool
    standard: tuple[StandardLine, ...]
    timeline: tuple[TimelineLine, ...]
    approvals: tuple[ApprovalLine, ...]
    evidence: tuple[EvidenceLine, ...]
    provenance: Provenance | None
    keys: tuple[KeyLine, ...]
    excerpt: tuple[ExcerptLine, ...]
    listed: tuple[int, ...]
    unjudged: tuple[UnjudgedLine, ...]
    checkpoint_size: int
    checkpoint_root: str
    checkpoint: str
    history: tuple[HistoryLine, ...]
