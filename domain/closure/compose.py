"""From a proof to the content of the pack: everything printed is derived from what the proof shows.

Printing and verifying call the same function, so a pack whose words differ from its proof cannot be made
to agree by editing either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeVar

import msgspec

from domain.act import Values
from domain.closure.decided import Decided, Standing, decide_shown
from domain.closure.history_lines import HistoryDescriber, item_file, passed_at_closing
from domain.closure.lines import (
    approval_lines,
    converted,
    evidence_lines,
    excerpt_line,
    key_line,
    maker_of,
    provenance_of,
    public_key,
    records_of,
)
from domain.closure.manifest import Proof
from domain.closure.pack import (
    PACK_FORMAT,
    ClosurePack,
    FieldLine,
    HistoryLine,
    ItemFacts,
    ProcessFacts,
    StepLine,
    UnjudgedLine,
)
from domain.closure.proof import ProofError, ReadEntry, is_about, replay
from domain.closure.standard import Recorded, standard_lines
from domain.closure.timeline import Describer
from domain.law.lookalikes import looks_alike
from domain.log.canonical import CanonicalError
from domain.log.certificates import PersonStatement, fingerprint, read_person_statement
from domain.log.checkpoint import NoteError, open_note
from domain.log.entry import Header
from domain.messages import language_of_record, message
from domain.process.definition import CORE_FIELDS, FieldDefinition, ProcessVersion
from domain.records.governance import Link
from domain.records.item import Closure, Item, TransitionRecord

Record = TypeVar("Record", bound=msgspec.Struct)
MARK_LENGTH: Final = 8
"""Hex digits of a key's id that tell apart two people whose names look alike."""


@language_of_record()
def compose_pack(
    proof: Proof, read_entries: tuple[ReadEntry, ...], *, printed_at: str, renderer: str, decided: Decided | None = None
) -> ClosurePack:
    """The content of the pack that this proof supports. `decided` is what deciding the entries again gave, where that
    is known already.

    Raises:
        ProofError: the proof lacks the item, its process definition or a readable certificate.
    """
    records, _ = replay(read_entries)
    item = _one(records, "item", proof.item, Item)
    process = definition_of(proof)
    statements = _statements(proof)
    names = {key: str(values.get("name", key)) for key, values in records.get("person", {}).items()}
    names |= {statement.person: statement.name for statement in statements}
    names = distinct_names(names, {statement.person: statement.key for statement in statements})
    decided = decided or decide_shown(read_entries, proof.item)
    if decided.standing is None:
        raise ProofError(message("compose.the_entries_do_not"), where="proof.entries")
    recorded = _recorded(records, item, names, decided.standing)
    made = _made_by(read_entries)
    standard = standard_lines(recorded)
    own = recorded.standing.facts.process  # with what the item's category asks for
    checkpoint = _checkpoint(proof)
    acts = {one.entry.header.seq: one.entry.header.act for one in read_entries}
    return ClosurePack(
        format=PACK_FORMAT,
        renderer=renderer,
        title=f"{item.number} {item.title}",
        vault=proof.vault.id,
        vault_name=proof.vault.name,
        root_fingerprint=fingerprint(public_key(proof.vault.root_key, "proof.vault.root_key")),
        log_fingerprint=fingerprint(public_key(proof.vault.log_key, "proof.vault.log_key")),
        printed_at=printed_at,
        printed_by=next((each.name for each in statements if each.key == proof.printer), ""),
        printed_with=proof.printer,
        item=_item_facts(item, process, recorded),
        process=_process_facts(records, item, process, proof.definition),
        standard_met=all(line.met for line in standard if line.known),
        standard=standard,
        timeline=tuple(Describer(item.id, process, names).lines(read_entries)),
        approvals=approval_lines(records, item, own, names, made),
        evidence=evidence_lines(records, item, own, names, made),
        provenance=provenance_of(records, item, process, names, made),
        keys=tuple(key_line(statement, names[statement.person]) for statement in statements),
        excerpt=tuple(excerpt_line(one, process, names) for one in read_entries if is_about(one, proof.item)),
        listed=proof.about,
        unjudged=tuple(UnjudgedLine(seq=each.seq, act=acts[each.seq], reason=each.reason) for each in decided.unjudged),
        checkpoint_size=checkpoint[0],
        checkpoint_root=checkpoint[1],
        checkpoint=proof.checkpoint,
        history=_history(records, item, process, names, made),
    )


def distinct_names(names: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str]:
    """The names of people (by id) as paper shows them: where two look alike, each with the beginning of the id of its
    person's certified key (`keys`, by person), which is the beginning of that key's fingerprint.
    """
    shown = {}
    for person, name in names.items():
        others = [other for id_, other in names.items() if id_ != person]
        mark = keys.get(person, person)[:MARK_LENGTH]
        shown[person] = f"{name} [{mark}]" if any(looks_alike(name, other) for other in others) else name
    return shown


def _history(
    records: Mapping[str, Mapping[str, Values]],
    item: Item,
    process: ProcessVersion,
    names: Mapping[str, str],
    made: Mapping[tuple[str, str], Header],
) -> tuple[HistoryLine, ...]:
    file = item_file(item, lambda record, kind: records_of(records, record, item.id, kind))
    describer = HistoryDescriber(
        file, process, names, records.get("mandate", {}), lambda record, id_: maker_of(made, record, id_).seq
    )
    return describer.lines()


