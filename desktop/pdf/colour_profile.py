"""A small sRGB profile, made here byte for byte, so that printed colours mean the same on every machine.

ICC.1:2010 (profile version 4.2), display class, RGB to XYZ with three matrix columns and the parametric
curve of IEC 61966-2-1, adapted to D50 as ICC requires.
"""

from __future__ import annotations

import struct
from functools import lru_cache

_COLUMNS = {  # sRGB primaries adapted to D50 (Bradford), as s15Fixed16 numbers of ICC's own sRGB profiles
    b"rXYZ": (0x6FA2, 0x38F5, 0x0390),
    b"gXYZ": (0x6299, 0xB785, 0x18DA),
    b"bXYZ": (0x24A0, 0x0F84, 0xB6CF),
}
_WHITE = (0xF6D6, 0x10000, 0xD32D)
_TO_D50 = (0x10C42, 0x05DE, -0x0CDB, 0x0793, 0xFD90, -0x045F, -0x025E, 0x03DC, 0xC06E)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The profile's bytes; the same on every run."""
    curve = b"para\0\0\0\0" + struct.pack(">HH5i", 3, 0, *(round(number * 65536) for number in _CURVE))
    tags = {
        b"desc": _words("sRGB IEC61966-2.1"),
        b"cprt": _words("No copyright, use freely"),
        b"wtpt": _xyz(_WHITE),
        b"chad": b"sf32\0\0\0\0" + struct.pack(">9i", *_TO_D50),
        **{name: _xyz(column) for name, column in _COLUMNS.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    table, data, places = b"", b"", {}
    for name, value in tags.items():
        if value not in places:  # the three curves are one
            places[value] = start + len(data)
            data += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, places[value], len(value))
    return _header(start + len(data)) + struct.pack(">I", len(tags)) + table + data


def _header(size: int) -> bytes:
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    light = struct.pack(">3i", *_WHITE)
    head = struct.pack(">I4s4s4s4s4s", size, bytes(4), b"\x04\x20\0\0", b"mntr", b"RGB ", b"XYZ ")
    return (head + date + b"acsp" + bytes(28) + light).ljust(128, b"\0")


def _xyz(numbers: tuple[int, int, int]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *numbers)


def _words(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
