"""Public holidays by country, expanded into days: the record of the calendar holds them, so that what counted as a
working day stays the same when a later program knows other holidays.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import UsageProblem
from domain.messages import message


def countries() -> dict[str, tuple[str, ...]]:
    """Countries by their ISO 3166-1 code, each with the codes of its subdivisions."""
    import holidays  # noqa: PLC0415 (slow to import and rarely needed)

    return {
        code: tuple(parts) for code, parts in sorted(holidays.list_supported_countries(include_aliases=False).items())
    }


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> list[list[str]]:
    """[[ISO day, name], ...] of these years, in order; names in the language of the country where that is known.

    Raises:
        UsageProblem: there is no such country or subdivision.
    """
    known = countries()
    if country not in known:
        raise UsageProblem(
            message("There are no holidays for the country {country!r}.", country=country),
            remedy=message("Give its two-letter code, such as DE or US."),
        )
    if subdivision and subdivision not in known[country]:
        remedy = (
            message("Known there: {list}.", list=", ".join(known[country]))
            if known[country]
            else message("Leave it out: it has none.")
        )
        raise UsageProblem(
            message("{country} has no subdivision {subdivision!r}.", country=country, subdivision=subdivision),
            remedy=remedy,
        )
    import holidays  # noqa: PLC0415 (slow to import and rarely needed)

    found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years))
    return [[day.isoformat(), name] for day, name in sorted(found.items())]
