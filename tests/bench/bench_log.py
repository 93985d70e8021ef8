"""How long a whole verification takes, against its floor, in the same run.

    python tests/bench/bench_log.py [ENTRIES] [--keep FOLDER]

The log is made of small real commands (create an item, edit it, move it), decided by the rules and written by the
store's own sealing code inside one transaction; verification decides every one of them again. The floor is what
nobody can leave out: SHA-256 over the same bytes, one Ed25519 check (OpenSSL) per entry, and one scan of every table.
Each part runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from desktop.application.application import CountersignApplication
from desktop.session.signatory import KeySignatory
from desktop.session.unlocked_session import UnlockedSession
from desktop.store import record as sealing
from desktop.store.engine import open_engine, without_transaction
from desktop.store.engine import sealing as seal_in
from desktop.store.store import Store
from desktop.store.tables import metadata
from desktop.vault.ed25519 import verify_signature
from desktop.vault.passphrases import MINIMUM_COST
from domain.act import Change
from domain.commands.command import NONCE_SIZE, Command
from domain.commands.deciding import decide
from domain.commands.items import CreateItem, EditItem, MoveItem
from domain.identity import parse_iso
from domain.log.entry import signing_input
from domain.replay.state import MemoryState
from domain.rules.holding_roles import actor_at

READY = {
    "correction": "Parts sorted out.",
    "containment": "Stock blocked.",
    "consequences": "done: customer informed",
}


def commands(count: int, owner: str, last: Callable[[], str]) -> Iterator[Command]:
    """Small commands on items that live: every item is created, edited, moved. `last` is the item made last."""
    for made in range(0, count, 3):
        fields = {"title": f"Torn label {made}", "severity": "minor", "owner": owner, "description": "As found."}
        three = (
            lambda fields=fields: CreateItem(process="capa", fields=fields),
            lambda: EditItem(item=last(), fields=READY),
            lambda: MoveItem(item=last(), step="containment"),
        )
        for each in three[: count - made]:
            yield each()


def state_of(vault: UnlockedSession) -> MemoryState:
    """The state of a vault that has few entries, in memory."""
    state, register = MemoryState(), vault.register
    for seq in range(register.log_size()):
        header = register.entry(seq).header
        state.begin(header)
        for data in register.changes(seq)[header.commands :]:
            state.apply(msgspec.json.decode(data, type=Change))
    return state


def write(folder: Path, count: int) -> dict[str, object]:
    """A vault with `count` entries on top of the few it is created with, each decided and signed."""
    passphrase = "five words that are long enough"
    vault = CountersignApplication(cost=MINIMUM_COST).create_vault(
        folder, name="B", person="Ada", passphrase=passphrase
    )
    vault.people_service.grant_role(person=vault.person.id, role="quality")
    state, person, items = state_of(vault), vault.person.id, [""]
    at = parse_iso(state.header(state.log_size() - 1).at)
    signatory = KeySignatory(vault._keys, auth="session")
    with seal_in(vault._store._engine) as sql:
        head = sealing.read_head(sql)
        for command in commands(count, person, lambda: items[-1]):
            at += timedelta(seconds=1)
            act = decide(command, state, actor_at(state, person, at), nonce=secrets.token_bytes(NONCE_SIZE))
            last = sealing._last_entry(sql, head)
            writer = sealing._Writer(sql, seq=head.size, first=last.next_change, progress=None)
            tree = writer.write(act.changes, command=act.command)
            entry = sealing._seal(
                sql,
                act,
                tree,
                head=head,
                last=last,
                vault=vault._store.vault,
                signatory=signatory,
                at=at,
                zone="+00:00 test clock",
                device="desk-1",
            )
            items[-1] = act.subject
            state.begin(entry.header)
            for change in act.changes:
                state.apply(change)
    output = {
        "key": vault._keys.store_key.hex(),
        "vault": vault._store.vault,
        "root_key": vault._keys.root_public.hex(),
        "person": person,
        "store": str(vault._store._path),
    }
    vault.discard()
    (folder / "bench.json").write_text(json.dumps(output), encoding="utf-8")
    return {"bytes": Path(str(output["store"])).stat().st_size}


def floor(folder: Path) -> dict[str, object]:
    """Hash what is hashed, check as many signatures, read every table: nothing else."""
    output = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    engine = open_engine(Path(output["store"]), bytes.fromhex(output["key"]), read_only=True)
    parts = {"sha256": 0.0, "ed25519": 0.0, "scan": 0.0}
    with without_transaction(engine) as connection:
        cursor = connection.connection.cursor()
        public = Ed25519PublicKey.from_public_bytes(
            b64decode(
                cursor.execute("SELECT ed25519 FROM person_key WHERE person = ?", (output["person"],)).fetchone()[0]
            )
        )
        for table in metadata.sorted_tables:
            start = time.perf_counter()
            for _ in cursor.execute(f'SELECT * FROM "{table.name}"'):
                pass
            parts["scan"] += time.perf_counter() - start
        checked = 0
        rows = cursor.execute('SELECT header, signature FROM entry WHERE "by" = ?', (output["person"],))
        while batch := rows.fetchmany(2000):
            start = time.perf_counter()
            for header, signature in batch:
                sha256(header + signature).digest()
            parts["sha256"] += time.perf_counter() - start
            start = time.perf_counter()
            for header, signature in batch:
                public.verify(signature, signing_input(header))
            parts["ed25519"] += time.perf_counter() - start
            checked += len(batch)
        rows = cursor.execute("SELECT data FROM change")
        while batch := rows.fetchmany(2000):
            start = time.perf_counter()
            for (data,) in batch:
                sha256(data).digest()
            parts["sha256"] += time.perf_counter() - start
    engine.dispose()
    return {"seconds": sum(parts.values()), **parts, "signatures": checked}


def ours(folder: Path) -> dict[str, object]:
    """The whole verification, as `log verify` runs it."""
    phases: dict[str, float] = {}
    begun = [time.perf_counter(), "open"]

    def progress(phase: str, _done: int, _of: int) -> None:
        at = time.perf_counter()
        phases[str(begun[1])] = phases.get(str(begun[1]), 0.0) + at - float(begun[0])
        begun[:] = [at, phase]

    output = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    store = Store.open(Path(output["store"]), bytes.fromhex(output["key"]), vault=output["vault"])
    start = time.perf_counter()
    verdict = store.verify(verify_signature, root_key=bytes.fromhex(output["root_key"]), progress=progress)
    seconds = time.perf_counter() - start
    progress("end", 0, 0)
    store.close()
    assert verdict.intact, verdict.findings[:3]
    return {"seconds": seconds, "entries": verdict.entries, "changes": verdict.changes, "phases": phases}


def in_its_own_process(*words: str) -> dict[str, object]:
    run = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def main() -> None:
    words = sys.argv[1:]
    if words and words[0] in ("--write", "--floor", "--ours"):
        started, folder = time.process_time(), Path(words[1])
        output = (
            write(folder, int(words[2]))
            if words[0] == "--write"
            else {"--floor": floor, "--ours": ours}[words[0]](folder)
        )
        output["cpu"] = round(time.process_time() - started, 2)
        output["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps(output))
        return
    keep = Path(words[words.index("--keep") + 1]) if "--keep" in words else None
    count = int(words[0]) if words and words[0].isdigit() else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = str((keep or Path(folder)) / "bench.vault")
        start = time.perf_counter()
        made = in_its_own_process("--write", path, str(count))
        print(f"wrote {count:,} entries, {made['bytes']:,} bytes, {time.perf_counter() - start:.1f} s")
        least = in_its_own_process("--floor", path)
        whole = in_its_own_process("--ours", path)
    ratio = float(str(whole["seconds"])) / float(str(least["seconds"]))
    print(f"floor {least['seconds']:.1f} s {least}")
    print(f"ours  {whole['seconds']:.1f} s {whole}")
    busy = float(str(whole["cpu"])) / float(str(least["cpu"]))
    print(f"ratio {ratio:.2f} by the clock, {busy:.2f} by processor time (target 4)")
    print(f"peak memory {whole['peak_mb']} MB (floor {least['peak_mb']} MB)")


if __name__ == "__main__":
    main()
