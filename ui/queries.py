"""What screens ask of an open vault: functions run by the worker, each returning one frozen snapshot.

Nothing here changes anything, and nothing here is called on the window's thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from domain.calendar.working_time import WorkingCalendar
from domain.closure.standard import demand_words
from domain.commands.available import available_commands
from domain.commands.closure import CloseItem
from domain.log.entry import Entry
from domain.metrics.digest import alerts_for
from domain.ports import WaitingApproval
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.records.governance import Link
from domain.records.people import ADMINISTRATOR, KeyReset, Person, PersonRole, RecoverySheet, Vault
from domain.records.waiting import Waits, waiting_chain
from domain.registry import COMMANDS
from domain.rules.closure_demands import closure_demands, meets
from domain.rules.facts import Facts, gather
from domain.rules.handoffs import AnswersFor, answers_for
from domain.rules.holding_roles import is_held
from domain.rules.next_action import NextAction, PendingApproval, next_actions, pending_approvals
from domain.rules.passing import closing_transition
from domain.rules.risk_acceptances import Waivable, acceptable_obstacles
from domain.rules.site_day import site_calendar
from domain.rules.verdict import GateVerdict
from domain.services import BackupInfo, LogState
from domain.session import Session
from domain.state import ItemFilter

MOST_CHANGES_SHOWN = 200
"""An import holds one change per row: its entry is described by count, not listed."""


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """The open vault as the window shows it: who works, in which roles, on which processes.

    `asks_both_parts`: the next signature asks for the name too; `declaration`: what it declares first ("" =
    declared already). `lacks_sheet`: an administrator without a recovery sheet in force. `alerts`: how many alerts for
    the person nobody has seen. `busiest` is the process with the most items, which people look at first. `awaited`:
    what the person's items wait for from others; `calendar` says which day it is at the site.
    """

    vault: Vault
    folder: str
    person: Person
    roles: frozenset[str]
    people: tuple[Person, ...]
    held: tuple[PersonRole, ...]
    processes: tuple[ProcessVersion, ...]
    waiting: tuple[WaitingApproval, ...]
    log_size: int
    opened_at: datetime
    notices: tuple[str, ...] = ()
    log: LogState = LogState(proven=0, whole_at="")
    asks_both_parts: bool = False
    declaration: str = ""
    lacks_sheet: bool = False
    asked_resets: tuple[KeyReset, ...] = ()
    newest_backup: BackupInfo | None = None
    alerts: int = 0
    busiest: str = ""
    awaited: tuple[WaitingApproval, ...] = ()
    calendar: WorkingCalendar = msgspec.field(default_factory=lambda: WorkingCalendar.of(None))

    def name_of(self, person: str) -> str:
        """A person's name; an unknown id is shown as it is."""
        return next((each.name for each in self.people if each.id == person), person)

    def person_of(self, person: str) -> Person | None:
        """A person by id."""
        return next((each for each in self.people if each.id == person), None)

    def roles_of(self, person: str, *, at: str) -> tuple[PersonRole, ...]:
        """What a person (an id) holds at an ISO instant."""
        return tuple(each for each in self.held if each.person == person and is_held(each, at))

    def proposed_roles_of(self, person: str) -> tuple[PersonRole, ...]:
        """The roles of a person (an id) that wait for a second administrator."""
        return tuple(each for each in self.held if each.person == person and each.is_proposal)

    def names_known(self) -> tuple[str, ...]:
        """What a guesser of passphrases tries first: the vault, its people, their roles."""
        return (self.vault.name, *(each.name for each in self.people), *self.role_titles().values())

    def role_titles(self) -> dict[str, str]:
        """Every role that can be held, by its id, the administrator last."""
        known = {role.id: role.title for process in self.processes for role in process.roles}
        return {**known, ADMINISTRATOR: self.role_title(ADMINISTRATOR)}

    def process(self, process: str) -> ProcessVersion | None:
        """The version in force of a process."""
        return next((each for each in self.processes if each.id == process), None)

    def role_title(self, role: str) -> str:
        """The words people know a role by."""
        for process in self.processes:
            if any(each.id == role for each in process.roles):
                return process.role_title(role)
        return role.replace("_", " ").capitalize()


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A link in force seen from the item in focus: `outward` is its own, else the other item's to this one."""

    link: Link
    outward: bool
    item: str
    number: str
    title: str
    state: str
    owner: str
    due: str


class ItemInFocus(msgspec.Struct, frozen=True, kw_only=True):
    """One item with its process version, what may happen next, and what stands in the way of each act.

    `verdicts` has an act only while there is something for it to be about. `waivable` are obstacles whose risk may be
    accepted, `chain` is whom the item waits for, itself first.
    """

    facts: Facts
    next: tuple[NextAction, ...]
    pending: PendingApproval | None
    verdicts: dict[str, GateVerdict]
    waivable: tuple[Waivable, ...] = ()
    linked: tuple[LinkRow, ...] = ()
    chain: tuple[Waits, ...] = ()
    answers: AnswersFor = AnswersFor(accountable="", responsible="")


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One entry about an item: its header and, for this item's records, what changed."""

    entry: Entry
    changes: tuple[tuple[str, str, str], ...]
    hidden: int
    item: str = ""
    """The number of the item it is about."""


