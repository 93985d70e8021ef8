"""One corrective action from a tracker row to its closure, performed by commands in a small log."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from small_log import SmallLog, SmallPerson, raw, text

import domain.registry  # noqa: F401 (by it every command is known)
from domain.closure.assemble import assemble_pack
from domain.closure.manifest import PackSignatures, Proof, sign_pack
from domain.closure.pack import ClosurePack
from domain.closure.proof import SITE_RECORDS, make_proof
from domain.commands.approvals import ApproveItem
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.evidence import AddEvidence, ReviewEvidence
from domain.commands.imports import ImportRegister
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.commands.people import CreateVault, EnrolPerson, SignDeclaration
from domain.log.canonical import canonical
from domain.records.item import ItemFile
from domain.trackers.raw_rows import RawRow, RowColumn
from resources.texts.declarations import DECLARATION

MEANING = "I have reviewed the cause and the action"
COLUMNS = (
    RowColumn(column=2, header="Beschreibung", field="title"),
    RowColumn(column=3, header="Text", field="description"),
    RowColumn(column=5, header="Verantwortlich", field="owner"),
    RowColumn(column=6, header="Termin", field="due"),
    RowColumn(column=8, header="Bemerkung", field=""),
)


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
        "rights": [
            {"verb": "move", "roles": ["engineer", "quality_lead"]},
            *(
                {"verb": verb, "roles": ["quality_lead", "engineer"]}
                for verb in ("create", "import", "edit", "assign", "add_evidence", "link")
            ),
            {"verb": "close", "roles": ["quality_lead"]},
        ],
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
class ClosedItem:
    """One closed item with everything a pack is assembled from. `item` is its id."""

    log: SmallLog
    lead: SmallPerson
    engineer: SmallPerson
    item: str

    @property
    def file(self) -> ItemFile:
        return self.log.state.item_file(self.item)

    @property
    def checkpoint(self) -> str:
        return self.log.checkpoint(self.lead)

    def perform(self, by: SmallPerson, command: Command) -> int:
        return self.log.perform(by, command)

    def shown(self) -> tuple[int, ...]:
        """The entries about the item, and those about people, keys, roles, process versions and settings."""
        about = set(self.log.state.entries_about(self.item))
        tails = tuple(f'"record":"{record}"}}'.encode() for record in SITE_RECORDS)
        links = f'"other":"{self.item}"'.encode()
        for seq, leaves in enumerate(self.log.leaves_of):
            if any(leaf.endswith(tails) or links in leaf for leaf in leaves):
                about.add(seq)
        return tuple(sorted(about))

    def parts(self, **other: Any) -> dict[str, Any]:
        state, shown = self.log.state, self.shown()
        return {
            "vault": state.vault(),
            "keys": state.keys(),
            "file": self.file,
            "process": state.process_version(self.file.item.process_version),
            "entries": self.log.logged(without=tuple(set(range(len(self.log.entries))) - set(shown))),
            "checkpoint": self.checkpoint,
            "printer": self.lead.key_id,
            "printed_at": "2026-11-22T19:44:58.123Z",
            **other,
        }

    def sign(self, pack: ClosurePack, proof: Proof) -> PackSignatures:
        return sign_pack(pack, proof, person=self.lead.key.sign, log=self.log.log_key.sign)

    def made(self, renderer: str, **other: Any) -> tuple[ClosurePack, Proof, PackSignatures]:
        """The pack with its proof and signatures, as the program makes it."""
        pack, proof = assemble_pack(**self.parts(renderer=renderer, **other))
        return pack, proof, self.sign(pack, proof)


def tracker(title: str, others: int) -> ImportRegister:
    """The tracker the item came in with, in row 12, below `others` other rows."""
    description = "Burr at edge C of bracket 4711; 14 of 200 parts rejected by the customer."
    rows = [("Another piece of work", "Its text", "", "01.12.2026", "")] * others
    rows.append((title, description, "Jürgen Weiß", "18.12.2026", "siehe 8D; mit Kunde telefoniert"))
    return ImportRegister(
        process="capa",
        file="a" * 64,
        size=4096,
        file_name="CAPA-Liste 2026.xlsx",
        sheet="CAPA 2026",
        header_row=1,
        mapping={column.field: column.header for column in COLUMNS if column.field},
        columns=COLUMNS,
        fields={column.field: column.column for column in COLUMNS if column.field},
        day_first={"due": True},
        counts={"rows": len(rows), "same": 0, "refused": 0, "skipped": 0, "problems": 0},
        rows=tuple(RawRow(row=12 - others + n, texts=row, kinds=("",) * 5) for n, row in enumerate(rows)),
    )


def created(*, seed: str = "one", process: dict[str, Any] | None = None) -> tuple[SmallLog, SmallPerson, SmallPerson]:
    """A vault with its process, its first administrator (quality lead) and an engineer, who have both declared."""
    log = SmallLog(seed=seed)
    lead, engineer = log.person("p-lead", "Zoë Lindström"), log.person("p-eng", "Jürgen Weiß")
    log.perform(
        lead,
        CreateVault(
            vault=log.vault,
            name=log.name,
            first_admin=lead.name,
            prefix="PN",
            root_key=text(raw(log.root)),
            log_key=text(raw(log.log_key)),
            log_certificate=log.log_certificate,
            slots="0" * 64,
            key=log.certified(lead),
            processes=(json.dumps(process or definition()),),
            roles=("quality_lead",),
        ),
    )
    enrolled = EnrolPerson(
        person=engineer.id,
        name=engineer.name,
        identity_checked="Passport seen",
        roles=("engineer",),
        key=log.certified(engineer),
    )
    log.perform(lead, enrolled)
    for person in (lead, engineer):
        log.perform(person, SignDeclaration(text=DECLARATION, meaning="I declare"))
    return log, lead, engineer


def closed_item(
    *,
    seed: str = "one",
    title: str = "Burr at edge C of bracket 4711",
    others: int = 3,
    before_closing: Callable[[ClosedItem], object] | None = None,
    closing: bool = True,
    process: dict[str, Any] | None = None,
) -> ClosedItem:
    """Vault, people, import, moves, approval, evidence, review, closure: fourteen entries or so."""
    log, lead, engineer = created(seed=seed, process=process)
    log.perform(lead, tracker(title, others))
    item = log.state.item(f"PN-CAPA-{others + 1:04d}").id
    closed = ClosedItem(log, lead, engineer, item)
    closed.perform(
        engineer, EditItem(item=item, fields={"cost": "1200.50 EUR", "cause": "Tool worn: no change interval"})
    )
    closed.perform(engineer, MoveItem(item=item, step="analysed", reason="Cause found with 5 whys"))
    if process is None:
        closed.perform(lead, ApproveItem(item=item, meaning=MEANING, reason="Interval of 20,000 strokes is sound"))
    closed.perform(engineer, MoveItem(item=item, step="implemented"))
    evidence = AddEvidence(
        item=item,
        requirement="effectiveness",
        file=sha256(b"measured").hexdigest(),
        size=184_320,
        file_name="Messprotokoll Los 88.pdf",
        media_type="application/pdf",
        note="200 parts, 0 rejected",
    )
    closed.perform(engineer, evidence)
    review = ReviewEvidence(item=item, evidence=closed.file.evidence[0].id, accept=True, note="Complete")
    closed.perform(lead, review)
    closed.perform(engineer, EditItem(item=item, fields={"result": "No reject in 3 lots"}))
    if before_closing:
        before_closing(closed)
    if not closing:
        return closed
    summary = "Change interval introduced; three lots without reject."
    closed.perform(lead, CloseItem(item=item, outcome="reached", summary=summary, meaning="The action is effective"))
    closed.perform(engineer, CreateItem(process="capa", fields={"title": "Next"}))
    return closed


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


def strange_proof(seed: int) -> tuple[ClosurePack, Proof, PackSignatures]:
    """An honest pack, and a proof in which an entry holds strange values, validly signed."""
    chance = random.Random(seed)
    closed = closed_item()
    parts = closed.parts(renderer="printer 1")
    pack, _ = assemble_pack(**parts)
    seq = chance.randrange(len(closed.log.entries))
    commands = closed.log.entries[seq].header.commands
    leaves = closed.log.leaves_of[seq]
    changes = [json.loads(data) for data in leaves[commands:]]
    for change in chance.sample(changes, k=min(len(changes), 2)):
        field = chance.choice(list(change["after"]))
        change["after"][field] = chance.choice(STRANGE)
        if change["before"] is not None and chance.random() < 0.5:
            change["before"] = None if chance.random() < 0.5 else {field: chance.choice(STRANGE)}
    closed.log.signed_anew(seq, (*leaves[:commands], *(canonical(change) for change in changes)))
    shown = [each.entry.header.seq for each in parts["entries"]]
    proof = make_proof(
        item=closed.item,
        printer=parts["printer"],
        vault=parts["vault"],
        keys=parts["keys"],
        entries=[each for each in closed.log.logged() if each.entry.header.seq in shown],
        definition=parts["process"].definition,
        checkpoint=closed.checkpoint,
    )
    return pack, proof, closed.sign(pack, proof)
