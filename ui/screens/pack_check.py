"""Verifying a closure pack: no vault and no key is needed, and there is nothing between yes and no."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QGridLayout

from domain.errors import CountersignError
from domain.log.verdict import PackVerdict
from domain.messages import message
from ui.dialogs.choose_file import ask_file
from ui.screens.outside import OutsidePage
from ui.widgets.buttons import button
from ui.widgets.layout import clear
from ui.widgets.pill import Pill
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import Mark, count_text

PAGE_WIDTH, DETAIL_WIDTH = 840, 496
"""Pixels; a scrolled page does not find the height of wrapped texts whose width it does not know."""


class PackCheck(OutsidePage):
    """Shows the verdict on one file with each check that was made."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__(
            services,
            title=message("Verify a closure pack"),
            text=message("Choose a PDF. It is only read; nothing in it is run."),
            width=PAGE_WIDTH,
        )
        self._choose = button(message("Choose a pack…"), self.choose, icons=services.icons, icon="file", primary=True)
        self._facts, self._checks = _two_columns(), _two_columns()
        self._rule = rule()
        self._rule.hide()
        self.form.addLayout(self._facts)
        self.form.addWidget(self._rule)
        self.form.addLayout(self._checks)
        self.form.addWidget(self._choose)

    def focus_content(self) -> None:
        """Put the cursor on the button; the way back leads to the open vault when there is one."""
        self.back.setText(message("Back to the vault") if self.services.workspace.is_open else message("All vaults"))
        self._choose.setFocus()

    def choose(self) -> None:
        """Ask for a file and verify it."""
        patterns = message("Closure packs (*.pdf)")
        ask_file(self, title=message("Verify a closure pack"), patterns=patterns, then=self.verify)

    def verify(self, file: Path) -> None:
        """Judge a file off the window's thread."""
        clear(self._facts)
        clear(self._checks)
        self._rule.hide()
        self.bar.clear()
        self.text.setText(file.name)
        application = self.services.workspace.application
        self.services.tasks.run(
            lambda: application.verify_pack(file), context=self, then=self._on_judged, failed=self._on_failed
        )

    def _on_judged(self, verdict: PackVerdict) -> None:
        if verdict.verified:
            self.bar.announce(
                message("VERIFIED"),
                message(
                    "Changes to entries covered by its checkpoint are detectable by anyone holding it. Compare the "
                    "fingerprint below with one you got elsewhere."
                ),
                tone="proven",
            )
        else:
            self.bar.announce(
                message("NOT VERIFIED"), "\n".join(f"•  {each}" for each in verdict.findings), tone="damaged"
            )
        facts = (
            (message("Item"), verdict.number or verdict.item),
            (message("Vault"), verdict.vault),
            (message("Root key fingerprint"), verdict.root_fingerprint),
            (message("Entries covered"), count_text(verdict.checkpoint_size)),
        )
        for place, (words, text) in enumerate(facts):
            self._facts.addWidget(label(words, muted=True), place, 0)
            self._facts.addWidget(label(text or "–", wrap=True, select=True), place, 1)
        self._rule.show()
        for place, check in enumerate(verdict.checks):
            mark = (
                Mark(word=check.name, icon="closed", tone="proven")
                if check.passed
                else Mark(word=check.name, icon="reject", tone="damaged")
            )
            self._checks.addWidget(Pill(self.services.theme, self.services.icons, mark), place, 0)
            detail = label(check.detail, muted=True, wrap=True, select=True)
            detail.setFixedWidth(DETAIL_WIDTH)
            detail.ensurePolished()
            detail.setMinimumHeight(max(detail.heightForWidth(DETAIL_WIDTH), 0))
            self._checks.addWidget(detail, place, 1)
        self._choose.setText(message("Choose another pack…"))

    def _on_failed(self, problem: CountersignError) -> None:
        self.bar.show_error(problem)

    def go_back(self) -> None:
        """Back to the vault that is open, or to the welcome page."""
        self.bar.clear()
        self.services.workspace.go("back" if self.services.workspace.is_open else "welcome")


def _two_columns() -> QGridLayout:
    """Names on the left, what is known about them on the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    return grid
