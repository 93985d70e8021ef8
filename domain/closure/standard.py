"""The closure standard, line by line, as the rules judge it on what the pack shows.

The lines are the demands of `domain.rules.closure_demands`, judged by the rules of the gate on the facts as they were
just before the item was closed: signatures that were overtaken, revoked, expired or given under a mandate count here as
they count there. What depends on items that a pack does not show is not known, and printed as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from domain.closure.decided import Standing
from domain.closure.pack import StandardLine
from domain.messages import message
from domain.process.definition import ApprovalLevel, ProcessVersion
from domain.process.passable import is_passable
from domain.records.item import Approval, Closure, Item
from domain.rules.approvals import judge_approvals
from domain.rules.closure_demands import Demand, Meeting, closure_demands, meets
from domain.rules.conditions import compared_value
from domain.rules.facts import Facts
from domain.rules.fields import demanded_now
from domain.rules.mandates import delegator_of
from domain.rules.passed_obstacles import passed_by
from domain.rules.passing import closing_transition


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One item with the closure of its present cycle, if it has one, and how it stood for whoever closed it.

    `passed` are obstacles that an exception let it close in spite of: (rule, about) -> by what.
    """

    item: Item
    closure: Closure | None
    standing: Standing
    names: Mapping[str, str]
    passed: Mapping[tuple[str, str], str] = msgspec.field(default_factory=dict)


def standard_lines(recorded: Recorded) -> tuple[StandardLine, ...]:
    """Every demand of the closure standard with its outcome, in the order of the gate.

    Of an item that was cancelled only that is reported: no standard is asked of it.
    """
    closing, facts = recorded.closure, recorded.standing.facts
    process = facts.process  # with what the item's category asks for
    who = (
        f"{_name(recorded, closing.closed_by)}, {role_words(process, closing.role)}"
        if closing
        else message("closed.detail.not_closed")
    )
    if closing is not None and closing.outcome == "cancelled":
        text = message("cancelled.text")
        return (StandardLine(rule="cancelled", text=text, met=True, known=True, detail=f"{who}: {closing.summary}"),)
    closed = closing is not None and recorded.item.state == "closed"
    transition = closing_transition(facts)
    outcome = closing.outcome if closing else ""
    demands = closure_demands(
        process, gate=transition.id if transition else "", outcome=outcome, severity=facts.file.item.severity
    )
    return (
        StandardLine(rule="closed", text=message("closed.text"), met=closed, known=True, detail=who),
        *(_line(process, recorded, demand) for demand in demands),
    )


def _line(process: ProcessVersion, recorded: Recorded, demand: Demand) -> StandardLine:
    meeting = meets(demand, recorded.standing.facts)
    words = "; ".join(dict.fromkeys(each.text for each in meeting.passed))
    stands = tuple(each for each in meeting.obstacles if not _passed(recorded, process, each.rule, each.about))
    closing = {
        _passed(recorded, process, each.rule, each.about): None for each in meeting.obstacles if each not in stands
    }
    names = dict.fromkeys((*(passed_by(each) for each in meeting.passed), *closing))
    detail = " ".join(dict.fromkeys(each.text for each in stands)) or _detail(recorded, demand, meeting)
    return StandardLine(
        rule=".".join(part for part in (demand.kind, demand.about, str(demand.level or "")) if part),
        text=demand_words(process, demand),
        met=not stands,
        known=_is_known(recorded, demand),
        detail="; ".join(part for part in (detail, words, *closing) if part),
        passed_by="; ".join(names),
    )


def _is_known(recorded: Recorded, demand: Demand) -> bool:
    missing, facts = recorded.standing.not_shown, recorded.standing.facts
    if demand.kind == "unblocked":
        return not any(each.link.other in missing for each in facts.blockers)
    if demand.kind == "follow_up":
        return not any(each.item in missing for each in facts.follow_ups)
    return demand.kind != "separation" or recorded.closure is not None


def _passed(recorded: Recorded, process: ProcessVersion, rule: str, about: str) -> str:
    if not is_passable(process, rule, about):
        return ""
    return recorded.passed.get((rule, about)) or recorded.passed.get((rule, ""), "")


