"""`countersign people`: list, add; the rest of a person's commands is in `people_changes` and `roles`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli import people_changes, roles
from desktop.cli.frame import Call, in_vault, passphrase_from, reads
from desktop.cli.output import print_json, print_text
from desktop.cli.roles import is_proposed
from domain.messages import message

app = typer.Typer(no_args_is_help=True)
app.add_typer(roles.app, name="roles", help="Roles: list, grant, revoke.")
app.command("can")(roles.can)
app.command("who")(roles.who)
app.command("passphrase")(people_changes.passphrase)
app.command("confirm")(people_changes.confirm)
app.command("disable")(people_changes.disable)
app.command("remove")(people_changes.remove)
app.command("reset")(people_changes.reset)
app.command("declare")(people_changes.declare)
app.command("review")(people_changes.review)


@app.command("list")
@reads
def list_people(call: Call) -> None:
    """Everyone ever enrolled, with the roles granted."""
    roles = call.vault.register.roles()
    names = {each.id: each.name for each in call.vault.register.people()}
    people = [
        {
            "person": person.id,
            "name": person.name,
            "state": person.state,
            "roles": [held.role for held in roles if held.person == person.id and not held.valid_until],
            "enrolled_by": names.get(person.enrolled_by, person.enrolled_by),
            "confirmed_by": names.get(person.confirmed_by, person.confirmed_by),
            "identity_checked": person.identity_checked,
        }
        for person in call.vault.register.people()
    ]
    if call.as_json:
        print_json(people)
        return
    for one in people:
        print_text(f"{one['name']:30} {one['state']:9} {', '.join(one['roles'])}")


@app.command("add")
@in_vault
def add(
    call: Call,
    *,
    person: Annotated[str, typer.Option("--person", help="The new person's name.")],
    identity: Annotated[
        str,
        typer.Option(
            "--identity", metavar="TEXT", help='How you made sure who it is, such as "passport seen in person".'
        ),
    ],
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="A role, such as quality; repeat it, or leave it out."),
    ] = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="The new person's own passphrase.")
    ] = None,
) -> None:
    """Enrol a person under their passphrase, with keys of their own; roles can be granted later. Where there is another
    administrator, that one has to confirm it: people confirm.
    """
    roles = role or []
    secret = passphrase_from(new_passphrase_file, prompt=message("New passphrase of {person}", person=person))
    entry = call.vault.add_person(name=person, roles=roles, identity_checked=identity, passphrase=secret)
    waits = is_proposed(call.vault, entry.header.subject)
    call.answer(
        {
            "person": entry.header.subject,
            "name": person,
            "roles": roles,
            "entry": entry.header.seq,
            "state": "proposed" if waits else "active",
        },
        message(
            "{person} is proposed (entry {seq}); another administrator has to confirm it: people confirm.",
            person=person,
            seq=entry.header.seq,
        )
        if waits
        else message(
            "{person} is enrolled as {list} (entry {seq}).", person=person, list=", ".join(roles), seq=entry.header.seq
        )
        if roles
        else message("{person} is enrolled, with no role yet (entry {seq}).", person=person, seq=entry.header.seq),
    )
