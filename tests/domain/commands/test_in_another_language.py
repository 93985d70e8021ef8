"""In whatever language the program speaks: what is decided, recorded and printed on record is the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import examples
import pytest
from example_states import prepared

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "closure"))

from closed_item import closed_item

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.pdf.verify_pack import verify_pack
from domain.commands.available import available_commands
from domain.messages import Message, language_of_record, message, plural_message, use_catalogue
from domain.registry import COMMANDS
from domain.rules.facts import gather
from resources.texts.catalogue import english

RECORDED = ("verdict", "concerns", "changes", "header")
"""What of an example no language may touch; names of people who can help are put into words for the reader."""


class MadeUp:
    """A language made of English: every message it speaks stands between brackets."""

    def gettext(self, message_id: str, /) -> str:
        """The English text in brackets."""
        return f"⟦{english().gettext(message_id)}⟧"

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        """The English text for the count, in brackets."""
        return f"⟦{english().ngettext(one, many, count)}⟧"


@pytest.fixture
def made_up_language() -> Iterator[None]:
    use_catalogue(MadeUp(), of_record=english())
    yield
    use_catalogue(english(), of_record=english())


@pytest.mark.usefixtures("made_up_language")
@pytest.mark.parametrize("word", COMMANDS)
def test_what_is_decided_and_recorded_does_not_depend_on_the_language(word: str) -> None:
    for example in examples.examples_of(word):
        found = json.loads(json.dumps(examples.carried_out(example)))
        assert {name: found.get(name) for name in RECORDED} == {name: example.get(name) for name in RECORDED}
        assert "⟦" not in json.dumps([found.get("changes"), found.get("header")], ensure_ascii=False)


@pytest.mark.usefixtures("made_up_language")
def test_what_a_rule_answers_is_spoken_in_the_language_in_use() -> None:
    vault = prepared("doing")
    facts = gather(vault.register, vault.item, vault.actor("Wim"))
    verdicts = available_commands(facts, COMMANDS.values()).values()
    refused = [obstacle for each in verdicts for obstacle in each.obstacles]
    assert refused
    assert all(each.text.startswith("⟦") and each.remedy.startswith("⟦") for each in refused)


def test_a_pack_is_printed_and_verified_alike_in_every_language(made_up_language: None) -> None:
    closed = closed_item()
    printed = print_pack(*closed.made(RENDERER))
    verdict = verify_pack(printed)
    assert verdict.verified
    assert all(check.name.startswith("⟦") for check in verdict.checks)
    use_catalogue(english(), of_record=english())
    assert verify_pack(printed).verified
    assert print_pack(*closed.made(RENDERER)) == printed


@pytest.mark.usefixtures("made_up_language")
def test_a_message_is_spoken_when_it_is_shown() -> None:
    kept = Message("plan.repeats_row_word_for", first_at=2)
    assert str(kept) == "⟦repeats row 2 word for word⟧"
    with language_of_record():
        assert str(kept) == "repeats row 2 word for word"
    assert kept == Message("plan.repeats_row_word_for", first_at=2) != Message("plan.repeats_row_word_for", first_at=3)


def test_a_message_that_no_catalogue_holds_shows_its_id_and_what_it_was_given() -> None:
    assert message("no.such.message", number=3) == "no.such.message (number: 3)"
    assert message("{number} things", number=3) == "3 things"
    assert plural_message("{count} thing", "{count} things", 1) == "1 thing"
    assert plural_message("{count} thing", "{count} things", 2) == "2 things"
