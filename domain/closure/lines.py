"""The lines of a pack about signatures, evidence, keys, entries and where an item came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from domain.act import Values
from domain.closure.history_lines import mandate_words
from domain.closure.pack import ApprovalLine, EvidenceLine, ExcerptLine, KeyLine, Provenance, ProvenanceLine
from domain.closure.proof import ProofError, ReadEntry
from domain.closure.standard import gate_words, role_words
from domain.log.certificates import PersonStatement, fingerprint
from domain.log.checkpoint import b64decode_strict
from domain.log.entry import Header
from domain.messages import message
from domain.process.definition import ProcessVersion
from domain.records.item import Approval, Evidence, Item

Record = TypeVar("Record", bound=msgspec.Struct)


def maker_of(made: Mapping[tuple[str, str], Header], record: str, id_: str) -> Header:
    """The header of the entry that brought a record into being.

    Raises:
        ProofError: none is shown.
    """
    header = made.get((record, id_))
    if header is None:
        raise ProofError(message("lines.no_entry_brings_into", record=record, id=id_), where="proof.entries")
    return header


def records_of(records: Mapping[str, Mapping[str, Values]], record: str, item: str, kind: type[Record]) -> list[Record]:
    """The replayed records of one kind that belong to the item, by id (ids sort by time).

    Raises:
        ProofError: a record lacks a field or has one of the wrong kind.
    """
    table = records.get(record, {})
    return [converted(kind, record, id_, table[id_]) for id_ in sorted(table) if table[id_].get("item") == item]


def converted(kind: type[Record], record: str, id_: str, values: Values) -> Record:
    """A record of its values.

    Raises:
        ProofError: a field is missing or of the wrong kind.
    """
    try:
        return msgspec.convert({**values, "id": id_}, kind, strict=True)
    except msgspec.ValidationError as problem:
        raise ProofError(f"{record} {id_}: {problem}", where="proof.entries") from problem


def public_key(text: str, where: str) -> bytes:
    """The bytes of a base64 Ed25519 public key.

    Raises:
        ProofError: it is none.
    """
    data = b64decode_strict(text)
    if data is None or len(data) != 32:
        raise ProofError(message("lines.not_base_of_an"), where=where)
    return data


def approval_lines(
    records: Mapping[str, Mapping[str, Values]],
    item: Item,
    process: ProcessVersion,
    names: Mapping[str, str],
    made: Mapping[tuple[str, str], Header],
) -> tuple[ApprovalLine, ...]:
    """Every signature given on the item, oldest first."""
    lines = []
    for each in records_of(records, "approval", item.id, Approval):
        header = maker_of(made, "approval", each.id)
        lines.append(
            ApprovalLine(
                name=names.get(each.person, each.person),
                person=each.person,
                role=role_words(process, each.role),
                mandate=mandate_words(records.get("mandate", {}), each.mandate, names),
                decision=each.decision,
                gate=gate_words(process, each.gate),
                level=each.level,
                cycle=each.cycle,
                meaning=each.meaning,
                reason=each.reason,
                at=each.given_at,
                zone=header.zone,
                key=header.key,
                auth=header.auth,
                content=each.content,
                seq=header.seq,
            )
        )
    return tuple(lines)


def evidence_lines(
    records: Mapping[str, Mapping[str, Values]],
    item: Item,
    process: ProcessVersion,
    names: Mapping[str, str],
    made: Mapping[tuple[str, str], Header],
) -> tuple[EvidenceLine, ...]:
    """Every piece of evidence of the item, oldest first."""
    lines = []
    for each in records_of(records, "evidence", item.id, Evidence):
        requirement = process.requirement(each.requirement)
        lines.append(
            EvidenceLine(
                id=each.id,
                requirement=requirement.title if requirement else each.requirement,
                revision=each.revision,
                cycle=each.cycle,
                file_name=each.file_name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.file,
                note=each.note,
                state=each.state,
                added_by=names.get(each.added_by, each.added_by),
                added_at=each.added_at,
                reviewed_by=names.get(each.reviewed_by, each.reviewed_by),
                reviewed_at=each.reviewed_at,
                review_note=each.review_note,
                seq=maker_of(made, "evidence", each.id).seq,
            )
        )
    return tuple(lines)


def provenance_of(
    records: Mapping[str, Mapping[str, Values]],
    item: Item,
    process: ProcessVersion,
    names: Mapping[str, str],
    made: Mapping[tuple[str, str], Header],
) -> Provenance | None:
    """Where an imported item came from; None of one that was made here."""
    # Read as the item was created: a correction later may not rewrite what the tracker stated.
    source = item.source
    if source is None:
        return None
    batch = records.get("import_batch", {}).get(str(source.get("import", "")), {})
    header = maker_of(made, "item", item.id)
    cells = source.get("cells")
    mapped = [cell for cell in cells if _is_row(cell)] if isinstance(cells, list) else []
    return Provenance(
        file_name=str(batch.get("file_name", "")),
        sha256=str(batch.get("file", "")),
        sheet=str(source.get("sheet", "")),
        row=int(source["row"]) if isinstance(source.get("row"), int) else 0,
        legacy_status=item.legacy_status,
        imported_at=header.at,
        imported_by=names.get(header.by, header.by),
        seq=header.seq,
        cells=tuple(
            ProvenanceLine(field=process.title_of(cell[0]), header="", cell=cell[1], text=cell[2]) for cell in mapped
        )
        + tuple(
            ProvenanceLine(field="", header=cell[0], cell=cell[1], text=cell[2])
            for cell in item.legacy
            if _is_row(cell)
        ),
    )


_KEPT = 4
"""Parts of a cell that an import keeps: field or header, address, text, kind."""


def _is_row(cell: object) -> bool:
    return isinstance(cell, list) and len(cell) == _KEPT and all(isinstance(part, str) for part in cell)


def key_line(statement: PersonStatement, name: str) -> KeyLine:
    """One person's certified key, as printed for comparison, under the name that paper shows."""
    return KeyLine(
        person=statement.person,
        name=name,
        key=statement.key,
        fingerprint=fingerprint(public_key(statement.ed25519, "proof.keys")),
        certified_from=statement.valid_from,
    )


def excerpt_line(one: ReadEntry, process: ProcessVersion, names: Mapping[str, str]) -> ExcerptLine:
    """One entry of the log about the item."""
    header = one.entry.header
    return ExcerptLine(
        seq=header.seq,
        at=header.at,
        who=names.get(header.by, header.by),
        role=role_words(process, header.role),
        act=header.act,
        reason=header.reason,
        key=header.key,
        leaf=one.leaf,
        shown=len(one.changes),
        changes=header.changes.count - header.commands,
    )
