"""Processes in which every command has something to do: urgent path, risk acceptances, requests, categories,
versions.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

_ANYBODY = ["lead", "worker"]
_LEAD = {"level": 1, "role": "lead", "meaning": "I release the plan.", "abstain": True}
_BOARD = {"level": 2, "role": "board", "meaning": "I agree."}

WORK: dict[str, Any] = {
    "id": "work",
    "version": 1,
    "title": "Work",
    "objective": "Get it done.",
    "scope": "All of it.",
    "owner_role": "lead",
    "severities": ["low", "high"],
    "roles": [{"id": role, "title": role.capitalize()} for role in ("worker", "lead", "risk", "board")],
    "fields": [
        {"id": "plan", "title": "Plan", "kind": "text", "signed": True, "required_at": ["doing"]},
        {"id": "verdict", "title": "Is it good?", "kind": "choice", "choices": ["good", "bad"]},
        {"id": "kind", "title": "Kind", "kind": "choice", "choices": ["part", "other"]},
        {"id": "cost", "title": "Cost", "kind": "money"},
    ],
    "evidence": [{"id": "proof", "title": "Proof", "reviewer_role": "lead"}],
    "steps": [
        {"id": "asked", "title": "Asked", "responsible": "worker", "accountable": "lead"},
        {"id": "doing", "title": "Doing", "responsible": "owner", "accountable": "lead", "sla_days": 5},
        {
            "id": "checking",
            "title": "Check",
            "responsible": "lead",
            "accountable": "lead",
            "handoff_accepted": True,
            "handoff_hours": 8,
        },
        {"id": "done", "title": "Done", "responsible": "lead", "accountable": "lead"},
    ],
    "transitions": [
        {
            "from": "asked",
            "to": "doing",
            "title": "Begin",
            "gate": {"fields": ["owner", "due"], "approvals": [_LEAD, _BOARD]},
        },
        {"from": "doing", "to": "checking", "title": "Hand in", "gate": {"evidence": ["proof"]}},
        {"from": "checking", "to": "done", "title": "Close"},
        {
            "from": "doing",
            "to": "asked",
            "title": "Back",
            "reason_required": True,
            "gate": {"unblocked": False},
        },
        {
            "from": "checking",
            "to": "doing",
            "title": "Not effective",
            "new_cycle": True,
            "reason_required": True,
            "gate": {"unblocked": False},
        },
    ],
    "rights": [
        *({"verb": verb, "roles": [*_ANYBODY, "owner"]} for verb in ("edit", "move", "add_evidence", "link", "ask")),
        *({"verb": verb, "roles": _ANYBODY} for verb in ("create",)),
        *({"verb": verb, "roles": ["lead"]} for verb in ("import", "assign", "close", "migrate")),
    ],
    "hold": {"roles": ["owner", "lead"], "longest_days": 30},
    "cancel": {
        "roles": ["lead"],
        "meaning": "I end this without its outcome.",
        "reasons": ["duplicate", "not_needed"],
        "requested_by": ["owner"],
    },
    "reopen": {"roles": ["lead"], "meaning": "It came back.", "step": "doing", "separate_from": ["owner"]},
    "extension": {
        "locked_from": "doing",
        "roles": ["owner"],
        "decided_by": ["lead"],
        "meaning": "I accept the later day.",
    },
    "change": {"roles": ["owner"], "decided_by": ["lead"], "meaning": "I approve the change."},
    "risk_acceptance": {
        "rules": ["blocked.open", "evidence.missing"],
        "roles": ["risk"],
        "meaning": "I accept this risk.",
        "longest_days": 20,
    },
    "urgent": {
        "role": "risk",
        "meaning": "I release this urgently.",
        "confirm_hours": 8,
        "reasons": ["safety", "customer"],
        "again_role": "board",
    },
    "categories": {
        "field": "kind",
        "other": "other",
        "proposed_by": ["worker"],
        "approved_by": ["lead"],
        "meaning": "I take this category in.",
    },
    "control": {"drafted_by": ["lead"]},
    "closure": {
        "step": "done",
        "meaning": "It is done.",
        "separate_from": ["owner"],
        "outcomes": [
            {
                "outcome": "reached",
                "title": "Good",
                "conditions": [{"field": "verdict", "one_of": ["good"], "text": "Reached when it is good."}],
            },
            {"outcome": "partly", "title": "Partly", "fields": ["cost"]},
        ],
        "gate": {"fields": ["owner"], "evidence": ["proof"]},
    },
    "numbering": {"prefix": "W"},
    "escalation": [{"at_percent": 100, "role": "lead", "text": "Overdue."}],
    "alerts": [
        {"id": "gone", "text": "What it waited for was cancelled.", "role": "lead", "when": "blocker_cancelled"},
        {"id": "due", "text": "Due soon.", "role": "lead", "when": "due", "number": 3},
    ],
}

AGAIN: dict[str, Any] = {
    **deepcopy(WORK),
    "id": "again",
    "title": "Again",
    "categories": None,
    "numbering": {"prefix": "A"},
    "reopen": {"roles": ["lead"], "meaning": "It came back.", "step": "doing", "follow_up": "new_item"},
}

CARRY: dict[str, Any] = {
    **deepcopy(WORK),
    "id": "carry",
    "title": "Change of a process",
    "categories": None,
    "urgent": None,
    "risk_acceptance": None,
    "extension": None,
    "change": None,
    "evidence": [],
    "escalation": [],
    "alerts": [],
    "numbering": {"prefix": "C"},
    "fields": [
        {"id": "version", "title": "Version", "kind": "text", "signed": True},
        {"id": "in_force_from", "title": "In force from", "kind": "date", "signed": True},
    ],
    "steps": [
        {"id": each, "title": each.capitalize(), "responsible": "owner", "accountable": "lead"}
        for each in ("drafting", "review", "in_force", "done")
    ],
    "transitions": [
        {"from": "drafting", "to": "review", "title": "Send to review", "effect": "send_version_to_review"},
        {
            "from": "review",
            "to": "in_force",
            "title": "Put in force",
            "effect": "put_version_in_force",
            "gate": {
                "approvals": [
                    {
                        "level": 1,
                        "role": "lead",
                        "meaning": "It demands enough.",
                        "separate_from": ["creator", "owner", "author"],
                    }
                ]
            },
        },
        {"from": "in_force", "to": "done", "title": "Close"},
        {
            "from": "review",
            "to": "drafting",
            "title": "Take it back",
            "effect": "take_version_back",
            "reason_required": True,
            "gate": {"unblocked": False},
        },
    ],
    "reopen": {"roles": ["lead"], "meaning": "It came back.", "step": "drafting"},
    "closure": {
        "step": "done",
        "meaning": "It is in force.",
        "outcomes": [{"outcome": "reached", "title": "It works"}],
        "gate": {"fields": ["owner"]},
    },
}


def texts() -> tuple[str, str, str]:
    """The definitions as JSON text: of work, of work that recurs as a new item, of changes of processes."""
    return json.dumps(WORK), json.dumps(AGAIN), json.dumps(CARRY)


def fresh() -> str:
    """The definition of a process that no vault has yet."""
    return json.dumps({**AGAIN, "id": "fresh", "numbering": {"prefix": "F"}})


def next_work() -> str:
    """The second version of work: open items come over, each to its own step."""
    steps = {step["id"]: step["id"] for step in WORK["steps"] if step["id"] != "done"}
    changed = {"version": 2, "objective": "Done well.", "migration": {"from_version": 1, "steps": steps}}
    return json.dumps({**WORK, **changed, "scenarios": scenarios()})


_KINDS = ("normal_path", "refused", "late", "urgent", "on_hold", "cancelled", "changed", "reopened", "other", "blocked")


def scenarios() -> list[dict[str, Any]]:
    """One scenario for each rule that the process states."""
    more = [{**_SCENARIO, "id": f"begins_{number}", "kind": kind} for number, kind in enumerate(_KINDS * 2)]
    return [_SCENARIO, *more]


_SCENARIO: dict[str, Any] = {
    "id": "begins",
    "title": "Work is asked for",
    "kind": "other",
    "people": {"Olga": ["worker"]},
    "when": [
        {
            "who": "Olga",
            "does": "create_item",
            "item": "W",
            "args": {"fields": {"title": "Torn label"}},
            "then": [{"item": "W", "step": "asked"}],
        }
    ],
}
