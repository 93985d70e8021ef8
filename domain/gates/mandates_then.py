"""What replay asks of mandates and of what was signed under them, of the signed records alone.

A mandate is given by its giver, of a role the giver holds then, for days to come; it only ever ends. An entry under a
mandate is by its deputy, on one of its days, in its role and scope, while the giver still holds the role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from domain.gates.reset_rules import Misdeed
from domain.items.governance import Mandate
from domain.log.entry import Header

Holds = Callable[[str, str, str], bool]
"""holds(person, role, instant)"""


class SignatureThen(msgspec.Struct, frozen=True):
    """What an approval that an entry brings in says of its signer."""

    id: str
    person: str
    role: str
    mandate: str


def judge_mandate(
    before: Mandate | None, after: Mandate, header: Header, *, holds: Holds, administrator: bool
) -> Iterator[Misdeed]:
    """What an entry does to a mandate that no rule allows. That only its end may change is looked at elsewhere."""
    if before is None:
        yield from _judge_new(after, header, holds)
    elif before.state != "given" or after.state != "revoked":
        yield _misdeed(after, "state", "changes a mandate that had ended, or brings one back.")
    elif after.revoked_by != header.by or after.revoked_at != header.at:
        yield _misdeed(after, "revoked_by", f"ends a mandate in the name of {after.revoked_by}, or at another time.")
    elif header.by != after.giver and not administrator:
        yield _misdeed(after, "revoked_by", f"ends the mandate of {after.giver}.")


def _judge_new(mandate: Mandate, header: Header, holds: Holds) -> Iterator[Misdeed]:
    if mandate.giver != header.by:
        yield _misdeed(mandate, "giver", f"gives a mandate in the name of {mandate.giver}.")
    if mandate.deputy == mandate.giver:
        yield _misdeed(mandate, "deputy", "makes somebody their own deputy.")
    if not holds(mandate.giver, mandate.role, header.at):
        yield _misdeed(mandate, "role", f"lends {mandate.role}, a role its giver did not hold at {header.at}.")
    if not header.at[:10] <= mandate.first_day <= mandate.last_day:
        yield _misdeed(mandate, "first_day", f"gives a mandate from {mandate.first_day} to {mandate.last_day}.")
    if mandate.state != "given" or header.auth != "passphrase" or not header.meaning:
        yield _misdeed(mandate, "state", "gives a mandate without a signature for it.")


def mandate_carries(mandate: Mandate | None, header: Header, *, severity: str, holds: Holds) -> bool:
    """Whether an entry under this mandate could be made in its role, on an item of this severity."""
    if mandate is None or (mandate.deputy, mandate.role) != (header.by, header.role):
        return False
    process = header.process_version.partition("@")[0]
    return (
        mandate.first_day <= header.at[:10] <= mandate.last_day
        and (mandate.state == "given" or header.at < mandate.revoked_at)
        and mandate.process in ("", process)
        and (not mandate.severities or severity in mandate.severities)
        and holds(mandate.giver, mandate.role, header.at)
    )


def judge_signature(signed: SignatureThen, header: Header, mandates: Mapping[str, Mandate]) -> Iterator[Misdeed]:
    """An approval is by who signs the entry, in its role and under its mandate, and nobody signs for themselves."""
    if (signed.person, signed.role, signed.mandate) != (header.by, header.role, header.mandate):
        text = f"brings in an approval of {signed.person} as {signed.role}, not of its own signer."
        yield Misdeed("approval", signed.id, "person", text)
    if signed.mandate and signed.mandate not in mandates:
        yield Misdeed("approval", signed.id, "mandate", "is signed under a mandate that nobody gave.")


def _misdeed(mandate: Mandate, field: str, text: str) -> Misdeed:
    return Misdeed("mandate", mandate.id, field, text)
