"""Evidence at gates: which files stand for a requirement now, and what is missing."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import EvidenceRequirement
from domain.records.item import Evidence
from domain.rules.facts import Facts
from domain.rules.fields import demanded_now
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of, roles_for, with_delegates


def standing_evidence(facts: Facts, requirement: str, gate: str) -> tuple[Evidence, ...]:
    """The files of a requirement that can stand for it at a gate: of this cycle, and not from before the item
    was last sent back behind the gate's step. Withdrawn files do not stand.
    """
    since = _sent_back_at(facts, gate)
    return tuple(
        each
        for each in facts.file.evidence
        if each.requirement == requirement
        and each.cycle == facts.file.item.cycle
        and each.added_at >= since
        and each.state != "withdrawn"
    )


def _sent_back_at(facts: Facts, gate: str) -> str:
    transition = facts.process.transition(gate)
    if transition is None:
        return ""
    order = {step.id: place for place, step in enumerate(facts.process.steps)}
    here = order[transition.source]
    return max(
        (
            each.at
            for each in facts.file.transition_records
            if each.cycle == facts.file.item.cycle
            and each.from_step
            and order.get(each.to_step, 0) < min(here, order.get(each.from_step, 0))
        ),
        default="",
    )


def missing_evidence(facts: Facts, gate: str) -> tuple[Obstacle, ...]:
    """An obstacle for each requirement of the gate without an accepted file, or with a file still unreviewed."""
    found = facts.process.gate(gate)
    return tuple(
        obstacle
        for requirement in (found.evidence if found else ())
        if (definition := facts.process.requirement(requirement))
        for obstacle in missing_of(facts, definition, gate)
    )


def missing_of(facts: Facts, requirement: EvidenceRequirement, gate: str) -> tuple[Obstacle, ...]:
    """Why a requirement of the gate is not met; () when it is, or is not asked of this item."""
    if not demanded_now(requirement, facts.file.item):
        return ()
    process, step = facts.process, facts.file.item.step
    standing = standing_evidence(facts, requirement.id, gate)
    waiting = [each for each in standing if each.state == "submitted"]
    if waiting:
        return tuple(_unreviewed(facts, requirement, each) for each in waiting)
    if any(each.state == "accepted" for each in standing):
        return ()
    old = [each for each in facts.file.evidence if each.requirement == requirement.id and each not in standing]
    who, title, about = who_can(facts, roles_for(process, "add_evidence", step)), requirement.title, requirement.id
    if standing:
        return (obstacle(facts, "evidence.rejected", responsible=who, about=about, title=title),)
    if old:
        return (obstacle(facts, "evidence.missing", "earlier_cycle", responsible=who, about=about, title=title),)
    return (obstacle(facts, "evidence.missing", responsible=who, about=about, title=title),)


def _unreviewed(facts: Facts, requirement: EvidenceRequirement, evidence: Evidence) -> Obstacle:
    return obstacle(
        facts,
        "evidence.unreviewed",
        responsible=who_can(facts, (requirement.reviewer_role,), without=_excluded(facts, requirement, evidence)),
        about=requirement.id,
        file_name=evidence.file_name,
        title=requirement.title,
    )


def _excluded(facts: Facts, requirement: EvidenceRequirement, evidence: Evidence) -> frozenset[str]:
    return with_delegates(facts, {evidence.added_by}) if requirement.different_person else frozenset()


def speaks_for_reopening(facts: Facts, evidence: Evidence) -> bool:
    """Whether a file was added for the reopening of the closed item, after it was closed."""
    item = facts.file.item
    wanted = evidence.requirement in facts.process.reopen.evidence
    return wanted and evidence.cycle == item.cycle and evidence.added_at >= item.step_since


def missing_to_reopen(facts: Facts) -> tuple[Obstacle, ...]:
    """What has to be on file, accepted, before the closed item starts again: it came after the closure."""
    process, found = facts.process, [each for each in facts.file.evidence if speaks_for_reopening(facts, each)]
    missing: list[Obstacle] = []
    for name in process.reopen.evidence:
        requirement, files = process.requirement(name), [each for each in found if each.requirement == name]
        if requirement is None or any(each.state == "accepted" for each in files):
            continue
        waiting = [each for each in files if each.state == "submitted"]
        missing += [_unreviewed(facts, requirement, each) for each in waiting] or [
            obstacle(
                facts,
                "evidence.missing",
                "reopening",
                responsible=who_can(facts, _adding_roles(facts)),
                about=name,
                title=requirement.title,
            )
        ]
    return tuple(missing)


def _adding_roles(facts: Facts) -> tuple[str, ...]:
    """Who may add evidence now: at a closed item also whoever may reopen it."""
    roles = roles_for(facts.process, "add_evidence", facts.file.item.step)
    return tuple(dict.fromkeys((*roles, *facts.process.reopen.roles))) if facts.file.item.state == "closed" else roles


def add_obstacles(facts: Facts, requirement: str) -> tuple[Obstacle, ...]:
    """May the actor put a file on record for this requirement?"""
    process = facts.process
    obstacles = needs_one_of(facts, _adding_roles(facts), message("evidence.add_evidence_here"))
    if process.requirement(requirement) is None:
        known = ", ".join(each.id for each in process.evidence) or "none"
        obstacles += (obstacle(facts, "evidence.unknown", requirement=requirement, known=known),)
    return obstacles


def review_obstacles(facts: Facts, evidence: str, *, accept: bool, note: str) -> tuple[Obstacle, ...]:
    """May the actor judge this file?"""
    process = facts.process
    found = next((each for each in facts.file.evidence if each.id == evidence), None)
    requirement = process.requirement(found.requirement) if found else None
    if found is None or requirement is None:
        return (obstacle(facts, "evidence.unknown", "this_item_has", evidence=evidence),)
    obstacles = list(
        needs_one_of(facts, (requirement.reviewer_role,), message("evidence.review", title=requirement.title))
    )
    if found.state != "submitted" or found.cycle != facts.file.item.cycle:
        obstacles.append(
            obstacle(
                facts,
                "evidence.decided",
                responsible=who_can(facts, roles_for(process, "add_evidence", facts.file.item.step)),
                file_name=found.file_name,
                state=found.state,
                reviewed_at=found.reviewed_at or found.added_at,
            )
        )
    if facts.actor.person in _excluded(facts, requirement, found):
        obstacles.append(_added_it(facts, requirement, found))
    if not accept and is_blank(note):
        obstacles.append(obstacle(facts, "reason.missing", "a_rejection_needs"))
    return tuple(obstacles)


def _added_it(facts: Facts, requirement: EvidenceRequirement, evidence: Evidence) -> Obstacle:
    """The obstacle of whoever added a file, or counts with whoever did, and would review it."""
    who = who_can(facts, (requirement.reviewer_role,), without=_excluded(facts, requirement, evidence))
    added_by, file_name = name_of(facts, evidence.added_by), evidence.file_name
    if evidence.added_by == facts.actor.person:
        return obstacle(facts, "separation.evidence", responsible=who, added_by=added_by, file_name=file_name)
    return obstacle(
        facts, "separation.evidence", "counts_with", responsible=who, added_by=added_by, file_name=file_name
    )
