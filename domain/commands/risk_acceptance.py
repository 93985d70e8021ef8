"""Commands about the acceptance of a risk (waiver): it is asked for, decided by signature, and revoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import SAID
from domain.commands.meanings import stated_meaning
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import Waiver
from domain.rules import waivers
from domain.rules.facts import Facts
from domain.rules.rights import hat_used
from domain.rules.waivers import asking_roles, waivable_ahead, waiver_of


class RequestWaiver(ItemCommand, frozen=True, kw_only=True):
    """Ask that the risk of passing `gate` ("" = every gate of the cycle) in spite of an obstacle of `rule` be accepted
    until the day `expires_on` (ISO), included.

    `concerns` narrows it to what the obstacle concerns: a link's id, a field, a requirement.
    """

    rule: str
    reason: str
    risk: str
    expires_on: str
    gate: str = ""
    concerns: str = ""
    measure: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, a rule that is not waived here, a day too far off, or no words."""
        return waivers.request_obstacles(
            facts, gate=self.gate, rule=self.rule, reason=self.reason, risk=self.risk, expires_on=self.expires_on
        )

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        today = iso(facts.actor.at)[:10]
        for each in waivable_ahead(facts):
            yield cls(
                item=facts.file.item.id,
                gate=each.gate,
                rule=each.rule,
                concerns=each.about,
                reason=SAID,
                risk=SAID,
                expires_on=today,
            )

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        found = facts.file.item
        waiver = Waiver(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            gate=self.gate,
            rule=self.rule,
            about=self.concerns,
            state="asked",
            reason=self.reason,
            risk=self.risk,
            measure=self.measure,
            asked_by=by.person,
            asked_at=iso(by.at),
            accepted_by="",
            accepted_at="",
            expires_on=self.expires_on,
            ended_at="",
            ended_by="",
            ended_reason="",
        )
        return self.about(facts, new_record("waiver", waiver), role=hat_used(facts, asking_roles(facts)))


class DecideWaiver(ItemCommand, frozen=True, kw_only=True):
    """Sign that the risk which a waiver (its id) states is accepted, or that it is not, with a reason."""

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    waiver: str
    accept: bool
    reason: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, an excluded person, the day has gone by, or decided already."""
        return waivers.decide_obstacles(facts, self.waiver, accept=self.accept, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in facts.file.waivers:
            if each.state == "asked":
                yield cls(item=facts.file.item.id, waiver=each.id, accept=False, reason=SAID)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        wanted, rule = waiver_of(facts, self.waiver), facts.process.waiver
        assert wanted is not None, "the judge refuses a waiver that is not on record"
        assert rule is not None, "the judge refuses waivers where no rule knows them"
        at = iso(by.at)
        if self.accept:
            change = record_changed("waiver", wanted, state="in_force", accepted_by=by.person, accepted_at=at)
        else:
            change = record_changed(
                "waiver", wanted, state="rejected", ended_at=at, ended_by=by.person, ended_reason=self.reason
            )
        return self.about(
            facts,
            change,
            role=hat_used(facts, rule.roles),
            reason=self.reason or wanted.reason,
            meaning=stated_meaning(self.meaning, rule.meaning if self.accept else ""),
        )


class RevokeWaiver(ItemCommand, frozen=True, kw_only=True):
    """Sign that a waiver (its id) ends before its last day: the obstacle it passed stands again."""

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    waiver: str
    reason: str
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, not in force, or no reason."""
        return waivers.revoke_obstacles(facts, self.waiver, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in facts.file.waivers:
            if each.state == "in_force":
                yield cls(item=facts.file.item.id, waiver=each.id, reason=SAID)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        wanted, rule = waiver_of(facts, self.waiver), facts.process.waiver
        assert wanted is not None, "the judge refuses a waiver that is not on record"
        assert rule is not None, "the judge refuses waivers where no rule knows them"
        change = record_changed(
            "waiver", wanted, state="revoked", ended_at=iso(by.at), ended_by=by.person, ended_reason=self.reason
        )
        return self.about(facts, change, role=hat_used(facts, rule.roles), meaning=stated_meaning(self.meaning))
