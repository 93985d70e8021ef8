"""Commands about closing, requests, risk acceptance, links and handoffs: what they refuse and never store."""

from __future__ import annotations

import inspect
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from road import Road

from domain.act import Act
from domain.commands import closure, handoffs, links, requests, risk_acceptance
from domain.commands.closure import BeginRecurrence, CancelItem, CloseItem, KeepPack
from domain.commands.command import ItemCommand
from domain.commands.deciding import decide
from domain.commands.handoffs import ReturnHandoff
from domain.commands.items import HoldItem, MoveItem
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink
from domain.commands.requests import DecideRequest, RequestCancellation, RequestChange
from domain.commands.risk_acceptance import DecideWaiver, RequestWaiver, RevokeWaiver
from domain.errors import CountersignError, Refused, UsageProblem
from domain.identity import iso
from domain.rules.facts import gather
from domain.rules.obligations import obligation_words

FATES = {"actions": "dropped", "told": "Wim"}
FAMILIES = (closure, requests, risk_acceptance, links, handoffs)
COMMANDS = [
    each
    for family in FAMILIES
    for each in vars(family).values()
    if inspect.isclass(each) and issubclass(each, ItemCommand) and each.__module__ == family.__name__
]
HOSTILE: tuple[Any, ...] = (
    "",
    "no such id",
    "\x00",
    "9999-12-31",
    {},
    {"plan": ["\x00", 1]},
    {"plan": "x"},
    0,
    -1,
    True,
)


def act_of(road: Road, who: str, command: ItemCommand) -> Act:
    nonce = road.register.log_size().to_bytes(16, "big")
    return decide(command, road.register, road.vault.actor(who), nonce=nonce)


def done(road: Road, who: str, command: ItemCommand) -> Act:
    act = act_of(road, who, command)
    road.register.take(act, road.vault.actor(who))
    return act


def rules(road: Road, who: str, command: ItemCommand) -> set[str]:
    with pytest.raises(Refused) as refusal:
        act_of(road, who, command)
    return {each.rule for each in refusal.value.obstacles}


def cancel(road: Road, item: str, owner: str = "Olga") -> None:
    done(road, owner, RequestCancellation(item=item, reason="Not needed", code="not_needed", fates=FATES))
    request = road.file(item).requests[-1].id
    done(road, "Lea", DecideRequest(item=item, request=request, approve=True))


def closed(road: Road) -> str:
    item = road.begun()
    road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    done(road, "Olga", MoveItem(item=item, step="checking"))
    road.verdict(item, "good")
    done(road, "Lea", handoffs.AcceptHandoff(item=item))
    done(road, "Leo", CloseItem(item=item, outcome="reached"))
    return item


def test_a_requested_change_does_not_empty_what_the_step_demands(road: Road) -> None:
    item = road.begun()
    assert rules(road, "Olga", RequestChange(item=item, fields={"plan": ""}, reason="Start over")) == {"field.emptied"}
    assert rules(road, "Olga", RequestChange(item=item, fields={"plan": None}, reason="Again")) == {"field.emptied"}


def test_a_cancelled_item_follows_nothing_up(road: Road) -> None:
    item, follow_up = road.begun(), road.new()
    done(road, "Olga", LinkItems(item=follow_up, other=item, kind="follow_up_of"))
    assert len(gather(road.register, item, road.vault.actor("Lea")).follow_ups) == 1
    cancel(road, follow_up)
    assert gather(road.register, item, road.vault.actor("Lea")).follow_ups == ()


def test_a_blocker_that_has_ended_is_not_asked(road: Road) -> None:
    item, blocker = road.begun(), road.new(owner="Olga")
    done(road, "Olga", LinkItems(item=item, other=road.item(blocker).number))
    link = road.file(item).links[-1].id
    asked = done(road, "Olga", AskBlocker(item=item, link=link, text="When?"))
    assert asked.changes[0].after["text"] == f"{road.item(item).number}: When?"
    cancel(road, blocker)
    assert rules(road, "Olga", AskBlocker(item=item, link=link, text="When?")) == {"link.ended"}


def test_an_obligation_to_decide_again_says_what_it_is_by_its_kind_and_link(road: Road) -> None:
    item, blocker = road.begun(), road.new(owner="Olga")
    done(road, "Olga", LinkItems(item=item, other=blocker))
    cancel(road, blocker)
    (owed,) = road.file(item).obligations
    facts = gather(road.register, item, road.vault.actor("Olga"))
    assert owed.text == ""
    words = obligation_words(facts, owed)
    assert words == f"decide what becomes of waiting for {road.item(blocker).number}, which was cancelled"


