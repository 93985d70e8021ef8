"""Items that wait for others: what holds a gate up, what does not free it, and who is asked."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from memory_register import MemoryVault
from road import Road

from domain.commands.closure import CloseItem
from domain.commands.command import verdict_of
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import CreateItem, HoldItem, MoveItem, ResumeItem
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.requests import DecideRequest, RequestCancellation
from domain.records.governance import Link
from domain.records.waiting import waiting_chain
from domain.rules.allowances import PASSABLE
from domain.rules.facts import gather

FATES = {"actions": "dropped", "told": "Wim"}


def cancel(road: Road, item: str) -> None:
    owner = road.vault.register.item(item).owner
    name = next(name for name, id_ in road.vault.ids.items() if id_ == owner)
    road.do(RequestCancellation, name, item, reason="Not needed", code="not_needed", fates=FATES)
    road.do(DecideRequest, "Lea", item, request=road.file(item).requests[-1].id, approve=True)


def close(road: Road, item: str) -> None:
    proof(road, item)
    road.do(MoveItem, "Lea", item, step="checking")  # Leo may take it over; Lea stands for it until then
    road.do(AcceptHandoff, "Leo", item)
    road.verdict(item, "good")
    road.do(CloseItem, "Leo", item, outcome="reached")


def proof(road: Road, item: str) -> None:
    road.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")


def test_a_blocked_item_is_held_up_by_name_owner_day_and_days_late(road: Road) -> None:
    blocker = road.new(title="Order seals", owner="Wim", due="2026-10-23")
    item = road.begun()
    proof(road, item)
    link = road.blocked(item, blocker)
    verdict = verdict_of(MoveItem(item="", step="checking"), road.vault.facts(item, "Olga"))
    (found,) = verdict.obstacles
    assert (found.rule, found.about, found.who) == ("blocked.open", link, "Wim")
    for word in ("T1-W-0001", "Order seals", "Wim", "2026-10-23", "10 days late", "Work, version 1"):
        assert word in found.text
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}


def test_ways_back_are_not_held_up_where_the_process_says_so(road: Road) -> None:
    item = road.begun()
    road.blocked(item, road.new(owner="Wim"))
    road.do(MoveItem, "Olga", item, step="asked", reason="Think again")
    assert "blocked.open" in road.refused(MoveItem, "Olga", item, step="doing")


def test_a_ring_of_any_length_is_refused_when_it_would_be_made(road: Road) -> None:
    chain = [road.new(owner="Olga") for _ in range(6)]
    for one, other in pairwise(chain):
        road.blocked(one, other)
    assert road.refused(LinkItems, "Olga", chain[0], other=chain[0]) == {"link.itself"}
    for last in range(1, 6):
        assert road.refused(LinkItems, "Olga", chain[last], other=chain[0]) == {"link.cycle"}
    road.do(UnlinkItems, "Olga", chain[2], link=road.file(chain[2]).links[0].id, reason="Not needed")
    road.blocked(chain[5], chain[0])


def test_a_ring_across_processes_is_refused_too(road: Road) -> None:
    item = road.new()
    fields = {"title": "Let it pass", "owner": road.vault.ids["Rex"]}
    other = road.vault.do(CreateItem, "Rex", process="exception", fields=fields).header.subject
    road.do(LinkItems, "Rex", other, other=item)
    assert road.refused(LinkItems, "Olga", item, other=other) == {"link.cycle"}


def test_a_ring_by_replacing_is_refused_too(road: Road) -> None:
    first, second, third = (road.new() for _ in range(3))
    road.blocked(first, second)
    link = road.blocked(second, third)
    assert road.refused(ReplaceLink, "Olga", second, link=link, other=first, reason="x") == {"link.cycle"}


@pytest.mark.parametrize("kind", ["passed_by", "cycle_of", "loves", ""])
def test_kinds_that_acts_make_or_nobody_knows_are_not_made_by_hand(road: Road, kind: str) -> None:
    assert road.refused(LinkItems, "Olga", road.new(), other=road.new(), kind=kind) == {"link.kind"}


def test_a_tie_is_made_once_by_those_who_may_to_work_that_is_not_over(road: Road) -> None:
    item, other, over = road.new(), road.new(), road.new()
    road.blocked(item, other)
    assert road.refused(LinkItems, "Olga", item, other=other) == {"link.exists"}
    assert "right.missing" in road.refused(LinkItems, "Quinn", item, other=over)
    cancel(road, over)
    assert road.refused(LinkItems, "Olga", item, other=over) == {"link.ended"}
    road.do(LinkItems, "Olga", item, other=over, kind="merged_into")


def test_whoever_may_edit_ties_items_of_processes_that_say_nothing_of_it(vault: MemoryVault) -> None:
    item, other = vault.new_item(), vault.new_item()
    vault.do(LinkItems, "Olga", item=item, other=other)
    assert gather(vault.register, item, vault.actor("Olga")).blockers[0].number == "T1-CAPA-0002"


def test_a_closed_blocker_frees_and_moves_nothing(road: Road) -> None:
    blocker, item = road.begun(), road.begun()
    proof(road, item)
    road.blocked(item, blocker)
    close(road, blocker)
    assert (road.item(item).step, road.item(item).state) == ("doing", "open")
    road.do(MoveItem, "Olga", item, step="checking")


def test_a_cancelled_blocker_frees_nobody_until_its_owner_decides_again(road: Road) -> None:
    item, blocker, instead = road.begun(), road.new(), road.new()
    proof(road, item)
    link = road.blocked(item, blocker)
    cancel(road, blocker)
    (debt,) = road.file(item).obligations
    assert (debt.kind, debt.state, debt.about, debt.person) == (
        "re_decide_blocker", "open", link, road.vault.ids["Olga"],
    )  # fmt: skip
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.cancelled"}
    assert road.refused(UnlinkItems, "Olga", item, link=link, reason=" ") == {"reason.missing"}
    road.do(ReplaceLink, "Olga", item, link=link, other=instead, reason="Other supplier")
    assert [each.state for each in road.file(item).links] == ["replaced", "in_force"]
    assert road.file(item).obligations[0].state == "met"
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    road.do(UnlinkItems, "Olga", item, link=road.file(item).links[1].id, reason="Made it ourselves")
    road.do(MoveItem, "Olga", item, step="checking")


def test_resting_is_a_decision_too_but_no_way_past_the_gate(road: Road) -> None:
    item, blocker = road.begun(), road.new()
    proof(road, item)
    road.blocked(item, blocker)
    cancel(road, blocker)
    road.do(HoldItem, "Olga", item, reason="Wait for a new plan", review_on="2026-11-20")
    assert road.file(item).obligations[0].state == "met"
    road.do(ResumeItem, "Olga", item, reason="On again")
    assert road.refused(MoveItem, "Olga", item, step="checking") == {"blocked.cancelled"}


def test_an_open_debt_keeps_work_from_closing(road: Road) -> None:
    item, blocker = road.begun(), road.new()
    proof(road, item)
    road.do(MoveItem, "Olga", item, step="checking")
    road.do(AcceptHandoff, "Lea", item)
    road.verdict(item, "good")
    link = road.blocked(item, blocker)
    cancel(road, blocker)
    assert road.refused(CloseItem, "Lea", item, outcome="reached") == {"obligation.open", "blocked.cancelled"}
    road.do(UnlinkItems, "Olga", item, link=link, reason="Not needed any more")
    road.do(CloseItem, "Lea", item, outcome="reached")


def test_the_owner_of_a_blocker_is_asked_and_finds_it_on_the_own_item(road: Road) -> None:
    item, blocker = road.begun(), road.new(owner="Wim")
    link = road.blocked(item, blocker)
    assert road.refused(AskBlocker, "Olga", item, link=link, text=" ") == {"question.empty"}
    assert "right.missing" in road.refused(AskBlocker, "Quinn", item, link=link, text="When?")
    entry = road.do(AskBlocker, "Olga", item, link=link, text="When?")
    (question,) = road.file(blocker).questions
    assert (question.asked_of, question.asked_by) == (road.vault.ids["Wim"], road.vault.ids["Olga"])
    assert question.text == f"{road.item(item).number}: When?"
    assert entry.header.seq in road.register.entries_about(blocker)
    nobody = road.new(owner="")
    tie = road.blocked(item, nobody)
    assert road.refused(AskBlocker, "Olga", item, link=tie, text="When?") == {"owner.missing"}
    related = road.new()
    road.do(LinkItems, "Olga", item, other=related, kind="related")
    assert road.refused(AskBlocker, "Olga", item, link=road.file(item).links[-1].id, text="x") == {"link.not_blocking"}


def test_the_chain_names_everybody_waited_for_and_marks_the_way_that_takes_longest(road: Road) -> None:
    top, left, right, deep, closed = (
        road.begun() if due == "close" else road.new(due=due)
        for due in ("2026-11-05", "2026-11-10", "2026-11-06", "2026-11-30", "close")
    )
    road.blocked(top, left)
    road.blocked(top, right)
    road.blocked(right, deep)
    road.blocked(top, closed)
    close(road, closed)
    found = waiting_chain(top, links_of=road.register.links_about, item_of=road.item)
    assert [(each.item, each.depth) for each in found] == [(top, 0), (left, 1), (right, 1), (deep, 2), (closed, 1)]
    assert {each.item for each in found if each.critical} == {top, right, deep}
    assert [each.item for each in found if not each.holds_up] == [closed]
    assert next(each for each in found if each.item == deep).waited_for_by == road.item(right).number


def test_a_chain_of_thousands_is_told_like_a_short_one(road: Road) -> None:
    one = road.item(road.new())
    tie = Link(
        id="", item="", other="", kind="blocked_by", state="in_force", reason="", created_at="", created_by="",
        ended_at="", ended_by="", ended_reason="", other_number="",
    )  # fmt: skip
    found = waiting_chain(
        "0",
        links_of=lambda here: (
            [msgspec.structs.replace(tie, item=here, other=str(int(here) + 1))] if int(here) < 3_000 else []
        ),
        item_of=lambda here: msgspec.structs.replace(one, id=here, number=here),
    )
    assert len(found) == 3_001
    assert all(each.critical for each in found)


def test_rules_that_can_be_passed_visibly_are_about_readiness_only() -> None:
    assert not {rule for rule in PASSABLE if rule.startswith(("right.", "separation.", "item.", "obligation."))}
