"""Ten wrong passphrases in a row: this computer looks at no further one until there is a new key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import command, secret_file
from people_cast import NEW, PASSPHRASES

from desktop.application.building import CountersignBuilding
from desktop.machine.attempts import LONGEST_WAIT, MOST_FAILURES, Keyhole, counted, is_locked_out
from desktop.session.open_vault import UnlockedVault
from domain.commands.keys import AskReset
from domain.errors import LockedOut, WrongPassphrase
from domain.records.people import Alarm

AsPerson = Callable[..., UnlockedVault]
OTHER = "some other thirteen purple kites"


@pytest.fixture(autouse=True)
def _waits_are_over_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.machine.attempts._SAT_OUT", LONGEST_WAIT)
    monkeypatch.setattr("desktop.machine.attempts.time.sleep", lambda _seconds: None)


def fail_until_locked_out(building: CountersignBuilding, place: Path, name: str) -> None:
    for n in range(1, MOST_FAILURES + 1):
        with pytest.raises(WrongPassphrase) as problem:
            building.unlock(place, person=name, passphrase=OTHER)
        assert isinstance(problem.value, LockedOut) == (n == MOST_FAILURES), n


def id_of(vault: UnlockedVault, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def key_of(vault: UnlockedVault, name: str) -> str:
    certified = vault.register.keys()
    return next(key.id for key in certified if key.person == id_of(vault, name))


def test_the_right_passphrase_opens_nothing_any_more_by_any_door(
    building: CountersignBuilding, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    copy = as_person("Ada").copies.make().file
    all_leave()
    fail_until_locked_out(building, place, "Carl")
    again = CountersignBuilding()
    for door in (again.unlock, again.inspect):
        with pytest.raises(LockedOut, match="takes no more"):
            door(place, person="Carl", passphrase=PASSPHRASES["Carl"])
    with pytest.raises(LockedOut):
        again.open_snapshot(copy, person="Carl", passphrase=PASSPHRASES["Carl"])
    assert again.wait_left(place, person="Carl") == 0, "there is nothing to wait for"
    as_person("Quinn")  # the others come and go


def test_the_lock_out_is_an_alarm_on_record_once_and_lasts(
    building: CountersignBuilding, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    fail_until_locked_out(building, place, "Carl")
    vault = as_person("Quinn")
    carl = id_of(vault, "Carl")
    assert [(each.kind, each.person, each.count) for each in vault.register.all_of(Alarm)] == [
        ("locked_out", carl, MOST_FAILURES)
    ]
    assert any("Locked out by them until a new key is given: Carl." in each for each in vault.notices)
    assert vault.register.entry(vault.register.log_size() - 1).header.act == "record_alarm"
    assert len(as_person("Quinn").register.all_of(Alarm)) == 1
    all_leave()
    with pytest.raises(LockedOut):
        building.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])


def test_a_new_key_by_two_persons_opens_again(building: CountersignBuilding, place: Path, as_person: AsPerson) -> None:
    fail_until_locked_out(building, place, "Carl")
    vault = as_person("Quinn")
    vault.perform(AskReset(person=id_of(vault, "Carl"), reason="Locked out"), passphrase=PASSPHRASES["Quinn"])
    vault = as_person("Ada")
    vault.people_keys.give_reset(person=id_of(vault, "Carl"), new_passphrase=NEW, passphrase=PASSPHRASES["Ada"])
    vault = as_person("Carl", NEW)
    assert vault.verify().findings == ()
    with pytest.raises(WrongPassphrase) as problem:
        vault.people_keys.reauthenticate(OTHER)
    assert not isinstance(problem.value, LockedOut), "the new key begins with a clean sheet"


def test_a_recovery_sheet_opens_again(
    building: CountersignBuilding, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    vault = as_person("Ada")
    draft = vault.people_keys.draft_sheet()
    vault.people_keys.keep_sheet(draft, typed=None)
    vault = as_person("Bob")
    vault.perform(AskReset(person=id_of(vault, "Ada"), reason="Locked out"), passphrase=PASSPHRASES["Bob"])
    all_leave()
    fail_until_locked_out(building, place, "Ada")
    vault, _ = building.recover(place, code=draft.code, passphrase=NEW)
    vault.lock()
    as_person("Ada", NEW)


def test_signing_and_a_change_of_the_passphrase_count_as_the_door_does(
    building: CountersignBuilding, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    vault = as_person("Carl")
    for _ in range(MOST_FAILURES // 2):
        with pytest.raises(WrongPassphrase):
            vault.people_keys.reauthenticate(OTHER)
        with pytest.raises(WrongPassphrase):
            vault.people_keys.change_passphrase(old=OTHER, new=NEW)
    with pytest.raises(LockedOut):
        vault.people_keys.reauthenticate(PASSPHRASES["Carl"])
    all_leave()
    with pytest.raises(LockedOut):
        building.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])


def test_who_nobody_could_let_in_again_only_waits(building: CountersignBuilding, tmp_path: Path) -> None:
    folder = tmp_path / "Alone.vault"
    building.create_vault(folder, name="Alone", person="Ada", passphrase=PASSPHRASES["Ada"]).lock()
    for _ in range(MOST_FAILURES + 1):
        with pytest.raises(WrongPassphrase) as problem:
            building.unlock(folder, person="Ada", passphrase=OTHER)
        assert not isinstance(problem.value, LockedOut)
    building.unlock(folder, person="Ada", passphrase=PASSPHRASES["Ada"]).lock()


def test_many_other_names_do_not_push_a_lock_out_off_the_record(building: CountersignBuilding, place: Path) -> None:
    fail_until_locked_out(building, place, "Carl")
    vault = building.unlock(place, person="Quinn", passphrase=PASSPHRASES["Quinn"])
    known = Keyhole(vault=vault.register.vault().id, name="Carl", key=key_of(vault, "Carl"))
    vault.lock()
    for n in range(300):
        with pytest.raises(WrongPassphrase), counted(Keyhole(vault=known.vault, name=f"Nobody {n}")):
            raise WrongPassphrase("not right")
    assert is_locked_out(known)


def test_the_command_line_says_what_to_do(building: CountersignBuilding, place: Path, tmp_path: Path) -> None:
    fail_until_locked_out(building, place, "Carl")
    told = command("item", "list", place, "--as", "Carl", "--passphrase-file", secret_file(tmp_path))
    assert told.code == 4
    assert "people reset" in told.err
    assert "vault recover" in told.err