def test_a_signature_without_a_meaning_is_none(road: Road) -> None:
    item = road.begun()
    done(road, "Olga", RequestChange(item=item, fields={"plan": "Another"}, reason="Better"))
    request = road.file(item).requests[-1].id
    with pytest.raises(UsageProblem, match="meaning"):
        act_of(road, "Lea", DecideRequest(item=item, request=request, approve=False, reason="No"))
    refused = DecideRequest(item=item, request=request, approve=False, reason="No", meaning="I refuse it.")
    assert act_of(road, "Lea", refused).meaning == "I refuse it."
    assert (
        act_of(road, "Lea", DecideRequest(item=item, request=request, approve=True)).meaning == "I approve the change."
    )
    day = iso(road.vault.now)[:10]
    wanted = RequestWaiver(item=item, rule="evidence.missing", reason="x", risk="y", expires_on=day)
    assert done(road, "Olga", wanted).role == "owner"
    waiver = road.file(item).waivers[-1].id
    done(road, "Rita", DecideWaiver(item=item, waiver=waiver, accept=True))
    with pytest.raises(UsageProblem, match="meaning"):
        act_of(road, "Rita", RevokeWaiver(item=item, waiver=waiver, reason="It broke"))


def test_a_pack_is_named_by_its_hash_and_size_and_carries_a_checkpoint(road: Road) -> None:
    item = closed(road)
    for wrong in (
        KeepPack(item=item, file="AB" * 32, size=1, checkpoint="c"),
        KeepPack(item=item, file="ab" * 31, size=1, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=0, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=2**60, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=1, checkpoint=" "),
    ):
        with pytest.raises(UsageProblem):
            act_of(road, "Wim", wrong)
    act = act_of(road, "Wim", KeepPack(item=item, file="ab" * 32, size=9, checkpoint="c"))
    assert [each.record for each in act.changes] == ["file", "pack"]
    assert (act.files[0].sha256, act.files[0].size, act.files[0].data) == ("ab" * 32, 9, None)
    assert rules(road, "Wim", KeepPack(item=road.new(), file="ab" * 32, size=9, checkpoint="c")) == {
        "pack.never_closed"
    }


def test_the_same_command_at_the_same_moment_is_the_same_bytes(road: Road) -> None:
    item, other = road.new(), road.new()
    command = LinkItems(item=item, other=other, reason="It waits")
    one, two = (act_of(road, "Olga", command) for _ in range(2))
    assert [each.data() for each in one.changes] == [each.data() for each in two.changes]
    assert one.command == two.command


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("state", ["new", "begun", "handed_over", "on_hold", "cancelled", "closed", "none"])
def test_whatever_values_a_command_holds_it_is_decided_or_refused(road: Road, kind: Any, state: str) -> None:
    item = _in_state(road, state)
    answered = 0
    for value in HOSTILE:
        given = {field.name: value for field in msgspec.structs.fields(kind) if field.name != "item"}
        for who in ("Olga", "Lea", "Rita"):
            try:
                command = msgspec.convert({"command": kind.__struct_config__.tag, "item": item, **given}, kind)
            except msgspec.ValidationError:
                command = _filled(kind, item, value)
            answered += 1
            with suppress(CountersignError):  # any other exception fails
                assert act_of(road, who, command).changes
    assert answered == 3 * len(HOSTILE)


def _filled(kind: Any, item: str, value: Any) -> ItemCommand:
    """The command with the value in those fields that take it, and something of their kind in the others."""
    some: dict[Any, Any] = {str: "x", int: 1, bool: False}
    given = {}
    for field in msgspec.structs.fields(kind):
        try:
            given[field.name] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            given[field.name] = some.get(field.type, {})
    filled: ItemCommand = kind(**{**given, "item": item})
    return filled


def _in_state(road: Road, state: str) -> str:
    if state in ("none", "closed"):
        return "no such item" if state == "none" else closed(road)
    item = road.new() if state == "new" else road.begun()
    if state == "handed_over":
        road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
        done(road, "Olga", MoveItem(item=item, step="checking"))
    elif state == "on_hold":
        day = iso(road.vault.now)[:10]
        done(road, "Olga", HoldItem(item=item, reason="Wait", review_on=day))
    elif state == "cancelled":
        cancel(road, item)
    return item


def test_the_words_of_a_command_are_those_of_the_acts() -> None:
    words = {each.__struct_config__.tag for each in COMMANDS}
    assert {"close_item", "unlink_items", "begin_recurrence", "request_waiver", "return_handoff"} <= words
    assert len(words) == 18
    signing = {each for each in COMMANDS if each.signing}
    assert signing == {CloseItem, CancelItem, BeginRecurrence, DecideRequest, DecideWaiver, RevokeWaiver}


def test_work_is_returned_to_where_it_came_from(road: Road) -> None:
    item = _in_state(road, "handed_over")
    assert rules(road, "Leo", ReturnHandoff(item=item, reason=" ")) == {"reason.missing"}
    done(road, "Leo", ReturnHandoff(item=item, reason="The proof is of another pump"))
    assert (road.item(item).step, road.file(item).handoffs[-1].state) == ("doing", "returned")


def test_a_link_is_not_replaced_by_what_waits_for_it(road: Road) -> None:
    first, second, third = (road.new() for _ in range(3))
    done(road, "Olga", LinkItems(item=first, other=second))
    done(road, "Olga", LinkItems(item=second, other=third))
    link = road.file(second).links[-1].id
    command = ReplaceLink(item=second, link=link, other=road.item(first).number, reason="x")
    assert rules(road, "Olga", command) == {"link.cycle"}
    with pytest.raises(UsageProblem):
        act_of(road, "Olga", ReplaceLink(item=second, link=link, other="another item", reason="x"))
