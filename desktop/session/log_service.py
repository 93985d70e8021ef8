"""What a screen does with the log of an open vault: `domain.ports.LogService` over prover, anchors and exports."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.clock import now
from desktop.session import inspection
from desktop.session.log_outside import anchor_text, export_log, hold_anchor
from desktop.session.proving import FILES_UNCHECKED, Prover
from desktop.session.session import ProvenSession
from domain.errors import FileProblem
from domain.log.anchors import AnchorVerdict
from domain.log.verdict import LogVerdict
from domain.messages import message
from domain.services import LogState, Progress

_LARGEST_FILE = 512 * 1024**2


class LogService:
    """Implements `domain.ports.LogService` for one open vault."""

    def __init__(self, vault: ProvenSession, *, prover: Prover) -> None:
        self._vault = vault
        self._prover = prover

    def state(self) -> LogState:
        """What this installation has proven of the log, and whether anything is recorded in it."""
        return LogState(
            proven=self._prover.proven_entries(),
            whole_at=self._prover.whole_at(),
            read_only=self._vault.why_read_only,
            damaged=self._vault.damaged,
            files_checked=self._vault.damaged or self._prover.files_checked(),
        )

    def check_files(self, *, progress: Progress | None = None) -> LogVerdict:
        """Hold every stored file against its hash, as it is due when a vault is new on this computer.

        From the first finding on nothing is recorded here any more.

        Raises:
            Cancelled: `progress` asked to stop; the files are as unchecked as before.
        """
        verdict, vault = self._prover.files(at=now(), progress=progress), self._vault
        vault.take_back_notice(FILES_UNCHECKED)
        if not verdict.intact:
            vault.inspect_only(vault.why_read_only or inspection.why_of(verdict.findings), damaged=True)
            vault.notice(*inspection.notices_of(verdict.findings))
        return verdict

    def verify_new(self, *, progress: Progress | None = None) -> LogVerdict:
        """Prove what is new; a log of which nothing is proven here is proven whole.

        Raises:
            Cancelled: `progress` asked to stop.
        """
        return self._vault.verify(progress=progress, quick=self._prover.proven_entries() > 0)

    def check_anchor(self, text: str) -> AnchorVerdict:
        """Hold a checkpoint that was typed or pasted against today's log.

        Raises:
            FileProblem: there is no checkpoint in it.
        """
        return hold_anchor(self._vault, text, where=message("what was typed"))

    def check_anchor_file(self, file: Path) -> AnchorVerdict:
        """Hold the checkpoint in a note or in a closure pack against today's log.

        Raises:
            FileProblem: the file cannot be read, or has no checkpoint.
        """
        try:
            with file.open("rb") as source:
                data = source.read(_LARGEST_FILE)
        except OSError as problem:
            raise FileProblem(
                message("The file cannot be read: {strerror}.", strerror=problem.strerror), where=file.name
            ) from problem
        return hold_anchor(self._vault, anchor_text(data, where=file.name), where=file.name)

    def export(self, out: Path, *, purpose: str, progress: Progress | None = None) -> str:
        """Write all entries as JSON lines with proofs; recorded by the hash that comes back.

        Raises:
            FileProblem, Refused, Cancelled: as `desktop.session.log_outside.export_log`.
        """
        return export_log(self._vault, out, purpose=purpose, progress=progress).sha256
