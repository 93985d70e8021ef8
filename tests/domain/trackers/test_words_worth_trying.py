"""Headers are scored by the phrases that can fit; the others would have scored nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.trackers.header_words import FIELDS, PHRASES, _fit, _worth_trying, header_readings

WORDS = sorted({word for entries in PHRASES.values() for _, phrase in entries for word in (phrase, *phrase.split())})
HEADERS = st.lists(st.sampled_from(WORDS) | st.text("ab日付", max_size=4), min_size=1, max_size=5).map(" ".join)


@given(HEADERS, st.sampled_from(FIELDS))
def test_a_phrase_that_is_not_tried_fits_nowhere(header: str, field: str) -> None:
    for reading in header_readings(header):
        tried = _worth_trying(field, reading)
        assert [entry for entry in PHRASES[field] if entry in tried] == tried
        assert all(
            _fit(field, phrase, reading) == 0 for weight, phrase in PHRASES[field] if (weight, phrase) not in tried
        )
