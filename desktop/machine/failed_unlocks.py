"""Wrong passphrases on this computer: each makes the next try wait, ten in a row lock the key out, and all are
reported at the next unlock (21 CFR 11.300(d)).

This holds back a person at the keyboard of this program. Somebody who copied the vault's files tries elsewhere,
as fast as the stretching of the passphrase allows; nothing here stands in the way of that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from desktop.machine.clock import now
from desktop.machine.installation import device_id, home, write_whole
from desktop.vault.key_ring import KeyRing
from desktop.vault.passphrases import same_name
from desktop.vault.session import read_header, unlock
from domain.commands.keys import FailedUnlockCount
from domain.errors import FileProblem, LockedOut, WrongPassphrase
from domain.identity import iso, parse_iso
from domain.messages import message
from domain.records.people import Person

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)
MOST_FAILURES = 10
"""So many wrong passphrases in a row, and only a new key opens again."""
_MOST_NAMES = 200
_SAT_OUT = timedelta(seconds=2)
"""A wait up to this long is simply waited; a longer one is reported."""


class UnlockTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a passphrase is tried: a vault, a person's name, and the id of the signing key behind it ("" = none known).

    `has_recovery`: others can give this person a new key, or a recovery sheet can. Where nobody could, locking the
    key out would only destroy it, so there the longest wait is all.
    """

    vault: str
    name: str
    key: str = ""
    has_recovery: bool = True


def unlock_target_at(folder: Path, name: str) -> UnlockTarget:
    """Where a passphrase of this name is tried, from the clear header of a vault's key slots.

    Raises:
        Unavailable, Damaged, NewerFormat: as `read_header`.
    """
    header = read_header(folder)
    person = header.person_named(name)
    if person is None:
        return UnlockTarget(vault=header.vault, name=name)
    return UnlockTarget(vault=header.vault, name=name, key=person.key, has_recovery=person.person in header.replaceable)


class FailedUnlocks(msgspec.Struct, frozen=True, kw_only=True):
    """Wrong passphrases for one name: in a row (`streak`), and since they were last reported (`unreported`).

    `who` is a hash of vault and name, so that this file shows nobody who works where; `key` is the id of the key
    they were tried on: a new key starts with a clean sheet.
    """

    who: str
    streak: int
    unreported: int
    first_at: str
    last_at: str
    key: str = ""


@contextmanager
def counted(unlock_target: UnlockTarget) -> Iterator[None]:
    """Around one try of a passphrase: wait as earlier failures demand, count a failure, forget them on success.

    Raises:
        LockedOut: ten were wrong; no passphrase is looked at any more, or this was the tenth.
        WrongPassphrase: the next try has to wait; the passphrase was not looked at.
    """
    if is_locked_out(unlock_target):
        raise _locked_out(unlock_target)
    _wait(unlock_target)
    try:
        yield
    except WrongPassphrase as problem:
        _note(unlock_target)
        if is_locked_out(unlock_target):
            raise _locked_out(unlock_target) from problem
        raise
    mine = _find(unlock_target)
    if mine is not None and mine.streak:
        _put(unlock_target.vault, msgspec.structs.replace(mine, streak=0))


def counted_unlock(folder: Path, *, person: str, passphrase: str) -> KeyRing:
    """Open a person's key slot, as `desktop.vault.session.unlock` does; wrong passphrases count.

    Raises:
        LockedOut, WrongPassphrase: as `counted`, or the passphrase is not right.
        Damaged, Unavailable, NewerFormat: as `unlock`.
    """
    with counted(unlock_target_at(folder, person)):
        return unlock(folder, person_name=person, passphrase=passphrase)


def is_locked_out(unlock_target: UnlockTarget) -> bool:
    """Whether only a new key opens again: restarts and time make no difference."""
    return unlock_target.has_recovery and _streak(unlock_target) >= MOST_FAILURES


