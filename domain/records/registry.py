"""Every record of a vault by its name in the log and the store. Names never change meaning."""

from __future__ import annotations

import msgspec

from domain.records.copies import Restore, RestoreDrill
from domain.records.governance import (
    Alert,
    Calendar,
    Category,
    Handoff,
    HoldPeriod,
    Link,
    Mandate,
    Obligation,
    Question,
    Request,
    Resubmission,
    Revocation,
    Urgency,
    VersionDraft,
    Waiver,
)
from domain.records.item import Approval, Closure, Evidence, ImportBatch, Item, Pack, Passage
from domain.records.oversight import ClockJump, Export, KeyRevelation, Review, Setting, StoreMigration
from domain.records.people import (
    Alarm,
    Declaration,
    KeyReset,
    Person,
    PersonKey,
    PersonRole,
    ProcessRecord,
    ProcessVersionRecord,
    RecoverySheet,
    Refusal,
    Rotation,
    Vault,
)


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A stored file: `id` is its SHA-256; its bytes are `file_chunk` rows, proven by that hash."""

    id: str
    size: int
    chunk_size: int
    chunks: int


RECORDS: dict[str, type[msgspec.Struct]] = {
    "vault": Vault,
    "person": Person,
    "person_key": PersonKey,
    "person_role": PersonRole,
    "process": ProcessRecord,
    "process_version": ProcessVersionRecord,
    "item": Item,
    "passage": Passage,
    "approval": Approval,
    "evidence": Evidence,
    "file": FileRecord,
    "closure": Closure,
    "pack": Pack,
    "import_batch": ImportBatch,
    "refusal": Refusal,
    "declaration": Declaration,
    "key_reset": KeyReset,
    "recovery_sheet": RecoverySheet,
    "rotation": Rotation,
    "alarm": Alarm,
    "setting": Setting,
    "clock_jump": ClockJump,
    "review": Review,
    "export": Export,
    "key_revealed": KeyRevelation,
    "restore": Restore,
    "restore_drill": RestoreDrill,
    "store_migration": StoreMigration,
    "urgency": Urgency,
    "obligation": Obligation,
    "link": Link,
    "question": Question,
    "request": Request,
    "waiver": Waiver,
    "hold_period": HoldPeriod,
    "handoff": Handoff,
    "revocation": Revocation,
    "alert": Alert,
    "mandate": Mandate,
    "calendar": Calendar,
    "category": Category,
    "version_draft": VersionDraft,
    "resubmission": Resubmission,
}

ABOUT_ITEMS = (
    "passage",
    "approval",
    "evidence",
    "closure",
    "pack",
    "urgency",
    "obligation",
    "link",
    "question",
    "request",
    "waiver",
    "hold_period",
    "handoff",
    "revocation",
    "resubmission",
)
"""Records that hang on one item, by their `item` field."""

ITEM_FILE: dict[str, str] = {
    "urgencies": "urgency",
    "obligations": "obligation",
    "links": "link",
    "questions": "question",
    "requests": "request",
    "waivers": "waiver",
    "holds": "hold_period",
    "handoffs": "handoff",
    "revocations": "revocation",
    "resubmissions": "resubmission",
}
"""Members of `ItemFile` that most items have nothing in, with the records they hold."""
