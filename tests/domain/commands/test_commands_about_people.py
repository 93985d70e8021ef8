"""Commands about people: what they change, and by which rules they are refused."""

from __future__ import annotations

import msgspec
import pytest
from created_vault import ADA, BEA, CAPA, CARL, DORA, CreatedVault, created, creation, declaring, enrolling, key_of

from domain.commands.deciding import decide
from domain.commands.keys import AskReset
from domain.commands.people import ConfirmPerson, ConfirmRole, DisablePerson, EnrolPerson, GrantRole, RevokeRole
from domain.errors import UsageProblem
from domain.identity import iso
from domain.records.people import ADMINISTRATOR, Declaration
from domain.rules.access_conflicts import access_conflicts
from domain.rules.facts import gather_vault


@pytest.fixture
def vault() -> CreatedVault:
    return created()


def test_the_founder_is_who_signs_and_holds_nothing_but_what_is_given() -> None:
    vault = CreatedVault()
    act = vault.take(ADA, creation(roles=("quality", "quality")))
    at = iso(vault.now)
    assert [(each.record, each.id) for each in act.changes if each.record != "person_role"] == [
        ("vault", "v"),
        ("person", ADA),
        ("person_key", f"k-{ADA}-1"),
        ("process", "capa"),
        ("process_version", "capa@1"),
    ]
    roles = vault.state.roles()
    assert [(each.person, each.role, each.granted_by, each.valid_from) for each in roles] == [
        (ADA, ADMINISTRATOR, ADA, at),
        (ADA, "quality", ADA, at),
    ]
    assert vault.state.people()[0].name == "Ada"
    assert (act.subject, act.role, act.signing) == ("v", ADMINISTRATOR, False)


def test_whoever_creates_a_vault_may_name_the_role_that_comes_with_it() -> None:
    vault = CreatedVault()
    vault.take(ADA, creation(roles=(ADMINISTRATOR, "quality")))
    assert sorted(each.role for each in vault.state.roles()) == [ADMINISTRATOR, "quality"]


@pytest.mark.parametrize(
    "other",
    [
        {"name": " Plant"},
        {"name": ""},
        {"first_admin": "A\u202eda"},
        {"first_admin": "A" * 201},
        {"prefix": "p2"},
        {"prefix": "P234567890"},
        {"roles": ("nobody_knows",)},
        {"processes": ("{}",)},
        {"processes": (CAPA, CAPA)},
    ],
)
def test_what_cannot_be_created(other: dict[str, object]) -> None:
    with pytest.raises(UsageProblem):
        CreatedVault().take(ADA, creation(**other))


def test_a_vault_is_created_once(vault: CreatedVault) -> None:
    for by in (ADA, DORA):
        with pytest.raises(UsageProblem, match="created already"):
            vault.decide(by, creation(vault="w"))


def test_enrolling(vault: CreatedVault) -> None:
    act = vault.take(BEA, enrolling("p-eve", "Eve", "quality", "quality", ADMINISTRATOR))
    at = iso(vault.now)
    assert act.changes[0].after == {
        "name": "Eve",
        "state": "proposed",
        "enrolled_at": at,
        "enrolled_by": BEA,
        "identity_checked": "Passport seen",
    }
    assert [each.after["role"] for each in act.changes[2:]] == ["quality", ADMINISTRATOR]
    assert {each.after["granted_by"] for each in act.changes[2:]} == {BEA}
    assert (act.subject, act.role) == ("p-eve", ADMINISTRATOR)


