"""The signing: what is signed, with which meaning, by whom, when, why; and the passphrase again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from domain.errors import CountersignError, WrongPassphrase
from domain.messages import message
from ui.dialogs.form_dialog import FormDialog
from ui.tasks import Failed
from ui.widgets.forms import PassphraseEdit, text_area
from ui.widgets.layout import card, column
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import both_times

MOST_FAILED_UNLOCKS = 3
UNATTENDED_MS = 60_000


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is about to sign. `facts` are (words, text) lines shown above the fields.

    `draft_place`: where a reason that was typed and not signed is kept; "" = nowhere.
    """

    title: str
    verb: str
    icon: str
    meaning: str
    person: str
    role: str
    at: datetime
    facts: tuple[tuple[str, str], ...]
    reason_label: str = ""
    reason_required: bool = False
    draft_place: str = ""


SignWork = Callable[[str, str, Callable[[Any], None], Failed], None]
"""Called with (passphrase, reason, then, failed)."""

Lead = tuple[str, QWidget] | QWidget | None
"""A further field with its label, or several with their own, shown before the reason."""


class SignDialog(FormDialog):
    """Signs nothing by itself: Enter signs only from the passphrase and only when every field is good."""

    def __init__(
        self, services: WindowServices, parent: QWidget, signing: Signing, sign: SignWork, *, lead: Lead = None
    ) -> None:
        super().__init__(services, parent, title=signing.title, text="", verb=signing.verb, icon=signing.icon)
        self.setMinimumWidth(560)
        self._failed_unlocks = 0
        self.meaning = label(signing.meaning, wrap=True, select=True, type_="strong")
        self.form.addWidget(self._build_facts(signing))
        self.reason: QPlainTextEdit | None = None
        if isinstance(lead, QWidget):
            self.form.addWidget(lead)
        elif lead is not None:
            self.add_field(*lead)
        if signing.reason_label:
            self.reason = text_area(rows=3)
            reason_row = self.add_field(signing.reason_label, self.reason, required=signing.reason_required)
            if signing.reason_required:
                self.demand(reason_row, lambda: bool(self._reason()), message("Say why."))
        self._signer = signing.person
        session = services.workspace.session
        declaration = session.declaration if session is not None else ""
        self.declared = self._build_declaration(declaration) if declaration else None
        self.name = self._build_name() if session is not None and session.asks_both_parts else None
        self.passphrase = PassphraseEdit(services.icons)
        if self.name is not None:
            self.name.returnPressed.connect(self.passphrase.setFocus)
        self._secret = self.add_field(message("Your &passphrase"), self.passphrase, required=True)
        self.demand(
            self._secret, lambda: not self.passphrase.is_empty, message("Signing asks for your passphrase again.")
        )
        self.passphrase.returned.connect(self.submit)
        self.on_submit(lambda then, failed: sign(self.passphrase.take(), self._reason(), then, failed))
        self._first_field(reason_required=signing.reason_required).setFocus()
        if self.reason is not None and signing.draft_place:
            self.keep_drafts(signing.draft_place, reason=self.reason)
        self._unattended = QTimer(self)
        self._unattended.setSingleShot(True)
        self._unattended.setInterval(UNATTENDED_MS)
        self._unattended.timeout.connect(self.put_aside)

    def after_failure(self, problem: CountersignError) -> None:
        """A wrong passphrase is asked again, three times; then the signing ends."""
        if isinstance(problem, WrongPassphrase):
            self._failed_unlocks += 1
            if self._failed_unlocks >= MOST_FAILED_UNLOCKS:
                self.services.workspace.announce(
                    message("Nothing was signed."), message("The passphrase was wrong three times."), tone="waiting"
                )
                self.reject()
                return
        self.passphrase.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """A signing left alone for a minute ends without a signature."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and hasattr(self, "_unattended"):
            if self.isActiveWindow():
                self._unattended.stop()
            else:
                self._unattended.start()

    def _first_field(self, *, reason_required: bool) -> QWidget:
        if self.reason is not None and reason_required:
            return self.reason
        return self.declared or self.name or self.passphrase

    def _build_declaration(self, text: str) -> QCheckBox:
        """What a person declares once, before the first signature (21 CFR 11.100(c)); the domain's own words."""
        frame = card()
        down = column(frame, margin=4, gap=2)
        down.addWidget(label(message("Your first signature in this vault"), type_="strong"))
        down.addWidget(label(text, wrap=True, select=True))
        declared = QCheckBox(message("I have read this and &declare it; it is signed with this signature"))
        down.addWidget(declared)
        self._undeclared = label(message("Without this declaration nothing can be signed."), type_="small", wrap=True)
        self._undeclared.setProperty("ink", "overdue")
        self._undeclared.hide()
        down.addWidget(self._undeclared)
        self.form.addWidget(frame)
        self.require(self._is_declared)
        return declared

    def _is_declared(self) -> bool:
        declared = self.declared is None or self.declared.isChecked()
        self._undeclared.setVisible(not declared)
        if not declared and self.declared is not None:
            self.declared.setFocus()
        return declared

    def _build_name(self) -> QLineEdit:
        """The first signature of a session takes both parts, name and passphrase (21 CFR 11.200(a)(1)(i))."""
        name = QLineEdit()
        named = self.add_field(
            message("Your &name"),
            name,
            hint=message("The first signature after unlocking asks for both; later ones for the passphrase only."),
            required=True,
        )
        self.demand(named, self._is_my_name, message("This is not the name of the person who unlocked the vault."))
        return name

    def _is_my_name(self) -> bool:
        typed = "" if self.name is None else " ".join(self.name.text().split())
        return typed.casefold() == " ".join(self._signer.split()).casefold()

    def _reason(self) -> str:
        return self.reason.toPlainText().strip() if self.reason is not None else ""

    def _build_facts(self, signing: Signing) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        who = message("{person}, as {role}", role=signing.role, person=signing.person)
        lines = (
            *signing.facts,
            (message("Meaning"), ""),
            (message("Signed by"), who if signing.role else signing.person),
            (message("Time"), both_times(signing.at)),
        )
        for n, (words, text) in enumerate(lines):
            name = label(words, muted=True)
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(name, n, 0)
            announced = self.meaning if n == len(signing.facts) else label(text, wrap=True, select=True)
            grid.addWidget(announced, n, 1)
        return frame
