"""Packs forged with every key: entries that no permitted command of their signer yields, validly signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from closed_story import Story, closed_item, definition
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


def _pretending(story: Story, by: SmallPerson, command: Command, *roles: str) -> Act:
    """What a command gives somebody who only claims to hold these roles."""
    at = parse_iso(story.log.next_at)
    nonce = len(story.log.entries).to_bytes(16, "big")
    return decide(
        command, story.log.state, Actor(person=by.id, name=by.name, roles=frozenset(roles), at=at), nonce=nonce
    )


def _lived(forge: Callable[[Story], object]) -> Callable[[], bytes]:
    """A story with forged entries before its honest closing."""
    return lambda: print_pack(*closed_item(before_closing=forge).made(RENDERER))


def _ended(forge: Callable[[Story], object]) -> Callable[[], bytes]:
    """A story whose closing is forged."""

    def make() -> bytes:
        story = closed_item(closing=False)
        forge(story)
        return print_pack(*story.made(RENDERER))

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


def _edit(story: Story) -> Act:
    fields = {"cost": f"{len(story.log.entries)}.00 EUR"}
    return story.log.decide(story.engineer, EditItem(item=story.item, fields=fields))


def _riding(story: Story, *changes: Change, **header: Any) -> None:
    act = _edit(story)
    story.log.append(story.engineer, _put(act, changes=(*act.changes, *changes)), **header)


def _closing(story: Story, by: SmallPerson, *roles: str, **fields: Any) -> Act:
    command = CloseItem(item=story.item, outcome="reached", summary="Done.", meaning="The action is effective")
    act = _pretending(story, by, command, *roles)
    return _with(act, "closure", **fields) if fields else act


def _self_granted(story: Story) -> None:
    act = _pretending(story, story.engineer, GrantRole(person="p-eng", role="quality_lead"), "administrator")
    story.log.append(story.engineer, act)


def _approval(story: Story, *, by: SmallPerson | None = None, **fields: Any) -> Change:
    """A record of an approval like the one that was given, under another id."""
    given = msgspec.to_builtins(story.file.approvals[0])
    values = {**given, "person": (by or story.engineer).id, "given_at": story.log.next_at, **fields}
    return Change(
        "approval", f"approval-{len(story.log.entries)}", None, {k: v for k, v in values.items() if k != "id"}
    )


def _approved_early(**header: Any) -> Callable[[], bytes]:
    """A whole story in which the approval is forged: header fields of a genuine command are signed otherwise."""

    def make() -> bytes:
        story = closed_item(
            before_closing=lambda story: story.log.append(
                story.lead,
                story.log.decide(story.lead, EditItem(item=story.item, fields={"cost": "7.00 EUR"})),
                **header,
            )
        )
        return print_pack(*story.made(RENDERER))

    return make


def _person_change(story: Story, record: str, id_: str, **after: Any) -> Change:
    rows = {str(row["id"]): row for row in story.log.state.rows(record)}
    return Change(record, id_, {name: rows[id_][name] for name in after}, after)


def _version_rewritten(story: Story) -> None:
    version = story.log.state.process_versions()[0]
    loose = definition()
    loose["closure"]["separate_from"] = []
    text = canonical(loose).decode()
    _riding(story, _person_change(story, "process_version", version.id, definition=text))


def _hidden(story: Story, change: Change) -> None:
    """A forged record in an entry that is also about another item, so that the pack shows only a part of it."""
    other = next(row for row in story.log.state.rows("item") if row["id"] != story.item)
    act = _edit(story)
    foreign = Change("item", other["id"], {"title": other["title"]}, {"title": "Looked at"})
    story.log.append(story.engineer, _put(act, changes=(foreign, change)), subject=other["id"])


def _closed_in_part(story: Story) -> None:
    act = _closing(story, story.lead, "quality_lead")
    other = next(row for row in story.log.state.rows("item") if row["id"] != story.item)
    foreign = Change("item", other["id"], {"title": other["title"]}, {"title": "Looked at"})
    story.log.append(story.lead, _put(act, changes=(foreign, *act.changes)), subject=other["id"])


def _enrolled(story: Story, *, forged: bool) -> None:
    new = story.log.person("p-new", "Nina Neu")
    key = story.log.certified(new)
    if forged:
        key = _put(key, certificate=closed_item(seed="two").log.certified(story.engineer).certificate)
        story.log.perform(story.lead, EnrolPerson(person=new.id, name=new.name, roles=(), key=key))
        return
    command = EnrolPerson(person=new.id, name=new.name, roles=("quality_lead",), key=key)
    story.log.append(story.engineer, _pretending(story, story.engineer, command, "administrator"))


def _role_ended(story: Story) -> None:
    story.log.perform(story.lead, GrantRole(person="p-eng", role="quality_lead"))
    story.log.perform(story.lead, RevokeRole(person="p-lead", role="quality_lead", reason="Moved on"))
    story.log.append(story.lead, _closing(story, story.lead, "quality_lead"))


def _undeclared() -> bytes:
    story = closed_item(closing=False)
    new = story.log.person("p-new", "Nina Neu")
    command = EnrolPerson(person=new.id, name=new.name, roles=("quality_lead",), key=story.log.certified(new))
    story.log.perform(story.lead, command)
    act = story.log.decide(
        story.lead, CloseItem(item=story.item, outcome="reached", summary="Done.", meaning="The action is effective")
    )
    renamed = tuple(
        _change(each, {name: "p-new" if value == "p-lead" else value for name, value in each.after.items()})
        for each in act.changes
    )
    story.log.append(new, _put(act, changes=renamed))
    return print_pack(*story.made(RENDERER))


def _unsigned_road(*, evidence: bool) -> bytes:
    """The item goes its way without the approval (or without evidence too) that the version in force demands: it was
    lived under a looser one, and the first entry is signed anew with the strict one.
    """
    loose = definition()
    loose["transitions"][1].pop("gate")
    loose["closure"]["gate"]["still_approved"] = []
    if not evidence:
        loose["closure"]["gate"]["evidence"] = []
    story = closed_item(process=loose)
    strict = decode_process(json.dumps(definition()))
    leaves = []
    for leaf in map(json.loads, story.log.leaves_of[0]):
        if "command" in leaf:
            leaf["processes"] = [json.dumps(definition())]
        elif leaf["record"] == "process_version":
            leaf["after"] |= {"definition": process_text(strict), "sha256": process_hash(strict)}
        leaves.append(canonical(leaf))
    story.log.signed_anew(0, tuple(leaves))
    story.log.live_again()
    return print_pack(*story.made(RENDERER))


def _long_name() -> bytes:
    story = closed_item()
    pack, proof, _ = story.made(RENDERER)
    pack = _put(pack, vault_name="N" * 20_000)
    proof = _put(proof, vault=_put(proof.vault, name="N" * 20_000))
    return print_pack(pack, proof, story.sign(pack, proof))


WITH_EVERY_KEY: dict[str, Forgery] = {
    "a role granted to oneself": (DECIDED, _lived(_self_granted)),
    "a person enrolled by somebody without the right": (DECIDED, _lived(lambda story: _enrolled(story, forged=False))),
    "a key that the root did not certify": (DECIDED, _lived(lambda story: _enrolled(story, forged=True))),
    "a person's name rewritten": (
        DECIDED,
        _lived(lambda story: _riding(story, _person_change(story, "person", "p-eng", name="The Board"))),
    ),
    "the grant of a role dated back": (
        DECIDED,
        _lived(
            lambda story: story.log.append(
                story.lead,
                _with(
                    story.log.decide(story.lead, GrantRole(person="p-eng", role="quality_lead")),
                    "person_role",
                    valid_from="2026-11-02T09:00:07.250Z",
                ),
            )
        ),
    ),
    "an approval that rides on an edit": (DECIDED, _lived(lambda story: _riding(story, _approval(story)))),
    "an approval in another person's name": (
        DECIDED,
        _lived(lambda story: _riding(story, _approval(story, by=story.lead))),
    ),
    "an approval dated back": (
        MOMENTS,
        _lived(lambda story: _riding(story, _approval(story, given_at="2026-11-02T09:00:07.250Z"))),
    ),
    "an approval under a mandate nobody gave": (
        DECIDED,
        _lived(lambda story: _riding(story, _approval(story, mandate="m-1"))),
    ),
    "an approval hidden beside another item": (DECIDED, _lived(lambda story: _hidden(story, _approval(story)))),
    "a move hidden beside another item": (
        DECIDED,
        _lived(lambda story: _hidden(story, _person_change_item(story, priority="low"))),
    ),
    "evidence accepted on an edit": (
        DECIDED,
        _lived(
            lambda story: _riding(
                story,
                Change(
                    "evidence",
                    story.file.evidence[0].id,
                    {"review_note": "Complete"},
                    {"review_note": "Best ever"},
                ),
            )
        ),
    ),
    "evidence born accepted": (
        DECIDED,
        _lived(
            lambda story: story.log.append(
                story.engineer,
                _with(
                    story.log.decide(
                        story.engineer,
                        AddEvidence(
                            item=story.item, requirement="effectiveness", file="b" * 64, size=5, file_name="x.txt"
                        ),
                    ),
                    "evidence",
                    state="accepted",
                    reviewed_by="p-eng",
                ),
            )
        ),
    ),
    "a version rewritten in place": (DECIDED, _lived(_version_rewritten)),
    "the mover of a transition rewritten": (
        DECIDED,
        _lived(
            lambda story: _riding(
                story, Change("passage", story.file.passages[0].id, {"by": "p-eng"}, {"by": "p-lead"})
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
        _ended(lambda story: story.log.append(story.engineer, _closed_by(story, story.engineer))),
    ),
    "a closing in another person's name": (
        "Records name their signers",
        _ended(lambda story: story.log.append(story.engineer, _closing(story, story.lead, "quality_lead"))),
    ),
    "a closing dated back": (
        MOMENTS,
        _ended(
            lambda story: story.log.append(
                story.lead, _closing(story, story.lead, "quality_lead", closed_at="2026-11-02T09:00:07.250Z")
            )
        ),
    ),
    "a closing before the entry before it": (
        DECIDED,
        _ended(
            lambda story: story.log.append(
                story.lead, _closing(story, story.lead, "quality_lead"), at="2026-11-02T09:30:00.000Z"
            )
        ),
    ),
    "a closing with its list of entries cut short": (
        DECIDED,
        _ended(
            lambda story: story.log.append(story.lead, _closing(story, story.lead, "quality_lead", entries=[4, 5, 6]))
        ),
    ),
    "a closing with another summary": (
        DECIDED,
        _ended(
            lambda story: story.log.append(
                story.lead, _closing(story, story.lead, "quality_lead", summary="Perfect from the start.")
            )
        ),
    ),
    "a closing without the passphrase": (
        DECIDED,
        _ended(lambda story: story.log.append(story.lead, _closing(story, story.lead, "quality_lead"), auth="session")),
    ),
    "a closing hidden beside another item": (DECIDED, _ended(_closed_in_part)),
    "a closing after the role had ended": (DECIDED, _ended(_role_ended)),
    "a closing by somebody who never declared": (DECIDED, _undeclared),
    "a closing without the approval": (DECIDED, lambda: _unsigned_road(evidence=True)),
    "a closing without the evidence": (DECIDED, lambda: _unsigned_road(evidence=False)),
    "a vault founded anew in the middle": (
        DECIDED,
        _lived(lambda story: _riding(story, Change("vault", "v-2", None, _vault_row(story)))),
    ),
    "a list of entries without one": (
        LEFT_OUT,
        lambda: reproven(lambda proof: without(proof, 9), signers=True),
    ),
    "a grant of a role left out": (DECIDED, lambda: reproven(lambda proof: without(proof, 1), signers=True)),
    "the first entry left out": (DECIDED, lambda: reproven(lambda proof: without(proof, 0), signers=True)),
    "a name of 20,000 letters": (SIZE, _long_name),
}


def _closed_by(story: Story, by: SmallPerson) -> Act:
    """A closing by somebody without the right, as the program would make it for somebody with it."""
    act = _closing(story, story.lead, "quality_lead")
    renamed = tuple(
        _change(each, {name: by.id if value == "p-lead" else value for name, value in each.after.items()})
        for each in act.changes
    )
    return _put(act, changes=renamed)


def _person_change_item(story: Story, **after: Any) -> Change:
    row = msgspec.to_builtins(story.file.item)
    return Change("item", story.item, {name: row[name] for name in after}, after)


def _vault_row(story: Story) -> dict[str, Any]:
    row = msgspec.to_builtins(story.log.state.vault())
    row.pop("id")
    return row
