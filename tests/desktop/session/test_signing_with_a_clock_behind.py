"""A signature while the clock is behind the log: refused, on record, and helped by who says that the clock is right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from desktop.application.application import CountersignApplication
from desktop.machine.clock import now
from desktop.machine.installation import device_id
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST
from domain.commands.oversight import AcknowledgeClock, ReviewAccess
from domain.errors import Refused
from domain.records.people import Refusal

PASSPHRASE = "five words that are long enough"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UnlockedSession:
    """Made while the clock was 300 days ahead; nobody has signed yet."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    with monkeypatch.context() as ahead:
        ahead.setattr("desktop.session.unlocked_session.now", lambda: now() + timedelta(days=300))
        return CountersignApplication(cost=MINIMUM_COST).create_vault(
            tmp_path / "site.vault", name="Site", person="Ada", passphrase=PASSPHRASE
        )


def review(vault: UnlockedSession) -> None:
    vault.perform(ReviewAccess(), passphrase=PASSPHRASE)


def test_the_refusal_is_stated_and_put_on_record(vault: UnlockedSession) -> None:
    with pytest.raises(Refused, match="earlier than the last entry") as refused:
        review(vault)
    rules = [each.rule for each in refused.value.obstacles]
    assert rules[0] == "clock.backwards"
    on_record = [[each["rule"] for each in refusal.obstacles] for refusal in vault.register.all_of(Refusal)]
    assert on_record == [rules]
    assert vault.verify().intact


def test_who_never_signed_declares_and_acknowledges_and_then_signs(vault: UnlockedSession) -> None:
    vault.perform(AcknowledgeClock(reason="It was set wrong.", device=device_id()), passphrase=PASSPHRASE)
    assert vault.people_service.declaration == ""
    with pytest.raises(Refused) as refused:
        review(vault)
    assert "clock.backwards" not in [each.rule for each in refused.value.obstacles]
    assert vault.verify().intact
