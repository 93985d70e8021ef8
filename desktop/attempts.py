"""Wrong passphrases on this computer: each makes the next try wait, and all are reported at the next unlock.

This holds back a person at the keyboard of this program. Somebody who copied the vault's files tries elsewhere,
as fast as the stretching of the passphrase allows; nothing here stands in the way of that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from desktop.clock import now
from desktop.installation import device_id, home, write_whole
from desktop.vault.passphrases import same_name
from domain.errors import FileProblem, WrongPassphrase
from domain.identity import iso, parse_iso
from domain.items.people import Alarm, Person

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)
_MOST_NAMES = 200
_SAT_OUT = timedelta(seconds=2)
"""A wait up to this long is simply waited; a longer one is told."""


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """Wrong passphrases for one name: in a row (`streak`), and since they were last reported (`unreported`).

    `who` is a hash of vault and name, so that this file tells nobody who works where.
    """

    who: str
    streak: int
    unreported: int
    first_at: str
    last_at: str


@contextmanager
def counted(vault: str, name: str) -> Iterator[None]:
    """Around one try of a passphrase: wait as earlier failures demand, count a failure, forget them on success.

    Raises:
        WrongPassphrase: the next try has to wait; the passphrase was not looked at.
    """
    _wait(vault, name)
    try:
        yield
    except WrongPassphrase:
        _note(vault, name)
        raise
    mine = _find(vault, name)
    if mine is not None and mine.streak:
        _put(vault, msgspec.structs.replace(mine, streak=0))


def wait_after(failures: int) -> timedelta:
    """How long the next try waits after so many failures in a row: a second, doubled each time, 15 minutes at most."""
    if failures < 1:
        return timedelta(0)
    doubled: int = 1 << min(failures - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def unreported_alarms(
    vault: str, people: tuple[Person, ...], *, by: str, at: datetime, new_id: Callable[[], str]
) -> list[Alarm]:
    """What is to be put on record about this vault, found by the person `by`; `mark_reported` afterwards."""
    known = {_who(vault, person.name): person.id for person in people}
    return [
        Alarm(
            id=new_id(),
            kind="wrong_passphrase",
            person=known.get(tries.who, ""),
            count=tries.unreported,
            first_at=tries.first_at,
            last_at=tries.last_at,
            device=device_id(),
            reported_at=iso(at),
            reported_by=by,
        )
        for tries in _all(vault)
        if tries.unreported
    ]


def mark_reported(vault: str) -> None:
    """The alarms are on record; what makes people wait stays."""
    kept = [msgspec.structs.replace(tries, unreported=0, first_at="") for tries in _all(vault) if tries.streak]
    _write(vault, kept)


def wait_left(vault: str, name: str) -> timedelta:
    """How long it is until the next passphrase for this name is looked at; zero when it is looked at now."""
    mine = _find(vault, name)
    if mine is None:
        return timedelta(0)
    delay = wait_after(mine.streak)
    # A clock that was set back must not make anybody wait longer than the delay itself.
    return max(min(parse_iso(mine.last_at) + delay - now(), delay), timedelta(0))


def _wait(vault: str, name: str) -> None:
    mine, left = _find(vault, name), wait_left(vault, name)
    if mine is None or not left:
        return
    if left <= _SAT_OUT:
        time.sleep(left.total_seconds())
        return
    seconds = int(left.total_seconds()) + 1
    raise WrongPassphrase(
        f"After {mine.streak} wrong passphrases the next try waits {seconds} seconds.",
        where=name,
        cure="Wait, then type it again. If it is lost, two other persons can give you a new key.",
    )


def _note(vault: str, name: str) -> None:
    stamp, mine = iso(now()), _find(vault, name)
    before = mine or Tries(who=_who(vault, name), streak=0, unreported=0, first_at="", last_at="")
    _put(
        vault,
        msgspec.structs.replace(
            before,
            streak=before.streak + 1,
            unreported=before.unreported + 1,
            first_at=before.first_at or stamp,
            last_at=stamp,
        ),
    )


def _who(vault: str, name: str) -> str:
    return sha256(f"{vault}\n{same_name(name)}".encode("utf-8", "replace")).hexdigest()


def _find(vault: str, name: str) -> Tries | None:
    who = _who(vault, name)
    return next((tries for tries in _all(vault) if tries.who == who), None)


def _put(vault: str, tries: Tries) -> None:
    _write(vault, [tries, *(each for each in _all(vault) if each.who != tries.who)][:_MOST_NAMES])


def _file(vault: str) -> Path:
    folder = home() / "attempts"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{sha256(vault.encode('utf-8', 'replace')).hexdigest()[:32]}.json"


def _all(vault: str) -> list[Tries]:
    try:
        return msgspec.json.decode(_file(vault).read_bytes(), type=list[Tries])
    except (OSError, msgspec.MsgspecError):  # no memory, or a spoiled one: then nothing is held against anybody
        return []


def _write(vault: str, tries: list[Tries]) -> None:
    try:
        write_whole(_file(vault), msgspec.json.encode(tries))
    except (FileProblem, OSError):  # a medium that cannot be written must not keep people out of their vault
        return
