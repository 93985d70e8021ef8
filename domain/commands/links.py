"""Commands about links between items: make, end and replace one, and ask the owner of the item that blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

import msgspec

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED
from domain.commands.request_changes import decided_again, new_link
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import Link, Question
from domain.rules import links
from domain.rules.facts import Facts, Other, with_other
from domain.rules.links import link_of, roles_to
from domain.rules.rights import role_used
from domain.rules.verdict import GateVerdict

ANOTHER: Final = "…"
"""Stands for the other item of a link, which a person names when the command is given."""


def _with_any_other(facts: Facts, other: str) -> Facts:
    """The facts as they would be with an open item that waits for nothing, where they hold no other item."""
    far = facts.other or Other(id=other, number="", state="open", owner="", way_back=())
    return msgspec.structs.replace(facts, other=far)


def _in_force(facts: Facts) -> Iterator[Link]:
    """The item's links that a person can end."""
    return (each for each in facts.file.links if each.state == "in_force" and each.kind != "passed_by")


class LinkItems(ItemCommand, frozen=True, kw_only=True):
    """Record that the item is blocked by, follows up, continues, is merged into or is related to another.

    Both are named by id or number; they may belong to different processes.
    """

    while_on_hold: ClassVar[bool] = True

    other: str
    kind: str = "blocked_by"
    reason: str = ""

    def gather(self, case: Case) -> Facts:
        return with_other(case.state, case.facts(self.item), self.other)

    def judge_by(self, facts: Facts) -> GateVerdict:
        return super().judge_by(_with_any_other(facts, self.other))

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, not a kind people make, linked already, over already, or it would wait for itself."""
        return links.link_obstacles(facts, self.other, kind=self.kind)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, other=ANOTHER, kind="related")

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found, far = facts.file.item, facts.other
        assert far is not None, "gathered with the other item"
        link = new_link(
            found.id, far.id, self.kind, by=case.by, id_=case.new_id(), reason=self.reason, number=far.number
        )
        return self.about(facts, new_record("link", link), role=role_used(facts, roles_to(facts, "link")))


class UnlinkItems(ItemCommand, frozen=True, kw_only=True):
    """End a link (its id) of the item, with a reason; it stays on record as removed."""

    while_on_hold: ClassVar[bool] = True

    link: str
    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, or no such link in force."""
        return links.unlink_obstacles(facts, self.link, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in _in_force(facts):
            yield cls(item=facts.file.item.id, link=each.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        ended = link_of(facts, self.link)
        assert ended is not None, "the judge refuses a link that is not on record"
        return self.about(
            facts,
            record_changed(
                "link", ended, state="removed", ended_at=iso(by.at), ended_by=by.person, ended_reason=self.reason
            ),
            *decided_again(facts, self.reason, link=ended.id),
            role=role_used(facts, roles_to(facts, "link")),
        )


class ReplaceLink(ItemCommand, frozen=True, kw_only=True):
    """End a link (its id) as replaced, and make one of the same kind to another item (id or number)."""

    while_on_hold: ClassVar[bool] = True

    link: str
    other: str
    reason: str

    def gather(self, case: Case) -> Facts:
        return with_other(case.state, case.facts(self.item), self.other)

    def judge_by(self, facts: Facts) -> GateVerdict:
        return super().judge_by(_with_any_other(facts, self.other))

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no reason, no such link in force, or the new link may not be made."""
        return links.replace_obstacles(facts, self.link, self.other, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in _in_force(facts):
            yield cls(item=facts.file.item.id, link=each.id, other=ANOTHER, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        found, far, ended = facts.file.item, facts.other, link_of(facts, self.link)
        assert far is not None, "gathered with the other item"
        assert ended is not None, "the judge refuses a link that is not on record"
        link = new_link(found.id, far.id, ended.kind, by=by, id_=case.new_id(), reason=self.reason, number=far.number)
        return self.about(
            facts,
            record_changed(
                "link", ended, state="replaced", ended_at=iso(by.at), ended_by=by.person, ended_reason=self.reason
            ),
            new_record("link", link),
            *decided_again(facts, self.reason, link=ended.id),
            role=role_used(facts, roles_to(facts, "link")),
        )


class AskBlocker(ItemCommand, frozen=True, kw_only=True):
    """Put a question on the item that a link (its id) waits for, to its owner, who finds it among their own work.

    The question is kept as the number of the item that waits, a colon, and the text.
    """

    while_on_hold: ClassVar[bool] = True

    link: str
    text: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, no words, the link blocks nothing, or the blocker has ended or has no owner."""
        return links.ask_obstacles(facts, self.link, text=self.text)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in _in_force(facts):
            if each.kind == "blocked_by":
                yield cls(item=facts.file.item.id, link=each.id, text=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        blocker = next(each for each in facts.blockers if each.link.id == self.link)
        far = case.state.item(blocker.link.other)
        question = Question(
            id=case.new_id(),
            item=far.id,
            cycle=far.cycle,
            gate="",
            text=f"{facts.file.item.number}: {self.text}",
            asked_by=by.person,
            asked_at=iso(by.at),
            asked_of=far.owner,
            stops_clock="no",
            answer="",
            answered_by="",
            answered_at="",
        )
        return self.about(
            facts, new_record("question", question), role=role_used(facts, roles_to(facts, "ask")), reason=self.text
        )
