"""A real vault of three people in this test's hands, unlocked as Ada, with work that leaves traces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST


@pytest.fixture
def opener() -> CountersignApplication:
    return CountersignApplication(cost=MINIMUM_COST)


@pytest.fixture
def as_ada(opener: CountersignApplication, site_vault: Path) -> Callable[[], UnlockedSession]:
    return lambda: opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
