"""Packs of items that are linked with others are verified too; what rests on the others is named, not guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from closed_item import ClosedItem, closed_item, definition
from forged_packs import DECIDED

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.pdf.verify_pack import verify_pack
from domain.commands.closure import CancelItem
from domain.commands.items import EditItem, ReopenItem
from domain.commands.links import LinkItems


def _other(closed: ClosedItem) -> str:
    return next(row["id"] for row in closed.log.state.rows("item") if row["id"] != closed.item)


def _linked(kind: str) -> Callable[[ClosedItem], None]:
    def link(closed: ClosedItem) -> None:
        closed.perform(closed.lead, LinkItems(item=closed.item, other=_other(closed), kind=kind, reason="They belong"))

    return link


def _waited_for(closed: ClosedItem) -> None:
    closed.perform(closed.lead, LinkItems(item=_other(closed), other=closed.item, kind="blocked_by", reason="It waits"))


def _reopened(closed: ClosedItem) -> None:
    closed.perform(closed.lead, ReopenItem(item=closed.item, reason="It came back", meaning="I reopen this work"))


def _blocked() -> ClosedItem:
    """An item that waits for another one, which is cancelled: an obligation is left on this one."""
    process = definition()
    process["closure"]["gate"] |= {"unblocked": True, "still_approved": []}
    process["transitions"][1].pop("gate")
    closed = closed_item(closing=False, process=process)
    _linked("blocked_by")(closed)
    closed.perform(closed.engineer, EditItem(item=closed.item, fields={"cost": "9.00 EUR"}))
    closed.perform(closed.lead, CancelItem(item=_other(closed), reason="No longer", meaning="I end this work"))
    return closed


def _cancelled() -> ClosedItem:
    closed = closed_item(closing=False)
    _waited_for(closed)
    closed.perform(closed.lead, CancelItem(item=closed.item, reason="No longer", meaning="I end this work"))
    return closed


def _as_of(closed: ClosedItem, *more: Callable[[ClosedItem], object]) -> ClosedItem:
    for each in more:
        each(closed)
    return closed


LIVES: dict[str, Callable[[], ClosedItem]] = {
    "related": lambda: closed_item(before_closing=_linked("related")),
    "waited for": lambda: closed_item(before_closing=_waited_for),
    "reopened": lambda: _as_of(closed_item(), _reopened),
    "cancelled while another waits for it": _cancelled,
}


@pytest.mark.parametrize("history", LIVES)
def test_an_honest_pack_is_verified(history: str) -> None:
    verdict = verify_pack(print_pack(*LIVES[history]().made(RENDERER)))
    assert verdict.findings == ()
    assert verdict.verified


def test_what_is_on_hold_on_another_item_is_named() -> None:
    pack, proof, signatures = _blocked().made(RENDERER)
    checks = {each.name: each for each in verify_pack(print_pack(pack, proof, signatures)).checks}
    assert checks[DECIDED].passed
    reasons = {line.act: line.reason for line in pack.unjudged}
    assert "it rests on PN-CAPA-0001" in reasons["edit_item"]
    assert "also about other items" in reasons["cancel_item"]
    assert [line.known for line in pack.standard if line.rule == "unblocked"] == [False]
