"""The part of the register that clocks read: `domain.calendar.watched.WatchedRegister` over the store's connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine

from desktop.store import watch_queries
from desktop.store.engine import without_transaction
from desktop.store.register_queries import with_field
from desktop.store.statements import Kept
from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop
from domain.records.governance import Alert, Link
from domain.records.item import Evidence
from domain.records.registry import RECORDS

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class WatchRegister(ABC):
    """Questions about many items at once, answered by the database."""

    _engine: Engine

    @abstractmethod
    def _rows(self, question: Kept, *values: Any) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def _records(self, record: str, question: Kept, *values: Any) -> tuple[Any, ...]: ...

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
        return self._records(record, watch_queries.waiting(record))

    def ended_blockers(self) -> tuple[tuple[Link, str], ...]:
        """Links in force to closed and cancelled items that open and held ones wait by."""
        rows = self._rows(watch_queries.ENDED_BLOCKERS)
        return tuple((self._records("link", with_field("link", "id"), id_)[0], state) for id_, state in rows)

    def accepted_evidence(self, process_version: str, requirement: str, until: str) -> tuple[Evidence, ...]:
        """Accepted evidence of open and held items for a requirement, from before a moment."""
        asked = watch_queries.ACCEPTED_EVIDENCE
        return self._records("evidence", asked, requirement, until, process_version)

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        with without_transaction(self._engine) as connection:
            return watch_queries.known_keys(connection, keys)

    def alerts_by_id(self, alerts: Sequence[str]) -> tuple[Alert, ...]:
        """Those of these alerts that are on record."""
        asked = with_field("alert", "id")
        return tuple(each for id_ in sorted(set(alerts)) for each in self._records("alert", asked, id_))

    def alerts(self, wanted: AlertFilter) -> tuple[Alert, ...]:
        """Alerts, the newest true first."""
        asked, values = watch_queries.alerts(wanted)
        return self._records("alert", asked, *values)

    def count_alerts(self, wanted: AlertFilter) -> int:
        """How many alerts match."""
        asked, values = watch_queries.count_of_alerts(wanted)
        return int(self._rows(asked, *values)[0][0])
