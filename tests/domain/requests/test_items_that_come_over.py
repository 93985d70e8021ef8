"""Open items come over to a new version of their process: who decides, to which step, and what they may not skip."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from process_site import ProcessSite, definition

from domain.commands.approvals import ApproveItem
from domain.commands.changing import new_record
from domain.commands.closure import CloseItem
from domain.commands.handoffs import AcceptHandoff
from domain.commands.items import HoldItem, MoveItem
from domain.commands.links import LinkItems
from domain.commands.migration import MigrateItems
from domain.commands.requests import DecideRequest, RequestCancellation, RequestChange
from domain.errors import Refused, UsageProblem
from domain.identity import iso

SECOND = "work@2"
BOARD = {"level": 1, "role": "board", "meaning": "I have seen what was done."}


def second_version(process_site: ProcessSite, *, text: str = "", steps: dict[str, str] | None = None) -> None:
    """Another version of `work` is in force from now on; `steps` maps the steps of the first one."""
    whole = {**json.loads(text or definition()), "version": 2, "migration": {"from_version": 1, "steps": steps or {}}}
    first = process_site.register.in_force("work")
    record = msgspec.structs.replace(
        first, id=SECOND, version=2, definition=json.dumps(whole), in_force_from=iso(process_site.vault.now)
    )
    process_site.register.apply(new_record("process_version", record))


def with_gate(transition: str, **gate: Any) -> str:
    """The definition with more asked at one gate."""
    whole = json.loads(definition())
    found = next(each for each in whole["transitions"] if f"{each['from']}->{each['to']}" == transition)
    found["gate"] = {**found.get("gate", {}), **gate}
    return json.dumps(whole)


def working() -> str:
    """The definition whose step `doing` goes by another name and asks for no signature before it."""
    whole = json.loads(definition().replace('"doing"', '"working"'))
    whole["transitions"][0]["gate"]["approvals"] = []
    return json.dumps(whole)


def come_over(process_site: ProcessSite, *items: str, who: str = "Lea", reason: str = "More scope") -> None:
    process_site.vault.do(MigrateItems, who, items=list(items), version=SECOND, reason=reason, meaning="I decide it")


def refused(process_site: ProcessSite, *items: str, who: str = "Lea", **other: Any) -> list[str]:
    values = {"items": list(items), "version": SECOND, "reason": "More scope", "meaning": "I decide it", **other}
    with pytest.raises(Refused) as refusal:
        process_site.vault.act(MigrateItems, who, **values)
    return [each.rule for each in refusal.value.obstacles]


def handed_over(process_site: ProcessSite) -> str:
    item = process_site.begun()
    process_site.vault.add_accepted(item, "proof", by="Wim", reviewer="Lea")
    process_site.do(MoveItem, "Olga", item, step="checking")
    return item


def test_an_item_stays_at_its_step_and_its_clock_runs_on(process_site: ProcessSite) -> None:
    item = process_site.begun()
    before = process_site.item(item)
    second_version(process_site)
    come_over(process_site, item)
    assert process_site.item(item) == msgspec.structs.replace(before, process_version=SECOND)
    record = process_site.file(item).transition_records[-1]
    assert (record.from_step, record.to_step, record.by) == ("doing", "doing", process_site.vault.ids["Lea"])


def test_an_item_comes_to_the_step_that_the_new_version_names_for_its_own_and_its_clock_begins_there(
    process_site: ProcessSite,
) -> None:
    item = process_site.begun()
    since = process_site.item(item).step_since
    second_version(process_site, text=working(), steps={"doing": "working"})
    come_over(process_site, item)
    found = process_site.item(item)
    assert (found.step, found.process_version, found.step_since > since) == ("working", SECOND, True)


def test_an_item_at_a_step_that_the_new_version_names_nothing_for_stays_with_its_version(
    process_site: ProcessSite,
) -> None:
    item = process_site.begun()
    second_version(process_site, text=working())
    assert refused(process_site, item) == ["migration.unmapped"]


def test_coming_over_closes_nothing(process_site: ProcessSite) -> None:
    item = process_site.begun()
    second_version(process_site, steps={"doing": "done"})
    assert "migration.closed" in refused(process_site, item)


def test_a_signature_that_only_the_new_version_asks_for_on_the_way_is_not_skipped(process_site: ProcessSite) -> None:
    behind, before = handed_over(process_site), process_site.begun()
    second_version(process_site, text=with_gate("doing->checking", approvals=[BOARD]))
    assert refused(process_site, behind) == ["migration.gate"]
    come_over(process_site, before)


@pytest.mark.parametrize("more", [[], [{**BOARD, "level": 2}]], ids=["the same signatures", "one more"])
def test_another_way_into_a_step_counts_as_new_only_where_it_asks_for_more(
    process_site: ProcessSite, more: list[dict[str, Any]]
) -> None:
    item = process_site.begun()
    whole = json.loads(definition())
    begin = whole["transitions"][0]
    through = {**begin, "from": "sorted", "gate": {**begin["gate"], "approvals": [*begin["gate"]["approvals"], *more]}}
    whole["steps"].insert(1, {**whole["steps"][0], "id": "sorted", "title": "Sorted"})
    whole["transitions"] += [{"from": "asked", "to": "sorted", "title": "Sort"}, through]
    second_version(process_site, text=json.dumps(whole))
    if more:
        assert refused(process_site, item) == ["migration.gate"]
    else:
        come_over(process_site, item)


def test_a_field_that_only_the_new_version_demands_on_the_way_has_to_be_there(process_site: ProcessSite) -> None:
    item = handed_over(process_site)
    second_version(process_site, text=with_gate("doing->checking", fields=["residual"]))
    assert refused(process_site, item) == ["field.missing"]


def test_what_the_old_version_asked_for_already_is_not_asked_again(process_site: ProcessSite) -> None:
    item = handed_over(process_site)
    second_version(process_site)
    come_over(process_site, item)
    assert process_site.item(item).step == "checking"


def test_an_open_request_is_decided_first(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.do(RequestChange, "Olga", item, fields={"plan": "Whole pump"}, reason="Shaft is worn too")
    second_version(process_site)
    assert refused(process_site, item) == ["migration.request"]


def test_an_open_obligation_is_met_first(process_site: ProcessSite) -> None:
    item, blocker = process_site.begun(), process_site.new()
    process_site.do(LinkItems, "Olga", item, other=blocker, kind="blocked_by")
    process_site.do(
        RequestCancellation,
        "Olga",
        blocker,
        reason="Not needed",
        code="not_needed",
        dispositions={"actions": "dropped", "told": "Wim"},
    )
    request = process_site.file(blocker).requests[-1].id
    process_site.do(DecideRequest, "Lea", blocker, request=request, approve=True)
    second_version(process_site)
    assert refused(process_site, item) == ["migration.obligation"]
    assert refused(process_site, blocker) == ["item.cancelled"]


def test_what_is_on_hold_is_taken_up_first(process_site: ProcessSite) -> None:
    item = process_site.begun()
    process_site.do(HoldItem, "Olga", item, reason="No part", review_on="2026-11-20")
    second_version(process_site)
    assert refused(process_site, item) == ["item.on_hold"]


def test_who_owns_the_process_decides_with_a_reason_to_a_version_in_force(process_site: ProcessSite) -> None:
    item = process_site.begun()
    assert refused(process_site, item) == ["migration.version"], "there is no second version yet"
    second_version(process_site)
    assert refused(process_site, item, who="Wim") == ["right.missing"]
    assert refused(process_site, item, reason=" ") == ["reason.missing"]
    assert refused(process_site, item, version="work@1") == ["migration.version"], "it goes by that one already"
    assert refused(process_site, item, version="exception@1") == ["migration.version"], "of another process"


def test_one_item_that_may_not_come_over_keeps_the_whole_batch_back(process_site: ProcessSite) -> None:
    able, held = process_site.begun(), process_site.begun()
    process_site.do(HoldItem, "Olga", held, reason="No part", review_on="2026-11-20")
    second_version(process_site)
    assert refused(process_site, able, held) == ["item.on_hold"]
    for items in ((), (able, able), (able, process_site.item(able).number)):
        with pytest.raises(UsageProblem):
            come_over(process_site, *items)
    assert process_site.item(able).process_version == "work@1"


def test_a_decision_about_several_items_is_about_the_version_and_one_about_a_single_item_about_that(
    process_site: ProcessSite,
) -> None:
    one, two, three = (process_site.begun() for _ in range(3))
    second_version(process_site)
    values = {"version": SECOND, "reason": "More scope", "meaning": "I decide it"}
    several = process_site.vault.do(MigrateItems, "Lea", items=[one, two], **values).header
    single = process_site.vault.do(MigrateItems, "Lea", items=[three], **values).header
    assert (several.subject, single.subject) == (SECOND, three)
    assert {several.role, single.role} == {"lead"}


def test_a_signature_for_the_old_version_counts_no_more(process_site: ProcessSite) -> None:
    item = process_site.new()
    process_site.do(ApproveItem, "Lea", item)
    second_version(process_site)
    come_over(process_site, item)
    assert process_site.refused(MoveItem, "Olga", item, step="doing") == {"approval.overtaken"}
    process_site.do(ApproveItem, "Leo", item)
    process_site.do(MoveItem, "Olga", item, step="doing")


def test_work_that_was_handed_over_is_accepted_in_the_new_version(process_site: ProcessSite) -> None:
    item = handed_over(process_site)
    second_version(process_site, text=working(), steps={"doing": "working"})
    come_over(process_site, item)
    process_site.verdict(item, "good")
    assert process_site.refused(CloseItem, "Lea", item, outcome="reached") == {"handoff.open"}
    process_site.do(AcceptHandoff, "Lea", item)
    process_site.do(CloseItem, "Lea", item, outcome="reached")