def wait_after(failures: int) -> timedelta:
    """How long the next try waits after so many failures in a row: a second, doubled each time, 15 minutes at most."""
    if failures < 1:
        return timedelta(0)
    doubled: int = 1 << min(failures - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def unreported_failed_unlocks(vault: str, people: tuple[Person, ...]) -> tuple[FailedUnlockCount, ...]:
    """What is to be put on record about this vault; `mark_reported` afterwards."""
    known = {_hash_of(vault, person.name): person.id for person in people}
    return tuple(
        FailedUnlockCount(
            kind="locked_out" if failed_unlocks.streak >= MOST_FAILURES else "wrong_passphrase",
            person=known.get(failed_unlocks.who, ""),
            count=failed_unlocks.unreported,
            first_at=failed_unlocks.first_at,
            last_at=failed_unlocks.last_at,
            device=device_id(),
        )
        for failed_unlocks in _all(vault)
        if failed_unlocks.unreported
    )


def mark_reported(vault: str) -> None:
    """The failed unlock reports are on record; what makes people wait stays."""
    kept = [
        msgspec.structs.replace(failed_unlocks, unreported=0, first_at="")
        for failed_unlocks in _all(vault)
        if failed_unlocks.streak
    ]
    _write(vault, kept)


def wait_left(unlock_target: UnlockTarget) -> timedelta:
    """How long it is until the next passphrase for this name is looked at; zero when it is looked at now.

    Zero too for a key that is locked out: there is nothing to wait for.
    """
    mine = _find(unlock_target)
    if mine is None or is_locked_out(unlock_target):
        return timedelta(0)
    delay = wait_after(_streak(unlock_target))
    # A clock that was set back must not make anybody wait longer than the delay itself.
    return max(min(parse_iso(mine.last_at) + delay - now(), delay), timedelta(0))


def _streak(unlock_target: UnlockTarget) -> int:
    mine = _find(unlock_target)
    return mine.streak if mine is not None and mine.key == unlock_target.key else 0


def _locked_out(unlock_target: UnlockTarget) -> LockedOut:
    return LockedOut(
        message(
            "{most_failures} wrong passphrases in a row: this computer takes no more for this name.",
            most_failures=MOST_FAILURES,
        ),
        where=unlock_target.name,
        remedy=message(
            "Get a new key: somebody asks for it and an administrator gives it (people reset), or use your recovery "
            "sheet (vault recover)."
        ),
    )


def _wait(unlock_target: UnlockTarget) -> None:
    left = wait_left(unlock_target)
    if not left:
        return
    if left <= _SAT_OUT:
        time.sleep(left.total_seconds())
        return
    seconds = int(left.total_seconds()) + 1
    raise WrongPassphrase(
        message(
            "After {streak} wrong passphrases the next try waits {seconds} seconds.",
            streak=_streak(unlock_target),
            seconds=seconds,
        ),
        where=unlock_target.name,
        remedy=message("Wait, then type it again. If it is lost, two other persons can give you a new key."),
    )


def _note(unlock_target: UnlockTarget) -> None:
    stamp, mine = iso(now()), _find(unlock_target)
    before = mine or FailedUnlocks(who=_who(unlock_target), streak=0, unreported=0, first_at="", last_at="")
    _put(
        unlock_target.vault,
        msgspec.structs.replace(
            before,
            key=unlock_target.key,
            streak=_streak(unlock_target) + 1,
            unreported=before.unreported + 1,
            first_at=before.first_at or stamp,
            last_at=stamp,
        ),
    )


def _who(unlock_target: UnlockTarget) -> str:
    return _hash_of(unlock_target.vault, unlock_target.name)


def _hash_of(vault: str, name: str) -> str:
    return sha256(f"{vault}\n{same_name(name)}".encode("utf-8", "replace")).hexdigest()


def _find(unlock_target: UnlockTarget) -> FailedUnlocks | None:
    who = _who(unlock_target)
    return next((failed_unlocks for failed_unlocks in _all(unlock_target.vault) if failed_unlocks.who == who), None)


def _put(vault: str, failed_unlocks: FailedUnlocks) -> None:
    others = [each for each in _all(vault) if each.who != failed_unlocks.who]
    # Many names tried once must not push out what is held against a name that has a key here.
    others.sort(key=lambda each: (bool(each.key), each.streak), reverse=True)
    _write(vault, [failed_unlocks, *others][:_MOST_NAMES])


def _file(vault: str) -> Path:
    folder = home() / "attempts"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{sha256(vault.encode('utf-8', 'replace')).hexdigest()[:32]}.json"


def _all(vault: str) -> list[FailedUnlocks]:
    try:
        return msgspec.json.decode(_file(vault).read_bytes(), type=list[FailedUnlocks])
    except (OSError, msgspec.MsgspecError):  # no memory, or a spoiled one: then nothing is held against anybody
        return []


def _write(vault: str, failed_unlocks: list[FailedUnlocks]) -> None:
    try:
        write_whole(_file(vault), msgspec.json.encode(failed_unlocks))
    except (FileProblem, OSError):  # a medium that cannot be written must not keep people out of their vault
        return
