"""The command line: `countersign NOUN VERB VAULT ...`, the twin of every screen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from desktop.cli.nouns import Nouns, new_app
from desktop.machine.hardening import harden_process

app = new_app(
    name="countersign",
    help="Governed, countersigned, provable work, offline, in one encrypted vault.",
    no_args_is_help=True,
    cls=Nouns,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 (typer calls it with the option's value)
    if not asked:
        return
    from desktop.machine.program import program_version  # noqa: PLC0415 (asked for rarely)

    typer.echo(f"countersign {program_version()}")
    raise typer.Exit


@app.callback()
def countersign(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Governed, countersigned, provable work, offline, in one encrypted vault."""


def main() -> None:
    """Run the command line; files it makes are for this user only."""
    harden_process()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
