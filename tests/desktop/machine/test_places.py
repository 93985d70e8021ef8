"""Where a vault lies, and what lies beside it: networks refused, sticks and synchronised folders stated, copies
named.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import PASSPHRASE

from desktop.application.application import CountersignApplication
from desktop.machine.places import Place, conflicted_copies, file_system_in, place_notices, place_of
from desktop.vault.passphrases import MINIMUM_COST
from domain.errors import FileProblem

MOUNTS = r"""22 1 0:21 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:30 / /net rw - nfs4 server:/export rw
31 30 0:31 / /net/fast rw - ext4 /dev/sdb1 rw
32 22 0:32 / /media/my\040stick rw - exfat /dev/sdc1 rw
33 22 0:33 / /cloud rw shared:5 master:2 - fuse.sshfs me@host: rw
34 22 0:34 / /over rw - ext4 /dev/sdd1 rw
35 22 0:35 / /over rw - cifs //server/share rw
garbage
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/a/b.vault", "ext4"),
        ("/net", "nfs4"),
        ("/net/work/b.vault", "nfs4"),
        ("/net/fast/b.vault", "ext4"),
        ("/network/b.vault", "ext4"),
        ("/media/my stick/b.vault", "exfat"),
        ("/cloud/b.vault", "fuse.sshfs"),
        ("/over/b.vault", "cifs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_and_last_mount(path: str, kind: str) -> None:
    assert file_system_in(MOUNTS, Path(path)) == kind
    assert file_system_in("", Path(path)) == ""


def test_this_folder_is_local_and_states_nothing(tmp_path: Path) -> None:
    place = place_of(tmp_path / "not yet.vault")
    assert not place.network
    assert place.sync == ""


@pytest.mark.parametrize(
    ("name", "client"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Example Ltd", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Example)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-a@example.org", "Google Drive"),
        ("Nextcloud", "Nextcloud"),
        ("com~apple~CloudDocs", "iCloud Drive"),
        ("iCloudDrive", "iCloud Drive"),
        ("dropboxes of parts", ""),
        ("My OneDrive notes", ""),
    ],
)
def test_a_folder_of_a_synchronising_program_is_known_by_its_name(tmp_path: Path, name: str, client: str) -> None:
    assert place_of(tmp_path / name / "deep" / "Site.vault").sync == client


def test_a_folder_of_a_synchronising_program_is_known_by_its_marker(tmp_path: Path) -> None:
    (tmp_path / "work" / "deep").mkdir(parents=True)
    (tmp_path / "work" / ".stfolder").mkdir()
    assert place_of(tmp_path / "work" / "deep" / "Site.vault").sync == "Syncthing"


def test_opening_in_a_synchronised_folder_works_and_states_so(site_vault: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox" / "Site.vault"
    shutil.copytree(site_vault, folder)
    vault = CountersignApplication().unlock(folder, person="Ada Admin", passphrase=PASSPHRASE)
    assert any("Dropbox synchronises" in notice for notice in vault.notices)
    vault.lock()


def test_on_a_network_nothing_is_made_and_nothing_opened(
    site_vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.machine.places._kind_of", lambda _: ("nfs4", True))
    opener = CountersignApplication(cost=MINIMUM_COST)
    with pytest.raises(FileProblem, match="over a network") as refusal:
        opener.create_vault(tmp_path / "New.vault", name="New", person="Ada", passphrase=PASSPHRASE)
    assert refusal.value.remedy
    assert not (tmp_path / "New.vault").exists()
    before = (site_vault / "lock").read_bytes()
    with pytest.raises(FileProblem, match="over a network"):
        opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    assert (site_vault / "lock").read_bytes() == before


def test_a_stick_is_named_as_what_it_is(site_vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.machine.places._kind_of", lambda _: ("exfat", False))
    assert any("exfat" in notice for notice in place_notices(site_vault))
    assert Place(file_system="vfat").fat
    assert not Place(file_system="ext4").fat


CONFLICTED = (
    "store (conflicted copy 2026-11-22).db",
    "store-DESKTOP-1.db",
    "store.sync-conflict-20261122-194400-ABCDEFG.db",
    "store (1).db",
    "slots (1).a",
    "slots.a (Ada's conflicted copy)",
)


def test_conflicted_copies_inside_are_named_and_never_touched(site_vault: Path) -> None:
    assert conflicted_copies(site_vault) == ()
    for name in CONFLICTED:
        (site_vault / name).write_bytes(b"another version")
    (site_vault / "storeroom.txt").write_bytes(b"something else")
    assert set(conflicted_copies(site_vault)) == set(CONFLICTED)
    vault = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    notice = next(notice for notice in vault.notices if "Another version" in notice)
    vault.lock()
    assert all(name in notice for name in CONFLICTED)
    assert {(site_vault / name).read_bytes() for name in CONFLICTED} == {b"another version"}


def test_a_doubled_vault_folder_is_named_and_another_vault_beside_is_not(site_vault: Path) -> None:
    twin = site_vault.with_name("Site (Ada's conflicted copy).vault")
    shutil.copytree(site_vault, twin)
    opener = CountersignApplication(cost=MINIMUM_COST)
    other = site_vault.with_name("Site B.vault")
    opener.create_vault(other, name="Site B", person="Ada", passphrase=PASSPHRASE).lock()
    assert conflicted_copies(site_vault) == (twin.name,)
