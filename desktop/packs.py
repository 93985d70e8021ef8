"""From the register to the printed pack: gather the item's entries with their proofs, compose, print."""

from __future__ import annotations

from desktop.pdf.print_pack import RENDERER, print_pack
from desktop.store.register import StoreRegister
from domain.closure.compose import compose_pack
from domain.closure.pack import ClosurePack, Proof
from domain.closure.proof import LoggedEntry, make_proof, open_proof
from domain.log.merkle import inclusion_proof


def pack_content(
    register: StoreRegister, item: str, *, checkpoint: str, at: str, renderer: str
) -> tuple[ClosurePack, Proof]:
    """What a pack of this item says today, and the proof that supports it."""
    found = register.item(item)
    about = set(register.entries_about(found.id))
    about.update(register.entries_bringing((register.vault().id, found.process_version, *_people_ids(register))))
    leaves = register.leaves()
    entries = [
        LoggedEntry(entry=register.entry(seq), changes=register.changes(seq), proof=tuple(inclusion_proof(seq, leaves)))
        for seq in sorted(about)
    ]
    proof = make_proof(
        item=found.id,
        vault=register.vault(),
        keys=register.keys(),
        entries=entries,
        definition=register.process_version(found.process_version).definition,
        checkpoint=checkpoint,
    )
    return compose_pack(proof, open_proof(proof), printed_at=at, renderer=renderer), proof


def _people_ids(register: StoreRegister) -> tuple[str, ...]:
    """Ids of every record about people: who they are, their keys, their roles."""
    keys = register.keys()
    return tuple(
        [person.id for person in register.people()] + [key.id for key in keys] + [role.id for role in register.roles()]
    )


def build_pack(register: StoreRegister, item: str, *, checkpoint: str, at: str) -> bytes:
    """The printed pack of this item as the log stands at `checkpoint`."""
    pack, proof = pack_content(register, item, checkpoint=checkpoint, at=at, renderer=RENDERER)
    return print_pack(pack, proof)
