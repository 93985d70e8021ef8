"""Who may give a field its value, by every entrance, and what a process does not know as a choice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from process_site import ProcessSite, definition
from ruled_site import begun, named_when_forged, refused_to, ruled, set_by

from domain.commands.approvals import ApproveItem
from domain.commands.items import AssignItem, CreateItem, EditItem, MoveItem
from domain.commands.requests import DecideRequest, RequestChange
from domain.errors import Refused
from domain.process.decode import decode_process
from domain.rules.approvals import not_ready
from domain.rules.fields import unknown_choices


@pytest.fixture
def site() -> ProcessSite:
    return ruled()


def judged(site: ProcessSite, judge: str = "Lea") -> str:
    """An item at the check whose judge is named."""
    item = begun(site)
    set_by(site, "Lea", item, judge=site.vault.ids[judge])
    site.do(MoveItem, "Olga", item, step="checking")
    return item


def test_only_the_person_named_in_the_other_field_sets_the_verdict(site: ProcessSite) -> None:
    item = judged(site)
    assert refused_to(site, "Leo", item, verdict="good") == {"field.right"}
    set_by(site, "Lea", item, verdict="good")
    assert site.item(item).values["verdict"] == "good"


def test_a_refusal_names_who_may_set_it(site: ProcessSite) -> None:
    item = judged(site)
    with pytest.raises(Refused) as refusal:
        set_by(site, "Leo", item, verdict="good")
    assert (refusal.value.obstacles[0].responsible, refusal.value.obstacles[0].about) == ("Lea", "verdict")
    assert "whoever is named in 'Judge'" in refusal.value.obstacles[0].text


def test_naming_oneself_and_judging_in_one_edit_is_refused(site: ProcessSite) -> None:
    item = judged(site, "Lea")
    me = site.vault.ids["Leo"]
    assert refused_to(site, "Leo", item, judge=me, verdict="good") == {"field.right"}


def test_nobody_without_the_role_names_the_judge(site: ProcessSite) -> None:
    item = judged(site)
    assert refused_to(site, "Olga", item, judge=site.vault.ids["Olga"]) == {"field.right"}


def test_the_owner_never_judges_the_work_though_named(site: ProcessSite) -> None:
    item = judged(site, "Olga")
    assert refused_to(site, "Olga", item, verdict="good") == {"field.verdict"}


def test_whoever_judges_cannot_empty_the_verdict_of_another_one(site: ProcessSite) -> None:
    item = judged(site)
    set_by(site, "Lea", item, verdict="bad")
    assert refused_to(site, "Wim", item, verdict="") == {"field.right"}


def test_a_judge_who_became_the_owner_judges_no_more(site: ProcessSite) -> None:
    item = judged(site)
    site.do(AssignItem, "Leo", item, person=site.vault.ids["Lea"], reason="Olga is away")
    assert "field.verdict" in refused_to(site, "Lea", item, verdict="good")


def test_a_field_is_set_at_its_steps_only(site: ProcessSite) -> None:
    item = begun(site)
    set_by(site, "Lea", item, judge=site.vault.ids["Lea"])
    assert refused_to(site, "Lea", item, verdict="good") == {"field.step"}


def test_those_named_in_not_by_do_not_set_a_field(site: ProcessSite) -> None:
    item = begun(site)
    assert refused_to(site, "Olga", item, residual="none") == {"field.excluded"}
    set_by(site, "Wim", item, residual="none")


def test_whoever_asked_is_the_one_who_accepts(site: ProcessSite) -> None:
    item = begun(site)
    assert refused_to(site, "Lea", item, accepted="yes") == {"field.right"}
    set_by(site, "Wim", item, accepted="yes")


def test_a_value_that_stays_as_it_is_asks_nobody(site: ProcessSite) -> None:
    item = judged(site)
    set_by(site, "Lea", item, verdict="good")
    set_by(site, "Wim", item, verdict="good", opinion="agreed")
    assert site.item(item).values["opinion"] == "agreed"


CREATED: list[tuple[dict[str, Any], set[str]]] = [
    ({"verdict": "good"}, {"field.right", "field.step"}),
    ({"judge": "Leo", "verdict": "good"}, {"field.right", "field.step"}),
    ({"opinion": "perhaps"}, {"field.kind"}),
    ({"severity": "huge"}, {"field.kind"}),
]


@pytest.mark.parametrize(("fields", "rules"), CREATED, ids=["verdict", "judge", "choice", "severity"])
def test_an_item_does_not_begin_with_what_its_creator_may_not_set(
    site: ProcessSite, fields: dict[str, Any], rules: set[str]
) -> None:
    given = {name: site.vault.ids.get(value, value) for name, value in fields.items()}
    with pytest.raises(Refused) as refusal:
        site.vault.do(CreateItem, "Wim", process="work", fields={"title": "x", **given})
    assert {each.rule for each in refusal.value.obstacles} == rules | ({"field.right"} if "judge" in fields else set())


def test_a_request_does_not_carry_a_value_past_the_right_to_it(site: ProcessSite) -> None:
    item = judged(site, "Lea")
    fields = {"verdict": "good"}
    found = site.refused(RequestChange, "Olga", item, fields=fields, reason="It is good")
    assert found == {"field.right", "field.verdict"}


def test_whoever_is_kept_from_a_field_does_not_grant_its_change_either(site: ProcessSite) -> None:
    strict = ruled(
        change={"roles": ["worker"], "decided_by": ["lead", "board"], "meaning": "Yes.", "separate_from": []}
    )
    item = begun(strict)
    strict.do(RequestChange, "Wim", item, fields={"residual": "noise"}, reason="Heard it")
    request = strict.file(item).requests[-1].id
    assert "field.excluded" in strict.refused(DecideRequest, "Bo", item, request=request, approve=True)
    strict.do(DecideRequest, "Lea", item, request=request, approve=True)
    assert strict.item(item).values["residual"] == "noise"


def test_whoever_asked_and_may_no_more_gets_no_change(site: ProcessSite) -> None:
    strict = ruled(change={"roles": ["worker"], "decided_by": ["lead"], "meaning": "Yes.", "separate_from": []})
    item = begun(strict)
    strict.do(RequestChange, "Wim", item, fields={"residual": "noise"}, reason="Heard it")
    strict.do(AssignItem, "Lea", item, person=strict.vault.ids["Wim"], reason="Wim goes on")
    request = strict.file(item).requests[-1].id
    assert "field.excluded" in strict.refused(DecideRequest, "Leo", item, request=request, approve=True)


@pytest.mark.parametrize("signer", ["Leo", "Olga", "Wim"])
def test_a_forged_verdict_of_somebody_else_is_named(site: ProcessSite, signer: str) -> None:
    item = judged(site)
    command = EditItem(item=item, fields={"verdict": "good"})
    assert named_when_forged(site, command, by="Lea", signed_by=signer)
    assert not named_when_forged(site, command, by="Lea", signed_by="Lea")


def test_a_forged_residual_of_the_owner_is_named(site: ProcessSite) -> None:
    item = begun(site)
    assert named_when_forged(site, EditItem(item=item, fields={"residual": "x"}), by="Wim", signed_by="Olga")


def test_a_choice_that_the_process_does_not_know_stops_the_item_at_every_gate(site: ProcessSite) -> None:
    item = begun(site, opinion="agreed")
    facts = site.vault.facts(item, "Olga")
    narrower = decode_process(
        definition(
            fields=[
                {"id": "plan", "title": "Plan", "kind": "text"},
                {"id": "opinion", "title": "Opinion", "kind": "choice", "choices": ["yes", "no"]},
                {"id": "verdict", "title": "Good?", "kind": "choice", "choices": ["good", "bad"]},
                {"id": "residual", "title": "Residual", "kind": "text"},
            ]
        )
    )
    brought_over = msgspec.structs.replace(facts, process=narrower)
    assert [each.rule for each in unknown_choices(brought_over)] == ["field.choice"]
    assert "field.choice" in [each.rule for each in not_ready(brought_over, "doing->checking")]
    assert unknown_choices(facts) == ()


def test_an_answer_is_not_changed_behind_the_gate_that_would_have_asked_more(site: ProcessSite) -> None:
    item = begun(site, opinion="agreed")
    assert refused_to(site, "Wim", item, opinion="differing") == {"field.demanded"}
    set_by(site, "Wim", item, opinion="differing", differs_in="The cause is another one.")


def test_a_differing_opinion_needs_its_words_at_the_gate(site: ProcessSite) -> None:
    item = site.new(opinion="differing")
    site_rules = {each.rule for each in not_ready(site.vault.facts(item), "asked->doing")}
    assert site_rules == {"field.missing"}
    set_by(site, "Wim", item, differs_in="The cause is another one.")
    site.do(ApproveItem, "Lea", item)
