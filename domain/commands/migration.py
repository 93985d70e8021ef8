"""The command by which open items go on by another version of their process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgspec

from domain.act import Act, Change, Values
from domain.commands.changing import item_changed, new_record
from domain.commands.command import Case, Command, values_of
from domain.commands.meanings import stated_meaning
from domain.errors import UsageProblem
from domain.identity import iso
from domain.log.canonical import canonical
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.process.states import in_force_at
from domain.records.item import TransitionRecord
from domain.rules.facts import Facts
from domain.rules.holding import on_hold
from domain.rules.migration_rules import migrate_obstacles, migration_roles, step_over
from domain.rules.passed_obstacles import verdict_on
from domain.rules.rights import role_used
from domain.rules.verdict import GateVerdict


class MigrateItems(Command, frozen=True, kw_only=True):
    """Sign that open items (ids or numbers) go on by a version in force (its id), each from the step its mapping names:
    one decision for one item or for a batch. What has been signed for the old version no longer counts.
    """

    signing: ClassVar[bool] = True

    items: tuple[str, ...]
    version: str
    reason: str
    meaning: str = ""

    def leaves(self, nonce: bytes) -> tuple[bytes, ...]:
        """Its canonical bytes: in the first leaf `items` is their number, each of the others names one item."""
        common = {**values_of(self), "items": len(self.items), "nonce": nonce.hex()}
        named = ({"item": item, "part": part} for part, item in enumerate(self.items, 1))
        return (canonical(common), *map(canonical, named))

    @classmethod
    def values_from_leaves(cls, first: Values, further: Sequence[Any], changes: Sequence[Change]) -> Values:
        parts = [{"item": each.get("item"), "part": part} for part, each in enumerate(_mappings(further), 1)]
        if parts != list(further) or first.get("items") != len(parts):
            raise UsageProblem(message("migration.a_migration_has_a"))
        return {**first, "items": [each["item"] for each in parts]}

    def judge(self, case: Case) -> GateVerdict:
        """No right, no mapping, a new gate an item has not passed, an item on hold or at its end."""
        found: list[Obstacle] = []
        for facts in self._facts(case):
            found += on_hold(facts, while_on_hold=False, when_closed=False) or migrate_obstacles(
                facts, version=self.version, reason=self.reason
            )
        return verdict_on(case.vault_facts(), found)

    def _facts(self, case: Case) -> list[Facts]:
        """The facts about each item, with the version that they are to come over to if it is in force now.

        Raises:
            UsageProblem: no items, or one twice.
        """
        now = in_force_at(case.state.process_versions(), case.by.at)
        target = next((each for each in now if each.id == self.version), None)
        found = [msgspec.structs.replace(case.facts(item), target=target) for item in self.items]
        if not found:
            raise UsageProblem(
                message("migration.no_items_were_named"), where="items", remedy=message("migration.name_the_items_that")
            )
        seen: set[str] = set()
        for facts in found:
            if facts.file.item.id in seen:
                raise UsageProblem(
                    message("migration.is_named_twice", number=facts.file.item.number),
                    remedy=message("migration.name_each_item_once"),
                )
            seen.add(facts.file.item.id)
        return found

    def decide(self, case: Case) -> Act:
        found = self._facts(case)
        target = decode_process(case.state.process_version(self.version).definition)
        changes: list[Change | None] = []
        role, at = "", iso(case.by.at)
        for facts in found:
            item = facts.file.item
            step = step_over(target, facts.process, item.step)
            role = role or role_used(facts, migration_roles(target, item.step))
            moved = {"step_since": at} if step != item.step else {}
            record = TransitionRecord(
                id=case.new_id(),
                item=item.id,
                cycle=item.cycle,
                from_step=item.step,
                to_step=step,
                at=at,
                by=case.by.person,
                reason=f"{facts.process.name} → {target.name}: {self.reason}",
            )
            changes += (
                item_changed(item, process_version=self.version, step=step, **moved),
                new_record("transition_record", record),
            )
        return self.act(
            *changes,
            role=role,
            subject=found[0].file.item.id if len(found) == 1 else self.version,
            process_version=self.version,
            meaning=stated_meaning(self.meaning),
        )


def _mappings(leaves: Sequence[Any]) -> Iterator[Values]:
    """The leaves, each of which says something by name.

    Raises:
        UsageProblem: one does not.
    """
    for leaf in leaves:
        if not isinstance(leaf, dict):
            raise UsageProblem(message("migration.a_leaf_of_the"))
        yield leaf
