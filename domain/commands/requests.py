"""Commands about requests: a later due day, changed content or a cancellation is asked for, and others decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Literal

import msgspec

from domain.act import Act, Change
from domain.commands.changing import due_replaced, item_changed, must_change, new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.commands.items import STATED
from domain.commands.meanings import stated_meaning
from domain.commands.request_changes import cancelled
from domain.days import days_after, is_day
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import Request
from domain.rules import requests
from domain.rules.facts import Facts
from domain.rules.field_changes import after_editing
from domain.rules.fields import EDITABLE_CORE, value_of
from domain.rules.requests import asked, decider_of, request_of
from domain.rules.rights import role_used


class RequestExtension(ItemCommand, frozen=True, kw_only=True):
    """Ask for another due day (ISO) once it is locked, with the reason and the risk until then; others decide."""

    due: str
    reason: str
    interim_risk: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right to ask, no words, not locked, not a later day, or asked already."""
        return requests.extension_obstacles(facts, due=self.due, reason=self.reason, interim_risk=self.interim_risk)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        item, today = facts.file.item, facts.today
        latest = max(item.due, today) if is_day(item.due) else today
        later = days_after(date.fromisoformat(latest), 1)
        yield cls(item=item.id, due=later.isoformat(), reason=STATED, interim_risk=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        rule, proposal = facts.process.extension, {"due": [facts.file.item.due, self.due]}
        request = _asked_now(case, facts, "extension", proposal, reason=self.reason, interim_risk=self.interim_risk)
        return self.about(facts, request, role=role_used(facts, rule.roles if rule else ()))


class RequestChange(ItemCommand, frozen=True, kw_only=True):
    """Ask that fields get these values. Before and after are on record; nothing changes until somebody else signs."""

    fields: dict[str, Any]
    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right to ask, no reason, a value not of its kind, a field emptied that the step demands, nothing to
        change, or asked already.
        """
        return requests.change_obstacles(facts, fields=self.fields, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        yield cls(item=facts.file.item.id, fields={"title": STATED}, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        rule, found = facts.process.change, facts.file.item
        proposal = {name: [msgspec.to_builtins(value_of(found, name)), value] for name, value in self.fields.items()}
        request = _asked_now(case, facts, "change", proposal, reason=self.reason)
        return self.about(facts, request, role=role_used(facts, rule.roles if rule else ()))


class RequestCancellation(ItemCommand, frozen=True, kw_only=True):
    """Ask for the cancellation of the item, with the disposition of what hangs on it (`dispositions`: an answer for
    each of the process's ids). The item passes no gate until somebody else decides; rejected, it stays as it is.
    """

    while_on_hold: ClassVar[bool] = True

    reason: str
    code: str = ""
    dispositions: dict[str, str] = msgspec.field(default_factory=dict)

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right to ask, no reason, an unknown code, a question without its answer, or asked already."""
        return requests.cancellation_obstacles(
            facts, reason=self.reason, code=self.code, dispositions=self.dispositions
        )

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        rule = facts.process.cancel
        yield cls(
            item=facts.file.item.id,
            reason=STATED,
            code=next(iter(rule.reasons), ""),
            dispositions={each.id: next(iter(each.choices), STATED) for each in rule.dispositions},
        )

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        request = _asked_now(case, facts, "cancellation", self.dispositions, reason=self.reason, code=self.code)
        return self.about(facts, request, role=role_used(facts, facts.process.cancel.requested_by))


def _asked_now(
    case: Case,
    facts: Facts,
    kind: Literal["extension", "change", "cancellation"],
    proposal: Mapping[str, Any],
    *,
    reason: str,
    code: str = "",
    interim_risk: str = "",
) -> Change:
    """A request made now. Requests that were granted or wait count towards its number; withdrawn ones do not."""
    item, by = facts.file.item, case.by
    before = [each for each in facts.file.requests if each.kind == kind and each.state in ("asked", "approved")]
    request = Request(
        id=case.new_id(),
        item=item.id,
        cycle=item.cycle,
        kind=kind,
        nth=len(before) + 1,
        state="asked",
        proposal=dict(proposal),
        code=code,
        reason=reason,
        interim_risk=interim_risk,
        asked_by=by.person,
        asked_at=iso(by.at),
        decided_by="",
        decided_at="",
        mandate="",
        decision_reason="",
    )
    return new_record("request", request)


class DecideRequest(ItemCommand, frozen=True, kw_only=True):
    """Sign that a request (its id) is granted or refused. What is granted is done by the same command; what is refused
    changes nothing and states its reason.

    `bulk`: it is signed together with others, which only extensions are.
    """

    signing: ClassVar[bool] = True
    while_on_hold: ClassVar[bool] = True

    request: str
    approve: bool
    reason: str = ""
    meaning: str = ""
    bulk: bool = False

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """No right, an excluded person (who asked among them), overtaken by another change, or decided already."""
        return requests.decide_obstacles(facts, self.request, approve=self.approve, reason=self.reason, bulk=self.bulk)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in asked(facts):
            yield cls(item=facts.file.item.id, request=each.id, approve=False, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        wanted = request_of(facts, self.request)
        rule = decider_of(facts, wanted) if wanted else None
        assert wanted is not None, "the judge refuses a request that is not on record"
        assert rule is not None, "the judge refuses a request that no rule decides"
        role = role_used(facts, rule.roles)
        decided = record_changed(
            "request",
            wanted,
            state="approved" if self.approve else "rejected",
            decided_by=case.by.person,
            decided_at=iso(case.by.at),
            decision_reason=self.reason,
        )
        return self.about(
            facts,
            decided,
            *(_granted(case, facts, wanted, role) if self.approve else ()),
            role=role,
            reason=self.reason or wanted.reason,
            meaning=stated_meaning(self.meaning, rule.meaning if self.approve else ""),
        )


def _granted(case: Case, facts: Facts, request: Request, role: str) -> tuple[Change | None, ...]:
    if request.kind == "cancellation":
        why = f"{request.code}: {request.reason}" if request.code else request.reason
        return cancelled(case.state, facts, case.new_id, reason=why, role=role)
    found = facts.file.item
    after = {name: pair[1] for name, pair in request.proposal.items()}
    core = {name: value or "" for name, value in after.items() if name in EDITABLE_CORE}
    own = {name: value for name, value in after.items() if name not in EDITABLE_CORE}
    core |= due_replaced(found, core.get("due", found.due), by=case.by, reason=request.reason)
    taken = after_editing(found, facts.process, request.asked_by, after)
    return must_change((item_changed(found, **core, values={**found.values, **own}, took_part=taken),), found.number)


class WithdrawRequest(ItemCommand, frozen=True, kw_only=True):
    """Withdraw one's own request (its id) before it is decided; it stays on record as withdrawn."""

    while_on_hold: ClassVar[bool] = True

    request: str
    reason: str

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        """Somebody else asked for it, it is decided, or there is no reason."""
        return requests.withdraw_obstacles(facts, self.request, reason=self.reason)

    @classmethod
    def possible(cls, facts: Facts) -> Iterator[ItemCommand]:
        for each in asked(facts):
            yield cls(item=facts.file.item.id, request=each.id, reason=STATED)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        wanted = request_of(facts, self.request)
        assert wanted is not None, "the judge refuses a request that is not on record"
        change = record_changed(
            "request", wanted, state="withdrawn", decided_at=iso(case.by.at), decision_reason=self.reason
        )
        return self.about(facts, change)
