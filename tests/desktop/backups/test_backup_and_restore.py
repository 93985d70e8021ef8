"""Copies of real vaults: made while open, proven, restored, tried out, looked into; damaged ones refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import PASSPHRASE, environment, files_of

from desktop.application.application import CountersignApplication
from desktop.backups.backup_folder import AUTOMATIC, apply_retention, backup_folder_of, newest_snapshot, snapshots_in
from desktop.backups.container import STORE, read_about
from desktop.machine import installation
from desktop.machine.clock import now
from desktop.session.restore_test import restore_test
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.people import GrantRole
from domain.errors import Damaged, FileProblem, InUse, Refused, UsageProblem, WrongPassphrase
from domain.records.backup_records import Restore

AsAda = Callable[[], UnlockedSession]


def _one_more_entry(vault: UnlockedSession, role: str = "process_owner") -> None:
    vault.perform(GrantRole(person=vault.person.id, role=role))


def _restore(opener: CountersignApplication, file: Path, folder: Path, reason: str = "") -> UnlockedSession:
    return opener.restore(file, folder, person="Ada Admin", passphrase=PASSPHRASE, reason=reason)


def test_a_copy_made_while_open_restores_to_the_same_log(
    as_ada: AsAda, opener: CountersignApplication, site_vault: Path, tmp_path: Path
) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    stood = vault.verify()
    _one_more_entry(vault)
    vault.lock()
    assert made.about is not None
    assert (made.about.size, made.about.root) == (stood.entries, stood.root)
    before = files_of(site_vault)
    back = _restore(opener, made.file, tmp_path / "Back.vault", reason="the disk was replaced")
    assert back.verify().intact
    assert back.register.log_size() == stood.entries + 1
    record = back.register.all_of(Restore)[0]
    assert record.entries == stood.entries
    assert record.reason == "the disk was replaced"
    assert installation.remembered_checkpoint(made.about.vault).size == stood.entries + 1  # type: ignore[union-attr]
    _one_more_entry(back)
    back.lock()
    assert files_of(site_vault) == before, "the vault it was made of is not touched"


def test_going_on_from_an_older_state_needs_a_reason(
    as_ada: AsAda, opener: CountersignApplication, tmp_path: Path
) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    _one_more_entry(vault)
    vault.lock()
    with pytest.raises(UsageProblem, match="already seen"):
        _restore(opener, made.file, tmp_path / "Back.vault")
    assert not (tmp_path / "Back.vault").exists()
    assert not list(tmp_path.glob(".Back*"))


def test_nothing_is_recorded_in_an_older_copy_put_back_until_a_person_accepts_it(
    as_ada: AsAda, site_vault: Path, tmp_path: Path
) -> None:
    shutil.copytree(site_vault, tmp_path / "older")
    vault = as_ada()
    _one_more_entry(vault)
    vault.lock()
    shutil.rmtree(site_vault)
    shutil.copytree(tmp_path / "older", site_vault)
    vault = as_ada()
    assert any("already seen" in notice for notice in vault.notices)
    size = vault.register.log_size()
    with pytest.raises(Refused) as refusal:
        _one_more_entry(vault)
    assert refusal.value.obstacles[0].rule == "log.rolled_back"
    with pytest.raises(UsageProblem, match="reason"):
        vault.accept_older(reason=" ")
    assert vault.register.log_size() == size
    vault.accept_older(reason="the newer disk is lost")
    assert "countersign.local/vault/" in vault.register.all_of(Restore)[0].seen
    _one_more_entry(vault)
    assert vault.verify().intact
    vault.lock()
    vault = as_ada()
    assert vault.notices == (), "accepted once, it is the vault"
    with pytest.raises(UsageProblem, match="not older"):
        vault.accept_older(reason="again")
    vault.lock()


def test_a_restore_overwrites_nothing(as_ada: AsAda, opener: CountersignApplication, site_vault: Path) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    vault.lock()
    before = files_of(site_vault)
    with pytest.raises(FileProblem, match="something here already"):
        _restore(opener, made.file, site_vault)
    assert files_of(site_vault) == before


def test_every_damaged_page_of_a_backup_is_refused_and_leaves_nothing(
    as_ada: AsAda, opener: CountersignApplication, tmp_path: Path
) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    vault.lock()
    whole = made.file.read_bytes()
    bad = tmp_path / "bad.countersign"
    for at in range(200, len(whole), len(whole) // 12):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Damaged):
            _restore(opener, bad, tmp_path / "Back.vault")
    assert not (tmp_path / "Back.vault").exists()
    with pytest.raises(WrongPassphrase):
        opener.restore(made.file, tmp_path / "Back.vault", person="Ada Admin", passphrase="not the passphrase at all")


def test_a_backup_put_together_from_two_is_refused(
    as_ada: AsAda, opener: CountersignApplication, tmp_path: Path
) -> None:
    vault = as_ada()
    older = vault.backup_files.make(at=now())
    _one_more_entry(vault)
    newer = vault.backup_files.make(at=now() + timedelta(seconds=2))
    vault.lock()
    mixed = tmp_path / "mixed.countersign"
    with zipfile.ZipFile(older.file) as store, zipfile.ZipFile(newer.file) as rest, zipfile.ZipFile(mixed, "w") as out:
        about = rest.read("about.json").decode()
        assert newer.about is not None
        assert older.about is not None
        about = about.replace(newer.about.sha256[STORE], older.about.sha256[STORE])
        for name, data in (
            (STORE, store.read(STORE)),
            ("slots.a", rest.read("slots.a")),
            ("slots.b", rest.read("slots.b")),
        ):
            out.writestr(name, data)
        out.writestr("about.json", about)
    with pytest.raises(Damaged, match="put together from parts"):
        _restore(opener, mixed, tmp_path / "Back.vault", reason="x")


def test_a_restore_test_leaves_a_signed_certificate_and_no_files(
    as_ada: AsAda, site_vault: Path, tmp_path: Path
) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    good = restore_test(vault, made.file, person="Ada Admin", passphrase=PASSPHRASE)
    assert (good.outcome, good.problem, good.entries) == ("restored", "", made.about.size if made.about else -1)
    bad = tmp_path / "bad.countersign"
    whole = bytearray(made.file.read_bytes())
    whole[len(whole) // 2] ^= 1
    bad.write_bytes(whole)
    failed = restore_test(vault, bad, person="Ada Admin", passphrase=PASSPHRASE)
    assert failed.outcome == "failed"
    assert failed.problem
    assert failed.source != good.source
    assert vault.verify().intact
    vault.lock()
    assert list((installation.home() / "open").iterdir()) == []


def test_a_restore_test_with_the_backup_of_another_vault_fails(
    as_ada: AsAda, opener: CountersignApplication, tmp_path: Path
) -> None:
    other = opener.create_vault(tmp_path / "Other.vault", name="Other", person="Ada Admin", passphrase=PASSPHRASE)
    theirs = other.backup_files.make(at=now())
    other.lock()
    vault = as_ada()
    failed = restore_test(vault, theirs.file, person="Ada Admin", passphrase=PASSPHRASE)
    vault.lock()
    assert failed.problem == "The backup is of another vault."


def test_an_automatic_copy_is_made_when_due_and_only_then(as_ada: AsAda, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = as_ada()
    began = now()
    at = began
    monkeypatch.setattr("desktop.session.unlocked_session.now", lambda: at)
    assert vault.maybe_snapshot() is None, "the vault is minutes old"
    at = began + timedelta(minutes=31)
    first = vault.maybe_snapshot()
    assert first is not None
    at += timedelta(minutes=29)
    _one_more_entry(vault)
    assert vault.maybe_snapshot() is None, "the newest is 29 minutes old"
    at += timedelta(minutes=2)
    assert vault.maybe_snapshot() is not None
    at += timedelta(hours=5)
    assert vault.maybe_snapshot() is None, "nothing was recorded since"
    vault.discard()


def test_retention_takes_automatic_copies_only_and_never_the_newest(as_ada: AsAda) -> None:
    vault = as_ada()
    id_ = vault.register.vault().id
    begun = (now() - timedelta(days=3)).replace(hour=9, minute=0)  # all on one day, whatever the hour is now
    for minutes in (0, 5, 10):
        vault.backup_files.make(at=begun + timedelta(minutes=minutes), why=AUTOMATIC)
    by_hand = vault.backup_files.make(at=begun + timedelta(minutes=7))
    vault.lock()
    (backup_folder_of(id_) / "broken.countersign").write_bytes(b"broken")
    apply_retention(id_, now=now())
    left = snapshots_in(backup_folder_of(id_))
    assert by_hand.file in {each.file for each in left}
    assert [each.problem != "" for each in left] == [False, False, True], "one automatic, one by hand, one unusable"
    assert newest_snapshot(id_) is not None


def test_a_second_opening_is_shown_of_the_newest_copy_which_can_be_inspected(
    as_ada: AsAda, opener: CountersignApplication, site_vault: Path
) -> None:
    vault = as_ada()
    made = vault.backup_files.make(at=now())
    script = (
        "import sys; from pathlib import Path; from desktop.application.application import CountersignApplication\n"
        "from domain.errors import InUse\n"
        "word = sys.stdin.readline()[:-1]\n"
        "try: CountersignApplication().unlock(Path(sys.argv[1]), person='Ada Admin', passphrase=word)\n"
        "except InUse as problem: print(problem)"
    )
    output = subprocess.run(
        [sys.executable, "-c", script, str(site_vault)],
        input=PASSPHRASE + "\n",
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
        timeout=60,
    )
    assert str(made.file) in output.stdout
    assert "since" in output.stdout
    view = opener.unlock(made.file, person="Ada Admin", passphrase=PASSPHRASE)
    assert view.register.log_size() == vault.register.log_size()
    assert "reading only" in view.notices[0]
    with pytest.raises(Refused) as refusal:
        _one_more_entry(view)
    assert refusal.value.obstacles[0].rule == "vault.read_only"
    assert view.verify().intact
    folder = view.folder
    view.lock()
    assert not folder.exists()
    with pytest.raises(InUse):
        opener.unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    vault.lock()


def test_a_copy_before_an_import_is_made_once_for_the_same_state(as_ada: AsAda) -> None:
    vault = as_ada()
    first = vault.backup_files.make_before("an import", at=now())
    assert vault.backup_files.make_before("an import", at=now() + timedelta(minutes=1)) == first
    _one_more_entry(vault)
    second = vault.backup_files.make_before("an import", at=now() + timedelta(minutes=2))
    assert second.file != first.file
    assert read_about(second.file).why == "before an import"
    vault.lock()


def test_what_a_stopped_program_left_in_the_backup_folder_is_swept(as_ada: AsAda) -> None:
    vault = as_ada()
    backup_folder = backup_folder_of(vault.register.vault().id)
    (backup_folder / ".countersign-making-left").mkdir()
    (backup_folder / ".countersign-making-left" / STORE).write_bytes(b"half")
    (backup_folder / ".countersign-making-left" / ".Site-20261122-080000.countersign.part").write_bytes(b"half")
    made = vault.backup_files.make(at=now())
    vault.lock()
    assert [file.name for file in backup_folder.iterdir()] == [made.file.name]


def test_a_full_disk_leaves_no_half_copy(as_ada: AsAda, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vault = as_ada()
    with pytest.raises(FileProblem, match="no such folder"):
        vault.backup_files.make(at=now(), to=tmp_path / "nowhere")
    used = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: used._replace(free=1000))
    with pytest.raises(FileProblem, match="bytes; 1,000 are free"):
        vault.backup_files.make(at=now(), to=tmp_path)
    vault.lock()
    assert not list(tmp_path.glob("*.countersign"))
    assert not list(tmp_path.glob(".countersign*"))
