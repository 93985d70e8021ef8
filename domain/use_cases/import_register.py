"""Bring the rows of a tracker in: one act, one signature, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from domain.act import Act, Actor, Change, IncomingFile, Values
from domain.errors import UsageProblem
from domain.gates.attempt import ImportRegister
from domain.gates.due_lock import due_is_locked
from domain.gates.facts import VaultFacts, gather_vault
from domain.gates.rights import hat_used, roles_for
from domain.identity import iso
from domain.items.item import ImportBatch, Item
from domain.items.people import ProcessVersionRecord
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.state import State
from domain.trackers.cells import column_letter
from domain.trackers.plan import ImportPlan, PlannedColumn, PlannedRow
from domain.use_cases.ruling import item_changes, must_be_allowed, new_record

_Cell = tuple[str, str, str]  # field or header, address, raw text
_KEPT_AS_LEGACY: Final = ("closed",)
"""Mapped fields that say something this program cannot vouch for: kept with what the tracker said."""


def import_register(
    register: State, *, by: Actor, new_id: Callable[[], str], plan: ImportPlan, process: str, file: IncomingFile
) -> Act:
    """Carry out a plan. New rows become open items at the first step; what a tracker says of status and
    closing is kept as said there, because nobody signed it here. Rows that changed since an earlier import
    update an item nobody has worked on; for any other item they are refused and listed.

    Raises:
        Refused: no right to import.
        UsageProblem: the file is not the one that was planned, or the process is not in force.
    """
    if file.sha256 != plan.sha256:
        raise UsageProblem(
            "The file is not the one this plan was made from.", where=plan.file_name, cure="Plan the import again."
        )
    facts = gather_vault(register, by, process=process)
    must_be_allowed(ImportRegister(rows=plan.rows), facts, f"import into '{process}'")
    record = register.in_force(process, by.at)
    version, at, batch = decode_process(record.definition), iso(by.at), new_id()
    rows = _Rows(facts=facts, version=version, record=record, batch=batch, sheet=plan.sheet)
    items = rows.new_items(plan, register, at=at, by=by.person, new_id=new_id)
    updates, refused = _updates(register, plan, rows)
    counts = {
        "rows": plan.rows,
        "new": len(plan.new),
        "same": len(plan.same),
        "changed": len(updates),
        "refused": len(plan.refused) + len(refused),
        "skipped": len(plan.skipped),
        "problems": len(plan.problems),
    }
    taken = ImportBatch(
        id=batch,
        process=process,
        file_name=plan.file_name,
        file=plan.sha256,
        sheet=plan.sheet,
        header_row=plan.header_row,
        mapping=dict(plan.mapping),
        counts=counts,
        refused=[
            *(
                {"sheet": each.sheet, "row": each.row, "cell": each.cell, "reason": each.reason, "raw": each.raw}
                for each in plan.refused
            ),
            *refused,
        ],
        skipped=[[row, reason] for row, reason in plan.skipped],
        at=at,
        by=by.person,
    )
    return Act(
        name="import_register",
        changes=(new_record("import_batch", taken), *items, *updates),
        role=hat_used(facts, roles_for(version, "import", version.first_step)),
        subject=batch,
        process_version=record.id,
        reason=plan.file_name,
        files=(file,),
    )


class _Rows:
    """Makes item values of planned rows; knows what is the same for all of them."""

    def __init__(
        self, *, facts: VaultFacts, version: ProcessVersion, record: ProcessVersionRecord, batch: str, sheet: str
    ) -> None:
        self.version = version
        self.record = record
        self._batch = batch
        self._sheet = sheet
        named: dict[str, list[str]] = {}
        for person in sorted(facts.active):
            named.setdefault(facts.names[person], []).append(person)
        self._people = {name: people[0] for name, people in named.items() if len(people) == 1}
        comments = version.field("comments")
        self._comments = comments is not None and comments.kind == "text"
        self._known: tuple[PlannedColumn, ...] | None = None
        self._places: list[tuple[str, str, str]] = []

    def new_items(
        self, plan: ImportPlan, register: State, *, at: str, by: str, new_id: Callable[[], str]
    ) -> list[Change]:
        """A new item for each new row. Thousands of rows pass here: nothing is asked or decoded per row."""
        numbering = self.version.numbering
        start = f"{register.vault().prefix}-{numbering.prefix}-"
        digits = numbering.digits
        first = self.version.first_step
        process, version = self.version.id, self.record.id
        changes = []
        for number, row in enumerate(plan.new, register.next_number(process) if plan.new else 0):
            values: Values = {
                "number": f"{start}{number:0{digits}d}",
                "process": process,
                "process_version": version,
                "step": first,
                "state": "open",
                "closed": "",
                "cycle": 1,
                "hold": None,
                "created_at": at,
                "created_by": by,
                "step_since": at,
            }
            values.update(self.told(row))
            changes.append(Change("item", new_id(), None, values))
        return changes

    def told(self, row: PlannedRow) -> Values:
        """The fields of an item that come from a tracker's row."""
        said = row.values
        owner_name = said.get("owner") or ""
        own: dict[str, Any] = {}
        comments = said.get("comments")
        if comments and self._comments:
            own["comments"] = comments
        cells, legacy = self._cells(row)
        return {
            "title": said.get("title") or "",
            "description": said.get("description") or "",
            "owner": self._people.get(owner_name, ""),
            "owner_name": owner_name,
            "due": said.get("due") or "",
            "severity": said.get("severity") or "",
            "priority": said.get("priority") or "",
            "raised": said.get("raised") or "",
            "values": own,
            "legacy_status": said.get("status") or "",
            "legacy": legacy,
            "source": {"import": self._batch, "sheet": self._sheet, "row": row.row, "cells": cells},
            "source_key": row.key or "",
            "source_fingerprint": row.fingerprint,
        }

    def _cells(self, row: PlannedRow) -> tuple[list[_Cell], list[_Cell]]:
        # Tuples of text cost the garbage collector nothing; with lists, two thirds of a large import go there.
        if row.columns is not self._known:
            self._known = row.columns
            self._places = [(column.field or "", column.header, column_letter(column.column)) for column in row.columns]
        at = str(row.row)
        cells: list[_Cell] = []
        legacy: list[_Cell] = []
        for (field, header, letter), text in zip(self._places, row.texts, strict=True):
            if not text:
                continue
            if field:
                cells.append((field, letter + at, text))
            if not field or field in _KEPT_AS_LEGACY or (field == "comments" and not self._comments):
                legacy.append((header, letter + at, text))
        return cells, legacy


