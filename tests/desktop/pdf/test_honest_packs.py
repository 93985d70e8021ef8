"""Packs of items that are linked with others are verified too; what rests on the others is named, not guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from closed_story import Story, closed_item, definition
from forged_packs import DECIDED

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.pdf.verify_pack import verify_pack
from domain.commands.closure import CancelItem
from domain.commands.items import EditItem, ReopenItem
from domain.commands.links import LinkItems


def _other(story: Story) -> str:
    return next(row["id"] for row in story.log.state.rows("item") if row["id"] != story.item)


def _linked(kind: str) -> Callable[[Story], None]:
    def link(story: Story) -> None:
        story.perform(story.lead, LinkItems(item=story.item, other=_other(story), kind=kind, reason="They belong"))

    return link


def _waited_for(story: Story) -> None:
    story.perform(story.lead, LinkItems(item=_other(story), other=story.item, kind="blocked_by", reason="It waits"))


def _reopened(story: Story) -> None:
    story.perform(story.lead, ReopenItem(item=story.item, reason="It came back", meaning="I reopen this work"))


def _blocked() -> Story:
    """An item that waits for another one, which is cancelled: an obligation is left on this one."""
    process = definition()
    process["closure"]["gate"] |= {"unblocked": True, "still_approved": []}
    process["transitions"][1].pop("gate")
    story = closed_item(closing=False, process=process)
    _linked("blocked_by")(story)
    story.perform(story.engineer, EditItem(item=story.item, fields={"cost": "9.00 EUR"}))
    story.perform(story.lead, CancelItem(item=_other(story), reason="No longer", meaning="I end this work"))
    return story


def _cancelled() -> Story:
    story = closed_item(closing=False)
    _waited_for(story)
    story.perform(story.lead, CancelItem(item=story.item, reason="No longer", meaning="I end this work"))
    return story


def _then(story: Story, *more: Callable[[Story], object]) -> Story:
    for each in more:
        each(story)
    return story


LIVES: dict[str, Callable[[], Story]] = {
    "related": lambda: closed_item(before_closing=_linked("related")),
    "waited for": lambda: closed_item(before_closing=_waited_for),
    "reopened": lambda: _then(closed_item(), _reopened),
    "cancelled while another waits for it": _cancelled,
}


@pytest.mark.parametrize("life", LIVES)
def test_an_honest_pack_is_verified(life: str) -> None:
    verdict = verify_pack(print_pack(*LIVES[life]().made(RENDERER)))
    assert verdict.findings == ()
    assert verdict.verified


def test_what_rests_on_another_item_is_named() -> None:
    pack, proof, signatures = _blocked().made(RENDERER)
    checks = {each.name: each for each in verify_pack(print_pack(pack, proof, signatures)).checks}
    assert checks[DECIDED].passed
    reasons = {line.act: line.reason for line in pack.unjudged}
    assert "it rests on PN-CAPA-0001" in reasons["edit_item"]
    assert "also about other items" in reasons["cancel_item"]
    assert [line.known for line in pack.standard if line.rule == "unblocked"] == [False]
