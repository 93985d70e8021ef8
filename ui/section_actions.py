"""The commands that lead to the sections, and those of alerts, dashboard and calendar: part of the one table."""

from __future__ import annotations

from typing import Final

from domain.messages import Message
from ui.action_spec import ActionSpec
from ui.conditions import administrator, vault_open

_S = ActionSpec

SECTION_ACTIONS: Final = (
    _S(
        id="go.register",
        text=Message("Re&gister"),
        menu="go",
        icon="register",
        keys=("Ctrl+1",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.approvals",
        text=Message("&Approvals"),
        menu="go",
        icon="approvals",
        keys=("Ctrl+2",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.alerts",
        text=Message("Al&erts"),
        menu="go",
        icon="alerts",
        keys=("Ctrl+3",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.dashboard",
        text=Message("&Dashboard"),
        menu="go",
        icon="dashboard",
        keys=("Ctrl+4",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.designer",
        text=Message("P&rocesses"),
        menu="go",
        icon="designer",
        keys=("Ctrl+5",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.import",
        text=Message("&Import a tracker"),
        menu="go",
        icon="import",
        keys=("Ctrl+6", "Ctrl+I"),
        enabled_when=vault_open,
    ),
    _S(
        id="go.log",
        text=Message("Audit &log"),
        menu="go",
        icon="log",
        keys=("Ctrl+7",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.people",
        text=Message("&People and roles"),
        menu="go",
        icon="people",
        keys=("Ctrl+8",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.backups",
        text=Message("Bac&kups"),
        menu="go",
        icon="backups",
        keys=("Ctrl+9",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.self_check",
        text=Message("&Self-check"),
        menu="go",
        icon="self_check",
        enabled_when=vault_open,
    ),
    _S(
        id="designer.new",
        text=Message("New pro&cess…"),
        menu="vault",
        icon="new",
        keys=("Ctrl+Shift+N",),
        enabled_when=vault_open,
    ),
    _S(
        id="alerts.seen",
        text=Message("&Mark the alert as seen"),
        menu="view",
        icon="eye",
        enabled_when=vault_open,
        records=True,
    ),
    _S(
        id="alerts.digest",
        text=Message("Daily di&gest…"),
        menu="view",
        icon="print",
        enabled_when=vault_open,
    ),
    _S(
        id="dashboard.print",
        text=Message("&Print late work by cause…"),
        menu="view",
        icon="print",
        enabled_when=vault_open,
    ),
    _S(
        id="dashboard.breaches",
        text=Message("Print &breaches of step times…"),
        menu="view",
        icon="overdue",
        enabled_when=vault_open,
    ),
    _S(
        id="calendar.set",
        text=Message("&Working calendar…"),
        menu="vault",
        icon="calendar",
        enabled_when=administrator,
        records=True,
    ),
)
