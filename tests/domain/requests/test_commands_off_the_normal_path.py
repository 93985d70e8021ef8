"""Commands about closing, requests, risk acceptance, links and handoffs: what they refuse and never store."""

from __future__ import annotations

import inspect
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from process_site import ProcessSite

from domain.act import Act
from domain.commands import closure, handoffs, links, requests, risk_acceptance
from domain.commands.closure import BeginFollowUp, CancelItem, CloseItem, KeepPack
from domain.commands.command import ItemCommand
from domain.commands.deciding import decide
from domain.commands.handoffs import ReturnHandoff
from domain.commands.items import HoldItem, MoveItem
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink
from domain.commands.requests import DecideRequest, RequestCancellation, RequestChange
from domain.commands.risk_acceptance import DecideRiskAcceptance, RequestRiskAcceptance, RevokeRiskAcceptance
from domain.errors import CountersignError, Refused, UsageProblem
from domain.identity import iso
from domain.rules.facts import gather
from domain.rules.obligations import obligation_words

DISPOSITIONS = {"actions": "dropped", "told": "Wim"}
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


def act_of(process_site: ProcessSite, who: str, command: ItemCommand) -> Act:
    nonce = process_site.register.log_size().to_bytes(16, "big")
    return decide(command, process_site.register, process_site.vault.actor(who), nonce=nonce)


def done(process_site: ProcessSite, who: str, command: ItemCommand) -> Act:
    act = act_of(process_site, who, command)
    process_site.register.take(act, process_site.vault.actor(who))
    return act


def rules(process_site: ProcessSite, who: str, command: ItemCommand) -> set[str]:
    with pytest.raises(Refused) as refusal:
        act_of(process_site, who, command)
    return {each.rule for each in refusal.value.obstacles}


def cancel(process_site: ProcessSite, item: str, owner: str = "Olga") -> None:
    done(
        process_site,
        owner,
        RequestCancellation(item=item, reason="Not needed", code="not_needed", dispositions=DISPOSITIONS),
    )
    request = process_site.file(item).requests[-1].id
    done(process_site, "Lea", DecideRequest(item=item, request=request, approve=True))


def closed(process_site: ProcessSite) -> str:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    done(process_site, "Olga", MoveItem(item=item, step="checking"))
    process_site.verdict(item, "good")
    done(process_site, "Lea", handoffs.AcceptHandoff(item=item))
    done(process_site, "Leo", CloseItem(item=item, outcome="reached"))
    return item


def test_a_requested_change_does_not_empty_what_the_step_demands(process_site: ProcessSite) -> None:
    item = process_site.begun()
    assert rules(process_site, "Olga", RequestChange(item=item, fields={"plan": ""}, reason="Start over")) == {
        "field.emptied"
    }
    assert rules(process_site, "Olga", RequestChange(item=item, fields={"plan": None}, reason="Again")) == {
        "field.emptied"
    }


def test_a_cancelled_item_follows_nothing_up(process_site: ProcessSite) -> None:
    item, follow_up = process_site.begun(), process_site.new()
    done(process_site, "Olga", LinkItems(item=follow_up, other=item, kind="follow_up_of"))
    assert len(gather(process_site.register, item, process_site.vault.actor("Lea")).follow_ups) == 1
    cancel(process_site, follow_up)
    assert gather(process_site.register, item, process_site.vault.actor("Lea")).follow_ups == ()


