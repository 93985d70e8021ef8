"""What lets an item pass a gate in spite of an obstacle, visibly: an exception in force or an accepted risk.

Only obstacles about the work's readiness can be passed so. Approvals, rights, separation, verdicts, what judges an
outcome, an effect or safety, the state of the item and obligations cannot, whatever a process version lists.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.messages import message
from domain.obstacle import Obstacle, Passed
from domain.process.passable import is_passable
from domain.records.governance import RiskAcceptance
from domain.rules.facts import Facts, VaultFacts
from domain.rules.rights import active
from domain.rules.verdict import GateVerdict


def verdict_on(facts: Facts | VaultFacts, found: Iterable[Obstacle], *, gate: str = "") -> GateVerdict:
    """The verdict on a command against which these obstacles were found: an actor who is not active is one more, and
    what an exception or an accepted risk passes at `gate` (a transition's id) does not stand. What says that the actor
    is the wrong person comes first.
    """
    passed: tuple[Passed, ...] = ()
    if gate and isinstance(facts, Facts):
        found, passed = allowed_through(facts, gate, found)
    stand = sorted(dict.fromkeys((*active(facts), *found)), key=lambda each: not _is_of_rights(each))
    return GateVerdict(obstacles=tuple(stand), passed=tuple(dict.fromkeys(passed)))


def _is_of_rights(obstacle: Obstacle) -> bool:
    """Whether it says that the actor is the wrong person: whoever reads of it first need not mend the rest."""
    rule = obstacle.rule
    return rule.startswith(("person.disabled", "right.", "separation.")) or rule.endswith((".role", ".not_yours"))


def allowed_through(
    facts: Facts, gate: str, found: Iterable[Obstacle]
) -> tuple[tuple[Obstacle, ...], tuple[Passed, ...]]:
    """The obstacles that stand, and those that an exception or a risk acceptance passes at this gate today."""
    found = tuple(found)
    if not gate or not (facts.exceptions or facts.file.risk_acceptances):
        return found, ()
    standing: list[Obstacle] = []
    passed: list[Passed] = []
    for obstacle in found:
        passable = is_passable(facts.process, obstacle.rule, obstacle.about)
        by = _passed_by(facts, gate, obstacle) if passable else None
        if by is None:
            standing.append(obstacle)
        else:
            passed.append(by)
    return tuple(standing), tuple(passed)


def passed_by(passed: Passed) -> str:
    """What let an obstacle pass, in a few words: the exception's number or the accepted risk, and its last day."""
    if passed.kind == "exception":
        return message("passed_obstacles.by_exception", number=passed.number, until=passed.until)
    return message("passed_obstacles.by_accepted_risk", until=passed.until)


def standing(facts: Facts, gate: str, found: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    """The obstacles at a gate that nothing passes."""
    return allowed_through(facts, gate, found)[0]


def risk_acceptance_in_force(risk_acceptance: RiskAcceptance, *, cycle: int, today: str) -> bool:
    """Whether an accepted risk counts on the day `today` (ISO) in this cycle of its item."""
    return (
        risk_acceptance.state == "in_force" and risk_acceptance.cycle == cycle and today <= risk_acceptance.expires_on
    )


def _passed_by(facts: Facts, gate: str, obstacle: Obstacle) -> Passed | None:
    today = facts.today
    rules = facts.process.exceptions
    for each in facts.exceptions:
        fits = each.rule == obstacle.rule and each.gate in ("", gate)
        if rules is not None and obstacle.rule in rules.rules and fits:
            return Passed(
                rule=obstacle.rule,
                about=obstacle.about,
                text=message(
                    "passed_obstacles.passed_by_exception_until",
                    number=each.number,
                    expires_on=each.expires_on,
                    obstacle=obstacle.text,
                ),
                kind="exception",
                by=each.item,
                number=each.number,
                until=each.expires_on,
            )
    accepted = facts.process.risk_acceptance
    for risk_acceptance in facts.file.risk_acceptances:
        fits = (
            accepted is not None
            and obstacle.rule in accepted.rules
            and risk_acceptance.rule == obstacle.rule
            and risk_acceptance.gate in ("", gate)
            and risk_acceptance.about in ("", obstacle.about)
        )
        if fits and risk_acceptance_in_force(risk_acceptance, cycle=facts.file.item.cycle, today=today):
            name = facts.names.get(risk_acceptance.accepted_by, "")
            return Passed(
                rule=obstacle.rule,
                about=obstacle.about,
                text=message(
                    "passed_obstacles.passed_by_the_risk",
                    name=name,
                    expires_on=risk_acceptance.expires_on,
                    obstacle=obstacle.text,
                ),
                kind="risk_acceptance",
                by=risk_acceptance.id,
                number="",
                until=risk_acceptance.expires_on,
            )
    return None
