"""What is wrong with who holds what, before anybody runs into it: roles without people, four eyes with two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from domain.messages import message
from domain.process.definition import CREATOR, LEVELS, OWNER, RELATIONS, ApprovalLevel, ProcessVersion
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import VaultFacts
from domain.rules.people import name_of
from domain.rules.people_rules import second_administrators


class AccessConflict(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the way: `rule` is a stable id, `text` says what, `remedy` what to do about it."""

    rule: str
    text: str
    remedy: str


def access_conflicts(facts: VaultFacts, processes: Iterable[ProcessVersion]) -> tuple[AccessConflict, ...]:
    """Every conflict between the roles people hold and what the processes in force ask of them, the worst first."""
    known = tuple(processes)
    found = [
        *_resets(facts),
        *_proposals(facts),
        *_administrators(facts),
        *(conflict for process in known for conflict in _unsignable(facts, process)),
        *_conflicting(facts, known),
        *_alone(facts, known),
        *_nobody(facts, known),
    ]
    return tuple(dict.fromkeys(found))


def _unsignable(facts: VaultFacts, process: ProcessVersion) -> Iterator[AccessConflict]:
    """Gates whose levels cannot be signed by different people with the people there are."""
    for transition, levels in _gates(process):
        if any(not facts.holders.get(level.role) for level in levels) or not levels:
            continue  # shown as a role that nobody holds
        seats = [level for level in levels for _ in range(level.n if level.need == "n" else 1)]
        if not _can_be_seated(facts, seats):
            roles = ", ".join(dict.fromkeys(process.role_title(level.role) for level in levels))
            yield AccessConflict(
                rule="access.four_eyes",
                text=message("access.four_eyes.text", title=process.title, transition=transition, roles=roles),
                remedy=message("access.four_eyes.remedy"),
            )


def _can_be_seated(facts: VaultFacts, seats: list[ApprovalLevel]) -> bool:
    """Whether every seat finds a person of its own where levels exclude each other (augmenting paths)."""
    taken: dict[str, int] = {}

    def seat(number: int, tried: set[str]) -> bool:
        for person in facts.holders.get(seats[number].role, ()):
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or seat(taken[person], tried):
                taken[person] = number
                return True
        return False

    apart = [n for n, level in enumerate(seats) if LEVELS in level.separate_from or level.need == "n"]
    return all(seat(number, set()) for number in apart)


def _nobody(facts: VaultFacts, processes: tuple[ProcessVersion, ...]) -> Iterator[AccessConflict]:
    """One line for each process; a process that nobody works in yet is reported shorter, and last."""
    unused = []
    for process in processes:
        roles = [role for role in process.roles if role.id not in RELATIONS]
        missing = [role.title for role in roles if not facts.holders.get(role.id)]
        if roles and len(missing) == len(roles):
            unused.append(process.title)
        elif missing:
            what = message("access.nobody.text.what.a_role") if len(missing) == 1 else "roles"
            yield AccessConflict(
                rule="access.nobody",
                text=message("access.nobody.text", missing=", ".join(missing), what=what, title=process.title),
                remedy=message("access.nobody.remedy.grant_it_to")
                if len(missing) == 1
                else message("access.nobody.remedy.grant_them_to"),
            )
    for title in unused:
        yield AccessConflict(
            rule="access.unused",
            text=message("access.unused.text", title=title),
            remedy=message("access.unused.remedy"),
        )


def _conflicting(facts: VaultFacts, processes: tuple[ProcessVersion, ...]) -> Iterator[AccessConflict]:
    """Two roles of one person that a process keeps apart at one gate: one line for each person and pair of roles."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for process in processes:
        for _, levels in _gates(process):
            apart = dict.fromkeys(level.role for level in levels if LEVELS in level.separate_from)
            roles = dict.fromkeys(level.role for level in levels)
            for one in apart:
                for other in roles:
                    if one == other or (one > other and other in apart):
                        continue
                    first, second = sorted((process.role_title(one), process.role_title(other)))
                    for person in facts.holders.get(one, ()):
                        if person in facts.holders.get(other, ()):
                            places.setdefault((person, first, second), []).append(process.title)
    for (person, first, second), where in places.items():
        yield AccessConflict(
            rule="access.conflicting_roles",
            text=message(
                "access.conflicting_roles.text",
                name=name_of(facts, person),
                first=first,
                second=second,
                where=", ".join(dict.fromkeys(where)),
            ),
            remedy=message("access.conflicting_roles.remedy"),
        )


def _alone(facts: VaultFacts, processes: tuple[ProcessVersion, ...]) -> Iterator[AccessConflict]:
    """Signatures that one person alone can give, and may not on their own items: one line for each role."""
    places: dict[tuple[str, str], list[str]] = {}
    for process in processes:
        asked = dict.fromkeys(
            level.role
            for _, levels in _gates(process)
            for level in levels
            if {CREATOR, OWNER} & set(level.separate_from) and len(facts.holders.get(level.role, ())) == 1
        )
        for role in asked:
            places.setdefault((role, process.role_title(role)), []).append(process.title)
    for (role, title), where in places.items():
        name = name_of(facts, facts.holders[role][0])
        yield AccessConflict(
            rule="access.alone",
            text=message("access.alone.text", name=name, title=title, where=", ".join(where)),
            remedy=message("access.alone.remedy"),
        )


def _administrators(facts: VaultFacts) -> Iterator[AccessConflict]:
    administrators = facts.holders.get(ADMINISTRATOR, ())
    if len(administrators) == 1:
        name = name_of(facts, administrators[0])
        yield AccessConflict(
            rule="access.one_administrator",
            text=message("access.one_administrator.text", name=name),
            remedy=message("access.one_administrator.remedy"),
        )
    with_sheet = {sheet.person for sheet in facts.sheets if sheet.state == "in_force"}
    for person in administrators:
        if person not in with_sheet:
            yield AccessConflict(
                rule="access.no_sheet",
                text=message("access.no_sheet.text", person=name_of(facts, person)),
                remedy=message("access.no_sheet.remedy"),
            )


def _resets(facts: VaultFacts) -> Iterator[AccessConflict]:
    for reset in facts.resets:
        if reset.state == "asked":
            yield AccessConflict(
                rule="access.reset_waits",
                text=message(
                    "access.reset_waits.text",
                    person=name_of(facts, reset.person),
                    asked_by=name_of(facts, reset.asked_by),
                ),
                remedy=message("access.reset_waits.remedy"),
            )


def _proposals(facts: VaultFacts) -> Iterator[AccessConflict]:
    """Enrolments and roles that wait for a second administrator."""
    waiting = [(person, by, "") for person, by in facts.proposed_people.items()]
    waiting += [
        (each.person, each.granted_by, each.role) for each in facts.proposed_roles if each.person in facts.active
    ]
    for person, by, role in waiting:
        seconds = second_administrators(facts, by, person) or facts.holders.get(ADMINISTRATOR, ())
        names = ", ".join(name_of(facts, each) for each in seconds)
        name, first = name_of(facts, person), name_of(facts, by)
        yield AccessConflict(
            rule="access.proposal_waits",
            text=message("access.proposal_waits.text.role", person=name, by=first, role=role)
            if role
            else message("access.proposal_waits.text.person", person=name, by=first),
            remedy=message("access.proposal_waits.remedy", names=names),
        )


def _gates(process: ProcessVersion) -> Iterator[tuple[str, tuple[ApprovalLevel, ...]]]:
    for transition in process.transitions:
        gate = process.gate(transition.id)
        target = process.step(transition.target)
        if gate is not None and gate.approvals:
            yield target.title if target else transition.target, gate.approvals
