"""Gate, closing page and pack on 1,000 states of random lives: they give one list of demands, met or not.

Run: python tests/bench/bench_one_standard.py [STATES]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "domain" / "closure")]

from test_one_standard import STATES, test_gate_closing_page_and_pack_give_one_list  # noqa: E402 (the path comes first)


def main(states: int = 1_000) -> None:
    """Look at this many states, eight of each life."""
    began = time.process_time()
    lives = -(-states // STATES)
    for seed in range(1_000, 1_000 + lives):
        test_gate_closing_page_and_pack_give_one_list(seed)
    print(f"{lives * STATES} states of {lives} lives: one list each, {time.process_time() - began:.1f} s")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:2]))
