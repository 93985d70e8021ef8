"""Entries crafted around the gates, with valid signatures of their own: replay with the rules names each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from command_line import PASSPHRASE, command, secret_file

from desktop.application.building import CountersignBuilding
from desktop.machine.ids import id_maker
from desktop.session.open_vault import UnlockedVault
from desktop.session.signatory import KeySignatory
from domain.act import Act, Change, created
from domain.commands.approvals import ApproveItem
from domain.commands.evidence import ReviewEvidence
from domain.commands.people import SignDeclaration
from domain.identity import iso
from domain.records.item import Item
from domain.rules.content import content_hash
from domain.rules.facts import gather

IVAN, QUINN, OTTO, PRIYA = "Ivan Import", "Quinn Quality", "Otto Owner", "Priya Process"
GATE = "plan->implementation"
PLANNED, HALF_APPROVED, VERIFIED = "SS-CAPA-0009", "SS-CAPA-0008", "SS-CAPA-0005"
As = Callable[[str], UnlockedVault]


@pytest.fixture
def unlock(sample_vault: Path) -> Iterator[As]:
    opened: list[UnlockedVault] = []

    def enter(name: str) -> UnlockedVault:
        while opened:
            opened.pop().lock()
        opened.append(CountersignBuilding().unlock(sample_vault, person=name, passphrase=PASSPHRASE))
        return opened[-1]

    yield enter
    while opened:
        opened.pop().lock()


def found(vault: UnlockedVault, number: str) -> Item:
    return vault.register.item(number)


def moved(vault: UnlockedVault, number: str, step: str, **more: Any) -> tuple[Change, ...]:
    """The changes of a move as the program itself writes them."""
    item, at = found(vault, number), iso(vault.actor().at)
    before: dict[str, Any] = {"step": item.step, "step_since": item.step_since}
    before |= {name: msgspec.to_builtins(getattr(item, name)) for name in more}
    passage = {
        "item": item.id,
        "cycle": item.cycle,
        "from_step": item.step,
        "to_step": step,
        "at": at,
        "by": vault.actor().person,
        "reason": "",
    }
    change = Change("item", item.id, before, {"step": step, "step_since": at, **more})
    return change, created("passage", id_maker(vault.actor().at)(), passage)


def signature(vault: UnlockedVault, number: str, **other: Any) -> Change:
    """A signature on the plan as the program writes it, but for what is given here."""
    actor, item = vault.actor(), found(vault, number)
    values = {
        "item": item.id,
        "cycle": item.cycle,
        "gate": GATE,
        "level": 1,
        "person": actor.person,
        "role": "quality",
        "mandate": "",
        "decision": "approved",
        "meaning": "I have reviewed it",
        "reason": "",
        "content": content_hash(gather(vault.register, item.id, actor), GATE),
        "given_at": iso(actor.at),
    }
    return created("approval", id_maker(actor.at)(), {**values, **other})


def somebody_else(vault: UnlockedVault) -> str:
    return next(each.id for each in vault.register.people() if each.name == PRIYA)


def act(vault: UnlockedVault, number: str, name: str, *changes: Change, role: str, **more: Any) -> Act:
    item = found(vault, number)
    return Act(name=name, changes=changes, role=role, subject=item.id, process_version=item.process_version, **more)


def signed(vault: UnlockedVault, number: str, **other: Any) -> Act:
    role = other.get("role", "quality")
    return act(
        vault, number, "approve_item", signature(vault, number, **other), role=role, meaning="I have reviewed it"
    )


def pass_without_signatures(vault: UnlockedVault) -> Act:
    return act(vault, PLANNED, "move_item", *moved(vault, PLANNED, "implementation"), role="quality")


def pass_where_no_way_is(vault: UnlockedVault) -> Act:
    return act(vault, PLANNED, "move_item", *moved(vault, PLANNED, "verification"), role="quality")


def close_without_signatures(vault: UnlockedVault) -> Act:
    item, at = found(vault, VERIFIED), iso(vault.actor().at)
    closure = {
        "item": item.id,
        "cycle": item.cycle,
        "outcome": "reached",
        "summary": "",
        "closed_at": at,
        "closed_by": vault.actor().person,
        "role": "quality",
        "entries": [],
    }
    changes = moved(vault, VERIFIED, "closed", state="closed", closed=at[:10])
    record = created("closure", id_maker(vault.actor().at)(), closure)
    return act(vault, VERIFIED, "close_item", *changes, record, role="quality", meaning="Closed")


def edit_moves(vault: UnlockedVault) -> Act:
    return act(vault, PLANNED, "edit_item", moved(vault, PLANNED, "implementation")[0], role="quality")


def edit_signs(vault: UnlockedVault) -> Act:
    change = Change("item", found(vault, PLANNED).id, {"title": found(vault, PLANNED).title}, {"title": "Other"})
    return act(vault, PLANNED, "edit_item", change, signature(vault, PLANNED), role="quality", meaning="Edited")


def takes_it_over(vault: UnlockedVault) -> Act:
    item, person = found(vault, PLANNED), vault.actor().person
    change = Change("item", item.id, {"owner": item.owner}, {"owner": person})
    return act(vault, PLANNED, "edit_item", change, role="quality")


def changes_a_signature(vault: UnlockedVault) -> Act:
    given = next(each for each in vault.register.item_file(HALF_APPROVED).approvals if each.gate == GATE)
    change = Change("approval", given.id, {"decision": "approved"}, {"decision": "rejected"})
    return act(vault, HALF_APPROVED, "approve_item", change, role="quality", meaning="Changed")


def cancels_unasked(vault: UnlockedVault) -> Act:
    changes = moved(vault, PLANNED, found(vault, PLANNED).step, state="cancelled")
    return act(vault, PLANNED, "cancel_item", *changes, role="auditor", reason="because", meaning="Cancelled")


CRAFTED: dict[str, tuple[str, Callable[[UnlockedVault], Act], str, str]] = {
    "passes_a_gate_without_signatures": (QUINN, pass_without_signatures, "approval.missing", "session"),
    "passes_where_no_way_is": (QUINN, pass_where_no_way_is, "transition.none", "session"),
    "closes_without_signatures": (QUINN, close_without_signatures, "approval.missing", "passphrase"),
    "creator_signs_own_work": (IVAN, lambda v: signed(v, PLANNED), "separation.creator", "passphrase"),
    "signs_twice_for_two_levels": (
        QUINN,
        lambda v: signed(v, HALF_APPROVED, level=2),
        "separation.levels",
        "passphrase",
    ),
    "signs_at_a_level_not_asked": (QUINN, lambda v: signed(v, PLANNED, level=2), "level", "passphrase"),
    "signs_other_content": (QUINN, lambda v: signed(v, PLANNED, content="0" * 64), "content", "passphrase"),
    "signs_for_another_person": (QUINN, lambda v: signed(v, PLANNED, person=somebody_else(v)), "person", "passphrase"),
    "signs_without_passphrase": (QUINN, lambda v: signed(v, PLANNED), "person", "session"),
    "signs_for_another_item": (
        QUINN,
        lambda v: signed(v, PLANNED, item=found(v, VERIFIED).id),
        "item",
        "passphrase",
    ),
    "edit_moves_the_item": (QUINN, edit_moves, "step", "session"),
    "edit_hides_a_signature": (QUINN, edit_signs, "id", "passphrase"),
    "edit_takes_the_item_over": (QUINN, takes_it_over, "owner", "session"),
    "changes_a_signature": (QUINN, changes_a_signature, "id", "passphrase"),
    "owner_cancels_without_the_right": (OTTO, cancels_unasked, "right.missing", "passphrase"),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_entry_is_named_with_the_rule_it_breaks(unlock: As, name: str) -> None:
    person, craft, expected, auth = CRAFTED[name]
    vault = unlock(person)
    if vault.people_keys.declaration:
        vault.perform(SignDeclaration(key=vault.people_keys.key_id), passphrase=PASSPHRASE)
    crafted = craft(vault)
    entry = vault._store.record(
        crafted,
        signatory=KeySignatory(vault._keys, auth=auth),
        at=vault.actor().at,
        zone="+00:00 UTC",
        device="desk",
    )
    verdict, judged = vault.log.verify_with_rules()
    assert verdict.findings, "it must be found"
    kinds = {finding.kind for finding in verdict.findings}
    assert kinds == ({"rules"} if judged else {"people"}), "the log itself holds: hashes, keys, rows"
    assert {finding.entry for finding in verdict.findings} == {entry.header.seq}
    assert expected in {finding.field for finding in verdict.findings}, [f.text for f in verdict.findings]
    assert vault.read_only, "nothing more is recorded on top of it"


def test_what_the_gates_let_through_is_let_through_again(unlock: As) -> None:
    vault = unlock(QUINN)
    vault.perform(ApproveItem(item=PLANNED), passphrase=PASSPHRASE)
    vault = unlock(PRIYA)
    vault.perform(ApproveItem(item=PLANNED), passphrase=PASSPHRASE)
    verdict, judged = vault.log.verify_with_rules()
    assert verdict.findings == ()
    assert judged > 150
    acts = {vault.register.entry(seq).header.act for seq in range(vault.register.log_size())}
    assert {
        "import_register",
        "move_item",
        "approve_item",
        "close_item",
        ReviewEvidence.__name__,
    } <= acts


def test_a_log_that_does_not_hold_is_not_asked_about_rules(unlock: As) -> None:
    vault = unlock(QUINN)
    connection = vault._store._engine.raw_connection()
    connection.driver_connection.execute("UPDATE item SET title = 'Another' WHERE number = ?", (PLANNED,))
    connection.close()
    verdict, judged = vault.log.verify_with_rules()
    assert "title" in {finding.field for finding in verdict.findings}
    assert judged == 0


def test_the_command_asks_the_rules_when_everything_is_to_be_checked(sample_vault: Path, tmp_path: Path) -> None:
    who = ("--as", QUINN, "--passphrase-file", secret_file(tmp_path), "--json")
    told = command("log", "verify", sample_vault, "--full", *who)
    assert (told.code, told.json()["intact"]) == (0, True), told
    assert told.json()["judged"] > 150
    assert command("log", "verify", sample_vault, *who).json()["judged"] == 0
