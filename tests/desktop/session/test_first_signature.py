"""The first signature of a person brings the declaration with it, and only where there is a signature at all."""

from __future__ import annotations

import pytest

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.settings import ChangeSetting
from domain.errors import UsageProblem
from domain.records.people import Declaration

PASSPHRASE = "five words that are long enough"


@pytest.fixture
def vault(tmp_path, monkeypatch) -> UnlockedSession:
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    application = CountersignApplication(cost=MINIMUM_COST)
    return application.create_vault(tmp_path / "site.vault", name="Site", person="Ada", passphrase=PASSPHRASE)


def test_a_first_signature_that_would_change_nothing_leaves_nothing_on_record(vault):
    size = vault.register.log_size()
    with pytest.raises(UsageProblem):
        vault.perform(ChangeSetting(name="reveal_needs_two", value="no"), passphrase=PASSPHRASE)
    assert vault.register.log_size() == size
    assert not vault.register.all_of(Declaration)


def test_a_first_signature_declares_once(vault):
    for value in ("yes", "no"):
        vault.perform(ChangeSetting(name="reveal_needs_two", value=value), passphrase=PASSPHRASE)
    assert [each.person for each in vault.register.all_of(Declaration)] == [vault.person.id]
    assert vault.verify().intact
