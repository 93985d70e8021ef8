"""The one table of commands: menus, tool bar, context menus, the command list and the key help come from it.

A command that cannot be used is shown disabled and says why, in its tip and in the status bar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.icons import Icons
from ui.workspace import Workspace

EnabledWhen = Callable[[Workspace], str | None]
_tr = QCoreApplication.translate


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for the translators' tool, which knows this name; it is translated when shown."""
    del context
    return text


def _always(_workspace: Workspace) -> str | None:
    return None


def _vault_open(workspace: Workspace) -> str | None:
    return None if workspace.is_open else _tr("actions", "Open a vault first.")


def _may_create(workspace: Workspace) -> str | None:
    session = workspace.session
    if session is None:
        return _tr("actions", "Open a vault first.")
    if not session.processes:
        return _tr("actions", "No process is in force in this vault.")
    allowed = {role for p in session.processes for r in p.rights if r.verb == "create" for role in r.roles}
    if session.roles & allowed:
        return None
    titles = ", ".join(sorted(session.role_title(role) for role in allowed))
    return _tr("actions", "Needs one of these roles: %1.").replace("%1", titles)


def _administrator(workspace: Workspace) -> str | None:
    session = workspace.session
    if session is None:
        return _tr("actions", "Open a vault first.")
    return None if "administrator" in session.roles else _tr("actions", "Needs the role Administrator.")


def _item_chosen(workspace: Workspace) -> str | None:
    if not workspace.is_open:
        return _tr("actions", "Open a vault first.")
    return None if workspace.focus is not None else _tr("actions", "Choose an item first.")


def _by_verdict(act: str) -> EnabledWhen:
    """Enabled when the judge has no obstacle against the act on the item in focus."""

    def enabled(workspace: Workspace) -> str | None:
        if workspace.focus is None:
            return _item_chosen(workspace)
        verdict = workspace.focus.verdicts[act]
        return None if verdict.allowed else verdict.obstacles[0].text

    return enabled


def _movable(workspace: Workspace) -> str | None:
    focus = workspace.focus
    if focus is None:
        return _item_chosen(workspace)
    if not focus.next:
        return _tr("actions", "No step follows the one this item stands in.")
    if all(each.closes for each in focus.next):
        return _tr("actions", "The next step is closing: use Close.")
    return None


def _to_decide(workspace: Workspace) -> str | None:
    focus = workspace.focus
    if focus is None:
        return _item_chosen(workspace)
    pending, facts = focus.pending, focus.facts
    if pending is None:
        return _tr("actions", "No signature is asked for now.")
    if pending.open_to(facts.actor.person):
        return None
    names = ", ".join(facts.names.get(each, each) for each in pending.candidates)
    if not names:
        return _tr("actions", "Nobody can sign here: the role %1 has no free holder.").replace(
            "%1", facts.process.role_title(pending.role)
        )
    return _tr("actions", "This signature is asked of %1.").replace("%1", names)


def _closable(workspace: Workspace) -> str | None:
    focus = workspace.focus
    if focus is None:
        return _item_chosen(workspace)
    if focus.facts.file.item.state == "closed" or any(each.closes for each in focus.next):
        return None
    return _tr("actions", "Closing follows a later step of the process.")


class ActionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `keys` are portable key sequences; `menu` is the menu it stands in, "" for none."""

    id: str
    text: str
    menu: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    enabled_when: EnabledWhen = _always
    checkable: bool = False


MENUS: Final = (
    ("vault", QT_TRANSLATE_NOOP("actions", "&Vault")),
    ("item", QT_TRANSLATE_NOOP("actions", "&Item")),
    ("view", QT_TRANSLATE_NOOP("actions", "Vie&w")),
    ("go", QT_TRANSLATE_NOOP("actions", "&Go")),
    ("help", QT_TRANSLATE_NOOP("actions", "&Help")),
)

SECTIONS: Final = ("register", "approvals", "import", "log", "people")
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
        enabled_when=_vault_open,
    ),
    _S(id="app.quit", text=_N("actions", "&Quit"), menu="vault", icon="quit", keys=("Ctrl+Q",)),
    _S(
        id="item.new",
        text=_N("actions", "&New item…"),
        menu="item",
        icon="new",
        keys=("Ctrl+N",),
        enabled_when=_may_create,
    ),
    _S(id="item.open", text=_N("actions", "&Open item"), menu="item", icon="forward", enabled_when=_item_chosen),
    _S(
        id="item.move",
        text=_N("actions", "&Move to the next step…"),
        menu="item",
        icon="move",
        keys=("Ctrl+M",),
        enabled_when=_movable,
    ),
    _S(
        id="item.approve",
        text=_N("actions", "&Approve and sign…"),
        menu="item",
        icon="sign",
        keys=("Ctrl+Shift+Return",),
        enabled_when=_to_decide,
    ),
    _S(
        id="item.reject",
        text=_N("actions", "&Reject and sign…"),
        menu="item",
        icon="reject",
        keys=("Ctrl+Shift+R",),
        enabled_when=_to_decide,
    ),
    _S(
        id="item.add_evidence",
        text=_N("actions", "Add &evidence…"),
        menu="item",
        icon="evidence",
        keys=("Ctrl+E",),
        enabled_when=_item_chosen,
    ),
    _S(
        id="item.assign",
        text=_N("actions", "Assi&gn the owner…"),
        menu="item",
        icon="assign",
        enabled_when=_by_verdict("assign_item"),
    ),
    _S(
        id="item.save",
        text=_N("actions", "&Save changes"),
        menu="item",
        icon="save",
        keys=("Ctrl+S", "Ctrl+Return"),
        enabled_when=_by_verdict("edit_item"),
    ),
    _S(
        id="item.hold",
        text=_N("actions", "Put on &hold…"),
        menu="item",
        icon="hold",
        enabled_when=_by_verdict("hold_item"),
    ),
    _S(
        id="item.resume",
        text=_N("actions", "Res&ume…"),
        menu="item",
        icon="resume",
        enabled_when=_by_verdict("resume_item"),
    ),
    _S(
        id="item.close",
        text=_N("actions", "&Close…"),
        menu="item",
        icon="closed",
        keys=("Ctrl+Shift+C",),
        enabled_when=_closable,
    ),
    _S(
        id="item.cancel",
        text=_N("actions", "Cance&l item…"),
        menu="item",
        icon="cancel",
        enabled_when=_by_verdict("cancel_item"),
    ),
    _S(
        id="item.reopen",
        text=_N("actions", "Reo&pen…"),
        menu="item",
        icon="reopen",
        enabled_when=_by_verdict("reopen_item"),
    ),
    _S(
        id="view.filter",
        text=_N("actions", "&Filter this view"),
        menu="view",
        icon="search",
        keys=("Ctrl+F",),
        enabled_when=_vault_open,
    ),
    _S(
        id="view.refresh",
        text=_N("actions", "&Refresh"),
        menu="view",
        icon="refresh",
        keys=("F5",),
        enabled_when=_vault_open,
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
        enabled_when=_vault_open,
    ),
    _S(
        id="go.approvals",
        text=_N("actions", "&Approvals"),
        menu="go",
        icon="approvals",
        keys=("Ctrl+2",),
        enabled_when=_vault_open,
    ),
    _S(
        id="go.import",
        text=_N("actions", "&Import a tracker"),
        menu="go",
        icon="import",
        keys=("Ctrl+3", "Ctrl+I"),
        enabled_when=_vault_open,
    ),
    _S(
        id="go.log",
        text=_N("actions", "Audit &log"),
        menu="go",
        icon="log",
        keys=("Ctrl+4",),
        enabled_when=_vault_open,
    ),
    _S(
        id="go.people",
        text=_N("actions", "&People and roles"),
        menu="go",
        icon="people",
        keys=("Ctrl+5",),
        enabled_when=_vault_open,
    ),
    _S(id="go.commands", text=_N("actions", "&Command list…"), menu="go", icon="command", keys=("Ctrl+K",)),
    _S(
        id="log.verify",
        text=_N("actions", "Verify the &whole log"),
        menu="vault",
        icon="verify",
        keys=("Ctrl+Shift+V",),
        enabled_when=_vault_open,
    ),
    _S(
        id="people.add",
        text=_N("actions", "Add a &person…"),
        menu="vault",
        icon="people",
        enabled_when=_administrator,
    ),
    _S(
        id="vault.recovery_sheet",
        text=_N("actions", "Print a &recovery sheet…"),
        menu="vault",
        icon="print",
        enabled_when=_administrator,
    ),
    _S(id="help.keys", text=_N("actions", "&Keys"), menu="help", icon="keys", keys=("F1",)),
)


class ActionSet(QObject):
    """One QAction per command, enabled by the workspace's facts."""

    def __init__(self, window: QWidget, workspace: Workspace, icons: Icons) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(_tr("actions", spec.text), window)
            action.setObjectName(spec.id)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setCheckable(spec.checkable)
            action.setMenuRole(QAction.MenuRole.NoRole)
            if spec.icon:
                icons.place(action, spec.icon)
            window.addAction(action)
            self._actions[spec.id] = action
        workspace.session_changed.connect(self.refresh)
        workspace.focus_changed.connect(self.refresh)
        self.refresh()

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def all(self) -> tuple[tuple[ActionSpec, QAction], ...]:
        """Every command with its action, in the order of the table."""
        return tuple((spec, self._actions[spec.id]) for spec in ACTIONS)

    def refresh(self) -> None:
        """Ask every command again whether it can be used, and write down why not."""
        for spec, action in self.all():
            reason = spec.enabled_when(self._workspace)
            name = plain_text(action)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            named = f"{name} ({keys})" if keys else name
            action.setEnabled(reason is None)
            action.setToolTip(named if reason is None else f"{named}\n{reason}")
            action.setStatusTip(reason or "")

    def fill_menu(self, menu: QMenu, which: str) -> None:
        """Put the commands of one menu into a menu."""
        for spec, action in self.all():
            if spec.menu == which:
                menu.addAction(action)


def plain_text(action: QAction) -> str:
    """A command's text without its mnemonic mark and dots."""
    return action.text().replace("&", "").rstrip("…")


def why_not(action: QAction) -> str:
    """The reason a disabled command gives, empty when it can be used."""
    return action.statusTip()
