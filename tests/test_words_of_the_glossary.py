"""The words of the glossary: a word that has a better one in the field is no part of a name in this code."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("domain", "ui", "desktop")

BANNED = {
    "ability": "permission",
    "abilities": "permissions",
    "abandon": "discard",
    "ajar": "read_only",
    "alarm": "failed_unlock_report",
    "alarms": "failed_unlock_reports",
    "allowances": "permissions",
    "building": "application",
    "ceremonies": "signings",
    "ceremony": "signing",
    "cure": "remedy",
    "cures": "remedies",
    "debt": "obligation",
    "debts": "obligations",
    "deed": "command",
    "deeds": "commands",
    "deputies": "delegates",
    "deputy": "delegate",
    "desk": "window",
    "drill": "restore_test",
    "drills": "restore_tests",
    "fate": "disposition",
    "fates": "dispositions",
    "founded": "created",
    "founder": "first_admin",
    "founding": "creation",
    "giver": "delegator",
    "hat": "role",
    "hats": "roles",
    "keeper": "backup",
    "keyhole": "unlock_target",
    "lend": "delegate",
    "lends": "gives",
    "lent": "delegated",
    "life": "request",
    "lived": "run",
    "misdeed": "rule_breach",
    "misdeeds": "rule_breaches",
    "offices": "services",
    "owed": "outstanding",
    "papers": "documents",
    "passage": "transition_record",
    "passages": "transition_records",
    "recur": "follow_up",
    "recurrence": "follow_up",
    "rehearse": "dry_run",
    "rehearsed": "tested",
    "relink": "replace_link",
    "resting": "on_hold",
    "rests": "holds",
    "road": "path",
    "rung": "escalation_level",
    "rungs": "escalation_levels",
    "said": "stated",
    "say": "describe",
    "says": "states",
    "settle": "reconcile",
    "settled": "reconciled",
    "shelf": "backup_folder",
    "stories": "scenarios",
    "story": "scenario",
    "stray": "obstacle",
    "tell": "describe",
    "teller": "describer",
    "tells": "describes",
    "thinning": "retention",
    "tie": "link",
    "tied": "linked",
    "ties": "links",
    "told": "described",
    "tries": "failed_unlocks",
    "waiver": "risk_acceptance",
    "waivers": "risk_acceptances",
    "walk": "replay",
    "way": "transition",
    "ways": "transitions",
    "worn": "acting_as",
}
"""Word: what to say instead."""

EXCEPTIONS = {
    "way_back": "a field of the change request process: how a change is undone",
    "way_out": "the text of a message, what a person can do",
    "_under_way": "long work that runs",
}
"""Names that may hold such a word, with the reason."""


def words_of(name: str) -> set[str]:
    """The lower-case words that a name is made of, in whichever spelling."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def names_in(file: Path) -> set[str]:
    """The identifiers of a file, and its own name."""
    with file.open(encoding="utf-8") as text:
        found = {token.string for token in tokenize.generate_tokens(text.readline) if token.type == tokenize.NAME}
    return {file.stem, *found}


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_holds_a_word_that_the_glossary_replaces(room: str) -> None:
    wrong = {
        f"{file.relative_to(ROOT)}: {name} ({word}: {BANNED[word]})"
        for file in sorted((ROOT / room).rglob("*.py"))
        for name in names_in(file) - set(EXCEPTIONS)
        for word in words_of(name) & set(BANNED)
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_no_file_of_the_tests_is_named_by_such_a_word() -> None:
    files = [file for file in (ROOT / "tests").rglob("*.py") if file.name != Path(__file__).name]
    wrong = {f"{file.relative_to(ROOT)}: {word}" for file in files for word in words_of(file.stem) & set(BANNED)}
    assert files
    assert not wrong, "\n".join(sorted(wrong))


def test_every_exception_is_still_needed() -> None:
    there = {name for room in ROOMS for file in (ROOT / room).rglob("*.py") for name in names_in(file)}
    assert set(EXCEPTIONS) <= there
