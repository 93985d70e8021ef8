"""A copy of an evidence file on its way out of the vault: for whom and why first, then where to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from domain.messages import message
from domain.records.item import Evidence
from ui.dialogs.choose_file import ask_target
from ui.dialogs.form_dialog import FormDialog
from ui.tasks import Failed
from ui.widgets.text import label
from ui.window_services import WindowServices


class EvidenceCopyDialog(FormDialog):
    """The copy is written when a place was chosen; that it left goes on record with its hash and purpose."""

    def __init__(self, services: WindowServices, parent: QWidget, evidence: Evidence) -> None:
        super().__init__(
            services,
            parent,
            title=message("Save a copy of evidence"),
            text=message("The copy is not protected by the vault and not kept up to date. That it left is recorded."),
            verb=message("Choose where…"),
            icon="save",
        )
        self._evidence = evidence
        self.form.addWidget(label(evidence.file_name, type_="strong", wrap=True))
        self.form.addWidget(label(evidence.file, type_="mono", wrap=True, select=True))
        self.purpose = QLineEdit()
        purpose = self.add_field(message("For &whom, and why"), self.purpose, required=True)
        self.demand(
            purpose,
            lambda: bool(self.purpose.text().strip()),
            message("Say for whom and why: it goes on record with the hash of the file."),
        )
        self.on_submit(self._ask_where)

    def _ask_where(self, then: Callable[[Any], None], failed: Failed) -> None:
        """The form stays ready while the place is being chosen: choosing none leaves everything as it was."""
        self.verb.setEnabled(True)
        ask_target(
            self,
            title=message("Save the copy as"),
            name=self._evidence.file_name,
            patterns=message("All files (*)"),
            then=lambda out: self.save_to(out, then=then, failed=failed),
        )

    def save_to(self, out: Path, *, then: Callable[[Any], None] | None = None, failed: Failed | None = None) -> None:
        """Write the copy and record it."""
        documents, purpose = self.services.workspace.vault.documents, self.purpose.text().strip()
        evidence, workspace = self._evidence, self.services.workspace
        self.verb.setEnabled(False)

        def gone(on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            workspace.renew()
            described = message("That it left the vault is on record.")
            if not on_record:
                described = message("It is not on record: nothing is recorded in this vault now.")
            workspace.announce(message("Saved: {out}", out=out), described)
            (then or self._on_done)(None)

        self.services.tasks.run(
            lambda: documents.save_evidence(evidence.item, evidence.id, purpose=purpose, out=out),
            context=self,
            then=gone,
            failed=failed or self._on_failed,
        )
