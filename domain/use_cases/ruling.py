"""What every use case shares: ask the judge, refuse with all obstacles, write down what differs."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.act import Change, changed, created
from domain.errors import Refused, UsageProblem
from domain.gates.attempt import Attempt
from domain.gates.facts import Facts, VaultFacts
from domain.gates.fields import LONGEST_TEXT
from domain.gates.obstacles import obstacles
from domain.gates.verdict import GateVerdict
from domain.items.item import Item


def must_be_allowed(attempt: Attempt, facts: Facts | VaultFacts, doing: str) -> GateVerdict:
    """Go on only when nothing stands in the way of the attempt; the verdict names what was passed visibly.

    Raises:
        Refused: with every obstacle; `doing` completes "X cannot ...".
        UsageProblem: the attempt holds text that cannot be kept on record, not even as a refused one.
    """
    _must_be_encodable(attempt)
    verdict = obstacles(attempt, facts)
    if not verdict.allowed:
        subject = facts.file.item.number if isinstance(facts, Facts) else facts.actor.name
        raise Refused(
            f"{subject} cannot {doing}: {verdict.obstacles[0].text}",
            verdict.obstacles,
            where=subject if isinstance(facts, Facts) else "",
        )
    return verdict


def must_be_text(*texts: str) -> None:
    """Go on only with words that can be kept: UTF-8 text of a bearable length.

    Raises:
        UsageProblem: a lone surrogate (bytes of another encoding typed at a prompt), or too long.
    """
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise UsageProblem(
                f"{len(text):,} characters are too many for a reason or a note.", cure=f"Use up to {LONGEST_TEXT:,}."
            )
    _must_be_encodable(texts)


def _must_be_encodable(value: object) -> None:
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError as problem:
        raise UsageProblem(
            "The text holds characters that are not Unicode text.", cure="Type it again, in UTF-8."
        ) from problem


def item_changes(item: Item, **after: Any) -> tuple[Change, ...]:
    """The change of an item's record to these values; none when they are what is on file."""
    before = {name: msgspec.to_builtins(getattr(item, name)) for name in after}
    change = changed("item", item.id, before, after)
    return () if change is None else (change,)


def new_record(record: str, value: msgspec.Struct) -> Change:
    """The change that brings a record into being; its `id` becomes the change's."""
    values = msgspec.to_builtins(value)
    return created(record, values.pop("id"), values)


def something_changes(changes: tuple[Change, ...], number: str) -> tuple[Change, ...]:
    """The changes, unless there are none.

    Raises:
        UsageProblem: nothing would change; an entry without a change proves nothing.
    """
    if not changes:
        raise UsageProblem(
            "Nothing would change.", where=number, cure="Give a value that differs from the one on file."
        )
    return changes
