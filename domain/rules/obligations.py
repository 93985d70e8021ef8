"""Obligations in words: the record says what is owed by its kind and by what it is about, not in a sentence."""

from __future__ import annotations

from domain.records.governance import Obligation
from domain.rules.approvals import gate_title
from domain.rules.facts import Facts


def obligation_words(facts: Facts, obligation: Obligation) -> str:
    """What is owed, without a full stop; the words on record where it has some."""
    if obligation.text:
        return obligation.text
    if obligation.kind == "re_decide_blocker":
        link = next((each for each in facts.file.links if each.id == obligation.about), None)
        number = link.other_number if link else "another item"
        return f"decide what becomes of waiting for {number}, which was cancelled"
    if obligation.kind == "confirm_urgent":
        title = gate_title(facts, obligation.gate)
        return f"'{title}' was passed urgently; the ordinary approvers confirm or refuse it"
    return "a follow-up"
