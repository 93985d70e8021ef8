"""Deciding the entries of a pack again, as far as its state allows: the same judge that `log verify` asks.

Entries about people, keys and roles are all shown whole, so that every role is proven by the grants from entry 0 on;
one of them that cannot be decided is a finding. Entries about the item are decided where they are shown whole and ask
for nothing but the site and the item; the others are named with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

import domain.registry  # noqa: F401 (by it every command is known)
from domain.closure.pack_state import NotShownError, PackState
from domain.closure.partial import partial_problems
from domain.closure.proof import PEOPLE_RECORDS, SITE_RECORDS, ReadEntry, is_about
from domain.errors import CountersignError
from domain.identity import parse_iso
from domain.messages import language_of_record, message
from domain.replay.decide_again import EntryJudge
from domain.replay.key_claims import Claim
from domain.rules.facts import Facts
from domain.rules.holding_roles import actor_at

_HOSTILE = (LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)
"""What gathering facts from entries that no command ever made may stumble over."""


_LINKS_ONLY_BLOCK = frozenset(
    {
        "edit_item",
        "assign_item",
        "move_item",
        "close_item",
        "approve_item",
        "revoke_approval",
        "add_evidence",
        "review_evidence",
    }
)
"""Commands for which a linked item matters only where it blocks: they are decided as if it did not."""


class Unjudged(msgspec.Struct, frozen=True):
    """An entry that could not be decided again, and why."""

    seq: int
    reason: str


class Standing(msgspec.Struct, frozen=True):
    """How the item stood just before it was closed, or stands now: the facts for whoever closed it, and the ids of
    items that these would need and that are not shown.
    """

    facts: Facts
    not_shown: frozenset[str]


class Decided(msgspec.Struct, frozen=True):
    """What came out: findings, entries about the item that were not judged, what entries say of keys, the state that
    they add up to, and how the item stood (None: the entries do not show it).
    """

    findings: tuple[str, ...]
    unjudged: tuple[Unjudged, ...]
    claims: tuple[tuple[ReadEntry, tuple[Claim, ...]], ...]
    state: PackState
    standing: Standing | None


@language_of_record()
def decide_shown(read_entries: Sequence[ReadEntry], item: str) -> Decided:
    """Decide the shown entries of a pack about `item` (an id) again, in their order."""
    replay = _Replay(item)
    for one in read_entries:
        replay.take(one)
    return Decided(
        findings=tuple(replay.findings),
        unjudged=tuple(replay.unjudged),
        claims=tuple(replay.claims),
        state=replay.state,
        standing=replay.standing(),
    )


class _Replay:
    def __init__(self, item: str) -> None:
        self.item = item
        self.state = PackState(item)
        self.judge = EntryJudge(self.state)
        self.findings: list[str] = []
        self.unjudged: list[Unjudged] = []
        self.claims: list[tuple[ReadEntry, tuple[Claim, ...]]] = []
        self._before_closing: Standing | None = None

    def take(self, one: ReadEntry) -> None:
        """The next entry."""
        header = one.entry.header
        self.state.expect(header, one.changes)
        if any(each.record == "closure" and each.values().get("item") == self.item for each in one.changes):
            self._before_closing = self._stand(header.by, header.at)
        elif self._before_closing is not None and _reopens(one, self.item):
            self._before_closing = None
        self.judge.begin(header)
        for data in one.command:
            self.judge.command_leaf(data)
        for change in one.changes:
            self.judge.change(change, change.data())
        if len(one.command) + len(one.changes) != header.changes.count:
            self._leave(one, message("decided.it_is_also_about"))
            self.findings += [
                message("decided.entry", seq=header.seq, value=each)
                for each in partial_problems(one, self.item, self.state)
            ]
            self.judge.believe(header, [change.data() for change in one.changes])
            return
        try:
            breaches = self.judge.end()
        except NotShownError as problem:
            self._leave(one, str(problem))
            return
        self.claims.append((one, self.judge.claims))
        if breaches and any(each.record == "link" and each.after.get("kind") == "passed_by" for each in one.changes):
            self._leave(one, message("decided.it_passed_a_rule"))
            return
        if self.state.stood_in and header.act not in _LINKS_ONLY_BLOCK:
            self._leave(
                one, message("decided.it_depends_on_not", values=", ".join(sorted(self.state.stood_in.values())))
            )
            return
        if self.state.stood_in:
            numbers = ", ".join(sorted(self.state.stood_in.values()))
            self._leave(one, message("decided.it_rests_on_not", numbers=numbers))
        self.findings += [message("decided.entry.130", seq=header.seq, text=each.text) for each in breaches]

    def _leave(self, one: ReadEntry, why: str) -> None:
        header = one.entry.header
        if any(each.record in PEOPLE_RECORDS for each in one.changes):
            self.findings.append(message("decided.entry_is_about_people", seq=header.seq, why=why))
        elif is_about(one, self.item) or any(each.record in SITE_RECORDS for each in one.changes):
            self.unjudged.append(Unjudged(header.seq, why))

    def _stand(self, person: str, at: str) -> Standing | None:
        try:
            return Standing(*self.state.facts(actor_at(self.state, person, parse_iso(at))))
        except (CountersignError, NotShownError, msgspec.ValidationError, *_HOSTILE):
            return None  # the pack is then composed without facts, which it cannot be, and says so

    def standing(self) -> Standing | None:
        """How the item stood before its closing that still counts, else how it stands."""
        newest = self.state.newest()
        if self._before_closing is not None or newest is None:
            return self._before_closing
        return self._stand(newest.by, newest.at)


def _reopens(one: ReadEntry, item: str) -> bool:
    changed = [each.after for each in one.changes if each.record == "item" and each.id == item]
    return any(after.get("state", "closed") not in ("closed", "cancelled") for after in changed)
