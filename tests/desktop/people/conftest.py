"""A real vault with four people, made once; every test gets its own copy, on the installation that made it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from people_cast import PASSPHRASES, ROLES

from desktop.application.application import CountersignApplication
from desktop.session.unlocked_session import UnlockedSession
from desktop.vault.passphrases import MINIMUM_COST


@pytest.fixture(scope="session")
def people_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        application = CountersignApplication(cost=MINIMUM_COST)
        vault = application.create_vault(folder / "P.vault", name="Plant", person="Ada", passphrase=PASSPHRASES["Ada"])
        for name, roles in ROLES.items():
            vault.add_person(name=name, roles=roles, identity_checked="Passport seen", passphrase=PASSPHRASES[name])
        vault.lock()
        application.unlock(folder / "P.vault", person="Ada", passphrase=PASSPHRASES["Ada"]).lock()
    return folder


@pytest.fixture
def place(people_made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The vault's folder."""
    shutil.copytree(people_made_once / "home", tmp_path / "home")
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    return Path(shutil.copytree(people_made_once / "P.vault", tmp_path / "P.vault"))


@pytest.fixture
def application() -> CountersignApplication:
    return CountersignApplication(cost=MINIMUM_COST)


@pytest.fixture
def inside() -> Iterator[list[UnlockedSession]]:
    """The vaults that are open."""
    found: list[UnlockedSession] = []
    yield found
    while found:
        found.pop().lock()


@pytest.fixture
def all_leave(inside: list[UnlockedSession]) -> Callable[[], None]:
    """Lock whatever is open."""

    def leave() -> None:
        while inside:
            inside.pop().lock()

    return leave


@pytest.fixture
def as_person(
    place: Path, application: CountersignApplication, inside: list[UnlockedSession], all_leave: Callable[[], None]
) -> Callable[..., UnlockedSession]:
    """Unlock as somebody; whoever was in before leaves first."""

    def unlock(name: str, passphrase: str = "") -> UnlockedSession:
        all_leave()
        inside.append(application.unlock(place, person=name, passphrase=passphrase or PASSPHRASES[name]))
        return inside[-1]

    return unlock
