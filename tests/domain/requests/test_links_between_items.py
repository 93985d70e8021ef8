"""Items that wait for others: what holds a gate up, what does not free it, and who is asked."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from memory_register import MemoryVault
from process_site import ProcessSite

from domain.commands.closure import CloseItem
from domain.commands.command import verdict_of
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import CreateItem, HoldItem, MoveItem, ResumeItem
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.commands.requests import DecideRequest, RequestCancellation
from domain.records.governance import Link
from domain.records.waiting import waiting_chain
from domain.rules.facts import gather
from domain.rules.passed_obstacles import PASSABLE

DISPOSITIONS = {"actions": "dropped", "told": "Wim"}


def cancel(process_site: ProcessSite, item: str) -> None:
    owner = process_site.vault.register.item(item).owner
    name = next(name for name, id_ in process_site.vault.ids.items() if id_ == owner)
    process_site.do(RequestCancellation, name, item, reason="Not needed", code="not_needed", dispositions=DISPOSITIONS)
    process_site.do(DecideRequest, "Lea", item, request=process_site.file(item).requests[-1].id, approve=True)


def close(process_site: ProcessSite, item: str) -> None:
    proof(process_site, item)
    process_site.do(MoveItem, "Lea", item, step="checking")  # Leo may take it over; Lea stands for it until then
    process_site.do(AcceptHandoff, "Leo", item)
    process_site.verdict(item, "good")
    process_site.do(CloseItem, "Leo", item, outcome="reached")


def proof(process_site: ProcessSite, item: str) -> None:
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")


def test_a_blocked_item_is_held_up_by_name_owner_day_and_days_late(process_site: ProcessSite) -> None:
    blocker = process_site.new(title="Order seals", owner="Wim", due="2026-10-23")
    item = process_site.begun()
    proof(process_site, item)
    link = process_site.blocked(item, blocker)
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    (found,) = verdict.obstacles
    assert (found.rule, found.about, found.responsible) == ("blocked.open", link, "Wim")
    for word in ("T1-W-0001", "Order seals", "Wim", "2026-10-23", "10 days late", "Work, version 1"):
        assert word in found.text
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}


def test_transitions_back_are_not_held_up_where_the_process_states_so(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.blocked(item, process_site.new(owner="Wim"))
    process_site.do(MoveItem, "Olga", item, step="asked", reason="Think again")
    assert "blocked.open" in process_site.refused(MoveItem, "Olga", item, step="doing")


def test_a_ring_of_any_length_is_refused_when_it_would_be_made(process_site: ProcessSite) -> None:
    chain = [process_site.new(owner="Olga") for _ in range(6)]
    for one, other in pairwise(chain):
        process_site.blocked(one, other)
    assert process_site.refused(LinkItems, "Olga", chain[0], other=chain[0]) == {"link.itself"}
    for last in range(1, 6):
        assert process_site.refused(LinkItems, "Olga", chain[last], other=chain[0]) == {"link.cycle"}
    process_site.do(UnlinkItems, "Olga", chain[2], link=process_site.file(chain[2]).links[0].id, reason="Not needed")
    process_site.blocked(chain[5], chain[0])


def test_a_ring_across_processes_is_refused_too(process_site: ProcessSite) -> None:
    item = process_site.new()
    fields = {"title": "Let it pass", "owner": process_site.vault.ids["Rex"]}
    other = process_site.vault.do(CreateItem, "Rex", process="exception", fields=fields).header.subject
    process_site.do(LinkItems, "Rex", other, other=item)
    assert process_site.refused(LinkItems, "Olga", item, other=other) == {"link.cycle"}


def test_a_ring_by_replacing_is_refused_too(process_site: ProcessSite) -> None:
    first, second, third = (process_site.new() for _ in range(3))
    process_site.blocked(first, second)
    link = process_site.blocked(second, third)
    assert process_site.refused(ReplaceLink, "Olga", second, link=link, other=first, reason="x") == {"link.cycle"}


@pytest.mark.parametrize("kind", ["passed_by", "cycle_of", "loves", ""])
def test_kinds_that_acts_make_or_nobody_knows_are_not_made_by_hand(process_site: ProcessSite, kind: str) -> None:
    assert process_site.refused(LinkItems, "Olga", process_site.new(), other=process_site.new(), kind=kind) == {
        "link.kind"
    }


def test_a_link_is_made_once_by_those_who_may_to_work_that_is_not_over(process_site: ProcessSite) -> None:
    item, other, over = process_site.new(), process_site.new(), process_site.new()
    process_site.blocked(item, other)
    assert process_site.refused(LinkItems, "Olga", item, other=other) == {"link.exists"}
    assert "right.missing" in process_site.refused(LinkItems, "Quinn", item, other=over)
    cancel(process_site, over)
    assert process_site.refused(LinkItems, "Olga", item, other=over) == {"link.ended"}
    process_site.do(LinkItems, "Olga", item, other=over, kind="merged_into")


def test_whoever_may_edit_links_items_of_processes_that_state_nothing_of_it(vault: MemoryVault) -> None:
    item, other = vault.new_item(), vault.new_item()
    vault.do(LinkItems, "Olga", item=item, other=other)
    assert gather(vault.register, item, vault.actor("Olga")).blockers[0].number == "T1-CAPA-0002"


def test_a_closed_blocker_frees_and_moves_nothing(process_site: ProcessSite) -> None:
    blocker, item = process_site.begun(), process_site.begun()
    proof(process_site, item)
    process_site.blocked(item, blocker)
    close(process_site, blocker)
    assert (process_site.item(item).step, process_site.item(item).state) == ("doing", "open")
    process_site.do(MoveItem, "Olga", item, step="checking")


def test_a_cancelled_blocker_frees_nobody_until_its_owner_decides_again(process_site: ProcessSite) -> None:
    item, blocker, instead = process_site.begun(), process_site.new(), process_site.new()
    proof(process_site, item)
    link = process_site.blocked(item, blocker)
    cancel(process_site, blocker)
    (obligation,) = process_site.file(item).obligations
    assert (obligation.kind, obligation.state, obligation.about, obligation.person) == (
        "re_decide_blocker", "open", link, process_site.vault.ids["Olga"],
    )  # fmt: skip
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.cancelled"}
    assert process_site.refused(UnlinkItems, "Olga", item, link=link, reason=" ") == {"reason.missing"}
    process_site.do(ReplaceLink, "Olga", item, link=link, other=instead, reason="Other supplier")
    assert [each.state for each in process_site.file(item).links] == ["replaced", "in_force"]
    assert process_site.file(item).obligations[0].state == "met"
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.open"}
    process_site.do(UnlinkItems, "Olga", item, link=process_site.file(item).links[1].id, reason="Made it ourselves")
    process_site.do(MoveItem, "Olga", item, step="checking")


def test_cancelled_work_owes_no_decision_any_more_and_its_record_says_who_dropped_it_and_why(
    process_site: ProcessSite,
) -> None:
    item, blocker = process_site.begun(), process_site.new()
    process_site.blocked(item, blocker)
    cancel(process_site, blocker)
    assert [each.state for each in process_site.file(item).obligations] == ["open"]
    cancel(process_site, item)
    (obligation,) = process_site.file(item).obligations
    assert (obligation.state, obligation.ended_by, obligation.ended_reason) == (
        "dropped", process_site.vault.ids["Lea"], "not_needed: Not needed",
    )  # fmt: skip
    assert obligation.ended_at == process_site.file(item).closures[0].closed_at


def test_an_obligation_that_was_met_stays_met_when_the_work_is_cancelled(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new()
    link = process_site.blocked(item, blocker)
    cancel(process_site, blocker)
    process_site.do(UnlinkItems, "Olga", item, link=link, reason="Made it ourselves")
    cancel(process_site, item)
    assert [(each.state, each.ended_reason) for each in process_site.file(item).obligations] == [
        ("met", "Made it ourselves")
    ]


def test_only_who_waits_for_cancelled_work_is_asked_to_decide_again(process_site: ProcessSite) -> None:
    waits, related, freed, blocker, deeper = (process_site.new() for _ in range(5))
    process_site.blocked(waits, blocker)
    process_site.do(LinkItems, "Olga", related, other=blocker, kind="related")
    link = process_site.blocked(freed, blocker)
    process_site.do(UnlinkItems, "Olga", freed, link=link, reason="Made it ourselves")
    process_site.blocked(blocker, deeper)
    cancel(process_site, blocker)
    owing = {item for item in (waits, related, freed, blocker, deeper) if process_site.file(item).obligations}
    assert owing == {waits}


def test_who_can_go_on_from_a_blocker_is_its_owner_or_whoever_may_link_the_item(process_site: ProcessSite) -> None:
    item, owned, nobodys, over = (
        process_site.begun(), process_site.new(owner="Wim"), process_site.new(owner=""), process_site.new(),
    )  # fmt: skip
    proof(process_site, item)
    links = [process_site.blocked(item, each) for each in (owned, nobodys, over)]
    cancel(process_site, over)
    verdict = verdict_of(MoveItem(item="", step="checking"), process_site.vault.facts(item, "Olga"))
    assert {each.about: (each.rule, each.responsible) for each in verdict.obstacles} == dict(
        zip(
            links,
            [("blocked.open", "Wim"), ("blocked.open", "Lea, Leo, Olga"), ("blocked.cancelled", "Lea, Leo, Olga")],
            strict=True,
        )
    )


def test_work_that_is_over_is_not_asked_to_decide_about_a_cancelled_blocker(process_site: ProcessSite) -> None:
    item, over, blocker = process_site.begun(), process_site.begun(), process_site.new()
    for each in (item, over):
        process_site.blocked(each, blocker)
    cancel(process_site, over)
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    cancel(process_site, blocker)
    assert process_site.file(over).obligations == ()
    assert [each.kind for each in process_site.file(item).obligations] == ["re_decide_blocker"], "also while on hold"


def test_holding_is_a_decision_too_but_no_way_past_the_gate(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new()
    proof(process_site, item)
    process_site.blocked(item, blocker)
    cancel(process_site, blocker)
    process_site.do(HoldItem, "Olga", item, reason="Wait for a new plan", review_on="2026-11-20")
    assert process_site.file(item).obligations[0].state == "met"
    process_site.do(ResumeItem, "Olga", item, reason="On again")
    assert process_site.refused(MoveItem, "Olga", item, step="checking") == {"blocked.cancelled"}


def test_an_open_obligation_keeps_work_from_closing(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new()
    proof(process_site, item)
    process_site.do(MoveItem, "Olga", item, step="checking")
    process_site.do(AcceptHandoff, "Lea", item)
    process_site.verdict(item, "good")
    link = process_site.blocked(item, blocker)
    cancel(process_site, blocker)
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"obligation.open", "blocked.cancelled"}
    process_site.do(UnlinkItems, "Olga", item, link=link, reason="Not needed any more")
    process_site.do(CloseItem, "Lea", item, outcome="reached")


def test_the_owner_of_a_blocker_is_asked_and_finds_it_on_their_item(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new(owner="Wim")
    link = process_site.blocked(item, blocker)
    assert process_site.refused(AskBlocker, "Olga", item, link=link, text=" ") == {"question.empty"}
    assert "right.missing" in process_site.refused(AskBlocker, "Quinn", item, link=link, text="When?")
    entry = process_site.do(AskBlocker, "Olga", item, link=link, text="When?")
    (question,) = process_site.file(blocker).questions
    assert (question.asked_of, question.asked_by) == (process_site.vault.ids["Wim"], process_site.vault.ids["Olga"])
    assert question.text == f"{process_site.item(item).number}: When?"
    assert entry.header.seq in process_site.register.entries_about(blocker)
    nobody = process_site.new(owner="")
    blocking_link = process_site.blocked(item, nobody)
    assert process_site.refused(AskBlocker, "Olga", item, link=blocking_link, text="When?") == {"owner.missing"}
    related = process_site.new()
    process_site.do(LinkItems, "Olga", item, other=related, kind="related")
    assert process_site.refused(AskBlocker, "Olga", item, link=process_site.file(item).links[-1].id, text="x") == {
        "link.not_blocking"
    }


def test_the_chain_names_everybody_waited_for_and_marks_the_way_that_takes_longest(process_site: ProcessSite) -> None:
    top, left, right, deep, closed = (
        process_site.begun() if due == "close" else process_site.new(due=due)
        for due in ("2026-11-05", "2026-11-10", "2026-11-06", "2026-11-30", "close")
    )
    process_site.blocked(top, left)
    process_site.blocked(top, right)
    process_site.blocked(right, deep)
    process_site.blocked(top, closed)
    close(process_site, closed)
    found = waiting_chain(top, links_of=process_site.register.links_about, item_of=process_site.item)
    assert [(each.item, each.depth) for each in found] == [(top, 0), (left, 1), (right, 1), (deep, 2), (closed, 1)]
    assert {each.item for each in found if each.critical} == {top, right, deep}
    assert [each.item for each in found if not each.holds_up] == [closed]
    assert next(each for each in found if each.item == deep).waited_for_by == process_site.item(right).number


def test_a_chain_of_thousands_is_shown_like_a_short_one(process_site: ProcessSite) -> None:
    one = process_site.item(process_site.new())
    blocking_link = Link(
        id="", item="", other="", kind="blocked_by", state="in_force", reason="", created_at="", created_by="",
        ended_at="", ended_by="", ended_reason="", other_number="",
    )  # fmt: skip
    found = waiting_chain(
        "0",
        links_of=lambda here: (
            [msgspec.structs.replace(blocking_link, item=here, other=str(int(here) + 1))] if int(here) < 3_000 else []
        ),
        item_of=lambda here: msgspec.structs.replace(one, id=here, number=here),
    )
    assert len(found) == 3_001
    assert all(each.critical for each in found)


def test_rules_that_can_be_passed_visibly_are_about_readiness_only() -> None:
    assert not {rule for rule in PASSABLE if rule.startswith(("right.", "separation.", "item.", "obligation."))}
