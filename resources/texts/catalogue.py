"""The message catalogues: one folder for each language, found by gettext.

A language needs one file, `locale/<language>/LC_MESSAGES/countersign.po`, made and compiled by
`python installer/renew_catalogues.py <language>`.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
NAME: Final = "countersign"
ENGLISH: Final = "en"
LANGUAGE_VARIABLE: Final = "COUNTERSIGN_LANGUAGE"
"""Names the language of the program, where it is not to be that of the computer."""


def english() -> gettext.NullTranslations:
    """The catalogue in which every message is found."""
    return gettext.translation(NAME, LOCALE, [ENGLISH])


def spoken() -> gettext.NullTranslations:
    """The catalogue of the language that is asked for, as far as there is one, and English behind it."""
    asked = os.environ.get(LANGUAGE_VARIABLE)
    if asked and asked not in {each.name for each in LOCALE.iterdir()}:
        asked = ENGLISH  # a name, never a path to a catalogue of somebody else
    found = gettext.translation(NAME, LOCALE, [asked] if asked else None, fallback=True)
    found.add_fallback(english())
    return found
