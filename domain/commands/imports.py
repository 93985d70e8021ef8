"""Bring the rows of a tracker in: one command, one signature, every row accounted for.

What the entry keeps is enough to read each value again: the columns with the fields they fill, how each date column is
to be read, and in every item the text and kind of each of its cells. So whoever replays the log makes the same items.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from domain.act import Act, Actor, Change, IncomingFile, Values, created
from domain.commands.changing import due_replaced, item_changed, new_record
from domain.commands.command import Case, VaultCommand
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import fold, trimmed
from domain.log.canonical import canonical
from domain.log.digest import is_digest
from domain.messages import Message, message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.records.item import ImportBatch, Item
from domain.records.people import ProcessVersionRecord
from domain.rules.due_lock import due_is_locked
from domain.rules.facts import VaultFacts
from domain.rules.field_rights import obstacles_to_new
from domain.rules.rights import role_used, roles_for
from domain.rules.site_day import site_day
from domain.rules.vault_rules import import_obstacles
from domain.rules.work_done import after_owning
from domain.state import State
from domain.trackers.cells import column_letter, column_number
from domain.trackers.plan import ImportPlan
from domain.trackers.raw_rows import Fingerprints, RawRow, RowColumn, row_values

_KeptCell = tuple[str, str, str, str]  # field or header, address, text, kind
_KEPT_AS_LEGACY: Final = ("closed",)
"""Mapped fields that say something nobody signed here: kept with what the tracker stated."""
_STATED: Final = "…"
"""Stands for a value that a tracker states."""
_SECOND_LEAF: Final = ("refused", "skipped")
"""Fields about rows that become no item: in a leaf of their own, so that the common one describes no other row."""


class ImportRegister(VaultCommand, frozen=True, kw_only=True):
    """Carry out what was planned. New rows become open items at the first step; what a tracker says of status and
    closing is kept as stated there, because nobody signed it here; a person may decide which statuses mean that a row
    was closed before, and such an item goes on no more. Rows that changed since an earlier import update an
    item nobody has worked on.

    `file` and `size` name the tracker (SHA-256), `columns` the table, `fields` the column that fills each field,
    `day_first` how each date column is read, `counts` what was counted besides new and changed rows, `refused` and
    `skipped` the rows that become no item, with reasons. `closed_words` are statuses, as written, of rows that were
    closed before they came into this vault. `rows` are not in the command's leaves: each stands in the
    item it became.
    """

    process: str
    file: str
    size: int
    file_name: str
    sheet: str
    header_row: int
    mapping: dict[str, str]
    columns: tuple[RowColumn, ...]
    fields: dict[str, int]
    day_first: dict[str, bool | None]
    counts: dict[str, int]
    refused: tuple[dict[str, Any], ...] = ()
    skipped: tuple[tuple[int, dict[str, Any]], ...] = ()
    closed_words: tuple[str, ...] = ()
    rows: tuple[RawRow, ...] = ()

    def gather(self, case: Case) -> VaultFacts:
        return case.vault_facts(self.process)

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        return import_obstacles(facts)

    def leaves(self, nonce: bytes) -> tuple[bytes, ...]:
        values = msgspec.to_builtins(msgspec.structs.replace(self, rows=()))
        second = {name: values.pop(name, []) for name in _SECOND_LEAF}
        return (canonical({**values, "nonce": nonce.hex()}), canonical(second))

    @classmethod
    def values_from_leaves(cls, first: Values, further: Sequence[Any], changes: Sequence[Change]) -> Values:
        if len(further) != 1 or not isinstance(further[0], dict) or set(further[0]) != set(_SECOND_LEAF):
            raise UsageProblem(message("imports.an_import_has_two"))
        columns = msgspec.convert(first.get("columns", []), tuple[RowColumn, ...], strict=True)
        rows = [msgspec.to_builtins(row) for row in _rows_of(columns, changes)]
        return {**first, **further[0], "rows": rows}

    def decide(self, case: Case) -> Act:
        if not is_digest(self.file):
            raise UsageProblem(
                message("imports.the_file_is_not"), where=self.file_name, remedy=message("imports.plan_it_again")
            )
        contradiction = self._contradiction()
        if contradiction:
            raise UsageProblem(contradiction, where=self.file_name, remedy=message("imports.plan_the_import_again"))
        facts, state, by = self.gather(case), case.state, case.by
        record = state.in_force(self.process, by.at)
        version, at, batch = decode_process(record.definition), iso(by.at), case.new_id()
        maker = _Items(self, facts=facts, version=version, record=record, batch=batch)
        new = maker.new_items(case, at=at)
        updates = list(maker.updates(state, by))
        before = sum(change.after.get("state") == "closed_before" for change in (*new, *updates))
        counts = {**self.counts, "new": len(new), "changed": len(updates)}
        if before:
            counts["closed_before"] = before
        taken = ImportBatch(
            id=batch,
            process=self.process,
            file_name=self.file_name,
            file=self.file,
            sheet=self.sheet,
            header_row=self.header_row,
            mapping=dict(self.mapping),
            counts=counts,
            refused=[dict(each) for each in self.refused],
            skipped=[list(each) for each in self.skipped],
            at=at,
            by=by.person,
        )
        return self.act(
            new_record("import_batch", taken),
            *new,
            *updates,
            role=role_used(facts, roles_for(version, "import", version.first_step)),
            subject=batch,
            process_version=record.id,
            reason=self.file_name,
            files=(IncomingFile(sha256=self.file, size=self.size),),
        )

    def _contradiction(self) -> str:
        """What the command says of the tracker against itself; "" = nothing. The labels of columns are what an item's
        cells are kept under, the fields what their values are read by.
        """
        labels = {column.column: column.field for column in self.columns}
        if len(labels) != len(self.columns):
            return message("imports.a_column_is_named")
        if any(self.fields.get(field) != column for column, field in labels.items() if field):
            return message("imports.a_column_is_labelled")
        if not all(labels.get(column) for column in self.fields.values()):
            return message("imports.a_field_is_filled")
        for name, described in (("refused", self.refused), ("skipped", self.skipped)):
            if self.counts.get(name) != len(described):
                return message("imports.the_rows_counted_as", name=name)
        if self.counts.get("rows") != len(self.rows) + self.counts.get("same", 0) + len(self.refused):
            return message("imports.the_rows_of_the")
        rows = [row.row for row in self.rows]
        return "" if len(set(rows)) == len(rows) else message("imports.a_row_is_imported")


def import_command(
    plan: ImportPlan,
    state: State,
    *,
    process: str,
    size: int,
    closed_words: Sequence[str] = (),
    today: str = "",
) -> ImportRegister:
    """The command that carries a plan out. Rows that may not change their item any more are among the refused ones:
    those of items worked on, and those that would move a due day that has passed on `today` (the ISO day at the site).
    """
    version = decode_process(state.in_force(process).definition)
    refused = [
        {"sheet": each.sheet, "row": each.row, "cell": each.cell, "reason": each.reason.stored(), "raw": each.raw}
        for each in plan.refused
    ]
    changed = []
    for row in plan.changed:
        item = state.item(row.item or "")
        due = row.values.get("due") or ""
        reason = _worked_on(state, item, version) or _locked(state, item, due, today)
        if reason:
            refused.append(
                {"sheet": plan.sheet, "row": row.row, "cell": "", "reason": reason.stored(), "raw": row.key or ""}
            )
        else:
            changed.append(row)
    return ImportRegister(
        process=process,
        file=plan.sha256,
        size=size,
        file_name=plan.file_name,
        sheet=plan.sheet,
        header_row=plan.header_row,
        mapping=dict(plan.mapping),
        columns=plan.columns,
        fields=dict(plan.fields),
        day_first=dict(plan.day_first),
        counts={
            "rows": plan.rows,
            "same": len(plan.same),
            "refused": len(refused),
            "skipped": len(plan.skipped),
            "problems": len(plan.problems),
        },
        refused=tuple(refused),
        skipped=tuple((row, reason.stored()) for row, reason in plan.skipped),
        closed_words=tuple(sorted(closed_words)),
        rows=tuple(
            RawRow(row=row.row, texts=row.texts, kinds=row.kinds, item=row.item or "", values=row.values)
            for rows in (plan.new, changed)
            for row in rows
        ),
    )


def _rows_of(columns: Sequence[RowColumn], changes: Sequence[Change]) -> Iterator[RawRow]:
    """The rows that the item changes of an import keep."""
    place_of = {column_letter(column.column): place for place, column in enumerate(columns)}
    for change in changes:
        if change.record != "item":
            continue
        source = change.after.get("source")
        if not isinstance(source, dict):
            raise UsageProblem(message("imports.item_keeps_no_row", change=change.id))
        texts, kinds = [""] * len(columns), [""] * len(columns)
        number = source.get("row")
        for _, address, text, kind in [*source["cells"], *change.after.get("legacy", [])]:
            letters = str(address).rstrip("0123456789")
            if letters not in place_of or f"{letters}{number}" != address or column_number(letters) < 1:
                raise UsageProblem(message("imports.item_keeps_a_cell", change=change.id, address=address))
            texts[place_of[letters]], kinds[place_of[letters]] = str(text), str(kind)
        yield RawRow(
            row=int(str(number)),
            texts=tuple(texts),
            kinds=tuple(kinds),
            item="" if change.before is None else change.id,
        )


class _Items:
    """Makes items of rows; knows what is the same for all of them."""

    def __init__(
        self,
        command: ImportRegister,
        *,
        facts: VaultFacts,
        version: ProcessVersion,
        record: ProcessVersionRecord,
        batch: str,
    ) -> None:
        self._command = command
        self._version = version
        self._record = record
        self._batch = batch
        named: dict[str, list[str]] = {}
        for person in sorted(facts.active):
            named.setdefault(facts.names[person], []).append(person)
        self._people = {name: people[0] for name, people in named.items() if len(people) == 1}
        comments = version.field("comments")
        # Whoever may not set a field brings nothing into it either: it stays what the tracker stated.
        self._comments = (
            comments is not None
            and comments.kind == "text"
            and not obstacles_to_new(facts, version, {comments.id: _STATED})
        )
        self._severities = {fold(each): each for each in version.severities}
        self._graded = {column.column: n for n, column in enumerate(command.columns)}.get(
            command.fields.get("severity", 0), -1
        )
        self._closed = frozenset(command.closed_words) - {""}
        self._fingerprints = Fingerprints(command.columns)
        self._letters = [column_letter(column.column) for column in command.columns]

    def new_items(self, case: Case, *, at: str) -> list[Change]:
        """A new item for each new row. Thousands of rows pass here: nothing is asked or decoded per row."""
        state, rows = case.state, [row for row in self._command.rows if not row.item]
        numbering = self._version.numbering
        start = f"{state.vault().prefix}-{numbering.prefix}-"
        digits = numbering.digits
        first = self._version.first_step
        process, version = self._version.id, self._record.id
        changes = []
        for number, row in enumerate(rows, state.next_number(process) if rows else 0):
            values: Values = {
                "number": f"{start}{number:0{digits}d}",
                "process": process,
                "process_version": version,
                "step": first,
                "cycle": 1,
                "hold": None,
                "created_at": at,
                "created_by": case.by.person,
                "step_since": at,
            }
            values.update(self._from_row(row))
            changes.append(created("item", case.new_id(), values))
        return changes

    def updates(self, state: State, by: Actor) -> Iterator[Change]:
        """The change of each item whose row says something else now.

        Raises:
            UsageProblem: an item was worked on here, or its due day is locked.
        """
        today = site_day(state, by.at)
        for row in self._command.rows:
            if not row.item:
                continue
            item, values = state.item(row.item), self._from_row(row)
            reason = _worked_on(state, item, self._version) or _locked(state, item, values["due"], today)
            if reason:
                raise UsageProblem(
                    message("imports.the_import_may_not", reason=reason),
                    remedy=message("imports.plan_the_import_again"),
                )
            values |= due_replaced(item, values["due"], by=by, reason=self._command.file_name)
            taken = item.took_part if values["owner"] == item.owner else after_owning(item)
            change = item_changed(item, **_with_lists(values), took_part=taken)
            if change is not None:
                yield _with_its_whole_row(change, item)

    def _from_row(self, row: RawRow) -> Values:
        """The fields of an item that come from a tracker's row.

        Raises:
            UsageProblem: the row has no title, or a cell that is not of its kind.
        """
        command = self._command
        read: Mapping[str, str | None] | None = row.values
        if read is None:
            try:
                read = row_values(command.columns, command.fields, command.day_first, row)
            except ValueError as problem:
                raise UsageProblem(
                    message("imports.a_cell_is_not", problem=problem), where=message("imports.row", row=row.row)
                ) from problem
        if read is None:
            raise UsageProblem(message("imports.the_row_has_neither"), where=message("imports.row", row=row.row))
        owner_name = read.get("owner") or ""
        comments = read.get("comments")
        before = (read.get("status") or "") in self._closed
        severity = self._severity(row, read.get("severity") or "")
        cells, legacy = self._cells(row, graded=bool(severity))
        return {
            "title": read.get("title") or "",
            "description": read.get("description") or "",
            "owner": self._people.get(owner_name, ""),
            "owner_name": owner_name,
            "due": read.get("due") or "",
            "severity": severity,
            "priority": read.get("priority") or "",
            "raised": read.get("raised") or "",
            "values": {"comments": comments} if comments and self._comments else {},
            "legacy_status": read.get("status") or "",
            "legacy": legacy,
            "source": {"import": self._batch, "sheet": command.sheet, "row": row.row, "cells": cells},
            "source_key": read.get("key") or "",
            "state": "closed_before" if before else "open",
            "closed": (read.get("closed") or "") if before else "",
            "source_fingerprint": self._fingerprints.of(row.texts),
        }

    def _severity(self, row: RawRow, read: str) -> str:
        """The severity of the process that a row names, as written or as read; "" when it names none of them."""
        if not self._severities:
            return read
        written = row.texts[self._graded] if self._graded >= 0 else ""
        known = self._severities.get
        return known(fold(trimmed(written))) or known(fold(trimmed(read))) or ""

    def _cells(self, row: RawRow, *, graded: bool) -> tuple[list[_KeptCell], list[_KeptCell]]:
        # Tuples of text cost the garbage collector nothing; with lists, two thirds of a large import go there.
        at = str(row.row)
        cells: list[_KeptCell] = []
        legacy: list[_KeptCell] = []
        for column, letter, text, kind in zip(self._command.columns, self._letters, row.texts, row.kinds, strict=True):
            if not text:
                continue
            field = column.field
            if field:
                cells.append((field, letter + at, text, kind))
            unknown = (field == "severity" and not graded) or (field == "comments" and not self._comments)
            if not field or field in _KEPT_AS_LEGACY or unknown:
                legacy.append((column.header, letter + at, text, kind))
        return cells, legacy


def _with_its_whole_row(change: Change, item: Item) -> Change:
    """The change with cells kept as legacy, unchanged ones too: the row is read again from what the change holds."""
    if "legacy" in change.after:
        return change
    before = {**(change.before or {}), "legacy": item.legacy}
    return msgspec.structs.replace(change, before=before, after={**change.after, "legacy": item.legacy})


def _with_lists(values: Values) -> Values:
    """The values as they come back from the store, so that equal cells compare equal."""
    source = {**values["source"], "cells": [list(cell) for cell in values["source"]["cells"]]}
    return {**values, "legacy": [list(cell) for cell in values["legacy"]], "source": source}


def _locked(state: State, item: Item, due: str, today: str) -> Message | None:
    """Why a tracker may not give the item this due day; None when it may."""
    version = decode_process(state.process_version(item.process_version).definition)
    if due == item.due or not due_is_locked(state.item_file(item.id), version, today):
        return None
    return Message("imports.the_due_day_of", number=item.number, due=item.due)


def _worked_on(state: State, item: Item, version: ProcessVersion) -> Message | None:
    """Why a tracker may no longer change this item; None while only imports have touched it."""
    if item.process != version.id or item.state not in ("open", "closed_before") or item.step != version.first_step:
        return Message("imports.has_left_the_first", number=item.number)
    if all(state.header(seq).act == ImportRegister.__struct_config__.tag for seq in state.entries_about(item.id)):
        return None
    return Message("imports.was_worked_on_here", number=item.number)
