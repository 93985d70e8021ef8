"""Lost passphrases: a new key by two persons, or by one's own sheet; nobody's old key comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from people_cast import NEW, PASSPHRASES

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.keys import AskReset, WithdrawReset
from domain.commands.oversight import ReviewAccess
from domain.commands.people import SignDeclaration
from domain.errors import Refused, UsageProblem, WrongPassphrase
from domain.records.people import Declaration, FailedUnlockReport, KeyReset, PersonKey, RecoverySheet
from resources.texts.declarations import DECLARATION

AsPerson = Callable[..., UnlockedSession]
OTHER = "some other thirteen purple kites"


def id_of(vault: UnlockedSession, name: str) -> str:
    return next(each.id for each in vault.register.people() if each.name == name)


def keys_of(vault: UnlockedSession, person: str) -> list[PersonKey]:
    certified = vault.register.keys()
    return [key for key in certified if key.person == person]


def acts(vault: UnlockedSession) -> list[str]:
    return [vault.register.entry(seq).header.act for seq in range(vault.register.log_size())]


def ask(as_person: AsPerson, asker: str, person: str) -> None:
    vault = as_person(asker)
    vault.perform(AskReset(person=id_of(vault, person), reason="Forgot it on holiday"), passphrase=PASSPHRASES[asker])


def test_two_persons_give_a_new_key_and_the_old_signatures_stand(as_person: AsPerson) -> None:
    ask(as_person, "Quinn", "Carl")
    ask(as_person, "Carl", "Quinn")  # signed with the key that is about to be revoked
    vault = as_person("Ada")
    carl = id_of(vault, "Carl")
    old = [key.id for key in keys_of(vault, carl)]
    vault.people_service.give_reset(person=carl, new_passphrase=NEW, passphrase=PASSPHRASES["Ada"])
    keys = {key.id: key for key in keys_of(vault, carl)}
    assert all(keys[each].revoked_from for each in old)
    assert len(keys) == len(old) + 1
    with pytest.raises(WrongPassphrase):
        as_person("Carl")
    vault = as_person("Carl", NEW)
    assert vault.people_service.key_id not in old
    assert vault.verify().findings == ()


def test_nobody_resets_alone(as_person: AsPerson) -> None:
    ask(as_person, "Ada", "Carl")
    vault = as_person("Ada")
    carl, bob = id_of(vault, "Carl"), id_of(vault, "Bob")
    for person, rule in ((carl, "reset.two_persons"), (bob, "reset.not_asked")):
        with pytest.raises(Refused) as refusal:
            vault.people_service.give_reset(person=person, new_passphrase=NEW, passphrase=PASSPHRASES["Ada"])
        assert rule in [each.rule for each in refusal.value.obstacles]
    with pytest.raises(Refused) as refusal:
        as_person("Quinn").people_service.give_reset(person=carl, new_passphrase=NEW, passphrase=PASSPHRASES["Quinn"])
    assert "right.missing" in [each.rule for each in refusal.value.obstacles]
    assert as_person("Carl").verify().findings == ()


@pytest.mark.parametrize("who", ["Quinn", "Carl"], ids=["who asked", "the person"])
def test_an_open_request_is_withdrawn_by_who_asked_or_by_the_person(as_person: AsPerson, who: str) -> None:
    ask(as_person, "Quinn", "Carl")
    vault = as_person(who)
    (asked,) = vault.register.all_of(KeyReset)
    with pytest.raises(UsageProblem):
        vault.perform(WithdrawReset(reset=asked.id, reason="Found it again"))
    vault.perform(WithdrawReset(reset=asked.id, reason="Found it again"), passphrase=PASSPHRASES[who])
    vault = as_person("Ada")
    (withdrawn,) = vault.register.all_of(KeyReset)
    assert (withdrawn.state, withdrawn.new_key) == ("withdrawn", "")
    with pytest.raises(Refused) as refusal:
        vault.people_service.give_reset(person=id_of(vault, "Carl"), new_passphrase=NEW, passphrase=PASSPHRASES["Ada"])
    assert "reset.not_asked" in [each.rule for each in refusal.value.obstacles]
    assert vault.verify().findings == ()
    ask(as_person, "Quinn", "Carl")
    assert [each.state for each in as_person("Ada").register.all_of(KeyReset)] == ["withdrawn", "asked"]


def test_a_request_is_not_withdrawn_by_others_nor_silently_nor_twice(as_person: AsPerson) -> None:
    ask(as_person, "Quinn", "Carl")
    vault = as_person("Ada")
    (asked,) = vault.register.all_of(KeyReset)

    def refused(reset: str, reason: str, who: str) -> list[str]:
        with pytest.raises(Refused) as refusal:
            as_person(who).perform(WithdrawReset(reset=reset, reason=reason), passphrase=PASSPHRASES[who])
        return [each.rule for each in refusal.value.obstacles]

    assert refused(asked.id, "An administrator says so", "Ada") == ["reset.not_yours"]
    assert refused(asked.id, " ", "Quinn") == ["reason.missing"]
    as_person("Quinn").perform(WithdrawReset(reset=asked.id, reason="A mistake"), passphrase=PASSPHRASES["Quinn"])
    assert refused(asked.id, "Again", "Quinn") == ["reset.not_open"]


def test_a_withdrawn_request_opens_no_sheet(
    as_person: AsPerson, application: CountersignApplication, place: Path, all_leave: Callable[[], None]
) -> None:
    code = sheet_of(as_person, "Ada")
    ask(as_person, "Bob", "Ada")
    vault = as_person("Bob")
    (asked,) = vault.register.all_of(KeyReset)
    vault.perform(WithdrawReset(reset=asked.id, reason="She remembers"), passphrase=PASSPHRASES["Bob"])
    all_leave()
    with pytest.raises(Refused):
        application.recover(place, code=code, passphrase=NEW)


def test_a_wrong_passphrase_at_the_second_signature_changes_no_slot(as_person: AsPerson, place: Path) -> None:
    ask(as_person, "Quinn", "Carl")
    vault = as_person("Ada")
    before = (place / "slots.a").read_bytes(), (place / "slots.b").read_bytes()
    with pytest.raises(WrongPassphrase):
        vault.people_service.give_reset(person=id_of(vault, "Carl"), new_passphrase=NEW, passphrase=OTHER)
    assert before == ((place / "slots.a").read_bytes(), (place / "slots.b").read_bytes())


def test_a_reset_that_was_written_and_not_recorded_is_taken_back_at_the_next_opening(
    as_person: AsPerson, application: CountersignApplication, place: Path
) -> None:
    ask(as_person, "Quinn", "Carl")
    vault = as_person("Ada")
    vault._keys.reset_person(id_of(vault, "Carl"), passphrase=NEW, at="2026-11-22T08:00:00.000Z", administrator=False)
    vault = as_person("Ada")
    assert "record_slots" not in acts(vault)
    assert as_person("Carl").verify().findings == ()


def sheet_of(as_person: AsPerson, name: str) -> str:
    vault = as_person(name)
    draft = vault.people_service.draft_sheet()
    with pytest.raises(UsageProblem):
        vault.people_service.keep_sheet(draft, typed="0000" if "0000" not in draft.code else "1111")
    vault.people_service.keep_sheet(draft, typed=draft.code.split("-")[draft.asked - 1].lower())
    assert draft.code not in repr(draft)
    return draft.code


def test_a_sheet_and_another_persons_request_give_its_owner_a_new_key(
    as_person: AsPerson, application: CountersignApplication, place: Path, all_leave: Callable[[], None]
) -> None:
    code = sheet_of(as_person, "Ada")
    as_person("Bob").people_service.rotate(reason="The sheet has to survive this")
    ask(as_person, "Bob", "Ada")
    all_leave()
    vault, new_sheet = application.recover(place, code=code.lower().replace("-", " "), passphrase=NEW)
    assert acts(vault)[-1] == "recover_key"
    assert vault.verify().findings == ()
    assert {each.state for each in vault.register.all_of(RecoverySheet)} == {"used", "in_force"}
    assert new_sheet.code != code
    assert new_sheet.pdf.startswith(b"%PDF")
    vault.lock()
    with pytest.raises(WrongPassphrase):
        application.recover(place, code=code, passphrase=OTHER)
    vault = as_person("Ada", NEW)
    assert vault._keys.is_administrator
    assert vault.verify().findings == ()


def test_a_sheet_alone_is_not_enough_where_others_work(
    as_person: AsPerson, application: CountersignApplication, place: Path, all_leave: Callable[[], None]
) -> None:
    code = sheet_of(as_person, "Ada")
    all_leave()
    before = (place / "slots.a").read_bytes()
    with pytest.raises(Refused) as refusal:
        application.recover(place, code=code, passphrase=NEW)
    assert [each.rule for each in refusal.value.obstacles] == ["reset.not_asked"]
    assert (place / "slots.a").read_bytes() == before
    assert as_person("Ada").verify().findings == ()


def test_somebody_alone_recovers_with_the_sheet_and_the_record_states_so(
    application: CountersignApplication, place: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Alone.vault"
    vault = application.create_vault(folder, name="Alone", person="Ada", passphrase=PASSPHRASES["Ada"])
    draft = vault.people_service.draft_sheet()
    vault.people_service.keep_sheet(draft, typed=None)
    assert vault.register.all_of(RecoverySheet)[0].tested_at == ""
    vault.lock()
    vault, _ = application.recover(folder, code=draft.code, passphrase=NEW)
    assert [each.asked_by for each in vault.register.all_of(KeyReset)] == [""]
    assert vault.verify().findings == ()
    vault.lock()


def test_only_administrators_print_sheets(as_person: AsPerson) -> None:
    with pytest.raises(Refused) as refusal:
        as_person("Quinn").people_service.draft_sheet()
    assert [each.rule for each in refusal.value.obstacles] == ["right.missing"]


def test_the_first_signature_declares_once_and_asks_both_parts(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    output: list[str] = []
    vault.people_service.before_declaring = output.append
    assert vault.people_service.needs_both_parts
    assert vault.people_service.declaration == DECLARATION
    vault.perform(ReviewAccess(), passphrase=PASSPHRASES["Ada"])
    vault.perform(ReviewAccess(findings="Carl has left", in_order=False), passphrase=PASSPHRASES["Ada"])
    assert acts(vault)[-3:] == ["sign_declaration", "review_access", "review_access"]
    assert output == [DECLARATION]
    assert not vault.people_service.needs_both_parts
    assert vault.people_service.declaration == ""
    given = vault.register.all_of(Declaration)
    assert [(each.person, each.key) for each in given] == [(vault.person.id, vault.people_service.key_id)]
    with pytest.raises(Refused) as refusal:
        vault.perform(SignDeclaration(text=DECLARATION), passphrase=PASSPHRASES["Ada"])
    assert [each.rule for each in refusal.value.obstacles] == ["declaration.given"]
    assert as_person("Ada").people_service.needs_both_parts, "a new session asks both parts again"


def test_a_review_that_finds_something_states_what(as_person: AsPerson) -> None:
    vault = as_person("Ada")
    with pytest.raises(Refused) as refusal:
        vault.perform(ReviewAccess(in_order=False), passphrase=PASSPHRASES["Ada"])
    assert [each.rule for each in refusal.value.obstacles] == ["review.findings"]


def test_wrong_passphrases_are_on_record_at_the_next_unlock_whoever_it_is(
    as_person: AsPerson, application: CountersignApplication, place: Path
) -> None:
    for name in ("Quinn", "Nobody Known"):
        with pytest.raises(WrongPassphrase):
            application.unlock(place, person=name, passphrase=OTHER)
    vault = as_person("Ada")
    failed_unlock_reports = {each.person: each.count for each in vault.register.all_of(FailedUnlockReport)}
    assert failed_unlock_reports == {id_of(vault, "Quinn"): 1, "": 1}
    assert any("wrong passphrase" in notice for notice in vault.notices)
    assert len(as_person("Ada").register.all_of(FailedUnlockReport)) == 2, "reported once"


def test_each_wrong_passphrase_makes_the_next_try_wait_and_success_forgives(
    application: CountersignApplication, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("desktop.machine.failed_unlocks.time.sleep", slept.append)
    for _ in range(3):
        with pytest.raises(WrongPassphrase, match="not right"):
            application.unlock(place, person="Quinn", passphrase=OTHER)
    with pytest.raises(WrongPassphrase, match="next try waits"):
        application.unlock(place, person="Quinn", passphrase=PASSPHRASES["Quinn"])
    assert len(slept) == 2
    assert 0 < slept[0] <= 1 < slept[1] <= 2
    application.unlock(place, person="Carl", passphrase=PASSPHRASES["Carl"]).lock()
