"""The closure pack as data: what is printed, what proves it, and what a verifier says of it.

`ClosurePack` is the whole content of the PDF; `Proof` is the manifest that lets anyone check it without the
vault; `PackVerdict` is the judgement. Everything is text, whole numbers and booleans, so each value has one
canonical JSON form. Instants are ISO UTC text, hashes and Merkle steps are hex, keys and signatures base64.
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


class StandardLine(Value, frozen=True, kw_only=True):
    """One rule of the closure standard and whether the recorded facts meet it."""

    rule: str
    text: str
    met: bool
    detail: str


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


class LifeLine(Value, frozen=True, kw_only=True):
    """One thing off the straight road: a debt, a waiver, a tie, a due day. `at` is an ISO instant or ""."""

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
    pack proves only that it agrees with itself.
    """

    format: int
    renderer: str
    title: str
    vault: str
    vault_name: str
    root_fingerprint: str
    log_fingerprint: str
    printed_at: str
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
    checkpoint_size: int
    checkpoint_root: str
    checkpoint: str
    life: tuple[LifeLine, ...]


class VaultKeys(Value, frozen=True, kw_only=True):
    """The vault's public keys (base64) and the root's signature over its log key."""

    id: str
    name: str
    root_key: str
    log_key: str
    log_certificate: str


class CertifiedKey(Value, frozen=True, kw_only=True):
    """A person key with its certificate, as the vault's record holds it (base64, canonical text)."""

    id: str
    person: str
    statement: str
    certificate: str
    possession: str


class ProvenChange(Value, frozen=True, kw_only=True):
    """One leaf of an entry (of its command, or a change): canonical text, its place in the entry's tree, and the path
    to that tree's root.
    """

    data: str
    index: int
    proof: tuple[str, ...]


class ProvenEntry(Value, frozen=True, kw_only=True):
    """One entry: leaf text, its index in the log (= seq), the path to the checkpoint's root, its changes."""

    leaf: str
    index: int
    proof: tuple[str, ...]
    changes: tuple[ProvenChange, ...]


class Proof(Value, frozen=True, kw_only=True):
    """Everything a verifier needs and the vault does not have to be present for.

    `entries` holds every entry about the item in order, with this item's changes only (an import entry has
    100,000 others), and the supporting entries that brought in the vault record, the process version, the
    import and the people's keys.
    """

    format: int
    item: str
    vault: VaultKeys
    keys: tuple[CertifiedKey, ...]
    entries: tuple[ProvenEntry, ...]
    definition: str
    checkpoint: str


class Check(Value, frozen=True, kw_only=True):
    """One thing that was checked: its name for people, the outcome, and what was seen."""

    name: str
    passed: bool
    detail: str


class PackVerdict(Value, frozen=True, kw_only=True):
    """The judgement of a pack: verified, or NOT VERIFIED with findings; there is nothing in between.

    Verified means: changes to entries covered by this checkpoint are detectable by anyone holding it, and the
    pages say what those entries say. It does not say that `root_fingerprint` is the right vault's: compare it
    with one obtained elsewhere.
    """

    verified: bool
    item: str
    number: str
    vault: str
    root_fingerprint: str
    checkpoint_size: int
    checks: tuple[Check, ...]
    findings: tuple[str, ...]
