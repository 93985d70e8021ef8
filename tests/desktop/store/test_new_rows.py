"""New records: the bytes that are signed and the row that is stored come from one encoding, and say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_store import build, item_values

from desktop.store.rows import row_and_data, to_row
from desktop.store.tables import FIELDS, JSON_FIELDS
from domain.act import Act, Change, created
from domain.log.canonical import CanonicalError
from domain.records.registry import RECORDS
from domain.state import ItemFilter

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PLAIN = TEXT | st.integers(-(2**53 - 1), 2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=6,
)


def values_for(draw: Any, record: str) -> dict[str, Any]:
    return {
        name: draw(JSON if name in JSON_FIELDS[record] else PLAIN) for name in reversed(FIELDS[record]) if name != "id"
    }


@pytest.mark.parametrize("record", sorted(RECORDS))
@given(st.data())
def test_a_new_record_has_the_bytes_of_its_change_and_the_row_of_its_values(record: str, data: Any) -> None:
    change = created(record, data.draw(TEXT), values_for(data.draw, record))
    assert row_and_data(change) == (to_row(record, change.id, change.after), change.data())


@pytest.mark.parametrize("extra", [{"colour": "red"}, {"id": "another"}])
def test_a_new_record_with_a_field_too_many_is_refused(extra: dict[str, str]) -> None:
    values = dict.fromkeys((name for name in FIELDS["person"] if name != "id"), "")
    with pytest.raises(ValueError, match="needs its fields and no others"):
        row_and_data(created("person", "p", {**values, **extra}))


def test_a_new_record_with_a_field_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its fields and no others"):
        row_and_data(created("person", "p", {"name": "Ada"}))


@pytest.mark.parametrize("empty", [[], ()])
def test_a_field_at_its_default_is_not_stated(empty: list[Any] | tuple[Any, ...]) -> None:
    values = {**item_values("SA-CAPA-1", "Torn"), "owner": "", "hold": None, "legacy": empty, "values": {}}
    change = created("item", "i", values)
    assert change.after.keys() == values.keys() - {
        *("owner", "owner_name", "priority", "closed", "hold", "legacy", "values"),
    }
    assert change.values() == {**values, "legacy": list(empty), "earlier_dues": [], "took_part": []}
    with pytest.raises(ValueError, match="states a field that is at its default"):
        row_and_data(Change("item", "i", None, {**change.after, "legacy": empty}))


@pytest.mark.parametrize("value", [1.5, 2**53, "\ud800"])
def test_a_value_without_canonical_form_is_refused(value: object) -> None:
    values = dict.fromkeys((name for name in FIELDS["person"] if name != "id"), "")
    with pytest.raises(CanonicalError):
        row_and_data(created("person", "p", {**values, "name": value}))


def test_thousands_of_new_items_are_found_by_their_words_and_the_search_index_holds(tmp_path: Path) -> None:
    small = build(tmp_path / "store.db")
    many = tuple(
        created(
            "item", f"01930000-0000-7000-8000-{n:012x}", item_values(f"SA-CAPA-{n:06}", f"Torn label on pallet {n}")
        )
        for n in range(10, 4_100)
    )
    act = Act(name="import_register", changes=many, role="quality", subject=many[0].id)
    small.record(act, small.quinn)
    found = small.store.register.page(ItemFilter(search="pallet 2077"), offset=0, limit=5)
    verdict = small.verify()
    small.close()
    assert [line.number for line in found] == ["SA-CAPA-002077"]
    assert verdict.findings == ()
