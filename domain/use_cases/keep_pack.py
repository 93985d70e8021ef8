"""Keep a printed closure pack: its bytes, its hash and the checkpoint it carries."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from domain.act import Act, Actor, IncomingFile
from domain.gates.attempt import KeepPack
from domain.gates.facts import gather
from domain.identity import iso
from domain.items.item import Pack
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, new_record


def keep_pack(register: State, *, by: Actor, new_id: Callable[[], str], item: str, data: bytes, checkpoint: str) -> Act:
    """Record that this pack of the item was printed. Whoever may read an item may print it.

    Raises:
        Refused: the item was never closed.
    """
    facts = gather(register, item, by)
    must_be_allowed(KeepPack(), facts, "be printed as a closure pack")
    found = facts.file.item
    digest = sha256(data).hexdigest()
    pack = Pack(
        id=new_id(),
        item=found.id,
        cycle=found.cycle,
        file=digest,
        size=len(data),
        checkpoint=checkpoint,
        made_at=iso(by.at),
        made_by=by.person,
    )
    return Act(
        name="keep_pack",
        changes=(new_record("pack", pack),),
        subject=found.id,
        process_version=found.process_version,
        files=(IncomingFile(sha256=digest, size=len(data), data=data),),
    )
