"""What a signature means where neither the process nor the signer says so: the words that the faces propose."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "acknowledge_clock": "I have compared this computer's clock with another one; it is right",
    "ask_key": "I ask that the key of this vault's store be given out",
    "reveal_key": "I give out the key of this vault's store: whoever holds it can read everything in it",
    "review_access": "I have reviewed who has access here, and as what",
    "review_audit_trail": "I have reviewed these entries of the audit trail",
}
"""By the word of the command."""
