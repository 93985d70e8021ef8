"""The declarations people sign are those the law knows, and the law knows no others."""

from __future__ import annotations

from hashlib import sha256

from domain.law.declarations_1 import DECLARATIONS as KNOWN
from resources.texts.declarations import DECLARATION


def test_the_law_knows_exactly_the_texts_that_are_shown() -> None:
    assert {sha256(DECLARATION.encode()).hexdigest()} == KNOWN
