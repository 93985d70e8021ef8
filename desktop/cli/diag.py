"""`countersign diag bundle`: what may be sent to whoever helps, shown before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.application.diagnostics import bundle_members, bundle_zip
from desktop.cli.frame import Json, errors_explained
from desktop.cli.output import announce, print_json, print_text
from desktop.machine.installation import write_whole
from domain.errors import UsageProblem
from domain.messages import message

app = typer.Typer(no_args_is_help=True)


@app.callback()
def diag() -> None:
    """Keep `bundle` a verb of its own, also while it is the only one."""


@app.command("bundle")
def bundle(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[VAULT]", help="Also the sizes of this vault's files; it stays locked.")
    ] = None,
    *,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE.zip", help="The file to write.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show all that is in it, to the last character.")] = False,
    as_json: Json = False,
) -> None:
    """Versions, pragmas, sizes, names of settings and kinds of events. No content, no names, no paths."""
    with errors_explained(as_json=as_json):
        if out is None and not preview:
            raise UsageProblem(
                message("A bundle is looked at or written."), remedy=message("Say --preview, or -o FILE.zip, or both.")
            )
        members = bundle_members(folder)
        if as_json:
            print_json({name: data.decode() for name, data in members.items()})
        elif preview:
            for name, data in sorted(members.items()):
                print_text(f"== {name}\n{data.decode().rstrip()}")
        if out is not None:
            write_whole(out, bundle_zip(members))
            announce(message("Written to {out}: {list}.", out=out, list=", ".join(sorted(members))))
