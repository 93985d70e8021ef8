"""Versions of processes: who may draft one, and what keeps it from review and from going in force."""

from __future__ import annotations

from domain.days import is_day
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.advice import advise
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion, Transition
from domain.records.people import ADMINISTRATOR
from domain.rules.facts import Facts, VaultFacts
from domain.rules.obstacles import obstacle
from domain.rules.people import name_of, who_can
from domain.rules.rights import needs_one_of
from domain.rules.versions_carried import DAY_FIELD, VERSION_FIELD, CarriedVersion

PASSED = "passed"
"""The outcome of a scenario that went as described, as it is put on record."""


def drafters(process: ProcessVersion | None) -> tuple[str, ...]:
    """The roles that may draft the next version of a process; a process nobody owns yet is an administrator's."""
    if process is None:
        return (ADMINISTRATOR,)
    return process.control.drafted_by if process.control else (process.owner_role,)


def draft_obstacles(facts: VaultFacts, process: str) -> tuple[Obstacle, ...]:
    """May the actor begin a version? `facts.process` is the one in force, `facts.version` a draft there is already."""
    found = needs_one_of(facts, drafters(facts.process), message("version_rules.draft", process=process))
    if facts.version is not None and facts.version.record.state in ("draft", "in_review"):
        there = facts.version
        found += (
            obstacle(
                facts,
                "version.drafted",
                responsible=who_can(facts, drafters(facts.process)),
                about=there.record.id,
                record=there.record.id,
                authors=_authors(facts, there),
            ),
        )
    return found


def edit_draft_obstacles(facts: VaultFacts, version: str) -> tuple[Obstacle, ...]:
    """May the actor change this version? Only while it is a draft; what is in force is never edited."""
    return (
        *needs_one_of(facts, drafters(facts.process), message("version_rules.change", version=version)),
        *_not_a_draft(facts, version),
    )


def prove_draft_obstacles(facts: VaultFacts, version: str) -> tuple[Obstacle, ...]:
    """May the actor put the outcome of this version's scenarios on record?"""
    found = needs_one_of(facts, drafters(facts.process), message("version_rules.prove", version=version))
    if facts.version is not None and facts.version.record.state in ("draft", "in_review"):
        return found
    return (*found, *_not_a_draft(facts, version))


def _not_a_draft(facts: VaultFacts, version: str) -> tuple[Obstacle, ...]:
    there = facts.version
    if there is None:
        return (_frozen(facts, version, message("version_rules.is_no_draft_of", version=version)),)
    if there.record.state == "draft" or (there.record.state == "in_review" and there.carrier_state != "open"):
        return ()
    if there.record.state == "in_review":
        return (
            obstacle(
                facts,
                "version.in_review",
                responsible=who_can(facts, drafters(facts.process)),
                about=version,
                version=version,
                carrier=there.carrier,
            ),
        )
    words = {"in_force": message("version_rules.is_in_force"), "retired": message("version_rules.was_in_force")}[
        there.record.state
    ]
    return (_frozen(facts, version, message("version_rules.it_is_never_edited", version=version, words=words)),)


def _frozen(facts: VaultFacts, version: str, text: str) -> Obstacle:
    return Obstacle(
        rule="version.frozen",
        text=text,
        remedy=message("version.frozen.remedy"),
        responsible=who_can(facts, drafters(facts.process)),
        about=version,
    )


def effect_obstacles(facts: Facts, transition: Transition) -> tuple[Obstacle, ...]:
    """What keeps a transition from its effect on the version that the item names."""
    if not transition.effect:
        return ()
    there = facts.version
    if there is None:
        named = str(facts.file.item.values.get(VERSION_FIELD) or "")
        return (
            obstacle(facts, "version.none", "unknown", responsible=_editors(facts), named=named)
            if named
            else obstacle(facts, "version.none", responsible=_editors(facts)),
        )
    if transition.effect == "take_version_back":
        return ()  # whatever stands there, taking back does no harm
    wanted = "draft" if transition.effect == "send_version_to_review" else "in_review"
    found = _wrong_state(facts, there, wanted)
    if found:
        return found
    return (
        *_outdated(facts, there),
        *_unproven(facts, there),
        *_unwise(facts, there, people=transition.effect == "put_version_in_force"),
        *(_day(facts) if transition.effect == "put_version_in_force" else ()),
    )


