"""Detours by which one person would count on both sides of a separation: each is refused, and named when forged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from governed_capa import CLOSING, PLAN, at_plan, governed, judged, urgent
from judged_again import breaches_of
from memory_register import MemoryVault, a_file

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Case, Command, ItemCommand
from domain.commands.deciding import decide
from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.items import AssignItem, EditItem, MoveItem, ReopenItem
from domain.commands.people import DisablePerson
from domain.commands.requests import DecideRequest, RequestChange, RequestExtension
from domain.commands.urgency import ApproveUrgent, ConfirmUrgent, MarkUrgent
from domain.errors import Refused
from domain.simulation.memory_register import header_of

NONCE = bytes(range(16))
MANDATE = {"role": "quality", "first_day": "2026-11-02", "last_day": "2026-11-14", "reason": "On leave."}
Story = Callable[[MemoryVault, str], None]


def give(vault: MemoryVault, item: str, to: str, by: str = "Quentin") -> None:
    """Assign the item, and let the new owner accept it where that is asked."""
    vault.do(AssignItem, by, item=item, person=vault.ids[to])
    if vault.register.item(item).owner != vault.ids[to]:
        vault.do(AcceptHandoff, to, item=item)


def owner_gives_it_away(vault: MemoryVault, item: str) -> None:
    give(vault, item, "Nora", by="Olga")


def owner_for_a_minute(vault: MemoryVault, item: str) -> None:
    give(vault, item, "Quinn")
    give(vault, item, "Olga", by="Quinn")


def owner_returns_it_twice(vault: MemoryVault, item: str) -> None:
    give(vault, item, "Quinn")
    give(vault, item, "Nora", by="Quinn")
    give(vault, item, "Olga", by="Quinn")


def takes_it_by_own_command(vault: MemoryVault, item: str) -> None:
    give(vault, item, "Quinn", by="Quinn")
    give(vault, item, "Olga", by="Quentin")


def writes_the_cause(vault: MemoryVault, item: str) -> None:
    vault.do(EditItem, "Quinn", item=item, fields={"root_cause": "Wear of the fixture."}, reason="Seen anew")


def writes_and_another_writes_over_it(vault: MemoryVault, item: str) -> None:
    vault.do(EditItem, "Quinn", item=item, fields={"root_cause": "Wear of the fixture."}, reason="Seen anew")
    vault.do(EditItem, "Olga", item=item, fields={"root_cause": "Worn fixture, unseen."}, reason="Seen anew")


def adds_evidence(vault: MemoryVault, item: str) -> None:
    vault.add_accepted(item, "implementation_record", by="Quinn", reviewer="Quentin")


def adds_evidence_that_is_rejected(vault: MemoryVault, item: str) -> None:
    vault.do(AddEvidence, "Quinn", item=item, requirement="implementation_record", file=a_file("x"), file_name="x.txt")
    evidence = vault.register.item_file(item).evidence[-1].id
    vault.do(ReviewEvidence, "Quentin", item=item, evidence=evidence, accept=False, note="Of another item.")


def delegate_of_the_owner(vault: MemoryVault, item: str) -> None:
    vault.do(GrantMandate, "Olga", delegate=vault.ids["Quinn"], **MANDATE)


def delegator_of_the_owner(vault: MemoryVault, item: str) -> None:
    vault.do(GrantMandate, "Quinn", delegate=vault.ids["Olga"], **MANDATE)


def delegate_whose_mandate_is_revoked(vault: MemoryVault, item: str) -> None:
    mandate = vault.do(GrantMandate, "Olga", delegate=vault.ids["Quinn"], **MANDATE).header.subject
    vault.do(RevokeMandate, "Olga", mandate=mandate, reason="Back.")


def delegate_of_the_owner_before(vault: MemoryVault, item: str) -> None:
    vault.do(GrantMandate, "Olga", delegate=vault.ids["Quinn"], **MANDATE)
    give(vault, item, "Nora", by="Olga")


def asks_for_a_change(vault: MemoryVault, item: str) -> None:
    fields = {"effectiveness_criterion": "None in 900 parts."}
    vault.do(RequestChange, "Quinn", item=item, fields=fields, reason="Stricter.")


def asks_for_a_change_that_is_granted(vault: MemoryVault, item: str) -> None:
    asks_for_a_change(vault, item)
    request = vault.register.item_file(item).requests[-1].id
    vault.do(DecideRequest, "Pat", item=item, request=request, approve=True)


def owner_is_disabled_and_it_is_given_on(vault: MemoryVault, item: str) -> None:
    give(vault, item, "Quinn")
    give(vault, item, "Nora", by="Quinn")
    vault.do(DisablePerson, "Ada", person=vault.ids["Nora"], reason="Left.")


DETOURS: dict[str, tuple[str, Story]] = {
    "the owner gives it away": ("Olga", owner_gives_it_away),
    "owner for a minute": ("Quinn", owner_for_a_minute),
    "owner, and two hand-overs since": ("Quinn", owner_returns_it_twice),
    "taken and given back by own command": ("Quinn", takes_it_by_own_command),
    "wrote a signed field": ("Quinn", writes_the_cause),
    "wrote, and somebody wrote over it": ("Quinn", writes_and_another_writes_over_it),
    "added evidence": ("Quinn", adds_evidence),
    "added evidence that was rejected": ("Quinn", adds_evidence_that_is_rejected),
    "delegate of the owner": ("Quinn", delegate_of_the_owner),
    "delegator of the owner": ("Quinn", delegator_of_the_owner),
    "delegate whose mandate was revoked": ("Quinn", delegate_whose_mandate_is_revoked),
    "delegate of who owned it before": ("Quinn", delegate_of_the_owner_before),
    "asked for a change": ("Quinn", asks_for_a_change),
    "asked for a change that was granted": ("Quinn", asks_for_a_change_that_is_granted),
    "gave it to somebody who left": ("Quinn", owner_is_disabled_and_it_is_given_on),
}


def owner_separated(document: dict[str, Any]) -> None:
    """Levels that keep the owner out, and changes by request; the creator may sign."""
    for transition in document["transitions"]:
        for level in transition.get("gate", {}).get("approvals", []):
            level["separate_from"] = ["owner", "levels"]
    document["change"] = {
        "roles": ["quality", "owner"],
        "decided_by": ["process_owner"],
        "meaning": "I agree to the change.",
    }


def forged(vault: MemoryVault, command: Command, name: str) -> list[str]:
    """What verification says of an entry with this command, signed by this person behind the program's back."""
    by = vault.actor(name)
    act = command.decide(Case(vault.register, by, nonce=NONCE))
    header = header_of(act, by, seq=vault.register.log_size())
    return [each.text for each in breaches_of(vault.register, header, command.leaves(NONCE), act.changes)]


