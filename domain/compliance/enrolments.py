"""Signers whom one person alone let in: enrolled, or given the role with which they sign.

21 CFR 11.100(b) and 11.200(a)(3), EU GMP Annex 11, 2 and 12.3. What a second person looked at afterwards, in a signed
review of access, is not one person's doing any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, listed
from domain.compliance.reviews import reviewers_of
from domain.messages import message
from domain.records.people import ADMINISTRATOR


def signing_roles(evidence: VaultEvidence) -> frozenset[str]:
    """The roles that sign: those that a gate in force asks for an approval, and administrators."""
    gates = (
        process.gate(gate)
        for process in evidence.processes
        for gate in (*(each.id for each in process.transitions), "cancel", "reopen")
    )
    return frozenset(level.role for gate in gates if gate for level in gate.approvals) | {ADMINISTRATOR}


def _by_one_person(evidence: VaultEvidence) -> Iterator[tuple[str, int]]:
    """Each enrolment and grant of a signer by one person alone: in words, and its entry."""
    signing = signing_roles(evidence)
    held = tuple(each for each in evidence.held() if each.role in signing)
    holders = {each.person for each in held} | {each.person for each in evidence.signatures}
    for person in evidence.active():
        if person.id not in holders:
            continue
        grants = [each for each in held if each.person == person.id]
        seen = [reviewers_of(evidence, each) - {each.granted_by} for each in grants]
        if not any(reviewers - {person.enrolled_by} for reviewers in seen):
            yield (
                message("enrolments.enrolled", person=person.name, by=evidence.name_of(person.enrolled_by)),
                evidence.entry(person.id),
            )
        for grant, reviewers in zip(grants, seen, strict=True):
            if not reviewers:
                by = evidence.name_of(grant.granted_by)
                yield (
                    message("enrolments.granted", person=person.name, role=grant.role, by=by),
                    evidence.entry(grant.id),
                )


def one_person_alone(evidence: VaultEvidence) -> Found:
    """No signer was let in by one person alone; whoever was is named, with who did it."""
    found = tuple(_by_one_person(evidence))
    if not found:
        return Found("holds", message("enrolments.none"))
    names = "; ".join(text for text, _ in found)
    return Found("attention", message("enrolments.some", names=names), tuple(entry for _, entry in found))


def without_authority(evidence: VaultEvidence) -> Found:
    """Somebody is administrator, and nobody who left holds a role."""
    active = {each.id for each in evidence.active()}
    held = evidence.held()
    administrators = {each.person for each in held if each.role == ADMINISTRATOR} & active
    if not administrators:
        return Found("attention", message("clause_checks.nobody_is_administrator_no"))
    left = [each for each in held if each.person not in active]
    if left:
        names = listed(evidence.name_of(each.person) for each in left)
        return Found("attention", message("enrolments.roles_of_the_gone", names=names))
    refused = evidence.trace("record_refusal")
    text = message("clause_checks.roles_held_checked_again", roles_held=len(held), refusals=refused.count)
    return Found("holds", text, (refused.last,))
