"""What the judge looks at: gathered once from the register, then judged without asking again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from domain.act import Actor
from domain.identity import iso
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.records.governance import Calendar, Category, Link, Mandate
from domain.records.item import ItemFile
from domain.records.people import (
    ADMINISTRATOR,
    Declaration,
    KeyReset,
    PersonRole,
    ProcessVersionRecord,
    RecoverySheet,
    Rotation,
)
from domain.rules.category_choices import process_for
from domain.rules.granted_exceptions import (
    Concerned,
    ExceptionInForce,
    concerned_by,
    exceptions_in_force,
    grants_exceptions,
    grants_next,
)
from domain.rules.holding_roles import is_held
from domain.rules.site_day import site_day
from domain.rules.versions_carried import CarriedVersion, carried, carried_by, visible_categories
from domain.state import State


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """An item, its process version and the people, at the moment of the command (`actor.at`).

    `process` is the item's version with what the item's category asks for beyond it (`category_choices`).
    `today` is the ISO day that it is at the site then.
    `holders` maps each role to the active people who hold it now; `names` knows everybody ever enrolled;
    `active` are those who may act. `blockers` are the items this one waits for, `exceptions` those in force that
    name it or its process, `mandates` the delegations valid today, `mandates_ever` all there are and were,
    `calendar` the site's working time, `follow_ups` the links of items, not cancelled, that follow this one up.
    `other` is the item that a command at a link is about. `version` is the process version that an item of the
    process change process names, `categories` are those people may choose here today, `target` the version an item is
    to come over to. `concerned` is what an item that may be granted as an exception next is an exception from.
    """

    file: ItemFile
    process: ProcessVersion
    actor: Actor
    today: str
    holders: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    active: frozenset[str]
    blockers: tuple[Blocker, ...] = ()
    exceptions: tuple[ExceptionInForce, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    mandates_ever: tuple[Mandate, ...] = ()
    calendar: Calendar | None = None
    follow_ups: tuple[Link, ...] = ()
    other: Other | None = None
    version: CarriedVersion | None = None
    categories: tuple[Category, ...] = ()
    target: ProcessVersionRecord | None = None
    concerned: Concerned | None = None


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """An item that blocks: its link, and how it stands as far as this vault knows."""

    link: Link
    number: str
    title: str
    state: str
    step: str
    owner: str
    due: str


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """The item at the far end of a link, and the way, if any, along which it waits for this one, in numbers."""

    id: str
    number: str
    state: str
    owner: str
    way_back: tuple[str, ...]


class VaultFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What commands without an item are judged by; `today` is the ISO day of the site.

    `process` is the version in force when the command is about one. `declared` are the roles that processes
    in force know, with the administrator; `in_force` the processes in force, `known_processes` those that have any
    version here. `keys` maps every signing key ever
    certified to its person, `signed` are the people who have given their declaration, `mandates` all
    there are and were. `proposed_people` maps whoever waits for a second administrator to who enrolled them,
    `proposed_roles` are the roles that wait for one.
    """

    actor: Actor
    today: str
    holders: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    active: frozenset[str]
    declared: frozenset[str]
    in_force: frozenset[str]
    known_processes: frozenset[str] = frozenset()
    process: ProcessVersion | None = None
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    resets: tuple[KeyReset, ...] = ()
    sheets: tuple[RecoverySheet, ...] = ()
    signed: frozenset[str] = frozenset()
    rotating: bool = False
    mandates: tuple[Mandate, ...] = ()
    version: CarriedVersion | None = None
    categories: tuple[Category, ...] = ()
    categories_ever: tuple[Category, ...] = ()
    concerned: Concerned | None = None
    proposed_people: Mapping[str, str] = msgspec.field(default_factory=dict)
    proposed_roles: tuple[PersonRole, ...] = ()


def gather(register: State, item: str, by: Actor) -> Facts:
    """The facts about an item, named by id or number."""
    file = register.item_file(item)
    names, active = _people(register)
    today = site_day(register, by.at)
    mandates = register.all_of(Mandate)
    version = decode_process(register.process_version(file.item.process_version).definition)
    categories = visible_categories(register, version, today)
    process = process_for(version, file.item, categories)
    return Facts(
        file=file,
        process=process,
        actor=by,
        today=today,
        holders=holders_at(register, by, active),
        names=names,
        active=active,
        blockers=tuple(
            _blocker(register, link) for link in file.links if link.kind == "blocked_by" and link.state == "in_force"
        ),
        exceptions=exceptions_in_force(register, file.item, process, today),
        mandates=tuple(each for each in mandates if each.state == "given" and each.first_day <= today <= each.last_day),
        mandates_ever=mandates,
        calendar=next(iter(register.all_of(Calendar)), None),
        follow_ups=tuple(
            link
            for link in register.links_about(file.item.id)
            if link.other == file.item.id
            and link.kind == "follow_up_of"
            and link.state == "in_force"
            # What was cancelled carries nothing on.
            and register.item(link.item).state != "cancelled"
        ),
        version=carried_by(register, file.item, process),
        categories=categories,
        concerned=concerned_by(register, process, file.item.values, by.at) if grants_next(process, file.item) else None,
    )


def gather_with(register: State, item: str, other: str, by: Actor) -> Facts:
    """The facts about an item for a command at a link to another one, both named by id or number.

    Raises:
        UsageProblem: no such item.
    """
    return with_other(register, gather(register, item, by), other)


