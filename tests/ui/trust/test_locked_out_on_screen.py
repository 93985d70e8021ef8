"""Ten wrong passphrases in the window: it says what happened and offers the way back at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

OTHER = "some other thirteen purple kites"


def test_the_tenth_wrong_passphrase_is_explained_and_leads_to_the_recovery_sheet(
    desk, site_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.machine.attempts._SAT_OUT", timedelta(days=1))
    monkeypatch.setattr("desktop.machine.attempts.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("desktop.application.building.wait_left", lambda _keyhole: timedelta(0))
    unlock = desk.show("unlock")
    unlock.show_folder(site_vault, person="Quinn QA")
    desk.idle()
    for _ in range(10):
        unlock.passphrase.type_in(OTHER)
        unlock.unlock()
        desk.idle()
    assert "takes no more" in unlock.bar.said
    assert "people reset" in unlock.bar.said
    assert not unlock.waits, "there is nothing to wait for"
    asked: list[Path] = []
    unlock.recover_wanted.connect(asked.append)
    way = next(each for each in unlock.bar.ways if "recovery sheet" in each.text())
    way.click()
    assert asked == [site_vault]
