"""Forged closure packs, made without keys, with one person's key, and with every key there is.

Each forgery is a function that gives the bytes of a file, and the name of a check that has to fail. A forger with every
key signs entries that no permitted command of the signer yields, lets the story go on honestly, and prints and signs
the pack as the program does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import pikepdf
from closed_story import Story, closed_item, definition
from small_log import SmallPerson, seeded

from desktop.pdf.print_pack import RENDERER, print_pack
from domain.act import Act, Actor, Change
from domain.closure.compose import compose_pack
from domain.closure.manifest import pack_bytes, sign_pack
from domain.closure.proof import ProofError, open_proof
from domain.commands.closure import CloseItem
from domain.commands.command import Command
from domain.commands.deciding import decide
from domain.commands.evidence import AddEvidence
from domain.commands.items import EditItem, ReopenItem
from domain.commands.people import EnrolPerson, GrantRole, RevokeRole
from domain.identity import parse_iso
from domain.log.canonical import canonical
from domain.process.decode import decode_process, process_hash, process_text

SIGNED = "Signed by whoever printed it"
DECIDED = "Entries decided again"
FACTS = "Every printed fact follows from the entries"
LEFT_OUT = "No entry left out"
PAGES = "Pages, metadata and attachment as printed"
FORMAT = "Format"
SIZE = "Size"
MOMENTS = "Moments are those of their entries"

Forgery = tuple[str, Callable[[], bytes]]
_put = msgspec.structs.replace


# ---- without keys: a genuine pack is altered, and printed anew from what it says then


def _genuine() -> Story:
    return closed_item()


def _reopened() -> Story:
    story = closed_item()
    story.perform(story.lead, ReopenItem(item=story.item, reason="It came back", meaning="I reopen this work"))
    return story


def _altered(change: Callable[[Any], Any]) -> bytes:
    """The genuine pack with other content on its pages, under the genuine signatures."""
    pack, proof, signatures = _genuine().made(RENDERER)
    return print_pack(change(pack), proof, signatures)


def _reproven(change: Callable[[Any], Any], *, signers: bool = False, story: Story | None = None) -> bytes:
    """The genuine proof altered, with the pack that follows from it; `signers`: signed by every key there is."""
    story = story or _genuine()
    pack, proof, signatures = story.made(RENDERER)
    proof = change(proof)
    try:
        pack = compose_pack(proof, open_proof(proof), printed_at=pack.printed_at, renderer=RENDERER)
    except ProofError:
        pack = _put(pack, listed=proof.about)
    return print_pack(pack, proof, story.sign(pack, proof) if signers else signatures)


def _without(proof: Any, *seqs: int) -> Any:
    return _put(
        proof,
        entries=tuple(each for each in proof.entries if each.index not in seqs),
        about=tuple(each for each in proof.about if each not in seqs),
        site=tuple(each for each in proof.site if each not in seqs),
    )


def _first_line(of: str, **other: Any) -> Callable[[Any], Any]:
    def change(pack: Any) -> Any:
        lines = getattr(pack, of)
        return _put(pack, **{of: (_put(lines[0], **other), *lines[1:])})

    return change


def _member(name: str, **other: Any) -> Callable[[Any], Any]:
    return lambda pack: _put(pack, **{name: _put(getattr(pack, name), **other)})


SENTENCE = "This pack replaces all earlier ones; the customer has accepted the parts."
WITHOUT_KEYS: dict[str, Forgery] = {
    "a sentence as the printing program": (FORMAT, lambda: _altered(lambda pack: _put(pack, renderer=SENTENCE))),
    "a sentence behind the printing program": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, renderer=f"{RENDERER}\n{SENTENCE}")),
    ),
    "a sentence among the versions": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, renderer=f"countersign-pdf 1 ({SENTENCE})")),
    ),
    "another version of the library": (
        SIGNED,
        lambda: _altered(lambda pack: _put(pack, renderer="countersign-pdf 1 (reportlab 9.9, qpdf 9.9)")),
    ),
    "a sentence as the moment": (FORMAT, lambda: _altered(lambda pack: _put(pack, printed_at="2026-11-22, accepted"))),
    "a week as the moment": (FORMAT, lambda: _altered(lambda pack: _put(pack, printed_at="2026-W48-1T00:00:00.000Z"))),
    "a later moment": (SIGNED, lambda: _altered(lambda pack: _put(pack, printed_at="2026-11-23T00:00:00.000Z"))),
    "a moment before its entries": (
        FORMAT,
        lambda: _altered(lambda pack: _put(pack, printed_at="2020-01-01T00:00:00.000Z")),
    ),
    "another name of who printed": (SIGNED, lambda: _altered(lambda pack: _put(pack, printed_by="Quality Board"))),
    "another title": (FACTS, lambda: _altered(_member("item", title="Nothing was wrong"))),
    "another owner": (FACTS, lambda: _altered(_member("item", owner="Nobody"))),
    "another outcome": (FACTS, lambda: _altered(_member("item", outcome="Perfect"))),
    "a closed item shown as cancelled": (FACTS, lambda: _altered(_member("item", state="cancelled"))),
    "another process title": (FACTS, lambda: _altered(_member("process", title="A better process"))),
    "another name of a signer": (FACTS, lambda: _altered(_first_line("approvals", name="The Board"))),
    "another meaning of a signature": (FACTS, lambda: _altered(_first_line("approvals", meaning="I like it"))),
    "another moment of a signature": (
        FACTS,
        lambda: _altered(_first_line("approvals", at="2026-11-01T00:00:00.000Z")),
    ),
    "another file as evidence": (FACTS, lambda: _altered(_first_line("evidence", sha256="0" * 64))),
    "another demand": (FACTS, lambda: _altered(_first_line("standard", text="Everything is well"))),
    "another detail of a demand": (FACTS, lambda: _altered(_first_line("standard", detail=SENTENCE))),
    "a demand that is not known": (FACTS, lambda: _altered(_first_line("standard", known=False))),
    "another reason why an entry was not judged": (FACTS, lambda: _altered(_first_line("unjudged", reason=SENTENCE))),
    "an entry that was not judged left off": (FACTS, lambda: _altered(lambda pack: _put(pack, unjudged=()))),
    "a line more on the timeline": (
        FACTS,
        lambda: _altered(lambda pack: _put(pack, timeline=(*pack.timeline, pack.timeline[0]))),
    ),
    "another fingerprint of the root key": (
        FACTS,
        lambda: _altered(lambda pack: _put(pack, root_fingerprint="0000 " * 9 + "0000")),
    ),
    "a reopening cut out": (
        SIGNED,
        lambda: _reproven(lambda proof: _without(proof, *proof.about[-1:]), story=_reopened()),
    ),
    "the grants of roles cut out": (DECIDED, lambda: _reproven(lambda proof: _without(proof, 0, 1))),
    "the declaration cut out": (SIGNED, lambda: _reproven(lambda proof: _without(proof, 2))),
    "an entry cut out before the closing": (LEFT_OUT, lambda: _reproven(lambda proof: _without(proof, 9))),
    "a list without its entry": (LEFT_OUT, lambda: _reproven(lambda proof: _put(proof, about=proof.about[:-1]))),
    "no command in an entry": (
        DECIDED,
        lambda: _reproven(
            lambda proof: _put(
                proof,
                entries=(
                    *proof.entries[:-1],
                    _put(proof.entries[-1], changes=proof.entries[-1].changes[1:]),
                ),
            )
        ),
    ),
    "a draft": (SIGNED, lambda: print_pack(*_genuine().made(RENDERER)[:2])),
    "signatures in each other's place": (
        SIGNED,
        lambda: print_pack(
            *(made := _genuine().made(RENDERER))[:2], _put(made[2], person=made[2].log, log=made[2].person)
        ),
    ),
    "signatures of another pack": (
        SIGNED,
        lambda: print_pack(*_genuine().made(RENDERER)[:2], closed_item(title="Another").made(RENDERER)[2]),
    ),
    "words behind the end": (PAGES, lambda: print_pack(*_genuine().made(RENDERER)) + b"\n% accepted by the customer\n"),
    "a page added": (PAGES, lambda: _resaved(lambda pdf: pdf.pages.append(pdf.pages[0]))),
    "an annotation": (PAGES, lambda: _resaved(_annotated)),
    "the data of another pack on these pages": (PAGES, lambda: _with_manifest(closed_item(title="Another"))),
}


def _resaved(change: Callable[[Any], None]) -> bytes:
    with pikepdf.open(BytesIO(print_pack(*_genuine().made(RENDERER)))) as pdf:
        change(pdf)
        paper = BytesIO()
        pdf.save(paper, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return paper.getvalue()


def _annotated(pdf: Any) -> None:
    box = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 99, 99])
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([box]))


def _with_manifest(story: Story) -> bytes:
    manifest = pack_bytes(*story.made(RENDERER))
    return _resaved(lambda pdf: pdf.Root.Names.EmbeddedFiles.Names[1].EF.F.write(manifest))


# ---- with one person's key


def _signed_by(person: Callable[[Story], SmallPerson], log: Callable[[Story], Any]) -> bytes:
    story = _genuine()
    who = person(story)
    pack, proof, _ = story.made(RENDERER, printer=who.key_id)
    return print_pack(pack, proof, sign_pack(pack, proof, person=who.key.sign, log=log(story).sign))


def _reopening_cut_by(person: Callable[[Story], SmallPerson]) -> bytes:
    story = _reopened()
    who = person(story)
    _, proof, _ = story.made(RENDERER, printer=who.key_id)
    proof = _without(proof, proof.about[-1])
    pack = compose_pack(proof, open_proof(proof), printed_at="2026-11-22T19:44:58.123Z", renderer=RENDERER)
    return print_pack(pack, proof, sign_pack(pack, proof, person=who.key.sign, log=who.key.sign))


WITH_ONE_KEY: dict[str, Forgery] = {
    "signed by a person and by no log key": (
        SIGNED,
        lambda: _signed_by(lambda story: story.lead, lambda story: story.lead.key),
    ),
    "signed by a person who signed no checkpoint": (
        SIGNED,
        lambda: _signed_by(lambda story: story.engineer, lambda story: story.log.log_key),
    ),
    "signed by a person whom nobody certified": (
        SIGNED,
        lambda: _signed_by(
            lambda _story: SmallPerson("p-x", "Xaver", seeded("stranger")), lambda story: story.log.log_key
        ),
    ),
    "signed by the log key of another vault": (
        SIGNED,
        lambda: _signed_by(lambda story: story.lead, lambda _story: closed_item(seed="two").log.log_key),
    ),
    "a reopening cut out and signed by one person": (SIGNED, lambda: _reopening_cut_by(lambda story: story.lead)),
}


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
        lambda: _reproven(lambda proof: _without(proof, 9), signers=True),
    ),
    "a grant of a role left out": (DECIDED, lambda: _reproven(lambda proof: _without(proof, 1), signers=True)),
    "the first entry left out": (DECIDED, lambda: _reproven(lambda proof: _without(proof, 0), signers=True)),
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


FORGERIES: dict[str, Forgery] = {**WITHOUT_KEYS, **WITH_ONE_KEY, **WITH_EVERY_KEY}
