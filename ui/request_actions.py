"""The commands of life outside the normal path: requests, risk acceptances, links, handoffs; part of the one table."""

from __future__ import annotations

from typing import Final

from domain.messages import Message
from ui.action_spec import ActionSpec
from ui.conditions import ahead


def _spec(id_: str, text: Message, act: str, icon: str, nothing: Message | None = None) -> ActionSpec:
    return ActionSpec(
        id=id_, text=text, menu="requests", icon=icon, enabled_when=ahead(act, nothing or _NOT_HERE), records=True
    )


_NOT_HERE = Message("The process has no rule for this at the present step.")
_NO_REQUEST = Message("Nothing is asked for that waits for a decision.")
_NO_LINK = Message("This item has no link of its own to another item.")
_NO_HANDOFF = Message("No handoff waits to be taken here.")

REQUEST_ACTIONS: Final = (
    _spec("ask.cancel", Message("Ask to &cancel…"), "request_cancellation", "cancel"),
    _spec("ask.extend", Message("Ask for a later &due day…"), "request_extension", "calendar"),
    _spec("ask.change", Message("Ask for a c&hange of content…"), "request_change", "designer"),
    _spec("ask.withdraw", Message("&Withdraw a request…"), "withdraw_request", "back", _NO_REQUEST),
    _spec(
        "ask.risk_acceptance",
        Message("Ask to accept a &risk…"),
        "request_risk_acceptance",
        "overdue",
        Message("Nothing stands in the way here whose risk may be accepted."),
    ),
    _spec(
        "ask.revoke_risk",
        Message("Take an accepted risk &back…"),
        "revoke_risk_acceptance",
        "refused",
        Message("No accepted risk is in force here."),
    ),
    _spec("link.add", Message("&Link to another item…"), "link_items", "new"),
    _spec("link.replace", Message("Re&place the item of a link…"), "replace_link", "refresh", _NO_LINK),
    _spec("link.end", Message("&End a link…"), "unlink_items", "close", _NO_LINK),
    _spec(
        "link.ask",
        Message("As&k whoever holds this up…"),
        "ask_blocker",
        "help",
        Message("No item blocks this one."),
    ),
    _spec("handoff.take", Message("Take &over"), "accept_handoff", "assign", _NO_HANDOFF),
    _spec("handoff.return", Message("Retur&n to the sender…"), "return_handoff", "back", _NO_HANDOFF),
    _spec("item.follow-up", Message("Begin a follow-&up…"), "begin_follow_up", "reopen"),
)
