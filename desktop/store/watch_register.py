"""The part of the register that clocks read: `domain.calendar.watched.WatchedRegister` over the store's connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine

from desktop.store import watch_queries
from desktop.store.engine import without_transaction
from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop
from domain.records.governance import Alert, Link
from domain.records.item import Evidence
from domain.records.registry import RECORDS

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class WatchRegister(ABC):
    """Questions about many items at once, answered in SQL."""

    _engine: Engine

    @abstractmethod
    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def _records(self, record: str, tail: str = "", *values: Any) -> tuple[Any, ...]: ...

    def standing(self, wanted: StandingFilter) -> tuple[Standing, ...]:
        """Open and held items as clocks need them."""
        with without_transaction(self._engine) as connection:
            return watch_queries.standing(connection, wanted)

    def stops(self) -> Mapping[str, tuple[Stop, ...]]:
        """What stopped the clocks of open and held items, by item."""
        with without_transaction(self._engine) as connection:
            return watch_queries.stops(connection)

    def waiting(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Records of a kind that wait, oldest first."""
        record = next(name for name, struct in RECORDS.items() if struct is kind)
        return self._records(record, f"WHERE {watch_queries.WAITING[record]} ORDER BY id")

    def ended_blockers(self) -> tuple[tuple[Link, str], ...]:
        """Links in force to closed and cancelled items that open and held ones wait by."""
        rows = self._rows(
            "SELECT link.id, other.state FROM link JOIN item AS other ON other.id = link.other "
            f"JOIN item ON item.id = link.item AND item.{watch_queries.ALIVE} "
            "WHERE link.kind = 'blocked_by' AND link.state = 'in_force' AND other.state IN ('closed', 'cancelled')"
        )
        return tuple((self._records("link", "WHERE id = ?", id_)[0], state) for id_, state in rows)

    def accepted_evidence(self, process_version: str, requirement: str, until: str) -> tuple[Evidence, ...]:
        """Accepted evidence of open and held items for a requirement, from before a moment."""
        return self._records(
            "evidence",
            "WHERE requirement = ? AND state = 'accepted' AND reviewed_at <= ? AND item IN "
            f"(SELECT id FROM item WHERE process_version = ? AND {watch_queries.ALIVE}) ORDER BY id",
            requirement,
            until,
            process_version,
        )

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        with without_transaction(self._engine) as connection:
            return watch_queries.known_keys(connection, keys)

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts that are on record."""
        found: list[Alert] = []
        for some in watch_queries.chunks(tuple(dict.fromkeys(alerts))):
            found += self._records("alert", f"WHERE id IN ({', '.join('?' * len(some))}) ORDER BY id", *some)
        return tuple(found)

    def alerts(self, wanted: AlertFilter) -> tuple[Alert, ...]:
        """Alerts, the newest true first."""
        where, values = watch_queries.alerts_tail(wanted)
        limit = f" LIMIT {wanted.limit:d}" if wanted.limit else ""
        return self._records("alert", f"{where} ORDER BY due_at DESC, id DESC{limit}", *values)

    def count_alerts(self, wanted: AlertFilter) -> int:
        """How many alerts match."""
        where, values = watch_queries.alerts_tail(wanted)
        return int(self._rows(f"SELECT count(*) FROM alert {where}", *values)[0][0])
