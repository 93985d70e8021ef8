"""What an open vault gives out on paper or as files: `domain.ports.DocumentService` over the printers and the log.

Documents are made first and looked at; they go on record, by their hash and for whom they are, when they leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.machine.clock import now
from desktop.machine.installation import write_whole
from desktop.machine.program import program_version
from desktop.session.session import Session
from domain.commands.evidence import GetEvidence
from domain.commands.vault_events import RecordExport
from domain.compliance.judge import SelfCheck
from domain.errors import Damaged, UsageProblem
from domain.identity import iso
from domain.log.certificates import fingerprint
from domain.log.checkpoint import b64decode_strict
from domain.messages import message
from domain.services import Progress
from domain.table_report import TableReport

if TYPE_CHECKING:
    from desktop.pdf.report import ReportHead


class VaultDocuments:
    """Implements `domain.ports.DocumentService` for one open vault."""

    def __init__(self, vault: Session) -> None:
        self._vault = vault

    def self_check(self, check: SelfCheck) -> bytes:
        """The PDF of a self-check."""
        from desktop.pdf.self_check_report import print_self_check  # noqa: PLC0415 (it is slow to import and not needed for reading)

        return print_self_check(check, self._head())

    def table_report(self, report: TableReport) -> bytes:
        """The PDF of a report of tables."""
        from desktop.pdf.table_report import print_tables  # noqa: PLC0415 (it is slow to import and not needed for reading)

        return print_tables(report, self._head())

    def workbook(self, report: TableReport, *, progress: Progress | None = None) -> bytes:
        """A report of tables as an .xlsx file; openpyxl is loaded only for this."""
        from desktop.excel.write_workbook import write_workbook  # noqa: PLC0415 (see above)

        head = self._head()
        facts = (
            (message("Vault"), head.vault_name),
            (message("Vault id"), head.vault),
            (message("Root key"), head.root_fingerprint),
            (message("Written by"), head.printed_by),
            (message("Written"), head.printed_at),
            (message("Program"), head.program),
            (message("Uncontrolled copy"), message("Only the vault is kept up to date.")),
            (message("Checkpoint"), head.checkpoint),
        )
        return write_workbook(report, facts, progress=progress)

    def give_out(self, data: bytes, *, kind: str, name: str, purpose: str, out: Path | None = None) -> bool:
        """Put on record that something leaves the vault, and write it to `out` if it leaves as a file.

        Where nothing is recorded (under inspection, or rolled back to an older state) the file is still written.

        Returns:
            Whether it is on record.

        Raises:
            FileProblem: the disk refused; nothing was recorded. UsageProblem: name or purpose cannot be kept.
        """
        recorded = self._vault.takes_acts

        def record() -> None:
            if recorded:
                self._vault.perform(
                    RecordExport(kind=kind, name=name, sha256=sha256(data).hexdigest(), size=len(data), purpose=purpose)
                )

        if out is None:
            record()
        else:
            write_whole(out, data, on_disk=record)
        return recorded

    def save_evidence(self, item: str, evidence: str, *, purpose: str, out: Path) -> bool:
        """Write a copy of an evidence file to `out` and put on record that it left, for whom and why.

        Where nothing is recorded (under inspection, or rolled back to an older state) the file is still written.

        Returns:
            Whether it is on record.

        Raises:
            UsageProblem: no such evidence, or no purpose. FileProblem: the disk refused.
            Damaged: the stored bytes are not those the log knows by their hash. `out` is as it was then.
        """
        found = next((each for each in self._vault.register.item_file(item).evidence if each.id == evidence), None)
        if found is None:
            raise UsageProblem(message("The item has no evidence {evidence!r}.", evidence=evidence), where=item)
        recorded, digest = self._vault.takes_acts, sha256()

        def hashed() -> Iterator[bytes]:
            for chunk in self._vault.register.file_bytes(found.file):
                digest.update(chunk)
                yield chunk

        def record() -> None:
            if digest.hexdigest() != found.file:
                raise Damaged(message("The stored evidence is not what its hash says."), where=found.file_name)
            if recorded:
                self._vault.perform(GetEvidence(item=item, evidence=evidence, purpose=purpose))

        write_whole(out, hashed(), on_disk=record)
        return recorded

    def _head(self) -> ReportHead:
        from desktop.pdf.report import ReportHead  # noqa: PLC0415 (it is slow to import and not needed for reading)

        record = self._vault.register.vault()
        return ReportHead(
            vault=record.id,
            vault_name=record.name,
            root_fingerprint=fingerprint(b64decode_strict(record.root_key) or b""),
            printed_by=self._vault.person.name,
            printed_at=iso(now()),
            program=message("Countersign {program_version}", program_version=program_version()),
            checkpoint=self._vault.checkpoint(),
        )
