"""Forged entries in real stores, signed with the keys of rightful persons and with tables that agree with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from command_line import PASSPHRASE, command, secret_file
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forger import Forged, Forger
from listed import LISTED
from rich_history import rich
from rich_world import FILES, VAULT, World, raw
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.application.application import CountersignApplication
from desktop.session.signatory import KeySignatory
from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Change
from domain.commands.command import NONCE_SIZE, Case, Command
from domain.commands.deciding import decide
from domain.commands.people import GrantRole, SignDeclaration
from domain.commands.settings import ChangeSetting
from domain.identity import parse_iso
from domain.log.entry import decode_header, leaf_data, signing_input
from domain.log.merkle import Frontier, leaf_hash
from domain.log.verdict import LogVerdict
from resources.texts.declarations import DECLARATION
from resources.texts.meanings import MEANINGS

KEY = bytes(range(32))
TRIED = (
    "a worker changes a setting",
    "the last administrator ends",
    "a role that no process knows",
    "an edit accepts evidence for another person",
    "the definition in force is written anew",
    "evidence reviewed by somebody else",
    "a signature dated back",
    "an entry dated back",
    "a closure lists fewer entries",
    "an item is born closed",
    "a role rides along",
    "a value that does not follow from its cell",
    "what is allowed is called refused",
)


class Signer(msgspec.Struct):
    person: str
    key: str
    auth: str
    private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def record(store: Store, world: World, forged: Forged, key: str) -> int:
    """Put an entry into a store, whatever it says, validly signed; its number comes back."""
    header = forged.header
    act = Act(
        name=header.act,
        changes=forged.changes,
        role=header.role,
        mandate=header.mandate,
        subject=header.subject,
        process_version=header.process_version,
        reason=header.reason,
        meaning=header.meaning,
        files=tuple(FILES[each.id] for each in forged.changes if each.record == "file"),
        command=forged.leaves,
    )
    signer = Signer(header.by, key, header.auth, world.privates[key])
    entry = store.record(act, signatory=signer, at=parse_iso(header.at), zone="+00:00 test clock", device="d")
    return entry.header.seq


def verified(store: Store, world: World) -> LogVerdict:
    return store.verify(verify_signature, root_key=raw(world.root))


class Tried(msgspec.Struct):
    honest: Path
    found: dict[str, tuple[int, LogVerdict]] = {}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """The whole scenario in a store; beside it, for each forgery, a copy that ends with it and what verification
    says.
    """
    folder, world = tmp_path_factory.mktemp("forged"), rich()
    path, forger, result = folder / "store.db", Forger(rich()), Tried(folder / "store.db")
    waiting = [each for each in LISTED if each.what in TRIED]
    store = Store.create(path, KEY, vault=VAULT)
    for output in forger.walk():
        for number, each in enumerate([each for each in waiting if each.fits(forger, output)]):
            waiting.remove(each)
            store.close()
            copy = Path(shutil.copy(path, folder / f"{output.header.seq}-{number}.db"))
            forged = each.make(forger, output)
            with_forgery = Store.open(copy, KEY, vault=VAULT)
            keys = [one.key for one in rich().output[: output.header.seq + 1] if one.header.by == forged.header.by]
            seq = record(with_forgery, world, forged, keys[-1])
            result.found[each.what] = (seq, verified(with_forgery, world))
            with_forgery.close()
            store = Store.open(path, KEY, vault=VAULT)
        if output.command.word == "record_migration":
            continue  # this store was made in today's format
        changes = tuple(output.act.changes)
        record(
            store, world, Forged("", output.command.word, "", output.header, output.act.command, changes), output.key
        )
    store.close()
    assert [each.what for each in waiting] == []
    return result


def test_the_honest_store_is_intact(tried: Tried) -> None:
    store = Store.open(tried.honest, KEY, vault=VAULT)
    verdict = verified(store, rich())
    store.close()
    assert (verdict.findings, verdict.entries) == ((), len(rich().output) - 1)


@pytest.mark.parametrize("what", TRIED)
def test_a_forged_entry_is_named_in_its_store(what: str, tried: Tried) -> None:
    seq, verdict = tried.found[what]
    assert seq in {finding.entry for finding in verdict.findings}
    assert {finding.kind for finding in verdict.findings} <= {"rules", "clock"}, "the log itself holds"


def reseal(path: Path, private: Ed25519PrivateKey, **words: object) -> int:
    """Sign the newest entry of a store anew with other words in its header; its number comes back."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    seq, data = connection.execute("SELECT seq, header FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    changed = msgspec.structs.replace(decode_header(data), **words).data()
    signature = private.sign(signing_input(changed))
    leaf = leaf_hash(leaf_data(changed, signature))
    connection.execute(
        "UPDATE entry SET header = ?, signature = ?, leaf = ? WHERE seq = ?", (changed, signature, leaf, seq)
    )
    tree = Frontier()
    for (each,) in connection.execute("SELECT leaf FROM entry ORDER BY seq").fetchall():
        tree.append(each)
    connection.execute("UPDATE log_head SET roots = ?", (b"".join(tree.roots),))
    for _, sql in guards:
        connection.execute(sql)
    connection.close()
    return int(seq)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("schema", 0),
        ("law", 2),
        ("seq", 3),
        ("prev", "0" * 64),
        ("vault", "another"),
        ("behind", "2026-12-01T08:00:00.000Z"),
        ("key", rich().output[1].key),
        ("by", "p-lea"),
        ("reason", "another reason"),
        ("commands", 2),
    ],
)
def test_every_word_of_a_header_is_held_against_the_log(word: str, value: object, tried: Tried, tmp_path: Path) -> None:
    """A format of entries that is not known is no forgery: such a store is not opened at all."""
    path = Path(shutil.copy(tried.honest, tmp_path / "store.db"))
    newest = rich().output[-2]
    seq = reseal(path, rich().privates[newest.key], **{word: value})
    assert seq == newest.header.seq
    store = Store.open(path, KEY, vault=VAULT, any_schema=True)
    verdict = verified(store, rich())
    store.close()
    assert seq in {finding.entry for finding in verdict.findings}


