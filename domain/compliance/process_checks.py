"""Clauses about processes: their order of steps, their gates, their versions, incidents, and validation."""

from __future__ import annotations

import re
from hashlib import sha256

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, attention, listed, worst
from domain.compliance.log_checks import as_far_as_log_holds, log_proven
from domain.identity import parse_iso
from domain.messages import message
from domain.process.definition import CREATOR, OWNER
from domain.process.states import in_force_at
from domain.records.item import Evidence

_INCIDENTS = frozenset({"capa", "nonconformity", "incident", "deviation"})
_VALIDATION = "validation"


def order_of_steps(evidence: VaultEvidence) -> Found:
    """Processes are in force and items passed through their gates."""
    if not evidence.processes:
        return attention(message("clause_checks.no_process_is_in"))
    moves, refused = evidence.trace("move_item"), evidence.trace("record_refusal")
    names = listed(f"{each.id}@{each.version}" for each in evidence.processes)
    if not moves.count:
        return Found("unshown", message("process_checks.no_step_yet", count=len(evidence.processes), processes=names))
    text = message(
        "clause_checks.steps_taken_through_gates",
        count=len(evidence.processes),
        processes=names,
        moves=moves.count,
        refused=refused.count,
    )
    return as_far_as_log_holds(evidence, Found("holds", text, (moves.last, refused.last)))


def second_look(evidence: VaultEvidence) -> Found:
    """Gates ask for approvals by somebody else than who made or owns the item, and such approvals were given."""
    asking = [
        (process, transition, gate)
        for process in evidence.processes
        for transition in process.transitions
        if (gate := process.gate(transition.id)) and gate.approvals
    ]
    if not asking:
        return attention(message("clause_checks.no_gate_of_a"))
    alone = [
        f"{process.title}: {transition.title}"
        for process, transition, gate in asking
        if all({CREATOR, OWNER}.isdisjoint(level.separate_from) for level in gate.approvals)
    ]
    if alone:
        return attention(message("process_checks.gates_passed_alone", gates=listed(alone)))
    given = evidence.trace("approve_item")
    if not given.count:
        return Found("unshown", message("process_checks.no_approval_yet", gates=len(asking)))
    text = message("clause_checks.gates_ask_for_an", gates=len(asking), count=given.count)
    return as_far_as_log_holds(evidence, Found("holds", text, (given.last,)))


def change_control(evidence: VaultEvidence) -> Found:
    """What is in force is what was signed, and later versions came through the process for changing processes."""
    in_force = in_force_at(evidence.versions, parse_iso(evidence.at))
    if not in_force:
        return attention(message("clause_checks.no_process_is_in"))
    other = [each.id for each in in_force if sha256(each.definition.encode()).hexdigest() != each.sha256]
    if other:
        return attention(message("process_checks.definition_not_as_signed", versions=listed(other)))
    published = evidence.trace("publish_process")
    later = [each for each in evidence.versions if each.in_force_from > evidence.created]
    if len(later) > published.count:
        return attention(message("process_checks.version_not_published", versions=listed(each.id for each in later)))
    if not published.count:
        return Found("unshown", message("process_checks.no_change_yet", versions=listed(each.id for each in in_force)))
    text = message("clause_checks.processes_live_in_versions", processes=listed(each.id for each in in_force))
    return as_far_as_log_holds(evidence, Found("holds", text, (published.last,)))


def incidents(evidence: VaultEvidence) -> Found:
    """Findings and nonconformities are items with causes, and none of them is forgotten."""
    known = [each.id for each in evidence.processes if each.id in _INCIDENTS]
    if not known:
        return attention(message("clause_checks.no_process_for_incidents"))
    counts = [evidence.items[name] for name in known if name in evidence.items]
    overdue = sum(each.overdue for each in counts)
    if overdue:
        return attention(message("process_checks.incidents_overdue", count=overdue))
    total = sum(each.open + each.finished for each in counts)
    if not total:
        return Found("unshown", message("process_checks.no_incident_yet", known=", ".join(known)))
    finished = sum(each.finished for each in counts)
    text = message("clause_checks.incidents_run_through_with", known=", ".join(known), count=total, finished=finished)
    return as_far_as_log_holds(evidence, Found("holds", text, (evidence.trace("create_item").last,)))


def _validation_files(evidence: VaultEvidence) -> list[Evidence]:
    asked = (each for each in evidence.files if _VALIDATION in re.split(r"[_-]", each.requirement))
    return sorted((each for each in asked if each.state != "withdrawn"), key=lambda each: each.added_at)


def validated(evidence: VaultEvidence) -> Found:
    """The log is sound, and the validation file, where one is kept here, was accepted by another since the last
    change of a process.
    """
    files = _validation_files(evidence)
    if not files:
        return worst(log_proven(evidence), Found("organisation", message("process_checks.no_validation_file")))
    newest = files[-1]
    entry = evidence.entry(newest.id)
    if newest.state != "accepted":
        return attention(message("process_checks.validation_not_accepted", name=newest.file_name), entry)
    if newest.reviewed_by in ("", newest.added_by):
        return attention(message("process_checks.validation_by_one", name=newest.file_name), entry)
    if newest.file not in evidence.stored:
        return attention(message("clause_checks.files_missing", names=newest.file_name), entry)
    in_force = in_force_at(evidence.versions, parse_iso(evidence.at))
    younger = [each.id for each in in_force if each.in_force_from > newest.reviewed_at]
    if younger:
        return attention(
            message("process_checks.validation_outdated", name=newest.file_name, versions=listed(younger)), entry
        )
    text = message("process_checks.validation_accepted", name=newest.file_name, when=newest.reviewed_at[:10])
    return worst(log_proven(evidence), Found("holds", text, (entry,)))


def outside(_evidence: VaultEvidence) -> Found:
    """Nothing in a vault can show this."""
    return Found("organisation", message("clause_checks.no_program_can_show"))
