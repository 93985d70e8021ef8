"""How strong a passphrase is, told with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.building import CountersignBuilding
from desktop.vault.passphrases import MINIMUM_COST, too_short
from desktop.vault.strength import check_choice, passphrase_strength
from domain.errors import UsageProblem


@pytest.mark.parametrize(
    ("text", "said"),
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
def test_a_weak_passphrase_is_told_why(text: str, said: str) -> None:
    judged = passphrase_strength(text, ["Anna Berg"])
    assert not judged.enough
    assert said in judged.reason
    with pytest.raises(UsageProblem):
        check_choice(text, names=("Anna Berg",), cost=MINIMUM_COST)


def test_five_unrelated_words_are_enough() -> None:
    judged = CountersignBuilding().passphrase_strength("copper walrus evening ladder mint", ["Anna Berg"])
    assert (judged.score, judged.enough) == (4, True)
    check_choice("copper walrus evening ladder mint", names=("Anna Berg",), cost=MINIMUM_COST)


def test_names_of_the_vault_do_not_count() -> None:
    text = "Bergkvist Steelworks"
    alone, known = passphrase_strength(text), passphrase_strength(text, ["Anna Bergkvist", "Steelworks"])
    assert known.score < alone.score


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_and_what_is_too_short_is_never_enough(text: str) -> None:
    judged = passphrase_strength(text, [text[:5]])
    assert 0 <= judged.score <= 4
    assert judged.reason
    assert text not in judged.reason or len(text) < 4
    assert not (judged.enough and too_short(text))