def _wrong_state(facts: Facts, there: CarriedVersion, wanted: str) -> tuple[Obstacle, ...]:
    state, item = there.record.state, facts.file.item
    if there.carrier not in ("", item.number) and there.carrier_state in ("open", "on_hold"):
        return (
            obstacle(
                facts, "version.carried", responsible=_editors(facts), record=there.record.id, carrier=there.carrier
            ),
        )
    # A review whose item has ended without it leaves the version to be taken up again.
    if state == wanted or (wanted == "draft" and state == "in_review" and there.carrier != item.number):
        return ()
    words = {
        "draft": message("version_rules.a_draft"),
        "in_review": message("version_rules.in_review"),
        "in_force": message("version_rules.in_force"),
        "retired": "retired",
    }
    return (
        obstacle(
            facts,
            "version.state",
            responsible=_editors(facts),
            record=there.record.id,
            words=words[state],
            words_2=words[wanted],
        ),
    )


def _outdated(facts: Facts, there: CarriedVersion) -> tuple[Obstacle, ...]:
    """A version drafted from one that another has followed would silently undo what that one changed."""
    if there.draft.base == there.newest:
        return ()
    return (
        obstacle(
            facts,
            "version.base",
            responsible=_editors(facts),
            record=there.record.id,
            base=there.draft.base or message("version_rules.nothing"),
            newest=there.newest,
        ),
    )


def _unproven(facts: Facts, there: CarriedVersion) -> tuple[Obstacle, ...]:
    """Scenarios: run with exactly this definition, every one of them as described."""
    if there.draft.tested != there.record.sha256:
        return (obstacle(facts, "scenario.untested", responsible=_editors(facts), record=there.record.id),)
    return tuple(
        obstacle(
            facts,
            "scenario.failing",
            responsible=_editors(facts),
            about=scenario,
            scenario=scenario,
            record=there.record.id,
            outcome=outcome,
        )
        for scenario, outcome in there.draft.scenarios
        if outcome != PASSED
    )


def _unwise(facts: Facts, there: CarriedVersion, *, people: bool) -> tuple[Obstacle, ...]:
    """What lint says must be mended. Roles that are new can be given once the version is in review, so who holds
    them is asked when it goes in force.
    """
    version = decode_process(there.record.definition)
    return tuple(
        Obstacle(
            rule=each.rule,
            text=f"{message('version_rules.of', place=each.place, record=there.record.id, text=each.text.rstrip('.'))}"
            f" ({facts.process.name}).",
            remedy=each.remedy,
            responsible=_editors(facts),
            about=each.place,
        )
        for each in advise(version, facts.holders if people else None)
        if each.weight == "must"
    )


def _day(facts: Facts) -> tuple[Obstacle, ...]:
    day, today = str(facts.file.item.values.get(DAY_FIELD) or ""), facts.today
    if not is_day(day):
        return (obstacle(facts, "version.day", responsible=_editors(facts), title=facts.process.title_of(DAY_FIELD)),)
    if day >= today:
        return ()
    return (obstacle(facts, "version.past", responsible=_editors(facts), day=day),)


def _editors(facts: Facts) -> str:
    process = facts.process
    roles = tuple(role for right in process.rights if right.verb in ("edit", "move") for role in right.roles)
    return who_can(facts, tuple(dict.fromkeys(roles)))


def _authors(facts: VaultFacts, there: CarriedVersion) -> str:
    return ", ".join(name_of(facts, each) for each in there.draft.authors)
