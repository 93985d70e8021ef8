"""Attempts about the clocks of a site: its calendar, and the alerts that the clocks raise."""

from __future__ import annotations

import msgspec

from domain.items.governance import Alert, Calendar


class SetCalendar(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt", tag="set_calendar"):
    """Set the working time of the site."""

    calendar: Calendar


class RaiseAlerts(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt", tag="raise_alerts"):
    """Put on record what has come true."""


class MarkAlertsSeen(msgspec.Struct, frozen=True, kw_only=True, tag_field="attempt", tag="mark_alert_seen"):
    """Say that alerts were seen."""

    alerts: tuple[Alert, ...]


ClockAttempt = SetCalendar | RaiseAlerts | MarkAlertsSeen