@pytest.mark.parametrize(
    ("by", "command", "rules"),
    [
        (CARL, enrolling("p-eve", "Eve"), ["right.missing"]),
        (ADA, enrolling(DORA, "Eve"), ["key.used", "person.id_used"]),
        (ADA, enrolling("p-eve", "DORA"), ["person.taken"]),
        (ADA, enrolling("p-eve", "Eve "), ["person.name"]),
        (ADA, enrolling("p-eve", "Eve\u2028"), ["person.name"]),
        (ADA, enrolling("p-eve", "Eve\U0001fae8"), ["person.name"]),
        (ADA, enrolling("p-eve", "D\u043era"), ["person.mixed_scripts", "person.looks_alike"]),
        (ADA, enrolling("p-eve", "\u0410\u0412\u0415\u0410"), []),
        (ADA, enrolling("p-eve", "\u0412\u0435\u0430"), ["person.looks_alike"]),
        (ADA, enrolling("p-eve", "D\u00f3ra"), ["person.looks_alike"]),
        (ADA, enrolling("p-eve", "D ora"), ["person.looks_alike"]),
        (ADA, enrolling("p-eve", "Car1"), ["person.looks_alike"]),
        (ADA, enrolling("p-eve", "Do\u200dra"), ["person.invisible", "person.looks_alike"]),
        (ADA, enrolling("p-eve", "Eve\u3164"), ["person.invisible"]),
        (ADA, enrolling("p-eve", "Eve", "nobody_knows"), ["role.unknown"]),
        (ADA, enrolling("", "Eve"), ["id.malformed"]),
        (ADA, enrolling("p eve", "Eve"), ["id.malformed"]),
        (
            ADA,
            EnrolPerson(person="p-eve", name="Eve", identity_checked="Passport seen", roles=(), key=key_of(ADA)),
            ["key.used"],
        ),
        (CARL, GrantRole(person=CARL, role=ADMINISTRATOR), ["right.missing", "person.self"]),
        (ADA, GrantRole(person=CARL, role="quality"), ["role.held"]),
        (ADA, GrantRole(person=CARL, role="owner"), ["role.unknown"]),
        (ADA, GrantRole(person="p-nobody", role="quality"), ["person.unknown"]),
        (CARL, RevokeRole(person=CARL, role="quality"), ["right.missing"]),
        (ADA, RevokeRole(person=DORA, role="quality"), ["role.not_held"]),
        (CARL, DisablePerson(person=DORA, reason="left"), ["right.missing"]),
        (ADA, DisablePerson(person=DORA, reason=" \u3000"), ["reason.missing"]),
        (ADA, DisablePerson(person="p-nobody", reason="left"), ["person.unknown"]),
        (ADA, DisablePerson(person=ADA, reason="left"), ["person.self"]),
        (ADA, declaring(), ["declaration.given"]),
        (DORA, declaring(text="I declare nothing."), ["declaration.text"]),
        (DORA, declaring(meaning=""), ["meaning.missing"]),
    ],
)
def test_what_is_refused(vault: CreatedVault, by: str, command: EnrolPerson, rules: list[str]) -> None:
    assert vault.rules(by, command) == rules


def test_the_last_administrator_stays(vault: CreatedVault) -> None:
    vault.take(BEA, RevokeRole(person=ADA, role=ADMINISTRATOR, reason="moved on"))
    assert vault.rules(BEA, RevokeRole(person=BEA, role=ADMINISTRATOR)) == ["role.last_administrator"]
    assert vault.rules(BEA, DisablePerson(person=BEA, reason="left")) == ["role.last_administrator", "person.self"]
    assert vault.rules(ADA, GrantRole(person=ADA, role=ADMINISTRATOR)) == ["right.missing", "person.self"]


def test_a_role_is_granted_and_ended_now_by_who_signs(vault: CreatedVault) -> None:
    vault.take(ADA, GrantRole(person=DORA, role="quality", slots="s1"))
    granted = vault.state.roles()[-1]
    assert (granted.person, granted.granted_by, granted.valid_from) == (DORA, ADA, iso(vault.now))
    assert vault.state.vault().slots == "s1"
    assert vault.state.roles()[-1].state == "proposed"
    act = vault.take(BEA, RevokeRole(person=DORA, role="quality", reason="enough"))
    assert [(each.id, each.after) for each in act.changes] == [(granted.id, {"valid_until": iso(vault.now)})]
    assert act.reason == "enough"


