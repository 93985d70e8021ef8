"""How long a whole verification takes, against its floor, in the same run.

    python tests/bench/bench_log.py [ENTRIES] [--keep FOLDER]

The log is made of small real acts (create an item, edit it, move it), written by the store's own sealing code
inside one transaction. The floor is what nobody can leave out: SHA-256 over the same bytes, one Ed25519 check
(OpenSSL) per entry, and one scan of every table. Each part runs in a process of its own, so that its peak memory
is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "desktop" / "store")]

from small_store import KEY, VAULT, build, item_values, raw  # noqa: E402

from desktop.store import record as sealing  # noqa: E402
from desktop.store.engine import open_engine, without_transaction  # noqa: E402
from desktop.store.engine import sealing as seal_in  # noqa: E402
from desktop.store.store import Store  # noqa: E402
from desktop.store.tables import metadata  # noqa: E402
from desktop.vault.ed25519 import verify_signature  # noqa: E402
from domain.act import Act, Change, created  # noqa: E402
from domain.log.entry import signing_input  # noqa: E402


def acts(count: int) -> Iterator[Act]:
    """Small acts on items that live: every item is created, edited, moved."""
    made = 0
    while True:
        n = made // 3 + 10
        id_ = f"01930000-0000-7000-8000-{n:012x}"
        values = {**item_values(f"SA-CAPA-{n:07}", f"Torn label {n}"), "legacy": [], "source": None, "values": {}}
        due = {"due": "2026-12-01"}, {"due": "2026-12-09"}
        moved = {"step": "reported"}, {"step": "containment"}
        passage = {
            "item": id_,
            "cycle": 1,
            "from_step": "reported",
            "to_step": "containment",
            "at": "2026-11-22T08:04:00.000Z",
            "by": "person-quinn",
            "reason": "contained",
        }
        for name, changes in (
            ("create_item", (created("item", id_, values),)),
            ("edit_item", (Change("item", id_, *due),)),
            ("move_item", (Change("item", id_, *moved), created("passage", f"{id_}-p", passage))),
        ):
            if made == count:
                return
            made += 1
            yield Act(name=name, changes=changes, role="quality", subject=id_, process_version="capa@1")


def write(path: Path, count: int) -> dict[str, object]:
    """A store with `count` entries on top of the few it is founded with."""
    small = build(path)
    with seal_in(small.store._engine) as connection:
        head = sealing.read_head(connection)
        for act in acts(count):
            small.at += timedelta(seconds=1)
            last = sealing._last_entry(connection, head)
            tree = sealing._Writer(connection, seq=head.size, first=last.next_change, progress=None).write(act.changes)
            sealing._seal(
                connection,
                act,
                tree,
                head=head,
                last=last,
                vault=VAULT,
                signatory=small.quinn,
                at=small.at,
                zone="+00:00 test clock",
                device="desk-1",
            )
    small.close()
    return {"root_key": raw(small.root).hex(), "bytes": path.stat().st_size}


def floor(path: Path) -> dict[str, object]:
    """Hash what is hashed, check as many signatures, read every table: nothing else."""
    engine = open_engine(path, KEY, read_only=True)
    parts = {"sha256": 0.0, "ed25519": 0.0, "scan": 0.0}
    with without_transaction(engine) as connection:
        cursor = connection.connection.cursor()
        public = Ed25519PublicKey.from_public_bytes(
            b64decode(cursor.execute("SELECT ed25519 FROM person_key WHERE person = 'person-quinn'").fetchone()[0])
        )
        for table in metadata.sorted_tables:
            start = time.perf_counter()
            for _ in cursor.execute(f'SELECT * FROM "{table.name}"'):
                pass
            parts["scan"] += time.perf_counter() - start
        checked = 0
        rows = cursor.execute("SELECT header, signature FROM entry WHERE \"by\" = 'person-quinn'")
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


def ours(path: Path, root_key: str) -> dict[str, object]:
    """The whole verification, as `log verify` runs it."""
    phases: dict[str, float] = {}
    begun = [time.perf_counter(), "open"]

    def progress(phase: str, _done: int, _of: int) -> None:
        at = time.perf_counter()
        phases[str(begun[1])] = phases.get(str(begun[1]), 0.0) + at - float(begun[0])
        begun[:] = [at, phase]

    store = Store.open(path, KEY, vault=VAULT)
    start = time.perf_counter()
    verdict = store.verify(verify_signature, root_key=bytes.fromhex(root_key), progress=progress)
    seconds = time.perf_counter() - start
    progress("end", 0, 0)
    store.close()
    assert verdict.intact, verdict.findings[:3]
    return {"seconds": seconds, "entries": verdict.entries, "changes": verdict.changes, "phases": phases}


def in_its_own_process(*words: str) -> dict[str, object]:
    run = subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def main() -> None:
    words = sys.argv[1:]
    parts = {"--write": lambda p, n: write(Path(p), int(n)), "--floor": lambda p: floor(Path(p))}
    if words and words[0] in ("--write", "--floor", "--ours"):
        started = time.process_time()
        part = ours if words[0] == "--ours" else parts[words[0]]
        arguments = (Path(words[1]), words[2]) if part is ours else tuple(words[1:])
        told = part(*arguments)
        told["cpu"] = round(time.process_time() - started, 2)
        told["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps(told))
        return
    keep = Path(words[words.index("--keep") + 1]) if "--keep" in words else None
    count = int(words[0]) if words and words[0].isdigit() else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = (keep or Path(folder)) / "store.db"
        start = time.perf_counter()
        made = in_its_own_process("--write", str(path), str(count))
        print(f"wrote {count:,} entries, {made['bytes']:,} bytes, {time.perf_counter() - start:.1f} s")
        least = in_its_own_process("--floor", str(path))
        whole = in_its_own_process("--ours", str(path), str(made["root_key"]))
    ratio = float(str(whole["seconds"])) / float(str(least["seconds"]))
    print(f"floor {least['seconds']:.1f} s {least}")
    print(f"ours  {whole['seconds']:.1f} s {whole}")
    busy = float(str(whole["cpu"])) / float(str(least["cpu"]))
    print(f"ratio {ratio:.2f} by the clock, {busy:.2f} by processor time (target 2.5)")
    print(f"peak memory {whole['peak_mb']} MB (floor {least['peak_mb']} MB)")


if __name__ == "__main__":
    main()
