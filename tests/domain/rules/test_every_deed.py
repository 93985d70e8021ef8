"""Replay says of every deed to people what is kept beside this file, word for word, and of rightful deeds nothing."""

from __future__ import annotations

import json

from every_deed import ADA, CARL, DEEDS, QUINN, answers, carried

KEPT = json.loads(DEEDS.read_text(encoding="utf-8"))


def test_replay_says_of_every_deed_what_it_said() -> None:
    assert answers() == KEPT["deeds"], "see every_deed.py: read what changed before you keep it"


def test_a_mandate_and_a_role_carry_what_they_carried() -> None:
    found = carried()
    assert sorted(case for case, held in found.items() if held) == KEPT["carried"]
    assert 10 < len(KEPT["carried"]) < len(found) / 2


def test_rightful_deeds_are_none_to_speak_of_and_the_same_deed_by_another_is() -> None:
    rightful = (
        (ADA, "k-ada", "enrols with a key"),
        (ADA, "k-ada", "gives a key"),
        (ADA, "k-ada", "grants a role as p-ada"),
        (ADA, "k-ada", "revokes a key"),
        (CARL, "k-new", "recovers with k-new"),
        (CARL, "k-carl", "withdraws"),
        (QUINN, "k-quinn", "ends a mandate"),
    )
    for by, key, deed in rightful:
        assert KEPT["deeds"][f"{by}, entry 9, {key}, under no mandate: {deed}"] == [], deed
        others = [
            told for case, told in KEPT["deeds"].items() if case.endswith(f": {deed}") and not case.startswith(by)
        ]
        assert any(others), deed


def test_asking_for_a_new_key_for_somebody_takes_no_key_away_from_them() -> None:
    (told,) = KEPT["deeds"][f"{QUINN}, entry 9, k-quinn, under no mandate: revokes beside a request"]
    assert told[:3] == ["person_key", "k-carl", "id"]
    assert "was no administrator" in told[3]
