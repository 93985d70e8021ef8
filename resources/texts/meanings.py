"""What a signature means in words where neither the process nor the person says so, by the command's word."""

from __future__ import annotations

from typing import Final

MEANINGS: Final[dict[str, str]] = {
    "ask_reset": "I know this person and confirm that they need a new key",
    "give_reset": "I have verified who this person is and give them a new key",
    "sign_declaration": "I give this declaration",
    "withdraw_reset": "I withdraw this request: no new key shall be given for it",
}