def _updates(register: State, plan: ImportPlan, rows: _Rows) -> tuple[list[Change], list[dict[str, Any]]]:
    updates: list[Change] = []
    refused: list[dict[str, Any]] = []
    for row in plan.changed:
        if row.item is None:
            raise UsageProblem("A changed row names no item.", where=f"{plan.sheet} row {row.row}", cure="Plan again.")
        item = register.item(row.item)
        reason = _worked_on(register, item, rows.version) or _locked(register, item, rows.told(row)["due"])
        if reason:
            refused.append({"sheet": plan.sheet, "row": row.row, "cell": "", "reason": reason, "raw": row.key or ""})
        else:
            updates.extend(item_changes(item, **_with_lists(rows.told(row))))
    return updates, refused


def _with_lists(values: Values) -> Values:
    """The values as they come back from the store, so that equal cells compare equal."""
    source = {**values["source"], "cells": [list(cell) for cell in values["source"]["cells"]]}
    return {**values, "legacy": [list(cell) for cell in values["legacy"]], "source": source}


def _locked(register: State, item: Item, due: str) -> str:
    """Why a tracker may not give the item this due day; "" when it may."""
    version = decode_process(register.process_version(item.process_version).definition)
    if due == item.due or not due_is_locked(register.item_file(item.id), version):
        return ""
    return f"the due day of {item.number} is locked at {item.due}; it moves by an extension"


def _worked_on(register: State, item: Item, version: ProcessVersion) -> str:
    """Why a tracker may no longer change this item; "" while only imports have touched it."""
    if item.process != version.id or item.state != "open" or item.step != version.first_step:
        return f"{item.number} has left the first step here; its values change only by acts of people"
    acts = {register.entry(seq).header.act for seq in register.entries_about(item.id)}
    if acts <= {"import_register"}:
        return ""
    return f"{item.number} was worked on here; its values change only by acts of people"
