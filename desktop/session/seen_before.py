"""Whether a vault is at least as new as what this installation has seen of it, and what may happen if it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from desktop.machine import installation
from domain.errors import Refused, UsageProblem
from domain.log.checkpoint import Checkpoint
from domain.log.merkle import Frontier
from domain.log.verdict import Finding
from domain.messages import message
from domain.obstacle import Obstacle

STILL_RECORDED = frozenset(("record_restore", "record_slots"))
"""What may be recorded in a vault that went back, before a person has accepted that it did."""
ACCEPT = message("Nothing is recorded here until a person accepts the older state (`countersign vault accept`).")


def rollback_findings(
    vault: str, checkpoint: Checkpoint, leaves: Callable[[int, int], Iterable[bytes]], proven: Frontier | None = None
) -> tuple[Finding, ...]:
    """Nothing if today's log extends the last one this installation saw; else how it does not.

    `leaves(first, end)` reads leaf hashes. `proven` is the tree over the first entries as this installation has
    proven them: then only leaves behind it are read, and they must lead from it to the log's head.
    """
    seen = installation.remembered_checkpoint(vault)
    if seen is None or (seen.size == checkpoint.size and seen.root == checkpoint.root):
        return ()
    if seen.size > checkpoint.size:
        text = message(
            "This log has {size} entries; this computer has already seen {size_2}.",
            size=checkpoint.size,
            size_2=seen.size,
        )
        return (Finding(kind="rollback", text=text, table="entry", row=str(checkpoint.size)),)
    known = proven if proven is not None and proven.size <= seen.size else Frontier()
    tree = Frontier(known.size, known.roots)
    for leaf in leaves(tree.size, seen.size):
        tree.append(leaf)
    extends = tree.size == seen.size and tree.root() == seen.root
    if extends and known.size:
        for leaf in leaves(seen.size, checkpoint.size):
            tree.append(leaf)
        extends = tree.root() == checkpoint.root
    if not extends:
        text = message("The first {size} entries are not those this computer has seen.", size=seen.size)
        return (Finding(kind="fork", text=text, table="entry"),)
    return ()


def older_state(
    vault: str, stands: Checkpoint, found: tuple[Finding, ...], *, source: str, reason: str
) -> dict[str, Any]:
    """What is recorded of going on from an older state: where it stands, what was seen here, and why.

    Raises:
        UsageProblem: it is not older than what was seen here, and not restored either.
    """
    if not source and not found:
        raise UsageProblem(
            message("This vault is not older than what this computer has seen."),
            remedy=message("There is nothing to accept."),
        )
    return {
        "source": source,
        "entries": stands.size,
        "root": stands.root.hex(),
        "seen": installation.remembered_note(vault) if found else "",
        "reason": reason,
        "device": installation.device_id(),
    }


def rolled_back(finding: Finding, act: str) -> Refused:
    """The refusal of an act in a vault that went back and was not accepted."""
    remedy = message(
        "Use the newest copy of the vault; or accept the older state with a reason: `countersign vault accept`."
    )
    obstacle = Obstacle(
        rule="log.rolled_back", text=finding.text, remedy=remedy, responsible=message("whoever can unlock it")
    )
    return Refused(finding.text, (obstacle,), where=act)
