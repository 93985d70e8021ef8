"""What clocks ask, answered from dictionaries: `domain.calendar.watched.WatchedRegister` in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop
from domain.records.governance import Alert, Handoff, HoldPeriod, Link, Obligation, Question, RiskAcceptance
from domain.records.item import Evidence, Item

_Kind = TypeVar("_Kind", bound=msgspec.Struct)
_WAITING: dict[type[msgspec.Struct], tuple[str, str]] = {
    Handoff: ("state", "offered"),
    Obligation: ("state", "open"),
    RiskAcceptance: ("state", "in_force"),
    Question: ("answered_at", ""),
}


class MemoryWatch(ABC):
    """Looks at everything, which is little."""

    @abstractmethod
    def all_of(self, kind: type[Any]) -> tuple[Any, ...]:
        """Every record of a kind."""

    def _alive(self) -> dict[str, Item]:
        return {each.id: each for each in self.all_of(Item) if each.state in ("open", "on_hold")}

    def standing(self, wanted: StandingFilter) -> tuple[Standing, ...]:
        """Open and held items as clocks need them."""
        known = {each.key for each in self.all_of(Alert)} if wanted.unraised else set()
        found = [
            _standing(item)
            for item in self._alive().values()
            if wanted.process_version in ("", item.process_version)
            and wanted.step in ("", item.step)
            and wanted.state in ("", item.state)
            and (not wanted.since_until or item.step_since <= wanted.since_until)
            and (not wanted.due_until or "" < item.due <= wanted.due_until)
            and item.cycle >= wanted.cycle_from
            and (not wanted.items or item.id in wanted.items)
        ]
        ends = {"since": "since", "due": "due", "cycle": "cycle"}[wanted.moment]
        return tuple(
            each
            for each in sorted(found, key=lambda each: each.since)
            if f"{wanted.unraised}|{each.item}|{each.cycle}|{getattr(each, ends)}" not in known
        )

    def stops(self) -> Mapping[str, tuple[Stop, ...]]:
        """What stopped the clocks of open and held items, by item."""
        alive = self._alive()
        times = [(each, each.since, each.until) for each in self.all_of(HoldPeriod)]
        times += [(each, each.asked_at, each.answered_at) for each in self.all_of(Question)]
        found: dict[str, tuple[Stop, ...]] = {}
        for each, since, until in times:
            item = alive.get(each.item)
            if (
                item
                and each.stops_clock == "yes"
                and each.cycle == item.cycle
                and (not until or until > item.step_since)
            ):
                found[item.id] = (*found.get(item.id, ()), Stop(item=item.id, since=since, until=until))
        return found

    def waiting(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Records of a kind that wait."""
        field, value = _WAITING[kind]
        return tuple(each for each in self.all_of(kind) if getattr(each, field) == value)

    def ended_blockers(self) -> tuple[tuple[Link, str], ...]:
        """Links in force to ended items."""
        alive, items = self._alive(), {each.id: each for each in self.all_of(Item)}
        return tuple(
            (link, items[link.other].state)
            for link in self.all_of(Link)
            if link.kind == "blocked_by"
            and link.state == "in_force"
            and link.item in alive
            and link.other in items
            and link.other not in alive
        )

    def accepted_evidence(self, process_version: str, requirement: str, until: str) -> tuple[Evidence, ...]:
        """Accepted evidence of open and held items for a requirement, from before a moment."""
        alive = self._alive()
        return tuple(
            each
            for each in self.all_of(Evidence)
            if each.requirement == requirement
            and each.state == "accepted"
            and each.reviewed_at <= until
            and each.item in alive
            and alive[each.item].process_version == process_version
        )

    def alerts(self, wanted: AlertFilter) -> tuple[Alert, ...]:
        """Alerts, the newest true first."""
        anybody = not wanted.person and not wanted.roles
        found = [
            each
            for each in self.all_of(Alert)
            if wanted.state in ("", each.state)
            and (anybody or (each.person == wanted.person if each.person else each.role in wanted.roles))
        ]
        found.sort(key=lambda each: (each.due_at, each.id), reverse=True)
        return tuple(found[: wanted.limit or None])

    def count_alerts(self, wanted: AlertFilter) -> int:
        """How many alerts match."""
        return len(self.alerts(msgspec.structs.replace(wanted, limit=0)))


def _standing(item: Item) -> Standing:
    return Standing(
        item=item.id,
        number=item.number,
        process_version=item.process_version,
        step=item.step,
        state=item.state,
        cycle=item.cycle,
        since=item.step_since,
        due=item.due,
        owner=item.owner,
        created_by=item.created_by,
        created_at=item.created_at,
        hold=item.hold,
    )
