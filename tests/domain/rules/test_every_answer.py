"""The judge answers every attempt at every kind of moment of the shipped stories in the words kept beside this file."""

from __future__ import annotations

import json
import re

import pytest
from every_answer import ANSWERS, SHIPPED, answers_of

_VERSION = re.compile(r", version \d+")
KEPT = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("process", SHIPPED)
def test_the_judge_answers_as_it_did_word_for_word(process: str) -> None:
    found = answers_of(SHIPPED[process])
    assert found["words"] == KEPT[process]["words"]
    assert found["vault"] == KEPT[process]["vault"]
    assert found["replay"] == KEPT[process]["replay"]
    assert found["stories"] == KEPT[process]["stories"], "see every_answer.py: read what changed before you keep it"


def test_every_answer_names_a_rule_a_cure_somebody_and_at_items_the_version() -> None:
    for process, kept in KEPT.items():
        assert len(kept["words"]) > 40, process
        for rule, (text, cure, who) in {**kept["vault"], **kept["words"]}.items():
            assert text, rule
            assert cure, rule
            assert who, rule
        without = {rule for rule, (text, *_) in kept["words"].items() if not _VERSION.search(text)}
        assert without <= {"person.unknown"}, "who is a person is no matter of a process"
