"""Propose which column fills which field, from the words of the header and the values below it.

A proposal carries its reason and sample values, so that a person can judge it. No field is filled for the
sake of filling it: where no column speaks for a field, the match says so with column None.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import msgspec

from domain.errors import UsageProblem
from domain.messages import message
from domain.trackers.cells import Cell, RawBook, RawSheet, column_letter, column_number, is_blank, text_of
from domain.trackers.column_evidence import Evidence, adjust, look_at
from domain.trackers.find_table import FoundTable
from domain.trackers.header_words import FIELDS, PHRASES, header_readings, plain_header, word_score

LEAST = 0.35
NEARLY = 0.86
SAMPLES = 300
CHOICES = 5
SHARING = frozenset({"title", "description"})
"""Fields that may read a column together with another field."""

Similarity = Callable[[str, str], float]


class ColumnMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal for one field. `column` and `header` are None when no column speaks for it.

    `score` is between 0 and 1; below 0.6 a person should confirm. `alternatives` are other columns, best first.
    """

    field: str
    column: int | None = None
    header: str | None = None
    score: float = 0.0
    reason: str = msgspec.field(default_factory=lambda: message("match_columns.no_column_speaks_for"))
    examples: tuple[str, ...] = ()
    alternatives: tuple[int, ...] = ()


def column_samples(book: RawBook, table: FoundTable, *, limit: int = SAMPLES) -> dict[int, tuple[Cell, ...]]:
    """Up to `limit` non-blank values of every column, taken from the records."""
    sheet = book.sheet(table.sheet) or RawSheet(name=table.sheet)
    rows = [sheet.rows[number - 1] for number in table.data_rows[: limit * 10]]
    return {
        column: tuple(islice((row[column - 1] for row in rows if not is_blank(row[column - 1])), limit))
        for column, _ in table.headers
    }


def match_columns(
    table: FoundTable, samples: Mapping[int, Sequence[Cell]], *, similarity: Similarity
) -> tuple[ColumnMatch, ...]:
    """One proposal for each field, in the order of `FIELDS`.

    `similarity` says how alike two short texts are, from 0 to 1; it catches misspelt headers.
    """
    groups = dict(table.groups)
    evidence = {column: look_at(samples.get(column, ())) for column, _ in table.headers}
    options: dict[str, dict[int, tuple[float, str]]] = {field: {} for field in FIELDS}
    for column, header in table.headers:
        band = groups.get(column, "")
        for field in FIELDS:
            score, reason = _by_words(field, header, band, similarity)
            score, reason = adjust(field, header, score, reason, evidence[column])
            if score >= LEAST:
                options[field][column] = (min(score, 1.0), reason)
    chosen = _assign({field: {c: s * s for c, (s, _) in found.items()} for field, found in options.items()})
    headers = dict(table.headers)
    matches = {field: _match(field, column, options[field], headers, samples) for field, column in chosen.items()}
    _fill_in(matches, table, evidence, samples)
    return tuple(matches.get(field, ColumnMatch(field=field)) for field in FIELDS)


