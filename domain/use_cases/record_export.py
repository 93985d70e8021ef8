"""Record that data left the vault as a file."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.identity import iso
from domain.items.oversight import Export
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record


def record_export(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    kind: str,
    name: str,
    sha256: str,
    size: int,
    purpose: str = "",
) -> Act:
    """Write down what was exported, under which file name, with which hash. Whoever may read may export.

    Raises:
        UsageProblem: the name or the purpose cannot be kept on record.
    """
    must_be_text(name, purpose)
    record = Export(
        id=new_id(), kind=kind, name=name, sha256=sha256, size=size, purpose=purpose, at=iso(by.at), by=by.person
    )
    return Act(
        name="record_export", changes=(new_record("export", record),), subject=register.vault().id, reason=purpose
    )
