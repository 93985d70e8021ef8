"""The start of the window: `countersign-app [VAULT]`. Help and version need no display and load no Qt."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop.machine.hardening import harden_process
from desktop.machine.program import program_version
from domain.messages import message


def main() -> None:
    """Read the arguments, then start the window; one that is left names the vault to open."""
    harden_process()
    asked = argparse.ArgumentParser(
        prog="countersign-app",
        description=message("Countersign in a window: governed, countersigned, provable work in one encrypted vault."),
    )
    asked.add_argument("--version", action="version", version=f"countersign-app {program_version()}")
    asked.add_argument(
        "vault", metavar="VAULT", nargs="?", type=Path, help=message("the vault's folder, to be unlocked")
    )
    given = asked.parse_args()
    from desktop.window import show_window  # noqa: PLC0415 (only now is a display needed)

    sys.exit(show_window(given.vault))


if __name__ == "__main__":
    main()
