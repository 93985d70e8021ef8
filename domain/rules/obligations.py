"""Obligations in words: the record says what is outstanding by its kind and by what it is about, not in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from domain.messages import message
from domain.process.definition import ProcessVersion
from domain.records.governance import Link, Obligation
from domain.rules.facts import Facts


def obligation_words(facts: Facts, obligation: Obligation) -> str:
    """What is outstanding, without a full stop; the words on record where it has some."""
    return outstanding_words(facts.process, facts.file.links, obligation)


def outstanding_words(process: ProcessVersion, links: Sequence[Link], obligation: Obligation) -> str:
    """What is outstanding, without a full stop; the words on record where it has some. `links` are those of the
    item.
    """
    if obligation.text:
        return obligation.text
    if obligation.kind == "re_decide_blocker":
        link = next((each for each in links if each.id == obligation.about), None)
        number = link.other_number if link else message("obligations.another_item")
        return message("obligations.decide_what_becomes_of", number=number)
    if obligation.kind == "confirm_urgent":
        transition = process.transition(obligation.gate)
        title = transition.title if transition else obligation.gate
        return message("obligations.was_passed_urgently_the", title=title)
    return message("obligations.a_follow_up")
