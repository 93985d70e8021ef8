"""`countersign people passphrase|confirm|disable|remove|reset|declare|review`: people and keys over time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.frame import Call, Reason, in_vault, passphrase_from
from desktop.cli.output import announce, print_json, print_text, progress_line
from desktop.cli.roles import PersonName, person_id
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.keys import AskReset, WithdrawReset
from domain.commands.oversight import ReviewAccess
from domain.commands.people import SignDeclaration
from domain.messages import message
from domain.records.people import KeyReset
from resources.texts.declarations import DECLARATION

NewPassphraseFile = Annotated[
    Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="First line = the new passphrase.")
]


@in_vault
def passphrase(call: Call, *, new_passphrase_file: NewPassphraseFile = None) -> None:
    """Change your own passphrase. Copies of the vault made before still open with the old one: see vault rekey."""
    new = passphrase_from(new_passphrase_file, prompt=message("New passphrase"))
    entry = call.vault.people_service.change_passphrase(old=call.secret, new=new)
    call.answer(
        {"person": call.vault.person.id, "entry": entry.header.seq},
        message("Your passphrase is changed (entry {seq}).", seq=entry.header.seq),
    )


@in_vault
def confirm(
    call: Call,
    person: PersonName,
    *,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="One role proposed for a person here.")] = "",
) -> None:
    """Confirm, as the second administrator, a person whom another one enrolled, or with --role a role."""
    found, keys = person_id(call.vault, person), call.vault.people_service
    entry = keys.confirm_role(person=found, role=role) if role else keys.confirm_person(person=found)
    call.answer(
        {"person": found, "name": person, "role": role, "entry": entry.header.seq},
        message("{person} holds {role} (entry {seq}).", person=person, role=role, seq=entry.header.seq)
        if role
        else message("{person} is enrolled (entry {seq}).", person=person, seq=entry.header.seq),
    )


@in_vault
def disable(call: Call, person: PersonName, *, reason: Reason) -> None:
    """End a person's work here: no way in, no roles, key revoked from now; what they signed stays valid."""
    found = person_id(call.vault, person)
    entry = call.vault.people_service.disable(person=found, reason=reason)
    _describe_end(call, found, person, entry.header.seq, "disabled")
    if not call.as_json:
        announce(message("Copies made before still open for them. To shut that out too: countersign vault rekey."))


@in_vault
def remove(call: Call, person: PersonName, *, reason: Reason) -> None:
    """Disable a person and change the data key, so that their old copies open nothing new."""
    found = person_id(call.vault, person)
    entry = call.vault.people_service.remove(person=found, reason=reason, progress=progress_line(quiet=call.as_json))
    _describe_end(call, found, person, entry.header.seq, message("removed; the data key is changed"))
    if not call.as_json:
        announce(message("What they copied before stays readable to them."))


def _describe_end(call: Call, person: str, name: str, entry: int, verb: str) -> None:
    items = call.vault.people_service.items_to_hand_over(person)
    if call.as_json:
        print_json({"person": person, "name": name, "entry": entry, "items_to_hand_over": items})
        return
    print_text(message("{name} is {verb} (entry {entry}).", name=name, verb=verb, entry=entry))
    if items:
        print_text(message("Open items to hand over: {list}.", list=", ".join(items)))


@in_vault
def reset(
    call: Call,
    person: PersonName,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="To ask: why a new key is needed; or why not any more.")
    ] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Withdraw the open request: whoever asked, or the person.")
    ] = False,
    new_passphrase_file: NewPassphraseFile = None,
) -> None:
    """A new key for somebody who lost the passphrase, by two persons: with --reason one asks, without it the
    second, an administrator, gives it, and the person types the new passphrase. An open request is withdrawn with
    --withdraw and --reason.
    """
    found = person_id(call.vault, person)
    if withdraw:
        entry = call.perform(WithdrawReset(reset=_open_request(call.vault, found), reason=reason))
        state, words = "withdrawn", message("The request for a new key for {person} is withdrawn", person=person)
    elif reason:
        entry = call.perform(AskReset(person=found, reason=reason))
        state, words = (
            "asked",
            message("A new key for {person} is asked for; another person, an administrator, gives it", person=person),
        )
    else:
        new = passphrase_from(new_passphrase_file, prompt=message("New passphrase of {person}", person=person))
        entry = call.vault.people_service.give_reset(person=found, new_passphrase=new, passphrase=call.secret)
        state, words = "given", message("{person} has a new key; what the old one signed stays valid", person=person)
    call.answer(
        {"person": found, "name": person, "state": state, "entry": entry.header.seq},
        message("{words} (entry {seq}).", words=words, seq=entry.header.seq),
    )


def _open_request(vault: UnlockedSession, person: str) -> str:
    """The id of the open request for a new key of this person; "" when there is none."""
    found = (each.id for each in vault.register.all_of(KeyReset) if (each.person, each.state) == (person, "asked"))
    return next(found, "")


@in_vault
def declare(call: Call) -> None:
    """Declare, once, that your signatures here bind like handwriting (21 CFR 11.10(j), 11.100)."""
    announce(DECLARATION)
    entry = call.perform(SignDeclaration(text=DECLARATION))
    call.answer(
        {"person": call.vault.person.id, "entry": entry.header.seq, "text": DECLARATION},
        message("Declared (entry {seq}).", seq=entry.header.seq),
    )


@in_vault
def review(
    call: Call,
    *,
    findings: Annotated[str, typer.Option("--findings", metavar="TEXT", help="What was found.")] = "",
    not_in_order: Annotated[bool, typer.Option("--not-in-order", help="Something has to be put right.")] = False,
) -> None:
    """Sign that you looked at who has access here, with which keys and roles, as it is now."""
    entry = call.perform(ReviewAccess(findings=findings, in_order=not not_in_order))
    call.answer(
        {"entry": entry.header.seq, "in_order": not not_in_order, "findings": findings},
        message("The access review is signed (entry {seq}).", seq=entry.header.seq),
    )
