"""Clauses about signatures: complete, bound to their records, given with two components, declared before."""

from __future__ import annotations

from domain.compliance.evidence import VaultEvidence
from domain.compliance.found import SHOWN, Found, attention, listed, worst
from domain.compliance.log_checks import log_proven
from domain.messages import message

_DECLARES = "sign_declaration"


def _none_yet() -> Found:
    return Found("unshown", message("clause_checks.no_signature_was_given"))


def _newest(evidence: VaultEvidence) -> tuple[int, ...]:
    return tuple(each.entry for each in evidence.signatures[:SHOWN])


def signatures_complete(evidence: VaultEvidence) -> Found:
    """Name, time and meaning stand in every signature (21 CFR 11.50)."""
    names = {each.id for each in evidence.people if each.name.strip()}
    for each in evidence.signatures:
        if not each.meaning.strip():
            return attention(message("clause_checks.entry_is_a_signature", entry=each.entry), each.entry)
        if each.person not in names or not each.at:
            return attention(message("signing_checks.without_name_or_time", entry=each.entry), each.entry)
    if not evidence.signatures:
        return _none_yet()
    return Found("holds", message("signing_checks.complete", count=len(evidence.signatures)), _newest(evidence))


def signatures_bound(evidence: VaultEvidence) -> Found:
    """Signatures cover the record's bytes: verification holds (21 CFR 11.70)."""
    found = log_proven(evidence)
    if found.result == "attention":
        return found
    if not evidence.signatures:
        return _none_yet()
    return Found("holds", message("clause_checks.each_signature_covers_the", found=found.text), _newest(evidence))


def two_components(evidence: VaultEvidence) -> Found:
    """Every signature was given with the passphrase (21 CFR 11.200(a)(1))."""
    bare = [each.entry for each in evidence.signatures if not each.passphrase]
    if bare:
        return attention(message("clause_checks.entry_was_signed_without", entry=bare[0]), *bare[:SHOWN])
    if not evidence.signatures:
        return _none_yet()
    text = message("clause_checks.name_and_passphrase_at", count=len(evidence.signatures))
    return Found("holds", text, _newest(evidence))


def declared(evidence: VaultEvidence) -> Found:
    """Whoever signs declared it binding before the first signature, with a key of their own (21 CFR 11.10(j))."""
    own = {(key.person, key.id) for key in evidence.keys}
    since = {each.person: evidence.entry(each.id) for each in evidence.declarations if (each.person, each.key) in own}
    signed = [each for each in evidence.signatures if each.act != _DECLARES]
    bare = [each for each in signed if each.person not in since or each.entry < since[each.person]]
    if bare:
        names = listed(evidence.name_of(each.person) for each in bare)
        return attention(message("clause_checks.signed_without_a_declaration", undeclared=names), bare[-1].entry)
    if not signed:
        return _none_yet()
    text = message("clause_checks.signed_declarations_nobody_signed", count=len(since))
    return Found("holds", text, tuple(since.values()))


def signatures_count(evidence: VaultEvidence) -> Found:
    """Bound to their records, complete, and declared to bind (EU GMP Annex 11, 14)."""
    return worst(signatures_bound(evidence), signatures_complete(evidence), declared(evidence))
