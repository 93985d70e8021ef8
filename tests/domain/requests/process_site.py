"""A vault with a small process that has every rule of life outside the normal path, and the shipped exception beside
it.

The cast: Olga owns the work (worker), Wim is a worker too; Lea and Leo lead; Rita carries risks; Bo is the board;
Ruth owns rules and Rex asks for exceptions; Ruth and Rita own the process; Quinn is quality.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from memory_register import MemoryVault

from domain.commands.approvals import ApproveItem
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.links import LinkItems
from domain.commands.process_versions import PublishProcess
from domain.errors import Refused
from domain.records.item import Item, ItemFile
from domain.state import ItemFilter

EXCEPTION = Path(__file__).resolve().parents[3] / "resources" / "processes" / "exception.json"
TO_BE_TAKEN = {"handoff_accepted": True}
JUDGED = ["good", "bad"]
CAST = {
    "Olga": ("worker",),
    "Wim": ("worker",),
    "Lea": ("lead",),
    "Leo": ("lead",),
    "Rita": ("risk", "keeper"),
    "Bo": ("board",),
    "Ruth": ("rule_owner", "keeper"),
    "Rex": ("requester",),
    "Ron": ("risk_owner",),
    "Quinn": ("quality",),
}


def definition(**changes: Any) -> str:
    """The process as text, with some of its parts set otherwise."""
    work: dict[str, Any] = {
        "id": "work",
        "version": 1,
        "title": "Work",
        "objective": "Get it done.",
        "scope": "All of it.",
        "owner_role": "keeper",
        "severities": ["low", "high"],
        "roles": [{"id": role, "title": role.capitalize()} for role in ("worker", "lead", "risk", "board", "keeper")],
        "fields": [
            {"id": "plan", "title": "Plan", "kind": "text", "signed": True, "required_at": ["doing"]},
            {"id": "verdict", "title": "Is it good?", "kind": "choice", "choices": JUDGED, "required_at": ["done"]},
            {"id": "residual", "title": "Residual", "kind": "text"},
        ],
        "evidence": [{"id": "proof", "title": "Proof", "reviewer_role": "lead"}],
        "steps": [
            {"id": "asked", "title": "Asked", "responsible": "worker", "accountable": "lead"},
            {"id": "doing", "title": "Doing", "responsible": "owner", "accountable": "lead"},
            {"id": "checking", "title": "Check", "responsible": "lead", "accountable": "lead"} | TO_BE_TAKEN,
            {"id": "done", "title": "Done", "responsible": "lead", "accountable": "lead"},
        ],
        "transitions": [
            {
                "from": "asked",
                "to": "doing",
                "title": "Begin",
                "gate": {
                    "fields": ["owner", "due"],
                    "approvals": [{"level": 1, "role": "lead", "meaning": "I release the plan."}],
                },
            },
            {"from": "doing", "to": "checking", "title": "Hand in", "gate": {"evidence": ["proof"]}},
            {"from": "checking", "to": "done", "title": "Close"},
            {"from": "doing", "to": "asked", "title": "Back", "reason_required": True, "gate": {"unblocked": False}},
            {
                "from": "checking",
                "to": "doing",
                "title": "Not effective",
                "new_cycle": True,
                "reason_required": True,
                "gate": {
                    "unblocked": False,
                    "conditions": [{"field": "verdict", "one_of": ["bad"], "text": "It goes back when it is bad."}],
                },
            },
        ],
        "rights": [
            {"verb": "create", "roles": ["worker", "lead"]},
            {"verb": "import", "roles": ["lead"]},
            {"verb": "edit", "roles": ["worker", "lead", "owner"]},
            {"verb": "assign", "roles": ["lead"]},
            {"verb": "move", "roles": ["owner", "lead"]},
            {"verb": "add_evidence", "roles": ["worker", "owner"]},
            {"verb": "close", "roles": ["lead"]},
            {"verb": "link", "roles": ["lead", "owner"]},
            {"verb": "ask", "roles": ["owner"]},
            {"verb": "migrate", "roles": ["lead"]},
        ],
        "hold": {"roles": ["owner", "lead"], "longest_days": 30},
        "cancel": {
            "roles": ["lead"],
            "meaning": "I end this without its outcome.",
            "reasons": ["duplicate", "not_needed"],
            "requested_by": ["owner"],
            "dispositions": [
                {"id": "actions", "title": "Open actions", "choices": ["dropped", "carried_over"]},
                {"id": "told", "title": "Who was shown"},
            ],
        },
        "reopen": {"roles": ["lead"], "meaning": "It came back.", "step": "doing", "separate_from": ["owner"]},
        "extension": {
            "locked_from": "doing",
            "roles": ["owner"],
            "decided_by": ["lead"],
            "meaning": "I accept the later day.",
            "higher_from": 3,
            "higher_roles": ["board"],
        },
        "change": {"roles": ["owner"], "decided_by": ["lead"], "meaning": "I approve the change."},
        "risk_acceptance": {
            "rules": ["blocked.open", "evidence.missing"],
            "roles": ["risk"],
            "meaning": "I accept this risk.",
            "longest_days": 20,
        },
        "exceptions": {"rules": ["evidence.missing"], "threshold": 3, "within_days": 90},
        "closure": {
            "step": "done",
            "meaning": "It is done.",
            "separate_from": ["owner"],
            "outcomes": [
                {"outcome": "reached", "title": "Good", "conditions": [
                    {"field": "verdict", "one_of": ["good"], "text": "Reached when it is good."}]},
                {"outcome": "partly", "title": "Partly", "fields": ["residual"], "follow_up_item": True},
            ],
            "gate": {"fields": ["owner"], "evidence": ["proof"], "signs": ["residual"]},
        },
        "numbering": {"prefix": "W"},
        "control": {"drafted_by": ["lead"]},
        "alerts": [
            {"id": "freed", "text": "What it waited for is done.", "role": "lead", "when": "unblocked"},
            {"id": "gone", "text": "What it waited for was cancelled.", "role": "lead", "when": "blocker_cancelled"},
            {"id": "again", "text": "It is in its third cycle.", "role": "lead", "when": "cycle", "number": 3},
        ],
    }  # fmt: skip
    whole: dict[str, Any] = deepcopy(work)
    for name, value in changes.items():
        whole[name] = {**whole.get(name, {}), **value} if isinstance(value, dict) else value
    return json.dumps(whole)


class ProcessSite:
    """The vault, and short ways of doing things in it."""

    def __init__(self, **changes: Any) -> None:
        self.vault = MemoryVault(definition(**changes))
        self.vault.do(PublishProcess, "Ada", definition=EXCEPTION.read_text(encoding="utf-8"))
        for name, roles in CAST.items():
            self.vault.enrol(name, roles)
        self.register = self.vault.register

    def do(self, use_case: Any, who: str, item: str, **arguments: Any) -> Any:
        return self.vault.do(use_case, who, item=item, **arguments)

    def refused(self, use_case: Any, who: str, item: str, **arguments: Any) -> set[str]:
        """The rules that refuse it; a refusal changes nothing."""
        before = (self.register.item_file(item), self.register.log_size())
        with pytest.raises(Refused) as refusal:
            self.vault.do(use_case, who, item=item, **arguments)
        assert (self.register.item_file(item), self.register.log_size()) == before
        assert all(each.remedy and each.text for each in refusal.value.obstacles)
        return {each.rule for each in refusal.value.obstacles}

    def item(self, item: str) -> Item:
        return self.register.item(item)

    def file(self, item: str) -> ItemFile:
        return self.register.item_file(item)

    def new(self, title: str = "Fix the pump", owner: str = "Olga", **fields: Any) -> str:
        given = {"title": title, "description": "It leaks.", "severity": "low", "due": "2026-12-01", "plan": "New seal"}
        values = {**given, "owner": self.vault.ids[owner] if owner else "", **fields}
        return str(self.vault.do(CreateItem, "Wim", process="work", fields=values).header.subject)

    def begun(self, **fields: Any) -> str:
        """A new item at "doing"."""
        item = self.new(**fields)
        self.do(ApproveItem, "Lea", item)
        self.do(MoveItem, "Olga", item, step="doing")
        return item

    def blocked(self, item: str, by: str, who: str = "Olga") -> str:
        """Link the item to a blocker; the link's id comes back."""
        self.do(LinkItems, who, item, other=by, kind="blocked_by")
        return self.file(item).links[-1].id

    def verdict(self, item: str, verdict: str) -> None:
        self.do(EditItem, "Lea", item, fields={"verdict": verdict}, reason="Seen anew")

    def exception_asked(self, *, creator: str = "Quinn", owner: str = "Rex", **values: str) -> str:
        """An exception from the process of this site, by default for its newest item; its id comes back."""
        newest = [each.number for each in self.register.items(ItemFilter(process="work"))][-1:]
        known = {"process": "work", "item": next(iter(newest), "")}
        words = {"reason": "No camera", "risk": "Wrong seal", "measure": "Second look"}
        fields = {
            "title": "Without proof",
            "description": "This once",
            "severity": "low",
            "owner": self.vault.ids[owner],
        }
        made = self.vault.do(CreateItem, creator, process="exception", fields={**fields, **known, **words, **values})
        return str(made.header.subject)

    def exception(self, **values: str) -> str:
        """An exception that is granted, at its step in force; Ruth signs as who owns the process."""
        item = self.exception_asked(**values)
        self.do(MoveItem, "Ruth", item, step="assessment")
        self.vault.add_accepted(item, "risk_assessment", by="Rex", reviewer="Ron")
        self.do(ApproveItem, "Ruth", item)
        self.do(ApproveItem, "Ron", item)
        self.do(MoveItem, "Ron", item, step="in_force")
        return item
