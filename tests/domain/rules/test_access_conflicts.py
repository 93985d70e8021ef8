"""Conflicts between who holds what and what the processes ask: urgent ones first, each shown once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from memory_register import MemoryVault

from domain.commands.keys import AskReset
from domain.commands.people import RevokeRole
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.definition_parts import LEVELS
from domain.rules.access_conflicts import AccessConflict, access_conflicts
from domain.rules.facts import gather_vault


@pytest.fixture
def capa(vault: MemoryVault) -> ProcessVersion:
    return decode_process(vault.register.in_force("capa").definition)


def found(vault: MemoryVault, *processes: ProcessVersion) -> tuple[AccessConflict, ...]:
    return access_conflicts(gather_vault(vault.register, vault.actor("Ada")), processes)


def take(vault: MemoryVault, role: str, *names: str) -> None:
    for name in names:
        vault.do(RevokeRole, "Ada", person=vault.ids[name], role=role, reason="Left")


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


def test_who_alone_can_sign_is_shown_once_for_all_processes(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "quality", "Olga", "Quentin", "Dora")
    twin = msgspec.structs.replace(capa, id="twin", title="The twin")
    output = [each for each in found(vault, capa, twin) if each.rule == "access.alone" and "Quinn" in each.text]
    (conflict,) = output
    assert f"{capa.title}, The twin" in conflict.text


def test_a_key_that_waits_and_a_lone_administrator_come_before_the_roles(
    vault: MemoryVault, capa: ProcessVersion
) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    vault.do(AskReset, "Quinn", person=vault.ids["Pat"], reason="Forgot it; stands beside me")
    rules = [each.rule for each in found(vault, capa)]
    assert rules[:2] == ["access.reset_waits", "access.one_administrator"]
    assert rules.index("access.nobody") > rules.index("access.one_administrator")


def one_gate(capa: ProcessVersion, *levels: dict[str, Any]) -> ProcessVersion:
    """The process with approvals at its last gate alone, one level after the other."""
    document = msgspec.to_builtins(capa)
    approvals = [{"level": n, "meaning": "Seen.", **level} for n, level in enumerate(levels, 1)]
    for transition in document["transitions"]:
        transition["gate"] = {}
    document["transitions"][0]["gate"] = {"approvals": approvals}
    return msgspec.convert(document, ProcessVersion)


def four_eyes(vault: MemoryVault, process: ProcessVersion) -> list[str]:
    return [each.text for each in found(vault, process) if each.rule == "access.four_eyes"]


APART: dict[str, Any] = {"separate_from": [LEVELS]}
TOGETHER: dict[str, Any] = {"separate_from": []}


@pytest.mark.parametrize(("wanted", "short"), [(1, False), (2, False), (3, True)])
def test_so_many_of_a_role_need_so_many_people(
    vault: MemoryVault, capa: ProcessVersion, *, wanted: int, short: bool
) -> None:
    take(vault, "quality", "Olga", "Dora")
    output = four_eyes(vault, one_gate(capa, {"role": "quality", "need": "n", "n": wanted}))
    assert bool(output) is short
    assert all(f"({capa.role_title('quality')})" in text for text in output)
    step = capa.step(capa.transitions[0].target)
    assert step is not None
    assert all(f"'{step.title}'" in text for text in output)


def test_two_levels_that_exclude_each_other_need_two_people(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "quality", "Olga", "Quentin", "Dora")
    twice = ({"role": "quality", **APART}, {"role": "quality", **APART})
    assert len(four_eyes(vault, one_gate(capa, *twice))) == 1
    assert four_eyes(vault, one_gate(capa, {"role": "quality", **TOGETHER}, {"role": "quality", **TOGETHER})) == []
    assert four_eyes(vault, one_gate(capa, twice[0], {"role": "process_owner", **APART})) == []


def test_a_level_that_nobody_can_sign_is_shown_as_a_role_nobody_holds(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    process = one_gate(capa, {"role": "quality", **APART}, {"role": "process_owner", "need": "n", "n": 5})
    assert four_eyes(vault, process) == []
    assert "access.nobody" in {each.rule for each in found(vault, process)}


def test_nothing_is_shown_twice(vault: MemoryVault, capa: ProcessVersion) -> None:
    take(vault, "process_owner", "Pat", "Dora")
    conflicts = found(vault, capa, capa)
    assert len(set(conflicts)) == len(conflicts)


def test_two_roles_of_one_person_that_a_gate_keeps_apart_are_named(vault: MemoryVault, capa: ProcessVersion) -> None:
    apart = {"separate_from": [LEVELS]}
    process = one_gate(capa, {"role": "quality"}, {"role": "process_owner", **apart})
    named = [each.text for each in found(vault, process, process) if each.rule == "access.conflicting_roles"]
    both = set(holders(vault, "quality")) & set(holders(vault, "process_owner"))
    assert both
    assert len(named) == len(both)
    assert all(capa.role_title("quality") in each and capa.title in each for each in named)
    together = one_gate(capa, {"role": "quality", **TOGETHER}, {"role": "process_owner", **TOGETHER})
    together = msgspec.structs.replace(together, transitions=together.transitions[:1])
    assert [each.text for each in found(vault, together) if each.rule == "access.conflicting_roles"] == []
    for person in sorted(both):
        vault.do(RevokeRole, "Ada", person=person, role="quality", reason="Conflict")
    assert "access.conflicting_roles" not in [each.rule for each in found(vault, process)]


def holders(vault: MemoryVault, role: str) -> tuple[str, ...]:
    return gather_vault(vault.register, vault.actor("Ada")).holders.get(role, ())
