"""What may be chosen in a field, and what a category that came into being does to the items filed under it.

An item of a category has the process of its version with the category's time at each timed step, its evidence at the
closure gate, and a signature of the category's owner there. Whatever asks the rules about the item gets that process.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.process.definition import (
    CREATOR,
    LEVELS,
    OWNER,
    ApprovalLevel,
    EvidenceRequirement,
    FieldDefinition,
    ProcessVersion,
)
from domain.records.governance import Category
from domain.records.item import Item


def choices_of(process: ProcessVersion, field: FieldDefinition, categories: Iterable[Category]) -> tuple[str, ...]:
    """What may be chosen in a field: its own choices, and the categories of the process if it holds those."""
    rule = process.categories
    if rule is None or rule.field != field.id:
        return field.choices
    return (*field.choices, *(each.word for each in categories if each.word not in field.choices))


def category_of(process: ProcessVersion, item: Item, categories: Iterable[Category]) -> Category | None:
    """The category that an item is filed under, of those there are (approved ones of its process)."""
    if process.categories is None:
        return None
    word = item.values.get(process.categories.field)
    return next((each for each in categories if each.word == word), None)


def process_for(process: ProcessVersion, item: Item, categories: Iterable[Category]) -> ProcessVersion:
    """The process of an item: its version's, with what its category asks for beyond that."""
    category = category_of(process, item, categories)
    return process if category is None else with_category(process, category)


def with_category(process: ProcessVersion, category: Category) -> ProcessVersion:
    """A version with what a category asks for: working days at each step with a time of its own, evidence by the id of
    a requirement or in words, and at closure the signature of the category's owner.
    """
    owner = category.owner_role or process.owner_role
    known = {each.id for each in process.evidence}
    own = tuple(
        EvidenceRequirement(id=f"category_{number}", title=each, reviewer_role=owner)
        for number, each in enumerate(category.evidence, 1)
        if each not in known
    )
    asked = (*(each for each in category.evidence if each in known), *(each.id for each in own))
    gate = process.closure.gate
    gate = msgspec.structs.replace(
        gate,
        evidence=tuple(dict.fromkeys((*gate.evidence, *asked))),
        approvals=(*gate.approvals, *_signature(process, category, owner)),
    )
    return msgspec.structs.replace(
        process,
        evidence=(*process.evidence, *own),
        closure=msgspec.structs.replace(process.closure, gate=gate),
        steps=tuple(
            msgspec.structs.replace(step, sla_days=category.sla_days, sla_hours=0)
            if category.sla_days and (step.sla_days or step.sla_hours) and step.id != process.first_step
            else step
            for step in process.steps
        ),
    )


def _signature(process: ProcessVersion, category: Category, owner: str) -> tuple[ApprovalLevel, ...]:
    if not category.owner_role and not category.approval_path:
        return ()
    return (
        ApprovalLevel(
            level=len(process.closure.gate.approvals) + 1,
            role=owner,
            meaning=category.approval_path or category.title,
            separate_from=(CREATOR, OWNER, LEVELS),
        ),
    )
