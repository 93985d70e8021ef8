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
            Obstacle(
                rule="version.drafted",
                text=message("version.drafted.text", record=there.record.id, authors=_authors(facts, there)),
                remedy=message("version.drafted.remedy"),
                responsible=who_can(facts, drafters(facts.process)),
                about=there.record.id,
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
            Obstacle(
                rule="version.in_review",
                text=message("version.in_review.text", version=version, carrier=there.carrier),
                remedy=message("version.in_review.remedy", carrier=there.carrier),
                responsible=who_can(facts, drafters(facts.process)),
                about=version,
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
            _obstacle(
                facts,
                "version.none",
                message("version.none.text.is_no_version", named=named)
                if named
                else message("version.none.text.the_item_names"),
                message("version.none.remedy"),
            ),
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
        text = message("version.carried.text", record=there.record.id, carrier=there.carrier)
        return (_obstacle(facts, "version.carried", text, message("version.carried.remedy", carrier=there.carrier)),)
    # A review whose item has ended without it leaves the version to be taken up again.
    if state == wanted or (wanted == "draft" and state == "in_review" and there.carrier != item.number):
        return ()
    words = {
        "draft": message("version_rules.a_draft"),
        "in_review": message("version_rules.in_review"),
        "in_force": message("version_rules.in_force"),
        "retired": "retired",
    }
    text = message("version.state.text", record=there.record.id, words=words[state], words_2=words[wanted])
    return (_obstacle(facts, "version.state", text, message("version.state.remedy")),)


def _outdated(facts: Facts, there: CarriedVersion) -> tuple[Obstacle, ...]:
    """A version drafted from one that another has followed would silently undo what that one changed."""
    if there.draft.base == there.newest:
        return ()
    text = message(
        "version.base.text",
        record=there.record.id,
        base=there.draft.base or message("version_rules.nothing"),
        newest=there.newest,
    )
    return (_obstacle(facts, "version.base", text, message("version.base.remedy", newest=there.newest)),)


def _unproven(facts: Facts, there: CarriedVersion) -> tuple[Obstacle, ...]:
    """Scenarios: run with exactly this definition, every one of them as described."""
    if there.draft.tested != there.record.sha256:
        text = message("scenario.untested.text", record=there.record.id)
        return (_obstacle(facts, "scenario.untested", text, message("scenario.untested.remedy")),)
    return tuple(
        _obstacle(
            facts,
            "scenario.failing",
            message("scenario.failing.text", scenario=scenario, record=there.record.id, outcome=outcome),
            message("scenario.failing.remedy"),
            about=scenario,
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
        _obstacle(
            facts,
            each.rule,
            message("version_rules.of", place=each.place, record=there.record.id, text=each.text),
            each.remedy,
            about=each.place,
        )
        for each in advise(version, facts.holders if people else None)
        if each.weight == "must"
    )


def _day(facts: Facts) -> tuple[Obstacle, ...]:
    day, today = str(facts.file.item.values.get(DAY_FIELD) or ""), facts.today
    if not is_day(day):
        text = message("version.day.text")
        return (
            _obstacle(
                facts, "version.day", text, message("version.day.remedy", title=facts.process.title_of(DAY_FIELD))
            ),
        )
    if day >= today:
        return ()
    text = message("version.past.text", day=day)
    return (_obstacle(facts, "version.past", text, message("version.past.remedy")),)


def _obstacle(facts: Facts, rule: str, text: str, remedy: str, *, about: str = "") -> Obstacle:
    process = facts.process
    roles = tuple(role for right in process.rights if right.verb in ("edit", "move") for role in right.roles)
    return Obstacle(
        rule=rule,
        text=f"{text.rstrip('.')} ({process.name}).",
        remedy=remedy,
        responsible=who_can(facts, tuple(dict.fromkeys(roles))),
        about=about,
    )


def _authors(facts: VaultFacts, there: CarriedVersion) -> str:
    return ", ".join(name_of(facts, each) for each in there.draft.authors)
