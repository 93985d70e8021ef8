"""Forgeries that were once called intact, and others of their kind: each with the rule that has to name it.

Each is made of the first entry of a word in the scenario, in the state as of the entry before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from forger import Forged, Forger, plain
from rich_history import ADA, BO, LEA, MEANT, OLGA, WHY, WIM, ZED
from rich_process import WORK
from rich_world import VAULT, CommandOutput

from domain.act import Change, created
from domain.commands.alerts import RaiseAlerts
from domain.commands.command import Case, Command, values_of
from domain.commands.law import AdoptLaw
from domain.commands.people import CreateVault, GrantRole, RevokeRole
from domain.commands.process_versions import PublishProcess
from domain.commands.settings import ChangeSetting
from domain.commands.vault_events import RecordRefusal
from domain.identity import parse_iso
from domain.rules.holding_roles import actor_at
from domain.simulation.memory_register import header_of

Make = Callable[[Forger, CommandOutput], Forged]
BACK = "2026-11-01T08:00:00.000Z"


class Listed(msgspec.Struct, frozen=True):
    """What is forged, of the first entry of which word, and by which rule it is named ("" = any)."""

    what: str
    word: str
    rule: str
    make: Make

    def fits(self, forger: Forger, output: CommandOutput) -> bool:
        """Whether it can be made of this entry: what it changes is on file then."""
        if output.command.word != self.word:
            return False
        try:
            self.make(forger, output)
        except (StopIteration, AssertionError):
            return False
        return True


def past_the_judge(person: str, command: Command | Callable[[CommandOutput], Command]) -> Make:
    """What a command of this person gives if nobody judges it."""

    def make(forger: Forger, output: CommandOutput) -> Forged:
        given = command if isinstance(command, Command) else command(output)
        by = actor_at(forger.state, person, parse_iso(output.header.at))
        act = given.decide(Case(forger.state, by, nonce=output.nonce))
        leaves = given.leaves(output.nonce)
        header = msgspec.structs.replace(
            header_of(act, by, seq=output.header.seq), behind=output.header.behind, commands=len(leaves)
        )
        return Forged("listed", given.word, person, header, leaves, tuple(plain(each) for each in act.changes))

    return make


def by(person: str) -> Make:
    """The same command, by a person who may not give it."""
    return past_the_judge(person, lambda output: output.command)


def altered(record: str, field: str, value: Any) -> Make:
    """A field of the first change of a kind of record, set otherwise; a function makes the value of the one it has."""

    def make(forger: Forger, output: CommandOutput) -> Forged:
        changes = [plain(each) for each in output.act.changes]
        place = next(number for number, each in enumerate(changes) if each.record == record)
        now = changes[place]
        wanted = value(now.after.get(field)) if callable(value) else value
        assert now.after.get(field) != wanted
        changes[place] = msgspec.structs.replace(now, after={**now.after, field: wanted})
        return _with_changes(output, changes)

    return make


def riding(change: Callable[[Forger, CommandOutput], Change]) -> Make:
    """The entry with one change more."""

    def make(forger: Forger, output: CommandOutput) -> Forged:
        return _with_changes(output, [*map(plain, output.act.changes), change(forger, output)])

    return make


def _with_changes(output: CommandOutput, changes: list[Change]) -> Forged:
    return Forged("listed", output.command.word, "", output.header, output.act.command, tuple(changes))


def of_record(
    record: str, when: Callable[[dict[str, Any]], bool], **after: Any
) -> Callable[[Forger, CommandOutput], Change]:
    """A change of a record that is on file."""

    def make(forger: Forger, output: CommandOutput) -> Change:
        row = next(row for row in forger.state.rows(record) if when(row))
        assert any(row[name] != value for name, value in after.items())
        return Change(record, row["id"], {name: row[name] for name in after}, after)

    return make


def new(record: str, **after: Any) -> Callable[[Forger, CommandOutput], Change]:
    return lambda _forger, _described: created(record, f"forged-{record}", after)


def header(**words: Any) -> Make:
    def make(forger: Forger, output: CommandOutput) -> Forged:
        forged = _with_changes(output, [plain(each) for each in output.act.changes])
        return msgspec.structs.replace(forged, header=msgspec.structs.replace(output.header, **words))

    return make


def untrue_alert(output: CommandOutput) -> RaiseAlerts:
    assert isinstance(output.command, RaiseAlerts)
    first = msgspec.structs.replace(output.command.alerts[0], at=BACK)
    return msgspec.structs.replace(output.command, alerts=(first,))


def an_untrue_alert(forger: Forger, output: CommandOutput) -> Forged:
    """The alert is recorded as true at the moment that the command claims."""
    command = untrue_alert(output)
    change = plain(output.act.changes[0])
    changed = msgspec.structs.replace(change, after={**change.after, "due_at": BACK})
    return Forged("listed", "raise_alerts", "", output.header, command.leaves(output.nonce), (changed,))


def another_cell(forger: Forger, output: CommandOutput) -> Forged:
    """The raw cell says one thing, the value read from it another."""
    changes = [plain(each) for each in output.act.changes]
    place = next(number for number, each in enumerate(changes) if each.record == "item")
    source = msgspec.json.decode(msgspec.json.encode(changes[place].after["source"]))
    next(cell for cell in source["cells"] if cell[0] == "title")[2] = "Something else"
    changes[place] = msgspec.structs.replace(changes[place], after={**changes[place].after, "source": source})
    return _with_changes(output, changes)


def refused_though_allowed(forger: Forger, output: CommandOutput) -> Forged:
    values = {
        "at": output.header.at,
        "person": output.header.by,
        "act": output.command.word,
        "subject": output.header.subject,
        "obstacles": [{"rule": "right.missing", "about": ""}],
    }
    made = header(act="record_refusal", meaning="", auth="session", reason="right.missing", role="")(forger, output)
    change = Change("refusal", "01930000-0000-7000-8000-0000000000ff", None, values)
    leaves = RecordRefusal(refused=values_of(output.command)).leaves(output.nonce)
    return msgspec.structs.replace(made, leaves=leaves, changes=(change,))


def creation(output: CommandOutput) -> CreateVault:
    return CreateVault(
        vault=VAULT,
        name="Mine",
        first_admin="Wim",
        prefix="M",
        root_key="r",
        log_key="l",
        log_certificate="c",
        slots="s",
        key=_any_key(output),
        processes=(),
    )


def _any_key(output: CommandOutput) -> Any:
    return output.command.key  # type: ignore[attr-defined]


def _closed(row: dict[str, Any]) -> bool:
    return bool(row["outcome"] == "reached")


def _any_row(_row: dict[str, Any]) -> bool:
    return True


LISTED = (
    Listed("a worker puts a version in force", "record_export", "right.missing", past_the_judge(
        OLGA, PublishProcess(definition=msgspec.json.encode({**WORK, "version": 9}).decode()))),
    Listed("a definition is published over the one in force", "record_export", "process.in_force", past_the_judge(
        ADA, PublishProcess(definition=msgspec.json.encode({**WORK, "version": 9}).decode()))),
    Listed("a worker sets the calendar", "set_calendar", "right.missing", by(OLGA)),
    Listed("a worker changes a setting", "change_setting", "right.missing", by(OLGA)),
    Listed("a setting that there is not", "change_setting", "setting.unknown", past_the_judge(
        ADA, ChangeSetting(name="reveal_needs_two", value="perhaps", meaning=MEANT))),
    Listed("a follow-up closes an open item", "begin_follow_up", "decided", riding(
        of_record("item", lambda row: row["state"] == "open", state="closed", step="done", closed="2026-11-02"))),
    Listed("the last administrator ends", "enrol_person", "role.last_administrator", past_the_judge(
        ADA, RevokeRole(person=ADA, role="administrator", reason=WHY))),
    Listed("a role that no process knows", "record_export", "role.unknown", past_the_judge(
        ADA, GrantRole(person=OLGA, role="emperor", reason=WHY))),
    Listed("a role granted by a worker to herself", "record_export", "right.missing", past_the_judge(
        OLGA, GrantRole(person=OLGA, role="administrator", reason=WHY))),
    Listed("an edit accepts evidence for another person", "reopen_item", "decided", riding(
        of_record("evidence", _any_row, state="accepted", reviewed_by=BO))),
    Listed("an edit accepts a risk for another person", "unlink_items", "decided", riding(
        of_record("risk_acceptance", _any_row, state="in_force", accepted_by=BO))),
    Listed("a signature in another name rides along", "assign_item", "decided", riding(new(
        "approval", item="i", cycle=1, gate="asked->doing", level=1, person=LEA, role="lead", decision="approved",
        meaning="I release the plan.", content="c", given_at=BACK))),
    Listed("the definition in force is written anew", "edit_item", "decided", riding(
        of_record("process_version", lambda row: row["id"] == "work@1", definition="{}"))),
    Listed("the vault is created again", "recover_key", "command.senseless", past_the_judge(WIM, creation)),
    Listed(
        "a risk acceptance accepted by somebody else",
        "decide_risk_acceptance",
        "decided",
        altered("risk_acceptance", "accepted_by", BO),
    ),
    Listed("evidence reviewed by somebody else", "review_evidence", "decided", altered("evidence", "reviewed_by", BO)),
    Listed("a question answered by somebody else", "answer_question", "decided",
           altered("question", "answered_by", LEA)),
    Listed("a move by somebody else", "move_item", "decided", altered("transition_record", "by", LEA)),
    Listed("a signature dated back", "approve_item", "decided", altered("approval", "given_at", BACK)),
    Listed("a signature of another content", "approve_item", "decided", altered("approval", "content", "0" * 64)),
    Listed("a closing dated back", "close_item", "decided", altered("closure", "closed_at", BACK)),
    Listed("a closing day dated back", "close_item", "decided", altered("item", "closed", BACK[:10])),
    Listed("an entry dated back", "close_item", "clock.hidden", header(at=BACK)),
    Listed("a closure lists fewer entries", "close_item", "decided",
           altered("closure", "entries", lambda entries: entries[:-1])),
    Listed("the outcome of a closed item is written anew", "keep_pack", "decided", riding(
        of_record("closure", _closed, outcome="partly"))),
    Listed("an obligation is dropped", "confirm_urgent", "decided", riding(
        of_record("obligation", lambda row: row["state"] == "open", state="dropped"))),
    Listed("an item is born closed", "create_item", "decided", altered("item", "state", "closed")),
    Listed("an item is born at a later step", "create_item", "decided", altered("item", "step", "checking")),
    Listed("an item is born in another name", "create_item", "decided", altered("item", "created_by", BO)),
    Listed("a role rides along", "edit_item", "decided", riding(new(
        "person_role", person=WIM, role="administrator", scope="", valid_from=BACK, valid_until="", granted_by=ADA))),
    Listed("a setting rides along", "edit_item", "decided", riding(
        of_record("setting", _any_row, value="no"))),
    Listed("a calendar rides along", "edit_item", "decided", riding(of_record("calendar", _any_row, begins=1))),
    Listed("a revocation of a key is lifted", "edit_item", "decided", riding(
        of_record("person_key", lambda row: bool(row["revoked_from"]), revoked_from=""))),
    Listed("an alert that is not true", "raise_alerts", "alert.untrue", an_untrue_alert),
    Listed("a value that does not follow from its cell", "import_register", "decided", another_cell),
    Listed("a role is delegated by whoever does not hold it", "grant_mandate", "mandate.role", by(BO)),
    Listed("somebody approves whom nobody asked", "approve_item", "", by(WIM)),
    Listed("the owner closes alone", "close_item", "separation.owner", by(OLGA)),
    Listed("whoever asked gives the key too", "reveal_key", "reveal.second_person", by(ADA)),
    Listed("whoever asked for a key gives it too", "give_reset", "", by(OLGA)),
    Listed("a disabled person works on", "set_calendar", "", past_the_judge(
        ZED, ChangeSetting(name="reveal_needs_two", value="yes", meaning=MEANT))),
    Listed("what is allowed is called refused", "close_item", "command.senseless", refused_though_allowed),
    Listed("a law that is not known", "edit_item", "law.unknown", header(law=2)),
    Listed("a law that never was", "edit_item", "law.unknown", header(law=0)),
    Listed("a worker adopts a law", "edit_item", "", past_the_judge(OLGA, AdoptLaw(law=2, meaning=MEANT))),
    Listed("an administrator adopts a law that is not known", "edit_item", "", past_the_judge(
        ADA, AdoptLaw(law=2, meaning=MEANT))),
    Listed("a signature without the passphrase", "approve_item", "decided", header(auth="session")),
    Listed("a signature that means something else", "approve_item", "decided", header(meaning="Seen")),
    Listed("a role that was not used", "move_item", "decided", header(role="lead")),
)  # fmt: skip
