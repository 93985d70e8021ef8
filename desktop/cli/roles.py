"""`countersign people roles ...`, `people can`, `people who`: what people may do, and who may do something."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.filters import must_be_known
from desktop.cli.frame import Call, Reason, in_vault, reads
from desktop.cli.output import print_json, print_text
from desktop.session.unlocked_session import UnlockedSession
from domain.errors import UsageProblem
from domain.messages import message
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.states import in_force_at
from domain.rules.facts import gather_vault
from domain.rules.permissions import permissions, who_may

app = typer.Typer(no_args_is_help=True)

PersonName = Annotated[str, typer.Argument(metavar="PERSON", help="The person's name.")]
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help="A role, such as quality or administrator.")]
ActWord = Annotated[str, typer.Option("--act", metavar="ACT", help="One act, such as close_item.")]


def person_id(vault: UnlockedSession, name: str) -> str:
    """The id of the person of this name.

    Raises:
        UsageProblem: nobody here has it.
    """
    people = vault.register.people()
    found = next((each.id for each in people if each.name.casefold() == name.casefold()), None)
    if found is None:
        known = ", ".join(each.name for each in people)
        raise UsageProblem(
            message("Nobody here is called {name!r}.", name=name), remedy=message("People here: {known}.", known=known)
        )
    return found


def is_proposed(vault: UnlockedSession, person: str, role: str = "") -> bool:
    """Whether a person (an id), or a role for them, waits for a second administrator."""
    if role:
        return any(each.is_proposal and (each.person, each.role) == (person, role) for each in vault.register.roles())
    return any((each.id, each.state) == (person, "proposed") for each in vault.register.people())


@app.command("list")
@reads
def list_roles(call: Call) -> None:
    """Every role ever granted, from when until when, and by whom."""
    names = {each.id: each.name for each in call.vault.register.people()}
    roles = [
        {
            "person": names.get(held.person, held.person),
            "role": held.role,
            "from": held.valid_from,
            "until": held.valid_until,
            "proposed": held.is_proposal,
            "granted_by": names.get(held.granted_by, held.granted_by),
            "confirmed_by": names.get(held.confirmed_by, held.confirmed_by),
        }
        for held in call.vault.register.roles()
    ]
    if call.as_json:
        print_json(roles)
        return
    for one in roles:
        until = message("until {one}", one=one["until"]) if one["until"] else ""
        until = message("proposed") if one["proposed"] else until
        print_text(
            message(
                "{one:30} {one_2:20} from {one_3} {until}",
                one=one["person"],
                one_2=one["role"],
                one_3=one["from"],
                until=until,
            ).rstrip()
        )


@app.command("grant")
@in_vault
def grant(call: Call, person: PersonName, role: RoleName, *, reason: Reason = "") -> None:
    """Let a person hold a role from now on; with a second administrator, when that one confirms it."""
    found = person_id(call.vault, person)
    entry = call.vault.people_service.grant_role(person=found, role=role, reason=reason)
    waits = is_proposed(call.vault, found, role)
    verb = message("waits for another administrator (people confirm) to hold") if waits else message("holds")
    _described(call, person, role, entry.header.seq, verb)


@app.command("revoke")
@in_vault
def revoke(call: Call, person: PersonName, role: RoleName, *, reason: Reason = "") -> None:
    """End a role of a person; what was signed under it stays valid."""
    entry = call.vault.people_service.revoke_role(person=person_id(call.vault, person), role=role, reason=reason)
    _described(call, person, role, entry.header.seq, message("no longer holds"))


def _described(call: Call, person: str, role: str, entry: int, verb: str) -> None:
    if call.as_json:
        print_json({"person": person_id(call.vault, person), "name": person, "role": role, "entry": entry})
    else:
        print_text(message("{person} {verb} {role} (entry {entry}).", person=person, verb=verb, role=role, entry=entry))


@reads
def can(call: Call, person: PersonName, *, act: ActWord = "") -> None:
    """What may this person do: by process, step and act, with the role or what is missing."""
    facts = gather_vault(call.vault.register, call.vault.actor())
    judged = permissions(facts, _in_force(call.vault), person_id(call.vault, person))
    must_be_known(act, sorted({one.act.split()[0] for one in judged}), option="--act")
    found = [one for one in judged if not act or one.act.split()[0] == act]
    if call.as_json:
        print_json(found)
        return
    for one in found:
        place = f"{one.process} {one.step}".strip() or "vault"
        as_place = (
            message(" (also as the {as_place} of the item)", as_place=one.as_place)
            if one.as_place and not one.allowed
            else ""
        )
        verdict = (
            message("yes, as {role}", role=one.role) if one.allowed else message("no: {why_not}", why_not=one.why_not)
        )
        print_text(f"{place:32} {one.act:36} {verdict}{as_place}")


@reads
def who(call: Call, *, act: ActWord = "") -> None:
    """Who may do this: by process and step, with the role."""
    facts, processes = gather_vault(call.vault.register, call.vault.actor()), _in_force(call.vault)
    known = sorted({one.act.split()[0] for one in permissions(facts, processes, call.vault.person.id)})
    must_be_known(act, known, option="--act")
    found = who_may(facts, processes, act)
    if call.as_json:
        print_json(found)
        return
    for one in found:
        place = f"{one.process} {one.step}".strip() or "vault"
        print_text(f"{place:32} {one.act:36} {one.name} ({one.role})")


def _in_force(vault: UnlockedSession) -> list[ProcessVersion]:
    now = in_force_at(vault.register.process_versions(), vault.actor().at)
    return [decode_process(version.definition) for version in now]
