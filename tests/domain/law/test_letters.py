"""The law's letters: those of Unicode 14.0.0 as a Python that knows it has them, whatever Python runs."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from domain.law import letters_1
from domain.law.letters import fold, is_blank, is_shown, small, trimmed

EVERY = tuple(map(chr, (*range(0x32000), *range(0xE0000, 0xE1000), 0xF0000, sys.maxunicode)))
"""Every character there is, but for planes in which there is none, or private ones alone."""
AS_OLD = unicodedata.unidata_version == letters_1.UNICODE
LATER = ("\U0001fae8", "\U00011f04", "\U0001e4d0", "\ua7dc", "\U00016ea0")
"""Letters that Unicode 15, 16 and 17 brought: none of them is in the table."""


@pytest.mark.skipif(not AS_OLD, reason="this Python has other tables")
def test_the_table_states_of_every_character_what_python_states() -> None:
    assert [each for each in EVERY if is_shown(each) != each.isprintable()] == []
    assert [each for each in EVERY if fold(each) != each.casefold()] == []


def test_a_newer_python_agrees_on_every_character_that_the_table_knows() -> None:
    known = [each for each in EVERY if is_shown(each)]
    assert len(known) == 144_516
    # What can be shown stays so, and case folding is stable once a letter is assigned (Unicode stability policy).
    assert [each for each in known if not each.isprintable()] == []
    assert [each for each in known if fold(each) != each.casefold()] == []


def test_white_space_is_the_set_that_python_strips() -> None:
    assert [each for each in EVERY if is_blank(each) != each.isspace()] == []
    for each in ("", " ", "\u2003x\u3000", "\x1c a b \x85", "\u200bx\u200b", "\ufeffx"):
        assert (trimmed(each), is_blank(each)) == (each.strip(), not each.strip())


@pytest.mark.parametrize("later", LATER)
def test_a_letter_that_came_later_is_not_shown_and_stands_for_itself(later: str) -> None:
    assert not is_shown(later)
    assert not is_shown(f"Ann{later}")
    assert fold(later) == later


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("ﬁn", "FIN"), ("Ann", "aNN"), ("İ", "i̇"), ("Ǆ", "ǆ")],
)
def test_names_that_differ_in_capitals_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("name", ["Ann\u202eeve", "Ann\u200d", "Ann\n", "Ann\u00a0B", "\ue000", "\ud800", "\U000e0001"])
def test_what_leaves_no_ink_is_not_shown(name: str) -> None:
    assert not is_shown(name)


def test_small_letters_of_ids_are_a_to_z_alone() -> None:
    assert small("CAPA \u212a\u0130É") == "capa \u212a\u0130É"
