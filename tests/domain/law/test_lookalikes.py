"""Names that a reader takes for one another, whatever characters they are made of."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from domain.law import lookalikes
from domain.law.letters import fold
from domain.law.lookalikes import alike, invisible, looks_alike, mixed_scripts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul", "Раul"),  # Cyrillic Er and a
        ("Ada", "\u0410\u0434\u0430".replace("\u0434", "d")),
        ("Anna", "ΑΝΝΑ"),
        ("Anna", "ANNA"),
        ("Ada Smith", "AdaSmith"),
        ("Ada Smith", "Ada\u3000 Smith"),
        ("Jean-Luc", "Jean Luc"),
        ("O'Neil", "O\u2019Neil"),
        ("Muller", "Müller"),
        ("Muller", "Mu\u0308ller"),
        ("Ilya", "llya"),
        ("Bill", "Bi11"),
        ("Otto", "0tto"),
        ("Barns", "Bams"),
        ("Vivian", "\uff36\uff49\uff56\uff49\uff41\uff4e"),
        ("Eve", "\U0001d404\U0001d42f\U0001d41e"),
        ("Soren", "Søren"),
        ("Lukasz", "Łukasz"),
        ("Νίκος", "ΝΙΚΟΣ"),
        ("Eve", "E\u200bve"),
        ("Иван", "ИВАН"),
    ],
)
def test_names_that_look_alike(one: str, other: str) -> None:
    assert looks_alike(one, other)
    assert looks_alike(other, one)
    assert alike(one, (one, other, "Quite Another")) == (other,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", "Anna"), ("Bea", "Dea"), ("Carl", "Karl"), ("Иван", "Ivan"), ("李雷", "李娜"), ("-", ".")],
)
def test_names_that_a_reader_tells_apart(one: str, other: str) -> None:
    assert not looks_alike(one, other)


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("Pаul", ("Latin", "Cyrillic")),
        ("Νick", ("Greek", "Latin")),
        ("Иван Smith", ("Cyrillic", "Latin")),
        ("\U0001d404ve", ("formula letters", "Latin")),
        ("\U0001d404\U0001d42f\U0001d41e", ("formula letters",)),
        ("Ꭺnna", ("Cherokee", "Latin")),
        ("אdam", ("Hebrew", "Latin")),
    ],
)
def test_scripts_that_nobody_writes_together_are_mixed(name: str, scripts: tuple[str, ...]) -> None:
    assert mixed_scripts(name) == scripts


@pytest.mark.parametrize(
    "name",
    ["Ada Smith 2", "Иван Иванов", "Νίκος", "山田 たろう (Yamada)", "김철수 金 Kim", "Åse Strøm-O'Neil", "3M", "李雷"],
)
def test_names_as_people_write_them_mix_nothing(name: str) -> None:
    assert mixed_scripts(name) == ()
    assert invisible(name) == ()


def test_every_character_that_leaves_no_ink_is_named_by_its_code_point() -> None:
    assert invisible("A\u200bd\u2066a\u200b\u3164") == ("U+200B", "U+2066", "U+3164")
    formats = (chr(point) for point in range(sys.maxunicode) if unicodedata.category(chr(point)) == "Cf")
    # Signs of Arabic, Syriac, Kaithi and hieroglyphs are of the same category and leave ink, or stand for layout of it.
    seen = {each for each in formats if not invisible(each)}
    assert all(
        ord(each) in {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
        or 0x13430 <= ord(each) <= 0x1345F
        for each in seen
    )


def test_the_table_of_marks_states_what_unicode_states() -> None:
    bare = lookalikes._bare()
    for point, letter in bare.items():
        decomposed = unicodedata.normalize("NFD", chr(point))
        assert fold(chr(point)) == chr(point)
        assert decomposed == chr(point) or decomposed[0] == letter
    for point, letter in lookalikes._shapes().items():
        assert letter.isascii()
        assert letter.isalpha()
        assert chr(point) != letter
