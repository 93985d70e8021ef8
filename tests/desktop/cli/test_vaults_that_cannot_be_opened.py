"""Vaults that are damaged, incomplete, held by others or asked for with the wrong secret: words, a code, no harm."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import PASSPHRASE, PROJECT, SAMPLE_TRACKER, CommandOutput, command, environment, files_of, secret_file

from desktop.application.application import CountersignApplication
from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from desktop.vault.passphrases import MINIMUM_COST
from domain.errors import Damaged

FLIPS, CUTS = 200, 60
HOLD = (
    "import sys\nfrom pathlib import Path\nfrom desktop.application.application import CountersignApplication\n"
    "folder, name, secret = sys.argv[1:]\n"
    "passphrase = Path(secret).read_text().strip()\n"
    "CountersignApplication().unlock(Path(folder), person=name, passphrase=passphrase)\n"
    "print('held', flush=True)\nsys.stdin.read()\n"
)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return secret_file(tmp_path)


def info(vault: Path, secret: Path, *, name: str = "Quinn QA") -> CommandOutput:
    return command("vault", "info", vault, "--as", name, "--passphrase-file", secret, "--json")


def test_the_vault_opens_when_nothing_is_wrong(site_vault: Path, secret: Path) -> None:
    output = info(site_vault, secret)
    assert (output.code, output.json()["name"]) == (0, "Site A")


def test_a_wrong_passphrase_and_an_unknown_person_are_shown_alike(
    site_vault: Path, secret: Path, tmp_path: Path
) -> None:
    wrong = secret_file(tmp_path, "some other long passphrase", "wrong.txt")
    before = files_of(site_vault)
    passphrase, person = info(site_vault, wrong), info(site_vault, secret, name="Nobody Here")
    assert (passphrase.code, person.code) == (4, 4)
    assert passphrase.error() == person.error()
    assert passphrase.err == person.err
    assert "some other" not in passphrase.err + passphrase.out
    assert files_of(site_vault) == before


def test_a_wrong_passphrase_signs_nothing(site_vault: Path, secret: Path) -> None:
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    size = vault.register.log_size()
    vault.lock()
    assert info(site_vault, secret_file(secret.parent, "not the right passphrase", "no.txt")).code == 4
    assert info(site_vault, secret).json()["entries"] == size + 1
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    assert vault.register.entry(size).header.act == "record_failed_unlocks", (
        "the next unlock reports it, and that is all"
    )
    vault.lock()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("vault", "info", "VAULT"), 2),
        (("vault", "info", "VAULT", "--as", "Quinn QA"), 2),
        (("vault", "info", "VAULT", "--as", "Quinn QA", "--passphrase-file", "MISSING"), 8),
        (("vault", "info", "VAULT", "--as", "Quinn QA", "--passphrase-file", "EMPTY"), 2),
        (("vault", "info", "MISSING", "--as", "Quinn QA", "--passphrase-file", "SECRET"), 8),
        (("vault", "info", "EMPTY", "--as", "Quinn QA", "--passphrase-file", "SECRET"), 8),
        (("vault", "new", "VAULT", "--name", "A", "--person", "B", "--passphrase-file", "SECRET"), 8),
        (("vault", "new", "MISSING", "--name", " ", "--person", "B", "--passphrase-file", "SECRET"), 2),
        (("vault", "new", "MISSING", "--name", "A", "--person", "B", "--passphrase-file", "SHORT"), 2),
        (("item", "show", "VAULT", "NOPE", "--as", "Quinn QA", "--passphrase-file", "SECRET"), 2),
        (("item", "list", "VAULT", "--sort", "shape", "--as", "Quinn QA", "--passphrase-file", "SECRET"), 2),
        (("log", "checkpoint", "VAULT", "--out", "NOWHERE", "--as", "Quinn QA", "--passphrase-file", "SECRET"), 8),
        (("pack", "verify", "MISSING"), 8),
        (("pack", "verify", "SECRET"), 1),
        (("demo", "NOWHERE"), 8),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else str(value),
)
def test_a_call_that_cannot_work_states_so_and_leaves_the_vault(
    site_vault: Path, secret: Path, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    places: dict[str, Path] = {
        "VAULT": site_vault,
        "MISSING": tmp_path / "missing",
        "EMPTY": empty,
        "SECRET": secret,
        "SHORT": secret_file(tmp_path, "short", "short.txt"),
        "NOWHERE": empty / "below" / "a file",
    }
    before = files_of(site_vault)
    output = command(*(places.get(word, word) for word in words), "--json")
    assert output.code == code, output
    if code != 1:
        assert output.error()["what"].endswith(".")
    assert files_of(site_vault) == before
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize(("gone", "code"), [("store.db", 8), ("slots.a", 0), ("slots.b", 0), ("both slots", 8)])
def test_missing_files_are_named_or_made_good(site_vault: Path, secret: Path, gone: str, code: int) -> None:
    whole = files_of(site_vault)
    for name in ("slots.a", "slots.b") if gone == "both slots" else (gone,):
        (site_vault / name).unlink()
    before = files_of(site_vault)
    output = info(site_vault, secret)
    assert output.code == code, output
    if code:
        assert output.error()["where"]
        assert files_of(site_vault) == before
    else:
        assert f"{gone} is missing" in output.err
        assert files_of(site_vault) == whole, "the copy that was missing is back"


def test_a_slot_file_of_another_vault_is_integrity_broken(site_vault: Path, secret: Path, tmp_path: Path) -> None:
    other = tmp_path / "Other.vault"
    CountersignApplication(cost=MINIMUM_COST).create_vault(
        other, name="Site B", person="Quinn QA", passphrase=PASSPHRASE
    ).lock()
    shutil.copy(other / "slots.a", site_vault / "slots.a")
    output = info(site_vault, secret)
    assert output.code == 6
    assert "different vaults" in output.error()["what"]


def test_two_damaged_slot_files_are_integrity_broken(site_vault: Path, secret: Path) -> None:
    for name in ("slots.a", "slots.b"):
        data = bytearray((site_vault / name).read_bytes())
        data[len(data) // 2] ^= 1
        (site_vault / name).write_bytes(bytes(data))
    before = files_of(site_vault)
    output = info(site_vault, secret)
    assert output.code == 6
    assert output.error()["remedy"]
    assert files_of(site_vault) == before


@pytest.fixture
def held(site_vault: Path, secret: Path) -> Iterator[Path]:
    """The vault, unlocked by another process until the test ends."""
    words = [sys.executable, "-c", HOLD, str(site_vault), "Priya Process", str(secret)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment()
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield site_vault
        other.communicate("")


def test_a_second_writer_is_shown_who_holds_the_vault(held: Path, secret: Path) -> None:
    store = (held / "store.db").read_bytes()
    for words in (("vault", "info"), ("import", "run"), ("log", "verify")):
        more = (SAMPLE_TRACKER, "--process", "capa") if words[0] == "import" else ()
        output = command(*words, held, *more, "--as", "Quinn QA", "--passphrase-file", secret, "--json")
        assert output.code == 3
        assert "process" in output.error()["where"]
    assert (held / "store.db").read_bytes() == store


def _found_damaged(store: Path, secrets: tuple[bytes, str, bytes]) -> bool:
    """Whether opening or verifying finds something wrong."""
    key, vault, root = secrets
    try:
        opened = Store.open(store, key, vault=vault)
    except Damaged:
        return True
    try:
        return not opened.verify(verify_signature, root_key=root).intact
    except Damaged:
        return True
    finally:
        opened.close()


@pytest.fixture
def store_secrets(site_vault: Path) -> tuple[bytes, str, bytes]:
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    keys = vault._keys
    found = bytes(keys.store_key), keys.vault_id, bytes(keys.root_public)
    vault.lock()
    return found


def test_one_flipped_byte_anywhere_in_the_store_is_found(
    site_vault: Path, store_secrets: tuple[bytes, str, bytes]
) -> None:
    store = site_vault / "store.db"
    whole = store.read_bytes()
    assert not _found_damaged(store, store_secrets), "it is whole to begin with"
    chance = random.Random(2026)
    ends = [0, 15, 16, 100, 4095, 4096, len(whole) - 1, len(whole) - 4096]
    for place in ends + chance.sample(range(len(whole)), FLIPS):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        store.write_bytes(bytes(damaged))
        assert _found_damaged(store, store_secrets), f"the flip at byte {place} was not noticed"


def test_a_store_cut_short_anywhere_is_found(site_vault: Path, store_secrets: tuple[bytes, str, bytes]) -> None:
    store = site_vault / "store.db"
    whole = store.read_bytes()
    chance = random.Random(2026)
    pages = [page * 4096 for page in range(0, len(whole) // 4096, 7)]
    for length in [1, 15, 16, 4095, len(whole) - 1, *pages, *chance.sample(range(len(whole)), CUTS)]:
        store.write_bytes(whole[:length])
        assert _found_damaged(store, store_secrets), f"cut to {length} bytes and not noticed"


@pytest.mark.parametrize("length", [0, 1, 4096, 40_960, -4096, -1])
def test_a_cut_store_ends_a_command_with_integrity_broken(site_vault: Path, secret: Path, length: int) -> None:
    store = site_vault / "store.db"
    store.write_bytes(store.read_bytes()[:length])
    before = files_of(site_vault)
    output = command("log", "verify", site_vault, "--as", "Quinn QA", "--passphrase-file", secret, "--json")
    assert output.code == 6
    assert "Traceback" not in output.err
    assert files_of(site_vault) == before


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.7, 0.99])
def test_a_flipped_byte_ends_a_command_with_integrity_broken(site_vault: Path, secret: Path, share: float) -> None:
    store = site_vault / "store.db"
    data = bytearray(store.read_bytes())
    data[int(len(data) * share)] ^= 0x40
    store.write_bytes(bytes(data))
    before = files_of(site_vault)
    output = command("log", "verify", site_vault, "--as", "Quinn QA", "--passphrase-file", secret, "--json")
    assert output.code == 6
    assert "Traceback" not in output.err
    assert files_of(site_vault) == before
