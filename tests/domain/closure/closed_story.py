"""One corrective action from a tracker row to its closure, recorded in a small log."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from small_log import BATCH, ITEM, OTHER_ITEM, VERSION, SmallLog, SmallPerson, record

from domain.act import Change, created
from domain.closure.assemble import assemble_pack
from domain.closure.manifest import Proof
from domain.closure.pack import ClosurePack
from domain.closure.proof import make_proof
from domain.log.canonical import canonical
from domain.records.item import Approval, Closure, Evidence, Item, ItemFile, Passage
from domain.records.people import PersonRole, ProcessVersionRecord


def definition() -> dict[str, Any]:
    """A short corrective action process of the real schema."""
    steps = ["reported", "analysed", "implemented", "closed"]
    approval: dict[str, Any] = {
        "level": 1,
        "role": "quality_lead",
        "meaning": "I have reviewed the cause and the action",
    }
    approval["separate_from"] = ["owner"]
    return {
        "id": "capa",
        "version": 1,
        "title": "Corrective action",
        "objective": "Find the cause of a nonconformity and remove it, so that it does not come back.",
        "scope": "All products and processes of the plant.",
        "owner_role": "quality_lead",
        "roles": [
            {"id": "engineer", "title": "Process engineer"},
            {"id": "quality_lead", "title": "Quality lead"},
        ],
        "steps": [
            {"id": step, "title": step.capitalize(), "responsible": "engineer", "accountable": "quality_lead"}
            for step in steps
        ],
        "transitions": [
            {"from": "reported", "to": "analysed", "title": "Analyse"},
            {"from": "analysed", "to": "implemented", "title": "Implement", "gate": {"approvals": [approval]}},
            {"from": "implemented", "to": "closed", "title": "Close"},
        ],
        "rights": [{"verb": "move", "roles": ["engineer", "quality_lead"]}],
        "hold": {"roles": ["quality_lead"]},
        "cancel": {"roles": ["quality_lead"], "meaning": "I end this work"},
        "reopen": {"roles": ["quality_lead"], "meaning": "I reopen this work", "step": "analysed"},
        "closure": {
            "step": "closed",
            "meaning": "The action is effective",
            "outcomes": [{"outcome": "reached", "title": "Effective", "fields": ["result"]}],
            "gate": {"fields": ["cause"], "evidence": ["effectiveness"], "still_approved": ["analysed->implemented"]},
            "separate_from": ["owner"],
        },
        "numbering": {"prefix": "CAPA"},
        "fields": [
            {"id": "cause", "title": "Root cause", "kind": "text", "signed": True},
            {"id": "result", "title": "Result", "kind": "text"},
            {"id": "cost", "title": "Cost", "kind": "money"},
        ],
        "evidence": [{"id": "effectiveness", "title": "Effectiveness check", "reviewer_role": "quality_lead"}],
    }


@dataclass
class Story:
    """One closed item with everything a pack is assembled from."""

    log: SmallLog
    engineer: SmallPerson
    lead: SmallPerson
    file: ItemFile
    process: ProcessVersionRecord
    checkpoint: str

    def parts(self, **other: Any) -> dict[str, Any]:
        return {
            "vault": self.log.vault_record(),
            "keys": tuple(self.log.person_key(person) for person in self.log.people.values()),
            "file": self.file,
            "process": self.process,
            "entries": self.log.logged(without=(len(self.log.entries) - 1,)),
            "checkpoint": self.checkpoint,
            "printed_at": "2026-11-22T19:44:58.123Z",
            **other,
        }


def an_item(id_: str, number: str, title: str, **more: Any) -> Item:
    cells = [["title", "B12", title], ["due", "F12", "31.10.2026"]]
    values = {
        "process": "capa",
        "process_version": VERSION,
        "description": "Burr at edge C of bracket 4711; 14 of 200 parts rejected by the customer.",
        "step": "reported",
        "state": "open",
        "owner": "p-eng",
        "owner_name": "",
        "due": "2026-12-18",
        "severity": "major",
        "priority": "high",
        "raised": "2026-10-05",
        "closed": "",
        "cycle": 1,
        "values": {"cost": "1200.50 EUR"},
        "hold": None,
        "legacy_status": "in Arbeit",
        "legacy": [["Bemerkung", "H12", "siehe 8D; mit Kunde telefoniert"]],
        "source": {"import": BATCH, "sheet": "CAPA 2026", "row": 12, "cells": cells},
        "source_key": "K-12",
        "source_fingerprint": "f" * 64,
        "created_at": "2026-11-02T09:40:07.250Z",
        "created_by": "p-lead",
        "step_since": "2026-11-02T09:40:07.250Z",
        **more,
    }
    return Item(id=id_, number=number, title=title, **values)


class Told:
    """Keeps the item's records while the story is recorded."""

    def __init__(self, log: SmallLog, item: Item) -> None:
        self.log = log
        self.item = msgspec.to_builtins(item)
        self.passages: list[Passage] = []
        self.approvals: list[Approval] = []
        self.evidence: list[Evidence] = []
        self.closures: list[Closure] = []

    def change(self, **after: Any) -> Change:
        before = {name: self.item[name] for name in after}
        self.item |= after
        return Change("item", self.item["id"], before, after)

    def pass_to(self, by: SmallPerson, step: str, *more: Change, **words: str) -> int:
        passage = Passage(
            id=f"passage-{len(self.passages)}",
            item=self.item["id"],
            cycle=1,
            from_step=self.item["step"],
            to_step=step,
            at=self.log.next_at,
            by=by.id,
            reason=words.get("reason", ""),
        )
        self.passages.append(passage)
        at = self.log.next_at
        words.setdefault("act", "move_item")
        act = words.pop("act")
        return self.log.act(by, act, self.change(step=step, step_since=at), record("passage", passage), *more, **words)

    def file(self) -> ItemFile:
        return ItemFile(
            item=msgspec.convert(self.item, Item),
            passages=tuple(self.passages),
            approvals=tuple(self.approvals),
            evidence=tuple(self.evidence),
            closures=tuple(self.closures),
            packs=(),
        )


