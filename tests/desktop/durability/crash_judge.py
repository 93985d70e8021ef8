"""What a vault must be after whatever happened to it: as before the act or as after it, intact, nothing lost."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from crash_acts import (
    ABSENT,
    BEA,
    NEW_PASSPHRASE,
    PASSPHRASE,
    Place,
    Tried,
    application,
    leaf_marks,
    unlock,
)

from desktop.application import using_backups
from desktop.machine.clock import now
from desktop.vault import session
from desktop.vault.slots import read_slots
from domain.errors import CountersignError, WrongPassphrase

ON_HOLD = {"slots.a", "slots.b", "lock", "store.db"}


@dataclass
class Judgement:
    """How many entries the act left in the log, and everything that is wrong."""

    added: int = 0
    wrong: list[str] = field(default_factory=list)
    notices: tuple[str, ...] = ()


def judge(
    place: Place, tried: Tried, *, leaves: list[str], acknowledged: int, whole: bool = False, newcomer: bool = False
) -> Judgement:
    """Open the vault as a person would next morning and hold it against what was there and what was promised.

    `leaves` are those of the log before the act, `acknowledged` how many entries the program stated were kept;
    `whole`: the act stated it is done. `newcomer`: the person being enrolled comes in first.
    """
    found = Judgement()
    with place.at_home(), tried.program():
        try:
            if tried.name in ("create_vault", "restore") and not acknowledged and not place.vault.exists():
                _make_again(place, tried, found)
                return found
            if newcomer and tried.name == "add_person":
                _newcomer_first(place)
            _look(place, tried, leaves=leaves, found=found)
        except CountersignError as problem:
            found.wrong.append(f"the vault does not open: {type(problem).__name__}: {problem}")
            return found
        except Exception:  # noqa: BLE001 a traceback is what is looked for, so it belongs in the judgement
            found.wrong.append(f"a traceback: {traceback.format_exc()[-800:]}")
            return found
    most = len(tried.entries)
    fine = range(acknowledged, min(acknowledged + 1, most) + 1)
    if tried.together:
        fine = (most,) if acknowledged else (0, most)
    if found.added not in ((most,) if whole else fine):
        found.wrong.append(f"{found.added} entries were added; {acknowledged} were promised")
    return found


def _make_again(place: Place, tried: Tried, found: Judgement) -> None:
    """Nothing is there, as before: then the same name is still free."""
    tried.do(None, place, lambda: None)
    left = {path.name for path in place.on.iterdir()} - {"site.vault", "home"}
    if left:
        found.wrong.append(f"left behind beside the vault: {sorted(left)}")


def _newcomer_first(place: Place) -> None:
    if BEA not in application().people_of(place.vault):
        return
    try:
        unlock(place, BEA).lock()
    except CountersignError:  # enrolled by halves: who is in is judged below, by the log
        return


def _look(place: Place, tried: Tried, *, leaves: list[str], found: Judgement) -> None:
    passphrase = PASSPHRASE
    if tried.name == "migrate":
        # What the program says to do with an older vault; one that has today's format already stays as it is.
        using_backups.migrate(
            place.vault, person=tried.person, passphrase=passphrase, unlock_vault=application().unlock
        )
    if tried.name == "change_passphrase":
        passphrase = NEW_PASSPHRASE if _opens(place, tried.person, NEW_PASSPHRASE) else PASSPHRASE
    vault = unlock(place, tried.person, passphrase)
    try:
        found.notices = vault.notices
        now = leaf_marks(vault)
        found.added = len(now) - len(leaves)
        if now[: len(leaves)] != leaves:
            found.wrong.append("the entries from before are not those from before")
        acts = [vault.register.entry(seq).header.act for seq in range(len(leaves), len(now))]
        if tried.changes_slots:
            acts = _as_if_undisturbed(acts, tried)
            # The judge tries the passphrase of before and that of after; the wrong one is reported as a failed unlock
            # report.
            acts = [act for act in acts if act != "record_failed_unlocks"]
            found.added = len(acts)
        if tuple(acts) != tried.entries[: len(acts)]:
            found.wrong.append(f"the log goes on with {acts}")
        verdict = vault.verify()
        found.wrong += [f"{finding.kind}: {finding.text}" for finding in verdict.findings]
        enrolled = BEA in {person.name for person in vault.register.people()}
    finally:
        vault.lock()
    _look_at_backups(place, tried.person, passphrase, found)
    _look_at_files(place, found)
    if tried.name == "add_person":
        may_enter = _opens(place, BEA, PASSPHRASE)
        if not enrolled == may_enter == (BEA in application().people_of(place.vault)) == (found.added == 1):
            found.wrong.append(f"enrolled: {enrolled}, may enter: {may_enter}, entries: {found.added}")
    if tried.name == "rotate":
        _everybody_enters(place, found)
    if tried.name == "change_passphrase":
        changed = passphrase == NEW_PASSPHRASE
        other = PASSPHRASE if changed else NEW_PASSPHRASE
        if _opens(place, tried.person, other) or changed != (found.added == 1):
            found.wrong.append(f"changed: {changed}, entries: {found.added}, or both passphrases open it")


def _everybody_enters(place: Place, found: Judgement) -> None:
    """Who was absent finds the key in force with the passphrase they have."""
    for name in ABSENT:
        vault = unlock(place, name)
        try:
            found.wrong += [f"{name}: {finding.text}" for finding in vault.verify().findings]
        finally:
            vault.lock()


def _as_if_undisturbed(acts: list[str], tried: Tried) -> list[str]:
    """A change of the slots that a later opening recorded or took up counts as the one that was stopped."""
    if acts[-1:] == ["take_over_keys"]:
        acts = acts[:-1]
    meant = dict(enumerate(tried.entries))
    return [meant.get(n, act) if act == "record_slots" else act for n, act in enumerate(acts)]


def _opens(place: Place, person: str, passphrase: str) -> bool:
    """Whether the key slots let this person in. Asked of the slots alone: a try at unlocking would be recorded."""
    try:
        session.unlock(place.vault, person_name=person, passphrase=passphrase).close()
    except WrongPassphrase:
        return False
    return True


def _look_at_backups(place: Place, person: str, passphrase: str, found: Judgement) -> None:
    """What has the name of a backup is a whole one; and the next backup clears away what a stopped one left."""
    copies = list(place.home.rglob("*.countersign"))
    for copy in copies:
        application().open_snapshot(copy, person=person, passphrase=passphrase).lock()
    backup_folders = [path for path in place.home.rglob(".*") if path.parent.name != "checkpoints"]
    if copies or backup_folders:
        vault = unlock(place, person, passphrase)
        vault.backup_files.make(at=now())
        vault.lock()


def _look_at_files(place: Place, found: Judgement) -> None:
    left = {path.name for path in place.vault.iterdir()} - ON_HOLD
    journal = place.vault / "store.db-journal"
    if journal.exists() and not journal.read_bytes()[:8].strip(b"\0"):
        left.discard(journal.name)  # its magic is wiped, so it is no hot journal: the next commit uses it again
    if left:
        found.wrong.append(f"left behind in the vault: {sorted(left)}")
    read = read_slots(place.vault)
    if read.notices or len({copy.hash for copy in read.copies}) != 1:
        found.wrong.append(f"the slots were not mended: {read.notices}")
    leftover = [path.name for path in _files(place.home) if path.name.startswith(".") and "device-" not in path.name]
    if leftover:
        found.wrong.append(f"left behind in the memory of the installation: {leftover}")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
