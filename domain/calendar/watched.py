"""What clocks ask of the register and of an open vault: parts of `domain.ports.Register` and `Session`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from domain.calendar.standing import AlertFilter, Standing, StandingFilter, Stop
from domain.records.governance import Alert, Link, ZoneOffset
from domain.records.item import Evidence

Kind = TypeVar("Kind", bound=msgspec.Struct)


class WatchedRegister(Protocol):
    """The register as clocks see it."""

    def standing(self, wanted: StandingFilter) -> tuple[Standing, ...]:
        """Open and held items as clocks need them; those that came to their step first come first."""
        ...

    def stops(self) -> Mapping[str, tuple[Stop, ...]]:
        """What stopped the clocks of open and held items since they came to their steps, by item."""
        ...

    def waiting(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Handoffs offered, obligations open, risk acceptances in force, questions unanswered."""
        ...

    def ended_blockers(self) -> tuple[tuple[Link, str], ...]:
        """Links in force by which open or held items wait for one that is closed or cancelled, with that state."""
        ...

    def accepted_evidence(self, process_version: str, requirement: str, until: str) -> tuple[Evidence, ...]:
        """Evidence of open and held items accepted at `until` (ISO instant) or before."""
        ...

    def known_alerts(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are on record."""
        ...

    def alerts(self, wanted: AlertFilter) -> tuple[Alert, ...]:
        """Alerts that match, the newest true first."""
        ...

    def count_alerts(self, wanted: AlertFilter) -> int:
        """How many alerts match."""
        ...


class CalendarService(Protocol):
    """What an open vault does about time: alerts, their files, holidays of countries."""

    def raise_alerts(self) -> int:
        """Put on record the alerts raised, marked late if that was before this vault was opened here; how many.

        0 where nothing is recorded.
        """
        ...

    def digest(self, kind: str) -> bytes:
        """The digest of the person who has the vault open: pdf, ics, eml or txt."""
        ...

    def countries(self) -> Mapping[str, tuple[str, ...]]:
        """Countries whose public holidays are known, each with its subdivisions, by their codes."""
        ...

    def zone_offsets(self, zone: str) -> list[ZoneOffset]:
        """What the clocks of a time zone show, for the calendar of the site.

        Raises:
            UsageProblem: this computer knows no zone of that name.
        """
        ...

    def public_holidays(self, country: str, subdivision: str, years: Sequence[int]) -> list[list[str]]:
        """[[ISO day, name], ...] of these years."""
        ...


class WatchedVault(Protocol):
    """An open vault as clocks see it."""

    @property
    def clocks(self) -> CalendarService:
        """What the vault does about time."""
        ...