def named(texts: list[str], rule: str) -> bool:
    """Whether an entry is named because this rule did not allow its command."""
    return any(f"(rule {rule})" in each for each in texts)


@pytest.mark.parametrize("about", list(DETOURS))
def test_whoever_did_the_work_signs_nothing_whatever_the_fields_say_now(about: str) -> None:
    name, story = DETOURS[about]
    vault = governed(owner_separated)
    item = at_plan(vault)
    story(vault, item)
    approve = ApproveItem(item=item, gate=PLAN, meaning="I release it.")
    assert "separation.owner" in judged(vault, item, approve, name)
    assert named(forged(vault, approve, name), "separation.owner")


def test_the_owner_who_assigns_it_away_and_back_can_neither_approve_nor_close() -> None:
    """The detour as it was seen: away, both levels, back, closed."""

    def small_site(document: dict[str, Any]) -> None:
        owner_separated(document)
        document["closure"]["separate_from"] = ["owner"]
        for level in document["closure"]["gate"]["approvals"]:
            level["separate_from"] = ["owner"]

    vault = governed(small_site)
    vault.enrol("Hana", ("quality", "process_owner"))
    item = vault.new_item(owner=vault.ids["Hana"])
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    give(vault, item, "Olga", by="Hana")
    approve = ApproveItem(item=item, gate=CLOSING, meaning="I release it.")
    assert judged(vault, item, approve, "Hana") == ["separation.owner"]
    assert named(forged(vault, approve, "Hana"), "separation.owner")
    vault.sign_both(item)
    give(vault, item, "Hana", by="Hana")
    give(vault, item, "Nora", by="Hana")
    close = CloseItem(item=item, outcome="reached", meaning="It holds.")
    assert judged(vault, item, close, "Hana") == ["separation.owner"]
    assert named(forged(vault, close, "Hana"), "separation.owner")
    assert judged(vault, item, close, "Quentin") == []


