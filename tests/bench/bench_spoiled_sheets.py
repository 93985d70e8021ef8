"""The importer's long fuzz: spoiled trackers in any number, and spoiled files through the confined reader.

    python tests/bench/bench_spoiled_sheets.py [--sheets N] [--files N] [--seed S]

Ends with 1 if anything but a plan or a refusal in words comes out, or if one takes longer than ten seconds.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "domain" / "trackers")]

from spoiled_sheets import base_sheets, spoil_many  # noqa: E402

from desktop.excel.read_workbook import read_workbook  # noqa: E402
from domain.errors import CountersignError  # noqa: E402

LONGEST = 10.0


def _spoil_bytes(whole: bytes, path: Path, chance: random.Random) -> None:
    data = bytearray(whole)
    for _ in range(chance.randrange(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    path.write_bytes(data)


def _spoil_parts(whole: bytes, path: Path, chance: random.Random) -> None:
    """The archive whole, something inside its parts changed, repeated or taken away."""
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = bytearray(old.read(name))
            for _ in range(chance.choice((0, 0, 1, 3))):
                at, length = chance.randrange(len(data)), chance.randrange(1, 40)
                piece = data[at : at + length]
                data[at : at + length] = chance.choice(
                    (b"", piece * 3, bytes(chance.choices(range(32, 127), k=length)))
                )
            if chance.random() > 0.02:
                new.writestr(name, bytes(data))


def spoil_files(count: int, *, seed: int, folder: Path) -> tuple[int, int, float, list[str]]:
    """Read so many damaged copies of the sample tracker: read, refused, the slowest, and what escaped."""
    whole = (PROJECT / "resources" / "sample" / "sample_tracker.xlsx").read_bytes()
    read, refused, slowest, escaped = 0, 0, 0.0, []
    path = folder / "spoiled.xlsx"
    for n in range(count):
        chance = random.Random(f"{seed}-{n}")
        _spoil_parts(whole, path, chance) if chance.random() < 0.7 else _spoil_bytes(whole, path, chance)
        began = time.perf_counter()
        try:
            read_workbook(path)
            read += 1
        except CountersignError:
            refused += 1
        except Exception as problem:  # noqa: BLE001 (what is looked for: anything that is not one of our refusals)
            escaped.append(f"seed {seed}-{n}: {type(problem).__name__}: {problem}"[:300])
        slowest = max(slowest, time.perf_counter() - began)
    return read, refused, slowest, escaped


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sheets", type=int, default=100_000)
    asked.add_argument("--files", type=int, default=500)
    asked.add_argument("--seed", type=int, default=2)
    options = asked.parse_args()
    began = time.perf_counter()
    found = spoil_many(base_sheets(), count=options.sheets, seed=options.seed)
    took = time.perf_counter() - began
    print(
        f"{options.sheets:,} sheets in {took:.0f} s: {found.plans:,} plans, {found.rows:,} rows, "
        f"{found.refusals:,} refusals, {len(found.errors)} errors, slowest {found.slowest:.2f} s"
    )
    with tempfile.TemporaryDirectory() as folder:
        read, refused, slowest, escaped = spoil_files(options.files, seed=options.seed, folder=Path(folder))
    print(f"{options.files:,} files: {read} read, {refused} refused, {len(escaped)} escaped, slowest {slowest:.2f} s")
    for line in (*found.errors[:20], *escaped[:20]):
        print(line)
    slow = max(found.slowest, slowest) > LONGEST
    return 1 if found.errors or escaped or slow else 0


if __name__ == "__main__":
    sys.exit(main())