def test_a_blocker_that_has_ended_is_not_asked(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new(owner="Olga")
    done(process_site, "Olga", LinkItems(item=item, other=process_site.item(blocker).number))
    link = process_site.file(item).links[-1].id
    asked = done(process_site, "Olga", AskBlocker(item=item, link=link, text="When?"))
    assert asked.changes[0].after["text"] == f"{process_site.item(item).number}: When?"
    cancel(process_site, blocker)
    assert rules(process_site, "Olga", AskBlocker(item=item, link=link, text="When?")) == {"link.ended"}


def test_an_obligation_to_decide_again_states_what_it_is_by_its_kind_and_link(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new(owner="Olga")
    done(process_site, "Olga", LinkItems(item=item, other=blocker))
    cancel(process_site, blocker)
    (outstanding,) = process_site.file(item).obligations
    facts = gather(process_site.register, item, process_site.vault.actor("Olga"))
    assert outstanding.text == ""
    words = obligation_words(facts, outstanding)
    assert words == f"decide what becomes of waiting for {process_site.item(blocker).number}, which was cancelled"


def test_a_signature_without_a_meaning_is_none(process_site: ProcessSite) -> None:
    item = process_site.begun()
    done(process_site, "Olga", RequestChange(item=item, fields={"plan": "Another"}, reason="Better"))
    request = process_site.file(item).requests[-1].id
    with pytest.raises(UsageProblem, match="meaning"):
        act_of(process_site, "Lea", DecideRequest(item=item, request=request, approve=False, reason="No"))
    refused = DecideRequest(item=item, request=request, approve=False, reason="No", meaning="I refuse it.")
    assert act_of(process_site, "Lea", refused).meaning == "I refuse it."
    assert (
        act_of(process_site, "Lea", DecideRequest(item=item, request=request, approve=True)).meaning
        == "I approve the change."
    )
    day = iso(process_site.vault.now)[:10]
    wanted = RequestRiskAcceptance(item=item, rule="evidence.missing", reason="x", risk="y", expires_on=day)
    assert done(process_site, "Olga", wanted).role == "owner"
    risk_acceptance = process_site.file(item).risk_acceptances[-1].id
    done(process_site, "Rita", DecideRiskAcceptance(item=item, risk_acceptance=risk_acceptance, accept=True))
    with pytest.raises(UsageProblem, match="meaning"):
        act_of(
            process_site, "Rita", RevokeRiskAcceptance(item=item, risk_acceptance=risk_acceptance, reason="It broke")
        )


def test_a_pack_is_named_by_its_hash_and_size_and_carries_a_checkpoint(process_site: ProcessSite) -> None:
    item = closed(process_site)
    for wrong in (
        KeepPack(item=item, file="AB" * 32, size=1, checkpoint="c"),
        KeepPack(item=item, file="ab" * 31, size=1, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=0, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=2**60, checkpoint="c"),
        KeepPack(item=item, file="ab" * 32, size=1, checkpoint=" "),
    ):
        with pytest.raises(UsageProblem):
            act_of(process_site, "Wim", wrong)
    act = act_of(process_site, "Wim", KeepPack(item=item, file="ab" * 32, size=9, checkpoint="c"))
    assert [each.record for each in act.changes] == ["file", "pack"]
    assert (act.files[0].sha256, act.files[0].size, act.files[0].data) == ("ab" * 32, 9, None)
    assert rules(process_site, "Wim", KeepPack(item=process_site.new(), file="ab" * 32, size=9, checkpoint="c")) == {
        "pack.never_closed"
    }


def test_the_same_command_at_the_same_moment_is_the_same_bytes(process_site: ProcessSite) -> None:
    item, other = process_site.new(), process_site.new()
    command = LinkItems(item=item, other=other, reason="It waits")
    one, two = (act_of(process_site, "Olga", command) for _ in range(2))
    assert [each.data() for each in one.changes] == [each.data() for each in two.changes]
    assert one.command == two.command


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("state", ["new", "begun", "offered_handoff", "on_hold", "cancelled", "closed", "none"])
def test_whatever_values_a_command_holds_it_is_decided_or_refused(
    process_site: ProcessSite, kind: Any, state: str
) -> None:
    item = _in_state(process_site, state)
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
                assert act_of(process_site, who, command).changes
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


def _in_state(process_site: ProcessSite, state: str) -> str:
    if state in ("none", "closed"):
        return "no such item" if state == "none" else closed(process_site)
    item = process_site.new() if state == "new" else process_site.begun()
    if state == "offered_handoff":
        process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
        done(process_site, "Olga", MoveItem(item=item, step="checking"))
    elif state == "on_hold":
        day = iso(process_site.vault.now)[:10]
        done(process_site, "Olga", HoldItem(item=item, reason="Wait", review_on=day))
    elif state == "cancelled":
        cancel(process_site, item)
    return item


def test_the_words_of_a_command_are_those_of_the_acts() -> None:
    words = {each.__struct_config__.tag for each in COMMANDS}
    assert {"close_item", "unlink_items", "begin_follow_up", "request_risk_acceptance", "return_handoff"} <= words
    assert len(words) == 18
    signing = {each for each in COMMANDS if each.signing}
    assert signing == {CloseItem, CancelItem, BeginFollowUp, DecideRequest, DecideRiskAcceptance, RevokeRiskAcceptance}


def test_work_is_returned_to_where_it_came_from(process_site: ProcessSite) -> None:
    item = _in_state(process_site, "offered_handoff")
    assert rules(process_site, "Leo", ReturnHandoff(item=item, reason=" ")) == {"reason.missing"}
    done(process_site, "Leo", ReturnHandoff(item=item, reason="The proof is of another pump"))
    assert (process_site.item(item).step, process_site.file(item).handoffs[-1].state) == ("doing", "returned")


def test_a_link_is_not_replaced_by_what_waits_for_it(process_site: ProcessSite) -> None:
    first, second, third = (process_site.new() for _ in range(3))
    done(process_site, "Olga", LinkItems(item=first, other=second))
    done(process_site, "Olga", LinkItems(item=second, other=third))
    link = process_site.file(second).links[-1].id
    command = ReplaceLink(item=second, link=link, other=process_site.item(first).number, reason="x")
    assert rules(process_site, "Olga", command) == {"link.cycle"}
    with pytest.raises(UsageProblem):
        act_of(process_site, "Olga", ReplaceLink(item=second, link=link, other="another item", reason="x"))
