"""`countersign people passphrase|disable|remove|reset|declare|review`: people and keys over time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import (
    As,
    Json,
    PassphraseFile,
    Reason,
    VaultPath,
    errors_explained,
    opened,
    passphrase_from,
    print_json,
    print_text,
    progress_line,
    say,
)
from desktop.cli.roles import PersonName, person_id
from desktop.session.open_vault import UnlockedVault
from domain.commands.keys import AskReset, WithdrawReset
from domain.commands.oversight import ReviewAccess
from domain.commands.people import SignDeclaration
from domain.records.people import KeyReset

NewPassphraseFile = Annotated[
    Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="First line = the new passphrase.")
]


def passphrase(
    folder: VaultPath,
    *,
    new_passphrase_file: NewPassphraseFile = None,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Change your own passphrase. Copies of the vault made before still open with the old one: see vault rekey."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, old):
        new = passphrase_from(new_passphrase_file, prompt="New passphrase")
        entry = vault.people_keys.change_passphrase(old=old, new=new)
        if as_json:
            print_json({"person": vault.person.id, "entry": entry.header.seq})
        else:
            print_text(f"Your passphrase is changed (entry {entry.header.seq}).")


def disable(
    folder: VaultPath,
    person: PersonName,
    *,
    reason: Reason,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """End a person's work here: no way in, no roles, key revoked from now; what they signed stays valid."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        found = person_id(vault, person)
        entry = vault.people_keys.disable(person=found, reason=reason)
        _tell_end(vault, found, person, entry.header.seq, "disabled", as_json=as_json)
        if not as_json:
            say("Copies made before still open for them. To shut that out too: countersign vault rekey.")


def remove(
    folder: VaultPath,
    person: PersonName,
    *,
    reason: Reason,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Disable a person and change the data key, so that their old copies open nothing new."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, _):
        found = person_id(vault, person)
        entry = vault.people_keys.remove(person=found, reason=reason, progress=progress_line(quiet=as_json))
        _tell_end(vault, found, person, entry.header.seq, "removed; the data key is changed", as_json=as_json)
        if not as_json:
            say("What they copied before stays readable to them.")


def _tell_end(vault: UnlockedVault, person: str, name: str, entry: int, verb: str, *, as_json: bool) -> None:
    items = vault.people_keys.items_to_hand_over(person)
    if as_json:
        print_json({"person": person, "name": name, "entry": entry, "items_to_hand_over": items})
        return
    print_text(f"{name} is {verb} (entry {entry}).")
    if items:
        print_text(f"Open items to hand over: {', '.join(items)}.")


def reset(
    folder: VaultPath,
    person: PersonName,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="To ask: why a new key is needed; or why not any more.")
    ] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Withdraw the open request: whoever asked, or the person.")
    ] = False,
    new_passphrase_file: NewPassphraseFile = None,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """A new key for somebody who lost the passphrase, by two persons: with --reason one asks, without it the
    second, an administrator, gives it, and the person types the new passphrase. An open request is withdrawn with
    --withdraw and --reason.
    """
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, own):
        found = person_id(vault, person)
        if withdraw:
            entry = vault.perform(WithdrawReset(reset=_open_request(vault, found), reason=reason), passphrase=own)
            state, words = "withdrawn", f"The request for a new key for {person} is withdrawn"
        elif reason:
            entry = vault.perform(AskReset(person=found, reason=reason), passphrase=own)
            state, words = "asked", f"A new key for {person} is asked for; another person, an administrator, gives it"
        else:
            new = passphrase_from(new_passphrase_file, prompt=f"New passphrase of {person}")
            entry = vault.people_keys.give_reset(person=found, new_passphrase=new, passphrase=own)
            state, words = "given", f"{person} has a new key; what the old one signed stays valid"
        if as_json:
            print_json({"person": found, "name": person, "state": state, "entry": entry.header.seq})
        else:
            print_text(f"{words} (entry {entry.header.seq}).")


def _open_request(vault: UnlockedVault, person: str) -> str:
    """The id of the open request for a new key of this person; "" when there is none."""
    found = (each.id for each in vault.register.all_of(KeyReset) if (each.person, each.state) == (person, "asked"))
    return next(found, "")


def declare(folder: VaultPath, *, name: As = "", passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Declare, once, that your signatures here bind like handwriting (21 CFR 11.10(j), 11.100)."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, own):
        say(DECLARATION)
        entry = vault.perform(SignDeclaration(key=vault.people_keys.key_id), passphrase=own)
        if as_json:
            print_json({"person": vault.person.id, "entry": entry.header.seq, "text": DECLARATION})
        else:
            print_text(f"Declared (entry {entry.header.seq}).")


def review(
    folder: VaultPath,
    *,
    findings: Annotated[str, typer.Option("--findings", metavar="TEXT", help="What was found.")] = "",
    not_in_order: Annotated[bool, typer.Option("--not-in-order", help="Something has to be put right.")] = False,
    name: As = "",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign that you looked at who has access here, with which keys and roles, as it is now."""
    with errors_explained(as_json=as_json), opened(folder, name=name, passphrase_file=passphrase_file) as (vault, own):
        entry = vault.perform(ReviewAccess(findings=findings, in_order=not not_in_order), passphrase=own)
        if as_json:
            print_json({"entry": entry.header.seq, "in_order": not not_in_order, "findings": findings})
        else:
            print_text(f"The access review is signed (entry {entry.header.seq}).")
