"""A site whose process has rights to fields and conditions over days and amounts, and entries forged around them."""

from __future__ import annotations

from typing import Any

import msgspec
from judged_again import breaches_of
from process_site import JUDGED, ProcessSite

from domain.commands.approvals import ApproveItem
from domain.commands.command import NONCE_SIZE, Command
from domain.commands.items import EditItem, MoveItem
from domain.simulation.memory_register import header_of

FIELDS: list[dict[str, Any]] = [
    {"id": "plan", "title": "Plan", "kind": "text", "signed": True, "required_at": ["doing"]},
    {"id": "judge", "title": "Judge", "kind": "person", "set_by": ["lead"]},
    {
        "id": "verdict", "title": "Is it good?", "kind": "choice", "choices": JUDGED, "required_at": ["done"],
        "verdict": True, "set_by": ["field:judge"], "set_at": ["checking"],
    },
    {"id": "residual", "title": "Residual", "kind": "text", "not_by": ["owner", "board"]},
    {"id": "accepted", "title": "Accepted", "kind": "choice", "choices": ["yes", "no"], "set_by": ["creator"]},
    {"id": "opinion", "title": "Opinion", "kind": "choice", "choices": ["agreed", "differing"]},
    {"id": "differs_in", "title": "Differs in", "kind": "text", "required_at": ["doing"],
     "required_when": {"opinion": ["differing"]}},
    {"id": "baseline", "title": "Baseline", "kind": "money"},
    {"id": "actual", "title": "Actual", "kind": "money"},
    {"id": "parts", "title": "Parts seen", "kind": "number"},
    {"id": "implemented", "title": "Implemented on", "kind": "date"},
    {"id": "review_day", "title": "Review day", "kind": "date"},
    {"id": "steps", "title": "Steps", "kind": "table", "columns": [
        {"id": "what", "title": "What", "kind": "text"},
        {"id": "parts", "title": "Parts", "kind": "number"},
        {"id": "due", "title": "Due", "kind": "date"},
    ]},
]  # fmt: skip
"""Fields with rights, and fields that conditions compare."""


def ruled(*conditions: dict[str, Any], **changes: Any) -> ProcessSite:
    """A site whose items are handed in at the gate "doing->checking" when these conditions are met."""
    site = ProcessSite(fields=FIELDS)
    return ProcessSite(fields=FIELDS, transitions=with_conditions(site, *conditions), **changes)


def with_conditions(site: ProcessSite, *conditions: dict[str, Any]) -> list[dict[str, Any]]:
    """The transitions of the site's process as a document, with conditions at the gate before the check."""
    version = site.vault.facts(site.new()).process
    found = msgspec.json.decode(msgspec.json.encode(version))["transitions"]
    gate = next(each for each in found if (each["from"], each["to"]) == ("doing", "checking")).setdefault("gate", {})
    gate.pop("evidence", None)
    gate["conditions"] = [{"text": "It has to hold.", **each} for each in conditions]
    return [each for each in found if (each["from"], each["to"]) != ("checking", "doing")]


def begun(site: ProcessSite, **fields: Any) -> str:
    """An item at "doing" with these values."""
    item = site.new(**fields)
    site.do(ApproveItem, "Lea", item)
    site.do(MoveItem, "Olga", item, step="doing")
    return item


def handed_in(site: ProcessSite, item: str) -> set[str]:
    """The rules that keep the item from the check; it stays where it is."""
    return {each.rule for each in told(site, item)}


def told(site: ProcessSite, item: str) -> tuple[Any, ...]:
    """The obstacles of handing the item in."""
    return MoveItem(item=item, step="checking").obstacles(site.vault.facts(item, "Olga"))


def set_by(site: ProcessSite, who: str, item: str, **fields: Any) -> None:
    """The person gives fields these values, with a reason."""
    site.do(EditItem, who, item, fields=fields, reason="Seen anew")


def refused_to(site: ProcessSite, who: str, item: str, **fields: Any) -> set[str]:
    """The rules that refuse the person's edit."""
    return site.refused(EditItem, who, item, fields=fields, reason="Seen anew")


def named_when_forged(site: ProcessSite, command: Command, *, by: str, signed_by: str) -> bool:
    """Whether deciding again names an entry of this command, allowed to one person, that another one signed."""
    act = site.vault.decided(command, by)
    header = header_of(act, site.vault.actor(signed_by), seq=site.register.log_size())
    return bool(breaches_of(site.register, header, act.command, act.changes))


def named_when_reworded(site: ProcessSite, command: Command, forged: Command, *, by: str) -> bool:
    """Whether deciding again names an entry that has the changes of one command and the words of another."""
    act = site.vault.decided(command, by)
    header = msgspec.structs.replace(header_of(act, site.vault.actor(by), seq=site.register.log_size()), reason="")
    return bool(breaches_of(site.register, header, forged.leaves(bytes(NONCE_SIZE)), act.changes))
