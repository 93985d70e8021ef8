"""What an entry may do that is shown in part, because it is also about other items: it cannot be decided again.

Only a few commands touch items other than their own: an import or a migration touches many; cancelling or linking
leaves an obligation or a link on another; a process change puts a version in force. Whatever such an entry says beyond
that is a finding, so that nobody hides an act by adding a change of another item to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.act import Change
from domain.closure.pack_state import PackState
from domain.closure.proof import ITEM_RECORDS, ReadEntry
from domain.messages import message

_IMPORT: Final = "import_register"
_MANY: Final = {
    _IMPORT: frozenset({"item", "import_batch", "file"}),
    "migrate_items": frozenset({"item", "transition_record", "obligation", "evidence"}),
}
"""Commands about many items, with the records of one of them that they change."""
_LEFT_ON_OTHERS: Final = frozenset({"link", "obligation"})
"""Records that a command about another item leaves on this one."""
_BY_IMPORT: Final = frozenset(
    {
        "title",
        "description",
        "owner",
        "owner_name",
        "due",
        "severity",
        "priority",
        "raised",
        "values",
        "legacy_status",
        "legacy",
        "source",
        "source_key",
        "source_fingerprint",
        "state",
        "closed",
        "took_part",
    }
)
"""Fields of an item that an import reads from a row; who owned the item before is added to who took part."""
_IMPORTED: Final = ("open", "closed_before")
"""How an imported item stands: nobody signed here that it was finished."""
_OF_VERSIONS: Final = frozenset({"state", "in_force_from", "item", "changed_at", "until"})
"""Fields of a version and of its draft that a process change sets; its text is never among them."""


def partial_problems(one: ReadEntry, item: str, state: PackState) -> Iterator[str]:
    """What an entry shown in part does that no such command does; `state` is that before it. Texts go on from
    "entry n ".
    """
    act = one.entry.header.act
    for change in one.changes:
        if change.record in ("process_version", "version_draft"):
            if change.before is None or not change.after.keys() <= _OF_VERSIONS:
                yield message("partial.is_shown_in_part", record=change.record, change=change.id)
        elif change.record in ITEM_RECORDS and change.record not in _MANY.get(act, _LEFT_ON_OTHERS):
            yield message("partial.is_shown_in_part", record=change.record, change=change.id)
        elif change.record == "item" and act == _IMPORT:
            yield from _imported(one, change, item, state)


def _imported(one: ReadEntry, change: Change, item: str, state: PackState) -> Iterator[str]:
    """An imported item begins open at the first step, made by whoever imported it; an update changes a row's fields."""
    if change.id != item:
        return
    if change.before is not None:
        before, after = (values.get("took_part", []) for values in (change.before, change.after))
        forgets = after[: len(before)] != before
        if not change.after.keys() <= _BY_IMPORT or change.after.get("state", "open") not in _IMPORTED or forgets:
            yield message("partial.imports_what_no_row", after=", ".join(sorted(change.after)))
        return
    values, header = change.values(), one.entry.header
    known = {each.id: each.definition for each in state.process_versions()}
    begins = {"cycle": 1, "hold": None, "created_by": header.by, "created_at": header.at}
    wrong = [name for name, value in begins.items() if values.get(name) != value]
    if values.get("state") not in _IMPORTED:
        wrong.append("state")
    if str(values.get("process_version")) not in known:
        wrong.append("process_version")
    if wrong:
        yield message("partial.imports_an_item_with", wrong=", ".join(wrong))
