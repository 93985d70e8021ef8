"""Which data key is in force: the one that authenticates the slot file, wherever it was found."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.vault.primitives import Secret
from desktop.vault.sealing import has_mac_of, open_parcel
from desktop.vault.slot_format import Slot, SlotFile
from domain.errors import Damaged
from domain.messages import message


def data_keys(
    slots: SlotFile, slot: Slot, *, own: Sequence[Secret], x25519: Secret, where: str
) -> tuple[Secret, Secret | None]:
    """The data key in force and, while it is being changed, the next one.

    `own` are the keys sealed in the slot itself. Somebody absent at a rotation has the old key there and the
    new one in a parcel. Every key that is neither is wiped.

    Raises:
        Damaged: no key this slot can reach authenticates the file.
    """
    left = [
        open_parcel(parcel, vault=slots.vault, x25519=x25519, where=where)
        for parcel in sorted(slots.absent, key=lambda parcel: -parcel.generation)
        if parcel.slot == slot.slot and parcel.purpose == "dek"
    ]
    known = [*own, *left]
    in_force = next((key for key in known if has_mac_of(slots, key)), None)
    if in_force is None:
        for key in known:
            key.wipe()
        raise Damaged(message("The key slots were altered: their MAC does not hold."), where=where)
    # The newest parcel first: an older one may be from a rotation that ended long ago.
    others = [key for key in (*left, *own[1:]) if key is not in_force and key.expose() != in_force.expose()]
    following = others[0] if others and slots.state == "rotating" else None
    for key in known:
        if key is not in_force and key is not following:
            key.wipe()
    return in_force, following


def root_left_for(slots: SlotFile, slot: Slot, *, x25519: Secret, where: str) -> Secret | None:
    """The root key, if it was left for this slot since its person unlocked last."""
    for parcel in slots.absent:
        if parcel.slot == slot.slot and parcel.purpose == "root":
            return open_parcel(parcel, vault=slots.vault, x25519=x25519, where=where)
    return None
