"""Entries crafted around the gates, with valid signatures of their own: verification names each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from command_line import PASSPHRASE, command, secret_file
from forged_entries import NONCE, alter, broken, differs, not_given, slip_in, write

from desktop.application.application import CountersignApplication
from desktop.machine.ids import id_maker
from desktop.session.unlocked_session import UnlockedSession
from domain.act import Change, created
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem, CloseItem
from domain.commands.deciding import decide
from domain.commands.items import EditItem, MoveItem
from domain.commands.people import SignDeclaration
from domain.identity import iso
from domain.log.verdict import Finding
from domain.records.item import Item
from domain.rules.content import content_hash
from domain.rules.facts import gather
from resources.texts.declarations import DECLARATION

IVAN, QUINN, OTTO, PRIYA = "Ivan Import", "Quinn Quality", "Otto Owner", "Priya Process"
GATE = "plan->implementation"
PLANNED, HALF_APPROVED, VERIFIED = "SS-CAPA-0009", "SS-CAPA-0008", "SS-CAPA-0005"
As = Callable[[str], UnlockedSession]


@pytest.fixture
def unlock(sample_vault: Path) -> Iterator[As]:
    opened: list[UnlockedSession] = []

    def enter(name: str) -> UnlockedSession:
        while opened:
            opened.pop().lock()
        opened.append(CountersignApplication().unlock(sample_vault, person=name, passphrase=PASSPHRASE))
        return opened[-1]

    yield enter
    while opened:
        opened.pop().lock()


def found(vault: UnlockedSession, number: str) -> Item:
    return vault.register.item(number)


def moved(vault: UnlockedSession, number: str, step: str, **more: Any) -> tuple[Change, ...]:
    """The changes of a move as the program itself writes them."""
    item, at = found(vault, number), iso(vault.actor().at)
    before: dict[str, Any] = {"step": item.step, "step_since": item.step_since}
    before |= {name: msgspec.to_builtins(getattr(item, name)) for name in more}
    transition_record = {
        "item": item.id,
        "cycle": item.cycle,
        "from_step": item.step,
        "to_step": step,
        "at": at,
        "by": vault.actor().person,
        "reason": "",
    }
    change = Change("item", item.id, before, {"step": step, "step_since": at, **more})
    return change, created("transition_record", id_maker(vault.actor().at)(), transition_record)


def signature(vault: UnlockedSession, number: str, **other: Any) -> Change:
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


def somebody_else(vault: UnlockedSession) -> str:
    return next(each.id for each in vault.register.people() if each.name == PRIYA)


def approval(vault: UnlockedSession, number: str) -> ApproveItem:
    return ApproveItem(item=found(vault, number).id, meaning="I have reviewed it")


def edit(vault: UnlockedSession, number: str) -> EditItem:
    return EditItem(item=found(vault, number).id, fields={"title": "Other"}, reason="Named better")


def move(vault: UnlockedSession, step: str) -> list[Finding]:
    return slip_in(vault, MoveItem(item=found(vault, PLANNED).id, step=step), *moved(vault, PLANNED, step))


def close_without_signatures(vault: UnlockedSession) -> list[Finding]:
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
    return slip_in(vault, CloseItem(item=item.id, outcome="reached", meaning="Closed"), *changes, record)


def signed(vault: UnlockedSession, number: str, **other: Any) -> list[Finding]:
    return slip_in(vault, approval(vault, number), signature(vault, number, **other))


def sign_without_passphrase(vault: UnlockedSession) -> list[Finding]:
    by = vault.actor()
    act = decide(approval(vault, PLANNED), vault.register, by, nonce=NONCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop.session.unlocked_session.now", lambda: by.at)
        return write(vault, msgspec.structs.replace(act, signing=False))


def change_a_signature(vault: UnlockedSession) -> list[Finding]:
    given = next(each for each in vault.register.item_file(HALF_APPROVED).approvals if each.gate == GATE)
    change = Change("approval", given.id, {"decision": "approved"}, {"decision": "rejected"})
    return alter(vault, edit(vault, HALF_APPROVED), change)


def cancel_unasked(vault: UnlockedSession) -> list[Finding]:
    changes = moved(vault, PLANNED, found(vault, PLANNED).step, state="cancelled")
    cancel = CancelItem(item=found(vault, PLANNED).id, reason="because", meaning="Cancelled")
    return slip_in(vault, cancel, *changes)


CRAFTED: dict[str, tuple[str, Callable[[UnlockedSession], list[Finding]], Callable[[list[Finding]], bool]]] = {
    "passes_a_gate_without_signatures": (
        QUINN,
        lambda v: move(v, "implementation"),
        lambda f: broken(f, "approval.missing"),
    ),
    "passes_where_no_way_is": (QUINN, lambda v: move(v, "verification"), lambda f: broken(f, "transition.none")),
    "closes_without_signatures": (QUINN, close_without_signatures, lambda f: broken(f, "approval.missing")),
    "writer_signs_own_work": (IVAN, lambda v: signed(v, PLANNED), lambda f: broken(f, "separation.owner")),
    "signs_twice_for_two_levels": (
        QUINN,
        lambda v: signed(v, HALF_APPROVED, level=2),
        lambda f: broken(f, "separation.levels"),
    ),
    "signs_at_a_level_not_asked": (
        QUINN,
        lambda v: alter(v, approval(v, PLANNED), level=2),
        lambda f: differs(f, "approval", "level"),
    ),
    "signs_other_content": (
        QUINN,
        lambda v: alter(v, approval(v, PLANNED), content="0" * 64),
        lambda f: differs(f, "approval", "content"),
    ),
    "signs_for_another_person": (
        QUINN,
        lambda v: alter(v, approval(v, PLANNED), person=somebody_else(v)),
        lambda f: differs(f, "approval", "person"),
    ),
    "signs_without_passphrase": (QUINN, sign_without_passphrase, lambda f: differs(f, "entry", "auth")),
    "signs_for_another_item": (
        QUINN,
        lambda v: alter(v, approval(v, PLANNED), item=found(v, VERIFIED).id),
        lambda f: differs(f, "approval", "item"),
    ),
    "edit_moves_the_item": (
        QUINN,
        lambda v: alter(v, edit(v, PLANNED), step="implementation"),
        lambda f: differs(f, "item", "step"),
    ),
    "edit_hides_a_signature": (
        QUINN,
        lambda v: alter(v, edit(v, PLANNED), signature(v, PLANNED)),
        lambda f: not_given(f, "approval"),
    ),
    "edit_takes_the_item_over": (
        QUINN,
        lambda v: alter(v, edit(v, PLANNED), owner=v.actor().person),
        lambda f: differs(f, "item", "owner"),
    ),
    "changes_a_signature": (QUINN, change_a_signature, lambda f: not_given(f, "approval")),
    "owner_cancels_without_the_right": (OTTO, cancel_unasked, lambda f: broken(f, "right.missing")),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_entry_is_named_with_the_rule_it_breaks(unlock: As, name: str) -> None:
    person, craft, named = CRAFTED[name]
    vault = unlock(person)
    if vault.people_service.declaration:
        vault.perform(SignDeclaration(text=DECLARATION), passphrase=PASSPHRASE)
    findings = craft(vault)
    assert {finding.kind for finding in findings} == {"rules"}, "the log itself holds: hashes, keys, rows"
    assert named(findings), [finding.text for finding in findings]
    assert vault.read_only, "nothing more is recorded on top of it"


def test_what_the_gates_let_through_is_let_through_again(unlock: As) -> None:
    vault = unlock(QUINN)
    vault.perform(ApproveItem(item=PLANNED), passphrase=PASSPHRASE)
    vault = unlock(PRIYA)
    vault.perform(ApproveItem(item=PLANNED), passphrase=PASSPHRASE)
    verdict = vault.verify()
    assert verdict.findings == ()
    assert verdict.entries > 150
    acts = {vault.register.entry(seq).header.act for seq in range(vault.register.log_size())}
    assert {"import_register", "move_item", "approve_item", "close_item", "review_evidence"} <= acts


def test_rows_that_the_log_does_not_give_are_no_breach_of_rules(unlock: As) -> None:
    vault = unlock(QUINN)
    connection = vault._store._engine.raw_connection()
    assert connection.driver_connection is not None
    connection.driver_connection.execute("UPDATE item SET title = 'Another' WHERE number = ?", (PLANNED,))
    connection.close()
    findings = vault.verify().findings
    assert "title" in {finding.field for finding in findings}
    assert "rules" not in {finding.kind for finding in findings}


def test_the_ordinary_verification_names_a_forged_entry(unlock: As, sample_vault: Path, tmp_path: Path) -> None:
    who = ("--as", QUINN, "--passphrase-file", secret_file(tmp_path), "--json")
    output = command("log", "verify", sample_vault, *who)
    assert (output.code, output.json()["intact"]) == (0, True), output
    vault = unlock(QUINN)
    move(vault, "implementation")
    vault.lock()
    output = command("log", "verify", sample_vault, *who)
    assert (output.code, output.json()["intact"]) == (6, False), output
    assert any("approval.missing" in finding["text"] for finding in output.json()["findings"])