def test_a_signature_counts_no_more_once_its_signer_worked_on_the_item() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    vault.sign_both(item)
    move = MoveItem(item=item, step="implementation")
    assert judged(vault, item, move, "Olga") == []
    adds_evidence(vault, item)
    assert judged(vault, item, move, "Olga") == ["approval.missing"]


def test_a_new_cycle_lets_nobody_sign_what_they_wrote_before_it() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    vault.do(EditItem, "Dora", item=item, fields={"root_cause": "Wear."}, reason="Seen anew")
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    vault.do(ApproveItem, "Quentin", item=item)
    vault.do(ApproveItem, "Pat", item=item)
    vault.do(CloseItem, "Quinn", item=item, outcome="reached", summary="It holds.")
    vault.do(ReopenItem, "Quinn", item=item, reason="Recurred.")
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    approve = ApproveItem(item=item, gate=PLAN, meaning="I release it.")
    assert judged(vault, item, approve, "Dora") == ["separation.owner"]
    assert named(forged(vault, approve, "Dora"), "separation.owner")
    assert judged(vault, item, approve, "Quentin") == []


def test_a_cycle_owned_before_binds_nobody_who_wrote_nothing() -> None:
    vault = governed(owner_separated)
    item = vault.new_item()
    give(vault, item, "Quinn")
    give(vault, item, "Olga")
    assert vault.register.item(item).took_part == [[1, "p-olga", "owned"], [1, "p-quinn", "owned"]]
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    assert judged(vault, item, ApproveItem(item=item, gate=PLAN), "Quinn") == ["separation.owner"]


def test_what_a_forged_hand_over_leaves_out_is_named() -> None:
    vault = governed(owner_separated)
    item = vault.new_item()
    command, by = AssignItem(item=item, person=vault.ids["Quinn"]), vault.actor("Olga")
    act = decide(command, vault.register, by, nonce=NONCE)
    (change,) = act.changes
    kept = {name: value for name, value in change.after.items() if name != "took_part"}
    before = {name: value for name, value in (change.before or {}).items() if name != "took_part"}
    forgery = type(change)(change.record, change.id, before, kept)
    header = header_of(act, by, seq=vault.register.log_size())
    assert breaches_of(vault.register, header, act.command, (forgery,))


def test_assigning_while_signatures_are_open_waits_to_be_accepted() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    vault.do(AssignItem, "Olga", item=item, person=vault.ids["Nora"])
    assert vault.register.item(item).owner == vault.ids["Olga"]
    assert judged(vault, item, MoveItem(item=item, step="implementation"), "Olga")[0] == "handoff.open"
    assert judged(vault, item, AcceptHandoff(item=item), "Quinn") == ["handoff.not_yours"]
    vault.do(ReturnHandoff, "Nora", item=item, reason="Not my line.")
    assert vault.register.item(item).step == "plan"
    assert vault.register.item(item).owner == vault.ids["Olga"]
    vault.do(AssignItem, "Olga", item=item, person=vault.ids["Nora"])
    vault.do(AssignItem, "Quentin", item=item, person=vault.ids["Zoe"])
    assert [each.state for each in vault.register.item_file(item).handoffs] == ["returned", "returned", "offered"]
    vault.do(AcceptHandoff, "Zoe", item=item)
    assert vault.register.item(item).owner == vault.ids["Zoe"]


def test_an_offer_to_somebody_who_left_is_replaced_and_its_refusal_names_nobody() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    vault.do(AssignItem, "Olga", item=item, person=vault.ids["Nora"])
    vault.do(DisablePerson, "Ada", person=vault.ids["Nora"], reason="Left.")
    (stands, *_) = MoveItem(item=item, step="implementation").judge_by(vault.facts(item, "Olga")).obstacles
    assert stands.responsible == "nobody of Nora can: enrol or delegate"
    vault.do(AssignItem, "Olga", item=item, person=vault.ids["Olga"])
    assert vault.register.item(item).owner == vault.ids["Olga"]
    assert "handoff.open" not in judged(vault, item, MoveItem(item=item, step="implementation"), "Olga")


