"""Why a command is refused: the rule, what helps, and who can; and what passes it for a while."""

from __future__ import annotations

from typing import Literal

import msgspec


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a gate refuses.

    `rule` is a stable id such as "evidence.missing"; `text` says what stands in the way and by which process
    version; `remedy` what to do; `responsible` names the people, or the role when nobody holds it, who can do it.
    `about` is what it concerns, where that can be described apart: a field, a requirement, a link's id.
    """

    rule: str
    text: str
    remedy: str
    responsible: str = ""
    about: str = ""


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """An obstacle that does not stand today, and what passes it: an exception item or a risk acceptance, until a day
    (ISO).

    `by` is the exception item's or the risk acceptance's id, `number` the exception's number.
    """

    rule: str
    about: str
    text: str
    kind: Literal["exception", "risk_acceptance"]
    by: str
    number: str
    until: str
