"""What a pack prints of an item's life outside the normal path: one line for each record, in sections.

Obligations, risks accepted, exceptions used, days moved, mandates signed under, links, holds, handoffs and cycles: a
reader of the closure finds them without reading the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from domain.closure.pack import HistoryLine
from domain.closure.standard import gate_words, role_words
from domain.messages import Message, message, plural_message
from domain.process.definition import ProcessVersion
from domain.records.dues import due_days
from domain.records.governance import Link
from domain.records.item import Closure, Item, ItemFile, TransitionRecord
from domain.records.registry import ITEM_FILE, RECORDS
from domain.rules.obligations import outstanding_words

Kind = TypeVar("Kind", bound=msgspec.Struct)
Of = Callable[[str, type[Any]], list[Any]]
"""The replayed records of a kind that belong to the item, by the record's name."""

KINDS = {
    "blocked_by": Message("history_lines.kinds.blocked_by"),
    "follow_up_of": Message("history_lines.kinds.follow_up_of"),
    "continuation_of": Message("history_lines.kinds.continuation_of"),
    "merged_into": Message("history_lines.kinds.merged_into"),
    "cycle_of": Message("history_lines.kinds.cycle_of"),
    "related": Message("history_lines.kinds.related"),
    "passed_by": Message("history_lines.kinds.passed_by"),
}
_HOW = {
    "promised": Message("history_lines.how.promised"),
    "extension": Message("history_lines.how.extension"),
    "change": Message("history_lines.how.change"),
}
_STATES = {"in_force": Message("history_lines.states.in_force"), "met": "met", "confirmed": "confirmed"}


def item_file(item: Item, of: Of) -> ItemFile:
    """What hangs on the item, from the replayed records; approvals and evidence are printed elsewhere."""
    members: dict[str, Any] = {member: tuple(of(record, RECORDS[record])) for member, record in ITEM_FILE.items()}
    return ItemFile(
        item=item,
        transition_records=tuple(of("transition_record", TransitionRecord)),
        approvals=(),
        evidence=(),
        closures=tuple(of("closure", Closure)),
        packs=(),
        **members,
    )


