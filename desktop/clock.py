"""The one place that reads this computer's clock. It is not trusted time; packs say so."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC, to the millisecond that is stored."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def zone() -> str:
    """The local offset and where the time came from, such as "+01:00 system clock"."""
    offset = datetime.now().astimezone().strftime("%z")
    return f"{offset[:3]}:{offset[3:5]} system clock"
