"""Report what an installation noticed while the vault was closed: wrong passphrases (21 CFR 11.300(d))."""

from __future__ import annotations

from collections.abc import Sequence

from domain.act import Act, Actor
from domain.errors import UsageProblem
from domain.items.people import Alarm
from domain.state import State
from domain.use_cases.ruling import new_record


def record_alarm(register: State, *, by: Actor, alarms: Sequence[Alarm]) -> Act:
    """Put the alarms on record; whoever unlocks next reports them, their own included.

    Raises:
        UsageProblem: there is nothing to report.
    """
    if not alarms:
        raise UsageProblem("There is no alarm to record.")
    tries = sum(alarm.count for alarm in alarms)
    locked = sum(alarm.kind == "locked_out" for alarm in alarms)
    added = f" {locked} name(s) locked out." if locked else ""
    return Act(
        name="record_alarm",
        changes=tuple(new_record("alarm", alarm) for alarm in alarms),
        subject=register.vault().id,
        reason=f"{tries} wrong passphrase(s) on this computer since the last report; found by {by.name}.{added}",
    )
