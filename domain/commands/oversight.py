"""Commands of oversight: reviews of access and of the audit trail, a clock that went back, the key given out."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, ClassVar, Literal

import msgspec

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.commands.settings import setting_value
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import is_blank
from domain.log.canonical import canonical
from domain.log.clock import high_water, is_behind
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.oversight import REVEAL_NEEDS_TWO, ClockJump, KeyRevelation, Review
from domain.records.people import ADMINISTRATOR
from domain.rules import oversight_rules
from domain.rules.facts import VaultFacts
from domain.rules.passed_obstacles import verdict_on
from domain.rules.people_rules import review_access_obstacles
from domain.rules.verdict import GateVerdict
from domain.state import State


def access_matrix(state: State) -> dict[str, Any]:
    """What an access review looks at: everyone ever enrolled, their keys, their roles, the rights of each process."""
    return {
        "people": [msgspec.to_builtins(each) for each in sorted(state.people(), key=lambda each: each.id)],
        "keys": [
            {"id": key.id, "person": key.person, "valid_from": key.valid_from, "revoked_from": key.revoked_from}
            for key in sorted(state.keys(), key=lambda key: key.id)
        ],
        "roles": [msgspec.to_builtins(held) for held in sorted(state.roles(), key=lambda held: held.id)],
        "processes": {
            each.id: each.sha256
            for each in sorted(state.process_versions(), key=lambda each: each.id)
            if each.state == "in_force"
        },
    }


class ReviewAccess(VaultCommand, frozen=True, kw_only=True):
    """Sign the review of exactly the access there is now: people, their keys and their roles."""

    signing: ClassVar[bool] = True

    findings: str = ""
    in_order: bool = True
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        return review_access_obstacles(facts, findings=self.findings, in_order=self.in_order)

    def decide(self, case: Case) -> Act:
        review = Review(
            id=case.new_id(),
            kind="access_review",
            at=iso(case.by.at),
            person=case.by.person,
            first=0,
            last=case.state.log_size() - 1,
            sample=[],
            snapshot=sha256(canonical(access_matrix(case.state))).hexdigest(),
            verdict="in_order" if self.in_order else "with_findings",
            findings=self.findings,
        )
        return self.act(
            new_record("review", review),
            role=ADMINISTRATOR,
            subject=case.state.vault().id,
            meaning=self.meaning,
        )


class ReviewAuditTrail(VaultCommand, frozen=True, kw_only=True):
    """Record a review of entries `first` to `last`, of which `sample` were read closely (EU GMP Annex 11, 9).

    Anyone may review; who it was is signed. The reason holds the first and the last entry, and in brackets the
    sampled ones by the reviewer.
    """

    signing: ClassVar[bool] = True

    first: int
    last: int
    verdict: Literal["in_order", "with_findings"]
    sample: tuple[int, ...] = ()
    findings: str = ""
    meaning: str = ""

    def decide(self, case: Case) -> Act:
        state, size = case.state, case.state.log_size()
        if not 0 <= self.first <= self.last < size:
            raise UsageProblem(
                message("oversight.entries_to_are_not", first=self.first, last=self.last),
                remedy=message("oversight.it_has_entries_to", size=size - 1),
            )
        outside = sorted(seq for seq in self.sample if not self.first <= seq <= self.last)
        if outside:
            raise UsageProblem(
                message("oversight.entry_of_the_sample", outside=outside[0], first=self.first, last=self.last)
            )
        if (self.verdict == "with_findings") != (not is_blank(self.findings)):
            raise UsageProblem(
                message("oversight.findings_and_verdict_contradict"),
                remedy=message("oversight.say_what_was_found"),
            )
        chosen = sorted(set(self.sample))
        by_reviewer = [seq for seq in chosen if state.header(seq).by == case.by.person]
        review = Review(
            id=case.new_id(),
            kind="audit_trail",
            at=iso(case.by.at),
            person=case.by.person,
            first=self.first,
            last=self.last,
            sample=chosen,
            snapshot="",
            verdict=self.verdict,
            findings=self.findings,
        )
        return self.act(
            new_record("review", review),
            subject=state.vault().id,
            reason=" ".join([f"{self.first}-{self.last}", *(f"({seq})" for seq in by_reviewer)]),
            meaning=self.meaning,
        )


def open_demand(state: State, fingerprint: str) -> KeyRevelation | None:
    """The oldest demand for the key in force that waits for a second person."""
    waiting = (each for each in state.all_of(KeyRevelation) if each.state == "asked")
    return next((each for each in waiting if each.fingerprint == fingerprint), None)


class AskKey(VaultCommand, frozen=True, kw_only=True):
    """Ask that the raw key of the store be given out; another person answers with `RevealKey`. `fingerprint` names
    the key, not more.
    """

    signing: ClassVar[bool] = True

    purpose: str
    fingerprint: str
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        return oversight_rules.ask_key_obstacles(facts, self.purpose)

    def decide(self, case: Case) -> Act:
        if open_demand(case.state, self.fingerprint) is not None:
            raise UsageProblem(
                message("oversight.the_key_was_asked"), remedy=message("oversight.another_person_can_give")
            )
        demand = KeyRevelation(
            id=case.new_id(),
            state="asked",
            purpose=self.purpose,
            fingerprint=self.fingerprint,
            asked_at=iso(case.by.at),
            asked_by=case.by.person,
            given_at="",
            given_by="",
        )
        return self.act(
            new_record("key_revealed", demand),
            role=ADMINISTRATOR,
            subject=case.state.vault().id,
            reason=self.purpose,
            meaning=self.meaning,
        )


class RevealKey(VaultCommand, frozen=True, kw_only=True):
    """Record that the raw key named by `fingerprint` is given out; whoever asked is shown it once this is recorded."""

    signing: ClassVar[bool] = True

    fingerprint: str
    purpose: str = ""
    meaning: str = ""

    def judge(self, case: Case) -> GateVerdict:
        demand, needs_two = self._demand(case), self._needs_two(case)
        facts = case.vault_facts()
        found = oversight_rules.reveal_obstacles(
            facts, self._why(demand), needs_two=needs_two, asked_by=demand.asked_by if demand else ""
        )
        return verdict_on(facts, found)

    def _needs_two(self, case: Case) -> bool:
        return setting_value(case.state, REVEAL_NEEDS_TWO) == "yes"

    def _demand(self, case: Case) -> KeyRevelation | None:
        return open_demand(case.state, self.fingerprint) if self._needs_two(case) else None

    def _why(self, demand: KeyRevelation | None) -> str:
        return self.purpose or (demand.purpose if demand else "")

    def decide(self, case: Case) -> Act:
        demand, at, by = self._demand(case), iso(case.by.at), case.by
        why = self._why(demand)
        if demand is None:
            record = KeyRevelation(
                id=case.new_id(),
                state="given",
                purpose=why,
                fingerprint=self.fingerprint,
                asked_at=at,
                asked_by=by.person,
                given_at=at,
                given_by=by.person,
            )
            change = new_record("key_revealed", record)
        else:
            changed = record_changed("key_revealed", demand, state="given", given_at=at, given_by=by.person)
            assert changed is not None, "a demand that waits was not given"
            change = changed
        return self.act(
            change,
            role=ADMINISTRATOR if ADMINISTRATOR in by.roles else "",
            subject=case.state.vault().id,
            reason=why,
            meaning=self.meaning,
        )


class AcknowledgeClock(VaultCommand, frozen=True, kw_only=True):
    """Say, signed, that the clock of this computer (`device`) is right although the log is ahead of it: from then on
    signatures go by the clock as it is.
    """

    signing: ClassVar[bool] = True

    reason: str
    device: str
    meaning: str = ""

    def decide(self, case: Case) -> Act:
        if is_blank(self.reason):
            raise UsageProblem(message("oversight.a_jump_of_the"), remedy=message("oversight.say_why_the_clock"))
        newest = case.state.header(case.state.log_size() - 1)
        latest = high_water(newest.at, newest.behind)
        if not is_behind(case.by.at, latest):
            raise UsageProblem(
                message("oversight.this_computer_s_clock"), remedy=message("oversight.there_is_nothing_to")
            )
        jump = ClockJump(
            id=case.new_id(),
            direction="backwards",
            last=latest,
            shown=iso(case.by.at),
            acknowledged_by=case.by.person,
            device=self.device,
        )
        return self.act(new_record("clock_jump", jump), subject=case.state.vault().id, meaning=self.meaning)
