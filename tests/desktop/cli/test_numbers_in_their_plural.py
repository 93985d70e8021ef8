"""Numbers of things stand in the plural of the language: one entry, two entries, and what another language has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.cli import counts
from domain.messages import use_catalogue
from resources.texts.catalogue import english


class Dual:
    """A made-up language with a form of its own for two."""

    def gettext(self, message: str, /) -> str:
        return english().gettext(message)

    def ngettext(self, message: str, plural: str, count: int, /) -> str:
        return f"both {plural.removeprefix('{count} ')}" if count == 2 else message if count == 1 else plural


@pytest.fixture
def dual() -> Iterator[None]:
    use_catalogue(Dual(), of_record=english())
    yield
    use_catalogue(english(), of_record=english())


def test_one_is_one_and_all_others_are_many() -> None:
    assert [counts.entries(count) for count in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
    assert [counts.rows(1), counts.files(1), counts.changes(1)] == ["1 row", "1 file", "1 change"]


@pytest.mark.usefixtures("dual")
def test_another_language_has_its_plural() -> None:
    assert [counts.entries(count) for count in (1, 2, 3)] == ["1 entry", "both entries", "3 entries"]
