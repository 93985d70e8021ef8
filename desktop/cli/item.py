"""`countersign item`: list, show, new, set, assign, move, hold, resume, cancel, reopen, history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import msgspec
import typer

from desktop.cli.filters import DayRange, FromDay, ToDay, day_range, must_be_known, must_be_process, must_be_step
from desktop.cli.frame import Call, ItemName, Reason, in_vault, reads
from desktop.cli.item_clock import clock_facts
from desktop.cli.item_history import ItemHistory
from desktop.cli.item_page import ItemPage
from desktop.cli.output import announce, print_json, print_json_list, print_text, with_units
from desktop.cli.words import in_words
from desktop.session.unlocked_session import UnlockedSession
from domain.commands.closure import CancelItem
from domain.commands.items import AssignItem, CreateItem, EditItem, HoldItem, MoveItem, ReopenItem, ResumeItem
from domain.errors import UsageProblem
from domain.log.entry import Entry
from domain.messages import message
from domain.ports import Register
from domain.process.decode import decode_process
from domain.records.dues import due_days
from domain.records.item import ItemState
from domain.records.registry import ITEM_FILE
from domain.rules.approvals import overtaken_by
from domain.rules.facts import gather
from domain.rules.handoffs import answers_for
from domain.rules.next_action import next_actions, pending_approval
from domain.rules.obligations import obligation_words
from domain.state import ItemFilter, ItemLine

app = typer.Typer(no_args_is_help=True)
STATES = get_args(ItemState)
_DAYS = ("due", "raised", "closed")
_SORTED = ("number", "title", "process", "step", "state", "owner", *_DAYS, "severity", "legacy_status")
_LISTED = (
    "number",
    "title",
    "step",
    "state",
    "owner",
    "due",
    "severity",
    "raised",
    "closed",
    "legacy_status",
    "process",
)


@app.command("list")
@reads
def list_items(
    call: Call,
    *,
    process: Annotated[str, typer.Option("--process", help="Only this process.")] = "",
    step: Annotated[str, typer.Option("--step", help="Only this step.")] = "",
    state: Annotated[
        str, typer.Option("--state", help="Only this state: open, on_hold, cancelled, closed or closed_before.")
    ] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only what this person owns.")] = "",
    search: Annotated[str, typer.Option("--search", help="Words in number, title, description or owner.")] = "",
    first_day: FromDay = "",
    last_day: ToDay = "",
    by: Annotated[
        str, typer.Option("--by", help="Which day --from and --to are about: due, raised or closed.")
    ] = "due",
    sort: Annotated[str, typer.Option("--sort", help="The column to sort by.")] = "number",
    descending: Annotated[bool, typer.Option("--descending", help="Largest first.")] = False,
) -> None:
    """The register: all items, or those of a process, step, state, owner or stretch of days."""
    register = call.vault.register
    must_be_known(state, STATES, option="--state")
    must_be_known(by, _DAYS, option="--by")
    must_be_known(sort, _SORTED, option="--sort")
    must_be_process(register, process)
    must_be_step(register, step, process)
    days = day_range(first_day, last_day)
    wanted = ItemFilter(process=process, step=step, state=state, search=search, sort=sort, descending=descending)
    if owner:
        must_be_known(owner, _owners(call.vault), option="--owner")
    if call.as_json:
        found = _listed(register, wanted, owner=owner, by=by, days=days)
        print_json_list({field: getattr(line, field) for field in _LISTED} for line in found)
        return
    for line in _listed(register, wanted, owner=owner, by=by, days=days):
        print_text(
            f"{line.number:16} {line.step:15} {line.state:9} {line.due:10} {line.owner[:20]:20} {line.title[:60]}"
        )


def _listed(register: Register, wanted: ItemFilter, *, owner: str, by: str, days: DayRange) -> Iterator[ItemLine]:
    for line in register.items(wanted):
        if getattr(line, by) in days and owner in ("", line.owner):
            yield line


def _owners(vault: UnlockedSession) -> list[str]:
    """The names that items have as owner: people, and names that trackers brought."""
    people = [person.name for person in vault.register.people()]
    named = {line.owner for line in vault.register.items(ItemFilter()) if line.owner}
    return [*people, *sorted(named - set(people))]


def item_facts(vault: UnlockedSession, item: str) -> dict[str, Any]:
    """Everything on file about an item, with the next actions and their obstacles for the person asking."""
    facts = gather(vault.register, item, vault.actor())
    names = facts.names
    found = facts.file.item
    value: dict[str, Any] = msgspec.to_builtins(found)
    value["owner_id"] = found.owner
    value["owner"] = names.get(found.owner, found.owner_name)
    value["next"] = [
        {
            "transition": action.transition,
            "to_step": action.to_step,
            "title": action.title,
            "allowed": action.verdict.allowed,
            "obstacles": msgspec.to_builtins(action.verdict.obstacles),
            "passed": msgspec.to_builtins(action.verdict.passed),
        }
        for action in next_actions(facts)
    ]
    pending = pending_approval(facts)
    value["pending_approval"] = msgspec.to_builtins(pending) if pending else None
    value["requirements"] = [
        {"id": wanted.id, "title": wanted.title, "reviewer_role": wanted.reviewer_role}
        for wanted in facts.process.evidence
    ]
    value["fields"] = [
        {
            "id": field.id,
            "title": field.title,
            "kind": field.kind,
            "choices": list(field.choices),
            "signed": field.signed,
        }
        for field in facts.process.fields
    ]
    value["answers_for"] = msgspec.to_builtins(answers_for(facts))
    value["clock"] = clock_facts(facts)
    value["blockers"] = msgspec.to_builtins(facts.blockers)
    value["due_days"] = msgspec.to_builtins(due_days(facts.file))
    for part in ("transition_records", "approvals", "evidence", "closures", "packs", *ITEM_FILE):
        value[part] = [with_units(each) for each in getattr(facts.file, part)]
    for outstanding, described in zip(facts.file.obligations, value["obligations"], strict=True):
        described["text"] = obligation_words(facts, outstanding)
    for approval in value["approvals"]:
        approval["name"] = names.get(approval["person"], "")
    value["entries"] = list(vault.register.entries_about(found.id))
    text = json.dumps(value)
    value["people"] = {person: name for person, name in names.items() if person in text}
    return value


@app.command("show")
@reads
def show(call: Call, item: ItemName) -> None:
    """One item with everything on file, in words, and what stands in the way of its next step."""
    if call.as_json:
        print_json(item_facts(call.vault, item))
        return
    for line in ItemPage(call.vault, gather(call.vault.register, item, call.vault.actor())).lines():
        print_text(line)


@app.command("history")
@reads
def history(call: Call, item: ItemName) -> None:
    """Every entry about an item: who did what and why, and each value that changed, old and new."""
    found = ItemHistory(call.vault, call.vault.register.item(item))
    if call.as_json:
        print_json_list(found.values())
        return
    for line in found.lines():
        print_text(line)


def done(call: Call, entry: Entry, item: str, **more: Any) -> None:
    """Say where the item stands after an entry; without a name it is the entry's subject. `more` is reported as
    JSON.
    """
    found = call.vault.register.item(item or entry.header.subject)
    if call.as_json:
        print_json(
            {
                "item": found.id,
                "number": found.number,
                "step": found.step,
                "state": found.state,
                "entry": entry.header.seq,
                "act": entry.header.act,
                **more,
            }
        )
    else:
        print_text(
            message(
                "{number}: {step}, {state} (entry {seq}).",
                number=found.number,
                step=found.step,
                state=in_words(found.state),
                seq=entry.header.seq,
            )
        )


def field_values(pairs: list[str]) -> dict[str, Any]:
    """FIELD=VALUE arguments as values; a value that starts with [ is a table in JSON.

    Raises:
        UsageProblem: a pair without "=" or a table that is not JSON.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        field, separator, text = pair.partition("=")
        if not separator or not field:
            raise UsageProblem(
                message("{pair!r} is not FIELD=VALUE.", pair=pair),
                remedy=message('Write for example severity=major or title="...".'),
            )
        if text.startswith("["):
            try:
                found[field] = json.loads(text)
            except json.JSONDecodeError as problem:
                raise UsageProblem(
                    message("The table for {field} is not JSON: {problem}.", field=field, problem=problem)
                ) from problem
        else:
            found[field] = text
    return found


Fields = Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="New values.")]


