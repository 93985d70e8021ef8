"""May I, and why not: every act at an item is asked of the judge by its own word."""

from __future__ import annotations

import pytest
from command_line import command, secret_file

from desktop.cli.item_can import command_given
from domain.errors import UsageProblem

PASSPHRASE_OF_THE_SITE = "throw-away words for a test vault"


def test_words_stated_when_it_is_done_are_no_obstacle_now() -> None:
    move = command_given("move_item", "item", {"step": "plan"})
    assert (move.step, bool(move.reason)) == ("plan", True)
    assert command_given("edit_item", "item", {"title": "x", "due": "2026-12-01"}).fields == {
        "title": "x",
        "due": "2026-12-01",
    }
    assert command_given("request_cancellation", "item", {"code": "duplicate", "actions": "dropped"}).dispositions == {
        "actions": "dropped"
    }
    assert command_given("decide_request", "item", {"request": "r", "approve": "yes"}).approve is True
    assert command_given("decide_request", "item", {"request": "r", "approve": "no"}).approve is False


@pytest.mark.parametrize(
    ("act", "given", "named"),
    [
        ("fly_item", {}, "fly_item"),
        ("move_item", {}, "step"),
        ("move_item", {"step": "plan", "colour": "red"}, "colour"),
        ("decide_request", {"approve": "yes"}, "request"),
    ],
    ids=["no such act", "something missing", "something unknown", "no request"],
)
def test_a_question_that_makes_no_sense_states_what_is_missing(act: str, given: dict[str, str], named: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        command_given(act, "item", given)
    assert named in problem.value.what
    assert problem.value.remedy


def test_the_answer_names_rule_version_remedy_and_who_and_changes_nothing(site_vault, tmp_path) -> None:
    me = ("--as", "Quinn QA", "--passphrase-file", secret_file(tmp_path, PASSPHRASE_OF_THE_SITE), "--json")
    new = ("title=Burr", "description=14 of 200", "severity=major")
    item = command("item", "new", site_vault, "--process", "capa", *new, *me).json()["number"]
    size = len(command("item", "history", site_vault, item, *me).items())
    for act, *given in (
        ("move_item", "step=containment"),
        ("close_item", "outcome=reached"),
        ("resume_item",),
        ("link_items", f"other={item}", "kind=blocked_by"),
        ("accept_handoff",),
    ):
        output = command("item", "can", site_vault, item, act, *given, *me)
        value = output.json()
        assert (output.code, value["allowed"], value["process_version"][:5]) == (1, False, "capa@")
        assert all(one["rule"] and one["text"] and one["remedy"] for one in value["obstacles"])
    allowed = command("item", "can", site_vault, item, "edit_item", "title=Burr at edge C", *me)
    assert (allowed.code, allowed.json()["obstacles"]) == (0, [])
    assert len(command("item", "history", site_vault, item, *me).items()) == size, "asking leaves no trace"
