"""Conflicts between who holds what and what the processes ask: urgent ones first, each told once."""

from __future__ import annotations

import msgspec
import pytest
from memory_register import MemoryVault

from domain.gates.access_conflicts import AccessConflict, access_conflicts
from domain.gates.facts import gather_vault
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.use_cases.ask_reset import ask_reset
from domain.use_cases.revoke_role import revoke_role


@pytest.fixture
def capa(vault: MemoryVault) -> ProcessVersion:
    return decode_process(vault.register.in_force("capa").definition)


def found(vault: MemoryVault, *processes: ProcessVersion) -> tuple[AccessConflict, ...]:
    return access_conflicts(gather_vault(vault.register, vault.actor("Ada")), processes)


def take(vault: MemoryVault, role: str, *names: str) -> None:
    for name in names:
        vault.do(revoke_role, "Ada", person=vault.ids[name], role=role, reason="Left")


def test_a_role_without_people_is_named_with_its_process(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    (conflict,) = [each for each in found(vault, capa) if each.rule == "access.nobody"]
    assert capa.role_title("process_owner") in conflict.text
    assert capa.title in conflict.text


def test_a_process_that_nobody_works_in_is_one_line_and_the_last(vault: MemoryVault, capa: ProcessVersion) -> None:
    roles = tuple(msgspec.structs.replace(each, id=f"other_{each.id}") for each in capa.roles)
    other = msgspec.structs.replace(capa, id="other", title="Another process", roles=roles, transitions=())
    conflicts = found(vault, other, capa)
    assert [each.rule for each in conflicts].count("access.unused") == 1
    assert conflicts[-1].text == "Nobody holds any role of Another process."


def test_who_alone_can_sign_is_told_once_for_all_processes(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "quality", "Olga", "Quentin", "Dora")
    twin = msgspec.structs.replace(capa, id="twin", title="The twin")
    told = [each for each in found(vault, capa, twin) if each.rule == "access.alone" and "Quinn" in each.text]
    (conflict,) = told
    assert f"{capa.title}, The twin" in conflict.text


def test_a_key_that_waits_and_a_lone_administrator_come_before_the_roles(
    vault: MemoryVault, capa: ProcessVersion
) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    vault.do(ask_reset, "Quinn", person=vault.ids["Pat"], reason="Forgot it; stands beside me")
    rules = [each.rule for each in found(vault, capa)]
    assert rules[:2] == ["access.reset_waits", "access.one_administrator"]
    assert rules.index("access.nobody") > rules.index("access.one_administrator")


def test_nothing_is_told_twice(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    conflicts = found(vault, capa, capa)
    assert len(set(conflicts)) == len(conflicts)
