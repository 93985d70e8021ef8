"""A real vault of three people in this test's hands, unlocked as Ada, with work that leaves traces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PASSPHRASE

from desktop.application.building import CountersignBuilding
from desktop.session.open_vault import UnlockedVault
from desktop.vault.passphrases import MINIMUM_COST


@pytest.fixture
def doors() -> CountersignBuilding:
    return CountersignBuilding(cost=MINIMUM_COST)


@pytest.fixture
def as_ada(doors: CountersignBuilding, site_vault: Path) -> Callable[[], UnlockedVault]:
    return lambda: doors.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
