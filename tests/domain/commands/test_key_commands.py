"""Commands about keys: what they change, and by which rules they are refused."""

from __future__ import annotations

import pytest
from created_vault import ADA, BEA, CARL, DORA, MEANING, CreatedVault, created, key_of

from domain.commands.command import Command
from domain.commands.keys import (
    AskReset,
    BeginRotation,
    ChangePassphrase,
    FailedUnlockCount,
    FinishRotation,
    GiveReset,
    KeepRecoverySheet,
    RecordFailedUnlocks,
    RecordSlots,
    RecoverKey,
    TakeOverKeys,
    WithdrawReset,
)
from domain.commands.people import DisablePerson
from domain.errors import UsageProblem
from domain.identity import iso
from domain.records.people import FailedUnlockReport, KeyReset, RecoverySheet, Rotation

FIRST, LAST = "2026-05-01T08:00:00.000Z", "2026-05-02T08:00:00.000Z"


@pytest.fixture
def vault() -> CreatedVault:
    """Carl has asked for a new key for Dora."""
    vault = created()
    vault.take(CARL, AskReset(person=DORA, reason="forgotten", meaning=MEANING))
    return vault


def asked(vault: CreatedVault) -> KeyReset:
    found: KeyReset = vault.state.all_of(KeyReset)[-1]
    return found


def giving(vault: CreatedVault, number: int = 2, meaning: str = MEANING) -> GiveReset:
    return GiveReset(reset=asked(vault).id, key=key_of(DORA, number), meaning=meaning, slots="s1")


def recovering(**other: str) -> RecoverKey:
    given = {"sheet": "sheet-1", "proof": "p", "new_sheet_id": "sheet-2", "new_sheet_public": "x", "slots": "s1"}
    return RecoverKey(key=key_of(ADA, 2), **{**given, **other})


def counted(**other: object) -> RecordFailedUnlocks:
    given = {"kind": "wrong_passphrase", "person": CARL, "count": 3, "device": "d", "first_at": FIRST, "last_at": LAST}
    return RecordFailedUnlocks(failed_unlock_reports=(FailedUnlockCount(**{**given, **other}),))  # type: ignore[arg-type]


def test_a_new_key_takes_two_persons(vault: CreatedVault) -> None:
    vault.take(ADA, KeepRecoverySheet(sheet="sheet-1", public="x", tested=True))
    request = asked(vault)
    assert (request.asked_by, request.person, request.state) == (CARL, DORA, "asked")
    act = vault.take(ADA, giving(vault))
    now = iso(vault.now)
    given = {"state": "given", "given_by": ADA, "given_at": now, "new_key": f"k-{DORA}-2"}
    assert [(each.record, each.after) for each in act.changes if each.before is not None] == [
        ("key_reset", given),
        ("person_key", {"revoked_from": now}),
        ("vault", {"slots": "s1"}),
    ]
    assert (act.subject, act.reason, act.meaning, act.signing) == (DORA, "forgotten", MEANING, True)
    keys = vault.state.keys()
    assert [each.id for each in keys if each.person == DORA and not each.revoked_from] == [f"k-{DORA}-2"]
    assert [each.state for each in vault.state.all_of(RecoverySheet)] == ["in_force"]


@pytest.mark.parametrize(
    ("by", "command", "rules"),
    [
        (CARL, AskReset(person=CARL, reason="lost", meaning=MEANING), ["person.self"]),
        (CARL, AskReset(person=ADA, reason="", meaning=MEANING), ["reason.missing"]),
        (CARL, AskReset(person=ADA, reason="lost", meaning=" "), ["meaning.missing"]),
        (CARL, AskReset(person=DORA, reason="lost", meaning=MEANING), ["reset.asked"]),
        (CARL, AskReset(person="p-nobody", reason="lost", meaning=MEANING), ["person.unknown"]),
        (ADA, GiveReset(reset="id-no", key=key_of(DORA, 2), meaning=MEANING), ["reset.not_asked"]),
        (ADA, WithdrawReset(reset="id-no", reason="found", meaning=MEANING), ["reset.not_open"]),
        (CARL, BeginRotation(reason="lost laptop"), ["right.missing"]),
        (ADA, BeginRotation(reason="\u2003"), ["reason.missing"]),
        (CARL, KeepRecoverySheet(sheet="s-1", public="x", tested=True), ["right.missing"]),
        (ADA, KeepRecoverySheet(sheet="", public="x", tested=True), ["id.malformed"]),
        (ADA, recovering(), ["sheet.not_in_force", "reset.not_asked"]),
        (CARL, counted(person="p-nobody"), ["person.unknown"]),
        (CARL, counted(count=0), ["failed_unlock_report.malformed"]),
        (CARL, counted(first_at=LAST, last_at=FIRST), ["failed_unlock_report.malformed"]),
        (CARL, counted(first_at="2026-05-01"), ["failed_unlock_report.malformed"]),
    ],
)
def test_what_is_refused(vault: CreatedVault, by: str, command: Command, rules: list[str]) -> None:
    assert vault.rules(by, command) == rules


def test_who_may_not_give_a_key(vault: CreatedVault) -> None:
    assert vault.rules(CARL, giving(vault)) == ["right.missing", "reset.two_persons"]
    assert vault.rules(ADA, giving(vault, number=1)) == ["key.used"]
    assert vault.rules(ADA, giving(vault, meaning="")) == ["meaning.missing"]
    vault.take(ADA, AskReset(person=CARL, reason="forgotten", meaning=MEANING))
    mine = GiveReset(reset=asked(vault).id, key=key_of(CARL, 2), meaning=MEANING)
    assert vault.rules(ADA, mine) == ["reset.two_persons"]
    vault.take(ADA, DisablePerson(person=CARL, reason="left"))
    assert vault.rules(BEA, mine) == ["person.unknown"]


