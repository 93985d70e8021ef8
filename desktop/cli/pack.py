"""`countersign pack`: make, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.application.application import CountersignApplication
from desktop.cli.frame import CHECK_FAILED, Call, ItemName, Json, errors_explained, in_vault
from desktop.cli.output import print_json, print_text
from domain.messages import message

app = typer.Typer(no_args_is_help=True)


@app.command("make")
@in_vault
def make(
    call: Call,
    item: ItemName,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the pack.")],
) -> None:
    """Print the closure pack of an item as it stands now, and record its hash."""
    pdf = call.vault.make_pack(item, out)
    pack = call.vault.register.item_file(item).packs[-1]
    call.answer(
        {"pack": str(out), "sha256": pack.file, "bytes": len(pdf)},
        message("{out} ({count:,} bytes, SHA-256 {file})", out=out, count=len(pdf), file=pack.file),
    )


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="A closure pack; no vault is needed.")],
    *,
    as_json: Json = False,
) -> None:
    """Check a closure pack with nothing but the file. Exit code 0: verified; 1: NOT VERIFIED."""
    with errors_explained(as_json=as_json):
        verdict = CountersignApplication().verify_pack(file)
        if as_json:
            print_json(verdict)
        else:
            for check in verdict.checks:
                print_text(f"{'ok  ' if check.passed else 'FAIL'} {check.name}: {check.detail}")
            for finding in verdict.findings:
                print_text(f"  - {finding}")
            print_text("VERIFIED" if verdict.verified else message("NOT VERIFIED"))
            if verdict.root_fingerprint:
                print_text(
                    message(
                        "Vault root key {root_fingerprint}: compare it with a copy obtained elsewhere.",
                        root_fingerprint=verdict.root_fingerprint,
                    )
                )
        if not verdict.verified:
            raise typer.Exit(CHECK_FAILED)
