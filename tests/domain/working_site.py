"""A site with a process that watches its clocks, and hands that put records in place as other acts do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
from memory_register import MemoryVault

from domain.act import Change
from domain.commands.alerts import RaiseAlerts
from domain.commands.changing import new_record
from domain.commands.items import CreateItem
from domain.identity import iso
from domain.records.governance import Alert
from domain.rules.alert_scan import NothingToRaise, Scan

PROCESS: dict[str, Any] = {
    "id": "purchase",
    "version": 1,
    "title": "Purchase",
    "objective": "Buy what is needed.",
    "scope": "Everything bought.",
    "owner_role": "operations",
    "numbering": {"prefix": "PU"},
    "roles": [{"id": role, "title": role.title()} for role in ("operations", "procurement", "board")],
    "steps": [
        {"id": "asked", "title": "Asked", "responsible": "operations", "accountable": "operations", "sla_days": 2},
        {
            "id": "offered",
            "title": "Offered",
            "responsible": "procurement",
            "accountable": "operations",
            "sla_days": 1,
            "handoff_accepted": True,
            "handoff_hours": 8,
            "escalation_contact": "board",
        },
        {"id": "closed", "title": "Closed", "responsible": "operations", "accountable": "operations"},
    ],
    "transitions": [
        {"from": "asked", "to": "offered", "title": "Offer"},
        {
            "from": "offered",
            "to": "closed",
            "title": "Close",
        },
    ],
    "rights": [
        {"verb": verb, "roles": ["operations", "owner"]} for verb in ("create", "edit", "assign", "move", "close")
    ],
    "evidence": [{"id": "quote", "title": "Quote", "reviewer_role": "procurement", "expires_after_days": 10}],
    "hold": {"roles": ["operations"]},
    "cancel": {"roles": ["operations"], "meaning": "I cancel."},
    "reopen": {"roles": ["operations"], "meaning": "I reopen.", "step": "asked"},
    "closure": {
        "step": "closed",
        "meaning": "Done.",
        "outcomes": [{"outcome": "reached", "title": "Reached"}],
        "gate": {
            "approvals": [
                {"level": 1, "role": "board", "meaning": "Paid.", "deadline_days": 2, "separate_from": []},
            ]
        },
    },
    "escalation": [
        {"at_percent": 75, "role": "operations", "text": "Three quarters."},
        {"at_percent": 100, "role": "operations", "text": "Overdue."},
        {"at_percent": 100, "days_after": 2, "role": "board", "text": "Two days overdue."},
    ],
    "alerts": [
        {"id": "hold", "text": "Look at the hold.", "role": "operations", "when": "hold_review"},
        {"id": "approval", "text": "A signature is late.", "role": "operations", "when": "approval_late"},
        {"id": "obligation", "text": "An obligation is late.", "role": "operations", "when": "obligation_late"},
        {"id": "free", "text": "It goes on.", "role": "owner", "when": "unblocked"},
        {"id": "gone", "text": "Decide anew.", "role": "owner", "when": "blocker_cancelled"},
        {
            "id": "risk",
            "text": "The risk acceptance ends.",
            "role": "board",
            "when": "risk_acceptance_ending",
            "number": 14,
        },
        {"id": "cycle", "text": "Third cycle.", "role": "board", "when": "cycle", "number": 3},
        {"id": "due", "text": "Due soon.", "role": "owner", "when": "due", "number": 3},
        {"id": "handoff", "text": "Nobody takes it.", "role": "operations", "when": "handoff_late"},
        {"id": "question", "text": "No answer.", "role": "board", "when": "question_open", "number": 2},
        {"id": "quote", "text": "The quote ends.", "role": "operations", "when": "evidence_ending", "number": 2},
    ],
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Site(MemoryVault):
    """A vault with one process, and hands that put records in place as the use cases of other acts do."""

    def __init__(self) -> None:
        super().__init__(json.dumps(PROCESS))
        for name, roles in {"Olga": ("operations",), "Paul": ("procurement",), "Bea": ("board",)}.items():
            self.enrol(name, roles)
        self.now = at("2026-11-02 09:00")
        self.item = self.do(CreateItem, "Olga", process="purchase", fields={"title": "Steel"}).header.subject

    def put(self, record: str, value: msgspec.Struct) -> None:
        change = new_record(record, value)
        self.register.apply(change)

    def change(self, record: str, id_: str, **after: Any) -> None:
        row = next(each for each in self.register.rows(record) if each["id"] == id_)
        change = Change(record, id_, {name: row[name] for name in after}, after)
        self.register.apply(change)

    def raised(self, moment: str, *, since: str = "2026-11-02 00:00") -> list[Alert]:
        self.now = at(moment)
        before = {each.id for each in self.register.all_of(Alert)}
        try:
            found = Scan(self.register, self.actor("Olga")).alerts()
            self.perform(RaiseAlerts.of(found, running_since=iso(at(since))), "Olga")
        except NothingToRaise:
            return []
        return [each for each in self.register.all_of(Alert) if each.id not in before]
