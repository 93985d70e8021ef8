"""Trying a copy out: restored into a private place, proven, compared, thrown away; the certificate is signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from domain.messages import message
from domain.records.backup_records import RestoreTest
from domain.services import BackupInfo, Progress
from ui.dialogs.form_dialog import FormDialog
from ui.tasks import Failed
from ui.widgets.forms import PassphraseEdit
from ui.window_services import WindowServices
from ui.words import moment_text


class RestoreTestDialog(FormDialog):
    """Asks for the passphrase of the time when the copy was made."""

    def __init__(
        self, services: WindowServices, parent: QWidget, copy: BackupInfo, restore_tested: Callable[[RestoreTest], None]
    ) -> None:
        super().__init__(
            services,
            parent,
            title=message("Restore test of the backup of {moment}", moment=moment_text(copy.made_at)),
            text=message(
                "It is restored into a private place, its log is replayed and held against this vault, and it is "
                "thrown away again. What was found goes on record, good or bad."
            ),
            verb=message("Run the test"),
            icon="verify",
        )
        self._copy, self._restore_tested = copy, restore_tested
        self.passphrase = PassphraseEdit(services.icons)
        secret = self.add_field(message("Your &passphrase of that time"), self.passphrase, required=True)
        self.demand(secret, lambda: not self.passphrase.is_empty, message("Type the passphrase."))
        self.passphrase.returned.connect(self.submit)
        self.on_submit(self._restore_test)
        self.passphrase.setFocus()

    def _restore_test(self, then: Callable[[Any], None], failed: Failed) -> None:
        copies, file, passphrase = self.services.workspace.vault.backups, self._copy.file, self.passphrase.take()

        def work(progress: Progress) -> RestoreTest:
            return copies.restore_test(file, passphrase=passphrase, progress=progress)

        def done(certificate: RestoreTest) -> None:
            then(None)
            self._restore_tested(certificate)

        self.services.tasks.run_long(
            work, label=message("Running the restore test"), context=self, then=done, failed=failed
        )
