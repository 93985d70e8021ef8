"""New ids: UUIDv7 in the order they were asked for, also thousands within one millisecond."""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from domain.identity import uuid7

_COUNTER_BITS = 12


def id_maker(at: datetime) -> Callable[[], str]:
    """A function that gives ever larger ids, starting at the instant `at`.

    The 12 bits behind the milliseconds count (RFC 9562, section 6.2, method 1); when they overflow the
    milliseconds move on, so that ids stay in order.
    """
    count = -1

    def new_id() -> str:
        nonlocal count
        count += 1
        moment = at + timedelta(milliseconds=count >> _COUNTER_BITS)
        counter = count & ((1 << _COUNTER_BITS) - 1)
        return uuid7(moment, (counter << 62) | secrets.randbits(62))

    return new_id


def asks_for_ids(use_case: Callable[..., Any]) -> bool:
    """Whether a use case has a parameter `new_id`: it makes records."""
    code = getattr(use_case, "__code__", None)
    if code is None:
        return "new_id" in inspect.signature(use_case).parameters
    return "new_id" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
