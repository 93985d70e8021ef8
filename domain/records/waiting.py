"""Whom work waits for: the chain of blockers behind an item, and the way through it that takes longest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from domain.records.governance import Link
from domain.records.item import FINISHED, Item


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the chain: how deep it lies (0 = the item asked about), and the item that waits for it.

    `holds_up` says whether it still does: closed work holds nobody up. `critical`: on the longest way.
    """

    item: str
    number: str
    title: str
    process: str
    step: str
    state: str
    owner: str
    owner_name: str
    due: str
    depth: int
    waited_for_by: str
    holds_up: bool
    critical: bool = False


def waiting_chain(
    item: str, *, links_of: Callable[[str], Sequence[Link]], item_of: Callable[[str], Item]
) -> tuple[Waits, ...]:
    """Everything that the item (an id) waits for, directly and through others, each once, the way down first.

    The critical way goes, from each item, to the blocker after which it can go on last: the latest due day behind
    it, one without a due day being the latest of all.
    """
    found: dict[str, Waits] = {}
    below: dict[str, list[str]] = {}
    ahead = [(item, 0, "")]
    while ahead:
        here, depth, above = ahead.pop()
        if here in found:
            continue
        one = item_of(here)
        found[here] = Waits(
            item=one.id,
            number=one.number,
            title=one.title,
            process=one.process,
            step=one.step,
            state=one.state,
            owner=one.owner,
            owner_name=one.owner_name,
            due=one.due,
            depth=depth,
            waited_for_by=above,
            holds_up=one.state not in FINISHED,
        )
        below[here] = [
            each.other
            for each in links_of(here)
            if each.item == here and each.kind == "blocked_by" and each.state == "in_force"
        ]
        ahead += [(other, depth + 1, one.number) for other in reversed(below[here])]
    critical = _critical(item, found, below)
    return tuple(msgspec.structs.replace(each, critical=each.item in critical) for each in found.values())


_LATEST = "9999-12-31"


def _critical(item: str, found: dict[str, Waits], below: dict[str, list[str]]) -> frozenset[str]:
    open_below = {here: [each for each in others if found[each].holds_up] for here, others in below.items()}
    ready: dict[str, str] = {}
    ahead = [item]
    while ahead:
        here = ahead[-1]
        # Set before what lies below is looked at: a ring of links, which no act can make, ends here and not in a loop.
        unknown = [] if here in ready else [each for each in open_below[here] if each not in ready]
        ready.setdefault(here, "")
        ahead += unknown
        if not unknown:
            ready[here] = max(found[here].due or _LATEST, *(ready[each] for each in open_below[here]), "")
            ahead.pop()
    transition, here = [item], item
    while following := [each for each in open_below[here] if each not in transition]:
        here = max(following, key=ready.__getitem__)
        transition.append(here)
    return frozenset(transition)