def test_a_request_is_withdrawn_by_its_two_persons_only_and_once(vault: CreatedVault) -> None:
    withdrawing = WithdrawReset(reset=asked(vault).id, reason="found it", meaning=MEANING)
    assert vault.rules(ADA, withdrawing) == ["reset.not_yours"]
    act = vault.take(CARL, withdrawing)
    assert [(each.record, each.after) for each in act.changes] == [("key_reset", {"state": "withdrawn"})]
    assert vault.rules(CARL, withdrawing) == ["reset.not_open"]
    assert vault.rules(ADA, giving(vault)) == ["reset.not_asked"]


def test_a_sheet_gives_a_key_once_when_another_person_asked(vault: CreatedVault) -> None:
    vault.take(ADA, KeepRecoverySheet(sheet="sheet-1", public="x", tested=True))
    assert vault.rules(ADA, recovering()) == ["reset.not_asked"]
    vault.take(CARL, AskReset(person=ADA, reason="forgotten", meaning=MEANING))
    assert vault.rules(BEA, recovering()) == ["sheet.not_in_force", "reset.not_asked"]
    assert vault.rules(ADA, recovering(new_sheet_id="sheet-1")) == ["sheet.id_used"]
    act = vault.take(ADA, recovering())
    now = iso(vault.now)
    reset = asked(vault)
    assert (reset.state, reset.sheet, reset.proof, reset.new_key) == ("given", "sheet-1", "p", f"k-{ADA}-2")
    sheets = {each.id: (each.state, each.person, each.ended_at) for each in vault.state.all_of(RecoverySheet)}
    assert sheets == {"sheet-1": ("used", ADA, now), "sheet-2": ("in_force", ADA, "")}
    assert (act.reason, act.signing) == ("forgotten", False)


def test_who_is_alone_recovers_without_being_asked(vault: CreatedVault) -> None:
    vault.take(ADA, KeepRecoverySheet(sheet="sheet-1", public="x", tested=False))
    for person in (BEA, CARL, DORA):
        vault.take(ADA, DisablePerson(person=person, reason="left"))
    act = vault.take(ADA, recovering())
    assert (asked(vault).person, asked(vault).asked_by, asked(vault).given_by, act.reason) == (ADA, "", ADA, "")


def test_a_second_sheet_replaces_the_first(vault: CreatedVault) -> None:
    vault.take(ADA, KeepRecoverySheet(sheet="sheet-1", public="x", tested=True))
    first = vault.state.all_of(RecoverySheet)[0]
    assert (first.person, first.made_at, first.tested_at) == (ADA, iso(vault.now), iso(vault.now))
    assert vault.rules(ADA, KeepRecoverySheet(sheet="sheet-1", public="y", tested=True)) == ["sheet.id_used"]
    vault.take(ADA, KeepRecoverySheet(sheet="sheet-2", public="y", tested=False))
    assert [each.state for each in vault.state.all_of(RecoverySheet)] == ["replaced", "in_force"]


def test_the_data_key_is_changed_from_its_beginning_to_its_end(vault: CreatedVault) -> None:
    vault.take(ADA, BeginRotation(reason="lost laptop", slots="s1"))
    assert vault.rules(ADA, BeginRotation(reason="again")) == ["rotation.begun"]
    act = vault.take(DORA, FinishRotation(slots="s2"))
    whole = vault.state.all_of(Rotation)[0]
    assert (whole.state, whole.begun_by, whole.finished_by, act.reason) == ("finished", ADA, DORA, "lost laptop")
    assert vault.state.vault().slots == "s2"


def test_a_change_whose_beginning_was_not_recorded_is_finished_with_new_slots_only(vault: CreatedVault) -> None:
    for slots in ("s0", ""):
        with pytest.raises(UsageProblem, match="not being changed"):
            vault.decide(DORA, FinishRotation(slots=slots))
    vault.take(DORA, FinishRotation(slots="s1"))
    whole = vault.state.all_of(Rotation)[0]
    assert (whole.begun_by, whole.finished_by, whole.finished_at) == ("", DORA, iso(vault.now))


@pytest.mark.parametrize("command", [TakeOverKeys, ChangePassphrase, RecordSlots])
def test_slots_are_recorded_when_they_changed(vault: CreatedVault, command: type[ChangePassphrase]) -> None:
    for slots in ("s0", ""):
        with pytest.raises(UsageProblem):
            vault.decide(DORA, command(slots=slots))
    act = vault.take(DORA, command(slots="s1"))
    assert [(each.record, each.before, each.after) for each in act.changes] == [
        ("vault", {"slots": "s0"}, {"slots": "s1"})
    ]
    assert act.subject == ("v" if command is RecordSlots else DORA)


def test_alarms_are_reported_by_who_unlocks(vault: CreatedVault) -> None:
    vault.take(
        DORA,
        RecordFailedUnlocks(
            failed_unlock_reports=(
                *counted().failed_unlock_reports,
                *counted(person="", kind="locked_out").failed_unlock_reports,
            )
        ),
    )
    found = vault.state.all_of(FailedUnlockReport)
    assert [(each.kind, each.person, each.count, each.reported_by, each.reported_at) for each in found] == [
        ("wrong_passphrase", CARL, 3, DORA, iso(vault.now)),
        ("locked_out", "", 3, DORA, iso(vault.now)),
    ]
    with pytest.raises(UsageProblem, match="no failed unlock report"):
        vault.decide(DORA, RecordFailedUnlocks(failed_unlock_reports=()))