def test_an_entry_signed_anew_as_it_was_is_intact(tried: Tried, tmp_path: Path) -> None:
    path = Path(shutil.copy(tried.honest, tmp_path / "store.db"))
    reseal(path, rich().privates[rich().output[-2].key])
    store = Store.open(path, KEY, vault=VAULT)
    assert verified(store, rich()).findings == ()
    store.close()


VERIFY = """
import sys
sys.path[:0] = sys.argv[4:]
from pathlib import Path
from desktop.store.store import Store
from desktop.vault.ed25519 import verify_signature
store = Store.open(Path(sys.argv[1]), bytes(range(32)), vault=sys.argv[3])
verdict = store.verify(verify_signature, root_key=bytes.fromhex(sys.argv[2]))
print(verdict.entries, len(verdict.findings), *verdict.findings[:3])
"""


@pytest.mark.parametrize(
    "elsewhere",
    [{"TZ": "Pacific/Apia", "LANG": "C", "LC_ALL": "C"}, {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7"}],
    ids=["another zone, no locale", "another zone, other hashes"],
)
def test_an_honest_store_is_intact_elsewhere(elsewhere: dict[str, str], tried: Tried) -> None:
    words = [sys.executable, "-c", VERIFY, str(tried.honest), raw(rich().root).hex(), VAULT]
    output = subprocess.run(
        [*words, str(Path(__file__).parents[2])],
        env={**os.environ, **elsewhere},
        capture_output=True,
        text=True,
        check=True,
    )
    assert output.stdout.split() == [str(len(rich().output) - 1), "0"]


@pytest.mark.parametrize(
    "forged",
    [
        GrantRole(person="", role="administrator"),
        ChangeSetting(name="reveal_needs_two", value="yes", meaning="I set it"),
    ],
    ids=lambda forged: forged.word,
)
def test_the_command_line_states_so_with_code_6(forged: Command, site_vault: Path, tmp_path: Path) -> None:
    """Quinn, who is no administrator, records it past the judge, with her own key."""
    vault = CountersignApplication().unlock(site_vault, person="Quinn QA", passphrase=PASSPHRASE)
    vault.perform(SignDeclaration(text=DECLARATION, meaning=MEANINGS["sign_declaration"]), passphrase=PASSPHRASE)
    actor = vault.actor()
    if isinstance(forged, GrantRole):
        forged = msgspec.structs.replace(forged, person=actor.person)
    nonce = os.urandom(NONCE_SIZE)
    act = forged.decide(Case(vault.register, actor, nonce=nonce))
    act = msgspec.structs.replace(act, command=forged.leaves(nonce))
    auth = "passphrase" if act.signing else "session"
    entry = vault._store.record(
        act, signatory=KeySignatory(vault._keys, auth=auth), at=actor.at, zone="+00:00 UTC", device="desk"
    )
    vault.lock()
    output = command(
        "log", "verify", site_vault, "--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path), "--json"
    )
    assert output.code == 6, output
    assert f'"entry": {entry.header.seq}' in output.out


def test_a_rider_in_a_real_vault_is_named_with_code_6(site_vault: Path, tmp_path: Path) -> None:
    """Ada changes a setting, as she may, and makes herself quality with it."""
    vault = CountersignApplication().unlock(site_vault, person="Ada Admin", passphrase=PASSPHRASE)
    vault.perform(SignDeclaration(text=DECLARATION, meaning=MEANINGS["sign_declaration"]), passphrase=PASSPHRASE)
    actor, nonce = vault.actor(), os.urandom(NONCE_SIZE)
    act = decide(
        ChangeSetting(name="reveal_needs_two", value="yes", meaning="I set it"), vault.register, actor, nonce=nonce
    )
    rider = Change(
        "person_role",
        "01930000-0000-7000-8000-0000000000ff",
        None,
        {
            "person": actor.person,
            "role": "quality",
            "valid_from": act.changes[0].after["set_at"],
            "granted_by": actor.person,
        },
    )
    entry = vault._store.record(
        msgspec.structs.replace(act, changes=(*act.changes, rider)),
        signatory=KeySignatory(vault._keys, auth="passphrase"),
        at=actor.at,
        zone="+00:00 UTC",
        device="desk",
    )
    vault.lock()
    output = command(
        "log", "verify", site_vault, "--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path), "--json"
    )
    assert output.code == 6, output
    assert f'"entry": {entry.header.seq}' in output.out
