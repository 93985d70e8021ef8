"""Records can grow: which fields are left out of the change that creates a record, and how older ones are read."""

from __future__ import annotations

import msgspec
import pytest

from domain.act import Change, changed, created
from domain.records.registry import DEFAULTS, RECORDS, is_default, stated, upcast


@pytest.mark.parametrize("record", sorted(RECORDS))
def test_a_default_is_empty_and_ids_have_none(record: str) -> None:
    assert "id" not in DEFAULTS[record]
    assert all(default in ("", 0, [], {}, None) and default is not False for default in DEFAULTS[record].values())
    fields = msgspec.structs.fields(RECORDS[record])
    optional = [field.name for field in fields if field.name in DEFAULTS[record]]
    assert {field.name for field in fields if not field.required} == set(optional)


@pytest.mark.parametrize(
    ("value", "default", "same"),
    [
        *((empty, empty, True) for empty in ("", 0, None, [], {})),
        ((), [], True),
        *((False, 0, False), (0, "", False), ("", None, False), ({}, [], False), ([""], [], False), ("x", "", False)),
    ],
)
def test_a_value_is_the_default_when_its_kind_is_too(value: object, default: object, *, same: bool) -> None:
    assert is_default(value, default) is same


def test_what_is_left_out_is_read_again_and_never_shared() -> None:
    whole = {"process": "capa", "word": "label", "sla_days": 0, "evidence": [], "reason": "", "state": "proposed"}
    short = stated("category", whole)
    assert short == {"process": "capa", "word": "label", "state": "proposed"}
    assert {name: upcast("category", short)[name] for name in whole} == whole
    assert upcast("category", short)["evidence"] is not upcast("category", short)["evidence"]
    assert upcast("a record yet to come", {"a": 1}) == stated("a record yet to come", {"a": 1}) == {"a": 1}


def test_a_change_states_also_that_a_field_returns_to_its_default() -> None:
    change = changed("item", "i", {"owner": "p", "due": ""}, {"owner": "", "due": ""})
    assert change == Change("item", "i", {"owner": "p"}, {"owner": ""})
    assert change.values() == {"owner": ""}
    assert created("item", "i", {"owner": "", "title": "T"}).after == {"title": "T"}
