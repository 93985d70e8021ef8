"""Signers whom one person alone let in: enrolled, or given the role with which they sign.

21 CFR 11.100(b) and 11.200(a)(3), EU GMP Annex 11, 2 and 12.3. What a second person looked at afterwards, in a signed
review of access, or a second administrator confirmed, is not one person's doing.
"""

from __future__ import annotations

import msgspec

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, attention, listed
from domain.compliance.reviews import reviewers_of, reviewers_since
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


class LetInAlone(msgspec.Struct, frozen=True, kw_only=True):
    """A signer's enrolment (`role` is ""), or a role given to a signer, by one person alone. People are ids."""

    person: str
    by: str
    role: str = ""
    entry: int


def by_one_person(evidence: VaultEvidence) -> tuple[LetInAlone, ...]:
    """Each enrolment of a signer, and each signing role given, that no second person reviewed since."""
    signing = signing_roles(evidence)
    held = tuple(each for each in evidence.held() if each.role in signing)
    signers = {each.person for each in held} | {each.person for each in evidence.signatures}
    found = []
    for person in evidence.active():
        if person.id not in signers:
            continue
        grants = tuple(each for each in held if each.person == person.id)
        reviewers = reviewers_since(evidence, person.enrolled_at, person.id)
        if person.by_one_person and not reviewers - {person.enrolled_by}:
            found.append(LetInAlone(person=person.id, by=person.enrolled_by, entry=evidence.entry(person.id)))
        found += [
            LetInAlone(person=person.id, by=each.granted_by, role=each.role, entry=evidence.entry(each.id))
            for each in grants
            if each.by_one_person and not reviewers_of(evidence, each) - {each.granted_by}
        ]
    return tuple(found)


def _let_in_as(evidence: VaultEvidence, each: LetInAlone) -> str:
    return evidence.role_title(each.role) if each.role else message("enrolments.enrolled")


def one_person_alone(evidence: VaultEvidence) -> Found:
    """No signer was let in by one person alone; whoever was is named, with who did it."""
    found = by_one_person(evidence)
    if not found:
        return Found("holds", message("enrolments.none"))
    texts = []
    for by in dict.fromkeys(each.by for each in found):
        signers: dict[str, list[str]] = {}
        for each in found:
            if each.by == by:
                signers.setdefault(each.person, []).append(_let_in_as(evidence, each))
        names = ", ".join(f"{evidence.name_of(person)} ({'; '.join(what)})" for person, what in signers.items())
        texts.append(message("enrolments.let_in", by=evidence.name_of(by), names=names))
    return attention(message("enrolments.some", names=" ".join(texts)), *(each.entry for each in found))


def without_authority(evidence: VaultEvidence) -> Found:
    """Somebody is administrator, and nobody who left holds a role."""
    active = {each.id for each in evidence.active()}
    held = evidence.held()
    administrators = {each.person for each in held if each.role == ADMINISTRATOR} & active
    if not administrators:
        return attention(message("clause_checks.nobody_is_administrator_no"))
    left = [each for each in held if each.person not in active]
    if left:
        names = listed(evidence.name_of(each.person) for each in left)
        return attention(message("enrolments.roles_of_the_gone", names=names))
    refused = evidence.trace("record_refusal")
    text = message("clause_checks.roles_held_checked_again", roles_held=len(held), refusals=refused.count)
    return Found("holds", text, (refused.last,))
