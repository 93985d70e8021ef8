"""The recovery code: 160 random bits on paper, in groups a person can type back, with a checksum.

Crockford's base 32: no I, L, O or U, so what is easily misread is read as what was meant. From the code come
two things by HKDF: the key that seals a recovery slot, and the signing key that proves the sheet was at hand.
"""

from __future__ import annotations

import re
from hashlib import sha256

from desktop.vault.primitives import Secret, ed25519_public, ed25519_sign, hkdf, random_bytes
from domain.errors import UsageProblem
from domain.messages import message

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_SIZE = 20
GROUP = 4
GROUPS = 9
_CHECK_SYMBOLS = GROUP * GROUPS - SECRET_SIZE * 8 // 5
_MISREAD = str.maketrans("OIL", "011")
_INFO = b"countersign/recovery/v1/"


def new_code() -> str:
    """A fresh code as printed: nine groups of four symbols; the last group is the checksum."""
    return _spell(random_bytes(SECRET_SIZE))


def read_code(typed: str) -> Secret:
    """The secret of a code as somebody typed it: case, spaces and hyphens do not matter.

    Raises:
        UsageProblem: not a whole code, or its checksum says that it was mistyped. What was typed is not repeated.
    """
    symbols = _symbols(typed)
    if len(symbols) != GROUP * GROUPS or not set(symbols) <= set(ALPHABET):
        raise UsageProblem(
            message("A recovery code has {groups} groups of {group} letters and digits.", groups=GROUPS, group=GROUP),
            where=message("recovery code"),
            remedy=message("Type it as printed; the letters I, L, O and U do not occur."),
        )
    value = 0
    for symbol in symbols[:-_CHECK_SYMBOLS]:
        value = value * 32 + ALPHABET.index(symbol)
    secret = value.to_bytes(SECRET_SIZE, "big")
    if _symbols(_spell(secret)) != symbols:
        raise UsageProblem(
            message("The recovery code was mistyped: its last group does not fit the others."),
            where=message("recovery code"),
            remedy=message("Compare it with the sheet, group by group."),
        )
    return Secret(secret)


def group_of(code: str, number: int) -> str:
    """The group of this number, counted from 1."""
    return code.split("-")[number - 1]


def is_group(code: str, number: int, typed: str) -> bool:
    """Whether this group was typed back rightly: the test that the sheet can be read."""
    return _symbols(typed) == group_of(code, number)


def slot_key(secret: Secret, *, salt: bytes) -> Secret:
    """The key-encryption key of a recovery slot. The secret is random, so stretching it would add nothing."""
    return hkdf(secret, info=_INFO + b"slot", salt=salt)


def sheet_public(secret: Secret) -> bytes:
    """The Ed25519 public key of a sheet, as the log keeps it."""
    seed = hkdf(secret, info=_INFO + b"sheet")
    try:
        return ed25519_public(seed)
    finally:
        seed.wipe()


def sign_with_sheet(secret: Secret, data: bytes) -> bytes:
    """The sheet's signature over `data`, which carries its own domain prefix."""
    seed = hkdf(secret, info=_INFO + b"sheet")
    try:
        return ed25519_sign(seed, data)
    finally:
        seed.wipe()


def _spell(secret: bytes) -> str:
    value, symbols = int.from_bytes(secret, "big"), ""
    for _ in range(SECRET_SIZE * 8 // 5):
        symbols = ALPHABET[value % 32] + symbols
        value //= 32
    check = int.from_bytes(sha256(b"countersign/recovery-code/v1" + secret).digest()[:4], "big")
    for _ in range(_CHECK_SYMBOLS):
        symbols += ALPHABET[check % 32]
        check //= 32
    return "-".join(symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP))


def _symbols(typed: str) -> str:
    return re.sub(r"[\s\-‐‑–]", "", typed).upper().translate(_MISREAD)
