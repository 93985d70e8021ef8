"""The urgent path: one signature now, the ordinary approvers confirm afterwards or the item comes back."""

from __future__ import annotations

from domain.law.letters import is_blank
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.definition import ProcessVersion, UrgentPath
from domain.records.governance import Mandate, Urgency
from domain.rules.approvals import gate_title, judge_approvals, not_ready
from domain.rules.confirming import behind_urgency, confirmers, unconfirmable
from domain.rules.exception_rules import signer_owns
from domain.rules.facts import Facts
from domain.rules.mandates import mandates_giving, usable_mandate, why_no_mandate
from domain.rules.obstacles import obstacle
from domain.rules.passing import move_roles
from domain.rules.people import able, name_of, role_words, who_can
from domain.rules.rights import needs_one_of, people_in_roles, separation, with_delegates
from domain.rules.signing import signer_obstacles, signing_mandate, stops
from domain.rules.urgencies import marked_urgency, unconfirmed_at, used_before


def urgent_gates(process: ProcessVersion, step: str) -> tuple[str, ...]:
    """The gates ahead of a step that the process lets pass urgently; closing is never one of them."""
    if process.urgent is None:
        return ()
    ahead = [
        transition
        for transition in process.from_step(step)
        if transition.gate.approvals and transition.target != process.closure.step
    ]
    return tuple(
        transition.id for transition in ahead if not process.urgent.gates or transition.id in process.urgent.gates
    )