class HistoryDescriber:
    """Describes the records of one item; `seq_of` names the entry that brought a record into being."""

    def __init__(
        self,
        file: ItemFile,
        process: ProcessVersion,
        names: Mapping[str, str],
        mandates: Mapping[str, Mapping[str, Any]],
        seq_of: Callable[[str, str], int],
    ) -> None:
        self._file = file
        self._process = process
        self._names = names
        self._mandates = mandates
        self._seq_of = seq_of

    def lines(self) -> tuple[HistoryLine, ...]:
        """Every line, section by section."""
        return (
            *self._urgent(),
            *self._obligations(),
            *self._risk_acceptances(),
            *self._exceptions(),
            *self._dues(),
            *self._requests(),
            *self._signed_under(),
            *self._link_lines(),
            *self._holds(),
            *self._handoffs(),
            *self._cycles(),
        )

    def _name(self, person: str) -> str:
        return self._names.get(person, person)

    def _line(
        self, section: str, record: str, one: Any, *, at: str, who: str, what: str, state: str, detail: str = ""
    ) -> HistoryLine:
        return HistoryLine(
            section=section,
            what=what,
            who=self._name(who),
            at=at,
            detail=detail,
            state=str(_STATES.get(state, state.replace("_", " "))),
            seq=self._seq_of(record, one.id),
        )

    def _urgent(self) -> Iterator[HistoryLine]:
        for one in self._file.urgencies:
            signed = (
                message("history_lines.signed_by", signed_by=self._name(one.signed_by), meaning=one.meaning)
                if one.signed_by
                else ""
            )
            yield self._line(
                *(message("history_lines.urgent_transitions"), "urgency", one),
                at=one.marked_at,
                who=one.marked_by,
                what=f"{gate_words(self._process, one.gate)} ({one.code})",
                state=one.state,
                detail=f"{one.reason}.{signed}",
            )

    def _obligations(self) -> Iterator[HistoryLine]:
        for one in self._file.obligations:
            outstanding_from = self._name(one.person) or role_words(self._process, one.role)
            by = message("history_lines.by", outstanding_from=outstanding_from) if outstanding_from else ""
            ended = f" {self._name(one.ended_by)}: {one.ended_reason}" if one.ended_by else ""
            yield self._line(
                *(message("history_lines.obligations"), "obligation", one),
                at=one.created_at,
                who=one.created_by,
                what=f"{outstanding_words(self._process, self._file.links, one)}{by}",
                state=one.state,
                detail=f"{f'Until {one.due}.' if one.due else ''}{ended}".strip(),
            )

    def _risk_acceptances(self) -> Iterator[HistoryLine]:
        for one in self._file.risk_acceptances:
            at = message("history_lines.at", gate=gate_words(self._process, one.gate)) if one.gate else ""
            accepted = (
                message("history_lines.accepted_by", accepted_by=self._name(one.accepted_by)) if one.accepted_by else ""
            )
            if one.owner_signed_by:
                accepted += message("history_lines.owner_signed", owner=self._name(one.owner_signed_by))
            ended = (
                message("history_lines.ended_by", value=self._name(one.ended_by), ended_reason=one.ended_reason)
                if one.ended_by
                else ""
            )
            measure = message("history_lines.measure", measure=one.measure) if one.measure else ""
            yield self._line(
                *(message("history_lines.risk_acceptances"), "risk_acceptance", one),
                at=one.asked_at,
                who=one.asked_by,
                what=message("history_lines.until", rule=one.rule, at=at, expires_on=one.expires_on),
                state=one.state,
                detail=message(
                    "history_lines.risk",
                    reason=one.reason,
                    risk=one.risk,
                    measure=measure,
                    accepted=accepted,
                    ended=ended,
                ),
            )

    def _exceptions(self) -> Iterator[HistoryLine]:
        for one in self._links("passed_by"):
            yield self._link_line(message("history_lines.exceptions_used"), one, one.reason)

    def _dues(self) -> Iterator[HistoryLine]:
        days = due_days(self._file)
        for day in days if len(days) > 1 else ():
            yield HistoryLine(
                section=message("history_lines.due_days"),
                what=f"{day.day or message('history_lines.no_day')} ({_HOW[day.how]})",
                who=self._name(day.decided_by),
                at=day.decided_at,
                detail=message("history_lines.until_then", reason=day.reason, interim_risk=day.interim_risk)
                if day.interim_risk
                else day.reason,
                state=message("history_lines.in_force") if day is days[-1] else "replaced",
                seq=self._seq_of("request", day.request) if day.request else self._seq_of("item", self._file.item.id),
            )

    def _requests(self) -> Iterator[HistoryLine]:
        for one in self._file.requests:
            decided = f" {self._name(one.decided_by)}: {one.decision_reason}".rstrip(": ") if one.decided_by else ""
            wanted = "; ".join(f"{self._process.title_of(name)}: {_pair(pair)}" for name, pair in one.proposal.items())
            yield self._line(
                *(message("history_lines.requests"), "request", one),
                at=one.asked_at,
                who=one.asked_by,
                what=f"{one.kind.capitalize()}{f' ({one.code})' if one.code else ''}: {wanted}".removesuffix(": "),
                state=one.state,
                detail=f"{one.reason}.{decided}",
            )

    def _signed_under(self) -> Iterator[HistoryLine]:
        for id_, one in sorted(self._mandates.items()):
            yield HistoryLine(
                section=message("history_lines.mandates_signed_under"),
                what=message(
                    "history_lines.for_as",
                    delegate=self._name(str(one.get("delegate"))),
                    delegator=self._name(str(one.get("delegator"))),
                    role=role_words(self._process, str(one.get("role"))),
                ),
                who=self._name(str(one.get("delegator"))),
                at=str(one.get("given_at", "")),
                detail=message(
                    "history_lines.from_to",
                    first_day=one.get("first_day"),
                    last_day=one.get("last_day"),
                    reason=one.get("reason", ""),
                ),
                state=str(one.get("state", "")),
                seq=self._seq_of("mandate", id_),
            )

    def _links(self, *kinds: str) -> Iterator[Link]:
        return (each for each in self._file.links if each.kind in kinds)

    def _link_line(self, section: str, one: Link, detail: str) -> HistoryLine:
        ended = (
            message("history_lines.ended_by", value=self._name(one.ended_by), ended_reason=one.ended_reason)
            if one.ended_by
            else ""
        )
        return self._line(
            *(section, "link", one),
            at=one.created_at,
            who=one.created_by,
            what=f"{KINDS[one.kind]} {one.other_number}",
            state=one.state,
            detail=f"{detail}{ended}".strip(),
        )

    def _link_lines(self) -> Iterator[HistoryLine]:
        for one in self._links(*(kind for kind in KINDS if kind != "passed_by")):
            yield self._link_line(
                message("history_lines.links_to_other_items"), one, f"{one.reason}." if one.reason else ""
            )

    def _holds(self) -> Iterator[HistoryLine]:
        for one in self._file.holds:
            clock = (
                message("history_lines.the_clock_stood_still")
                if one.stops_clock == "yes"
                else message("history_lines.the_clock_ran_on")
            )
            waiting = message("history_lines.waiting_for", waiting_for=one.waiting_for) if one.waiting_for else ""
            yield self._line(
                *(message("history_lines.rests"), "hold_period", one),
                at=one.since,
                who=one.by,
                what=message("history_lines.until.237", until=one.until or message("history_lines.now"), clock=clock),
                state="ended" if one.until else "resting",
                detail=f"{one.reason}.{waiting}",
            )

    def _handoffs(self) -> Iterator[HistoryLine]:
        for one in self._file.handoffs:
            step = self._process.step(one.step)
            ended = f"{self._name(one.ended_by)} {one.ended_at}. {one.reason}".strip() if one.ended_by else ""
            yield self._line(
                *(message("history_lines.handoffs"), "handoff", one),
                at=one.offered_at,
                who=one.sender,
                what=message(
                    "history_lines.at_to",
                    title=step.title if step else one.step,
                    role=role_words(self._process, one.role),
                ),
                state=one.state,
                detail=ended,
            )

    def _cycles(self) -> Iterator[HistoryLine]:
        if self._file.item.cycle == 1:
            return
        for one in self._file.closures:
            yield self._line(
                *(message("history_lines.cycles"), "closure", one),
                at=one.closed_at,
                who=one.closed_by,
                what=message("history_lines.cycle_ended", cycle=one.cycle, outcome=one.outcome.replace("_", " ")),
                state="",
                detail=one.summary,
            )
        begun: dict[int, TransitionRecord] = {}
        for transition_record in self._file.transition_records:
            begun.setdefault(transition_record.cycle, transition_record)
        for cycle, transition_record in sorted(begun.items()):
            if cycle > 1:
                step = self._process.step(transition_record.to_step)
                yield self._line(
                    *(message("history_lines.cycles"), "transition_record", transition_record),
                    at=transition_record.at,
                    who=transition_record.by,
                    what=message(
                        "history_lines.cycle_began_at",
                        cycle=cycle,
                        title=step.title if step else transition_record.to_step,
                    ),
                    state="",
                    detail=transition_record.reason,
                )


