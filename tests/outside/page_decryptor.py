"""SQLCipher 4 pages made readable for stock SQLite, from the published page format: standard library and AES alone."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, SALT, IV = 4096, 80, 16, 16


def decrypted(store: Path, key: bytes) -> bytes:
    """The plain database: every page's HMAC-SHA512 checked, then AES-256-CBC undone."""
    data = store.read_bytes()
    salt = bytes(byte ^ 0x3A for byte in data[:SALT])
    mac_key = hashlib.pbkdf2_hmac("sha512", key, salt, 2, 32)
    plain = bytearray()
    for number, start in enumerate(range(0, len(data), PAGE), start=1):
        page = data[start : start + PAGE]
        begin = SALT if number == 1 else 0
        body, iv = page[begin : PAGE - RESERVED], page[PAGE - RESERVED : PAGE - RESERVED + IV]
        tag = page[PAGE - RESERVED + IV :]
        expected = hmac.new(mac_key, body + iv + number.to_bytes(4, "little"), "sha512").digest()
        if not hmac.compare_digest(expected, tag[: len(expected)]):
            raise ValueError(f"page {number} is not as it was written")
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        plain += (b"SQLite format 3\0" if number == 1 else b"") + cipher.update(body) + cipher.finalize()
        plain += page[PAGE - RESERVED :]
    return bytes(plain)