def named_people(vault: UnlockedSession, item: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Values for an item, with people by id where a field holds a person whom people call by name."""
    version = vault.register.process_version(vault.register.item(item).process_version)
    process = decode_process(version.definition)
    people = {field.id for field in process.fields if field.kind == "person"}
    return {name: person_id(vault, value) if name in people and value else value for name, value in fields.items()}


@app.command("new")
@in_vault
def new(
    call: Call, fields: Fields, *, process: Annotated[str, typer.Option("--process", help="The process, such as capa.")]
) -> None:
    """Begin a piece of work."""
    entry = call.perform(CreateItem(process=process, fields=field_values(fields)))
    done(call, entry, "")


@app.command("set")
@in_vault
def set_(
    call: Call,
    item: ItemName,
    fields: Fields,
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Only say which approvals this would withdraw.")] = False,
    reason: Reason = "",
) -> None:
    """Change values of an item. Changing a signed field withdraws approvals that covered it; they are named first."""
    values = named_people(call.vault, item, field_values(fields))
    withdraws = _withdrawn_by(call.vault, item, values)
    for each in withdraws:
        when = message("{value} at level {value_2}", value=each["given_at"][:10], value_2=each["level"])
        announce(f"countersign: This withdraws the approval by {each['name']} of {when} ({each['gate']}).")
    if preview:
        if call.as_json:
            print_json({"withdraws": withdraws})
        return
    entry = call.perform(EditItem(item=item, fields=values, reason=reason))
    done(call, entry, item, withdraws=withdraws)


def _withdrawn_by(vault: UnlockedSession, item: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Approvals that count now and would not after these values."""
    facts = gather(vault.register, item, vault.actor())
    return [
        {**msgspec.to_builtins(each), "name": facts.names.get(each.person, "")} for each in overtaken_by(facts, fields)
    ]


@app.command("assign")
@in_vault
def assign(
    call: Call,
    item: ItemName,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The new owner's name.")],
    *,
    reason: Reason = "",
) -> None:
    """Make a person the owner."""
    entry = call.perform(AssignItem(item=item, person=person_id(call.vault, person), reason=reason))
    done(call, entry, item)


def person_id(vault: UnlockedSession, name: str) -> str:
    """The id of a person named by name or id."""
    for person in vault.register.people():
        if name in (person.name, person.id):
            return person.id
    raise UsageProblem(
        message("Nobody here is called {name!r}.", name=name), remedy=message("List the people to see their names.")
    )


@app.command("move")
@in_vault
def move(
    call: Call,
    item: ItemName,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step to pass to.")],
    *,
    reason: Reason = "",
) -> None:
    """Pass to another step, if its gate has no obstacles."""
    done(call, call.perform(MoveItem(item=item, step=step, reason=reason)), item)


@app.command("hold")
@in_vault
def hold(
    call: Call,
    item: ItemName,
    *,
    reason: Reason = "",
    review_on: Annotated[str, typer.Option("--review-on", metavar="YYYY-MM-DD", help="When to look again.")] = "",
    waiting_for: Annotated[str, typer.Option("--waiting-for", metavar="TEXT", help="What it waits for.")] = "",
) -> None:
    """Stop work until a review date."""
    entry = call.perform(HoldItem(item=item, reason=reason, review_on=review_on, waiting_for=waiting_for))
    done(call, entry, item)


@app.command("resume")
@in_vault
def resume(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Take work on hold up again."""
    done(call, call.perform(ResumeItem(item=item, reason=reason)), item)


@app.command("cancel")
@in_vault
def cancel(
    call: Call,
    item: ItemName,
    *,
    reason: Reason = "",
    code: Annotated[str, typer.Option("--code", help="One of the process's cancellation reasons.")] = "",
) -> None:
    """End work without its outcome, signed by someone who does not own it."""
    entry = call.perform(CancelItem(item=item, reason=reason, code=code))
    done(call, entry, item)


@app.command("reopen")
@in_vault
def reopen(call: Call, item: ItemName, *, reason: Reason = "") -> None:
    """Start a new cycle of closed work, signed; the first closure stays."""
    entry = call.perform(ReopenItem(item=item, reason=reason))
    done(call, entry, item)
