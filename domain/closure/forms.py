"""How large a pack may be, and the forms in which those few words stand that no entry of the log says.

A file that claims to be a pack is hostile until it is verified: its sizes are looked at before any work is done with
it. Honest vaults stay far below these limits; a pack beyond one of them is NOT VERIFIED.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from domain.closure.manifest import Proof
from domain.closure.pack import PACK_FORMAT, ClosurePack
from domain.identity import iso, parse_iso
from domain.messages import message
from domain.rules.people_rules import LONGEST_NAME

MOST_ENTRIES: Final = 20_000
MOST_LEAVES: Final = 200_000
"""Leaves of entries that are shown."""
MOST_KEYS: Final = 5_000
LONGEST_PATH: Final = 64
"""Steps of a path to a root: more than a log of 2^53 entries needs."""
LONGEST_CHECKPOINT: Final = 4_000
LONGEST_DEFINITION: Final = 2_000_000
LONGEST_LEAF: Final = 4_000_000
LONGEST_TITLE: Final = 1_000
LONGEST_WORD: Final = 200
"""Characters of a number, an id, a file name's part or another single word."""
MOST_PRINTED: Final = 6_000_000
"""Characters on all pages together."""
_VERSION = r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,3}"
_RENDERER: Final = re.compile(rf"countersign-pdf [0-9]{{1,4}}(?: \(reportlab {_VERSION}, qpdf {_VERSION}\))?")


def too_large(pack: ClosurePack, proof: Proof) -> list[str]:
    """What of a manifest is larger than a pack can be; looked at before anything else is done with it."""
    leaves = [leaf for entry in proof.entries for leaf in entry.changes]
    paths = (*(entry.proof for entry in proof.entries), *(leaf.proof for leaf in leaves))
    counted = (
        ("entries", len(proof.entries), MOST_ENTRIES),
        ("leaves", len(leaves), MOST_LEAVES),
        ("keys", len(proof.keys), MOST_KEYS),
        (message("forms.characters_of_the_checkpoint"), len(proof.checkpoint), LONGEST_CHECKPOINT),
        (message("forms.characters_of_the_process"), len(proof.definition), LONGEST_DEFINITION),
        (message("forms.steps_of_a_path"), max(map(len, paths), default=0), LONGEST_PATH),
        (message("forms.characters_of_a_leaf"), max((len(leaf.data) for leaf in leaves), default=0), LONGEST_LEAF),
        (message("forms.characters_on_the_pages"), sum(map(len, _texts(pack))), MOST_PRINTED),
        (message("forms.characters_of_the_title"), len(pack.item.title), LONGEST_TITLE),
        *((message("forms.characters_of", name=name), len(text), LONGEST_WORD) for name, text in _words(pack)),
        *((message("forms.characters_of_the_name", text=text[:20]), len(text), LONGEST_NAME) for text in _names(pack)),
    )
    return [
        message("forms.at_most_are_verified", found=found, what=what, most=most)
        for what, found, most in counted
        if found > most
    ]


def _words(pack: ClosurePack) -> Iterator[tuple[str, str]]:
    item = pack.item
    yield from (
        (message("forms.the_number"), item.number),
        (message("forms.the_step"), item.step),
        (message("forms.the_severity"), item.severity),
    )
    yield from (
        (message("forms.the_vault_s_id"), pack.vault),
        (message("forms.the_item_s_id"), item.id),
        (message("forms.the_printer_s_name"), pack.renderer),
    )


def _names(pack: ClosurePack) -> Iterator[str]:
    yield from (pack.vault_name, pack.printed_by, pack.item.owner, pack.item.created_by, pack.item.closed_by)
    yield from (line.name for line in pack.keys)
    yield from (line.name for line in pack.approvals)
    yield from (line.who for line in pack.timeline)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a pack; its values nest no deeper than its types do."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, int):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))


def form_problems(pack: ClosurePack, proof: Proof, newest: str) -> list[str]:
    """What is wrong with the words that no entry says: the printing program and the moment of printing.

    `newest` is the time of the newest entry shown (ISO): a pack is not printed before what it shows.
    """
    findings = [
        message("forms.has_version_this_program", name=name, version=version, pack_format=PACK_FORMAT)
        for name, version in (("pack", pack.format), ("proof", proof.format))
        if version != PACK_FORMAT
    ]
    if not _RENDERER.fullmatch(pack.renderer):
        findings.append(message("forms.the_printing_program_is"))
    if not _is_instant(pack.printed_at):
        findings.append(message("forms.the_moment_of_printing"))
    elif pack.printed_at < newest:
        findings.append(message("forms.it_says_it_was", printed_at=pack.printed_at, newest=newest))
    return findings


def _is_instant(text: str) -> bool:
    try:
        return iso(parse_iso(text)) == text
    except (ValueError, OverflowError):
        return False
