"""The commands of life outside the normal path: requests, risk acceptances, links, handoffs; part of the one table."""

from __future__ import annotations

from typing import Final

from ui.action_spec import QT_TRANSLATE_NOOP, ActionSpec
from ui.conditions import ahead

_N = QT_TRANSLATE_NOOP


def _spec(id_: str, text: str, act: str, icon: str, nothing: str = "") -> ActionSpec:
    return ActionSpec(
        id=id_, text=text, menu="requests", icon=icon, enabled_when=ahead(act, nothing or _NOT_HERE), records=True
    )


_NOT_HERE = _N("actions", "The process has no rule for this at the present step.")
_NO_REQUEST = _N("actions", "Nothing is asked for that waits for a decision.")
_NO_LINK = _N("actions", "This item has no link of its own to another item.")
_NO_HANDOFF = _N("actions", "No handoff waits to be taken here.")

REQUEST_ACTIONS: Final = (
    _spec("ask.cancel", _N("actions", "Ask to &cancel…"), "request_cancellation", "cancel"),
    _spec("ask.extend", _N("actions", "Ask for a later &due day…"), "request_extension", "calendar"),
    _spec("ask.change", _N("actions", "Ask for a c&hange of content…"), "request_change", "designer"),
    _spec("ask.withdraw", _N("actions", "&Withdraw a request…"), "withdraw_request", "back", _NO_REQUEST),
    _spec(
        "ask.risk_acceptance",
        _N("actions", "Ask to accept a &risk…"),
        "request_risk_acceptance",
        "overdue",
        _N("actions", "Nothing stands in the way here whose risk may be accepted."),
    ),
    _spec(
        "ask.revoke_risk",
        _N("actions", "Take an accepted risk &back…"),
        "revoke_risk_acceptance",
        "refused",
        _N("actions", "No accepted risk is in force here."),
    ),
    _spec("link.add", _N("actions", "&Link to another item…"), "link_items", "new"),
    _spec("link.replace", _N("actions", "Re&place the item of a link…"), "replace_link", "refresh", _NO_LINK),
    _spec("link.end", _N("actions", "&End a link…"), "unlink_items", "close", _NO_LINK),
    _spec(
        "link.ask",
        _N("actions", "As&k whoever holds this up…"),
        "ask_blocker",
        "help",
        _N("actions", "No item blocks this one."),
    ),
    _spec("handoff.take", _N("actions", "Take &over"), "accept_handoff", "assign", _NO_HANDOFF),
    _spec("handoff.return", _N("actions", "Retur&n to the sender…"), "return_handoff", "back", _NO_HANDOFF),
    _spec("item.follow-up", _N("actions", "Begin a rec&urrence…"), "begin_follow_up", "reopen"),
)
