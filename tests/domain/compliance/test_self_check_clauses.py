from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.compliance.annex11 import ANNEX_11
from domain.compliance.evidence import SigningEvidence, Trace, VaultEvidence
from domain.compliance.judge import SelfCheck, judge
from domain.compliance.part11 import PART_11
from domain.log.verdict import BehindEntry, Finding, LogVerdict

RULES = (("21 CFR Part 11", PART_11), ("EU GMP Annex 11", ANNEX_11))
AT = "2026-11-22T20:00:00.000Z"
YESTERDAY, LONG_AGO = "2026-11-21T20:00:00.000Z", "2024-11-22T20:00:00.000Z"
SOUND = VaultEvidence(
    vault="v",
    name="Site A",
    at=AT,
    program="Countersign 1",
    verdict=LogVerdict(vault="v", entries=9, root="ab" * 32, changes=20, rows=12, files=1, findings=()),
    acts={"approve_item": Trace(count=3, last=7), "sign_declaration": Trace(count=1, last=4)},
    signatures=(SigningEvidence(entry=7, act="approve_item", person="Quinn", passphrase=True, meaning="I approve"),),
    signed_acts=3,
    people=3,
    active=3,
    administrators=("Ada",),
    shared_names=(),
    reused_keys=(),
    undeclared=(),
    revoked_keys=0,
    roles_held=4,
    processes=("capa@1",),
    gates_with_approvals=2,
    devices=1,
    imports=1,
    imports_with_source=1,
    files=1,
    newest_backup=YESTERDAY,
    newest_restore_test=YESTERDAY,
    restore_test_entry=8,
    trail_review=YESTERDAY,
    trail_review_entry=6,
    access_review=YESTERDAY,
    access_review_entry=5,
    failed_unlock_reports=0,
    failed_unlock_entry=-1,
    clock_jumps=0,
    refusals=0,
    whole_proof=YESTERDAY,
    key_cost="Argon2id, 256 MiB, 3 passes, 4 lanes",
    store="SQLCipher 4",
)


def checked(**changed: Any) -> SelfCheck:
    return judge(msgspec.structs.replace(SOUND, **changed), RULES)


def attention(**changed: Any) -> set[str]:
    return {f"{each.rule[-7:]} {each.clause}".removeprefix("Part 11 ") for each in checked(**changed).attention}


def test_a_sound_vault_asks_for_nothing() -> None:
    result = checked()
    assert result.attention == ()
    assert {each.result for each in result.clauses} == {"holds", "organisation"}


def test_every_clause_of_both_rules_is_answered_in_words() -> None:
    clauses = [each.clause for each in checked().clauses if each.rule == "21 CFR Part 11"]
    wanted = [f"11.10({letter})" for letter in "abcdefghijk"] + ["11.30", "11.50", "11.70", "11.100(a)"]
    wanted += ["11.200(a)(1)", "11.200(a)(2)-(3)"] + [f"11.300({letter})" for letter in "abcde"]
    assert clauses == wanted
    annex = [each.clause.partition(".")[0] for each in checked().clauses if each.rule == "EU GMP Annex 11"]
    assert list(dict.fromkeys(annex)) == [str(number) for number in range(1, 18)]
    for each in checked().clauses:
        assert each.demand.endswith(".")
        assert each.checked
        assert each.found
        assert each.organisation


@pytest.mark.parametrize(
    ("changed", "clauses"),
    [
        ({"newest_backup": ""}, {"11.10(c)", "nnex 11 16"}),
        ({"newest_backup": LONG_AGO}, {"11.10(c)", "nnex 11 16"}),
        ({"newest_restore_test": ""}, {"nnex 11 7.2"}),
        ({"trail_review": LONG_AGO}, {"nnex 11 9"}),
        ({"access_review": ""}, {"11.300(b)", "nnex 11 12"}),
        ({"undeclared": ("Quinn",)}, {"11.10(j)"}),
        ({"shared_names": ("quinn",)}, {"11.100(a)", "11.300(a)"}),
        ({"reused_keys": ("key 1",)}, {"11.100(a)", "11.300(a)"}),
        ({"administrators": ()}, {"11.10(g)", "nnex 11 2"}),
        ({"imports_with_source": 0}, {"nnex 11 5"}),
        ({"gates_with_approvals": 0}, {"nnex 11 6"}),
        ({"whole_proof": LONG_AGO}, {"nnex 11 11"}),
        ({"processes": ()}, {"11.10(f)", "nnex 11 13"}),
    ],
)
def test_what_is_amiss_shows_in_its_clauses_and_in_no_other(changed: dict[str, Any], clauses: set[str]) -> None:
    assert attention(**changed) == clauses


def test_a_broken_log_shows_wherever_it_is_the_evidence() -> None:
    finding = Finding(kind="signature", text="Entry 3: the signature does not fit the bytes.", entry=3)
    result = checked(verdict=msgspec.structs.replace(SOUND.verdict, findings=(finding,)))
    found = {each.clause: each for each in result.attention}
    assert {"11.10(a)", "11.10(e)", "11.70"} <= set(found)
    assert found["11.10(a)"].entries == (3,)
    assert "signature does not fit" in found["11.10(a)"].found


@pytest.mark.parametrize(
    ("signature", "clause"),
    [
        (
            SigningEvidence(entry=5, act="close_item", person="Quinn", passphrase=False, meaning="I close"),
            "11.200(a)(1)",
        ),
        (SigningEvidence(entry=5, act="close_item", person="Quinn", passphrase=True, meaning=""), "11.50"),
    ],
)
def test_an_incomplete_signature_is_named_by_its_entry(signature: SigningEvidence, clause: str) -> None:
    found = [each for each in checked(signatures=(signature,)).attention if each.clause == clause]
    assert [each.entries for each in found] == [(5,)]


def test_entries_behind_the_log_are_named_in_the_clause_about_times() -> None:
    behind = tuple(BehindEntry(entry=seq, at=YESTERDAY, latest=AT) for seq in (3, 9))
    result = checked(verdict=msgspec.structs.replace(SOUND.verdict, behind=behind, behind_count=2))
    (clause,) = result.attention
    assert "3, 9" in clause.found
    assert clause.entries == (3, 9)