def choose_columns(
    table: FoundTable, matches: Sequence[ColumnMatch], mapping: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """The proposals with a person's choices in place: field -> header as written, or a column letter, or "".

    Raises:
        UsageProblem: an unknown field or column.
    """
    by_field = {match.field: match for match in matches}
    for field, wanted in mapping.items():
        if field not in FIELDS:
            raise UsageProblem(
                message("match_columns.there_is_no_field", field=field),
                remedy=message("match_columns.the_fields_are", list=", ".join(FIELDS)),
            )
        if not wanted.strip():
            by_field[field] = ColumnMatch(field=field, reason=message("match_columns.left_empty_by_choice"))
            continue
        column = _find_column(table, wanted)
        header = dict(table.headers)[column]
        by_field[field] = ColumnMatch(
            field=field, column=column, header=header, score=1.0, reason=message("match_columns.chosen_by_a_person")
        )
    chosen = {match.column for field, match in by_field.items() if field in mapping and match.column is not None}
    for field, match in by_field.items():
        if field not in mapping and field not in SHARING and match.column in chosen:
            by_field[field] = ColumnMatch(field=field, reason=message("match_columns.its_column_was_chosen"))
    return tuple(by_field.get(field, ColumnMatch(field=field)) for field in FIELDS)


def _find_column(table: FoundTable, wanted: str) -> int:
    exact = [column for column, header in table.headers if header == wanted]
    loose = [column for column, header in table.headers if plain_header(header) == plain_header(wanted)]
    for found in (exact, loose):
        if len(found) == 1:
            return found[0]
    letters = wanted.strip().upper()
    if letters.isascii() and letters.isalpha() and len(letters) <= 3:
        column = column_number(letters)
        if any(column == one for one, _ in table.headers):
            return column
    if len(exact) > 1:
        places = ", ".join(column_letter(column) for column in exact)
        raise UsageProblem(
            message("match_columns.columns_are_headed", count=len(exact), wanted=wanted),
            where=table.sheet,
            remedy=message("match_columns.name_it_by_its", places=places),
        )
    names = ", ".join(repr(header) for _, header in table.headers[:30])
    raise UsageProblem(
        message("match_columns.there_is_no_column", wanted=wanted),
        where=table.sheet,
        remedy=message("match_columns.the_columns_are", names=names),
    )


def header_fingerprint(headers: Sequence[tuple[int, str]]) -> str:
    """SHA-256 (hex) over the header words in order: the same for next month's file of the same tracker."""
    return hashlib.sha256(msgspec.msgpack.encode([plain_header(text) for _, text in headers])).hexdigest()


def _by_words(field: str, header: str, band: str, similarity: Similarity) -> tuple[float, str]:
    score, phrase = word_score(field, header)
    if band and score < NEARLY:
        with_band, band_phrase = word_score(field, f"{band} {header}")
        if with_band > score:
            return with_band, message("match_columns.over_reads_as", band=band, header=header, band_phrase=band_phrase)
    if score >= LEAST:
        return score, message("match_columns.the_header_reads_as", phrase=phrase)
    best, why = score, ""
    for reading in header_readings(header)[:2]:
        for weight, known in PHRASES[field]:
            if len(known) >= 5 and abs(len(known) - len(reading)) <= 2 and weight > best:
                alike = similarity(reading, known)
                if alike >= NEARLY and weight * alike * 0.9 > best:
                    best, why = weight * alike * 0.9, message("match_columns.the_header_is_nearly", known=known)
    return best, why


def _assign(options: Mapping[str, Mapping[int, float]]) -> dict[str, int]:
    """One column for each field so that the sum of weights is greatest; no column serves two fields here."""
    fields = sorted((field for field in options if options[field]), key=lambda field: -max(options[field].values()))
    ranked = {
        field: sorted(options[field].items(), key=lambda entry: (-entry[1], entry[0]))[:CHOICES] for field in fields
    }
    hope = [0.0] * (len(fields) + 1)
    for place in range(len(fields) - 1, -1, -1):
        hope[place] = hope[place + 1] + ranked[fields[place]][0][1]
    best: tuple[float, dict[str, int]] = (0.0, {})

    def descend(place: int, total: float, taken: dict[str, int]) -> None:
        nonlocal best
        if total > best[0]:
            best = (total, dict(taken))
        if place == len(fields) or total + hope[place] <= best[0]:
            return
        field = fields[place]
        for column, score in ranked[field]:
            if column not in taken.values():
                taken[field] = column
                descend(place + 1, total + score, taken)
                del taken[field]
        descend(place + 1, total, taken)

    descend(0, 0.0, {})
    return best[1]


def _match(
    field: str,
    column: int,
    options: Mapping[int, tuple[float, str]],
    headers: Mapping[int, str],
    samples: Mapping[int, Sequence[Cell]],
) -> ColumnMatch:
    score, reason = options[column]
    others = sorted((other for other in options if other != column), key=lambda other: -options[other][0])
    return ColumnMatch(
        field=field,
        column=column,
        header=headers[column],
        score=round(score, 3),
        reason=reason,
        examples=_examples(samples.get(column, ())),
        alternatives=tuple(others),
    )


def _examples(values: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(text_of(value)[:80] for value in values), 3))


def _fill_in(
    matches: dict[str, ColumnMatch],
    table: FoundTable,
    evidence: Mapping[int, Evidence],
    samples: Mapping[int, Sequence[Cell]],
) -> None:
    """A register without a title column still names its records: by its description, its id or its first text."""
    headers = dict(table.headers)

    def shared(field: str, column: int, reason: str) -> None:
        matches[field] = ColumnMatch(
            field=field,
            column=column,
            header=headers[column],
            score=0.4,
            reason=reason,
            examples=_examples(samples.get(column, ())),
        )

    description, key = matches.get("description"), matches.get("key")
    if "title" not in matches:
        if description is not None and description.column is not None and evidence[description.column].distinct >= 0.8:
            shared("title", description.column, message("match_columns.no_column_for_titles"))
        elif key is not None and key.column is not None:
            shared("title", key.column, message("match_columns.no_column_for_titles_the_id_serves"))
        else:
            taken = {match.column for match in matches.values()}
            for column in headers:
                seen = evidence[column]
                if (
                    column not in taken
                    and seen.count >= 3
                    and seen.text >= 0.9
                    and seen.distinct >= 0.8
                    and seen.length >= 8
                ):
                    shared("title", column, message("match_columns.the_first_column_of"))
                    break
    title = matches.get("title")
    if "description" not in matches and title is not None and title.column is not None:
        seen = evidence[title.column]
        if seen.length >= 40 and seen.count >= 3:
            shared("description", title.column, message("match_columns.no_column_for_descriptions"))
