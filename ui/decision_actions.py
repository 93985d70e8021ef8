"""The commands around decisions: every way to answer, the urgent path, delegates; part of the one table."""

from __future__ import annotations

from typing import Final

from domain.messages import Message
from ui.action_spec import ActionSpec
from ui.conditions import ahead, anything_to_sign, holds_a_role, signed_before, to_abstain, to_decide, vault_open

_S = ActionSpec
_NOT_MARKED = Message("Nobody has marked this item urgent.")

DECISION_ACTIONS: Final = (
    _S(
        id="decide.changes",
        text=Message("Request &changes and sign…"),
        menu="decide",
        icon="back",
        enabled_when=to_decide,
        records=True,
    ),
    _S(
        id="decide.abstain",
        text=Message("A&bstain and sign…"),
        menu="decide",
        icon="close",
        enabled_when=to_abstain,
        records=True,
    ),
    _S(
        id="decide.ask",
        text=Message("Ask a &question…"),
        menu="decide",
        icon="help",
        enabled_when=ahead("ask_question", Message("No gate ahead asks for signatures.")),
        records=True,
    ),
    _S(
        id="decide.answer",
        text=Message("&Answer a question…"),
        menu="decide",
        icon="info",
        enabled_when=ahead("answer_question", Message("No question is open here.")),
        records=True,
    ),
    _S(
        id="decide.resubmit",
        text=Message("&Resubmit as it stands…"),
        menu="decide",
        icon="resume",
        enabled_when=ahead("resubmit_item", Message("Nobody has asked for changes that still stand.")),
        records=True,
    ),
    _S(
        id="decide.request",
        text=Message("&Decide a request and sign…"),
        menu="decide",
        icon="approvals",
        enabled_when=ahead("decide_request", Message("Nothing is asked for that waits for a decision.")),
        records=True,
    ),
    _S(
        id="decide.risk",
        text=Message("Decide on a ris&k and sign…"),
        menu="decide",
        icon="overdue",
        enabled_when=ahead("decide_risk_acceptance", Message("No risk waits to be accepted here.")),
        records=True,
    ),
    _S(
        id="decide.many",
        text=Message("Sign &several…"),
        menu="decide",
        icon="sign",
        keys=("Ctrl+Shift+S",),
        enabled_when=anything_to_sign,
        records=True,
    ),
    _S(
        id="decide.shown",
        text=Message("&What was signed…"),
        menu="decide",
        icon="eye",
        enabled_when=signed_before,
    ),
    _S(
        id="decide.own",
        text=Message("What &I signed…"),
        menu="decide",
        icon="eye",
        enabled_when=vault_open,
    ),
    _S(
        id="decide.take_back",
        text=Message("&Take my signature back…"),
        menu="decide",
        icon="refused",
        enabled_when=ahead("revoke_approval", Message("No signature of yours stands here.")),
        records=True,
    ),
    _S(
        id="urgent.mark",
        text=Message("&Mark urgent…"),
        menu="decide",
        icon="alerts",
        enabled_when=ahead("mark_urgent", Message("No gate from here can be passed urgently.")),
        records=True,
    ),
    _S(
        id="urgent.approve",
        text=Message("Approve urgentl&y and sign…"),
        menu="decide",
        icon="sign",
        enabled_when=ahead("approve_urgent", _NOT_MARKED),
        records=True,
    ),
    _S(
        id="urgent.refuse",
        text=Message("Re&fuse the urgent transition…"),
        menu="decide",
        icon="reject",
        enabled_when=ahead("refuse_urgent", Message("Nothing here was passed urgently and waits for a word.")),
        records=True,
    ),
    _S(
        id="urgent.withdraw",
        text=Message("Withdraw the urge&ncy…"),
        menu="decide",
        icon="back",
        enabled_when=ahead("withdraw_urgent", _NOT_MARKED),
        records=True,
    ),
    _S(
        id="mandate.give",
        text=Message("&Grant a mandate…"),
        menu="decide",
        icon="people",
        enabled_when=holds_a_role,
        records=True,
    ),
)
