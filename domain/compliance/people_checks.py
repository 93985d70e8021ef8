"""Clauses about people: who has access, under which keys and roles, and what becomes of a key that is lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from domain.compliance.enrolments import by_one_person, one_person_alone, without_authority
from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import Found, attention, listed, worst
from domain.compliance.log_checks import as_far_as_log_holds, log_proven
from domain.compliance.reviews import access_reviewed
from domain.messages import message
from domain.records.people import PersonKey

_TRAINING = frozenset({"training", "competence", "competency"})


def _keys_in_force(evidence: VaultEvidence, person: str) -> tuple[PersonKey, ...]:
    return tuple(each for each in evidence.keys if each.person == person and not each.revoked_from)


def limited_access(evidence: VaultEvidence) -> Found:
    """Only active people with a role have a key slot, and the store's key is known to nobody."""
    known = {key.id for person in evidence.active() for key in _keys_in_force(evidence, person.id)}
    if strange := evidence.slot_keys - known:
        names = listed(_bearer(evidence, key) for key in sorted(strange))
        return attention(message("people_checks.slots_of_nobody_active", names=names))
    if evidence.weak_key_cost:
        return attention(message("people_checks.weak_key_cost", key_cost=evidence.key_cost))
    if key_out := _key_given_out(evidence):
        return key_out
    holders = {each.person for each in evidence.held()}
    if idle := [each.name for each in evidence.active() if each.id not in holders]:
        return attention(message("people_checks.access_without_a_role", names=listed(idle)))
    text = message(
        "people_checks.each_has_a_slot",
        active=len(evidence.active()),
        people=len(evidence.people),
        key_cost=evidence.key_cost,
        store=evidence.store,
    )
    return as_far_as_log_holds(evidence, Found("holds", text))


def access_granted(evidence: VaultEvidence) -> Found:
    """Access is limited, its signers were let in by two, and it was reviewed (EU GMP Annex 11, 12)."""
    return worst(limited_access(evidence), one_person_alone(evidence), access_reviewed(evidence))


def _bearer(evidence: VaultEvidence, key: str) -> str:
    return next((evidence.name_of(each.person) for each in evidence.keys if each.id == key), key[:12])


def _key_given_out(evidence: VaultEvidence) -> Found | None:
    """The store's key was given out, and the data key has not been changed since."""
    given = max((each.given_at for each in evidence.revelations if each.state == "given"), default="")
    changed = max((each.finished_at for each in evidence.rotations if each.state == "finished"), default="")
    return attention(message("people_checks.key_given_out", when=given[:10])) if given > changed else None


def store_key_kept(evidence: VaultEvidence) -> Found:
    """What left the vault did so for a stated purpose, and the store's key did not leave."""
    if key_out := _key_given_out(evidence):
        return key_out
    if not evidence.exports:
        return Found("unshown", message("people_checks.nothing_left"))
    aimless = [each for each in evidence.exports if not each.purpose.strip()]
    if aimless:
        text = message("people_checks.left_without_purpose", names=listed(each.name for each in aimless))
        return attention(text, *(evidence.entry(each.id) for each in aimless))
    entries = tuple(evidence.entry(each.id) for each in evidence.exports[-5:])
    return Found("holds", message("people_checks.left_for_a_purpose", count=len(evidence.exports)), entries)


def authority(evidence: VaultEvidence) -> Found:
    """Roles are held by people who are here, checked again at replay, and signers were let in by two."""
    held = without_authority(evidence)
    return worst(as_far_as_log_holds(evidence, held), one_person_alone(evidence))


def trained(evidence: VaultEvidence) -> Found:
    """Records of competence, where a process keeps them here: finished, none after its due day."""
    known = [name for name in evidence.items if _TRAINING & set(re.split(r"[_-]", name))]
    late = sum(evidence.items[name].overdue for name in known)
    if late:
        return attention(message("people_checks.training_overdue", count=late))
    finished = sum(evidence.items[name].finished for name in known)
    if not finished:
        return Found("organisation", message("people_checks.no_training_records"))
    return as_far_as_log_holds(evidence, Found("holds", message("people_checks.training_records", count=finished)))


def authority_and_training(evidence: VaultEvidence) -> Found:
    """People have rights and training (EU GMP Annex 11, 2)."""
    return worst(authority(evidence), trained(evidence))


