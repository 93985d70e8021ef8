"""Say that alerts were seen."""

from __future__ import annotations

from collections.abc import Sequence

from domain.act import Act, Actor, Change
from domain.clocks.standing import AlertFilter
from domain.errors import UsageProblem
from domain.gates.clock_attempts import MarkAlertsSeen
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, something_changes


def mark_alert_seen(register: State, *, by: Actor, alerts: Sequence[str]) -> Act:
    """Whoever an alert is for has seen it; for a role, the first of its holders. One act for all of them.

    Raises:
        Refused: an alert is for somebody else. UsageProblem: there is no such alert, or all were seen before.
    """
    asked = set(alerts)
    found = [each for each in register.alerts(AlertFilter()) if each.id in asked]
    missing = asked - {each.id for each in found}
    if missing:
        raise UsageProblem(f"There is no alert {min(missing)!r} here.", cure="List the alerts to see their ids.")
    must_be_allowed(MarkAlertsSeen(alerts=tuple(found)), gather_vault(register, by), "mark these alerts as seen")
    before = {"state": "open", "seen_by": "", "seen_at": ""}
    after = {"state": "seen", "seen_by": by.person, "seen_at": iso(by.at)}
    changes = tuple(Change("alert", each.id, before, after) for each in found if each.state == "open")
    return Act(
        name="mark_alert_seen",
        changes=something_changes(changes, "alerts"),
        role="" if any(each.person for each in found) else found[0].role,
        subject=register.vault().id,
    )
