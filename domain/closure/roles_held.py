"""Whether signers held the role they signed in, at the moment they signed, by the role records shown.

A pack can show that a role was granted. That it was not taken away before is shown by the vault's own
verification only, since an entry that is not about the item could be missing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.act import Values
from domain.closure.standard import gate_words
from domain.process.definition import RELATIONS, ProcessVersion

Records = Mapping[str, Mapping[str, Values]]


def roles_not_held(records: Records, process: ProcessVersion, item: str) -> Iterator[str]:
    """A sentence for each signature of this item whose signer is not shown to have held its role."""
    for values in _of(records, "approval", item):
        gate = process.gate(str(values.get("gate", "")))
        levels = gate.approvals if gate else ()
        level = next((each for each in levels if each.level == values.get("level")), None)
        title = gate_words(process, str(values.get("gate", "")))
        if level is None:
            yield f"an approval at {title}, level {values.get('level')}, which the process does not have"
        elif values.get("role") != level.role:
            yield f"an approval at {title} as {values.get('role')}, where {level.role} is asked"
        elif not _held_or_lent(records, values, level.role):
            yield f"{values.get('person')} signed at {title} without being shown to hold {level.role}"
    for values in _of(records, "closure", item):
        role = str(values.get("role", ""))
        if not _held(records, values.get("closed_by"), role, str(values.get("closed_at", ""))):
            yield f"{values.get('closed_by')} closed without being shown to hold {role}"


def _held_or_lent(records: Records, approval: Values, role: str) -> bool:
    """Whether the signer held the role, or signed under a mandate of somebody who did."""
    at, mandate = str(approval.get("given_at", "")), str(approval.get("mandate") or "")
    if not mandate:
        return _held(records, approval.get("person"), role, at)
    lent = records.get("mandate", {}).get(mandate, {})
    days = str(lent.get("first_day", "")) <= at[:10] <= str(lent.get("last_day", ""))
    stood = not lent.get("revoked_at") or at < str(lent.get("revoked_at"))
    theirs = (lent.get("deputy"), lent.get("role")) == (approval.get("person"), role)
    return theirs and days and stood and _held(records, lent.get("giver"), role, at)


def _of(records: Records, record: str, item: str) -> Iterator[Values]:
    table = records.get(record, {})
    for id_ in sorted(table):
        if table[id_].get("item") == item:
            yield table[id_]


def _held(records: Records, person: object, role: str, at: str) -> bool:
    if role in RELATIONS:
        return True  # a person's place in the item, which the closure standard looks at
    return any(
        held.get("person") == person
        and held.get("role") == role
        and str(held.get("valid_from", "")) <= at
        and (not held.get("valid_until") or at < str(held.get("valid_until")))
        for held in records.get("person_role", {}).values()
    )
