"""What an open vault does about time: `domain.calendar.watched.CalendarService` over the use cases and the printers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from desktop.machine.clock import now
from desktop.machine.zone_offsets import zone_offsets
from desktop.session import public_holidays
from desktop.session.session import Session
from domain.commands.alerts import RaiseAlerts
from domain.identity import iso
from domain.messages import message
from domain.metrics.digest import digest_of
from domain.records.governance import ZoneOffset
from domain.rules.alert_scan import Scan
from domain.rules.judged_alone import Unjudged
from domain.table_report import TableReport


class CalendarService:
    """Implements `domain.calendar.watched.CalendarService` for one open vault; `print_report` makes a PDF of tables."""

    def __init__(self, vault: Session, *, print_report: Callable[[TableReport], bytes]) -> None:
        self._vault = vault
        self._print_report = print_report
        self._running_since = iso(now())
        self._named: set[str] = set()

    def raise_alerts(self) -> int:
        """Put on record the alerts raised; how many."""
        if not self._vault.takes_acts:
            return 0
        scan = Scan(self._vault.register, self._vault.actor())
        found = scan.alerts()
        self._name(scan.unjudged)
        if found:
            self._vault.perform(RaiseAlerts.of(found, running_since=self._running_since))
        return len(found)

    def _name(self, unjudged: Sequence[Unjudged]) -> None:
        """Say of an item or another thing, once while the vault is open, that no alert is computed for it."""
        for each in unjudged:
            if each.id not in self._named:
                self._named.add(each.id)
                name = each.number or each.id
                self._vault.notice(
                    message("No alerts are raised for {name}: it could not be judged ({why}).", name=name, why=each.why)
                )

    def digest(self, kind: str) -> bytes:
        """The digest of the person who has the vault open."""
        from desktop.documents.digest_files import digest_file  # noqa: PLC0415 (it is slow to import and not needed for reading)

        register = self._vault.register
        found = digest_of(register, by=self._vault.actor())
        return digest_file(found, kind, vault=register.vault().id, print_report=self._print_report)

    def countries(self) -> Mapping[str, tuple[str, ...]]:
        """Countries whose public holidays are known."""
        return public_holidays.countries()

    def zone_offsets(self, zone: str) -> list[ZoneOffset]:
        """What the clocks of a time zone show, by this computer's time zone database."""
        return zone_offsets(zone)

    def public_holidays(self, country: str, subdivision: str, years: Sequence[int]) -> list[list[str]]:
        """Public holidays as days with names."""
        return public_holidays.public_holidays(country, subdivision, years)