def enrolments(log: SmallLog, people: tuple[SmallPerson, ...], without_role: str) -> Iterator[Change]:
    for person in people:
        yield record("person_key", log.person_key(person))
        if person.id != without_role:
            role = PersonRole(
                id=f"role-{person.id}",
                person=person.id,
                role=person.role,
                scope="",
                valid_from=log.next_at,
                valid_until="",
                granted_by="p-lead",
            )
            yield record("person_role", role)


def closed_item(
    *,
    seed: str = "one",
    title: str = "Burr at edge C of bracket 4711",
    others: int = 3,
    approval_auth: str = "passphrase",
    approver: str = "",
    without_role: str = "",
) -> Story:
    """Vault, people, process, import, two moves, approval, evidence, review, closure: twelve entries or so."""
    log = SmallLog(seed=seed)
    lead = log.person("p-lead", "Zoë Lindström", "quality_lead")
    engineer = log.person("p-eng", "Jürgen Weiß", "engineer")
    words = canonical(definition()).decode()
    process = ProcessVersionRecord(
        id=VERSION,
        process="capa",
        version=1,
        state="in_force",
        definition=words,
        sha256=sha256(words.encode()).hexdigest(),
        in_force_from="2026-11-02T09:20:07.250Z",
    )
    log.act(lead, "create_vault", record("vault", log.vault_record()), subject=log.vault)
    log.act(lead, "enrol_person", *enrolments(log, (lead, engineer), without_role), subject=engineer.id)
    log.act(lead, "publish_process", record("process_version", process), subject="capa")
    item = an_item(ITEM, "PN-CAPA-0012", title)
    told = Told(log, item)
    neighbours = [
        record("item", an_item(f"{OTHER_ITEM[:-4]}{n + 100:04d}", f"PN-CAPA-{n + 100:04d}", "Another piece of work"))
        for n in range(others)
    ]
    batch = {"process": "capa", "file_name": "CAPA-Liste 2026.xlsx", "file": "a" * 64, "sheet": "CAPA 2026"}
    log.act(
        lead,
        "import_register",
        *neighbours,
        record("item", item),
        created("import_batch", BATCH, batch),
        subject=BATCH,
    )
    log.act(
        engineer, "edit_item", told.change(values={"cost": "1200.50 EUR", "cause": "Tool worn: no change interval"})
    )
    told.pass_to(engineer, "analysed", reason="Cause found with 5 whys")
    approval = Approval(
        id="approval-1",
        item=ITEM,
        cycle=1,
        gate="analysed->implemented",
        level=1,
        person=approver or lead.id,
        role="quality_lead",
        mandate="",
        decision="approved",
        meaning="I have reviewed the cause and the action",
        reason="Interval of 20,000 strokes is sound",
        content="c" * 64,
        given_at=log.next_at,
    )
    told.approvals.append(approval)
    log.act(lead, "approve_item", record("approval", approval), meaning=approval.meaning, auth=approval_auth)
    told.pass_to(engineer, "implemented")
    piece = Evidence(
        id="evidence-1",
        item=ITEM,
        cycle=1,
        requirement="effectiveness",
        revision=1,
        file_name="Messprotokoll Los 88.pdf",
        media_type="application/pdf",
        size=184_320,
        file=sha256(b"measured").hexdigest(),
        note="200 parts, 0 rejected",
        added_by=engineer.id,
        added_at=log.next_at,
        state="submitted",
        reviewed_by="",
        reviewed_at="",
        review_note="",
    )
    log.act(engineer, "add_evidence", record("evidence", piece))
    review = {"state": "accepted", "reviewed_by": lead.id, "reviewed_at": log.next_at, "review_note": "Complete"}
    told.evidence.append(msgspec.structs.replace(piece, **review))
    before = {name: getattr(piece, name) for name in review}
    log.act(lead, "review_evidence", Change("evidence", piece.id, before, review))
    log.act(engineer, "edit_item", told.change(values={**told.item["values"], "result": "No reject in 3 lots"}))
    about = [seq for seq, entry in enumerate(log.entries) if seq >= 3]
    closing = Closure(
        id="closure-1",
        item=ITEM,
        cycle=1,
        outcome="reached",
        summary="Change interval introduced; three lots without reject.",
        closed_at=log.next_at,
        closed_by=lead.id,
        role="quality_lead",
        entries=about,
    )
    told.closures.append(closing)
    at = log.next_at
    end = told.change(state="closed", closed=at[:10])
    told.pass_to(
        lead,
        "closed",
        end,
        record("closure", closing),
        act="close_item",
        auth="passphrase",
        meaning="The action is effective",
    )
    log.act(engineer, "create_item", record("item", an_item(OTHER_ITEM, "PN-CAPA-0013", "Next")), subject=OTHER_ITEM)
    return Story(log, engineer, lead, told.file(), process, log.checkpoint(lead))


