"""What a signature means where neither the process nor the signer says so: the words that the faces propose."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    "acknowledge_clock": "I have compared this computer's clock with another one; it is right",
    "approve_item.abstained": "Abstained",
    "approve_item.changes_requested": "Changes requested",
    "approve_item.rejected": "Rejected",
    "ask_key": "I ask that the key of this vault's store be given out",
    "ask_reset": "I know this person and confirm that they need a new key",
    "adopt_law": "I adopt law {law} for this vault from now on",
    "change_setting": "I set {name} to {value}",
    "decide_category": "Rejected",
    "decide_request.rejected": "Rejected",
    "decide_risk_acceptance.rejected": "Rejected",
    "grant_mandate": "I give this mandate; what the delegate signs under it is signed for me",
    "give_reset": "I have verified who this person is and give them a new key",
    "migrate_items": "I decide that these items go on by this version of the process, from the steps its mapping "
    "names.",
    "refuse_urgent": "Rejected",
    "reveal_key": "I give out the key of this vault's store: whoever holds it can read everything in it",
    "review_access": "I have reviewed who has access here, and as what",
    "review_audit_trail": "I have reviewed these entries of the audit trail",
    "revoke_approval": "I take this signature back",
    "revoke_mandate": "I end this mandate",
    "revoke_risk_acceptance": "I no longer accept this risk.",
    "set_calendar": "I set the working calendar of this site",
    "sign_declaration": "I give this declaration",
    "withdraw_reset": "I withdraw this request: no new key shall be given for it",
}
"""By the word of the command."""
