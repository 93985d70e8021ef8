"""The command that runs the scenarios of a draft and puts their outcome on record."""

from __future__ import annotations

from domain.act import Act
from domain.commands.changing import must_change, record_changed
from domain.commands.command import Case
from domain.commands.process_versions import DraftCommand, there_is
from domain.obstacle import Obstacle
from domain.process.decode import decode_process
from domain.process.states import in_force_at
from domain.rules.facts import VaultFacts
from domain.rules.version_rules import PASSED, prove_draft_obstacles
from domain.simulation.run import ScenarioResult, proven


class ProveDraft(DraftCommand, frozen=True, kw_only=True):
    """Run every scenario of a draft with the processes in force beside it, and put the outcome on record; nobody hands
    results in. A scenario that fails is recorded by where it fails and the rules that refused.
    """

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right, or the version is in force and was tested before."""
        return prove_draft_obstacles(facts, self.version)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        there = there_is(facts, self.version)
        in_force = in_force_at(case.state.process_versions(), case.by.at)
        others = {each.process: decode_process(each.definition) for each in in_force}
        results = proven(decode_process(there.record.definition), others)
        outcomes = [[each.scenario, outcome(each)] for each in results]
        change = record_changed("version_draft", there.draft, tested=there.record.sha256, scenarios=outcomes)
        return self.on_draft(facts, *must_change((change,), self.version))


def outcome(result: ScenarioResult) -> str:
    """How a scenario went, as it is put on record: `PASSED`, or the place where it failed, then the rules that refused
    there in alphabetical order, separated by spaces, such as "when[2].then[0] right.missing".
    """
    failure = result.failure
    if failure is None:
        return PASSED
    return " ".join((failure.place, *sorted({each.rule for each in failure.obstacles})))
