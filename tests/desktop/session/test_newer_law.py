"""A law newer than the one in force is adopted once, signed, and never left again; who does not know it only reads."""

from __future__ import annotations

import pytest

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.items import CreateItem
from domain.commands.law import AdoptLaw
from domain.errors import Refused

PASSPHRASE = "five words that are long enough"


@pytest.fixture
def application(tmp_path, monkeypatch) -> CountersignApplication:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    return CountersignApplication(cost=MINIMUM_COST)


@pytest.fixture
def vault(application, tmp_path) -> UnlockedSession:
    made = application.create_vault(tmp_path / "site.vault", name="Site", person="Ada", passphrase=PASSPHRASE)
    made.people_service.grant_role(person=made.person.id, role="quality")
    return made


def open_an_item(vault: UnlockedSession) -> int:
    fields = {"title": "Loose seal", "severity": "minor", "owner": vault.person.id}
    return vault.perform(CreateItem(process="capa", fields=fields)).header.law


def test_a_new_vault_goes_by_the_newest_law_known(vault):
    assert vault.register.entry(0).header.law == 1


def test_entries_after_an_adopted_law_state_it_and_verify(vault, monkeypatch):
    monkeypatch.setattr("domain.log.entry.LAWS", (1, 2))
    assert vault.perform(AdoptLaw(law=2), passphrase=PASSPHRASE).header.law == 2
    assert open_an_item(vault) == 2
    assert vault.verify().intact


def test_a_program_that_knows_a_newer_law_keeps_to_the_one_in_force_until_it_is_adopted(vault, monkeypatch):
    monkeypatch.setattr("domain.log.entry.LAWS", (1, 2))
    assert open_an_item(vault) == 1


@pytest.mark.parametrize(("law", "rule"), [(3, "law.unknown"), (2, "law.older"), (1, "law.older"), (0, "law.older")])
def test_the_law_goes_neither_back_nor_to_one_that_is_not_known(vault, monkeypatch, law, rule):
    monkeypatch.setattr("domain.log.entry.LAWS", (1, 2))
    vault.perform(AdoptLaw(law=2), passphrase=PASSPHRASE)
    with pytest.raises(Refused) as refused:
        vault.perform(AdoptLaw(law=law), passphrase=PASSPHRASE)
    assert [each.rule for each in refused.value.obstacles] == [rule]


def test_only_an_administrator_adopts_a_law(vault, application, monkeypatch, tmp_path):
    vault.add_person(
        name="Ben", roles=("quality",), identity_checked="Passport seen", passphrase="other words that are long enough"
    )
    vault.lock()
    monkeypatch.setattr("domain.log.entry.LAWS", (1, 2))
    ben = application.unlock(tmp_path / "site.vault", person="Ben", passphrase="other words that are long enough")
    with pytest.raises(Refused, match="adopt a law"):
        ben.perform(AdoptLaw(law=2), passphrase="other words that are long enough")
    ben.lock()


def test_a_vault_under_a_law_that_is_not_known_is_only_read(vault, application, monkeypatch, tmp_path):
    monkeypatch.setattr("domain.log.entry.LAWS", (1, 2))
    vault.perform(AdoptLaw(law=2), passphrase=PASSPHRASE)
    vault.lock()
    monkeypatch.setattr("domain.log.entry.LAWS", (1,))
    opened = application.unlock(tmp_path / "site.vault", person="Ada", passphrase=PASSPHRASE)
    assert any("law 2" in notice for notice in opened.notices)
    with pytest.raises(Refused, match="law 2"):
        open_an_item(opened)
    assert any("law 2" in finding.text for finding in opened.verify().findings)
    opened.lock()
