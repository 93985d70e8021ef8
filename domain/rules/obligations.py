"""Obligations in words: the record says what is owed by its kind and by what it is about, not in a sentence."""

from __future__ import annotations

from domain.closure.standard import owed_words
from domain.records.governance import Obligation
from domain.rules.facts import Facts


def obligation_words(facts: Facts, obligation: Obligation) -> str:
    """What is owed, without a full stop; the words on record where it has some."""
    return owed_words(facts.process, facts.file.links, obligation)
