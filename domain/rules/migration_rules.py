"""Open items come over to another version of their process: by signed decision, to a step, past no new gate."""

from __future__ import annotations

import msgspec

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.process.definition import Gate, ProcessVersion, Transition
from domain.records.people import ProcessVersionRecord
from domain.rules.approvals import not_ready
from domain.rules.facts import Facts
from domain.rules.obstacles import obstacle
from domain.rules.passing import reason_missing
from domain.rules.people import who_can
from domain.rules.rights import needs_one_of, roles_for


def migration_roles(version: ProcessVersion, step: str) -> tuple[str, ...]:
    """Who may decide that items come over to a version: its right to migrate, else the process's owner."""
    return roles_for(version, "migrate", step) or (version.owner_role,)


def step_over(version: ProcessVersion, old: ProcessVersion, step: str) -> str:
    """Where an item at a step of the old version comes to stand in the new one; "" = nowhere is stated."""
    mapping = version.migration
    if mapping is not None and mapping.from_version == old.version and step in mapping.steps:
        return mapping.steps[step]
    return step if mapping is not None and mapping.from_version == old.version and version.step(step) else ""


def migrate_obstacles(facts: Facts, *, version: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor decide that this item goes on by `facts.target`: the version (its id) if it is in force today?"""
    target, item = facts.target, facts.file.item
    if target is None or target.process != item.process or target.id == item.process_version:
        return (
            obstacle(
                facts, "migration.version", responsible=who_can(facts, (facts.process.owner_role,)), version=version
            ),
        )
    new = decode_process(target.definition)
    found = list(
        needs_one_of(
            facts, migration_roles(new, item.step), message("migration_rules.take_items_over_to", target=target.id)
        )
    )
    if is_blank(reason):
        found.append(reason_missing(facts, message("migration_rules.taking_an_item_over")))
    step = step_over(new, facts.process, item.step)
    if not step:
        return (
            *found,
            obstacle(
                facts,
                "migration.unmapped",
                responsible=who_can(facts, (facts.process.owner_role,)),
                new=new.name,
                step=item.step,
            ),
        )
    if step == new.closure.step:
        found.append(
            obstacle(
                facts,
                "migration.closed",
                responsible=who_can(facts, (facts.process.owner_role,)),
                new=new.name,
                step=item.step,
                step_2=step,
            )
        )
    if any(each.state == "asked" for each in facts.file.requests):
        found.append(obstacle(facts, "migration.request", responsible=who_can(facts, (facts.process.owner_role,))))
    if any(each.state == "open" for each in facts.file.obligations):
        found.append(obstacle(facts, "migration.obligation", responsible=who_can(facts, (facts.process.owner_role,))))
    return (*found, *_new_gates(facts, target, new, step))


def _new_gates(facts: Facts, target: ProcessVersionRecord, version: ProcessVersion, step: str) -> tuple[Obstacle, ...]:
    """Gates on the way to the step that the old version did not have, or not so strict: the item has to pass them."""
    found: list[Obstacle] = []
    moved = _as_if_moved(facts, target, version, step)
    for transition in _transitions_to(version, step):
        gate, before = version.gate(transition.id), _gate_before(facts.process, transition, step)
        if gate is None:
            continue
        if _approvals(gate) - _approvals(before):
            found.append(
                obstacle(
                    facts,
                    "migration.gate",
                    responsible=who_can(facts, (facts.process.owner_role,)),
                    about=transition.id,
                    version=version.name,
                    title=transition.title,
                    step=step,
                    source=transition.source,
                    step_listed=facts.file.item.step,
                )
            )
        if set(gate.fields) | set(gate.evidence) | set(gate.conditions) != (
            set(before.fields) | set(before.evidence) | set(before.conditions)
        ) or version.required_fields(transition.id) != facts.process.required_fields(transition.id):
            found += not_ready(moved, transition.id)
    return tuple(dict.fromkeys(found))


def _as_if_moved(facts: Facts, target: ProcessVersionRecord, version: ProcessVersion, step: str) -> Facts:
    item = msgspec.structs.replace(facts.file.item, process_version=target.id, step=step)
    return msgspec.structs.replace(facts, file=msgspec.structs.replace(facts.file, item=item), process=version)


def _transitions_to(version: ProcessVersion, step: str) -> tuple[Transition, ...]:
    """The transitions forward on the path to a step, from the first step on, the last one into the step itself."""
    order = {each.id: number for number, each in enumerate(version.steps)}
    return tuple(
        transition
        for transition in version.transitions
        if order[transition.source] < order[transition.target] <= order[step]
        and transition.target != version.closure.step
    )


def _gate_before(old: ProcessVersion, transition: Transition, step: str) -> Gate:
    """The old version's gate of the same transition; of another transition into the step when that transition is
    new.
    """
    same = old.transition(transition.id)
    if same is not None:
        return same.gate
    into = [each.gate for each in old.transitions if each.target == transition.target == step]
    return into[0] if into else Gate()


def _approvals(gate: Gate) -> set[tuple[str, str, int, int]]:
    return {(level.role, level.need, level.n, level.percent) for level in gate.approvals}
