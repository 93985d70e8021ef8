"""Commands about the acceptance of a risk (risk acceptance): it is asked for, decided by signature, and revoked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED
from domain.commands.meanings import stated_meaning
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import RiskAcceptance
from domain.rules import risk_acceptances
from domain.rules.facts import Facts
from domain.rules.rights import role_used
from domain.rules.risk_acceptances import acceptable_obstacles, asking_roles, risk_acceptance_of


class RequestRiskAcceptance(ItemCommand, frozen=True, kw_only=True):
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
        """No right, a rule that is not accepted here, a day too far off, or no words."""
        return risk_acceptances.request_obstacles(
            facts,
            gate=self.gate,
            rule=self.rule,
            reason=self.reason,
            risk=self.risk,
            expires_on=self.expires_on,
            about=self.concerns,
        )

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        today = facts.today
        for each in acceptable_obstacles(facts):
            yield cls(
                item=facts.file.item.id,
                gate=each.gate,
                rule=each.rule,
                concerns=each.about,
                reason=STATED,
                risk=STATED,
                expires_on=today,
            )

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        found = facts.file.item
        risk_acceptance = RiskAcceptance(
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
        return self.about(
            facts, new_record("risk_acceptance", risk_acceptance), role=role_used(facts, asking_roles(facts))
        )


class DecideRiskAcceptance(ItemCommand, frozen=True, kw_only=True):
    """Sign that the risk which a risk acceptance (its id) states is accepted, or that it is not, with a reason. It is
    accepted when who carries the risk and who owns the process signed, which may be one person.
    """

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    risk_acceptance: str
    accept: bool
    reason: str = ""
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, an excluded person, the day has gone by, or decided already."""
        return risk_acceptances.decide_obstacles(facts, self.risk_acceptance, accept=self.accept, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in facts.file.risk_acceptances:
            if each.state == "asked":
                yield cls(item=facts.file.item.id, risk_acceptance=each.id, accept=False, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        wanted, rule = risk_acceptance_of(facts, self.risk_acceptance), facts.process.risk_acceptance
        assert wanted is not None, "the judge refuses a risk acceptance that is not on record"
        assert rule is not None, "the judge refuses risk acceptances where no rule knows them"
        at = iso(by.at)
        if self.accept:
            signed: dict[str, str] = {}
            if not wanted.accepted_by and role_used(facts, rule.roles):
                signed |= {"accepted_by": by.person, "accepted_at": at}
            if not wanted.owner_signed_by and role_used(facts, (facts.process.owner_role,)):
                signed |= {"owner_signed_by": by.person, "owner_signed_at": at}
            whole = ("accepted_by" in signed or wanted.accepted_by) and (
                "owner_signed_by" in signed or wanted.owner_signed_by
            )
            change = record_changed("risk_acceptance", wanted, **signed, state="in_force" if whole else "asked")
        else:
            change = record_changed(
                "risk_acceptance", wanted, state="rejected", ended_at=at, ended_by=by.person, ended_reason=self.reason
            )
        return self.about(
            facts,
            change,
            role=role_used(facts, risk_acceptances.deciding_roles(facts)),
            reason=self.reason or wanted.reason,
            meaning=stated_meaning(self.meaning, rule.meaning if self.accept else ""),
        )


class RevokeRiskAcceptance(ItemCommand, frozen=True, kw_only=True):
    """Sign that a risk acceptance (its id) ends before its last day: the obstacle it passed stands again."""

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    risk_acceptance: str
    reason: str
    meaning: str = ""

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, not in force, or no reason."""
        return risk_acceptances.revoke_obstacles(facts, self.risk_acceptance, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in facts.file.risk_acceptances:
            if each.state == "in_force":
                yield cls(item=facts.file.item.id, risk_acceptance=each.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts, by = self.gather(case), case.by
        wanted, rule = risk_acceptance_of(facts, self.risk_acceptance), facts.process.risk_acceptance
        assert wanted is not None, "the judge refuses a risk acceptance that is not on record"
        assert rule is not None, "the judge refuses risk acceptances where no rule knows them"
        change = record_changed(
            "risk_acceptance",
            wanted,
            state="revoked",
            ended_at=iso(by.at),
            ended_by=by.person,
            ended_reason=self.reason,
        )
        role = role_used(facts, risk_acceptances.deciding_roles(facts))
        return self.about(facts, change, role=role, meaning=stated_meaning(self.meaning))