STRANGE = [
    "",
    "\u202e",
    "0" * 5000,
    -1,
    2**53 - 1,
    True,
    None,
    [],
    [[]],
    ["a", "b", "c"],
    {},
    {"item": []},
    [{"x": [1]}],
]


def strange_proof(seed: int) -> tuple[ClosurePack, Proof]:
    """An honest pack, and a proof in which an entry holds strange values, validly signed."""
    chance = random.Random(seed)
    story = closed_item()
    pack, _ = assemble_pack(**story.parts(renderer="printer 1"))
    seq = chance.randrange(len(story.log.entries))
    changes = [json.loads(data) for data in story.log.changes[seq]]
    for change in chance.sample(changes, k=min(len(changes), 2)):
        field = chance.choice(list(change["after"]))
        change["after"][field] = chance.choice(STRANGE)
        if change["before"] is not None and chance.random() < 0.5:
            change["before"] = None if chance.random() < 0.5 else {field: chance.choice(STRANGE)}
    story.log.signed_anew(seq, tuple(canonical(change) for change in changes))
    parts = story.parts()
    return pack, make_proof(
        item=ITEM,
        vault=parts["vault"],
        keys=parts["keys"],
        entries=parts["entries"],
        definition=story.process.definition,
        checkpoint=story.log.checkpoint(story.lead),
    )
