"""The sets of shipped processes that a new vault can begin with, and the pages that describe each process."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.application.application import CountersignApplication
from desktop.documents.templates import process_sets, processes_of_set, shipped_versions
from desktop.vault.passphrases import MINIMUM_COST
from domain.errors import UsageProblem
from domain.process.states import in_force_at

DESCRIPTIONS = Path(__file__).resolve().parents[3] / "resources" / "processes" / "descriptions"
SHIPPED = {version.id: version for version in shipped_versions()}
PASSPHRASE = "four gulls over a quiet harbour"
PARTS = ("What it is for", "Who does what", "The steps", "What is asked at each gate", "What closing means", "Example")


def test_each_set_names_shipped_processes_and_brings_what_every_vault_needs() -> None:
    sets = process_sets()
    assert [each.id for each in sets] == ["quality", "devices", "gmp", "security", "pmo", "service_desk"]
    for each in sets:
        assert set(each.processes) <= set(SHIPPED), each.id
        assert {"process_change", "exception"} <= set(each.processes), each.id
        assert len(set(each.processes)) == len(each.processes), each.id
        assert each.titles == tuple(SHIPPED[process].title for process in each.processes)
        assert each.title, each.id
        assert each.description, each.id


def test_every_shipped_process_is_in_a_set() -> None:
    assert {process for each in process_sets() for process in each.processes} == set(SHIPPED)


def test_without_a_name_every_process_is_taken_and_an_unknown_set_names_those_that_exist() -> None:
    assert processes_of_set("") == shipped_versions()
    with pytest.raises(UsageProblem, match="cooking") as refused:
        processes_of_set("cooking")
    assert "service_desk" in refused.value.remedy


def test_a_vault_begins_with_its_set_and_nothing_else(tmp_path: Path) -> None:
    vault = CountersignApplication(cost=MINIMUM_COST).create_vault(
        tmp_path / "P.vault", name="Plan", person="Ada", passphrase=PASSPHRASE, process_set="pmo"
    )
    try:
        found = {each.process for each in in_force_at(vault.register.process_versions(), vault.actor().at)}
    finally:
        vault.lock()
    assert found == {version.id for version in processes_of_set("pmo")}
    assert "capa" not in found


def test_an_unknown_set_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        CountersignApplication(cost=MINIMUM_COST).create_vault(
            tmp_path / "P.vault", name="Plan", person="Ada", passphrase=PASSPHRASE, process_set="cooking"
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("process", sorted(SHIPPED))
def test_a_page_in_plain_words_names_every_step_and_role_of_the_process(process: str) -> None:
    text = (DESCRIPTIONS / f"{process}.md").read_text(encoding="utf-8")
    version = SHIPPED[process]
    assert text.startswith(f"# {version.title}\n")
    assert [part for part in PARTS if f"\n## {part}\n" not in text] == []
    assert [role.title for role in version.roles if role.title not in text] == []
    assert [step.title for step in version.steps if step.title not in text] == []
