"""Packs forged with every key: entries that no permitted command of their signer yields, validly signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from closed_item import ClosedItem, closed_item, definition
from forged_packs import DECIDED, LEFT_OUT, MOMENTS, SIZE, Forgery, reproven, without
from small_log import SmallPerson

from desktop.pdf.print_pack import RENDERER, print_pack
from domain.act import Act, Actor, Change
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.deciding import decide
from domain.commands.evidence import AddEvidence
from domain.commands.items import EditItem
from domain.commands.people import EnrolPerson, GrantRole, RevokeRole
from domain.identity import parse_iso
from domain.log.canonical import canonical
from domain.process.decode import decode_process, process_hash, process_text

_put = msgspec.structs.replace


# ---- with every key


def _pretending(closed: ClosedItem, by: SmallPerson, command: Command, *roles: str) -> Act:
    """What a command gives somebody who only claims to hold these roles."""
    at = parse_iso(closed.log.next_at)
    nonce = len(closed.log.entries).to_bytes(16, "big")
    return decide(
        command, closed.log.state, Actor(person=by.id, name=by.name, roles=frozenset(roles), at=at), nonce=nonce
    )


def _ran(forge: Callable[[ClosedItem], object]) -> Callable[[], bytes]:
    """A scenario with forged entries before its honest closing."""
    return lambda: print_pack(*closed_item(before_closing=forge).made(RENDERER))


def _ended(forge: Callable[[ClosedItem], object]) -> Callable[[], bytes]:
    """A scenario whose closing is forged."""

    def make() -> bytes:
        closed = closed_item(closing=False)
        forge(closed)
        return print_pack(*closed.made(RENDERER))

    return make


def _with(act: Act, record: str, **fields: Any) -> Act:
    """The act with other values in the new records of a kind."""
    changes = tuple(
        _change(each, {**each.after, **fields}) if each.record == record and each.before is None else each
        for each in act.changes
    )
    assert changes != act.changes
    return _put(act, changes=changes)


def _change(change: Change, after: dict[str, Any]) -> Change:
    return Change(change.record, change.id, change.before, after)


def _edit(closed: ClosedItem) -> Act:
    fields = {"cost": f"{len(closed.log.entries)}.00 EUR"}
    return closed.log.decide(closed.engineer, EditItem(item=closed.item, fields=fields))


def _riding(closed: ClosedItem, *changes: Change, **header: Any) -> None:
    act = _edit(closed)
    closed.log.append(closed.engineer, _put(act, changes=(*act.changes, *changes)), **header)


def _closing(closed: ClosedItem, by: SmallPerson, *roles: str, **fields: Any) -> Act:
    command = CloseItem(item=closed.item, outcome="reached", summary="Done.", meaning="The action is effective")
    act = _pretending(closed, by, command, *roles)
    return _with(act, "closure", **fields) if fields else act


def _self_granted(closed: ClosedItem) -> None:
    act = closed.log.decide(closed.lead, GrantRole(person="p-eng", role="quality_lead"))
    closed.log.append(closed.engineer, act)


def _approval(closed: ClosedItem, *, by: SmallPerson | None = None, **fields: Any) -> Change:
    """A record of an approval like the one that was given, under another id."""
    given = msgspec.to_builtins(closed.file.approvals[0])
    values = {**given, "person": (by or closed.engineer).id, "given_at": closed.log.next_at, **fields}
    return Change(
        "approval", f"approval-{len(closed.log.entries)}", None, {k: v for k, v in values.items() if k != "id"}
    )


def _approved_early(**header: Any) -> Callable[[], bytes]:
    """A whole scenario in which the approval is forged: header fields of a genuine command are signed otherwise."""

    def make() -> bytes:
        closed = closed_item(
            before_closing=lambda closed: closed.log.append(
                closed.lead,
                closed.log.decide(closed.lead, EditItem(item=closed.item, fields={"cost": "7.00 EUR"})),
                **header,
            )
        )
        return print_pack(*closed.made(RENDERER))

    return make


def _person_change(closed: ClosedItem, record: str, id_: str, **after: Any) -> Change:
    rows = {str(row["id"]): row for row in closed.log.state.rows(record)}
    return Change(record, id_, {name: rows[id_][name] for name in after}, after)


def _version_rewritten(closed: ClosedItem) -> None:
    version = closed.log.state.process_versions()[0]
    loose = definition()
    loose["closure"]["separate_from"] = []
    text = canonical(loose).decode()
    _riding(closed, _person_change(closed, "process_version", version.id, definition=text))


def _hidden(closed: ClosedItem, change: Change) -> None:
    """A forged record in an entry that is also about another item, so that the pack shows only a part of it."""
    other = next(row for row in closed.log.state.rows("item") if row["id"] != closed.item)
    act = _edit(closed)
    foreign = Change("item", other["id"], {"title": other["title"]}, {"title": "Looked at"})
    closed.log.append(closed.engineer, _put(act, changes=(foreign, change)), subject=other["id"])


def _closed_in_part(closed: ClosedItem) -> None:
    act = _closing(closed, closed.lead, "quality_lead")
    other = next(row for row in closed.log.state.rows("item") if row["id"] != closed.item)
    foreign = Change("item", other["id"], {"title": other["title"]}, {"title": "Looked at"})
    closed.log.append(closed.lead, _put(act, changes=(foreign, *act.changes)), subject=other["id"])


def _enrolled(closed: ClosedItem, *, forged: bool) -> None:
    new = closed.log.person("p-new", "Nina Neu")
    key = closed.log.certified(new)
    if forged:
        key = _put(key, certificate=closed_item(seed="two").log.certified(closed.engineer).certificate)
        closed.log.perform(
            closed.lead, EnrolPerson(person=new.id, name=new.name, identity_checked="Passport seen", roles=(), key=key)
        )
        return
    command = EnrolPerson(
        person=new.id, name=new.name, identity_checked="Passport seen", roles=("quality_lead",), key=key
    )
    closed.log.append(closed.engineer, _pretending(closed, closed.engineer, command, "administrator"))


def _role_ended(closed: ClosedItem) -> None:
    closed.log.perform(closed.lead, GrantRole(person="p-eng", role="quality_lead"))
    closed.log.perform(closed.lead, RevokeRole(person="p-lead", role="quality_lead", reason="Moved on"))
    closed.log.append(closed.lead, _closing(closed, closed.lead, "quality_lead"))


def _undeclared() -> bytes:
    closed = closed_item(closing=False)
    new = closed.log.person("p-new", "Nina Neu")
    command = EnrolPerson(
        person=new.id,
        name=new.name,
        identity_checked="Passport seen",
        roles=("quality_lead",),
        key=closed.log.certified(new),
    )
    closed.log.perform(closed.lead, command)
    act = closed.log.decide(
        closed.lead, CloseItem(item=closed.item, outcome="reached", summary="Done.", meaning="The action is effective")
    )
    renamed = tuple(
        _change(each, {name: "p-new" if value == "p-lead" else value for name, value in each.after.items()})
        for each in act.changes
    )
    closed.log.append(new, _put(act, changes=renamed))
    return print_pack(*closed.made(RENDERER))


def _unsigned_road(*, evidence: bool) -> bytes:
    """The item goes its way without the approval (or without evidence too) that the version in force demands: it was
    lived under a looser one, and the first entry is signed anew with the strict one.
    """
    loose = definition()
    loose["transitions"][1].pop("gate")
    loose["closure"]["gate"]["still_approved"] = []
    if not evidence:
        loose["closure"]["gate"]["evidence"] = []
    closed = closed_item(process=loose)
    strict = decode_process(json.dumps(definition()))
    leaves = []
    for leaf in map(json.loads, closed.log.leaves_of[0]):
        if "command" in leaf:
            leaf["processes"] = [json.dumps(definition())]
        elif leaf["record"] == "process_version":
            leaf["after"] |= {"definition": process_text(strict), "sha256": process_hash(strict)}
        leaves.append(canonical(leaf))
    closed.log.signed_anew(0, tuple(leaves))
    closed.log.live_again()
    return print_pack(*closed.made(RENDERER))


def _long_name() -> bytes:
    closed = closed_item()
    pack, proof, _ = closed.made(RENDERER)
    pack = _put(pack, vault_name="N" * 20_000)
    proof = _put(proof, vault=_put(proof.vault, name="N" * 20_000))
    return print_pack(pack, proof, closed.sign(pack, proof))


WITH_EVERY_KEY: dict[str, Forgery] = {
    "a role granted to oneself": (DECIDED, _ran(_self_granted)),
    "a person enrolled by somebody without the right": (DECIDED, _ran(lambda closed: _enrolled(closed, forged=False))),
    "a key that the root did not certify": (DECIDED, _ran(lambda closed: _enrolled(closed, forged=True))),
    "a person's name rewritten": (
        DECIDED,
        _ran(lambda closed: _riding(closed, _person_change(closed, "person", "p-eng", name="The Board"))),
    ),
    "the grant of a role dated back": (
        DECIDED,
        _ran(
            lambda closed: closed.log.append(
                closed.lead,
                _with(
                    closed.log.decide(closed.lead, GrantRole(person="p-eng", role="quality_lead")),
                    "person_role",
                    valid_from="2026-11-02T09:00:07.250Z",
                ),
            )
        ),
    ),
    "an approval that rides on an edit": (DECIDED, _ran(lambda closed: _riding(closed, _approval(closed)))),
    "an approval in another person's name": (
        DECIDED,
        _ran(lambda closed: _riding(closed, _approval(closed, by=closed.lead))),
    ),
    "an approval dated back": (
        MOMENTS,
        _ran(lambda closed: _riding(closed, _approval(closed, given_at="2026-11-02T09:00:07.250Z"))),
    ),
    "an approval under a mandate nobody gave": (
        DECIDED,
        _ran(lambda closed: _riding(closed, _approval(closed, mandate="m-1"))),
    ),
    "an approval hidden beside another item": (DECIDED, _ran(lambda closed: _hidden(closed, _approval(closed)))),
    "a move hidden beside another item": (
        DECIDED,
        _ran(lambda closed: _hidden(closed, _person_change_item(closed, priority="low"))),
    ),
    "evidence accepted on an edit": (
        DECIDED,
        _ran(
            lambda closed: _riding(
                closed,
                Change(
                    "evidence",
                    closed.file.evidence[0].id,
                    {"review_note": "Complete"},
                    {"review_note": "Best ever"},
                ),
            )
        ),
    ),
    "evidence born accepted": (
        DECIDED,
        _ran(
            lambda closed: closed.log.append(
                closed.engineer,
                _with(
                    closed.log.decide(
                        closed.engineer,
                        AddEvidence(
                            item=closed.item, requirement="effectiveness", file="b" * 64, size=5, file_name="x.txt"
                        ),
                    ),
                    "evidence",
                    state="accepted",
                    reviewed_by="p-eng",
                ),
            )
        ),
    ),
    "a version rewritten in place": (DECIDED, _ran(_version_rewritten)),
    "the mover of a transition rewritten": (
        DECIDED,
        _ran(
            lambda closed: _riding(
                closed,
                Change("transition_record", closed.file.transition_records[0].id, {"by": "p-eng"}, {"by": "p-lead"}),
            )
        ),
    ),
    "an edit with another reason in the header": (DECIDED, _approved_early(reason="Accepted by the customer")),
    "an edit with a meaning in the header": (DECIDED, _approved_early(meaning="I accept all of it")),
    "an edit as another role": (DECIDED, _approved_early(role="administrator")),
    "an edit as a signature": (DECIDED, _approved_early(auth="passphrase")),
    "an edit under another name": (DECIDED, _approved_early(act="approve_item")),
    "an edit under a law of tomorrow": (DECIDED, _approved_early(law=2)),
    "a closing by the engineer": (
        DECIDED,
        _ended(lambda closed: closed.log.append(closed.engineer, _closed_by(closed, closed.engineer))),
    ),
    "a closing in another person's name": (
        "Records name their signers",
        _ended(lambda closed: closed.log.append(closed.engineer, _closing(closed, closed.lead, "quality_lead"))),
    ),
    "a closing dated back": (
        MOMENTS,
        _ended(
            lambda closed: closed.log.append(
                closed.lead, _closing(closed, closed.lead, "quality_lead", closed_at="2026-11-02T09:00:07.250Z")
            )
        ),
    ),
    "a closing before the entry before it": (
        DECIDED,
        _ended(
            lambda closed: closed.log.append(
                closed.lead, _closing(closed, closed.lead, "quality_lead"), at="2026-11-02T09:30:00.000Z"
            )
        ),
    ),
    "a closing with its list of entries cut short": (
        DECIDED,
        _ended(
            lambda closed: closed.log.append(
                closed.lead, _closing(closed, closed.lead, "quality_lead", entries=[4, 5, 6])
            )
        ),
    ),
    "a closing with another summary": (
        DECIDED,
        _ended(
            lambda closed: closed.log.append(
                closed.lead, _closing(closed, closed.lead, "quality_lead", summary="Perfect from the start.")
            )
        ),
    ),
    "a closing without the passphrase": (
        DECIDED,
        _ended(
            lambda closed: closed.log.append(closed.lead, _closing(closed, closed.lead, "quality_lead"), auth="session")
        ),
    ),
    "a closing hidden beside another item": (DECIDED, _ended(_closed_in_part)),
    "a closing after the role had ended": (DECIDED, _ended(_role_ended)),
    "a closing by somebody who never declared": (DECIDED, _undeclared),
    "a closing without the approval": (DECIDED, lambda: _unsigned_road(evidence=True)),
    "a closing without the evidence": (DECIDED, lambda: _unsigned_road(evidence=False)),
    "a vault created anew in the middle": (
        DECIDED,
        _ran(lambda closed: _riding(closed, Change("vault", "v-2", None, _vault_row(closed)))),
    ),
    "a list of entries without one": (
        LEFT_OUT,
        lambda: reproven(lambda proof: without(proof, 9), signers=True),
    ),
    "a grant of a role left out": (DECIDED, lambda: reproven(lambda proof: without(proof, 1), signers=True)),
    "the first entry left out": (DECIDED, lambda: reproven(lambda proof: without(proof, 0), signers=True)),
    "a name of 20,000 letters": (SIZE, _long_name),
}


def _closed_by(closed: ClosedItem, by: SmallPerson) -> Act:
    """A closing by somebody without the right, as the program would make it for somebody with it."""
    act = _closing(closed, closed.lead, "quality_lead")
    renamed = tuple(
        _change(each, {name: by.id if value == "p-lead" else value for name, value in each.after.items()})
        for each in act.changes
    )
    return _put(act, changes=renamed)


def _person_change_item(closed: ClosedItem, **after: Any) -> Change:
    row = msgspec.to_builtins(closed.file.item)
    return Change("item", closed.item, {name: row[name] for name in after}, after)


def _vault_row(closed: ClosedItem) -> dict[str, Any]:
    row = msgspec.to_builtins(closed.log.state.vault())
    row.pop("id")
    return row
