"""Assembling the pack of one item from what the store hands over."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.closure.check import differences
from domain.closure.compose import compose_pack
from domain.closure.lines import records_of
from domain.closure.manifest import Proof
from domain.closure.pack import ClosurePack
from domain.closure.proof import LoggedEntry, ProofError, make_proof, open_proof, replay
from domain.errors import Damaged
from domain.messages import message
from domain.records.item import Approval, Closure, Evidence, Item, ItemFile, TransitionRecord
from domain.records.people import PersonKey, ProcessVersionRecord, Vault
from domain.records.registry import ITEM_FILE, RECORDS


def assemble_pack(
    *,
    vault: Vault,
    keys: Sequence[PersonKey],
    file: ItemFile,
    process: ProcessVersionRecord,
    entries: Sequence[LoggedEntry],
    checkpoint: str,
    printer: str,
    printed_at: str,
    renderer: str,
) -> tuple[ClosurePack, Proof]:
    """The pack and its proof, to be signed with `domain.closure.manifest.sign_pack`.

    `entries` are all entries about the item, all about people, keys, roles, process versions and settings, and the
    import. `printer` is the key id of whoever prints, `printed_at` ISO UTC text (a pack is never printed before its
    newest entry), `renderer` names the printing program and version.

    Raises:
        Damaged: the entries do not add up to the records of the item, or lack one that a pack must show.
    """
    proof = make_proof(
        item=file.item.id,
        printer=printer,
        vault=vault,
        keys=keys,
        entries=entries,
        definition=process.definition,
        checkpoint=checkpoint,
    )
    try:
        read_entries = open_proof(proof)
        _compare(file, proof)
        newest = max((one.entry.header.at for one in read_entries), default="")
        return compose_pack(proof, read_entries, printed_at=max(printed_at, newest), renderer=renderer), proof
    except ProofError as problem:
        raise Damaged(
            message("assemble.the_log_does_not", number=file.item.number, what=problem.what),
            where=problem.where,
            remedy=message("assemble.verify_the_vault_the"),
        ) from problem


def _compare(file: ItemFile, proof: Proof) -> None:
    """Hold the register's records against the replayed ones. Packs are recorded after they are printed."""
    records, findings = replay(open_proof(proof))
    item = file.item.id
    replayed = {
        "transition_records": records_of(records, "transition_record", item, TransitionRecord),
        "approvals": records_of(records, "approval", item, Approval),
        "evidence": records_of(records, "evidence", item, Evidence),
        "closures": records_of(records, "closure", item, Closure),
        **{member: records_of(records, record, item, RECORDS[record]) for member, record in ITEM_FILE.items()},
    }
    stored = {name: sorted(getattr(file, name), key=lambda each: str(each.id)) for name in replayed}
    values = records.get("item", {}).get(item)
    if values is None:
        raise ProofError(message("assemble.no_entry_shows_item", item=item), where="entries")
    now = msgspec.to_builtins(msgspec.convert({**values, "id": item}, Item))
    findings += differences(msgspec.to_builtins(file.item), now, "item")
    findings += differences(msgspec.to_builtins(stored), msgspec.to_builtins(replayed), "records")
    if findings:
        raise ProofError("; ".join(findings[:3]), where=message("assemble.item", number=file.item.number))
