"""What an item of the process change process carries: the version it names, who wrote it, and what stands beside it."""

from __future__ import annotations

from typing import Final

import msgspec

from domain.process.definition import ProcessVersion
from domain.records.governance import Category, VersionDraft
from domain.records.item import Item
from domain.records.people import ProcessVersionRecord
from domain.state import State

VERSION_FIELD: Final = "version"
"""The field of a process change that names the version (its id), for transitions with an effect on it."""
DAY_FIELD: Final = "in_force_from"
"""The field that names the day from which it is in force."""


class CarriedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version on its way: its record, its draft, and the process change that took it to review.

    `carrier` is that item's number, `carrier_state` how it stands ("" = none took it yet). `newest` is the id of the
    version of the process that was put in force last, whether its day has come or not ("" = none was).
    """

    record: ProcessVersionRecord
    draft: VersionDraft
    carrier: str
    carrier_state: str
    newest: str


def carried_by(register: State, item: Item, process: ProcessVersion) -> CarriedVersion | None:
    """The version that an item names, where its process acts on versions at all; None: it names none of this vault."""
    if not any(transition.effect for transition in process.transitions):
        return None
    return carried(register, str(item.values.get(VERSION_FIELD) or ""))


def carried(register: State, version: str) -> CarriedVersion | None:
    """The version of that id, if somebody drafted it here."""
    versions = register.process_versions()
    record = next((each for each in versions if each.id == version), None)
    draft = next((each for each in register.all_of(VersionDraft) if each.id == version), None)
    if record is None or draft is None:
        return None
    carrier = register.item(draft.item) if draft.item else None
    signed = [each for each in versions if each.process == record.process and each.state in ("in_force", "retired")]
    newest = max(signed, key=lambda each: (each.in_force_from, each.version), default=None)
    return CarriedVersion(
        record=record,
        draft=draft,
        carrier=carrier.number if carrier else "",
        carrier_state=carrier.state if carrier else "",
        newest=newest.id if newest else "",
    )


def visible_categories(register: State, process: ProcessVersion, today: str) -> tuple[Category, ...]:
    """The categories of a process that people may choose on the day (ISO); none where it has no categories."""
    if process.categories is None:
        return ()
    return tuple(
        each
        for each in register.all_of(Category)
        if each.process == process.id and each.state == "approved" and each.visible_from <= today
    )
