"""A plan is carried out: a copy of the vault first, then one command with the tracker beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.documents.import_tracker import collector_paused
from desktop.session.session import KeySession
from domain.act import IncomingFile
from domain.commands.imports import import_command
from domain.log.entry import Entry
from domain.messages import message
from domain.rules.site_day import site_day
from domain.services import Progress
from domain.trackers.plan import ImportPlan


def carry_out(
    vault: KeySession,
    plan: ImportPlan,
    file: Path,
    *,
    process: str,
    closed_words: Sequence[str],
    progress: Progress | None,
) -> Entry:
    """One act with one signature; the original file is kept with it."""
    size = file.stat().st_size
    vault.copy_before(message("an import"))
    with collector_paused():
        return vault.perform(
            import_command(
                plan,
                vault.register,
                process=process,
                size=size,
                closed_words=closed_words,
                today=site_day(vault.register, vault.actor().at),
            ),
            files=(IncomingFile(sha256=plan.sha256, size=size, path=str(file)),),
            progress=progress,
        )