def _pair(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_words(value[0])} → {_words(value[1])}"
    return _words(value)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return plural_message("history_lines.rows.one", "history_lines.rows.many", len(value))
    return str(value) if value else message("history_lines.nothing")


def passed_at_closing(links: Iterable[Link], closure: Closure | None) -> dict[tuple[str, str], str]:
    """The exceptions that let the closing pass in spite of a rule: (rule, about) -> words; about "" is everything of
    the rule. Exceptions are other items, so the link to them, signed with the closing, is all that a pack shows.
    """
    found = {}
    for link in links:
        rule, _, rest = link.reason.partition(":")
        if closure is not None and link.kind == "passed_by" and link.created_at == closure.closed_at:
            found[rule, rest.rpartition("@")[0]] = message(
                "history_lines.passed_by_exception", other_number=link.other_number
            )
    return found


def mandate_words(mandates: Mapping[str, Mapping[str, Any]], mandate: str, names: Mapping[str, str]) -> str:
    """The mandate that a person signed under: whose it is and for which days."""
    found = mandates.get(mandate)
    if found is None:
        return mandate
    delegator = str(found.get("delegator", ""))
    return message(
        "history_lines.of_to",
        delegator=names.get(delegator, delegator),
        first_day=found.get("first_day"),
        last_day=found.get("last_day"),
    )
