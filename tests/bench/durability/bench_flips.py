"""The long form: every byte of a small store flipped alone, and judged by SQLCipher's page check or the program.

    python tests/bench/durability/bench_flips.py [--every N] [--program N]

Each flip is judged by the page check that verification begins with; every `--program`-th also by the program whole.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from long_rig import table

from crash_shim import fast_folder  # isort: skip  the path to it is set by long_rig
from damaged_stores import pages_that_fail, program_finds  # isort: skip
from small_store import build  # isort: skip
from sqlcipher3 import dbapi2 as sqlcipher  # isort: skip


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=1, help="flip every so many bytes")
    asked.add_argument("--program", type=int, default=400, help="ask the whole program at every so many flips")
    options = asked.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        small = build(Path(folder) / "store.db")
        small.close()
        spot = Path(folder) / "spot.db"
        data = bytearray(small.path.read_bytes())
        spot.write_bytes(data)
        flips = refused = by_page = asked_program = 0
        missed: list[int] = []
        for at in range(0, len(data), options.every):
            with spot.open("r+b") as stream:
                stream.seek(at)
                stream.write(bytes([data[at] ^ 1 << at % 8]))
            flips += 1
            try:
                failing = pages_that_fail(spot)
                by_page += bool(failing)
                if not failing:
                    missed.append(at)
            except sqlcipher.Error:
                refused += 1
            if flips % options.program == 0:
                asked_program += 1
                if not program_finds(spot, small):
                    missed.append(at)
            with spot.open("r+b") as stream:
                stream.seek(at)
                stream.write(data[at : at + 1])
    heads = ("bytes", "flips", "refused", "named by page", "asked of the program", "missed")
    print(table(heads, [(len(data), flips, refused, by_page, asked_program, len(missed))]))
    print(f"{time.perf_counter() - began:.0f} s", missed[:20])
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