def with_other(register: State, facts: Facts, other: str) -> Facts:
    """These facts with the item (named by id or number) that a link is to go to.

    Raises:
        UsageProblem: no such item.
    """
    far = register.item(other)
    return msgspec.structs.replace(
        facts,
        other=Other(
            id=far.id,
            number=far.number,
            state=far.state,
            owner=far.owner,
            way_back=transition_to(register, far.id, facts.file.item.id),
        ),
    )


def edited(register: State, facts: Facts, fields: Mapping[str, Any]) -> Facts:
    """These facts for an edit of these fields: of an exception, with what it would then be an exception from."""
    if not grants_exceptions(facts.process):
        return facts
    values = {**facts.file.item.values, **fields}
    return msgspec.structs.replace(facts, concerned=concerned_by(register, facts.process, values, facts.actor.at))


def excepting(register: State, facts: VaultFacts, fields: Mapping[str, Any]) -> VaultFacts:
    """These facts for a new item with these fields: of an exception, with what it would be an exception from."""
    if facts.process is None or not grants_exceptions(facts.process):
        return facts
    return msgspec.structs.replace(facts, concerned=concerned_by(register, facts.process, fields, facts.actor.at))


def transition_to(register: State, start: str, goal: str) -> tuple[str, ...]:
    """The numbers of the items along which `start` waits for `goal` (ids), both ends included; () when it does not."""
    came_from: dict[str, str] = {start: ""}
    edge = [start]
    while edge and goal not in came_from:
        here = edge.pop(0)
        for link in register.links_about(here):
            waits = link.item == here and link.kind == "blocked_by" and link.state == "in_force"
            if waits and link.other not in came_from:
                came_from[link.other] = here
                edge.append(link.other)
    transition, here = [], goal if goal in came_from else ""
    while here:
        transition.append(register.item(here).number)
        here = came_from[here]
    return tuple(reversed(transition))


def _blocker(register: State, link: Link) -> Blocker:
    other = register.item(link.other)
    return Blocker(
        link=link,
        number=other.number,
        title=other.title,
        state=other.state,
        step=other.step,
        owner=other.owner,
        due=other.due,
    )


def gather_vault(register: State, by: Actor, *, process: str = "") -> VaultFacts:
    """The facts for a command without an item; `process` names the one whose rules apply, if any."""
    names, active = _people(register)
    versions = register.process_versions()
    current = in_force_at(versions, by.at)
    certified = register.keys()
    # Roles of versions to come can be granted before their day, roles of past ones are needed by items pinned to them.
    declared = register.remembered(("process_version",), "declared_roles", lambda: _declared(versions))
    version = decode_process(register.in_force(process, by.at).definition) if process else None
    today = site_day(register, by.at)
    return VaultFacts(
        actor=by,
        today=today,
        holders=holders_at(register, by, active),
        names=names,
        active=active,
        declared=declared,
        in_force=frozenset(each.process for each in current),
        known_processes=frozenset(each.process for each in versions),
        process=version,
        keys={key.id: key.person for key in certified},
        resets=register.all_of(KeyReset),
        sheets=register.all_of(RecoverySheet),
        signed=frozenset(each.person for each in register.all_of(Declaration)),
        rotating=any(each.state == "begun" for each in register.all_of(Rotation)),
        mandates=register.all_of(Mandate),
        categories=visible_categories(register, version, today) if version else (),
        categories_ever=tuple(each for each in register.all_of(Category) if each.process == process) if process else (),
        proposed_people={each.id: each.enrolled_by for each in register.people() if each.state == "proposed"},
        proposed_roles=tuple(each for each in register.roles() if each.is_proposal),
    )


def _declared(versions: Iterable[ProcessVersionRecord]) -> frozenset[str]:
    known = (decode_process(each.definition) for each in versions if each.state != "draft")
    return frozenset((ADMINISTRATOR, *(role.id for each in known for role in each.roles)))


def _people(register: State) -> tuple[Mapping[str, str], frozenset[str]]:
    def make() -> tuple[Mapping[str, str], frozenset[str]]:
        people = register.people()
        return {each.id: each.name for each in people}, frozenset(each.id for each in people if each.state == "active")

    return register.remembered(("person",), "people", make)


def holders_at(register: State, by: Actor, active: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Each role with the active people who hold it at the actor's moment, in the order granted."""
    now, grants = iso(by.at), register.roles()
    turns = register.remembered(("person_role",), "turns_of_roles", lambda: _turns(grants))
    # between two instants at which a grant begins or ends, the same people hold the same roles
    era = bisect_right(turns, now)

    def make() -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for grant in grants:
            if grant.person in active and is_held(grant, now):
                found.setdefault(grant.role, {})[grant.person] = None
        return {role: tuple(people) for role, people in found.items()}

    return register.remembered(("person", "person_role"), ("holders", era), make)


def _turns(grants: Iterable[PersonRole]) -> list[str]:
    """The instants at which a grant of a role begins or ends, in order."""
    return sorted({at for grant in grants for at in (grant.valid_from, grant.valid_until) if at})


def gather_version(register: State, by: Actor, *, process: str, version: str = "") -> VaultFacts:
    """The facts for a command at a version of a process: the version in force, if any, and the one named.

    Without a name it is the version that is drafted or in review. A process that was never in force is judged by
    the process change process, because nobody owns it yet.
    """
    known = {each.process for each in in_force_at(register.process_versions(), by.at)}
    facts = gather_vault(
        register, by, process=next((each for each in (process, "process_change") if each in known), "")
    )
    drafts = [each.id for each in register.process_versions() if each.process == process and _is_open(each)]
    return msgspec.structs.replace(facts, version=carried(register, version or next(iter(drafts), "")))


def _is_open(version: ProcessVersionRecord) -> bool:
    return version.state in ("draft", "in_review")
