"""Packs assembled from a real small log."""

from __future__ import annotations

import msgspec
import pytest
from closed_story import Story, closed_item
from small_log import OTHER_ITEM

from domain.closure.assemble import assemble_pack
from domain.closure.manifest import pack_bytes
from domain.errors import Damaged


@pytest.fixture(scope="module")
def story() -> Story:
    return closed_item()


def test_a_pack_tells_the_whole_story_of_its_item(story):
    pack, proof = assemble_pack(**story.parts(renderer="printer 1"))
    assert pack.title == "PN-CAPA-0012 Burr at edge C of bracket 4711"
    assert pack.standard_met
    assert [line.what for line in pack.timeline] == [
        "Imported from a tracker",
        "Changed: Root cause",
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
        6,
    )
    assert approval.meaning == "I have reviewed the cause and the action"
    assert pack.evidence[0].state == "accepted"
    assert pack.evidence[0].reviewed_by == "Zoë Lindström"
    assert pack.provenance is not None
    assert [(cell.cell, cell.text) for cell in pack.provenance.cells] == [
        ("B12", "Burr at edge C of bracket 4711"),
        ("F12", "31.10.2026"),
        ("H12", "siehe 8D; mit Kunde telefoniert"),
    ]
    assert pack.checkpoint_size == len(story.log.entries)
    assert pack_bytes(pack, proof) == pack_bytes(*assemble_pack(**story.parts(renderer="printer 1")))


def test_of_a_large_import_only_this_items_changes_are_shown():
    story = closed_item(others=2000)
    pack, proof = assemble_pack(**story.parts(renderer="printer 1"))
    imported = next(entry for entry in proof.entries if entry.index == 3)
    assert [line.shown for line in pack.excerpt if line.seq == 3] == [2]
    assert [line.changes for line in pack.excerpt if line.seq == 3] == [2002]
    assert [change.index for change in imported.changes] == [2000, 2001]
    assert all(len(change.proof) <= 11 for change in imported.changes)
    assert OTHER_ITEM[:-4].encode() in b"".join(story.log.changes[3])
    assert b"Another piece of work" not in pack_bytes(pack, proof)


def test_a_register_that_differs_from_the_log_gets_no_pack(story):
    edited = msgspec.structs.replace(story.file.item, title="Something nicer")
    with pytest.raises(Damaged, match=r"item\.title says 'Something nicer'"):
        assemble_pack(**story.parts(renderer="r", file=msgspec.structs.replace(story.file, item=edited)))


def test_an_approval_that_no_entry_shows_gets_no_pack(story):
    without = story.log.logged(without=(6,))
    with pytest.raises(Damaged, match=r"records\.approvals has 1 lines, the entries say 0"):
        assemble_pack(**story.parts(renderer="r", entries=without))


def test_a_standard_that_is_not_met_says_which_rule():
    story = closed_item()
    parts = story.parts(renderer="r")
    unsigned = msgspec.structs.replace(story.file, approvals=())
    pack, _ = assemble_pack(**{**parts, "file": unsigned, "entries": story.log.logged(without=(6, 12))})
    unmet = [line.rule for line in pack.standard if not line.met]
    assert not pack.standard_met
    assert unmet == ["approval.analysed->implemented.1"]
