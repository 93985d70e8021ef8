"""Questions about the log as a whole: which checkpoint to compare with, why it is exported, which part was reviewed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from domain.commands.oversight import ReviewAuditTrail
from domain.log.anchors import AnchorVerdict
from domain.messages import message
from resources.texts.meanings import MEANINGS
from ui.dialogs.choose_file import ask_file
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.sign import SignDialog, Signing
from ui.tasks import Failed
from ui.widgets.buttons import button
from ui.widgets.forms import text_area
from ui.widgets.layout import row
from ui.widgets.text import label
from ui.window_services import WindowServices

Compared = Callable[[AnchorVerdict], None]


class CompareDialog(FormDialog):
    """A checkpoint typed from paper, pasted as a note, or taken from a file or a closure pack."""

    def __init__(self, services: WindowServices, parent: QWidget, compared: Compared) -> None:
        super().__init__(
            services,
            parent,
            title=message("Compare with a kept checkpoint"),
            text=message(
                "Every closure pack and every export carries a checkpoint. If today's log extends one that was kept "
                "elsewhere, nothing it covers was altered or cut away since."
            ),
            verb=message("Compare"),
            icon="proven",
        )
        self._compared = compared
        self.typed = text_area(rows=4)
        typed = self.add_field(
            message("Size and &root as printed, or the whole note"),
            self.typed,
            hint=message("For example: 128 3f9a 02bc … (spaces and hyphens do not matter)."),
        )
        self.demand(typed, lambda: bool(self.typed.toPlainText().strip()), message("Type or paste a checkpoint."))
        from_file = button(message("From a file or closure pack…"), self._on_choose, icons=services.icons, icon="open")
        self.buttons.insertWidget(0, from_file)
        self.on_submit(self._compare_typed)
        self.typed.setFocus()

    def compare_file(self, file: Path) -> None:
        """Compare with what a file carries."""
        log = self.services.workspace.vault.log
        self.services.tasks.run(
            lambda: log.check_anchor_file(file), context=self, then=self._on_compared, failed=self._on_failed
        )

    def _compare_typed(self, then: Callable[[Any], None], failed: Failed) -> None:
        log, text = self.services.workspace.vault.log, self.typed.toPlainText()
        del then  # the dialog closes with the verdict
        self.services.tasks.run(lambda: log.check_anchor(text), context=self, then=self._on_compared, failed=failed)

    def _on_choose(self) -> None:
        ask_file(
            self,
            title=message("A checkpoint note or a closure pack"),
            patterns=message("Checkpoints and packs (*.pdf *.txt *.note *.jsonl)"),
            then=self.compare_file,
        )

    def _on_compared(self, verdict: AnchorVerdict) -> None:
        self._compared(verdict)
        self.accept()


class ExportPurposeDialog(FormDialog):
    """For whom the log leaves the vault; it is recorded with the file's hash."""

    def __init__(self, services: WindowServices, parent: QWidget, export: Callable[[str], None]) -> None:
        super().__init__(
            services,
            parent,
            title=message("Export the log"),
            text=message(
                "All entries as JSON lines with their proofs and the keys to check them, readable without this "
                "program. The file is not encrypted; that it was made goes on record."
            ),
            verb=message("Choose the file…"),
            icon="save",
        )
        self.purpose = QLineEdit()
        row_ = self.add_field(message("For &whom, and why"), self.purpose, required=True)
        self.demand(row_, lambda: bool(self.purpose.text().strip()), message("Say for whom and why."))
        self.purpose.returnPressed.connect(self.submit)

        def go_on(then: Callable[[Any], None], _failed: Failed) -> None:
            then(None)
            export(self.purpose.text().strip())

        self.on_submit(go_on)
        self.purpose.setFocus()


class _Range(QWidget):
    """From one entry to another."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__()
        across = row(self, gap=2)
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, value, name in (
            (self.first, first, message("First entry reviewed")),
            (self.last, last, message("Last entry reviewed")),
        ):
            box.setRange(0, last)
            box.setValue(value)
            box.setAccessibleName(name)
        across.addWidget(self.first)
        across.addWidget(label(message("to"), muted=True))
        across.addWidget(self.last)
        across.addStretch(1)
        self.setFocusProxy(self.first)


class ReviewLogDialog(SignDialog):
    """Sign that a stretch of the log was reviewed; entries opened in this session count as read closely."""

    def __init__(
        self, services: WindowServices, parent: QWidget, *, first: int, size: int, opened: frozenset[int]
    ) -> None:
        self.range = _Range(min(first, size - 1), size - 1)
        workspace = services.workspace
        session = workspace.session
        super().__init__(
            services,
            parent,
            Signing(
                title=message("Sign a review of the log"),
                verb=message("Sign the review"),
                icon="sign",
                meaning=MEANINGS["review_audit_trail"],
                person=session.person.name if session else "",
                role="",
                at=workspace.now(),
                facts=((message("Read closely"), self._sample_text(opened)),),
                reason_label=message("&Findings; leave empty when all is in order"),
            ),
            lambda passphrase, findings, then, failed: workspace.perform(
                ReviewAuditTrail(
                    first=self.range.first.value(),
                    last=self.range.last.value(),
                    sample=tuple(seq for seq in opened if self.range.first.value() <= seq <= self.range.last.value()),
                    verdict="with_findings" if findings else "in_order",
                    findings=findings,
                    meaning=MEANINGS["review_audit_trail"],
                ),
                context=parent,
                then=then,
                failed=failed,
                passphrase=passphrase,
            ),
            lead=(message("&Entries"), self.range),
        )

    def _sample_text(self, opened: frozenset[int]) -> str:
        if not opened:
            return message("no entry was opened in this session")
        shown = ", ".join(str(seq) for seq in sorted(opened, reverse=True)[:8])
        more = len(opened) - 8
        return f"{shown} …" if more > 0 else shown
