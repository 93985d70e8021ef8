"""What an alert says: the text that the process version gives it, or the program's own for alerts of its own."""

from __future__ import annotations

from typing import Final

from domain.messages import message
from domain.records.governance import Alert

EXCEPTIONS: Final = "exceptions"
MANDATE_ENDING: Final = "mandate_ending"
DELEGATOR: Final = "delegator"
DELEGATE: Final = "delegate"
"""The escalation level of an alert about a mandate that ends says which side of it the person is on."""


def exceptions_key(process: str, rule: str, item: str) -> str:
    """The key of the alert that a rule of a process is passed too often; `item` is the exception that made it so."""
    return f"{EXCEPTIONS}:{process}:{rule}:{item}"


def alert_words(alert: Alert) -> str:
    """The words of an alert. A record holds none of the program's own: they are spoken when they are shown."""
    if alert.text:
        return alert.text
    if alert.condition == EXCEPTIONS:
        _, process, rule, _ = alert.key.split(":", 3)
        return message("alert.exceptions", count=alert.escalation_level, rule=rule, process=process)
    if alert.condition == MANDATE_ENDING:
        ends_for_delegate = alert.escalation_level == DELEGATE
        return (
            message("alert.mandate_ending.delegate") if ends_for_delegate else message("alert.mandate_ending.delegator")
        )
    return message("alert.sla")
