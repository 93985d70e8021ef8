"""Commands of delegation: let a delegate sign for days and in a scope, and end that."""

from __future__ import annotations

from typing import ClassVar

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.commands.meanings import stated_meaning
from domain.identity import iso
from domain.obstacle import Obstacle
from domain.records.governance import Mandate
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.mandate_rules import give_obstacles, revoke_obstacles


class GrantMandate(VaultCommand, frozen=True, kw_only=True):
    """Let `delegate` (a person id) use a role that the delegator holds, from the first day to the last, ISO days.

    `process` "" = every process, no severities = all of them. The delegate signs in their own name.
    """

    signing: ClassVar[bool] = True

    delegate: str
    role: str
    first_day: str
    last_day: str
    reason: str
    process: str = ""
    severities: tuple[str, ...] = ()
    meaning: str = ""

    def gather(self, case: Case) -> VaultFacts:
        return case.vault_facts(self.process)

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """A role not held or only delegated, days that are past, nobody active, a scope not in force, or no reason."""
        return give_obstacles(
            facts,
            delegate=self.delegate,
            role=self.role,
            first_day=self.first_day,
            last_day=self.last_day,
            process=self.process,
            severities=self.severities,
            reason=self.reason,
        )

    def decide(self, case: Case) -> Act:
        mandate = Mandate(
            id=case.new_id(),
            delegator=case.by.person,
            delegate=self.delegate,
            role=self.role,
            process=self.process,
            severities=list(self.severities),
            first_day=self.first_day,
            last_day=self.last_day,
            reason=self.reason,
            state="given",
            given_at=iso(case.by.at),
            revoked_at="",
            revoked_by="",
        )
        meaning = stated_meaning(self.meaning)
        return self.act(new_record("mandate", mandate), subject=mandate.id, role=self.role, meaning=meaning)


class RevokeMandate(VaultCommand, frozen=True, kw_only=True):
    """End a mandate (its id) now. Signatures given under it stay; what waits for the delegate waits for the
    delegator.
    """

    signing: ClassVar[bool] = True

    mandate: str
    reason: str
    meaning: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Somebody else's (administrators may end any), ended already, or no reason."""
        return revoke_obstacles(facts, mandate=self.mandate, reason=self.reason)

    def decide(self, case: Case) -> Act:
        by = case.by
        found = next(each for each in self.gather(case).mandates if each.id == self.mandate)
        change = record_changed("mandate", found, state="revoked", revoked_at=iso(by.at), revoked_by=by.person)
        own = found.role if found.role in by.roles else ""
        return self.act(
            change,
            subject=found.id,
            role=own if found.delegator == by.person else ADMINISTRATOR,
            meaning=stated_meaning(self.meaning),
        )