def _one(records: Mapping[str, Mapping[str, Values]], record: str, id_: str, kind: type[Record]) -> Record:
    values = records.get(record, {}).get(id_)
    if values is None:
        raise ProofError(message("compose.no_entry_shows", record=record, id=id_), where="proof.entries")
    return converted(kind, record, id_, dict(values))


def definition_of(proof: Proof) -> ProcessVersion:
    """The process version that a proof carries.

    Raises:
        ProofError: the text is not a process definition.
    """
    try:
        return msgspec.json.decode(proof.definition.encode(), type=ProcessVersion)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as problem:
        raise ProofError(
            message("compose.not_a_process_definition", problem=problem), where="proof.definition"
        ) from problem


def _statements(proof: Proof) -> tuple[PersonStatement, ...]:
    found = []
    for place, key in enumerate(proof.keys):
        try:
            found.append(read_person_statement(key.statement.encode()))
        except (CanonicalError, UnicodeEncodeError) as problem:
            raise ProofError(str(problem), where=f"proof.keys[{place}].statement") from problem
    return tuple(found)


def _checkpoint(proof: Proof) -> tuple[int, str]:
    if not proof.checkpoint:
        return 0, ""
    try:
        found = open_note(proof.checkpoint).checkpoint
    except (NoteError, ValueError) as problem:
        raise ProofError(str(problem), where="proof.checkpoint") from problem
    return found.size, found.root.hex()


def _recorded(
    records: Mapping[str, Mapping[str, Values]], item: Item, names: Mapping[str, str], standing: Standing
) -> Recorded:
    closures = [each for each in records_of(records, "closure", item.id, Closure) if each.cycle == item.cycle]
    ended = closures[-1] if closures and item.state in ("closed", "cancelled") else None
    return Recorded(
        item=item,
        closure=ended,
        standing=standing,
        names=names,
        passed=passed_at_closing(records_of(records, "link", item.id, Link), ended),
    )


def _made_by(read_entries: tuple[ReadEntry, ...]) -> dict[tuple[str, str], Header]:
    return {
        (change.record, change.id): one.entry.header
        for one in read_entries
        for change in one.changes
        if change.before is None
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _field_text(field: FieldDefinition, value: Any, names: Mapping[str, str]) -> str:
    """A value as people read it: persons by name, table rows one to a line, the unit behind a number."""
    if field.kind == "person" and isinstance(value, str):
        return names.get(value, value)
    if field.kind == "table" and isinstance(value, list):
        return "\n".join(f"{number}. {_row_text(field, row, names)}" for number, row in enumerate(value, start=1))
    return " ".join(part for part in (_text(value), field.unit) if part)


def _row_text(field: FieldDefinition, row: Any, names: Mapping[str, str]) -> str:
    if not isinstance(row, dict):
        return _text(row)
    persons = {column.id for column in field.columns if column.kind == "person"}
    titles = {column.id: column.title for column in field.columns}
    cells = [
        (titles.get(name, name), names.get(str(row[name]), _text(row[name])) if name in persons else _text(row[name]))
        for name in (*titles, *sorted(set(row) - set(titles)))
        if row.get(name)
    ]
    return "; ".join(text if place == 0 else f"{title}: {text}" for place, (title, text) in enumerate(cells))


def _item_facts(item: Item, process: ProcessVersion, recorded: Recorded) -> ItemFacts:
    names, closing = recorded.names, recorded.closure
    step = process.step(item.step)
    fields = [field for field in process.fields if field.id in item.values and field.id not in CORE_FIELDS]
    unknown = sorted(set(item.values) - {field.id for field in fields})
    return ItemFacts(
        id=item.id,
        number=item.number,
        title=item.title,
        description=item.description,
        step=step.title if step else item.step,
        state=item.state,
        owner=names.get(item.owner, item.owner) or item.owner_name,
        severity=item.severity,
        priority=item.priority,
        due=item.due,
        raised=item.raised,
        closed=item.closed,
        cycle=item.cycle,
        outcome=next(
            (each.title for each in process.closure.outcomes if closing and each.outcome == closing.outcome), ""
        ),
        summary=closing.summary if closing else "",
        created_at=item.created_at,
        created_by=names.get(item.created_by, item.created_by),
        closed_by=names.get(closing.closed_by, closing.closed_by) if closing else "",
        fields=tuple(
            FieldLine(id=field.id, label=field.title, value=_field_text(field, item.values[field.id], names))
            for field in fields
        )
        + tuple(FieldLine(id=name, label=name, value=_text(item.values[name])) for name in unknown),
    )


def _process_facts(
    records: Mapping[str, Mapping[str, Values]],
    item: Item,
    process: ProcessVersion,
    definition: str,
) -> ProcessFacts:
    transition_records = [
        each for each in records_of(records, "transition_record", item.id, TransitionRecord) if each.cycle == item.cycle
    ]
    been = {each.to_step for each in transition_records} | {each.from_step for each in transition_records}
    known = records.get("process_version", {}).get(item.process_version, {})
    return ProcessFacts(
        id=item.process_version,
        title=process.title,
        version=str(process.version),
        in_force_from=str(known.get("in_force_from", "")),
        sha256=sha256(definition.encode()).hexdigest(),
        objective=process.objective,
        scope=process.scope,
        owner_role=process.role_title(process.owner_role),
        steps=tuple(
            StepLine(id=step.id, label=step.title, passed=step.id in been, current=step.id == item.step)
            for step in process.steps
        ),
    )
