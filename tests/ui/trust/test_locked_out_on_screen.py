"""Ten wrong passphrases in the window: it says what happened and offers the way back at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

OTHER = "some other thirteen purple kites"


def test_the_tenth_wrong_passphrase_is_explained_and_leads_to_the_recovery_sheet(
    services, site_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.machine.failed_unlocks._SAT_OUT", timedelta(days=1))
    monkeypatch.setattr("desktop.machine.failed_unlocks.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("desktop.application.application.wait_left", lambda _unlock_target: timedelta(0))
    unlock = services.show("unlock")
    unlock.show_folder(site_vault, person="Quinn QA")
    services.idle()
    for _ in range(10):
        unlock.passphrase.type_in(OTHER)
        unlock.unlock()
        services.idle()
    assert "takes no more" in unlock.bar.announced
    assert "people reset" in unlock.bar.announced
    assert not unlock.waits, "there is nothing to wait for"
    asked: list[Path] = []
    unlock.recover_wanted.connect(asked.append)
    transition = next(each for each in unlock.bar.choices if "recovery sheet" in each.text())
    transition.click()
    assert asked == [site_vault]
