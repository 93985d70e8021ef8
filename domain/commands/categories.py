"""Commands about categories of a process: propose one, decide about it."""

from __future__ import annotations

from typing import ClassVar

from domain.act import Act
from domain.commands.changing import must_change, new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.commands.meanings import stated_meaning
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import trimmed
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import CategoryRule
from domain.records.governance import Category
from domain.rules.category_rules import decide_obstacles, propose_obstacles
from domain.rules.facts import VaultFacts
from domain.rules.fields import LONGEST_TEXT
from domain.rules.rights import role_used


class ProposeCategory(VaultCommand, frozen=True, kw_only=True):
    """Propose that items of `process` may be filed under `category_word`: with its owner's role, its time in working
    days (0 = none), priority, approvals and evidence.
    """

    process: str
    category_word: str
    title: str
    owner_role: str = ""
    sla_days: int = 0
    priority_rule: str = ""
    approval_path: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""

    def gather(self, case: Case) -> VaultFacts:
        return case.vault_facts(self.process)

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right, the process has no categories, the word is taken or none, an unknown role, or no number of days."""
        return propose_obstacles(facts, word=self.category_word, owner_role=self.owner_role, sla_days=self.sla_days)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        if any(len(each) > LONGEST_TEXT for each in self.evidence):
            raise UsageProblem(
                message("categories.an_evidence_is_too"),
                where="evidence",
                remedy=message("categories.use_up_to", longest_text=LONGEST_TEXT),
            )
        category = Category(
            id=case.new_id(),
            process=self.process,
            word=self.category_word,
            title=trimmed(self.title) or self.category_word,
            owner_role=self.owner_role,
            sla_days=self.sla_days,
            priority_rule=self.priority_rule,
            approval_path=self.approval_path,
            evidence=list(self.evidence),
            state="proposed",
            visible_from="",
            reason=self.reason,
            proposed_by=case.by.person,
            proposed_at=iso(case.by.at),
            decided_by="",
            decided_at="",
            decision_reason="",
        )
        return self.act(
            new_record("category", category),
            role=role_used(facts, _rule(facts).proposed_by),
            subject=category.id,
            process_version=case.state.in_force(self.process, case.by.at).id,
        )


class DecideCategory(VaultCommand, frozen=True, kw_only=True):
    """Sign that a proposed category (its id) comes into being, or not; people may choose it from `visible_from` on (ISO
    day, "" = today).
    """

    signing: ClassVar[bool] = True

    category: str
    approve: bool
    visible_from: str = ""
    reason: str = ""
    meaning: str = ""

    def gather(self, case: Case) -> VaultFacts:
        return case.vault_facts(self._proposed(case).process)

    def _proposed(self, case: Case) -> Category:
        found = next((each for each in case.state.all_of(Category) if each.id == self.category), None)
        if found is None:
            raise UsageProblem(
                message("categories.there_is_no_category", category=self.category),
                remedy=message("categories.list_the_categories"),
            )
        return found

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right, one's own proposal, decided already, a refusal without a reason, or a day that is past."""
        return decide_obstacles(
            facts,
            category=self.category,
            approve=self.approve,
            visible_from=self._day(facts.today),
            reason=self.reason,
        )

    def _day(self, today: str) -> str:
        return (self.visible_from or today) if self.approve else ""

    def decide(self, case: Case) -> Act:
        facts, found, now = self.gather(case), self._proposed(case), iso(case.by.at)
        rule = _rule(facts)
        change = record_changed(
            "category",
            found,
            state="approved" if self.approve else "rejected",
            visible_from=self._day(facts.today),
            decided_by=case.by.person,
            decided_at=now,
            decision_reason=self.reason,
        )
        return self.act(
            *must_change((change,), found.word),
            role=role_used(facts, rule.approved_by),
            subject=found.id,
            process_version=case.state.in_force(found.process, case.by.at).id,
            meaning=stated_meaning(self.meaning, rule.meaning if self.approve else ""),
        )


def _rule(facts: VaultFacts) -> CategoryRule:
    rule = facts.process.categories if facts.process else None
    if rule is None:
        raise UsageProblem(
            message("categories.this_process_has_no"), remedy=message("categories.its_choices_change_with")
        )
    return rule
