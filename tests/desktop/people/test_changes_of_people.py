"""Passphrases, leaving, the data key: real people in a real vault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from people_cast import NEW, PASSPHRASES

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.store.engine import writing
from desktop.vault.slots import SLOT_FILES
from domain.commands.items import CreateItem
from domain.errors import Cancelled, CountersignError, Damaged, Refused, Unavailable, UsageProblem, WrongPassphrase
from domain.state import ItemFilter

AsPerson = Callable[..., UnlockedSession]


def id_of(vault: UnlockedSession, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def acts(vault: UnlockedSession) -> list[str]:
    return [vault.register.entry(seq).header.act for seq in range(vault.register.log_size())]


def slots_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SLOT_FILES}


def test_a_changed_passphrase_opens_and_the_old_one_leaves_the_disk(as_person: AsPerson, place: Path) -> None:
    vault = as_person("Quinn")
    before = slots_of(place)
    vault.people_service.change_passphrase(old=PASSPHRASES["Quinn"], new=NEW)
    assert acts(vault)[-1] == "change_passphrase"
    after = slots_of(place)
    assert after["slots.a"] == after["slots.b"] != before["slots.a"]
    assert as_person("Quinn", NEW).verify().findings == ()
    with pytest.raises(WrongPassphrase):
        as_person("Quinn")


@pytest.mark.parametrize("weak", ["short", "quinn quinn quinn", "passwordpassword", "Plant Plant Plant"])
def test_a_weak_new_passphrase_changes_nothing(as_person: AsPerson, place: Path, weak: str) -> None:
    vault = as_person("Quinn")
    before, entries = slots_of(place), vault.register.log_size()
    with pytest.raises(UsageProblem):
        vault.people_service.change_passphrase(old=PASSPHRASES["Quinn"], new=weak)
    assert (slots_of(place), vault.register.log_size()) == (before, entries)


def test_who_is_disabled_neither_enters_nor_comes_back_and_what_they_signed_stands(as_person: AsPerson) -> None:
    vault = as_person("Carl")
    vault.perform(CreateItem(process="capa", fields={"title": "Torn label", "severity": "minor"}))
    number = next(iter(vault.register.items(ItemFilter()))).number
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    assert vault.people_service.items_to_hand_over(carl) in ((), (number,))
    vault.people_service.disable(person=carl, reason="Left the company")
    assert not [held for held in vault.register.roles() if held.person == carl and not held.valid_until]
    certified = vault.register.keys()
    assert all(key.revoked_from for key in certified if key.person == carl)
    assert vault.verify().findings == ()
    with pytest.raises(Refused) as refusal:
        vault.add_person(name="carl", roles=("quality",), identity_checked="Passport seen", passphrase=NEW)
    assert "person.taken" in [each.rule for each in refusal.value.obstacles]
    with pytest.raises(WrongPassphrase):
        as_person("Carl")


def test_the_last_administrator_and_oneself_cannot_be_disabled(as_person: AsPerson) -> None:
    vault = as_person("Bob")
    ada, bob = id_of(vault, "Ada"), id_of(vault, "Bob")
    with pytest.raises(Refused) as refusal:
        vault.people_service.disable(person=bob, reason="I go")
    assert [each.rule for each in refusal.value.obstacles] == ["person.self"]
    vault.people_service.disable(person=ada, reason="Ada left")
    with pytest.raises(Refused) as refusal:
        vault.people_service.disable(person=bob, reason="I go")
    assert {each.rule for each in refusal.value.obstacles} == {"person.self", "role.last_administrator"}
    assert acts(vault)[-1] == "record_refusal"
    assert vault.verify().findings == ()


def test_old_slot_files_put_back_let_no_disabled_person_in(
    as_person: AsPerson, place: Path, application: CountersignApplication, all_leave: Callable[[], None]
) -> None:
    before = slots_of(place)
    vault = as_person("Ada")
    vault.people_service.disable(person=id_of(vault, "Carl"), reason="Left")
    all_leave()
    for name, data in before.items():
        (place / name).write_bytes(data)
    with pytest.raises(Damaged, match="not those the log recorded"):
        application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])


def test_a_removed_person_opens_nothing_with_old_slot_files_or_old_copies(
    as_person: AsPerson,
    place: Path,
    application: CountersignApplication,
    tmp_path: Path,
    all_leave: Callable[[], None],
) -> None:
    old = Path(shutil.copytree(place, tmp_path / "old.vault"))
    vault = as_person("Ada")
    vault.people_service.remove(person=id_of(vault, "Carl"), reason="Left")
    assert acts(vault)[-3:] == ["disable_person", "begin_rotation", "finish_rotation"]
    assert vault.verify().findings == ()
    all_leave()
    kept = slots_of(place)
    for name in SLOT_FILES:
        shutil.copy(old / name, place / name)
    with pytest.raises(Damaged):  # the slots open, and no key in them opens the store
        application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])
    for name in SLOT_FILES:  # one old copy beside a new one: the newest that holds counts
        (place / name).write_bytes(kept[name])
    shutil.copy(old / "slots.b", place / "slots.b")
    with pytest.raises(CountersignError):
        application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"])
    assert as_person("Quinn").verify().findings == ()


def test_who_was_absent_at_two_rotations_finds_the_key_and_takes_it_over(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    vault.people_service.rotate(reason="Yearly")
    vault.people_service.rotate(reason="Suspected leak")
    vault = as_person("Quinn")
    assert acts(vault)[-1] == "take_over_keys"
    entries = vault.register.log_size()
    vault = as_person("Quinn")
    assert vault.register.log_size() == entries, "taken over once"
    assert vault.verify().findings == ()


def test_a_rotation_reports_how_far_it_is_and_can_be_stopped_until_its_copy_is_proven(
    as_person: AsPerson, place: Path
) -> None:
    heard: list[tuple[str, int, int]] = []
    as_person("Ada").people_service.rotate(reason="Yearly", progress=lambda *what: heard.append(what))
    phases = list(dict.fromkeys(phase for phase, _, _ in heard))
    assert phases[:2] == ["copy", "encrypt pages anew"]
    assert phases[-4:] == ["next key written", "new store in place", "slots written", "end recorded"]
    assert len(phases) > 6, "the replay of the new store says its own phases"
    pages = [(done, of) for phase, done, of in heard if phase == "encrypt pages anew"]
    assert pages[-1][0] == pages[-1][1] > 100
    for phase in phases[:-4]:
        vault = as_person("Ada")
        before = files_of(place), vault.register.log_size(), vault._keys.slots_hash

        def stop(now: str, _done: int, _of: int, at: str = phase) -> None:
            if now == at:
                raise Cancelled("Stop.")

        with pytest.raises(Cancelled):
            vault.people_service.rotate(reason="Yearly", progress=stop)
        assert (files_of(place), vault.register.log_size(), vault._keys.slots_hash) == before, phase
    assert as_person("Quinn").verify().findings == ()


def files_of(place: Path) -> dict[str, bytes]:
    names = ("store.db", "slots.a", "slots.b", "store.next")
    return {name: (place / name).read_bytes() for name in names if (place / name).exists()}


def test_once_the_new_key_is_in_the_slots_asking_to_stop_is_too_late(as_person: AsPerson) -> None:
    vault = as_person("Ada")

    def stop_late(phase: str, _done: int, _of: int) -> None:
        if phase in ("next key written", "new store in place", "slots written", "end recorded"):
            raise Cancelled("Stop.")

    vault.people_service.rotate(reason="Yearly", progress=stop_late)
    assert acts(vault)[-2:] == ["begin_rotation", "finish_rotation"]
    assert vault.verify().findings == ()


def test_a_store_whose_replay_does_not_hold_keeps_its_key(as_person: AsPerson, place: Path) -> None:
    vault = as_person("Ada")
    with writing(vault._store._engine) as connection:
        connection.exec_driver_sql("UPDATE person SET name = 'Somebody' WHERE name = 'Carl'")
    before = (place / "slots.a").read_bytes(), (place / "slots.b").read_bytes(), vault.register.log_size()
    with pytest.raises(Damaged, match="does not hold"):
        vault.people_service.rotate(reason="Yearly")
    after = (place / "slots.a").read_bytes(), (place / "slots.b").read_bytes(), vault.register.log_size()
    assert after == before
    assert not (place / "store.next").exists()


def test_what_a_stopped_rotation_left_of_its_new_store_goes_at_the_next_opening(
    as_person: AsPerson, place: Path
) -> None:
    (place / "store.next").write_bytes(b"half of a store")
    assert as_person("Ada").verify().findings == ()
    assert not (place / "store.next").exists()


def test_only_an_administrator_rotates_and_states_why(as_person: AsPerson) -> None:
    with pytest.raises(Refused) as refusal:
        as_person("Quinn").people_service.rotate(reason="Why not")
    assert [each.rule for each in refusal.value.obstacles] == ["right.missing"]
    with pytest.raises(Refused) as refusal:
        as_person("Ada").people_service.rotate(reason=" ")
    assert [each.rule for each in refusal.value.obstacles] == ["reason.missing"]


def test_the_root_key_comes_and_goes_with_the_role(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    quinn = id_of(vault, "Quinn")
    vault.people_service.grant_role(person=quinn, role="administrator", reason="Cover")
    assert not as_person("Quinn")._keys.is_administrator
    as_person("Bob").people_service.confirm_role(person=quinn, role="administrator")
    assert (
        as_person("Quinn")
        .add_person(name="Dora", roles=("quality",), identity_checked="Passport seen", passphrase=NEW)
        .header.act
        == "enrol_person"
    )
    as_person("Ada").people_service.revoke_role(person=quinn, role="administrator", reason="Back")
    vault = as_person("Quinn")
    assert not vault._keys.is_administrator
    with pytest.raises(Refused):
        vault.add_person(name="Emil", roles=("quality",), identity_checked="Passport seen", passphrase=NEW)
    assert vault.verify().findings == ()


def test_who_is_enrolled_where_two_administrate_unlocks_when_the_second_one_confirms(
    as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = as_person("Ada")
    vault.add_person(name="Bob Two", roles=("administrator",), identity_checked="Passport seen", passphrase=NEW)
    monkeypatch.setitem(PASSPHRASES, "Bob Two", NEW)
    two = id_of(vault, "Bob Two")
    with pytest.raises(Unavailable, match="not confirmed"):
        as_person("Bob Two")
    with pytest.raises(Refused) as refusal:
        as_person("Ada").people_service.confirm_person(person=two)
    assert [each.rule for each in refusal.value.obstacles] == ["person.second"]
    as_person("Bob").people_service.confirm_person(person=two)
    vault = as_person("Bob Two")
    assert vault._keys.is_administrator
    assert vault.verify().findings == ()
