"""How much of a foreign file is believed. One place, so that parent, reader process and tests agree.

The caps are wide enough for a register of 100,000 rows by 20 columns, whose single sheet part unpacks to
about 80 MB, and narrow enough that nothing here can exhaust a small laptop.
"""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 100 * 1024 * 1024
ARCHIVE_MEMBERS: Final = 2_000
MEMBER_BYTES: Final = 300 * 1024 * 1024
ARCHIVE_BYTES: Final = 400 * 1024 * 1024
MEMBER_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 1024 * 1024
"""A small part may shrink as much as it likes: only what unpacks beyond this many bytes can be a bomb."""

SHEETS: Final = 200
ROWS: Final = 200_000
COLUMNS: Final = 512
CELLS: Final = 12_000_000

PROCESS_MEMORY: Final = 1024 * 1024 * 1024
SMALL_FILE: Final = 2 * 1024 * 1024
SMALL_SECONDS: Final = 10.0
LARGE_SECONDS: Final = 60.0
FRAME_BYTES: Final = 256 * 1024 * 1024
ROWS_PER_FRAME: Final = 2_000
