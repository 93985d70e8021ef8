"""The leaves under an entry give the command back, and say so where they are none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from memory_register import MemoryVault

from domain.commands.approvals import AskQuestion
from domain.commands.command import NONCE_SIZE, Command, command_from_leaves, values_of
from domain.commands.deciding import decide
from domain.commands.evidence import AddEvidence
from domain.commands.items import EditItem
from domain.commands.migration import MigrateItems
from domain.commands.requests import DecideRequest
from domain.commands.vault_events import (
    RecordExport,
    RecordMigration,
    RecordRefusal,
    RecordRestore,
    RecordRestoreTest,
)
from domain.errors import UsageProblem
from domain.log.canonical import canonical
from domain.rules.fields import LONGEST_TEXT

NONCE = bytes(range(NONCE_SIZE))


def leaves_of(vault: MemoryVault, **first: Any) -> list[bytes]:
    command = AskQuestion(item="i-1", text="Which pump?", of=vault.ids["Quinn"])
    output = json.loads(command.leaves(NONCE)[0])
    return [canonical({**output, **first})]


def test_a_command_comes_back_with_its_nonce(vault: MemoryVault) -> None:
    command, nonce = command_from_leaves(leaves_of(vault))
    assert isinstance(command, AskQuestion)
    assert (command.text, nonce) == ("Which pump?", NONCE)


@pytest.mark.parametrize(
    "nonce", [None, 7, ["00"], "", "00", NONCE.hex().upper(), f" {NONCE.hex()}", "no hex", NONCE.hex() + "00"]
)
def test_what_is_no_nonce_is_refused(vault: MemoryVault, nonce: object) -> None:
    with pytest.raises(UsageProblem, match="nonce"):
        command_from_leaves(leaves_of(vault, nonce=nonce))


@pytest.mark.parametrize("wrong", [{"text": 7}, {"more": "x"}, {"of": None}, {"gate": True}])
def test_fields_that_are_not_of_the_command_or_not_of_their_kind_are_refused(
    vault: MemoryVault, wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageProblem, match="ask_question"):
        command_from_leaves(leaves_of(vault, **wrong))


@pytest.mark.parametrize(
    ("command", "spelled_otherwise"),
    [
        (DecideRequest(item="i-1", request="r-1", approve=True), {"approve": "true"}),
        (DecideRequest(item="i-1", request="r-1", approve=True), {"approve": 1}),
        (AddEvidence(item="i-1", requirement="proof", file="ab" * 32, size=12, file_name="a.txt"), {"size": "12"}),
    ],
)
def test_what_was_signed_has_one_spelling_and_no_other_is_taken_for_it(
    command: Command, spelled_otherwise: dict[str, Any]
) -> None:
    signed = json.loads(command.leaves(NONCE)[0])
    assert command_from_leaves([canonical(signed)]) == (command, NONCE)
    with pytest.raises(UsageProblem, match=command.word):
        command_from_leaves([canonical({**signed, **spelled_otherwise})])


def test_a_migration_has_a_leaf_for_each_item_in_their_order() -> None:
    command = MigrateItems(items=("i-1", "i-2"), version="work@2", reason="More scope", meaning="I decide it")
    first, one, two = command.leaves(NONCE)
    assert command_from_leaves([first, one, two]) == (command, NONCE)
    for others in ([one], [two, one], [one, one], [one, two, two], []):
        with pytest.raises(UsageProblem):
            command_from_leaves([first, *others])


@pytest.mark.parametrize("leaf", [["i-1"], "i-1", 7, None])
def test_a_leaf_of_a_migration_names_an_item(leaf: object) -> None:
    command = MigrateItems(items=("i-1", "i-2"), version="work@2", reason="More scope", meaning="I decide it")
    first, *others = command.leaves(NONCE)
    assert len(others) == 2
    with pytest.raises(UsageProblem, match="names no item"):
        command_from_leaves([first, others[0], canonical(leaf)])


@pytest.mark.parametrize("leaves", [[], [canonical(["ask_question"])], [canonical({"nonce": NONCE.hex()})]])
def test_leaves_that_name_no_command_are_refused(leaves: list[bytes]) -> None:
    with pytest.raises(UsageProblem):
        command_from_leaves(leaves)


@pytest.mark.parametrize("text", ["x" * (LONGEST_TEXT + 1), "Which \udcfc pump?"], ids=["too long", "no text"])
def test_text_that_cannot_be_kept_is_refused_whatever_the_rules_say(vault: MemoryVault, text: str) -> None:
    item, quentin = vault.new_item(), vault.ids["Quentin"]
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    vault.act(AskQuestion, "Quinn", item=item, text="x" * LONGEST_TEXT, of=quentin)
    command = AskQuestion(item=item, text=text, of=quentin)
    with pytest.raises(UsageProblem):
        decide(command, vault.register, vault.actor("Quinn"), nonce=NONCE)


def test_a_migration_of_the_store_says_from_which_format_to_which(
    vault: MemoryVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.commands.vault_events.SCHEMA_VERSION", 2)
    act = vault.act(
        RecordMigration, "Ada", to=2, entries=vault.register.log_size(), root="ab" * 32, backup="b-1", device="d"
    )
    (change,) = (json.loads(each.data()) for each in act.changes)
    assert (change["after"]["before"], change["after"]["after"], act.reason) == (1, 2, "1 -> 2")
    for to in (1, 3):
        with pytest.raises(UsageProblem):
            vault.act(RecordMigration, "Ada", to=to, entries=1, root="ab" * 32, backup="b-1", device="d")


@pytest.mark.parametrize(
    "command",
    [
        RecordExport(kind="log", name="log.json", sha256="AB" * 32, size=1),
        RecordExport(kind="log", name="log.json", sha256="ab" * 32, size=-1),
        RecordRestoreTest(source="b", made_at="", entries=-1, root="", files=0, problem="", device="d"),
        RecordRestoreTest(source="b", made_at="", entries=0, root="", files=-1, problem="", device="d"),
        RecordRestore(source="b", entries=-1, root="", seen="", reason="", device="d"),
        RecordRestore(source="b", entries=0, root="", seen="ab" * 32, reason=" ", device="d"),
        RecordRefusal(refused=values_of(EditItem(item="T1-CAPA-0001", fields={"title": "Other words"}))),
    ],
    ids=["no digest", "no size", "entries", "files", "restored entries", "seen and no reason", "not refused"],
)
def test_what_cannot_have_happened_is_not_put_on_record(vault: MemoryVault, command: Command) -> None:
    vault.new_item()
    with pytest.raises(UsageProblem):
        decide(command, vault.register, vault.actor("Olga"), nonce=NONCE)


@pytest.mark.parametrize("problem", ["", "A file is missing"])
def test_a_restore_test_that_failed_is_on_record_like_one_that_went_well(vault: MemoryVault, problem: str) -> None:
    command = RecordRestoreTest(source="b", made_at="", entries=0, root="", files=0, problem=problem, device="d")
    (change,) = decide(command, vault.register, vault.actor("Olga"), nonce=NONCE).changes
    assert (change.after["outcome"], change.after.get("problem", "")) == ("failed" if problem else "restored", problem)
