"""The one table of commands: menus, tool bar, context menus, the command list and the key help come from it.

A command that cannot be used is shown disabled and says why, in its tip and in the status bar.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ui.conditions import (
    EnabledWhen,
    administrator,
    always,
    another_chosen,
    by_verdict,
    closable,
    item_chosen,
    may_ask_reset,
    may_create,
    may_give_reset,
    may_withdraw_reset,
    movable,
    person_chosen,
    role_held,
    to_decide,
    vault_open,
)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for the translators' tool, which knows this name; it is translated when shown."""
    del context
    return text


class ActionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `keys` are portable key sequences; `menu` is the menu it stands in, "" for none.

    `records`: it ends in an entry of the log, so it rests while the vault is only read.
    """

    id: str
    text: str
    menu: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    enabled_when: EnabledWhen = always
    checkable: bool = False
    records: bool = False


MENUS: Final = (
    ("vault", QT_TRANSLATE_NOOP("actions", "&Vault")),
    ("item", QT_TRANSLATE_NOOP("actions", "&Item")),
    ("log", QT_TRANSLATE_NOOP("actions", "&Log")),
    ("people", QT_TRANSLATE_NOOP("actions", "&People")),
    ("view", QT_TRANSLATE_NOOP("actions", "Vie&w")),
    ("go", QT_TRANSLATE_NOOP("actions", "&Go")),
    ("help", QT_TRANSLATE_NOOP("actions", "&Help")),
)

SECTIONS: Final = ("register", "approvals", "import", "log", "people", "copies", "self_check")
_N = QT_TRANSLATE_NOOP
_S = ActionSpec

ACTIONS: Final = (
    _S(id="vault.new", text=_N("actions", "&New vault…"), menu="vault", icon="vault"),
    _S(id="vault.open", text=_N("actions", "&Open vault…"), menu="vault", icon="open", keys=("Ctrl+O",)),
    _S(id="vault.sample", text=_N("actions", "Open the &sample vault…"), menu="vault", icon="sample"),
    _S(id="pack.verify", text=_N("actions", "&Verify a closure pack…"), menu="vault", icon="verify"),
    _S(
        id="vault.lock",
        text=_N("actions", "&Lock"),
        menu="vault",
        icon="lock",
        keys=("Ctrl+L",),
        enabled_when=vault_open,
    ),
    _S(id="app.quit", text=_N("actions", "&Quit"), menu="vault", icon="quit", keys=("Ctrl+Q",)),
    _S(
        id="item.new",
        text=_N("actions", "&New item…"),
        menu="item",
        icon="new",
        keys=("Ctrl+N",),
        enabled_when=may_create,
        records=True,
    ),
    _S(id="item.open", text=_N("actions", "&Open item"), menu="item", icon="forward", enabled_when=item_chosen),
    _S(
        id="item.move",
        text=_N("actions", "&Move to the next step…"),
        menu="item",
        icon="move",
        keys=("Ctrl+M",),
        enabled_when=movable,
        records=True,
    ),
    _S(
        id="item.approve",
        text=_N("actions", "&Approve and sign…"),
        menu="item",
        icon="sign",
        keys=("Ctrl+Shift+Return",),
        enabled_when=to_decide,
        records=True,
    ),
    _S(
        id="item.reject",
        text=_N("actions", "&Reject and sign…"),
        menu="item",
        icon="reject",
        keys=("Ctrl+Shift+R",),
        enabled_when=to_decide,
        records=True,
    ),
    _S(
        id="item.add_evidence",
        text=_N("actions", "Add &evidence…"),
        menu="item",
        icon="evidence",
        keys=("Ctrl+E",),
        enabled_when=item_chosen,
        records=True,
    ),
    _S(
        id="item.assign",
        text=_N("actions", "Assi&gn the owner…"),
        menu="item",
        icon="assign",
        enabled_when=by_verdict("assign_item"),
        records=True,
    ),
    _S(
        id="item.save",
        text=_N("actions", "&Save changes"),
        menu="item",
        icon="save",
        keys=("Ctrl+S", "Ctrl+Return"),
        enabled_when=by_verdict("edit_item"),
        records=True,
    ),
    _S(
        id="item.hold",
        text=_N("actions", "Put on &hold…"),
        menu="item",
        icon="hold",
        enabled_when=by_verdict("hold_item"),
        records=True,
    ),
    _S(
        id="item.resume",
        text=_N("actions", "Res&ume…"),
        menu="item",
        icon="resume",
        enabled_when=by_verdict("resume_item"),
        records=True,
    ),
    _S(
        id="item.close",
        text=_N("actions", "&Close…"),
        menu="item",
        icon="closed",
        keys=("Ctrl+Shift+C",),
        enabled_when=closable,
    ),
    _S(
        id="item.cancel",
        text=_N("actions", "Cance&l item…"),
        menu="item",
        icon="cancel",
        enabled_when=by_verdict("cancel_item"),
        records=True,
    ),
    _S(
        id="item.reopen",
        text=_N("actions", "Reo&pen…"),
        menu="item",
        icon="reopen",
        enabled_when=by_verdict("reopen_item"),
        records=True,
    ),
    _S(
        id="view.filter",
        text=_N("actions", "&Filter this view"),
        menu="view",
        icon="search",
        keys=("Ctrl+F",),
        enabled_when=vault_open,
    ),
    _S(
        id="view.refresh",
        text=_N("actions", "&Refresh"),
        menu="view",
        icon="refresh",
        keys=("F5",),
        enabled_when=vault_open,
    ),
    _S(id="look.system", text=_N("actions", "Look: as the s&ystem"), menu="view", checkable=True),
    _S(id="look.light", text=_N("actions", "Look: &light"), menu="view", checkable=True),
    _S(id="look.dark", text=_N("actions", "Look: &dark"), menu="view", checkable=True),
    _S(id="look.contrast_light", text=_N("actions", "Look: high &contrast, light"), menu="view", checkable=True),
    _S(id="look.contrast_dark", text=_N("actions", "Look: high con&trast, dark"), menu="view", checkable=True),
    _S(
        id="go.register",
        text=_N("actions", "&Register"),
        menu="go",
        icon="register",
        keys=("Ctrl+1",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.approvals",
        text=_N("actions", "&Approvals"),
        menu="go",
        icon="approvals",
        keys=("Ctrl+2",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.import",
        text=_N("actions", "&Import a tracker"),
        menu="go",
        icon="import",
        keys=("Ctrl+3", "Ctrl+I"),
        enabled_when=vault_open,
    ),
    _S(
        id="go.log",
        text=_N("actions", "Audit &log"),
        menu="go",
        icon="log",
        keys=("Ctrl+4",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.people",
        text=_N("actions", "&People and roles"),
        menu="go",
        icon="people",
        keys=("Ctrl+5",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.copies",
        text=_N("actions", "C&opies"),
        menu="go",
        icon="copies",
        keys=("Ctrl+6",),
        enabled_when=vault_open,
    ),
    _S(
        id="go.self_check",
        text=_N("actions", "&Self-check"),
        menu="go",
        icon="self_check",
        keys=("Ctrl+7",),
        enabled_when=vault_open,
    ),
    _S(id="go.commands", text=_N("actions", "&Command list…"), menu="go", icon="command", keys=("Ctrl+K",)),
    _S(
        id="copies.make",
        text=_N("actions", "&Back up now"),
        menu="vault",
        icon="vault",
        enabled_when=vault_open,
        records=True,
    ),
    _S(
        id="copies.make_to",
        text=_N("actions", "Back up to a &folder…"),
        menu="vault",
        icon="save",
        enabled_when=vault_open,
        records=True,
    ),
    _S(id="vault.restore", text=_N("actions", "&Restore a copy…"), menu="vault", icon="reopen"),
    _S(
        id="self.check",
        text=_N("actions", "Self-check: &Part 11 and Annex 11"),
        menu="log",
        icon="self_check",
        enabled_when=vault_open,
    ),
    _S(
        id="log.verify",
        text=_N("actions", "Verify the &whole log"),
        menu="log",
        icon="verify",
        keys=("Ctrl+Shift+V",),
        enabled_when=vault_open,
    ),
    _S(
        id="log.verify_new",
        text=_N("actions", "Verify what is &new in the log"),
        menu="log",
        icon="verify",
        enabled_when=vault_open,
    ),
    _S(
        id="log.compare",
        text=_N("actions", "&Compare with a kept checkpoint…"),
        menu="log",
        icon="proven",
        enabled_when=vault_open,
    ),
    _S(
        id="log.export",
        text=_N("actions", "&Export the log…"),
        menu="log",
        icon="save",
        enabled_when=vault_open,
    ),
    _S(
        id="log.print",
        text=_N("actions", "Prin&t what is shown…"),
        menu="log",
        icon="print",
        enabled_when=vault_open,
    ),
    _S(
        id="log.review",
        text=_N("actions", "S&ign a review of the log…"),
        menu="log",
        icon="sign",
        enabled_when=vault_open,
        records=True,
    ),
    _S(
        id="people.add",
        text=_N("actions", "Add a &person…"),
        menu="people",
        icon="people",
        enabled_when=administrator,
        records=True,
    ),
    _S(
        id="people.grant",
        text=_N("actions", "&Grant a role…"),
        menu="people",
        icon="proven",
        enabled_when=person_chosen,
        records=True,
    ),
    _S(
        id="people.revoke",
        text=_N("actions", "&End a role…"),
        menu="people",
        icon="reject",
        enabled_when=role_held,
        records=True,
    ),
    _S(
        id="people.disable",
        text=_N("actions", "&Disable the person…"),
        menu="people",
        icon="cancel",
        enabled_when=another_chosen,
        records=True,
    ),
    _S(
        id="people.ask_reset",
        text=_N("actions", "As&k for a new key…"),
        menu="people",
        icon="keys",
        enabled_when=may_ask_reset,
        records=True,
    ),
    _S(
        id="people.withdraw_reset",
        text=_N("actions", "&Withdraw the request…"),
        menu="people",
        icon="cancel",
        enabled_when=may_withdraw_reset,
        records=True,
    ),
    _S(
        id="people.give_reset",
        text=_N("actions", "Gi&ve the new key…"),
        menu="people",
        icon="unlock",
        enabled_when=may_give_reset,
        records=True,
    ),
    _S(
        id="people.passphrase",
        text=_N("actions", "&Change my passphrase…"),
        menu="people",
        icon="lock",
        enabled_when=vault_open,
        records=True,
    ),
    _S(
        id="people.review",
        text=_N("actions", "&Sign an access review…"),
        menu="people",
        icon="sign",
        enabled_when=administrator,
        records=True,
    ),
    _S(
        id="vault.recovery_sheet",
        text=_N("actions", "Print a &recovery sheet…"),
        menu="people",
        icon="print",
        enabled_when=administrator,
        records=True,
    ),
    _S(id="help.keys", text=_N("actions", "&Keys"), menu="help", icon="keys", keys=("F1",)),
)
