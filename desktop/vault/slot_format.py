"""The slot file: its values, its bytes, and everything that can be checked about it without a key.

The file is canonical JSON (RFC 8785 profile), binary as base64 text, in this final shape for version 1:

* `sum`: SHA-256 over all the rest, so that an accidental change is found before anyone types a passphrase.
* `mac`: HMAC-SHA256 under a sub-key of the data key over all but `mac` and `sum`: proof against intent.
* `previous`: SHA-256 of the file of the generation before. A log that recorded the previous file can so show
  "one change was made and not yet recorded" from "an old file was put back".
* `slots`: one per person or recovery sheet. Each sealed value carries its own purpose and slot header as
  associated data; `generation` is the one in which the slot was sealed.
* `absent`: keys left for people by public key (HPKE): the data key after a rotation, the root key after an
  appointment.
* `state`: `rotating` while the store changes from `dek` to `dek_next`; else `steady`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Literal

import msgspec

from desktop.vault.passphrases import SALT_SIZE, KdfCost, same_name
from domain.errors import Damaged, NewerFormat
from domain.log.canonical import CanonicalError, canonical, parse_canonical
from domain.messages import message

FAMILY = "countersign/slots/v"
FORMAT = FAMILY + "1"
LARGEST_FILE = 8 * 1024 * 1024
MOST_SLOTS = 2000
MOST_PARCELS = 3 * MOST_SLOTS
"""For each slot: the data key in force, the next one during a rotation, and the root key."""
COMMIT_SIZE = 32
MAC_SIZE = 32
FIRST_PREVIOUS = "0" * 64


class Kdf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the slot's key is derived. `argon2id` from a passphrase; `hkdf-sha256` from a recovery code.

    A recovery code is 128 random bits or more, so stretching adds nothing: its cost fields are zero.
    """

    name: Literal["argon2id", "hkdf-sha256"]
    memory_kib: int
    iterations: int
    lanes: int
    salt: bytes

    @property
    def cost(self) -> KdfCost:
        """The Argon2id parameters."""
        return KdfCost(memory_kib=self.memory_kib, iterations=self.iterations, lanes=self.lanes)


class Publics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's public keys: Ed25519 (log, 32 bytes), P-256 (PDF, 65), X25519 (data key, 32).

    A recovery slot has only the last one; the others are empty.
    """

    ed25519: bytes
    p256: bytes
    x25519: bytes


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root's word that these keys are this person's, and the new key's proof that the person holds it."""

    statement: bytes
    root_signature: bytes
    possession: bytes


class Wrapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys sealed under this slot's key, each under a sub-key of its own (AES-256-GCM: nonce, text, tag)."""

    dek: bytes
    dek_next: bytes | None = None
    ed25519: bytes | None = None
    p256: bytes | None = None
    x25519: bytes | None = None
    root: bytes | None = None


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in: a person's passphrase, or a recovery sheet. `factor` names a second factor (none so far)."""

    slot: str
    kind: Literal["person", "recovery"]
    person: str
    name: str
    generation: int
    factor: str | None = None
    kdf: Kdf
    commit: bytes
    wrapped: Wrapped
    public: Publics | None = None
    certificate: Certificate | None = None


class VaultKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The vault's own keys: the log key's seed sealed under a sub-key of the data key, and the public halves.

    `log_certificate` is the root's signature over the statement of `domain.log.certificates`.
    """

    log: bytes
    log_public: bytes
    log_certificate: bytes
    root_public: bytes


class Parcel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key left for a person who was not there, sealed to that person's X25519 key (RFC 9180)."""

    person: str
    slot: str
    purpose: Literal["dek", "root"]
    generation: int
    box: bytes


class SlotFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One generation of the key slots of one vault."""

    format: str
    vault: str
    name: str
    generation: int
    previous: str
    state: Literal["steady", "rotating"]
    slots: tuple[Slot, ...]
    vault_keys: VaultKeys
    absent: tuple[Parcel, ...] = ()
    mac: bytes = b""

    def maced(self) -> bytes:
        """The canonical bytes the MAC is over: everything but the MAC and the sum."""
        value: dict[str, Any] = msgspec.to_builtins(self)
        del value["mac"]
        return canonical(value)

    def person_slot(self, person_name: str) -> Slot | None:
        """The slot of the person of this name, if there is one."""
        wanted = same_name(person_name)
        return next((slot for slot in self.slots if slot.kind == "person" and same_name(slot.name) == wanted), None)

    def slot_of(self, person: str) -> Slot | None:
        """The slot of the person with this id, if there is one."""
        return next((slot for slot in self.slots if slot.kind == "person" and slot.person == person), None)

    def has_recovery(self, person: str) -> bool:
        """Whether a person (an id) who cannot unlock any more can get a new key.

        By a recovery sheet of their own, or by two others, one of whom holds the root key.
        """
        if any(slot.kind == "recovery" and slot.person == person for slot in self.slots):
            return True
        others = {slot.person for slot in self.slots if slot.kind == "person"} - {person}
        holders = {slot.person for slot in self.slots if slot.wrapped.root}
        holders |= {parcel.person for parcel in self.absent if parcel.purpose == "root"}
        return len(others) > 1 and bool(holders & others)


def encode(slots: SlotFile) -> bytes:
    """The bytes of a slot file."""
    value: dict[str, Any] = msgspec.to_builtins(slots)
    return canonical(value | {"sum": sha256(canonical(value)).hexdigest()})


def file_hash(data: bytes) -> str:
    """What the log records about a slot file: SHA-256 of its bytes, in hex."""
    return sha256(data).hexdigest()


def decode(data: bytes, *, where: str) -> SlotFile:
    """The values of a slot file, after all that can be checked without a key.

    Raises:
        Damaged: not the bytes that were written, or values outside their bounds.
        NewerFormat: written by a newer Countersign.
    """
    value = _parse(data, where=where)
    found = value.get("format")
    stated = value.pop("sum", None)
    intact = stated == sha256(canonical(value)).hexdigest()
    if isinstance(found, str) and found.startswith(FAMILY) and found != FORMAT and intact:
        raise NewerFormat(
            message("The key slots have the format {found!r}, which this Countersign does not know.", found=found),
            where=where,
            remedy=message("Open the vault with the newer Countersign that wrote it."),
        )
    if found != FORMAT:
        raise Damaged(message("This is not a key slot file of a known format."), where=where)
    if not intact:
        raise Damaged(
            message("The key slots were changed after they were written: their sum does not match."), where=where
        )
    try:
        slots = msgspec.convert(value, SlotFile)
    except msgspec.ValidationError as problem:
        raise Damaged(
            message("The key slots hold an impossible value: {problem}", problem=problem), where=where
        ) from problem
    _check(slots, where=where)
    return slots


def names_a_newer_format(data: bytes) -> bool:
    """Whether the bytes claim a newer version of this format, intact or not."""
    if len(data) > LARGEST_FILE:
        return False
    try:
        value = parse_canonical(data)
    except (ValueError, RecursionError):  # not even JSON: it claims nothing
        return False
    claim = value.get("format") if isinstance(value, dict) else None
    return isinstance(claim, str) and claim != FORMAT and claim.removeprefix(FAMILY).isdecimal()


def _parse(data: bytes, *, where: str) -> dict[str, Any]:
    if len(data) > LARGEST_FILE:
        raise Damaged(
            message("The key slot file is larger than {largest_file} MiB.", largest_file=LARGEST_FILE // 1024 // 1024),
            where=where,
        )
    try:
        value = parse_canonical(data)
    except (CanonicalError, ValueError, RecursionError) as problem:
        raise Damaged(
            message("The key slot file is cut short or was changed: it is not canonical JSON."), where=where
        ) from problem
    if not isinstance(value, dict):
        raise Damaged(message("The key slot file is no object."), where=where)
    return value


def _check(slots: SlotFile, *, where: str) -> None:
    if slots.generation < 1 or len(slots.previous) != len(FIRST_PREVIOUS) or len(slots.mac) != MAC_SIZE:
        raise Damaged(message("The key slots have an impossible generation, link or MAC."), where=where)
    if not 1 <= len(slots.slots) <= MOST_SLOTS or len(slots.absent) > MOST_PARCELS:
        raise Damaged(
            message(
                "A slot file holds 1 to {most_slots} slots; this one has {count}.",
                most_slots=MOST_SLOTS,
                count=len(slots.slots),
            ),
            where=where,
        )
    for slot in slots.slots:
        _check_slot(
            slot,
            last_generation=slots.generation,
            where=message("{where}, slot of {slot!r}", where=where, slot=slot.name),
        )
    people = [slot for slot in slots.slots if slot.kind == "person"]
    for what, values in (
        (message("slot id"), [slot.slot for slot in slots.slots]),
        (message("person id"), [slot.person for slot in people]),
        ("name", [same_name(slot.name) for slot in people]),
        (message("signing key"), [slot.public.ed25519 for slot in people if slot.public]),
    ):
        if len(set(values)) != len(values):
            raise Damaged(message("Two key slots have the same {what}.", what=what), where=where)


def _check_slot(slot: Slot, *, last_generation: int, where: str) -> None:
    if slot.factor is not None:
        raise NewerFormat(message("A key slot asks for a second factor this Countersign does not know."), where=where)
    if not 1 <= slot.generation <= last_generation or len(slot.commit) != COMMIT_SIZE:
        raise Damaged(message("The slot has an impossible generation or commitment."), where=where)
    if len(slot.kdf.salt) != SALT_SIZE:
        raise Damaged(message("The slot's salt is not {salt_size} bytes.", salt_size=SALT_SIZE), where=where)
    outside = slot.kdf.cost.outside_bounds() if slot.kdf.name == "argon2id" else _unexpected_cost(slot)
    if outside:
        raise Damaged(
            message("The slot's key derivation is refused before it is tried: {outside}.", outside=outside), where=where
        )
    if not (_is_complete(slot) if slot.kind == "person" else _is_complete_recovery(slot)):
        raise Damaged(message("The slot lacks one of the keys it should hold."), where=where)


def _unexpected_cost(slot: Slot) -> str:
    if slot.kind == "person":
        return message("a person's passphrase must be stretched by argon2id")
    leftover = slot.kdf.memory_kib or slot.kdf.iterations or slot.kdf.lanes
    return message("hkdf-sha256 has no cost parameters") if leftover else ""


def _is_complete(slot: Slot) -> bool:
    wrapped = slot.wrapped
    keys = (wrapped.ed25519, wrapped.p256, wrapped.x25519, slot.public, slot.certificate)
    return bool(slot.person and slot.name.strip()) and None not in keys


def _is_complete_recovery(slot: Slot) -> bool:
    wrapped, public = slot.wrapped, slot.public
    sealed = None not in (wrapped.x25519, wrapped.root) and wrapped.ed25519 is None and wrapped.p256 is None
    return bool(slot.person) and sealed and public is not None and not (public.ed25519 or public.p256)