def mark_obstacles(facts: Facts, *, gate: str, code: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor ask for the urgent path at this gate? Whoever may take the gate may ask."""
    process, item = facts.process, facts.file.item
    rule = process.urgent
    if rule is None:
        return (obstacle(facts, "urgent.none"),)
    obstacles: list[Obstacle] = []
    gates = urgent_gates(process, item.step)
    if gate not in gates:
        listed = ", ".join(gates) or message("urgent_rules.none_from_here")
        obstacles.append(obstacle(facts, "urgent.gate", gate=gate_title(facts, gate), listed=listed))
    else:
        transition = process.transition(gate)
        assert transition is not None, "an urgent gate is a transition's"
        obstacles += needs_one_of(facts, move_roles(facts, transition), message("urgent_rules.mark_this_item_urgent"))
        if judge_approvals(facts, gate).given:
            obstacles.append(obstacle(facts, "urgent.needless", gate=gate_title(facts, gate)))
    if rule.reasons and code not in rule.reasons:
        obstacles.append(obstacle(facts, "urgent.code", code=code, reasons=", ".join(rule.reasons)))
    if is_blank(reason):
        obstacles.append(obstacle(facts, "reason.missing", "the_urgent_path"))
    if marked_urgency(facts.file) is not None:
        obstacles.append(obstacle(facts, "urgent.marked"))
    if used_before(facts.file) and not rule.again_role:
        obstacles.append(obstacle(facts, "urgent.again"))
    return tuple(obstacles)


def urgent_role(facts: Facts, rule: UrgentPath) -> str:
    """Who signs the urgency that is marked: from the second one of an item on, the higher role."""
    return rule.again_role if rule.again_role and used_before(facts.file) else rule.role


def urgent_excluded(facts: Facts, rule: UrgentPath, urgency: Urgency) -> dict[str, str]:
    """People who may not give the urgent signature, each with the role that keeps them from it; the asker never may."""
    found: dict[str, str] = {}
    separated = tuple(each for each in rule.separate_from if each != "asker")
    for role, people in people_in_roles(facts, separated).items():
        found |= dict.fromkeys(with_delegates(facts, people), role)
    return found | dict.fromkeys(with_delegates(facts, {urgency.marked_by}), "asker")


def urgent_mandate(facts: Facts) -> Mandate | None:
    """The mandate under which the actor would sign the urgency that is marked; None in their right."""
    rule, urgency = facts.process.urgent, marked_urgency(facts.file)
    if rule is None or urgency is None or urgent_role(facts, rule) in facts.actor.roles:
        return None
    return usable_mandate(facts, urgent_role(facts, rule), urgent_excluded(facts, rule, urgency))


def urgent_candidates(facts: Facts) -> tuple[str, ...]:
    """The people who can sign the urgency that is marked: holders of the role, then delegates."""
    rule, urgency = facts.process.urgent, marked_urgency(facts.file)
    if rule is None or urgency is None or urgency.state != "marked":
        return ()
    role, excluded = urgent_role(facts, rule), urgent_excluded(facts, rule, urgency)
    holders = [person for person in facts.holders.get(role, ()) if person not in excluded]
    delegated = [
        each.delegate
        for each in mandates_giving(facts, role)
        if each.delegate not in excluded and each.delegator not in excluded
    ]
    return tuple(dict.fromkeys([*holders, *delegated]))


def approve_urgent_obstacles(facts: Facts) -> tuple[Obstacle, ...]:
    """May the actor give the one signature that lets the item pass now?"""
    rule, urgency = facts.process.urgent, marked_urgency(facts.file)
    if rule is None or urgency is None or urgency.state != "marked":
        if urgency is None:
            return (obstacle(facts, "urgent.not_marked", "mark"),)
        return (obstacle(facts, "urgent.not_marked", "given"),)
    role, excluded = urgent_role(facts, rule), urgent_excluded(facts, rule, urgency)
    title, person = gate_title(facts, urgency.gate), facts.actor.person
    obstacles = [
        *_left_behind(facts, urgency),
        *not_ready(facts, urgency.gate),
        *stops(facts, judge_approvals(facts, urgency.gate)),
        *signer_owns(facts, urgency.gate, first=True, last=True, in_person=urgent_mandate(facts) is None),
        *unconfirmable(facts, urgency),
    ]
    gives = any(each.delegate == person for each in mandates_giving(facts, role))
    if role not in facts.actor.roles and not gives:
        asked = role_words(facts, (role,))
        again = message("urgent_rules.the_second_time") if role != rule.role else ""
        obstacles.append(
            obstacle(
                facts,
                "urgent.role",
                responsible=", ".join(name_of(facts, each) for each in urgent_candidates(facts))
                or who_can(facts, (role,), without=frozenset(excluded)),
                title=title,
                asked=asked,
                again=again,
            )
        )
    if person in excluded:
        doing = message("urgent_rules.approve_urgently", title=title)
        asked_by = frozenset({urgency.marked_by}) if excluded[person] == "asker" else None
        obstacles.append(separation(facts, excluded[person], doing, (role,), frozenset(excluded), directly=asked_by))
    if role not in facts.actor.roles:
        obstacles += why_no_mandate(facts, role, excluded)
    return tuple(obstacles)


def _left_behind(facts: Facts, urgency: Urgency) -> tuple[Obstacle, ...]:
    """An item that was sent back since it was marked does not pass that gate next."""
    if urgency.gate in urgent_gates(facts.process, facts.file.item.step):
        return ()
    return (
        obstacle(
            facts,
            "urgent.gate",
            "is_not_ahead",
            responsible=able(facts, urgency.marked_by),
            gate=gate_title(facts, urgency.gate),
        ),
    )


def confirm_obstacles(facts: Facts, *, gate: str) -> tuple[Obstacle, ...]:
    """An obstacle unless the gate was passed urgently and waits to be confirmed."""
    if unconfirmed_at(facts.file, gate) is not None:
        return ()
    return (obstacle(facts, "urgent.no_obligation", gate=gate_title(facts, gate)),)


def refuse_obstacles(facts: Facts, *, gate: str, reason: str) -> tuple[Obstacle, ...]:
    """May the actor refuse to confirm? Those who would confirm may; not the one who passed it urgently."""
    urgency = unconfirmed_at(facts.file, gate)
    if urgency is None:
        return (obstacle(facts, "urgent.no_obligation", "there_is_nothing", gate=gate_title(facts, gate)),)
    obstacles = [*confirmer_obstacles(facts, urgency), *signer_obstacles(facts, judge_approvals(facts, gate))]
    if is_blank(reason):
        obstacles.append(obstacle(facts, "reason.missing", "say_what_is_wrong"))
    return tuple(obstacles)


def confirmer_obstacles(facts: Facts, urgency: Urgency) -> tuple[Obstacle, ...]:
    """Nobody behind the urgent signature confirms it, and neither does who asked for it, in person or by a delegate."""
    person, current = facts.actor.person, judge_approvals(facts, urgency.gate).current
    concerned = behind_urgency(facts, urgency)
    mandate = signing_mandate(facts, current) if current else None
    one = person if person in concerned else mandate.delegator if mandate and mandate.delegator in concerned else ""
    if not one:
        return ()
    did = (
        message("urgent_rules.asked_for_it") if one == urgency.marked_by else message("urgent_rules.passed_it_urgently")
    )
    others = [each for each in (confirmers(facts, current, urgency) if current else ()) if each != person]
    who = ", ".join(name_of(facts, each) for each in others)
    role = current.level.role if current else ""
    who = who or who_can(facts, (role,) if role else (), without=frozenset(facts.holders.get(role, ())))
    return (obstacle(facts, "separation.urgent", responsible=who, one=name_of(facts, one), did=did),)


def withdraw_obstacles(facts: Facts, *, reason: str) -> tuple[Obstacle, ...]:
    """May the actor give the urgent path up? Who marked it may, while the gate is not passed."""
    urgency = marked_urgency(facts.file)
    if urgency is None:
        return (obstacle(facts, "urgent.not_marked"),)
    obstacles = []
    if urgency.marked_by != facts.actor.person:
        who = name_of(facts, urgency.marked_by)
        obstacles.append(obstacle(facts, "urgent.not_yours", responsible=able(facts, urgency.marked_by), who=who))
    if is_blank(reason):
        obstacles.append(obstacle(facts, "reason.missing", "withdrawing_needs_a"))
    return tuple(obstacles)
