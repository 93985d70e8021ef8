"""The declarations of law 1: by which texts a person binds themselves to signatures made here (21 CFR 11.100(c)).

The texts stand in the catalogues of the faces, one in each language; the law knows them by the SHA-256 of their UTF-8
bytes (hex), so that no other text can be signed in their place.
"""

from __future__ import annotations

from typing import Final

DECLARATIONS: Final = frozenset({"1c4a3322c0924ff4aa7bc45f0a0067e72c43d4785d8d1de4a8cd88e736c59216"})
