"""What replay asks of a new key for a person who had one: two persons, the old keys revoked, a sheet's own proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from domain.items.people import KeyReset, PersonKey, RecoverySheet
from domain.log.certificates import SHEET_PROOF_PREFIX
from domain.log.checkpoint import b64decode_strict
from domain.log.entry import Header


class Misdeed(msgspec.Struct, frozen=True):
    """Something an entry does that no rule allows: the record it shows in, and a text that goes on from "Entry n "."""

    record: str
    id: str
    field: str
    text: str


class ResetThen(msgspec.Struct, frozen=True, kw_only=True):
    """One entry's resets, and what they are judged by.

    `asked_before` are the resets an earlier entry asked for; `keys` are all keys after the entry.
    """

    header: Header
    given: tuple[KeyReset, ...]
    withdrawn: tuple[KeyReset, ...]
    asked: tuple[KeyReset, ...]
    asked_before: frozenset[str]
    used_sheets: tuple[RecoverySheet, ...]
    keys: tuple[PersonKey, ...]
    new_keys: frozenset[str]
    active: frozenset[str]
    administrator: bool
    verify: Callable[[bytes, bytes, bytes], bool]


def reset_misdeeds(then: ResetThen) -> Iterator[Misdeed]:
    """Every way in which a reset of this entry is not one of two persons."""
    by = then.header.by
    for asked in then.asked:
        if asked.asked_by != by or asked.person == by:
            yield Misdeed(
                "key_reset", asked.id, "asked_by", "asks for a new key in somebody else's name or for oneself."
            )
    for withdrawn in then.withdrawn:
        yield from _withdrawn(then, withdrawn)
    for given in then.given:
        yield from _given(then, given)
        yield from _by_sheet(then, given) if given.sheet else _by_administrator(then, given)


def _withdrawn(then: ResetThen, reset: KeyReset) -> Iterator[Misdeed]:
    if then.header.by not in (reset.asked_by, reset.person):
        text = f"withdraws a request that is not {then.header.by}'s to withdraw."
        yield Misdeed("key_reset", reset.id, "state", text)
    if reset.id not in then.asked_before:
        yield Misdeed("key_reset", reset.id, "state", "withdraws a request that no earlier entry made.")
    if reset.given_by or reset.new_key or reset.sheet or reset.proof:
        yield Misdeed("key_reset", reset.id, "new_key", "withdraws a request and gives a key at once.")


def _given(then: ResetThen, given: KeyReset) -> Iterator[Misdeed]:
    if given.given_by != then.header.by:
        yield Misdeed("key_reset", given.id, "given_by", f"gives a new key in the name of {given.given_by}.")
    if given.new_key not in then.new_keys:
        yield Misdeed("key_reset", given.id, "new_key", "names a new key that was not certified with it.")
    if given.asked_by in (given.given_by, given.person):
        yield Misdeed("key_reset", given.id, "asked_by", "gives a new key that nobody else asked for: it takes two.")
    for key in then.keys:
        if key.person == given.person and key.id != given.new_key and not key.revoked_from:
            yield Misdeed("person_key", key.id, "revoked_from", f"leaves an old key of {given.person} in force.")


def _by_administrator(then: ResetThen, given: KeyReset) -> Iterator[Misdeed]:
    if not then.administrator:
        yield Misdeed("key_reset", given.id, "given_by", f"gives a new key, and {then.header.by} was no administrator.")
    if given.id not in then.asked_before:
        yield Misdeed("key_reset", given.id, "asked_by", "gives a new key that no earlier entry asked for.")
    if given.person == then.header.by:
        yield Misdeed("key_reset", given.id, "person", "gives a new key to oneself.")


def _by_sheet(then: ResetThen, given: KeyReset) -> Iterator[Misdeed]:
    if (given.person, given.new_key) != (then.header.by, then.header.key):
        yield Misdeed("key_reset", given.id, "person", "uses a recovery sheet for somebody else.")
    if given.id not in then.asked_before and then.active - {given.person}:
        yield Misdeed("key_reset", given.id, "asked_by", "uses a recovery sheet, and no other person asked for it.")
    sheet = next((each for each in then.used_sheets if each.id == given.sheet and each.person == given.person), None)
    new = next((key for key in then.keys if key.id == given.new_key), None)
    public = b64decode_strict(sheet.public) if sheet else None
    proof = b64decode_strict(given.proof)
    if new is None or public is None or proof is None:
        yield Misdeed("key_reset", given.id, "sheet", "names no recovery sheet that was in force for this person.")
    elif not then.verify(public, proof, SHEET_PROOF_PREFIX + new.statement.encode()):
        yield Misdeed("key_reset", given.id, "proof", "was not proven with the recovery sheet it names.")
