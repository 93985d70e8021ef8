"""The declaration signed before the first signature (21 CFR 11.100(c)), as the law knows it by its hash."""

from __future__ import annotations

from typing import Final

DECLARATION: Final = (
    "I declare that the electronic signatures I give in this vault are the legally binding equivalent of my "
    "handwritten signature. I answer for every act signed with my key. I keep my passphrase to myself, let nobody "
    "sign in my place, and report at once if somebody else may know it."
)
