"""Creating a vault, enrolling people, granting and revoking roles, publishing processes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from memory_register import CAPA, MemoryRegister, MemoryVault, a_file, a_key, built

from domain.act import Actor
from domain.commands.closure import KeepPack
from domain.commands.command import NONCE_SIZE, values_of, verdict_of
from domain.commands.deciding import decide
from domain.commands.items import CreateItem, EditItem
from domain.commands.people import CreateVault, EnrolPerson, GrantRole, RevokeRole
from domain.commands.process_versions import PublishProcess
from domain.commands.vault_events import RecordRefusal
from domain.errors import Refused, UsageProblem
from domain.rules.facts import gather_vault


def refused(rule: str, refusal: pytest.ExceptionInfo[Refused]) -> bool:
    return rule in [each.rule for each in refusal.value.obstacles]


def test_the_founder_is_administrator_and_has_no_right_to_work(vault: MemoryVault) -> None:
    assert vault.actor("Ada").roles == {"administrator"}
    assert [each.id for each in vault.register.process_versions()] == ["capa@1"]
    with pytest.raises(Refused) as refusal:
        vault.act(CreateItem, "Ada", process="capa", fields={"title": "x"})
    assert refused("right.missing", refusal)


def creation(register: MemoryRegister, **other: object) -> None:
    arguments: dict[str, object] = {
        "vault": "v", "name": "Plant", "first_admin": "Ada", "prefix": "P1", "root_key": "", "log_key": "",
        "log_certificate": "", "slots": "", "key": a_key("Ada"), "processes": [CAPA.read_text(encoding="utf-8")],
    }  # fmt: skip
    command, _ = built(CreateVault, {**arguments, **other})
    by = Actor(person="p", name="Ada", roles=frozenset(), at=datetime(2026, 11, 2, tzinfo=UTC))
    register.take(decide(command, register, by, nonce=bytes(NONCE_SIZE)), by)


@pytest.mark.parametrize(
    "other", [{"name": " "}, {"name": "a\nb"}, {"prefix": "p 1"}, {"prefix": ""}, {"roles": ["boss"]}]
)
def test_an_unusable_creating_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(UsageProblem):
        creation(MemoryRegister(), **other)


def test_a_vault_is_created_once() -> None:
    register = MemoryRegister()
    creation(register, roles=("quality",))
    assert [each.role for each in register.roles()] == ["administrator", "quality"]
    with pytest.raises(UsageProblem, match="created already"):
        creation(register)


@pytest.mark.parametrize(
    ("name", "roles", "rule"),
    [
        ("Quinn", (), "person.taken"),
        ("QUINN", (), "person.taken"),
        (" Tom", (), "person.name"),
        ("", (), "person.name"),
        ("T\u202eom", (), "person.invisible"),
        ("Tom", ("qaulity",), "role.unknown"),
    ],
)
def test_whom_nobody_can_enrol(vault: MemoryVault, name: str, roles: tuple[str, ...], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        vault.act(
            EnrolPerson,
            "Ada",
            person="p-new",
            name=name,
            identity_checked="Passport seen",
            roles=roles,
            key=a_key("new"),
        )
    assert refused(rule, refusal)


def test_only_an_administrator_enrols_and_the_slots_are_noted(vault: MemoryVault) -> None:
    with pytest.raises(Refused) as refusal:
        vault.act(
            EnrolPerson, "Quinn", person="p-t", name="Tom", identity_checked="Passport seen", roles=(), key=a_key("t")
        )
    assert refused("right.missing", refusal)
    vault.enrol("Tom", ("quality", "quality"))
    assert vault.register.vault().slots == "s-Tom"
    assert vault.actor("Tom").roles == {"quality"}
    assert vault.register.keys()[-1].person == "p-tom"


def test_a_role_is_held_from_its_grant_until_its_revocation(vault: MemoryVault) -> None:
    zoe = vault.ids["Zoe"]
    vault.do(GrantRole, "Ada", person=zoe, role="auditor", reason="Audit in May")
    assert vault.actor("Zoe").roles == {"auditor"}
    with pytest.raises(Refused) as refusal:
        vault.act(GrantRole, "Ada", person=zoe, role="auditor")
    assert refused("role.held", refusal)
    vault.now += timedelta(days=30)
    vault.do(RevokeRole, "Ada", person=zoe, role="auditor")
    assert vault.actor("Zoe").roles == frozenset()
    assert len([each for each in vault.register.roles() if each.person == zoe]) == 1
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeRole, "Ada", person=zoe, role="auditor")
    assert refused("role.not_held", refusal)


def test_the_last_administrator_stays(vault: MemoryVault) -> None:
    with pytest.raises(Refused) as refusal:
        vault.act(RevokeRole, "Ada", person=vault.ids["Ada"], role="administrator")
    assert refused("role.last_administrator", refusal)
    vault.do(GrantRole, "Ada", person=vault.ids["Zoe"], role="administrator")
    vault.do(RevokeRole, "Zoe", person=vault.ids["Ada"], role="administrator")
    assert vault.actor("Ada").roles == frozenset()


@pytest.mark.parametrize(("person", "role"), [("p-nobody", "quality"), ("p-zoe", "boss")])
def test_roles_are_granted_to_people_and_declared_by_processes(vault: MemoryVault, person: str, role: str) -> None:
    with pytest.raises(Refused):
        vault.act(GrantRole, "Ada", person=person, role=role)


def test_a_shipped_process_comes_into_force_once(vault: MemoryVault) -> None:
    capa = CAPA.read_text(encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        vault.act(PublishProcess, "Ada", definition=capa)
    assert refused("process.in_force", refusal)
    other = json.dumps({**json.loads(capa), "id": "finding", "title": "Finding"})
    with pytest.raises(Refused) as refusal:
        vault.act(PublishProcess, "Quinn", definition=other)
    assert refused("right.missing", refusal)
    vault.do(PublishProcess, "Ada", definition=other)
    assert vault.register.in_force("finding").id == "finding@1"


def test_a_command_is_judged_by_its_kind_of_facts(vault: MemoryVault) -> None:
    facts = gather_vault(vault.register, vault.actor("Ada"))
    with pytest.raises(TypeError):
        verdict_of(EditItem(item="", fields={}), facts)
    with pytest.raises(TypeError):
        verdict_of(PublishProcess(definition="x"), vault.facts(vault.new_item()))


def test_a_refusal_is_kept_with_all_its_rules(vault: MemoryVault) -> None:
    item = vault.new_item()
    refused_edit = EditItem(item=item, fields={"colour": "red"})
    vault.do(RecordRefusal, "Zoe", refused=values_of(refused_edit))
    (kept,) = vault.register.rows("refusal")
    against = verdict_of(refused_edit, vault.facts(item, "Zoe")).obstacles
    assert len({each.rule for each in against}) > 1
    assert kept["obstacles"] == [{"rule": each.rule, "about": each.about} for each in against]
    assert vault.register.entries_about(item)[-1] == vault.register.log_size() - 1


def test_a_printed_pack_is_kept_by_its_hash(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "closed")
    vault.do(KeepPack, "Zoe", item=item, file=a_file("%PDF"), checkpoint="note")
    (pack,) = vault.register.item_file(item).packs
    assert vault.register.files[pack.file] == b"%PDF"


def test_work_that_was_never_closed_has_no_closure_pack(vault: MemoryVault) -> None:
    with pytest.raises(Refused) as refusal:
        vault.act(KeepPack, "Quinn", item=vault.new_item(), file=a_file("%PDF"), checkpoint="note")
    assert refused("pack.never_closed", refusal)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "field.kind"),
        ({"title": "x", "owner": "p-nobody"}, "person.unknown"),
        ({"title": "x", "colour": "red"}, "field.kind"),
        ({"title": "x", "due": "soon"}, "field.kind"),
    ],
)
def test_what_cannot_begin(vault: MemoryVault, fields: dict[str, object], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        vault.act(CreateItem, "Nora", process="capa", fields=fields)
    assert refused(rule, refusal)


def test_a_new_item_has_the_next_number_and_its_first_transition_record(vault: MemoryVault) -> None:
    vault.new_item()
    item = vault.do(CreateItem, "Nora", process="capa", fields={"title": "x", "root_cause": "y"}).header.subject
    file = vault.register.item_file(item)
    assert (file.item.number, file.item.step, file.item.values) == ("T1-CAPA-0002", "reported", {"root_cause": "y"})
    assert (file.item.raised, file.item.created_by) == ("2026-11-02", vault.ids["Nora"])
    assert [(each.from_step, each.to_step) for each in file.transition_records] == [("", "reported")]
