"""The diagnostics bundle: what a person may send to whoever helps. Only what is on the list below is in it.

Nothing of a vault's content, no name of a person, a vault, a file or a folder, and no computer name: versions,
pragmas, sizes, counts, names of settings that are set, and kinds of events.
"""

from __future__ import annotations

import os
import platform
import sys
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from sqlcipher3 import dbapi2 as sqlcipher

from desktop.machine import installation
from desktop.machine.program import program_version
from desktop.machine.program_events import events
from desktop.store.engine import STORE_FORMAT, pragmas_asked
from domain.errors import CountersignError
from domain.messages import message

LIBRARIES = (
    "cryptography",
    "msgspec",
    "sqlalchemy",
    "sqlcipher3",
    "PySide6_Essentials",
    "PySide6_Pdf",
    "python-calamine",
    "openpyxl",
    "reportlab",
    "pikepdf",
    "typer",
    "platformdirs",
)
VAULT_FILES = ("store.db", "store.db-journal", "slots.a", "slots.b", "lock")
OUR_VARIABLES = (
    "COUNTERSIGN_HOME",
    "QT_QPA_PLATFORM",
    "QT_SCALE_FACTOR",
    "LANG",
    "LC_ALL",
    "DISPLAY",
    "WAYLAND_DISPLAY",
)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def bundle_members(folder: Path | None = None) -> dict[str, bytes]:
    """The whole bundle, member by member, as it will be written. `folder` is a vault whose file sizes go in too."""
    parts: dict[str, Any] = {
        "program.json": _program(),
        "installation.json": _installation(),
        "store.json": {"format": STORE_FORMAT, "pragmas": pragmas_asked()},
        "events.json": list(events()),
    }
    if folder is not None:
        parts["vault.json"] = _vault(folder)
    return {name: msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n" for name, value in parts.items()}


def bundle_zip(members: Mapping[str, bytes]) -> bytes:
    """The members as a zip file, the same bytes for the same members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, date_time=_FIRST_DAY), members[name])
    return out.getvalue()


def _program() -> dict[str, Any]:
    memory = sqlcipher.connect(":memory:")
    try:
        cipher = memory.execute("PRAGMA cipher_version").fetchone()
        provider = memory.execute("PRAGMA cipher_provider_version").fetchone()
    finally:
        memory.close()
    return {
        "countersign": program_version(),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "sqlite": sqlcipher.sqlite_version,
        "sqlcipher": cipher[0] if cipher else "",
        "cipher_provider": provider[0] if provider else "",
        "libraries": {name: _library(name) for name in LIBRARIES},
    }


def _library(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return message("not installed")


def _installation() -> dict[str, Any]:
    home = installation.home()
    return {
        "variables_set": [name for name in OUR_VARIABLES if os.environ.get(name)],
        "vaults_remembered": len(list((home / "checkpoints").glob("*.note"))),
        "vaults_proven": len(list((home / "checkpoints").glob("*.proven"))),
        "backup_files": len(list((home / "backups").glob("*/*"))),
        "backup_bytes": sum(_size(file) for file in (home / "backups").glob("*/*")),
    }


def _vault(folder: Path) -> dict[str, Any]:
    sizes = {name: _size(folder / name) for name in VAULT_FILES if (folder / name).is_file()}
    value: dict[str, Any] = {"files": sizes, "other_files": _others(folder)}
    try:
        value.update(_header(folder))
    except CountersignError as problem:
        value["header"] = type(problem).__name__
    return value


def _header(folder: Path) -> dict[str, Any]:
    from desktop.vault.session import read_header  # noqa: PLC0415 (a bundle without a vault needs no key code)

    header = read_header(folder)
    return {
        "header": "read",
        "slots_generation": header.generation,
        "rotating": header.rotating,
        "people": len(header.people),
    }


def _others(folder: Path) -> int:
    try:
        return sum(file.name not in VAULT_FILES for file in folder.iterdir())
    except OSError:
        return 0


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
