"""What may this person do, and who may do this: the answers agree with each other and with the judge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from governed_capa import governed, judged
from memory_register import MemoryVault, a_key

from domain.commands.command import Command, verdict_of
from domain.commands.deciding import judge
from domain.commands.items import CreateItem, EditItem
from domain.commands.keys import AskReset, RecoverKey
from domain.commands.people import DisablePerson, EnrolPerson, GrantRole, RevokeRole, SignDeclaration
from domain.commands.people_records import CertifiedKey
from domain.identity import iso
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.rules.facts import gather_vault
from domain.rules.holding_roles import actor_at, held_by
from domain.rules.permissions import ADMINISTRATION, permissions, who_may
from resources.texts.declarations import DECLARATION

CAST = ("Ada", "Quinn", "Pat", "Dora", "Nora", "Zoe")


def key(id_: str) -> CertifiedKey:
    return msgspec.convert({**a_key("new"), "id": id_}, CertifiedKey)


def in_force(vault: MemoryVault) -> list[ProcessVersion]:
    return [decode_process(each.definition) for each in vault.register.process_versions()]


@pytest.mark.parametrize("name", CAST)
def test_both_questions_give_the_same_answer(vault: MemoryVault, name: str) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    person = vault.actor(name).person
    may = {(one.process, one.step, one.act) for one in permissions(facts, in_force(vault), person) if one.allowed}
    among = {(one.process, one.step, one.act) for one in who_may(facts, in_force(vault)) if one.person == person}
    assert may == among


@pytest.mark.parametrize("name", CAST)
def test_what_is_stated_of_creating_and_enrolling_is_what_the_judge_states(vault: MemoryVault, name: str) -> None:
    stated = {
        one.act: one.allowed
        for one in permissions(
            gather_vault(vault.register, vault.actor("Ada")), in_force(vault), vault.actor(name).person
        )
        if one.act in ("create_item", "enrol_person")
    }
    facts = gather_vault(vault.register, vault.actor(name), process="capa")
    rules = [each.rule for each in verdict_of(CreateItem(process="capa", fields={}), facts).obstacles]
    assert stated["create_item"] == ("right.missing" not in rules)
    newcomer = EnrolPerson(person="p-new", name="New One", identity_checked="Passport seen", roles=(), key=key("k-new"))
    judged = verdict_of(newcomer, gather_vault(vault.register, vault.actor(name)))
    assert stated["enrol_person"] == judged.allowed


def test_what_is_not_allowed_states_what_is_missing(vault: MemoryVault) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    refused = [one for one in permissions(facts, in_force(vault), vault.actor("Zoe").person) if not one.allowed]
    assert {one.act for one in refused} >= set(ADMINISTRATION)
    assert all(one.why_not for one in refused)
    allowed = [one for one in permissions(facts, in_force(vault), vault.actor("Quinn").person) if one.allowed]
    assert allowed
    assert not any(one.why_not for one in allowed)
    assert any(one.as_place == "owner" for one in refused), "owners may do things without holding a role"


def test_one_act_is_asked_by_its_word_and_signatures_name_their_role(vault: MemoryVault) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    signers = who_may(facts, in_force(vault), "approve_item")
    assert {one.act.split()[0] for one in signers} == {"approve_item"}
    assert {one.name for one in signers if one.role == "quality"} >= {"Quinn", "Quentin"}
    assert who_may(facts, in_force(vault), "fly") == ()


def test_a_disabled_person_may_do_nothing(vault: MemoryVault) -> None:
    quinn = vault.actor("Quinn").person
    vault.do(DisablePerson, "Ada", person=quinn, reason="Left")
    facts = gather_vault(vault.register, vault.actor("Ada"))
    assert not any(one.allowed for one in permissions(facts, in_force(vault), quinn))
    assert quinn not in {one.person for one in who_may(facts, in_force(vault))}


def test_ids_and_keys_are_never_given_twice(vault: MemoryVault) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    used = key(next(iter(facts.keys)))
    again = EnrolPerson(
        name="New One", identity_checked="Passport seen", roles=(), person=vault.actor("Quinn").person, key=used
    )
    assert {each.rule for each in verdict_of(again, facts).obstacles} == {"person.id_used", "key.used"}


def test_the_declaration_is_given_once_and_then_signing_is_free(vault: MemoryVault) -> None:
    def rules(name: str, command: Command) -> list[str]:
        return [each.rule for each in judge(command, vault.register, vault.actor(name)).obstacles]

    vault.ids["Tom"] = "p-tom"
    vault.do(
        EnrolPerson, "Ada", person="p-tom", name="Tom", identity_checked="Passport seen", roles=(), key=key("k-tom")
    )
    asking = AskReset(person=vault.ids["Pat"], reason="Forgot", meaning="I know Pat")
    assert rules("Tom", asking) == ["declaration.missing"]
    vault.declare("Tom")
    assert rules("Tom", asking) == []
    given = SignDeclaration(text=DECLARATION, meaning="I give it")
    assert rules("Tom", given) == ["declaration.given"]


def test_a_request_for_a_new_key_is_for_somebody_else_who_is_active_and_has_a_reason(vault: MemoryVault) -> None:
    def rules(person: str, reason: str) -> set[str]:
        facts = gather_vault(vault.register, vault.actor("Quinn"))
        return {
            each.rule
            for each in verdict_of(AskReset(person=person, reason=reason, meaning="I know them"), facts).obstacles
        }

    assert rules(vault.actor("Pat").person, "Forgot") == set()
    assert rules(vault.actor("Quinn").person, " ") == {"person.self", "reason.missing"}
    assert rules("nobody", "Forgot") == {"person.unknown"}


def test_a_sheet_that_is_not_on_record_recovers_nothing(vault: MemoryVault) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    recovering = RecoverKey(
        sheet="made-up", proof="", key=key("k-new"), new_sheet_id="s-2", new_sheet_public="", slots=""
    )
    found = {each.rule for each in verdict_of(recovering, facts).obstacles}
    assert found == {"sheet.not_in_force", "reset.not_asked"}


def test_a_role_is_held_from_the_instant_it_is_granted_until_the_one_at_which_it_ends(vault: MemoryVault) -> None:
    zoe = vault.ids["Zoe"]
    vault.do(GrantRole, "Ada", person=zoe, role="auditor")
    granted = vault.now
    vault.now += timedelta(hours=1)
    vault.do(RevokeRole, "Ada", person=zoe, role="auditor")
    ended, instant = vault.now, timedelta(milliseconds=1)
    held = [
        sorted(actor_at(vault.register, zoe, at).roles)
        for at in (granted - instant, granted, ended - instant, ended, ended + instant)
    ]
    assert held == [[], ["auditor"], ["auditor"], [], []]
    assert actor_at(vault.register, zoe, granted).name == "Zoe"
    assert held_by(vault.register.roles(), vault.ids["Nora"], iso(granted)) == {"auditor"}


def test_who_created_an_item_edits_it_where_the_process_lets_creators() -> None:
    def creators(document: dict[str, Any]) -> None:
        document["rights"] = [each for each in document["rights"] if each["verb"] != "edit"]
        document["rights"].append({"verb": "edit", "roles": ["creator"]})

    vault = governed(creators)
    item = vault.new_item(owner=vault.ids["Quinn"])
    edit = EditItem(item="", fields={"comments": "Seen on Monday."})
    assert judged(vault, item, edit, "Olga") == []
    assert judged(vault, item, edit, "Quinn") == ["right.missing"]
