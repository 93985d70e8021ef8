"""The help of commands and options in the language in use.

It stands in the code in English, as docstrings of commands and as `help` of their arguments and options: there it is
read by whoever changes the command. `installer/renew_catalogues.py` gathers these texts for the catalogues.
"""

from __future__ import annotations

from typing import Any

from domain import messages


def speak_help(command: Any) -> None:
    """Put every help text of a click command, and of those under it, into the language in use; once for each."""
    for described in (command, *command.params):
        for name in ("help", "short_help"):
            text = getattr(described, name, None)
            if text:
                # not written out here: help_texts of installer/renew_catalogues.py gathers what can stand here
                setattr(described, name, messages.message(text))
    for below in getattr(command, "commands", {}).values():
        speak_help(below)
