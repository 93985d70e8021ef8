"""The status line: what is open, who works, how old the newest copy is, how far the log is proven, when it locks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QStatusBar

from domain.identity import parse_iso
from domain.log.proven import FULL_PROOF_DAYS
from domain.messages import message, plural_message
from ui.icons import Icons
from ui.idle import LAST_SECONDS
from ui.queries import SessionView
from ui.theme import Theme
from ui.widgets.pill import Pill
from ui.words import Mark, age_text, count_text, date_text, moment_text
from ui.workspace import Workspace

LATE_COPY: Final = timedelta(days=1)
"""Entries that are older than this and in no copy of this computer are worth a warning."""


class StatusLine(QStatusBar):
    """Facts in plain words; what asks for something to be done is a pill. Nothing is shown while nothing is open."""

    def __init__(self, workspace: Workspace, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._workspace = workspace
        self.setSizeGripEnabled(False)
        self.locks = QLabel()
        self.locks.setProperty("ink", "waiting")
        self.vault, self.who, self.copy, self.log = QLabel(), QLabel(), QLabel(), QLabel()
        self.copy_warning, self.log_warning = Pill(theme, icons), Pill(theme, icons)
        for part in (self.locks, self.vault, self.who, self.copy, self.copy_warning, self.log, self.log_warning):
            self.addPermanentWidget(part)
        workspace.session_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Tell the facts of the session anew."""
        session = self._workspace.session
        if session is None:
            for part in (self.vault, self.who, self.copy, self.log):
                part.clear()
            for pill in (self.copy_warning, self.log_warning):
                pill.hide()
            return
        roles = ", ".join(sorted(session.role_title(role) for role in session.roles))
        self.vault.setText(session.vault.name)
        self.vault.setToolTip(session.folder)
        self.who.setText(f"{session.person.name} ({roles})" if roles else session.person.name)
        at = self._workspace.now()
        self._show(self.copy, self.copy_warning, copy_words(session, at=at), copy_warning(session, at=at))
        self.copy_warning.setToolTip(self.copy.toolTip())
        self._show(self.log, self.log_warning, log_words(session), log_warning(session, at=at))
        self.log_warning.setToolTip(session.log.read_only)

    def count_down(self, seconds: int) -> None:
        """Say how long until the vault locks; 0 = not soon."""
        text = message("Locks in {seconds} s: press any key to stay", seconds=seconds) if seconds else ""
        readable = seconds == LAST_SECONDS or (seconds and not self.locks.text())
        self.locks.setText(text)
        if readable:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _show(self, plain: QLabel, pill: Pill, words: str, warning: Mark | None) -> None:
        """Words in plain, or in a pill when they are a warning."""
        plain.setText("" if warning else words)
        plain.setVisible(warning is None)
        if warning:
            pill.show_mark(warning)
        pill.setVisible(warning is not None)


def copy_words(session: SessionView, *, at: datetime) -> str:
    """How old the newest copy on this computer is."""
    if session.newest_backup is None:
        return message("No backup yet")
    return message("Last backup {age}", age=age_text(session.newest_backup.made_at, at=at))


def copy_warning(session: SessionView, *, at: datetime) -> Mark | None:
    """What asks for a copy: entries that no copy here has, and that for too long."""
    newest = session.newest_backup
    if session.log.read_only or (newest is not None and newest.entries >= session.log_size):
        return None
    since = newest.made_at if newest else session.vault.created
    if at - parse_iso(since) < LATE_COPY:
        return None
    return Mark(word=copy_words(session, at=at), icon="backups", tone="waiting")


def log_words(session: SessionView) -> str:
    """How long the log is, and when all of it was last proven here."""
    size = session.log_size
    if not session.log.whole_at:
        return plural_message(
            "{count} entry in the log, not verified here yet",
            "{count} entries in the log, not verified here yet",
            size,
            count=count_text(size),
        )
    return plural_message(
        "{count} entry in the log, verified {date}",
        "{count} entries in the log, verified {date}",
        size,
        count=count_text(size),
        date=date_text(session.log.whole_at),
    )


def log_warning(session: SessionView, *, at: datetime) -> Mark | None:
    """The log is broken, only read, or was not proven as a whole for too long."""
    log = session.log
    if log.damaged:
        return Mark(word=message("The log is BROKEN"), icon="damaged", tone="damaged")
    if log.read_only:
        return Mark(word=message("Read only"), icon="eye", tone="held")
    since = log.whole_at or session.vault.created
    if at - parse_iso(since) < timedelta(days=FULL_PROOF_DAYS):
        return None
    if not log.whole_at:
        return Mark(word=message("Log never verified here"), icon="waiting", tone="waiting")
    word = message("Log last verified {moment}", moment=moment_text(log.whole_at))
    return Mark(word=word, icon="waiting", tone="waiting")