def _same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def unique_people(evidence: VaultEvidence) -> Found:
    """No name, as people read it, and no key belongs to two persons; a name once borne counts too."""
    names = Counter(_same(each.name) for each in evidence.people)
    shared = [each.name for each in evidence.people if names[_same(each.name)] > 1]
    bearers: dict[str, set[str]] = {}
    for key in evidence.keys:
        bearers.setdefault(key.ed25519, set()).add(key.person)
    shared += [message("people_checks.key", key=key.id) for key in evidence.keys if len(bearers[key.ed25519]) > 1]
    if shared:
        return attention(message("clause_checks.not_unique", who=listed(shared)))
    if len(evidence.people) == 1:
        return Found("unshown", message("people_checks.one_person"))
    enrolled = evidence.trace("enrol_person")
    text = message("clause_checks.people_all_names_and", people=len(evidence.people))
    return as_far_as_log_holds(evidence, Found("holds", text, (enrolled.last,)))


def one_key_each(evidence: VaultEvidence) -> Found:
    """Each active person has one key in force and a slot for it (21 CFR 11.300(a))."""
    for person in evidence.active():
        keys = _keys_in_force(evidence, person.id)
        if len(keys) != 1 or keys[0].id not in evidence.slot_keys:
            return attention(message("people_checks.not_one_key", name=person.name, count=len(keys)))
    return unique_people(evidence)


def keys_revoked(evidence: VaultEvidence) -> Found:
    """Whoever left, or lost a passphrase, has no older key in force."""
    gone = [each for each in evidence.people if each.state == "disabled"]
    reset = [each for each in evidence.resets if each.state == "given"]
    in_force = [each.name for each in gone if _keys_in_force(evidence, each.id)]
    in_force += [evidence.name_of(each.person) for each in reset if len(_keys_in_force(evidence, each.person)) > 1]
    if in_force:
        return attention(message("people_checks.lost_keys_in_force", names=listed(in_force)))
    if not gone and not reset:
        return Found("unshown", message("people_checks.no_key_lost"))
    revoked = sum(bool(key.revoked_from) for key in evidence.keys)
    last = max(evidence.trace("disable_person").last, evidence.trace("give_reset").last)
    text = message("clause_checks.keys_revoked_from_an", revoked_keys=revoked)
    return as_far_as_log_holds(evidence, Found("holds", text, (last,)))


def only_by_owner(evidence: VaultEvidence) -> Found:
    """Resets took two persons, and so did letting signers in; with one person here nothing takes two."""
    alone = [
        each
        for each in evidence.resets
        if each.state == "given" and not each.sheet and (not each.asked_by or each.asked_by == each.given_by)
    ]
    if alone:
        names = listed(evidence.name_of(each.person) for each in alone)
        return attention(
            message("people_checks.reset_by_one", names=names), *(evidence.entry(each.id) for each in alone)
        )
    if len(evidence.active()) == 1:
        return Found("unshown", message("people_checks.one_person"))
    if let_in := by_one_person(evidence):
        return attention(message("people_checks.signers_by_one", count=len({each.person for each in let_in})))
    given = evidence.trace("give_reset")
    text = (
        message("clause_checks.signing_keys_lie_in", count=given.count)
        if given.count
        else message("people_checks.no_reset_yet")
    )
    return as_far_as_log_holds(evidence, Found("holds", text, (given.last,)))


def keys_tested(evidence: VaultEvidence) -> Found:
    """Each key proved that its person holds it; each recovery sheet in force was typed back from paper."""
    unproven = [evidence.name_of(each.person) for each in evidence.keys if not (each.possession and each.certificate)]
    if unproven:
        return attention(message("people_checks.keys_without_proof", names=listed(unproven)))
    untested = [each for each in evidence.sheets if each.state == "in_force" and not each.tested_at]
    if untested:
        names = listed(evidence.name_of(each.person) for each in untested)
        return attention(
            message("people_checks.sheets_not_tested", names=names), *(evidence.entry(each.id) for each in untested)
        )
    verdict = log_proven(evidence)
    if verdict.result == "attention":
        return verdict
    return Found("holds", message("clause_checks.each_key_proved_that"), (evidence.trace("enrol_person").last, 0))
