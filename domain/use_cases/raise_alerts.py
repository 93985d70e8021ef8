"""Put on record what people have to hear of."""

from __future__ import annotations

from collections.abc import Callable

from domain.act import Act, Actor
from domain.alerts.scan import NothingToRaise, Scan
from domain.clocks.escalation import TrueAlert
from domain.gates.clock_attempts import RaiseAlerts
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.governance import Alert
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, new_record


def raise_alerts(register: State, *, by: Actor, new_id: Callable[[], str], running_since: str) -> Act:
    """Raise every alert that has come true and is not on record, each with its true time, as one act.

    What came true before `running_since` (ISO instant from which the program has been open) is raised late.

    Raises:
        NothingToRaise: an act without a change proves nothing.
    """
    must_be_allowed(RaiseAlerts(), gather_vault(register, by), "raise alerts")
    found = Scan(register, by).alerts()
    if not found:
        raise NothingToRaise("There is no new alert.", cure="There is nothing to do.")
    return Act(
        name="raise_alerts",
        changes=tuple(
            new_record("alert", _record(each, by, new_id(), late=iso(each.at) < running_since)) for each in found
        ),
        subject=register.vault().id,
    )


def _record(true: TrueAlert, by: Actor, id_: str, *, late: bool) -> Alert:
    return Alert(
        id=id_,
        key=true.key,
        item=true.item,
        condition=true.condition,
        rung=true.rung,
        role=true.role,
        person=true.person,
        text=true.text,
        due_at=iso(true.at),
        raised_at=iso(by.at),
        late="yes" if late else "no",
        state="open",
        seen_by="",
        seen_at="",
    )
