"""Every record of a vault by its name in the log and the store. Names never change meaning.

Records can grow. A new field stands last in its record and has a default, "", 0, [], {} or None, which says what is
true of the records that were made before there was such a field. The store gets it by a migration (`ALTER TABLE ...
ADD COLUMN ... DEFAULT`); the log stays as it was signed, and `upcast` reads the older records in it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from domain.records.backup_records import Restore, RestoreTest
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
    RiskAcceptance,
    Urgency,
    VersionDraft,
)
from domain.records.item import Approval, Closure, Evidence, ImportBatch, Item, Pack, TransitionRecord
from domain.records.oversight import ClockJump, Export, KeyRevelation, Review, Setting, StoreMigration
from domain.records.people import (
    Declaration,
    FailedUnlockReport,
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

Values = dict[str, Any]
"""JSON values by field name: str, int, bool, None, list, dict (no floats; see domain.log.canonical)."""


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
    "transition_record": TransitionRecord,
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
    "failed_unlock_report": FailedUnlockReport,
    "setting": Setting,
    "clock_jump": ClockJump,
    "review": Review,
    "export": Export,
    "key_revealed": KeyRevelation,
    "restore": Restore,
    "restore_test": RestoreTest,
    "store_migration": StoreMigration,
    "urgency": Urgency,
    "obligation": Obligation,
    "link": Link,
    "question": Question,
    "request": Request,
    "risk_acceptance": RiskAcceptance,
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


def _defaults_of(struct: type[msgspec.Struct]) -> Values:
    found = {}
    for field in msgspec.structs.fields(struct):
        if field.default is not msgspec.NODEFAULT:
            found[field.name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            found[field.name] = field.default_factory()
    return found


DEFAULTS: dict[str, Values] = {name: _defaults_of(struct) for name, struct in RECORDS.items()}
"""Fields that a creating change leaves out when they have this value, by record. It is empty and never changes."""


def is_default(value: Any, default: Any) -> bool:
    """Whether a value is the default: of the same kind and equal. A tuple is a list, as in canonical bytes."""
    return bool(value == default if type(value) is type(default) else default == [] and value == ())


def stated(record: str, values: Values) -> Values:
    """What a change states that creates this record: the values that differ from their field's default."""
    defaults = DEFAULTS.get(record, {})
    return {n: v for n, v in values.items() if v or n not in defaults or not is_default(v, defaults[n])}


def upcast(record: str, values: Values) -> Values:
    """All values of a new record, from what the change that creates it states, whichever program wrote it.

    This is the one place that reads records of older programs: a field that they did not know has its default.
    """
    return {**_fresh(DEFAULTS.get(record, {})), **values}


def _fresh(defaults: Values) -> Values:
    return {name: type(value)() if type(value) in (list, dict) else value for name, value in defaults.items()}


ABOUT_ITEMS = (
    "transition_record",
    "approval",
    "evidence",
    "closure",
    "pack",
    "urgency",
    "obligation",
    "link",
    "question",
    "request",
    "risk_acceptance",
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
    "risk_acceptances": "risk_acceptance",
    "holds": "hold_period",
    "handoffs": "handoff",
    "revocations": "revocation",
    "resubmissions": "resubmission",
}
"""Members of `ItemFile` that most items have nothing in, with the records they hold."""
