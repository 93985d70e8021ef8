"""What a signature at a gate covers, and its hash: an approval counts only while the content is the same.

The content of a gate is the item's title, description, severity and due day; the signed fields that the gate
demands, names, or that no step demands at all; the revisions of the evidence the gate demands; the process version;
the cycle, and how often the item has come to the gate's step in it; the risks accepted for this gate. Sending work
back, or accepting a further risk, therefore asks for new signatures. Other obstacles of that moment are not compared:
they come and go by themselves, and what was signed is shown with them (domain.replay.as_signed).
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import msgspec

from domain.log.canonical import canonical
from domain.process.definition import CORE_FIELDS, ProcessVersion
from domain.records.item import ItemFile
from domain.rules.evidence import standing_evidence
from domain.rules.facts import Facts
from domain.rules.fields import value_of

SIGNED_CORE: Final = ("title", "description", "severity", "due")


def signed_fields(process: ProcessVersion, gate: str) -> tuple[str, ...]:
    """The fields a signature at the gate covers, core fields first."""
    found = process.gate(gate)
    demanded = process.required_fields(gate)
    named = found.signs if found else ()
    own = tuple(
        each.id
        for each in process.fields
        if each.id in named or (each.signed and (each.id in demanded or not _demanded_anywhere(process, each.id)))
    )
    return tuple(field for field in CORE_FIELDS if field in SIGNED_CORE or field in named) + own


def _demanded_anywhere(process: ProcessVersion, field: str) -> bool:
    definition = process.field(field)
    return bool(definition and definition.required_at) or any(
        field in gate.fields
        for gate in (*(transition.gate for transition in process.transitions), process.closure.gate)
    )


def visits(file: ItemFile, step: str) -> int:
    """How often the item came to a step in its present cycle."""
    return sum(each.to_step == step and each.cycle == file.item.cycle for each in file.transition_records)


def signed_content(facts: Facts, gate: str) -> dict[str, Any]:
    """What a signature at the gate covers now, as a JSON value without floats."""
    item = facts.file.item
    transition = facts.process.transition(gate)
    found = facts.process.gate(gate)
    content: dict[str, Any] = {
        "item": item.id,
        "process_version": item.process_version,
        "gate": gate,
        "cycle": item.cycle,
        "visit": visits(facts.file, transition.source) if transition else 0,
        "fields": {field: _signed_value(facts, field) for field in signed_fields(facts.process, gate)},
        "evidence": [
            [each.id, each.requirement, each.file, each.state]
            for requirement in (found.evidence if found else ())
            for each in standing_evidence(facts, requirement, gate)
            if each.state in ("accepted", "submitted")
        ],
    }
    # Only where there are some: what was signed before risks could be accepted keeps its hash.
    if risks := _accepted_risks(facts, gate):
        content["risks"] = risks
    if facts.version is not None:
        content["version"] = [facts.version.record.id, facts.version.record.sha256]
    return content


def _accepted_risks(facts: Facts, gate: str) -> list[list[str]]:
    """Risk acceptances ever accepted for the gate in this cycle. One that ends later leaves its obstacle standing
    instead.
    """
    return [
        [each.id, each.rule, each.about]
        for each in facts.file.risk_acceptances
        if each.accepted_at
        and each.state != "rejected"
        and each.gate in ("", gate)
        and each.cycle == facts.file.item.cycle
    ]


def _signed_value(facts: Facts, field: str) -> Any:
    value = value_of(facts.file.item, field)
    definition = facts.process.field(field)
    if definition is None or definition.kind != "table":
        return value or ""
    signed = [column.id for column in definition.columns if column.signed]
    return [{name: row.get(name, "") for name in signed} for row in value or ()]


def content_hash(facts: Facts, gate: str) -> str:
    """SHA-256, hex, over the canonical bytes of `signed_content`."""
    return sha256(canonical(signed_content(facts, gate))).hexdigest()


def with_values(facts: Facts, fields: dict[str, Any]) -> Facts:
    """The facts as they would be after an edit."""
    item = facts.file.item
    core = {name: value for name, value in fields.items() if name in CORE_FIELDS}
    own = {name: value for name, value in fields.items() if name not in CORE_FIELDS}
    edited = msgspec.structs.replace(item, values={**item.values, **own}, **core)
    return msgspec.structs.replace(facts, file=msgspec.structs.replace(facts.file, item=edited))