def read_session(vault: Session) -> SessionView:
    """Everything the frame of the window shows."""
    register, actor = vault.register, vault.actor()
    processes = tuple(decode_process(each.definition) for each in in_force_at(register.process_versions(), actor.at))
    return SessionView(
        vault=register.vault(),
        folder=str(vault.folder),
        person=vault.person,
        roles=actor.roles,
        people=register.people(),
        held=register.roles(),
        processes=processes,
        busiest=max(processes, key=lambda each: register.count(ItemFilter(process=each.id))).id if processes else "",
        waiting=register.waiting_for(actor),
        awaited=register.awaited_from_others(actor),
        log_size=register.log_size(),
        calendar=site_calendar(register),
        opened_at=datetime.now(UTC),
        notices=vault.notices,
        log=vault.log.state(),
        newest_backup=vault.backups.newest(),
        alerts=register.count_alerts(alerts_for(actor)),
        asks_both_parts=vault.people_service.needs_both_parts,
        declaration=vault.people_service.declaration,
        asked_resets=tuple(each for each in register.all_of(KeyReset) if each.state == "asked"),
        lacks_sheet=ADMINISTRATOR in actor.roles and not _has_sheet(vault),
    )


def _has_sheet(vault: Session) -> bool:
    mine = vault.person.id
    return any(each.person == mine and each.state == "in_force" for each in vault.register.all_of(RecoverySheet))


def read_item(vault: Session, item: str, *, gate: str = "") -> ItemInFocus:
    """An item, what may happen to it next, and the verdict on each act that has a button.

    The signature it is about is that of `gate`, else one that is asked of the person, else the first asked of anybody.
    """
    facts = gather(vault.register, item, vault.actor())
    return ItemInFocus(
        facts=facts,
        next=next_actions(facts),
        pending=_pending(facts, gate),
        verdicts=dict(available_commands(facts, COMMANDS.values())),
        waivable=acceptable_obstacles(facts),
        linked=_linked(vault, facts),
        chain=waiting_chain(facts.file.item.id, links_of=vault.register.links_about, item_of=vault.register.item),
        answers=answers_for(facts),
    )


def _pending(facts: Facts, gate: str) -> PendingApproval | None:
    found = [each for each in pending_approvals(facts) if each.kind != "urgent"]
    at_gate = (each for each in found if each.gate == gate)
    mine = (each for each in found if each.open_to(facts.actor.person))
    return next(at_gate, None) or next(mine, None) or next(iter(found), None)


def _linked(vault: Session, facts: Facts) -> tuple[LinkRow, ...]:
    """Every link of the item in force, from either end, with how the other item stands."""
    item, register = facts.file.item.id, vault.register
    found = []
    for link in register.links_about(item):
        if link.state != "in_force":
            continue
        outward = link.item == item
        other = register.item(link.other if outward else link.item)
        found.append(
            LinkRow(
                link=link,
                outward=outward,
                item=other.id,
                number=other.number,
                title=other.title,
                state=other.state,
                owner=facts.names.get(other.owner, other.owner_name),
                due=other.due,
            )
        )
    return tuple(found)


def read_history(vault: Session, item: str) -> tuple[HistoryLine, ...]:
    """Every entry about an item, newest first, with what it changed."""
    register = vault.register
    return tuple(_history_line(vault, register.entry(seq)) for seq in reversed(register.entries_about(item)))


def read_entry(vault: Session, seq: int) -> HistoryLine:
    """One entry of the log with what it changed, and the item it is about."""
    line = _history_line(vault, vault.register.entry(seq))
    shown = vault.register.log_page(before=seq + 1, limit=1)
    return msgspec.structs.replace(line, item=shown[0].subject_number if shown else "")


def _history_line(vault: Session, entry: Entry) -> HistoryLine:
    header = entry.header
    changes = header.changes.count - header.commands
    if changes > MOST_CHANGES_SHOWN:
        return HistoryLine(entry=entry, changes=(), hidden=changes)
    found: list[tuple[str, str, str]] = []
    for data in vault.register.changes(header.seq)[header.commands :]:
        change = msgspec.json.decode(data)
        before = change["before"] or {}
        found.extend(
            (f"{change['record']}.{name}", _shown(before.get(name)), _shown(value))
            for name, value in change["after"].items()
            if before.get(name) != value
        )
    return HistoryLine(entry=entry, changes=tuple(found), hidden=0)


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class StandardLine(msgspec.Struct, frozen=True, kw_only=True):
    """One demand of the closure standard, and whether it is met; `why` says what stands against it, or passes it.
    `passed` says that an exception or an accepted risk passes it, and nothing meets it.
    """

    title: str
    met: bool
    why: str
    passed: bool = False


class ClosureReading(msgspec.Struct, frozen=True, kw_only=True):
    """How an item stands against its closure standard: for each outcome the demands and the verdict."""

    focus: ItemInFocus
    standards: dict[str, tuple[StandardLine, ...]]
    verdicts: dict[str, GateVerdict]


def read_closure(vault: Session, item: str) -> ClosureReading:
    """The closure standard of the item's process version, demand by demand, as the gate judges it."""
    focus = read_item(vault, item)
    facts, closure = focus.facts, focus.facts.process.closure
    return ClosureReading(
        focus=focus,
        standards={each.outcome: tuple(_standard(facts, each.outcome)) for each in closure.outcomes},
        verdicts={
            each.outcome: CloseItem(item=facts.file.item.id, outcome=each.outcome).judge_by(facts)
            for each in closure.outcomes
        },
    )


def _standard(facts: Facts, outcome: str) -> Iterator[StandardLine]:
    transition = closing_transition(facts)
    gate, severity = transition.id if transition else "", facts.file.item.severity
    for demand in closure_demands(facts.process, gate=gate, outcome=outcome, severity=severity):
        meeting = meets(demand, facts)
        yield StandardLine(
            title=demand_words(facts.process, demand),
            met=meeting.met,
            passed=bool(meeting.passed),
            why=" ".join(
                dict.fromkeys([*(each.text for each in meeting.obstacles), *(each.text for each in meeting.passed)])
            ),
        )
