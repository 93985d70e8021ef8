"""Verifying a closure pack: no vault and no key is needed, and there is nothing between yes and no."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout

from domain.closure.pack import PackVerdict
from domain.errors import CountersignError
from ui.desk import Desk
from ui.dialogs.choose_file import ask_file
from ui.screens.outside import OutsidePage
from ui.widgets.buttons import button
from ui.widgets.layout import clear, column
from ui.widgets.pill import Pill
from ui.widgets.text import label
from ui.words import Mark, count_text


class PackCheck(OutsidePage):
    """Shows the verdict on one file with each check that was made."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            title=self.tr("Verify a closure pack"),
            text=self.tr("Choose a PDF. It is only read; nothing in it is run."),
            width=720,
        )
        self._choose = button(self.tr("Choose a pack…"), self.choose, icons=desk.icons, icon="file", primary=True)
        self._result: QVBoxLayout = column(gap=2)
        self.form.addLayout(self._result)
        self.form.addWidget(self._choose)

    def focus_content(self) -> None:
        """Put the cursor on the button."""
        self._choose.setFocus()

    def choose(self) -> None:
        """Ask for a file and verify it."""
        patterns = self.tr("Closure packs (*.pdf)")
        ask_file(self, title=self.tr("Verify a closure pack"), patterns=patterns, then=self.verify)

    def verify(self, file: Path) -> None:
        """Judge a file off the window's thread."""
        clear(self._result)
        self.bar.clear()
        self.text.setText(file.name)
        building = self.desk.workspace.building
        self.desk.tasks.run(
            lambda: building.verify_pack(file), context=self, then=self._on_judged, failed=self._on_failed
        )

    def _on_judged(self, verdict: PackVerdict) -> None:
        if verdict.verified:
            self.bar.say(
                self.tr("VERIFIED"),
                self.tr(
                    "Changes to entries covered by its checkpoint are detectable by anyone holding it. "
                    "Compare the fingerprint below with one you got elsewhere."
                ),
                tone="proven",
            )
        else:
            self.bar.say(self.tr("NOT VERIFIED"), "\n".join(f"•  {each}" for each in verdict.findings), tone="damaged")
        for words, text in (
            (self.tr("Item"), verdict.number or verdict.item),
            (self.tr("Vault"), verdict.vault),
            (self.tr("Root key fingerprint"), verdict.root_fingerprint),
            (self.tr("Entries covered"), count_text(verdict.checkpoint_size)),
        ):
            self._result.addWidget(label(words, muted=True, type_="small"))
            self._result.addWidget(label(text or "–", wrap=True, select=True))
        self._result.addSpacing(8)
        for check in verdict.checks:
            mark = (
                Mark(word=check.name, icon="closed", tone="proven")
                if check.passed
                else Mark(word=check.name, icon="reject", tone="damaged")
            )
            self._result.addWidget(Pill(self.desk.theme, self.desk.icons, mark))
            if check.detail:
                self._result.addWidget(label(check.detail, muted=True, wrap=True, select=True))
        self._choose.setText(self.tr("Choose another pack…"))

    def _on_failed(self, problem: CountersignError) -> None:
        self.bar.show_error(problem)

    def go_back(self) -> None:
        """Back to the vault that is open, or to the welcome page."""
        self.bar.clear()
        self.desk.workspace.go("back" if self.desk.workspace.is_open else "welcome")