def test_a_step_that_wants_its_owner_to_accept_asks_whoever_it_is_assigned_to() -> None:
    def accepted_by_the_owner(document: dict[str, Any]) -> None:
        step = next(each for each in document["steps"] if each["id"] == "containment")
        step |= {"responsible": "owner", "handoff_accepted": True}

    vault = governed(accepted_by_the_owner)
    item = vault.new_item()
    vault.do(MoveItem, "Olga", item=item, step="containment")
    assert judged(vault, item, AcceptHandoff(item=item), "Olga") == ["handoff.none"]
    vault.do(AssignItem, "Olga", item=item, person=vault.ids["Nora"])
    assert vault.register.item(item).owner == vault.ids["Olga"]
    vault.do(AcceptHandoff, "Nora", item=item)
    assert vault.register.item(item).owner == vault.ids["Nora"]


def test_whoever_added_a_file_does_not_accept_it_by_a_delegate() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    vault.do(GrantMandate, "Olga", delegate=vault.ids["Quinn"], **MANDATE)
    vault.do(AddEvidence, "Olga", item=item, requirement="implementation_record", file=a_file("x"), file_name="x.txt")
    evidence = vault.register.item_file(item).evidence[-1].id
    review = ReviewEvidence(item=item, evidence=evidence, accept=True)
    assert judged(vault, item, review, "Quinn") == ["separation.evidence"]
    assert named(forged(vault, review, "Quinn"), "separation.evidence")


def test_the_urgent_path_is_no_way_around_either() -> None:
    vault = governed(urgent())
    vault.enrol("Petra", ("process_owner",))
    item = at_plan(vault)
    vault.do(EditItem, "Dora", item=item, fields={"root_cause": "Wear."}, reason="Seen anew")
    vault.do(MarkUrgent, "Olga", item=item, code="safety", reason="A part can break off.")
    signing = ApproveUrgent(item=item, meaning="Urgent.")
    assert judged(vault, item, signing, "Dora") == ["separation.owner"]
    assert named(forged(vault, signing, "Dora"), "separation.owner")
    vault.do(ApproveUrgent, "Pat", item=item)
    vault.do(MoveItem, "Olga", item=item, step="implementation")
    give(vault, item, "Quentin")
    give(vault, item, "Olga", by="Quinn")
    confirming = ConfirmUrgent(item=item, meaning="I confirm.")
    assert "separation.owner" in judged(vault, item, confirming, "Quentin")
    assert named(forged(vault, confirming, "Quentin"), "separation.owner")


def test_who_asked_for_a_later_day_does_not_decide_it_after_giving_the_item_away() -> None:
    def later_days(document: dict[str, Any]) -> None:
        document["extension"] = {
            "locked_from": "implementation",
            "roles": ["owner"],
            "decided_by": ["quality"],
            "meaning": "I agree to the later day.",
            "separate_from": ["owner"],
        }

    vault = governed(later_days)
    item = vault.new_item()
    vault.bring_to(item, "implementation")
    values = {"due": "2027-01-15", "reason": "Late.", "interim_risk": "Sorted by hand."}
    vault.do(RequestExtension, "Olga", item=item, **values)
    give(vault, item, "Nora", by="Olga")
    decision = DecideRequest(
        item=item, request=vault.register.item_file(item).requests[-1].id, approve=True, meaning="I agree."
    )
    assert "separation.owner" in judged(vault, item, decision, "Olga")
    assert named(forged(vault, decision, "Olga"), "separation.owner")


def test_a_refused_command_leaves_the_item_as_it_was() -> None:
    vault = governed(owner_separated)
    item = at_plan(vault)
    writes_the_cause(vault, item)
    before = vault.register.item_file(item)
    with pytest.raises(Refused) as refusal:
        vault.do(ApproveItem, "Quinn", item=item, gate=PLAN)
    assert [each.text for each in refusal.value.obstacles] == [
        "Quinn wrote what is signed and may not also sign 'Release the plan', by Corrective action, version 1."
    ]
    assert vault.register.item_file(item) == before
    wanted: ItemCommand = ApproveItem(item=item, gate=PLAN)
    (stands,) = wanted.judge_by(vault.facts(item, "Quinn")).obstacles
    assert stands.responsible == "Quentin, Dora"
