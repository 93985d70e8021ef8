"""What holds for every test: no window on a real screen, no network. Vaults that are dear to make are made once."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

try:
    import fcntl
except ImportError:  # Windows: each process of a test run makes its own
    fcntl = None  # type: ignore[assignment]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["COUNTERSIGN_LANGUAGE"] = "en"  # whatever the language of the computer, tests read English

from domain.messages import use_catalogue
from resources.texts.catalogue import english

use_catalogue(english(), of_record=english())

_INTERNET = {socket.AF_INET, socket.AF_INET6}
_ON_A_SOCKET = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_NAME_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class NetworkTouchedError(RuntimeError):
    """Something in the program, or in a library it loads, tried to reach a network."""


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    # An audit hook sees what C code does too, and no later import can get around it.
    if event in _NAME_LOOKUPS or (event in _ON_A_SOCKET and arguments[0].family in _INTERNET):
        raise NetworkTouchedError(f"{event}{arguments[1:]}: Countersign never opens a network socket.")


sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session", autouse=True)
def each_passphrase_is_stretched_once() -> Iterator[None]:
    """A passphrase that was stretched with the same salt and cost before gives the key of then.

    Copies of one vault are unlocked some thousand times in a test run, a third of a second each. The price itself is
    measured, and the published vectors are computed, on `primitives.argon2id`, which stays as it is.
    """
    from desktop.vault import passphrases  # noqa: PLC0415 (a test process without vaults does not wait for it)
    from desktop.vault.primitives import Secret, argon2id  # noqa: PLC0415 (same)

    known: dict[tuple[bytes, bytes, int, int, int], bytes] = {}

    def stretched(passphrase: bytes, *, salt: bytes, memory_kib: int, iterations: int, lanes: int) -> Secret:
        asked = (bytes(passphrase), salt, memory_kib, iterations, lanes)
        if asked not in known:
            secret = argon2id(passphrase, salt=salt, memory_kib=memory_kib, iterations=iterations, lanes=lanes)
            known[asked] = bytes(secret.expose())
            return secret
        return Secret(known[asked])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrases, "argon2id", stretched)
        yield


SITE_PEOPLE = (("Quinn QA", "quality"), ("Priya Process", "process_owner"))
"""Beside Ada Admin, who creates the site's vault. Everyone's passphrase is the same here."""


@contextmanager
def _one_at_a_time(file: Path) -> Iterator[None]:
    """Hold a file against the other processes of this test run, where the system has such locks."""
    with file.open("w") as held:
        if fcntl is not None:
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sample_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Sample.vault, its packs, and what the installation that made it remembers. Leave it as it is."""
    from command_line import command, secret_file  # noqa: PLC0415 (tests of other rooms do not wait for the program)

    base = tmp_path_factory.getbasetemp()
    shared = fcntl is not None and "PYTEST_XDIST_WORKER" in os.environ
    folder = (base.parent if shared else base) / "sample made once"
    folder.mkdir(exist_ok=True)
    with _one_at_a_time(folder / "making"), pytest.MonkeyPatch.context() as patch:
        if not (folder / "made").exists():
            patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
            words = ("vault", "sample", folder / "Sample.vault", "--passphrase-file", secret_file(folder))
            output = command(*words, "--packs", folder / "packs", "--json")
            assert output.code == 0, output
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def site_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Site.vault, which has three people and no items, and what its installation remembers."""
    from command_line import PASSPHRASE  # noqa: PLC0415 (tests of other rooms do not wait for the program)

    from desktop.application.application import CountersignApplication  # noqa: PLC0415 (same)
    from desktop.vault.passphrases import MINIMUM_COST  # noqa: PLC0415 (same)

    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
        application = CountersignApplication(cost=MINIMUM_COST)
        vault = application.create_vault(
            folder / "Site.vault", name="Site A", person="Ada Admin", passphrase=PASSPHRASE
        )
        for name, role in SITE_PEOPLE:
            vault.add_person(name=name, roles=(role,), identity_checked="Passport seen", passphrase=PASSPHRASE)
        vault.lock()
        # Opening brings both copies of the slots to the newest generation: from here on, looking changes nothing.
        application.unlock(folder / "Site.vault", person="Ada Admin", passphrase=PASSPHRASE).lock()
    return folder


def _own_copy(made: Path, name: str, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made / "home", folder / "home")
    patch.setenv("COUNTERSIGN_HOME", str(folder / "home"))
    return Path(shutil.copytree(made / name, folder / name))


@pytest.fixture
def sample_vault(sample_made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own copy of the sample vault, on the installation that made it."""
    return _own_copy(sample_made_once, "Sample.vault", tmp_path, monkeypatch)


@pytest.fixture
def site_vault(site_made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own copy of the site's vault, on the installation that made it."""
    return _own_copy(site_made_once, "Site.vault", tmp_path, monkeypatch)
