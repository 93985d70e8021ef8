"""Which reviews count: of more than one entry, by somebody else than who made the entries or holds the role.

EU GMP Annex 11, 9 and 12.3; 21 CFR 11.10(e), 11.300(b). A review of one entry, of the reviewer's own entries, or of the
reviewer's own roles is on record like any other and is no review.
"""

from __future__ import annotations

import msgspec

from domain.compliance.evidence import ReviewEvidence, VaultEvidence
from domain.compliance.found import Found, attention, is_within, listed, recent
from domain.messages import message
from domain.records.people import PersonRole

REVIEW_DAYS = 365
LAG_DAYS = 92
"""Entries older than this have been reviewed: what a quarterly review reaches."""
_ENOUGH_ENTRIES = 2


def why_not_counted(reviewed: ReviewEvidence) -> str:
    """Why a review of the audit trail does not count, in words; "" when it counts."""
    review = reviewed.review
    size = review.last - review.first + 1
    if size < _ENOUGH_ENTRIES:
        return message("reviews.of_one_entry", entry=review.first)
    if 2 * reviewed.own > size:
        return message("reviews.of_own_entries", own=reviewed.own, size=size)
    if review.sample and reviewed.own_sample == len(review.sample):
        return message("reviews.of_an_own_sample")
    return ""


def counted_trail_reviews(evidence: VaultEvidence) -> tuple[ReviewEvidence, ...]:
    """The reviews of the audit trail that count, oldest first."""
    return tuple(each for each in evidence.reviews if each.review.kind == "audit_trail" and not why_not_counted(each))


def is_reviewed(evidence: VaultEvidence, entry: int) -> bool:
    """Whether a counted review of the audit trail reached an entry."""
    return any(each.review.first <= entry <= each.review.last for each in counted_trail_reviews(evidence))


def trail_reviewed(evidence: VaultEvidence) -> Found:
    """The newest counted review is recent, there is no gap, and what is older than a quarter was reached."""
    what = message("clause_checks.last_review_of_the")
    trail = [each for each in evidence.reviews if each.review.kind == "audit_trail"]
    counted = counted_trail_reviews(evidence)
    if not counted:
        if trail:
            newest = trail[-1]
            return attention(
                message("reviews.none_counts", count=len(trail), why=why_not_counted(newest)), newest.entry
            )
        return recent(evidence.at, "", REVIEW_DAYS, what=what)
    newest = counted[-1]
    found = recent(evidence.at, newest.review.at, REVIEW_DAYS, what=what, entry=newest.entry)
    if found.result != "holds":
        return found
    reached, gap = _reach(counted)
    if gap >= 0:
        return attention(message("reviews.gap", gap=gap), newest.entry)
    if reached < evidence.old_entries or 2 * reached < evidence.verdict.entries:
        return attention(
            message("reviews.not_far_enough", reached=reached, entries=evidence.verdict.entries, days=LAG_DAYS),
            newest.entry,
        )
    text = message("reviews.reached", found=found.text, who=evidence.name_of(newest.review.person), reached=reached)
    open_findings = newest.review.verdict == "with_findings"
    text += message("reviews.with_findings", findings=newest.review.findings) if open_findings else ""
    return msgspec.structs.replace(found, text=text)


def _reach(counted: tuple[ReviewEvidence, ...]) -> tuple[int, int]:
    """How many entries from the first on were reviewed without a gap, and the first entry of a gap (-1: none)."""
    reached = 0
    for each in sorted(counted, key=lambda each: each.review.first):
        if each.review.first > reached:
            return reached, reached
        reached = max(reached, each.review.last + 1)
    return reached, -1


def reviewers_since(evidence: VaultEvidence, since: str, person: str) -> frozenset[str]:
    """Who, other than the person, signed a review of access in the last year that came after an instant (ISO)."""
    return frozenset(
        each.review.person
        for each in evidence.reviews
        if each.review.kind == "access_review"
        and each.review.at >= since
        and is_within(evidence.at, each.review.at, REVIEW_DAYS)
        and each.review.person != person
    )


def reviewers_of(evidence: VaultEvidence, grant: PersonRole) -> frozenset[str]:
    """Who signed a review of access in the last year that had this grant before it and was not its holder's own."""
    return reviewers_since(evidence, grant.valid_from, grant.person)


def access_reviewed(evidence: VaultEvidence) -> Found:
    """Every role that is held was reviewed in the last year by somebody who does not hold it."""
    what = message("clause_checks.last_review_of_people")
    signed = [each for each in evidence.reviews if each.review.kind == "access_review"]
    newest = signed[-1] if signed else None
    found = recent(
        evidence.at, newest.review.at if newest else "", REVIEW_DAYS, what=what, entry=newest.entry if newest else -1
    )
    if found.result != "holds":
        return found
    missing = [
        message("reviews.role_of", role=evidence.role_title(each.role), person=evidence.name_of(each.person))
        for each in evidence.held()
        if not reviewers_of(evidence, each)
    ]
    if missing:
        return attention(message("reviews.own_or_later_roles", found=found.text, roles=listed(missing)), *found.entries)
    return found
