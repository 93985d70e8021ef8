"""Record the certificate of a restore drill: a backup was restored elsewhere, proven and thrown away."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.identity import iso
from domain.items.copies import RestoreDrill
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record


def record_drill(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    source: str,
    made_at: str,
    entries: int,
    root: str,
    files: int,
    problem: str,
    device: str,
) -> Act:
    """Keep what the drill found; a failed one (`problem` says why) is on record like one that went well."""
    must_be_text(problem)
    record = RestoreDrill(
        id=new_id(),
        source=source,
        made_at=made_at,
        entries=entries,
        root=root,
        files=files,
        outcome="failed" if problem else "restored",
        problem=problem,
        at=iso(by.at),
        by=by.person,
        device=device,
    )
    return Act(name="record_drill", changes=(new_record("restore_drill", record),), subject=register.vault().id)
