"""How strong a passphrase is, shown with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST, too_short
from desktop.vault.strength import check_choice, passphrase_strength
from domain.errors import UsageProblem


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("", "At least 15"),
        ("Tr0ub4dor&3", "Too short"),
        ("password password password", "repeats"),
        ("annabergannaberg", "repeats"),
        ("zzzzzzzzzzzzzzzzzzzz", "repeats"),
        ("passwordpassword1", "repeats"),
        ("qwertyuiopasdfghjkl", "first"),
    ],
)
def test_a_weak_passphrase_is_shown_why(text: str, stated: str) -> None:
    judged = passphrase_strength(text, ["Anna Berg"])
    assert not judged.enough
    assert stated in judged.reason
    with pytest.raises(UsageProblem):
        check_choice(text, names=("Anna Berg",), cost=MINIMUM_COST)


def test_five_unrelated_words_are_enough() -> None:
    judged = CountersignApplication().passphrase_strength("copper walrus evening ladder mint", ["Anna Berg"])
    assert (judged.score, judged.enough) == (4, True)
    check_choice("copper walrus evening ladder mint", names=("Anna Berg",), cost=MINIMUM_COST)


def test_names_of_the_vault_do_not_count() -> None:
    text = "Bergkvist Steelworks"
    alone, known = passphrase_strength(text), passphrase_strength(text, ["Anna Bergkvist", "Steelworks"])
    assert known.score < alone.score


NAMES = ("Quinn Quality", "Sample Site", "Priya Process", "Lead auditor")


@pytest.mark.parametrize(
    "text",
    [
        "Quinn Quality Sample Site",
        "quinnqualitysamplesite",
        "Quinn Quality of Sample Site 2026",
        "Quality at the Sample Site",
        "my name is Quinn Quality",
        "qu1nn qual1ty $4mple s1te",
        "etis elpmas ytilauq nniuq",
        "Sample Site Administrator Quinn",
        "quinn quality administrator process owner",
        "lead auditor priya process sample site",
        "Countersign of Quinn Quality, owner",
    ],
)
def test_phrases_of_oneself_name_the_vault_and_its_roles_are_weak(text: str) -> None:
    judged = passphrase_strength(text, NAMES)
    assert not judged.enough
    assert "belongs to this vault or to you" in judged.reason
    with pytest.raises(UsageProblem):
        check_choice(text, names=NAMES, cost=MINIMUM_COST)


@pytest.mark.parametrize(
    "text",
    [
        "copper walrus evening ladder mint",
        "Quinn juggles seven walnuts on herons",
        "quality copper walrus evening ladder mint",
        "throw-away words for a test vault",
    ],
)
def test_a_name_among_unrelated_words_does_no_harm(text: str) -> None:
    assert passphrase_strength(text, NAMES).enough


def test_names_of_letters_with_a_meaning_of_their_own_are_taken_as_letters() -> None:
    assert not passphrase_strength("(quinn|quality) [sample] site+", ["Quinn|Quality", "[Sample] Site+"]).enough


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_and_what_is_too_short_is_never_enough(text: str) -> None:
    judged = passphrase_strength(text, [text[:5]])
    assert 0 <= judged.score <= 4
    assert judged.reason
    assert text not in judged.reason or len(text) < 4
    assert not (judged.enough and too_short(text))
