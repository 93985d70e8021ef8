"""Decide by signature that open items go on by the version of their process in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.act import Act, Actor, Change
from domain.errors import UsageProblem
from domain.gates.facts import gather_to
from domain.gates.migration_rules import migration_roles, step_over
from domain.gates.rights import hat_used
from domain.gates.version_attempts import MigrateItem
from domain.identity import iso
from domain.items.item import Passage
from domain.process.decode import decode_process
from domain.state import State
from domain.use_cases.ruling import item_changes, must_be_allowed, must_be_text, new_record

MEANING = "I decide that these items go on by this version of the process, from the steps its mapping names."
"""What the signature means when nothing else is said."""


def migrate_items(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    items: Sequence[str],
    version: str,
    reason: str,
    meaning: str = "",
) -> Act:
    """Take items (ids or numbers) over to a version in force (its id), each to the step its mapping names: one
    decision for one item or for a batch. What has been signed for the old version no longer counts.

    Raises:
        Refused: an item cannot come over: no right, no mapping, a new gate it has not passed; nothing is changed.
        UsageProblem: no items, or one twice.
    """
    must_be_text(reason, meaning)
    if not items:
        raise UsageProblem("No items were named.", cure="Name the items that are to come over.")
    changes: list[Change] = []
    role, seen, at = "", set[str](), iso(by.at)
    for item in items:
        facts = gather_to(register, item, by, version=version)
        must_be_allowed(MigrateItem(version=version, reason=reason), facts, f"go on by '{version}'")
        found = facts.file.item
        if found.id in seen:
            raise UsageProblem(f"{found.number} is named twice.", cure="Name each item once.")
        seen.add(found.id)
        target = decode_process(register.process_version(version).definition)
        step = step_over(target, facts.process, found.step)
        role = role or hat_used(facts, migration_roles(target, found.step))
        moved = {"step_since": at} if step != found.step else {}
        passage = Passage(
            id=new_id(),
            item=found.id,
            cycle=found.cycle,
            from_step=found.step,
            to_step=step,
            at=at,
            by=by.person,
            reason=f"{facts.process.name} → {target.name}: {reason}",
        )
        changes += item_changes(found, process_version=version, step=step, **moved)
        changes.append(new_record("passage", passage))
    return Act(
        name="migrate_items",
        changes=tuple(changes),
        role=role,
        subject=next(iter(seen)) if len(seen) == 1 else version,
        process_version=version,
        reason=reason,
        meaning=meaning.strip() or MEANING,
        ceremony=True,
    )