def test_who_is_disabled_can_do_nothing_and_keeps_nothing(vault: CreatedVault) -> None:
    act = vault.take(ADA, DisablePerson(person=BEA, reason="left", slots="s1"))
    now = iso(vault.now)
    assert [(each.record, each.after) for each in act.changes] == [
        ("person", {"state": "disabled"}),
        ("person_key", {"revoked_from": now}),
        ("person_role", {"valid_until": now}),
        ("vault", {"slots": "s1"}),
    ]
    assert "person.disabled" in vault.rules(BEA, enrolling("p-eve", "Eve"))
    assert vault.rules(ADA, DisablePerson(person=BEA, reason="left")) == ["person.unknown"]
    assert vault.rules(ADA, enrolling("p-eve", "bea")) == ["person.taken"]


def test_an_enrolment_takes_effect_when_another_administrator_confirms_it(vault: CreatedVault) -> None:
    vault.take(ADA, enrolling("p-eve", "Eve", "quality", ADMINISTRATOR))
    # Until then Eve can do nothing, and nobody can give her more; neither she nor Ada confirms.
    assert "person.disabled" in vault.rules("p-eve", declaring())
    assert "p-eve" not in gather_vault(vault.state, vault.actor(BEA)).holders.get(ADMINISTRATOR, ())
    assert vault.rules(BEA, GrantRole(person="p-eve", role="quality")) == ["person.unknown", "role.proposed"]
    assert vault.rules(ADA, ConfirmPerson(person="p-eve")) == ["person.second"]
    assert "person.second" in vault.rules("p-eve", ConfirmPerson(person="p-eve"))
    assert vault.rules(CARL, ConfirmPerson(person="p-eve")) == ["right.missing"]
    assert vault.rules(BEA, ConfirmRole(person="p-eve", role="quality")) == ["role.not_proposed"]
    vault.take(BEA, ConfirmPerson(person="p-eve", slots="s2"))
    now = iso(vault.now)
    eve = next(each for each in vault.state.people() if each.id == "p-eve")
    assert (eve.state, eve.enrolled_by, eve.confirmed_by, eve.confirmed_at) == ("active", ADA, BEA, now)
    assert not eve.by_one_person
    held = [each for each in vault.state.roles() if each.person == "p-eve"]
    assert [(each.role, each.state, each.confirmed_by, each.valid_from) for each in held] == [
        ("quality", "", BEA, now),
        (ADMINISTRATOR, "", BEA, now),
    ]
    assert vault.rules("p-eve", declaring()) == []
    assert vault.rules(BEA, ConfirmPerson(person="p-eve")) == ["person.not_proposed"]


def test_a_role_takes_effect_when_another_administrator_confirms_it(vault: CreatedVault) -> None:
    vault.take(ADA, GrantRole(person=DORA, role="quality"))
    assert DORA not in gather_vault(vault.state, vault.actor(ADA)).holders["quality"]
    assert vault.rules(BEA, GrantRole(person=DORA, role="quality")) == ["role.proposed"]
    assert vault.rules(ADA, ConfirmRole(person=DORA, role="quality")) == ["person.second"]
    assert vault.rules(DORA, ConfirmRole(person=DORA, role="quality")) == ["right.missing", "person.second"]
    vault.take(BEA, ConfirmRole(person=DORA, role="quality"))
    assert DORA in gather_vault(vault.state, vault.actor(ADA)).holders["quality"]
    assert not vault.state.roles()[-1].by_one_person
    assert vault.rules(BEA, ConfirmRole(person=DORA, role="quality")) == ["role.not_proposed"]


def test_nobody_gives_themselves_a_role_where_another_administrator_is(vault: CreatedVault) -> None:
    for by in (ADA, BEA):
        assert vault.rules(by, GrantRole(person=by, role="quality")) == ["person.self"]
    # Between two administrators the other one gives it, and it stays one person's doing, on record.
    vault.take(BEA, GrantRole(person=ADA, role="quality"))
    assert vault.state.roles()[-1].by_one_person
    assert ADA in gather_vault(vault.state, vault.actor(BEA)).holders["quality"]


