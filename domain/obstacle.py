"""Why a command is refused: the rule, what helps, and who can; and what passes it for a while."""

from __future__ import annotations

from typing import Literal

import msgspec


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a gate refuses.

    `rule` is a stable id such as "evidence.missing"; `text` says what stands in the way and by which process
    version; `cure` what to do; `who` names the people, or the role when nobody holds it, who can do it. `about` is
    what it concerns, where that can be told apart: a field, a requirement, a link's id.
    """

    rule: str
    text: str
    cure: str
    who: str = ""
    about: str = ""


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """An obstacle that does not stand today, and what passes it: an exception item or a waiver, until a day (ISO).

    `by` is the exception item's or the waiver's id, `number` the exception's number.
    """

    rule: str
    about: str
    text: str
    kind: Literal["exception", "waiver"]
    by: str
    number: str
    until: str
