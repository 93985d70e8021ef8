"""Trying a copy out: restored into a private place, proven, compared, thrown away; the certificate is signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from domain.records.copies import RestoreDrill
from domain.services import Progress, VaultCopy
from ui.desk import Desk
from ui.dialogs.form_dialog import FormDialog
from ui.tasks import Failed
from ui.widgets.forms import PassphraseEdit
from ui.words import moment_text


class DrillDialog(FormDialog):
    """Asks for the passphrase of the time when the copy was made."""

    def __init__(self, desk: Desk, parent: QWidget, copy: VaultCopy, drilled: Callable[[RestoreDrill], None]) -> None:
        super().__init__(
            desk,
            parent,
            title=self.tr("Try out the copy of %1").replace("%1", moment_text(copy.made_at)),
            text=self.tr(
                "It is restored into a private place, its log is replayed and held against this vault, and it is "
                "thrown away again. What was found goes on record, good or bad."
            ),
            verb=self.tr("Try it out"),
            icon="verify",
        )
        self._copy, self._drilled = copy, drilled
        self.passphrase = PassphraseEdit(desk.icons)
        secret = self.add_field(self.tr("Your &passphrase of that time"), self.passphrase, required=True)
        self.demand(secret, lambda: not self.passphrase.is_empty, self.tr("Type the passphrase."))
        self.passphrase.returned.connect(self.submit)
        self.on_submit(self._drill)
        self.passphrase.setFocus()

    def _drill(self, then: Callable[[Any], None], failed: Failed) -> None:
        copies, file, passphrase = self.desk.workspace.vault.copies, self._copy.file, self.passphrase.take()

        def work(progress: Progress) -> RestoreDrill:
            return copies.drill(file, passphrase=passphrase, progress=progress)

        def done(certificate: RestoreDrill) -> None:
            then(None)
            self._drilled(certificate)

        self.desk.tasks.run_long(work, label=self.tr("Trying the copy out"), context=self, then=done, failed=failed)