def test_whoever_is_alone_lets_people_in_alone_and_it_stays_on_record() -> None:
    vault = CreatedVault()
    vault.take(ADA, creation())
    vault.take(ADA, enrolling(DORA, "Dora", "quality"))
    vault.take(ADA, GrantRole(person=ADA, role="quality"))
    people = {each.id: each for each in vault.state.people()}
    assert (people[DORA].state, people[DORA].by_one_person) == ("active", True)
    assert all(each.by_one_person for each in vault.state.roles())


def test_a_proposal_outlives_the_second_administrator_and_then_is_one_persons_doing(vault: CreatedVault) -> None:
    vault.take(ADA, enrolling("p-eve", "Eve", "quality"))
    vault.take(ADA, GrantRole(person=DORA, role="quality"))
    vault.take(ADA, DisablePerson(person=BEA, reason="left"))
    vault.take(ADA, ConfirmPerson(person="p-eve"))
    vault.take(ADA, ConfirmRole(person=DORA, role="quality"))
    assert next(each for each in vault.state.people() if each.id == "p-eve").by_one_person
    assert all(each.by_one_person for each in vault.state.roles() if each.person in ("p-eve", DORA))


def test_whoever_proposed_takes_it_back(vault: CreatedVault) -> None:
    vault.take(ADA, enrolling("p-eve", "Eve", "quality"))
    vault.take(ADA, GrantRole(person=DORA, role="quality"))
    vault.take(ADA, DisablePerson(person="p-eve", reason="Not the one we hired"))
    vault.take(ADA, RevokeRole(person=DORA, role="quality", reason="Changed my mind"))
    assert vault.rules(BEA, ConfirmPerson(person="p-eve")) == ["person.not_proposed"]
    assert vault.rules(BEA, ConfirmRole(person=DORA, role="quality")) == ["role.not_proposed"]
    assert not [each for each in vault.state.roles() if each.is_proposal]
    assert vault.rules(ADA, GrantRole(person=DORA, role="quality")) == []


def test_what_is_proposed_is_shown_as_waiting_with_who_can_confirm(vault: CreatedVault) -> None:
    vault.take(ADA, enrolling("p-eve", "Eve"))
    vault.take(BEA, GrantRole(person=DORA, role="quality"))
    waiting = [
        each
        for each in access_conflicts(gather_vault(vault.state, vault.actor(CARL)), ())
        if each.rule == "access.proposal_waits"
    ]
    assert [("Eve" in each.text, "Bea" in each.remedy, "Ada" in each.remedy) for each in waiting] == [
        (True, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize("said", ["", " ", "\u3000"])
def test_an_enrolment_says_how_the_identity_was_checked(vault: CreatedVault, said: str) -> None:
    unsaid = msgspec.structs.replace(enrolling("p-eve", "Eve"), identity_checked=said)
    assert vault.rules(ADA, unsaid) == ["person.identity"]


def test_nobody_signs_before_the_declaration(vault: CreatedVault) -> None:
    asking = AskReset(person=CARL, reason="lost", meaning="I know them")
    assert vault.rules(DORA, asking) == ["declaration.missing"]
    act = vault.take(DORA, declaring())
    given = vault.state.all_of(Declaration)[-1]
    assert (given.person, given.key, given.signed_at) == (DORA, f"k-{DORA}-1", iso(vault.now))
    assert (act.signing, act.meaning, act.subject) == (True, "I give this declaration", DORA)
    assert vault.rules(DORA, asking) == []


def test_commands_that_do_not_sign_need_no_declaration() -> None:
    vault = CreatedVault()
    vault.take(ADA, creation())
    assert vault.rules(ADA, enrolling(BEA, "Bea")) == []


def test_a_command_read_from_its_leaf_decides_the_same(vault: CreatedVault) -> None:
    for by, command in ((ADA, enrolling("p-eve", "Eve", "quality")), (DORA, declaring())):
        act = vault.decide(by, command)
        values = {name: value for name, value in msgspec.json.decode(act.command[0]).items() if name != "nonce"}
        again = msgspec.convert(values, type(command))
        assert decide(again, vault.state, vault.actor(by), nonce=b"n" * 16) == act
