"""Record that the log goes on from a copy, and what was given up by it."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.identity import iso
from domain.items.copies import Restore
from domain.state import State
from domain.use_cases.ruling import must_be_text, new_record


def record_restore(
    register: State,
    *,
    by: Actor,
    new_id: Callable[[], str],
    source: str,
    entries: int,
    root: str,
    seen: str,
    reason: str,
    device: str,
) -> Act:
    """The first entry of a restored vault: it tells the copy apart from the vault it was made of.

    Whoever can unlock the copy may say so; without this entry nothing else is recorded in it.

    Raises:
        UsageProblem: newer entries were seen here and no reason is given for going on without them.
    """
    must_be_text(reason)
    if seen and not reason.strip():
        raise UsageProblem(
            "This computer has seen newer entries of this vault; going on without them needs a reason.",
            where="reason",
            cure="Say why the older state is put in use.",
        )
    record = Restore(
        id=new_id(),
        source=source,
        entries=entries,
        root=root,
        seen=seen,
        reason=reason,
        at=iso(by.at),
        by=by.person,
        device=device,
    )
    return Act(
        name="record_restore",
        changes=(new_record("restore", record),),
        subject=register.vault().id,
        reason=reason,
    )
