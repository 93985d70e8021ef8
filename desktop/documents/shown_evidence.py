"""An evidence file in another program: a private read-only copy, on record before anybody hears its name."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.private_files import PrivateFiles
from domain.commands.evidence import OpenEvidence
from domain.errors import UsageProblem
from domain.messages import message
from domain.session import Session


def show_evidence(vault: Session, place: PrivateFiles, item: str, evidence: str, *, purpose: str) -> Path:
    """Write the copy into `place` and record the act; the copy does not outlive a refusal.

    Raises:
        UsageProblem: no such evidence, or no kind of file that other programs should open.
        FileProblem: the disk refused.
    """
    found = next((each for each in vault.register.item_file(item).evidence if each.id == evidence), None)
    if found is None:
        raise UsageProblem(message("The item has no evidence {evidence!r}.", evidence=evidence), where=item)
    file = place.put(vault.register.file_bytes(found.file), name=found.file_name)
    try:
        vault.perform(OpenEvidence(item=item, evidence=evidence, purpose=purpose))
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file
