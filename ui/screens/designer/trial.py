"""Try it: an invented item is taken through the draft; the trial can be kept as a scenario."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from domain.errors import CountersignError
from domain.messages import message
from domain.process.definition import Move, ProcessVersion
from domain.simulation.trial import ITEM, LATE, Trial
from ui.icons import Icons
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow
from ui.widgets.layout import column, row
from ui.widgets.text import label


class TrialPanel(QWidget):
    """The trial on screen. `kept` carries the scenario made of it."""

    kept = Signal(object)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.trial: Trial | None = None
        down = column(self, margin=2, gap=2)
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName(message("What happened so far"))
        self.person = QComboBox()
        self.transition = QComboBox()
        across = row(gap=2)
        across.addWidget(FormRow(message("&Who acts"), self.person))
        across.addWidget(FormRow(message("To &step"), self.transition))
        across.addStretch(1)
        self.begin = button(message("Begin an item"), self._begin, icons=icons, icon="new")
        self.fill = button(message("Fill what is missing"), self._fill)
        self.prove = button(message("Add what proves it"), self._prove)
        self.sign = button(message("Sign as who is asked"), self._sign)
        self.go = button(message("Go to the step"), self._go)
        self.keep = button(message("Save as scenario"), self._keep, icons=icons, icon="save")
        buttons = row(gap=2)
        self.late = button(message("Let ten working days pass"), self._wait)
        self.hold = button(message("Put on hold"), self._hold)
        self.resume = button(message("Go on after the hold"), self._resume)
        for each in (self.begin, self.fill, self.prove, self.sign, self.go, self.keep):
            buttons.addWidget(each)
        buttons.addStretch(1)
        others = row(gap=2)
        for each in (self.late, self.hold, self.resume):
            others.addWidget(each)
        others.addStretch(1)
        down.addWidget(label(message("An invented item, invented people, the real rules. Nothing is recorded.")))
        down.addLayout(across)
        down.addLayout(buttons)
        down.addLayout(others)
        down.addWidget(self.words, 1)
        self._show()

    def start(self, version: ProcessVersion | None) -> None:
        """Begin anew with a version; None: it cannot be walked yet."""
        try:
            self.trial = Trial(version) if version is not None else None
        except CountersignError as problem:
            self.trial = None
            self.words.setPlainText(f"{problem.what}\n{problem.remedy}")
        self.person.clear()
        if self.trial is not None:
            self.person.addItems(list(self.trial.people))
        self._show()

    def _begin(self) -> None:
        person = self.person.currentText()
        fields = {"title": ITEM, "owner": person}
        self._do("create_item", fields=fields)

    def _fill(self) -> None:
        if self.trial is not None and self.trial.wanted():
            self._do("edit_item", fields=self.trial.wanted())

    def _prove(self) -> None:
        if self.trial is None:
            return
        for requirement in self.trial.evidence_wanted():
            self._do("add_evidence", requirement=requirement)
            needed = self.trial.version.requirement(requirement)
            judge = next(
                (
                    name
                    for name, roles in self.trial.people.items()
                    if needed and needed.reviewer_role in roles and name != self.person.currentText()
                ),
                self.person.currentText(),
            )
            self._do("review_evidence", who=judge, evidence=requirement, accept=True)

    def _sign(self) -> None:
        for name in self.trial.signers()[:1] if self.trial is not None else ():
            self._do("approve_item", who=name)

    def _go(self) -> None:
        if self.trial is None:
            return
        step = self.transition.currentData()
        if step == self.trial.version.closure.step:
            outcome = self.trial.version.closure.outcomes[0].outcome
            self._do("close_item", outcome=outcome, summary="Tried.")
        else:
            self._do("move_item", step=step, reason="Tried.")

    def _wait(self) -> None:
        if self.trial is not None:
            self.trial.wait(LATE)
            self._show()

    def _hold(self) -> None:
        if self.trial is not None:
            self._do("hold_item", reason="Tried.", review_on=self.trial.tomorrow)

    def _resume(self) -> None:
        self._do("resume_item", reason="Tried.")

    def _keep(self) -> None:
        if self.trial is not None and self.trial.begun:
            words = message("A trial to {stands}", stands=self.trial.stands())
            self.kept.emit(self.trial.scenario(words))

    def _do(self, does: str, *, who: str = "", **args: Any) -> None:
        if self.trial is not None:
            self.trial.do(Move(who=who or self.person.currentText(), does=does, item=ITEM, args=args))
            self._show()

    def _show(self) -> None:
        trial = self.trial
        begun = trial is not None and trial.begun
        self.begin.setEnabled(trial is not None and not begun)
        for each in (self.fill, self.prove, self.sign, self.go, self.keep, self.late, self.hold, self.resume):
            each.setEnabled(begun)
        self.transition.clear()
        if trial is not None:
            self.words.setPlainText("\n".join(trial.described))
            for step, title in trial.transitions():
                self.transition.addItem(title, step)
