"""Inspection: a vault in which damage was found, or that is only looked into, is read and never written."""

from __future__ import annotations

from domain.errors import Damaged, Refused
from domain.log.entry import is_known_law, newest_law
from domain.log.verdict import Finding
from domain.messages import message
from domain.obstacle import Obstacle
from domain.rules.law_rules import law_in_force
from domain.state import State

ASKED = message("This vault was opened for inspection: nothing is recorded.")
_MOST_SHOWN = 3


def why_of(findings: tuple[Finding, ...]) -> str:
    """Why nothing may be written, from what opening found."""
    return message("This vault does not prove what it shows: {text}", text=findings[0].text)


def unknown_law(state: State) -> str:
    """Why a vault is only read whose log goes by rules of a newer program; "" when they are known. A damaged head is
    named by the verification.
    """
    try:
        law = law_in_force(state)
    except Damaged:
        return ""
    if is_known_law(law):
        return ""
    return message(
        "This vault goes by law {law}, which a newer Countersign brought; this one knows up to {newest_law}. It is "
        "open for reading only.",
        law=law,
        newest_law=newest_law(),
    )


def notices_of(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """What a person is reported at unlocking of a damaged vault."""
    more = len(findings) - _MOST_SHOWN
    shown = tuple(f"{_place(found)}{found.text}" for found in findings[:_MOST_SHOWN])
    rest = (message("and {more} more findings", more=more),) if more > 0 else ()
    return (
        *shown,
        *rest,
        message(
            "The vault is open for inspection only: read, verify the log (countersign log verify), restore a backup."
        ),
    )


def _place(found: Finding) -> str:
    parts = [part for part in (found.table, found.row, found.field) if part]
    return f"[{' '.join(parts)}] " if parts else ""


def refusal(why: str, *, act: str, person: str) -> Refused:
    """The refusal of any act in a vault under inspection; it is not recorded either."""
    remedy = message(
        "Verify the log to see what holds, keep this copy for investigation, and restore the newest good backup."
    )
    obstacle = Obstacle(rule="vault.inspection", text=why, remedy=remedy, responsible=person)
    return Refused(why, (obstacle,), where=act)
