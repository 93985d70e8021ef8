"""What a signature means when neither the process nor whoever signs says it in other words.

The key is the word of the act; where one act signs several decisions, the act's and the decision's, with a dot.
"""

from __future__ import annotations

from typing import Final

MEANINGS: Final = {
    "approve_item.rejected": "Rejected",
    "approve_item.changes_requested": "Changes requested",
    "approve_item.abstained": "Abstained",
    "refuse_urgent": "Rejected",
    "revoke_approval": "I take this signature back",
    "give_mandate": "I give this mandate; what the deputy signs under it is signed for me",
    "revoke_mandate": "I end this mandate",
    "decide_request.rejected": "Rejected",
    "decide_waiver.rejected": "Rejected",
    "revoke_waiver": "I no longer accept this risk.",
}
