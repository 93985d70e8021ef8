"""The definition around steps and transitions that were drawn elsewhere: the least that holds together, or what there
was.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from domain.messages import message
from domain.process.definition import ProcessVersion

_EVERYBODY = "responsible"
_VERBS = ("create", "edit", "assign", "move", "add_evidence", "close")
_WORD = re.compile(r"[^a-z0-9]+")


def skeleton(
    *,
    process: str,
    title: str,
    about: str,
    steps: list[dict[str, str]],
    transitions: list[tuple[str, str, str]],
    closed: str,
    closed_title: str,
    base: ProcessVersion | None,
) -> dict[str, Any]:
    """A definition as JSON values. `steps` have id, title and lane in their order; `closed` is added when none of
    them is it. Of `base` everything stays that the drawing says nothing about.
    """
    drawn = [*(each for each in steps if each["id"] != closed), *(each for each in steps if each["id"] == closed)]
    if all(each["id"] != closed for each in steps):
        drawn.append({"id": closed, "title": closed_title, "lane": ""})
    if base is not None:
        return _changed(base, drawn, transitions, closed)
    roles = {_role(each["lane"]): each["lane"] for each in drawn if _role(each["lane"])} or {
        _EVERYBODY: message("Responsible")
    }
    first = next(iter(roles))
    signature = {"level": 1, "role": first, "meaning": message("I have seen that the work is done.")}
    return {
        "id": process,
        "version": 1,
        "title": title[:120],
        "objective": about or message("As drawn: {title}", title=title),
        "scope": message("As drawn; to be stated more closely before the first review."),
        "owner_role": first,
        "roles": [{"id": role, "title": words or role} for role, words in roles.items()],
        "steps": [_step(each, _role(each["lane"]) or first, first) for each in drawn],
        "transitions": [_path(path, {}) for path in transitions],
        "rights": [{"verb": verb, "roles": list(roles)} for verb in _VERBS],
        "hold": {"roles": [first]},
        "cancel": {"roles": [first], "meaning": message("I approve that this work ends without its outcome.")},
        "reopen": {"roles": [first], "meaning": message("I reopen this work."), "step": drawn[0]["id"]},
        "closure": {
            "step": closed,
            "meaning": message("I declare that the work is done."),
            "outcomes": [{"outcome": "reached", "title": message("Done")}],
            "gate": {"approvals": [signature]},
        },
        "numbering": {"prefix": re.sub(r"[^A-Z0-9]", "", process.upper())[:8] or "P"},
    }


def _changed(
    base: ProcessVersion, steps: list[dict[str, str]], transitions: list[tuple[str, str, str]], closed: str
) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(base))
    known_steps = {each["id"]: each for each in document["steps"]}
    known_transitions = {(each["from"], each["to"]): each for each in document["transitions"]}
    roles = {each["id"] for each in document["roles"]}
    document["steps"] = []
    for each in steps:
        old = known_steps.get(each["id"])
        lane = _role(each["lane"])
        new = _step(each, lane if lane in roles else base.owner_role, base.owner_role)
        document["steps"].append({**old, "title": each["title"]} if old else new)
    document["transitions"] = [_path(path, known_transitions.get((path[0], path[1]), {})) for path in transitions]
    document["closure"]["step"] = closed
    kept = {each["id"] for each in steps}
    # What named a step that is drawn no more would contradict the drawing.
    for part, member in (("fields", "required_at"), ("fields", "set_at"), ("rights", "steps")):
        for each in document.get(part, ()):
            each[member] = [step for step in each.get(member, ()) if step in kept]
    mapping = document.get("migration") or {"steps": {}}
    mapping["steps"] = {old: new for old, new in mapping["steps"].items() if new in kept}
    if document["reopen"]["step"] not in kept:
        document["reopen"]["step"] = steps[0]["id"]
    return document


def _step(drawn: dict[str, str], responsible: str, accountable: str) -> dict[str, Any]:
    return {"id": drawn["id"], "title": drawn["title"], "responsible": responsible, "accountable": accountable}


def _path(path: tuple[str, str, str], old: dict[str, Any]) -> dict[str, Any]:
    source, target, title = path
    return {
        **old,
        "from": source,
        "to": target,
        "title": title or old.get("title") or message("To {target}", target=target.replace("_", " ")),
    }


def _role(lane: str) -> str:
    word = _WORD.sub("_", lane.lower()).strip("_")[:40]
    return word if word[:1].isalpha() and word not in ("administrator", "owner", "creator", "mover") else ""
