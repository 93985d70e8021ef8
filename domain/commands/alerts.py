"""Commands about alerts: put on record the alerts raised, and say that it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from domain.act import Act, Change
from domain.calendar.escalation import TrueAlert
from domain.commands.changing import must_change, new_record
from domain.commands.command import Case, Command
from domain.errors import UsageProblem
from domain.identity import iso, parse_iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.governance import Alert
from domain.rules.alert_scan import NothingToRaise
from domain.rules.alerts_of_item import item_alerts, mandate_alerts
from domain.rules.clock_rules import seen_obstacles
from domain.rules.passed_obstacles import verdict_on
from domain.rules.verdict import GateVerdict


class Raised(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An alert as a command names it, written [key, instant, item]: its key (see `alert_key` in
    `domain.calendar.escalation`), the moment it was raised (ISO) and the id of its item ("" = a mandate's).
    """

    key: str
    at: str
    item: str


class RaiseAlerts(Command, frozen=True, kw_only=True):
    """Put on record that alerts have are raised, each with its true time, as one act.

    `alerts` are named by whoever computed them (`domain.rules.alert_scan.Scan`); each is computed again here, and
    whether they are all there are is not stated. What was raised before `running_since` (ISO instant from which the
    program has been open) is raised late. Whoever is active may raise alerts.
    """

    alerts: tuple[Raised, ...]
    running_since: str

    @classmethod
    def of(cls, found: Iterable[TrueAlert], *, running_since: str) -> RaiseAlerts:
        """The command that raises these alerts."""
        named = tuple(Raised(each.key, iso(each.at), each.item) for each in found)
        return cls(alerts=named, running_since=running_since)

    def judge(self, case: Case) -> GateVerdict:
        if not self.alerts:
            raise NothingToRaise(message("alerts.there_is_no_new"), remedy=message("alerts.there_is_nothing_to"))
        if not _is_instant(self.running_since):
            text = message("alerts.is_not_an_instant", running_since=self.running_since)
            raise UsageProblem(text, where="running_since", remedy=message("alerts.give_it_as_t"))
        if len({each.key for each in self.alerts}) < len(self.alerts):
            raise UsageProblem(
                message("alerts.an_alert_is_named"), where="alerts", remedy=message("alerts.name_each_alert_once")
            )
        return verdict_on(case.vault_facts(), self._against(case))

    def _against(self, case: Case) -> Iterator[Obstacle]:
        true = self._true(case)
        known = case.state.known_alerts(tuple(each.key for each in self.alerts))
        for each in self.alerts:
            found = true.get(each)
            if found is None or found.at > case.by.at:
                text = message("alert.untrue.text", key=each.key, at=each.at)
                yield _wrong(case, "alert.untrue", text, message("alert.untrue.remedy"), each)
            elif each.key in known:
                yield _wrong(
                    case, "alert.known", message("alert.known.text", key=each.key), message("alert.known.remedy"), each
                )

    def _true(self, case: Case) -> dict[Raised, TrueAlert]:
        """The alerts that there are, of the items and conditions that the command names."""
        found: dict[Raised, TrueAlert] = {}
        for item, condition in dict.fromkeys((each.item, each.key.partition("|")[0]) for each in self.alerts):
            alerts = item_alerts(case.state, item, case.by, condition) if item else mandate_alerts(case.state)
            for each in alerts:
                found[Raised(each.key, iso(each.at), each.item)] = each
        return found

    def decide(self, case: Case) -> Act:
        true, raised_at = self._true(case), iso(case.by.at)
        changes = []
        for each in self.alerts:
            found = true[each]
            alert = Alert(
                id=case.new_id(),
                key=found.key,
                item=found.item,
                condition=found.condition,
                escalation_level=found.escalation_level,
                role=found.role,
                person=found.person,
                text=found.text,
                due_at=each.at,
                raised_at=raised_at,
                late="yes" if each.at < self.running_since else "no",
                state="open",
                seen_by="",
                seen_at="",
            )
            changes.append(new_record("alert", alert))
        return self.act(*changes, subject=case.state.vault().id)


class MarkAlertSeen(Command, frozen=True, kw_only=True):
    """Say that alerts (their ids) were seen, by whoever each is for; for a role, by the first of its holders."""

    alerts: tuple[str, ...]

    def judge(self, case: Case) -> GateVerdict:
        facts = case.vault_facts()
        return verdict_on(facts, seen_obstacles(facts, self._alerts(case)))

    def _alerts(self, case: Case) -> tuple[Alert, ...]:
        """The alerts in the order named, each once."""
        found = {each.id: each for each in case.state.alerts_by_id(self.alerts)}
        missing = set(self.alerts) - set(found)
        if missing:
            raise UsageProblem(
                message("alerts.there_is_no_alert", missing=min(missing)), remedy=message("alerts.list_the_alerts_to")
            )
        return tuple(found[each] for each in dict.fromkeys(self.alerts))

    def decide(self, case: Case) -> Act:
        found = self._alerts(case)
        before = {"state": "open", "seen_by": "", "seen_at": ""}
        after = {"state": "seen", "seen_by": case.by.person, "seen_at": iso(case.by.at)}
        changes = must_change(
            (Change("alert", each.id, before, after) for each in found if each.state == "open"), "alerts"
        )
        role = "" if any(each.person for each in found) else found[0].role
        return self.act(*changes, role=role, subject=case.state.vault().id)


def _wrong(case: Case, rule: str, text: str, remedy: str, about: Raised) -> Obstacle:
    return Obstacle(rule=rule, text=text, remedy=remedy, responsible=case.by.name, about=about.key)


def _is_instant(text: str) -> bool:
    try:
        return iso(parse_iso(text)) == text
    except ValueError:
        return False