def demand_words(process: ProcessVersion, demand: Demand) -> str:
    """A demand as people read it, on the closing page and in the pack alike."""
    known = {
        "handoff": message("standard.taken_over_by_whoever"),
        "requests": message("standard.no_request_is_undecided"),
        "obligations": message("standard.no_obligation_is_open"),
        "unblocked": message("standard.no_other_item_blocks"),
        "choices": message("standard.every_choice_is_one"),
        "effect": message("standard.what_closing_does_to"),
        "outcome": message(
            "standard.an_outcome_the_standard", outcomes=" / ".join(each.title for each in process.closure.outcomes)
        ),
        "follow_up": message("standard.a_follow_up_item"),
    }
    match demand.kind:
        case "field" | "outcome_field":
            return message("standard.recorded", title=process.title_of(demand.about))
        case "condition" | "outcome_condition":
            return " ".join(dict.fromkeys(_condition_texts(process, demand))) or process.title_of(demand.about)
        case "evidence":
            requirement = process.requirement(demand.about)
            return message("standard.evidence_accepted", title=requirement.title if requirement else demand.about)
        case "approval":
            level = _level(process, demand)
            role = role_words(process, level.role) if level else ""
            return message(
                "standard.signed_at_level", gate=gate_words(process, demand.about), level=demand.level, role=role
            )
        case "separation":
            return message(
                "standard.closed_by_somebody_else",
                separate_from=message("standard.and_the").join(process.closure.separate_from),
            )
    return known[demand.kind]


def _condition_texts(process: ProcessVersion, demand: Demand) -> Iterator[str]:
    gate = process.gate(demand.gate)
    rule = next((each for each in process.closure.outcomes if each.outcome == demand.outcome), None)
    found = (gate.conditions if gate else ()) if demand.kind == "condition" else (rule.conditions if rule else ())
    return (each.text for each in found if each.field == demand.about)


def _level(process: ProcessVersion, demand: Demand) -> ApprovalLevel | None:
    gate = process.gate(demand.about)
    return next((each for each in (gate.approvals if gate else ()) if each.level == demand.level), None)


def _detail(recorded: Recorded, demand: Demand, meeting: Meeting) -> str:  # noqa: PLR0911 (a table of cases)
    """What is on record for a demand that nothing stands against."""
    facts = recorded.standing.facts
    if meeting.passed:
        return ""
    match demand.kind:
        case "condition" | "outcome_condition":
            return str(compared_value(facts, demand.about) or "empty")
        case "field" | "outcome_field" | "evidence" if not _is_asked(facts, demand.about):
            return message("standard.not_asked_of_this")
        case "field" | "outcome_field":
            return message("standard.on_record")
        case "evidence":
            return ", ".join(
                message("standard.accepted_by", file_name=each.file_name, reviewed_by=_name(recorded, each.reviewed_by))
                for each in facts.file.evidence
                if each.requirement == demand.about and each.state == "accepted"
            )
        case "approval":
            return ", ".join(_signers(recorded, facts, demand)) or message("standard.approved_urgently")
        case "outcome":
            titles: dict[str, str] = {each.outcome: each.title for each in facts.process.closure.outcomes}
            return titles.get(demand.outcome, "none")
    return message("standard.separate_people") if demand.kind == "separation" else ""


def _is_asked(facts: Facts, about: str) -> bool:
    """Whether a field or a requirement is asked of this item, by the values that it holds."""
    wanted = facts.process.field(about) or facts.process.requirement(about)
    return wanted is None or demanded_now(wanted, facts.file.item)


def _signers(recorded: Recorded, facts: Facts, demand: Demand) -> Iterable[str]:
    for state in judge_approvals(facts, demand.about).levels:
        if state.level.level == demand.level:
            yield from (_signer(recorded, facts, each) for each in state.counted)


def _signer(recorded: Recorded, facts: Facts, approval: Approval) -> str:
    name = _name(recorded, approval.person)
    return (
        message("standard.for", name=name, mandate=_name(recorded, delegator_of(facts, approval.mandate)))
        if approval.mandate
        else name
    )


def _name(recorded: Recorded, person: str) -> str:
    return recorded.names.get(person, person)


def gate_words(process: ProcessVersion, gate: str) -> str:
    """A gate's id as people read it: the titles of the steps it lies between."""
    steps = [process.step(step) for step in gate.split("->")]
    return " → ".join(step.title for step in steps if step) if all(steps) else gate


def role_words(process: ProcessVersion, role: str) -> str:
    """A role, or a person's place in the item, as people read it."""
    return {"owner": message("standard.owner_of_the_item"), "creator": message("standard.creator_of_the_item")}.get(
        role
    ) or process.role_title(role)
