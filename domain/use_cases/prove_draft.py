"""Live through the scenarios of a process version and put the outcome on record."""

from __future__ import annotations

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.gates.facts import gather_version
from domain.gates.rights import hat_used
from domain.gates.version_attempts import ProveDraft
from domain.gates.version_rules import PASSED, drafters
from domain.process.decode import decode_process
from domain.process.states import in_force_at
from domain.scenarios.run import ScenarioResult, run_scenarios
from domain.state import State
from domain.use_cases.draft_process import draft_change
from domain.use_cases.ruling import must_be_allowed

LONGEST_FAILURE = 400
"""Characters of a failure kept on record; the whole of it is told whenever the scenario is run."""


def prove_draft(register: State, *, by: Actor, version: str) -> Act:
    """Run every scenario of a draft (the version's id) with the processes in force beside it; nobody hands results in.

    Raises:
        Refused: no right, or the version is in force and was tested before.
        UsageProblem: no such version, or this outcome is on record already.
    """
    record = register.process_version(version)
    facts = gather_version(register, by, process=record.process, version=version)
    must_be_allowed(ProveDraft(version=version), facts, f"test '{version}'")
    there = facts.version
    assert there is not None, "the judge refuses what is no draft"
    others = {each.process: decode_process(each.definition) for each in in_force_at(register.process_versions(), by.at)}
    outcomes = [[each.scenario, _outcome(each)] for each in run_scenarios(decode_process(record.definition), others)]
    change = draft_change(there.draft, tested=record.sha256, scenarios=outcomes)
    if change is None:
        raise UsageProblem("This outcome is on record already.", where=version, cure="Nothing has to be done.")
    return Act(
        name="prove_draft",
        changes=(change,),
        role=hat_used(facts, drafters(facts.process)),
        subject=version,
        process_version=version,
    )


def _outcome(result: ScenarioResult) -> str:
    return PASSED if result.failure is None else result.failure.text[:LONGEST_FAILURE]
