"""What this computer remembers between two sittings: a typed table over one INI file.

Never a passphrase, never a word out of a vault beyond its name and folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QByteArray, QSettings

LONGEST_RECENT: Final = 12
VERSION: Final = 1


class RecentVault(msgspec.Struct, frozen=True, kw_only=True):
    """A vault opened before: where, its name, when (ISO UTC), and who last unlocked it."""

    folder: str
    name: str
    opened: str
    person: str = ""


class Settings:
    """Reads and writes the table. `file` is the INI file; tests point it at a temporary folder."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._store = QSettings(str(file), QSettings.Format.IniFormat)
        self._store.setValue("settings_version", VERSION)

    @property
    def theme(self) -> str:
        """A choice of `ui.theme.CHOICES`."""
        return self._text("look/theme", "system")

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("look/theme", value)

    @property
    def recent(self) -> tuple[RecentVault, ...]:
        """Vaults opened before, last first. A list that cannot be read counts as empty."""
        try:
            return msgspec.json.decode(self._text("vaults/recent", "[]"), type=tuple[RecentVault, ...])
        except msgspec.DecodeError:
            return ()

    def remember_vault(self, vault: RecentVault) -> None:
        """Put a vault first in the list."""
        others = tuple(known for known in self.recent if known.folder != vault.folder)
        self._write_recent((vault, *others)[:LONGEST_RECENT])

    def forget_vault(self, folder: str) -> None:
        """Take a vault off the list; the vault itself is not touched."""
        self._write_recent(tuple(known for known in self.recent if known.folder != folder))

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size as Qt saves it."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    def columns(self, view: str) -> QByteArray:
        """The header state of a grid as Qt saves it."""
        return self._bytes(f"columns/{view}")

    def keep_columns(self, view: str, state: QByteArray) -> None:
        """Remember the header state of a grid."""
        self._store.setValue(f"columns/{view}", state)

    def sync(self) -> None:
        """Write what is remembered to the file now."""
        self._store.sync()

    def _write_recent(self, vaults: tuple[RecentVault, ...]) -> None:
        self._store.setValue("vaults/recent", msgspec.json.encode(vaults).decode())

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def _bytes(self, key: str) -> QByteArray:
        value = self._store.value(key, QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()
