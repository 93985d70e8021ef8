"""What the item commands do: open the question that belongs to them, for the item in focus."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from domain.commands.approvals import ApproveItem
from domain.commands.closure import CancelItem
from domain.commands.items import ReopenItem
from domain.commands.urgency import ConfirmUrgent
from domain.log.entry import Entry
from domain.messages import message
from domain.records.item import Evidence
from domain.rules.approvals import gate_title
from domain.rules.content import content_hash
from domain.rules.next_action import PendingApproval
from domain.rules.signing import Decision
from resources.texts.meanings import MEANINGS
from ui.dialogs.choose_file import ask_file
from ui.dialogs.item_dialogs import (
    AddEvidenceDialog,
    AssignDialog,
    HoldDialog,
    MoveDialog,
    NewItemDialog,
    ResumeDialog,
    ReviewDialog,
)
from ui.dialogs.sign import SignDialog, Signing
from ui.drafts import form_place
from ui.queries import ItemInFocus
from ui.request_words import role_signed
from ui.widgets.forms import choice
from ui.window_services import WindowServices


class ItemCommands(QObject):
    """Connects each item command to its dialog. Each `*_dialog` also stands alone, for whoever walks them all."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(window)
        self._services, self._window = services, window
        for name, slot in (
            ("item.new", self.new_item),
            ("item.open", self._on_open),
            ("item.move", lambda: self._ask(MoveDialog)),
            ("item.hold", lambda: self._ask(HoldDialog)),
            ("item.resume", lambda: self._ask(ResumeDialog)),
            ("item.assign", lambda: self._ask(AssignDialog)),
            ("item.add_evidence", self.choose_evidence),
            ("item.approve", lambda: self._on_decide("approved")),
            ("item.reject", lambda: self._on_decide("rejected")),
            ("item.cancel", self._on_cancel),
            ("item.reopen", self._on_reopen),
            ("item.close", lambda: services.workspace.go("closure")),
        ):
            services.actions[name].triggered.connect(lambda _checked=False, slot=slot: slot())

    @property
    def _focus(self) -> ItemInFocus | None:
        return self._services.workspace.focus

    def new_item(self) -> QDialog:
        """Ask for a new item and open its page when it is recorded."""
        dialog = NewItemDialog(self._services, self._window)
        workspace = self._services.workspace
        workspace.recorded.connect(dialog_opener := _Opener(self._services, dialog).on_recorded)
        dialog.finished.connect(lambda _result: workspace.recorded.disconnect(dialog_opener))
        dialog.open()
        return dialog

    def choose_evidence(self, requirement: str = "") -> None:
        """Ask for a file, then for what it stands."""
        ask_file(
            self._window,
            title=message("Choose the evidence"),
            patterns=message("Documents and pictures (*.pdf *.png *.jpg *.jpeg *.xlsx *.ods *.docx *.odt *.txt *.csv)"),
            then=lambda path: self._on_evidence_chosen(path, requirement),
        )

    def _on_evidence_chosen(self, path: Path, requirement: str) -> None:
        self.add_evidence(path, requirement)

    def add_evidence(self, path: Path, requirement: str = "") -> QDialog | None:
        """Ask what a file stands for."""
        if self._focus is None:
            return None
        dialog = AddEvidenceDialog(self._services, self._window, self._focus, path, requirement=requirement)
        dialog.open()
        return dialog

    def review(self, evidence: Evidence) -> QDialog | None:
        """Ask for a judgement of a file."""
        if self._focus is None:
            return None
        dialog = ReviewDialog(self._services, self._window, self._focus, evidence)
        dialog.open()
        return dialog

    def decide(self, focus: ItemInFocus, decision: Decision) -> QDialog | None:
        """The signing for the signature that is asked now."""
        pending, facts, workspace = focus.pending, focus.facts, self._services.workspace
        if pending is None:
            return None
        approve = decision == "approved"
        item = facts.file.item
        signing = Signing(
            title=message("Approve {number}", number=item.number)
            if approve
            else message("Reject {number}", number=item.number),
            verb=message("Sign as approved") if approve else message("Sign as rejected"),
            icon="sign" if approve else "reject",
            meaning=pending.meaning if approve else MEANINGS["approve_item.rejected"],
            person=facts.actor.name,
            role=role_signed(facts, pending),
            at=workspace.now(),
            facts=(
                (message("What"), f"{item.number}  {item.title}"),
                (message("Gate"), gate_title(facts, pending.gate)),
                (message("By"), facts.process.name),
                (message("Content"), content_hash(facts, pending.gate)[:32]),
            ),
            reason_label=message("&Reason"),
            reason_required=not approve,
            draft_place=form_place("item.approve" if approve else "item.reject", item.id),
        )
        dialog = SignDialog(
            self._services,
            self._window,
            signing,
            lambda passphrase, reason, then, failed: workspace.perform(
                _decision(pending, item.id, decision, meaning=signing.meaning, reason=reason),
                context=self._window,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
        )
        dialog.accepted.connect(lambda: workspace.announce(message("Signed."), signing.meaning))
        dialog.open()
        return dialog

    def cancel(self, focus: ItemInFocus) -> QDialog:
        """The signing that ends work without its outcome."""
        facts, workspace = focus.facts, self._services.workspace
        item, rule = facts.file.item, facts.process.cancel
        codes = choice(tuple((each, each.replace("_", " ").capitalize()) for each in rule.reasons))
        signing = self._signing(
            focus,
            title=message("Cancel {number}", number=item.number),
            verb=message("Sign and cancel the item"),
            icon="cancel",
            meaning=rule.meaning,
            action="item.cancel",
        )
        dialog = SignDialog(
            self._services,
            self._window,
            signing,
            lambda passphrase, reason, then, failed: workspace.perform(
                CancelItem(item=item.id, reason=reason, code=codes.currentData() or "", meaning=rule.meaning),
                context=self._window,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
            lead=(message("&Kind of reason"), codes) if rule.reasons else None,
        )
        dialog.open()
        return dialog

    def reopen(self, focus: ItemInFocus) -> QDialog:
        """The signing that starts a new cycle of closed work."""
        facts, workspace = focus.facts, self._services.workspace
        item, rule = facts.file.item, facts.process.reopen
        signing = self._signing(
            focus,
            title=message("Reopen {number}", number=item.number),
            verb=message("Sign and reopen"),
            icon="reopen",
            meaning=rule.meaning,
            action="item.reopen",
        )
        dialog = SignDialog(
            self._services,
            self._window,
            signing,
            lambda passphrase, reason, then, failed: workspace.perform(
                ReopenItem(item=item.id, reason=reason, meaning=rule.meaning),
                context=self._window,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
        )
        dialog.open()
        return dialog

    def _signing(self, focus: ItemInFocus, *, title: str, verb: str, icon: str, meaning: str, action: str) -> Signing:
        facts = focus.facts
        item = facts.file.item
        return Signing(
            title=title,
            verb=verb,
            icon=icon,
            meaning=meaning,
            person=facts.actor.name,
            role="",
            at=self._services.workspace.now(),
            facts=((message("What"), f"{item.number}  {item.title}"), (message("By"), facts.process.name)),
            reason_label=message("&Reason"),
            reason_required=True,
            draft_place=form_place(action, item.id),
        )

    def _ask(self, kind: type[MoveDialog | HoldDialog | ResumeDialog | AssignDialog]) -> None:
        if self._focus is not None:
            kind(self._services, self._window, self._focus).open()

    def _on_open(self) -> None:
        if self._focus is not None:
            self._services.workspace.open_item(self._focus.facts.file.item.id)

    def _on_decide(self, decision: Decision) -> None:
        if self._focus is not None:
            self.decide(self._focus, decision)

    def _on_cancel(self) -> None:
        if self._focus is not None:
            self.cancel(self._focus)

    def _on_reopen(self) -> None:
        if self._focus is not None:
            self.reopen(self._focus)


def _decision(
    pending: PendingApproval, item: str, decision: Decision, *, meaning: str, reason: str
) -> ConfirmUrgent | ApproveItem:
    """The command that signs what is asked: at a gate that was passed urgently, an approval confirms it."""
    if pending.kind == "confirm" and decision == "approved":
        return ConfirmUrgent(item=item, gate=pending.gate, meaning=meaning, reason=reason)
    return ApproveItem(item=item, gate=pending.gate, decision=decision, meaning=meaning, reason=reason)


class _Opener(QObject):
    """Opens the page of the item that its dialog created, and of no other."""

    def __init__(self, services: WindowServices, dialog: NewItemDialog) -> None:
        super().__init__(dialog)
        self._services = services

    def on_recorded(self, entry: Entry) -> None:
        """Open the item of a `create_item` entry."""
        if entry.header.act == "create_item":
            self._services.workspace.open_item(entry.header.subject)
