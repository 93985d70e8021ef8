"""From the register to the printed pack: gather the item's entries with their proofs, assemble, print."""

from __future__ import annotations

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.store.register import StoreRegister
from domain.closure.assemble import assemble_pack
from domain.closure.paths import Paths
from domain.closure.proof import LoggedEntry


def build_pack(register: StoreRegister, item: str, *, checkpoint: str, at: str) -> bytes:
    """The printed pack of this item as the log stands at `checkpoint`.

    Raises:
        Damaged: the log does not support what the register says of the item.
    """
    file = register.item_file(item)
    vault = register.vault()
    version = register.process_version(file.item.process_version)
    wanted = set(register.entries_about(file.item.id))
    mandates = {each.mandate for each in file.approvals} | {each.mandate for each in file.urgencies}
    mandates |= {each.mandate for each in file.requests}
    wanted.update(register.entries_bringing((vault.id, version.id, *sorted(mandates - {""}), *_people_ids(register))))
    paths = Paths(register.leaves())
    pack, proof = assemble_pack(
        vault=vault,
        keys=register.keys(),
        file=file,
        process=version,
        entries=[
            LoggedEntry(entry=register.entry(seq), leaves=register.changes(seq), proof=paths.of(seq))
            for seq in sorted(wanted)
        ],
        checkpoint=checkpoint,
        printed_at=at,
        renderer=RENDERER,
    )
    return print_pack(pack, proof)


def _people_ids(register: StoreRegister) -> tuple[str, ...]:
    """Ids of every record about people: who they are, their keys, their roles."""
    keys = register.keys()
    return tuple(
        [person.id for person in register.people()] + [key.id for key in keys] + [role.id for role in register.roles()]
    )
