"""Which version of this program is installed here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from domain.messages import message


def program_version() -> str:
    """The installed version of this program."""
    try:
        return version("countersign")
    except PackageNotFoundError:
        return message("not installed as a package")
