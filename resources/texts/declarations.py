"""The declaration a person signs once, before the first signature (21 CFR 11.10(j), 11.100), by language."""

from __future__ import annotations

from typing import Final

DECLARATIONS: Final = {
    "en": (
        "I declare that the electronic signatures I give in this vault are the legally binding equivalent of my "
        "handwritten signature. I answer for every act signed with my key. I keep my passphrase to myself, let nobody "
        "sign in my place, and report at once if somebody else may know it."
    ),
}
