"""From the register to the printed pack: gather the entries with their proofs, assemble, have it signed, print."""

from __future__ import annotations

import msgspec

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.store.register import StoreRegister
from desktop.vault.unlocked import UnlockedKeys
from domain.closure.assemble import assemble_pack
from domain.closure.forms import too_large
from domain.closure.manifest import Sign, sign_pack
from domain.closure.paths import Paths
from domain.closure.proof import SITE_RECORDS, LoggedEntry
from domain.errors import UsageProblem
from domain.messages import message
from domain.records.registry import RECORDS


class Printer(msgspec.Struct, frozen=True, kw_only=True):
    """Who prints and signs a pack: the key id, and the signing with the person's key and with the vault's log key."""

    key: str
    person: Sign
    log: Sign


def printer_of(keys: UnlockedKeys) -> Printer:
    """Whoever holds these keys, as the one who prints."""
    return Printer(key=keys.identity.key, person=keys.sign_entry, log=keys.sign_checkpoint_as_vault)


def build_pack(
    register: StoreRegister, item: str, *, checkpoint: str, at: str, printer: Printer, draft: bool = False
) -> bytes:
    """The printed pack of this item as the log stands at `checkpoint`. A draft is not signed and never verifies.

    Raises:
        Damaged: the log does not support what the register says of the item.
        UsageProblem: it is larger than a pack can be.
    """
    file = register.item_file(item)
    wanted = set(register.entries_about(file.item.id))
    wanted.update(register.entries_bringing((*_site_ids(register), *_links_from_others(register, file.item.id))))
    paths = Paths(register.leaves())
    pack, proof = assemble_pack(
        vault=register.vault(),
        keys=register.keys(),
        file=file,
        process=register.process_version(file.item.process_version),
        entries=[
            LoggedEntry(entry=register.entry(seq), leaves=register.changes(seq), proof=paths.of(seq))
            for seq in sorted(wanted)
        ],
        checkpoint=checkpoint,
        printer=printer.key,
        printed_at=at,
        renderer=RENDERER,
    )
    if problems := too_large(pack, proof):
        raise UsageProblem(
            message("No pack is printed of {number}: {problems}.", number=file.item.number, problems=problems[0]),
            remedy=message("Shorten what is too long, or export it."),
        )
    signatures = None if draft else sign_pack(pack, proof, person=printer.person, log=printer.log)
    return print_pack(pack, proof, signatures)


def _site_ids(register: StoreRegister) -> list[str]:
    """Ids of every record that the rules for an item read beside its own: people, keys, roles, versions, settings."""
    return [str(each.id) for record in sorted(SITE_RECORDS) for each in register.all_of(RECORDS[record])]  # type: ignore[attr-defined]


def _links_from_others(register: StoreRegister, item: str) -> list[str]:
    return [link.id for link in register.links_about(item) if link.other == item]
