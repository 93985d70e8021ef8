"""Ten wrong passphrases in a row: this computer looks at no further one until there is a new key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import command, secret_file
from people_cast import NEW, PASSPHRASES

from desktop.application.application import CountersignApplication
from desktop.machine.failed_unlocks import LONGEST_WAIT, MOST_FAILURES, UnlockTarget, counted, is_locked_out
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.keys import AskReset
from domain.errors import LockedOut, WrongPassphrase
from domain.records.people import FailedUnlockReport

AsPerson = Callable[..., UnlockedSession]
OTHER = "some other thirteen purple kites"


@pytest.fixture(autouse=True)
def _waits_are_over_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.machine.failed_unlocks._SAT_OUT", LONGEST_WAIT)
    monkeypatch.setattr("desktop.machine.failed_unlocks.time.sleep", lambda _seconds: None)


def fail_until_locked_out(application: CountersignApplication, place: Path, name: str) -> None:
    for n in range(1, MOST_FAILURES + 1):
        with pytest.raises(WrongPassphrase) as problem:
            application.unlock(place, person=name, passphrase=OTHER)
        assert isinstance(problem.value, LockedOut) == (n == MOST_FAILURES), n


def id_of(vault: UnlockedSession, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def key_of(vault: UnlockedSession, name: str) -> str:
    certified = vault.register.keys()
    return next(key.id for key in certified if key.person == id_of(vault, name))


def test_the_right_passphrase_opens_nothing_any_more_by_any_door(
    application: CountersignApplication, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    copy = as_person("Ada").backups.make().file
    all_leave()
    fail_until_locked_out(application, place, "Carl")
    again = CountersignApplication()
    for door in (again.unlock, again.inspect):
        with pytest.raises(LockedOut, match="takes no more"):
            door(place, person="Carl", passphrase=PASSPHRASES["Carl"])
    with pytest.raises(LockedOut):
        again.open_snapshot(copy, person="Carl", passphrase=PASSPHRASES["Carl"])
    assert again.wait_left(place, person="Carl") == 0, "there is nothing to wait for"
    as_person("Quinn")  # the others come and go


def test_the_lock_out_is_an_alarm_on_record_once_and_lasts(
    application: CountersignApplication, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    fail_until_locked_out(application, place, "Carl")
    vault = as_person("Quinn")
    carl = id_of(vault, "Carl")
    assert [(each.kind, each.person, each.count) for each in vault.register.all_of(FailedUnlockReport)] == [
        ("locked_out", carl, MOST_FAILURES)
    ]
    assert any("Locked out by them until a new key is given: Carl." in each for each in vault.notices)
    assert vault.register.entry(vault.register.log_size() - 1).header.act == "record_failed_unlocks"
    assert len(as_person("Quinn").register.all_of(FailedUnlockReport)) == 1
    all_leave()
    with pytest.raises(LockedOut):
        application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])


def test_a_new_key_by_two_persons_opens_again(
    application: CountersignApplication, place: Path, as_person: AsPerson
) -> None:
    fail_until_locked_out(application, place, "Carl")
    vault = as_person("Quinn")
    vault.perform(AskReset(person=id_of(vault, "Carl"), reason="Locked out"), passphrase=PASSPHRASES["Quinn"])
    vault = as_person("Ada")
    vault.people_service.give_reset(person=id_of(vault, "Carl"), new_passphrase=NEW, passphrase=PASSPHRASES["Ada"])
    vault = as_person("Carl", NEW)
    assert vault.verify().findings == ()
    with pytest.raises(WrongPassphrase) as problem:
        vault.people_service.reauthenticate(OTHER)
    assert not isinstance(problem.value, LockedOut), "the new key begins with a clean sheet"


def test_a_recovery_sheet_opens_again(
    application: CountersignApplication, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    vault = as_person("Ada")
    draft = vault.people_service.draft_sheet()
    vault.people_service.keep_sheet(draft, typed=None)
    vault = as_person("Bob")
    vault.perform(AskReset(person=id_of(vault, "Ada"), reason="Locked out"), passphrase=PASSPHRASES["Bob"])
    all_leave()
    fail_until_locked_out(application, place, "Ada")
    vault, _ = application.recover(place, code=draft.code, passphrase=NEW)
    vault.lock()
    as_person("Ada", NEW)


def test_signing_and_a_change_of_the_passphrase_count_as_the_door_does(
    application: CountersignApplication, place: Path, as_person: AsPerson, all_leave: Callable[[], None]
) -> None:
    vault = as_person("Carl")
    for _ in range(MOST_FAILURES // 2):
        with pytest.raises(WrongPassphrase):
            vault.people_service.reauthenticate(OTHER)
        with pytest.raises(WrongPassphrase):
            vault.people_service.change_passphrase(old=OTHER, new=NEW)
    with pytest.raises(LockedOut):
        vault.people_service.reauthenticate(PASSPHRASES["Carl"])
    all_leave()
    with pytest.raises(LockedOut):
        application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])


def test_who_nobody_could_let_in_again_only_waits(application: CountersignApplication, tmp_path: Path) -> None:
    folder = tmp_path / "Alone.vault"
    application.create_vault(folder, name="Alone", person="Ada", passphrase=PASSPHRASES["Ada"]).lock()
    for _ in range(MOST_FAILURES + 1):
        with pytest.raises(WrongPassphrase) as problem:
            application.unlock(folder, person="Ada", passphrase=OTHER)
        assert not isinstance(problem.value, LockedOut)
    application.unlock(folder, person="Ada", passphrase=PASSPHRASES["Ada"]).lock()


def test_many_other_names_do_not_push_a_lock_out_off_the_record(
    application: CountersignApplication, place: Path
) -> None:
    fail_until_locked_out(application, place, "Carl")
    vault = application.unlock(place, person="Quinn", passphrase=PASSPHRASES["Quinn"])
    known = UnlockTarget(vault=vault.register.vault().id, name="Carl", key=key_of(vault, "Carl"))
    vault.lock()
    for n in range(300):
        with pytest.raises(WrongPassphrase), counted(UnlockTarget(vault=known.vault, name=f"Nobody {n}")):
            raise WrongPassphrase("not right")
    assert is_locked_out(known)


def test_the_command_line_states_what_to_do(application: CountersignApplication, place: Path, tmp_path: Path) -> None:
    fail_until_locked_out(application, place, "Carl")
    output = command("item", "list", place, "--as", "Carl", "--passphrase-file", secret_file(tmp_path))
    assert output.code == 4
    assert "people reset" in output.err
    assert "vault recover" in output.err
