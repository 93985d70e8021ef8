from __future__ import annotations

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Change
from domain.log.canonical import CanonicalError, canonical, encode_fitting, fits
from domain.log.entry import ChangeTree, Header, decode_header

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
NAME = st.text(st.characters(max_codepoint=127), max_size=5)
NUMBER = st.integers(-(2**53 - 1), 2**53 - 1)
NUMBERS = ("v", "law", "seq", "schema", "commands")
HEADERS = st.builds(
    Header,
    **dict.fromkeys(NUMBERS, NUMBER),
    **{name: TEXT for name in Header.__struct_fields__ if name not in (*NUMBERS, "changes")},
    changes=st.builds(ChangeTree, NUMBER, TEXT),
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(NAME, VALUES, max_size=4)


@given(HEADERS)
def test_a_header_has_the_bytes_of_the_standard_and_comes_back_from_them(header: Header) -> None:
    data = header.data()
    assert data == rfc8785.dumps(msgspec.to_builtins(header)) == canonical(msgspec.to_builtins(header))
    assert decode_header(data) == header


@given(TEXT, TEXT, st.none() | FIELDS, FIELDS)
def test_a_change_encoded_as_it_is_has_the_bytes_of_the_standard(
    record: str, id_: str, before: dict[str, object] | None, after: dict[str, object]
) -> None:
    change = Change(record, id_, before, after)
    assert fits(change.before)
    assert fits(change.after)
    assert encode_fitting(change) == change.data() == rfc8785.dumps(msgspec.to_builtins(change))


@pytest.mark.parametrize("field", NUMBERS)
def test_a_header_with_an_integer_outside_53_bits_has_no_bytes(field: str) -> None:
    words = {name: "" for name in Header.__struct_fields__ if name not in (*NUMBERS, "changes")}
    header = Header(**words, **dict.fromkeys(NUMBERS, 1), changes=ChangeTree(1, ""))
    with pytest.raises(CanonicalError):
        msgspec.structs.replace(header, **{field: 2**53}).data()


def test_a_header_with_a_lone_surrogate_has_no_bytes() -> None:
    words = {name: "" for name in Header.__struct_fields__ if name not in (*NUMBERS, "changes")}
    with pytest.raises(CanonicalError):
        Header(**{**words, "reason": "\ud800"}, **dict.fromkeys(NUMBERS, 1), changes=ChangeTree(1, "")).data()
