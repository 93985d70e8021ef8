"""Packs assembled from a real small log."""

from __future__ import annotations

import msgspec
import pytest
from closed_item import ClosedItem, closed_item

from domain.closure.assemble import assemble_pack
from domain.closure.manifest import content_bytes
from domain.closure.proof import open_proof
from domain.closure.timeline import Describer
from domain.commands.items import EditItem
from domain.errors import Damaged
from domain.process.decode import decode_process


@pytest.fixture(scope="module")
def closed() -> ClosedItem:
    return closed_item()


def test_a_pack_reports_the_whole_scenario_of_its_item(closed):
    pack, proof = assemble_pack(**closed.parts(renderer="printer 1"))
    assert pack.title == "PN-CAPA-0004 Burr at edge C of bracket 4711"
    assert pack.standard_met
    assert [line.what for line in pack.timeline] == [
        "Imported from a tracker",
        "Changed: Root cause, Cost",
        "Moved: Reported → Analysed",
        "Approved at Analysed → Implemented, level 1",
        "Moved: Analysed → Implemented",
        "Evidence added",
        "Evidence accepted",
        "Changed: Result",
        "Moved: Implemented → Closed",
        "Closed",
    ]
    approval = pack.approvals[0]
    assert (approval.name, approval.role, approval.auth, approval.seq) == (
        "Zoë Lindström",
        "Quality lead",
        "passphrase",
        7,
    )
    assert approval.meaning == "I have reviewed the cause and the action"
    assert pack.evidence[0].state == "accepted"
    assert pack.evidence[0].reviewed_by == "Zoë Lindström"
    assert pack.provenance is not None
    assert [(cell.cell, cell.text) for cell in pack.provenance.cells] == [
        ("B12", "Burr at edge C of bracket 4711"),
        ("C12", "Burr at edge C of bracket 4711; 14 of 200 parts rejected by the customer."),
        ("E12", "Jürgen Weiß"),
        ("F12", "18.12.2026"),
        ("H12", "siehe 8D; mit Kunde telefoniert"),
    ]
    assert pack.checkpoint_size == len(closed.log.entries)
    assert content_bytes(pack, proof) == content_bytes(*assemble_pack(**closed.parts(renderer="printer 1")))


def test_of_a_large_import_only_this_items_changes_are_shown():
    closed = closed_item(others=2000)
    pack, proof = assemble_pack(**closed.parts(renderer="printer 1"))
    imported = next(entry for entry in proof.entries if entry.index == 4)
    item = next(place for place, leaf in enumerate(closed.log.leaves_of[4]) if closed.item.encode() in leaf)
    assert [line.shown for line in pack.excerpt if line.seq == 4] == [2]
    assert [line.changes for line in pack.excerpt if line.seq == 4] == [2003]
    assert item in [change.index for change in imported.changes]
    assert all(len(change.proof) <= 11 for change in imported.changes)
    assert b"Another piece of work" in b"".join(closed.log.leaves_of[4])
    assert b"Another piece of work" not in content_bytes(pack, proof)


def test_a_register_that_differs_from_the_log_gets_no_pack(closed):
    edited = msgspec.structs.replace(closed.file.item, title="Something nicer")
    with pytest.raises(Damaged, match=r"item\.title says 'Something nicer'"):
        assemble_pack(**closed.parts(renderer="r", file=msgspec.structs.replace(closed.file, item=edited)))


def test_an_approval_that_no_entry_shows_gets_no_pack(closed):
    signed = closed.file.approvals[0]
    without = tuple(
        each
        for each in closed.parts()["entries"]
        if not any(signed.id.encode() in leaf and b"approve_item" in each.leaves[0] for leaf in each.leaves)
    )
    with pytest.raises(Damaged, match=r"records\.approvals: lines found 1, by the entries 0"):
        assemble_pack(**closed.parts(renderer="r", entries=without))


def test_a_standard_that_is_not_met_states_which_rule():
    closed = closed_item(
        before_closing=lambda closed: closed.perform(
            closed.engineer, EditItem(item=closed.item, fields={"description": "Something else"}, reason="Seen anew")
        ),
        closing=False,
    )
    pack, _ = assemble_pack(**closed.parts(renderer="r"))
    unmet = [line.rule for line in pack.standard if line.known and not line.met]
    assert not pack.standard_met
    assert unmet == ["closed", "outcome", "approval.analysed->implemented.1"]
    signed = next(line for line in pack.standard if line.rule.startswith("approval"))
    assert "What Zoë Lindström signed has changed since" in signed.detail


def test_an_entry_made_behind_the_log_is_named_on_the_pack(closed):
    pack, proof = assemble_pack(**closed.parts(renderer="printer 1"))
    assert not [line for line in pack.timeline if line.what == "Computer's clock behind the log"]
    version = closed.log.state.process_version(closed.file.item.process_version)
    signed = next(one for one in open_proof(proof) if one.entry.header.seq == pack.approvals[0].seq)
    header = msgspec.structs.replace(signed.entry.header, behind="2031-01-01T00:00:00.000Z")
    behind = msgspec.structs.replace(signed, entry=msgspec.structs.replace(signed.entry, header=header))
    first, *_ = Describer(closed.item, decode_process(version.definition), {}).lines((behind,))
    assert (first.what, first.seq) == ("Computer's clock behind the log", header.seq)
    assert "2031-01-01T00:00:00.000Z" in first.detail
