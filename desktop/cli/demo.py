"""`countersign demo`: the main job from nothing, on the embedded sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.application.application import CountersignApplication
from desktop.application.sample_vault import ADMINISTRATOR, PEOPLE
from desktop.cli import counts
from desktop.cli.frame import INTEGRITY, Json, PassphraseFile, errors_explained, passphrase_from
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import FileProblem
from domain.messages import message
from domain.state import ItemFilter

SAMPLE_PASSPHRASE = message("sample data with nothing secret")
VAULT_NAME = "Sample.vault"


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder for the sample vault and its packs.")],
    *,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a vault, import the sample tracker, take work through approvals to closure, print and verify packs."""
    with errors_explained(as_json=as_json):
        passphrase = (
            passphrase_from(passphrase_file, prompt=message("Passphrase")) if passphrase_file else SAMPLE_PASSPHRASE
        )
        if (folder / VAULT_NAME).exists():
            raise FileProblem(
                message("The sample is here already."),
                where=str(folder),
                remedy=message("Remove it or name a new folder."),
            )
        folder.mkdir(parents=True, exist_ok=True)
        announce(message("1. A vault, five people with own keys, the sample tracker imported, work in every state ..."))
        application = CountersignApplication()
        vault = application.sample(
            folder / VAULT_NAME, passphrase=passphrase, progress=progress_line(quiet=as_json), packs=folder / "packs"
        )
        try:
            _report(application, vault, folder, as_json=as_json)
        finally:
            vault.lock()
        if not as_json and passphrase_file is None:
            names = ", ".join([ADMINISTRATOR, *(name for name, _ in PEOPLE)])
            print_text(message("Open it: countersign-app {folder}", folder=folder / VAULT_NAME))
            print_text(
                message(
                    "People: {names}. Passphrase of each: {sample_passphrase}",
                    names=names,
                    sample_passphrase=SAMPLE_PASSPHRASE,
                )
            )


def _report(application: CountersignApplication, vault: UnlockedSession, folder: Path, *, as_json: bool) -> None:
    register = vault.register
    batch = register.imports()[-1]
    announce(message("2. The tracker {file_name}: {counts}", file_name=batch.file_name, counts=batch.counts))
    verdict = vault.verify(progress=progress_line(quiet=as_json))
    announce(
        message(
            "3. The log of {entries} is {message}, replayed and compared.",
            entries=counts.entries(verdict.entries),
            message=message("intact") if verdict.intact else "BROKEN",
        )
    )
    packs = []
    for file in sorted((folder / "packs").glob("*.pdf")):
        checked = application.verify_pack(file)
        packs.append({"file": str(file), "verified": checked.verified, "checks": len(checked.checks)})
        word = "VERIFIED" if checked.verified else message("NOT VERIFIED")
        announce(
            message(
                "4. {file}: {word} ({checks}, no vault needed)",
                file=file.name,
                word=word,
                checks=counts.checks(len(checked.checks)),
            )
        )
    facts = {
        "vault": str(folder / VAULT_NAME),
        "items": register.count(ItemFilter()),
        "closed": register.count(ItemFilter(state="closed")),
        "entries": verdict.entries,
        "intact": verdict.intact,
        "root": verdict.root,
        "packs": packs,
    }
    if as_json:
        print_json(facts)
    else:
        print_text(
            message(
                "{items}, {closed} closed, {packs} in {folder}",
                items=counts.items(register.count(ItemFilter())),
                closed=facts["closed"],
                packs=counts.packs(len(packs)),
                folder=folder / "packs",
            )
        )
    if not verdict.intact or not packs or not all(pack["verified"] for pack in packs):
        raise typer.Exit(INTEGRITY)
