"""The signings of delegates: a mandate given, dated and scoped, and one ended."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from domain.commands.delegation import GrantMandate, RevokeMandate
from domain.messages import message
from domain.process.definition import ProcessVersion
from domain.records.governance import Mandate
from domain.records.people import ADMINISTRATOR
from resources.texts.meanings import MEANINGS
from ui.dialogs.sign import SignDialog, Signing
from ui.drafts import form_place
from ui.queries import SessionView
from ui.request_words import readable
from ui.widgets.day_edit import DayEdit
from ui.widgets.forms import FormRow, choice
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import date_text

_ACROSS = 6
"""Boxes of severities in one line."""


class GrantMandateDialog(SignDialog):
    """Who signs in one's place, in which role, for which process and severities, from when until when."""

    def __init__(self, services: WindowServices, parent: QWidget, session: SessionView) -> None:
        others = [each for each in session.people if each.state == "active" and each.id != session.person.id]
        self.delegate = choice(tuple((each.id, each.name) for each in others))
        self.role = choice(
            tuple((role, session.role_title(role)) for role in sorted(session.roles) if role != ADMINISTRATOR)
        )
        self._session = session
        self.process = choice((("", message("Every process")),))
        self.first, self.last = DayEdit(), DayEdit()
        known = dict.fromkeys(each for process in session.processes for each in process.severities)
        self.severities = {each: QCheckBox(readable(each)) for each in known}
        self._offered: tuple[str, ...] = ()
        lead = QWidget()
        down = column(lead, gap=3)
        rows = {
            "delegate": FormRow(message("&Delegate"), self.delegate, required=True),
            "role": FormRow(message("&Role delegated"), self.role, required=True),
            "process": FormRow(message("Pro&cess"), self.process),
            "first": FormRow(message("&From"), self.first, required=True),
            "last": FormRow(message("&To, this day included"), self.last, required=True),
        }
        for names in (("delegate", "role"), ("process",), ("first", "last")):
            across = row(gap=4)
            for name in names:
                across.addWidget(rows[name], 1)
            down.addLayout(across)
        down.addWidget(label(message("Severities; none ticked means all"), type_="small", muted=True))
        self._boxes = QGridLayout()
        self._boxes.setVerticalSpacing(2)
        down.addLayout(self._boxes)
        self.role.currentIndexChanged.connect(lambda _place: self._on_role_changed())
        self.process.currentIndexChanged.connect(lambda _place: self._on_process_changed())
        self._on_role_changed()
        super().__init__(
            services,
            parent,
            Signing(
                title=message("Grant a mandate"),
                verb=message("Sign the mandate"),
                icon="people",
                meaning=MEANINGS["grant_mandate"],
                person=session.person.name,
                role="",
                at=services.workspace.now(),
                facts=(
                    (
                        message("Rule"),
                        message("A delegate signs in their own name, and never their own work."),
                    ),
                ),
                reason_label=message("R&eason"),
                reason_required=True,
                draft_place=form_place("mandate.give"),
            ),
            lambda passphrase, reason, then, failed: services.workspace.perform(
                GrantMandate(
                    delegate=self.delegate.currentData() or "",
                    role=self.role.currentData() or "",
                    first_day=self.first.day(),
                    last_day=self.last.day(),
                    reason=reason,
                    process=self.process.currentData() or "",
                    severities=self.chosen_severities(),
                    meaning=MEANINGS["grant_mandate"],
                ),
                context=parent,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
            lead=lead,
        )
        self.setMinimumWidth(700)
        self.demand(rows["delegate"], lambda: bool(self.delegate.currentData()), message("Choose a person."))
        self.demand(rows["first"], lambda: bool(self.first.day()), message("Name the first day."))
        self.demand(rows["last"], lambda: bool(self.last.day()), message("Name the last day."))

    def chosen_severities(self) -> tuple[str, ...]:
        """Those ticked of the ones offered; () = every one."""
        return tuple(each for each in self._offered if self.severities[each].isChecked())

    def _knowing_the_role(self) -> tuple[ProcessVersion, ...]:
        role = self.role.currentData()
        return tuple(each for each in self._session.processes if any(known.id == role for known in each.roles))

    def _on_role_changed(self) -> None:
        """Only processes that know the role can be chosen."""
        before = self.process.currentData()
        with QSignalBlocker(self.process):
            while self.process.count() > 1:
                self.process.removeItem(1)
            for each in self._knowing_the_role():
                self.process.addItem(each.title, each.id)
            self.process.setCurrentIndex(max(self.process.findData(before), 0))
        self._on_process_changed()

    def _on_process_changed(self) -> None:
        """The severities of the process chosen, or of all that know the role; what is not offered is not delegated."""
        chosen = self.process.currentData()
        processes = [each for each in self._knowing_the_role() if chosen in ("", each.id)]
        self._offered = tuple(dict.fromkeys(name for each in processes for name in each.severities))
        for box in self.severities.values():
            self._boxes.removeWidget(box)
            box.setParent(None)
        for place, name in enumerate(self._offered):
            self._boxes.addWidget(self.severities[name], place // _ACROSS, place % _ACROSS)
            self.severities[name].show()


def end_mandate_dialog(services: WindowServices, parent: QWidget, session: SessionView, mandate: Mandate) -> SignDialog:
    """End a mandate before its last day; what was signed under it stays."""
    who = f"{session.name_of(mandate.delegate)}, {session.role_title(mandate.role)}"
    until = f"{date_text(mandate.first_day)} – {date_text(mandate.last_day)}"
    return SignDialog(
        services,
        parent,
        Signing(
            title=message("End a mandate"),
            verb=message("Sign and end it"),
            icon="refused",
            meaning=MEANINGS["revoke_mandate"],
            person=session.person.name,
            role="",
            at=services.workspace.now(),
            facts=((message("Delegate"), who), (message("Days"), until)),
            reason_label=message("&Reason"),
            reason_required=True,
            draft_place=form_place("mandate.end", mandate.id),
        ),
        lambda passphrase, reason, then, failed: services.workspace.perform(
            RevokeMandate(
                mandate=mandate.id,
                reason=reason,
                meaning=MEANINGS["revoke_mandate"],
            ),
            context=parent,
            then=then,
            failed=failed,
            passphrase=passphrase,
        ),
    )
