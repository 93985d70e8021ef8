"""Where open work stands, in the few values that clocks need: read in bulk, without opening every item."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One open or held item. `since` is when it came to its step; instants are ISO UTC text, `due` an ISO day."""

    item: str
    number: str
    process_version: str
    step: str
    state: str
    cycle: int
    since: str
    due: str
    owner: str
    created_by: str
    created_at: str
    hold: dict[str, Any] | None


class StandingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which open and held items. Empty = any; `since_until` and `due_until` are included.

    `unraised` leaves out the items for which an alert of this key is on record already: the key's beginning, see
    `domain.calendar.escalation.alert_key`; `moment` is what ends such a key.
    """

    process_version: str = ""
    step: str = ""
    state: Literal["", "open", "on_hold"] = ""
    since_until: str = ""
    due_until: str = ""
    cycle_from: int = 0
    items: tuple[str, ...] = ()
    unraised: str = ""
    moment: Literal["since", "due", "cycle"] = "since"


class Stop(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A time during which an item's clock stood; `until` "" = it still does."""

    item: str
    since: str
    until: str


class AlertFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts, newest first: for this person or one of these roles (both empty = for anybody).

    `limit` 0 = all.
    """

    person: str = ""
    roles: tuple[str, ...] = ()
    state: Literal["", "open", "seen"] = ""
    limit: int = 0
