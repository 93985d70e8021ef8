"""Real media: a small file system that runs full, and one that becomes read-only."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from crash_acts import ADA, PASSPHRASE, QUINN, application

from desktop.session.unlocked_session import UnlockedSession
from domain.act import IncomingFile
from domain.commands.evidence import AddEvidence
from domain.commands.items import CreateItem
from domain.errors import Unavailable
from domain.state import ItemFilter

pytestmark = pytest.mark.usefixtures("stretched_once")


@pytest.fixture
def medium(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "medium"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small file system")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"this machine does not let a file system be mounted: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def site(medium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault on the small medium; what the installation remembers lies elsewhere."""
    monkeypatch.setenv("COUNTERSIGN_HOME", str(tmp_path / "home"))
    ada = application().create_vault(medium / "site.vault", name="Site A", person=ADA, passphrase=PASSPHRASE)
    ada.add_person(name=QUINN, roles=("quality",), identity_checked="Passport seen", passphrase=PASSPHRASE)
    ada.lock()
    return medium / "site.vault"


def unlocked(site: Path) -> UnlockedSession:
    return application().unlock(site, person=QUINN, passphrase=PASSPHRASE)


def add(vault: UnlockedSession, item: str, data: bytes) -> None:
    file = IncomingFile(sha256=sha256(data).hexdigest(), size=len(data), data=data)
    vault.perform(
        AddEvidence(
            item=item,
            requirement="implementation_record",
            file=file.sha256,
            size=file.size,
            file_name="photo.bin",
            media_type="application/octet-stream",
        ),
        files=(file,),
    )


def test_a_disk_that_runs_full_refuses_the_act_and_takes_it_when_there_is_room(site: Path, medium: Path) -> None:
    vault = unlocked(site)
    try:
        vault.perform(CreateItem(process="capa", fields={"title": "Finding"}))
        item = vault.register.page(ItemFilter(process="capa"), offset=0, limit=1)[0].id
        ballast = medium / "ballast"
        room = os.statvfs(medium)
        ballast.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - 300 * 1024)))
        size = vault.register.log_size()
        data = random.Random(3).randbytes(600 * 1024)
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"full|No space"):
                add(vault, item, data)
            assert vault.register.log_size() == size
            assert vault.verify().findings == ()
        ballast.unlink()
        add(vault, item, data)
        assert vault.register.log_size() == size + 1
        assert vault.verify().findings == ()
    finally:
        vault.lock()


def test_a_medium_that_becomes_read_only_refuses_acts_and_opening_and_stays_as_it_was(site: Path, medium: Path) -> None:
    store = site / "store.db"
    before = sha256(store.read_bytes()).hexdigest()
    sealed = subprocess.run(["mount", "-o", "remount,ro", str(medium)], capture_output=True, text=True, check=False)
    assert sealed.returncode == 0, sealed.stderr
    with pytest.raises(Unavailable):
        unlocked(site)
    assert sha256(store.read_bytes()).hexdigest() == before
    subprocess.run(["mount", "-o", "remount,rw", str(medium)], check=True)
    vault = unlocked(site)
    assert vault.verify().findings == ()
    vault.lock()
