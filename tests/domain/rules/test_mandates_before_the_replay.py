"""What replay says of mandates and of entries under them, of crafted ones above all."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from domain.replay.mandates import SignatureThen, judge_mandate, judge_signature, mandate_carries

from domain.log.entry import ChangeTree, Header
from domain.records.governance import Mandate

GIVEN = Mandate(
    id="m-1",
    giver="quinn",
    deputy="nora",
    role="quality",
    process="capa",
    severities=["minor", "major"],
    first_day="2026-11-02",
    last_day="2026-11-14",
    reason="On leave.",
    state="given",
    given_at="2026-11-01T08:00:00.000Z",
    revoked_at="",
    revoked_by="",
)
REVOKED = msgspec.structs.replace(GIVEN, state="revoked", revoked_at="2026-11-10T08:00:00.000Z", revoked_by="quinn")


def header(**more: Any) -> Header:
    usual: dict[str, Any] = {
        "v": 1, "vault": "v", "seq": 9, "prev": "", "at": "2026-11-05T08:00:00.000Z", "zone": "UTC", "by": "nora",
        "role": "quality", "mandate": "m-1", "key": "k", "device": "d", "act": "approve_item", "subject": "item-1",
        "process_version": "capa@1", "reason": "", "meaning": "I approve", "auth": "passphrase", "schema": 1,
        "changes": ChangeTree(1, ""),
    }  # fmt: skip
    return Header(**{**usual, **more})


def holds(person: str, role: str, _at: str) -> bool:
    return (person, role) == ("quinn", "quality")


@pytest.mark.parametrize(
    ("mandate", "entry", "severity", "carried"),
    [
        (GIVEN, {}, "major", True),
        (GIVEN, {"at": "2026-11-14T23:59:59.999Z"}, "minor", True),
        (None, {}, "major", False),
        (GIVEN, {"by": "zoe"}, "major", False),
        (GIVEN, {"role": "process_owner"}, "major", False),
        (GIVEN, {"at": "2026-11-15T00:00:00.000Z"}, "major", False),
        (GIVEN, {"at": "2026-11-01T23:59:59.999Z"}, "major", False),
        (GIVEN, {"process_version": "order@1"}, "major", False),
        (GIVEN, {}, "critical", False),
        (REVOKED, {}, "major", True),
        (REVOKED, {"at": "2026-11-10T08:00:00.000Z"}, "major", False),
        (msgspec.structs.replace(GIVEN, giver="zoe"), {}, "major", False),
    ],
    ids=[
        "in scope", "on the last day", "nobody gave it", "another deputy", "another role", "the day after",
        "the day before", "another process", "above its severities", "before its end", "from its end on",
        "of somebody without the role",
    ],
)  # fmt: skip
def test_an_entry_under_a_mandate(
    mandate: Mandate | None, entry: dict[str, Any], severity: str, *, carried: bool
) -> None:
    assert mandate_carries(mandate, header(**entry), severity=severity, holds=holds) is carried


GIVING = {"by": "quinn", "at": GIVEN.given_at, "mandate": "", "act": "give_mandate"}


@pytest.mark.parametrize(
    ("change", "entry", "fields"),
    [
        ({}, {}, []),
        ({"giver": "pat"}, {}, ["giver", "role"]),
        ({"deputy": "quinn"}, {}, ["deputy"]),
        ({"role": "process_owner"}, {}, ["role"]),
        ({"first_day": "2026-10-31"}, {}, ["first_day"]),
        ({"last_day": "2026-11-01"}, {}, ["first_day"]),
        ({}, {"auth": "session"}, ["state"]),
        ({}, {"meaning": ""}, ["state"]),
        ({"state": "revoked"}, {}, ["state"]),
    ],
    ids=[
        "as the gates give it", "in another's name", "to oneself", "a role not held", "back-dated", "ends first",
        "without the passphrase", "without a meaning", "ended from the start",
    ],
)  # fmt: skip
def test_a_mandate_that_an_entry_brings_in(change: dict[str, Any], entry: dict[str, Any], fields: list[str]) -> None:
    mandate = msgspec.structs.replace(GIVEN, **change)
    found = judge_mandate(None, mandate, header(**{**GIVING, **entry}), holds=holds, administrator=False)
    assert [each.field for each in found] == fields


@pytest.mark.parametrize(
    ("before", "after", "by", "administrator", "fields"),
    [
        (GIVEN, REVOKED, "quinn", False, []),
        (GIVEN, msgspec.structs.replace(REVOKED, revoked_by="ada"), "ada", True, []),
        (GIVEN, msgspec.structs.replace(REVOKED, revoked_by="nora"), "nora", False, ["revoked_by"]),
        (GIVEN, REVOKED, "nora", False, ["revoked_by"]),
        (REVOKED, GIVEN, "quinn", False, ["state"]),
    ],
    ids=["by its giver", "by an administrator", "by its deputy", "in the giver's name", "brought back"],
)
def test_a_mandate_that_an_entry_ends(
    before: Mandate, after: Mandate, by: str, fields: list[str], *, administrator: bool
) -> None:
    entry = header(by=by, at="2026-11-10T08:00:00.000Z", mandate="", act="revoke_mandate")
    assert [
        each.field for each in judge_mandate(before, after, entry, holds=holds, administrator=administrator)
    ] == fields


def test_an_approval_is_of_who_signs_the_entry_under_the_mandate_it_names() -> None:
    mandates = {"m-1": GIVEN}
    assert list(judge_signature(SignatureThen("a-1", "nora", "quality", "m-1"), header(), mandates)) == []
    for signed, fields in (
        (SignatureThen("a-1", "quinn", "quality", "m-1"), ["person"]),
        (SignatureThen("a-1", "nora", "quality", ""), ["person"]),
        (SignatureThen("a-1", "nora", "process_owner", "m-1"), ["person"]),
    ):
        assert [each.field for each in judge_signature(signed, header(), mandates)] == fields
    unknown = SignatureThen("a-1", "nora", "quality", "m-2")
    assert [each.field for each in judge_signature(unknown, header(mandate="m-2"), mandates)] == ["mandate"]
