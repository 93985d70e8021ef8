"""What happened to the vault as a whole, put on record: refusals, exports, restores, restore tests, migrations.

What these say of the world outside (a hash, where a backup stood, which computer) is a claim of whoever signs it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from domain.act import Act
from domain.commands.backward_clock import backward_clock
from domain.commands.changing import new_record
from domain.commands.command import Case, Command, VaultCommand, command_of
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import is_blank
from domain.log.digest import is_digest
from domain.log.entry import SCHEMA_VERSION
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.backup_records import Restore, RestoreTest
from domain.records.oversight import Export, StoreMigration
from domain.records.people import Refusal
from domain.rules.passed_obstacles import verdict_on
from domain.rules.verdict import GateVerdict
from domain.state import State


class RecordRefusal(Command, frozen=True, kw_only=True):
    """Put on record that a command was refused; `refused` are its values, its word among them.

    It is judged again here, for the same person at the same moment: the rules that refuse are those on record.
    """

    recorded_when_refused: ClassVar[bool] = False

    refused: dict[str, Any]

    def judge(self, case: Case) -> GateVerdict:
        return verdict_on(case.vault_facts(), ())

    def decide(self, case: Case) -> Act:
        command = command_of(self.refused)
        found = self._why(command, case)
        item = str(getattr(command, "item", ""))
        subject = case.state.item(item).id if item else ""
        refusal = Refusal(
            id=case.new_id(),
            at=iso(case.by.at),
            person=case.by.person,
            act=command.word,
            subject=subject,
            obstacles=[{"rule": each.rule, "about": each.about} for each in found],
        )
        rules = dict.fromkeys(each.rule for each in found)
        return self.act(new_record("refusal", refusal), subject=subject, reason="; ".join(rules))

    def _why(self, command: Command, case: Case) -> tuple[Obstacle, ...]:
        if not command.recorded_when_refused:
            raise UsageProblem(message("vault_events.a_refused_is_not", command=command.word))
        found = (*backward_clock(command, case), *command.judge(case).obstacles)
        if not found:
            raise UsageProblem(
                message("vault_events.the_was_not_refused", command=command.word),
                remedy=message("vault_events.there_is_no_refusal"),
            )
        return found


class RecordExport(VaultCommand, frozen=True, kw_only=True):
    """Write down what left the vault as a file, under which name, with which hash. Whoever may read may export."""

    kind: str
    name: str
    sha256: str
    size: int
    purpose: str = ""

    def decide(self, case: Case) -> Act:
        if not is_digest(self.sha256) or self.size < 0:
            raise UsageProblem(message("vault_events.an_export_is_named"), where=self.name)
        record = Export(
            id=case.new_id(),
            kind=self.kind,
            name=self.name,
            sha256=self.sha256,
            size=self.size,
            purpose=self.purpose,
            at=iso(case.by.at),
            by=case.by.person,
        )
        return self.act(new_record("export", record), subject=case.state.vault().id, reason=self.purpose)


class RecordRestoreTest(VaultCommand, frozen=True, kw_only=True):
    """Keep the certificate of a restore test: a backup was restored elsewhere, proven and thrown away.

    A failed one (`problem` says why) is on record like one that went well.
    """

    source: str
    made_at: str
    entries: int
    root: str
    files: int
    problem: str
    device: str

    def decide(self, case: Case) -> Act:
        if self.entries < 0 or self.files < 0:
            raise UsageProblem(message("vault_events.a_restore_test_counts"), where=self.source)
        record = RestoreTest(
            id=case.new_id(),
            source=self.source,
            made_at=self.made_at,
            entries=self.entries,
            root=self.root,
            files=self.files,
            outcome="failed" if self.problem else "restored",
            problem=self.problem,
            at=iso(case.by.at),
            by=case.by.person,
            device=self.device,
        )
        return self.act(new_record("restore_test", record), subject=case.state.vault().id)


class RecordRestore(VaultCommand, frozen=True, kw_only=True):
    """The first entry of a restored vault: it distinguishs the copy from the vault it was made of.

    Whoever can unlock the copy may say so; without this entry nothing else is recorded in it.
    """

    source: str
    entries: int
    root: str
    seen: str
    reason: str
    device: str

    def decide(self, case: Case) -> Act:
        if self.entries < 0:
            raise UsageProblem(message("vault_events.a_log_has_no"), where="entries")
        if self.seen and is_blank(self.reason):
            raise UsageProblem(
                message("vault_events.this_computer_has_seen"),
                where="reason",
                remedy=message("vault_events.say_why_the_older"),
            )
        record = Restore(
            id=case.new_id(),
            source=self.source,
            entries=self.entries,
            root=self.root,
            seen=self.seen,
            reason=self.reason,
            at=iso(case.by.at),
            by=case.by.person,
            device=self.device,
        )
        return self.act(new_record("restore", record), subject=case.state.vault().id)


def format_on_record(state: State) -> int:
    """The newest format that the log speaks of: of its first entry, or of a migration recorded since."""
    if not state.log_size():
        return SCHEMA_VERSION
    return max((state.header(0).schema, *(each.after for each in state.all_of(StoreMigration))))


class RecordMigration(VaultCommand, frozen=True, kw_only=True):
    """The entry that says from where to where the store's format went (`to`); whoever opens it next records it."""

    to: int
    entries: int
    root: str
    backup: str
    device: str

    def decide(self, case: Case) -> Act:
        before = format_on_record(case.state)
        if self.to > SCHEMA_VERSION:
            raise UsageProblem(
                message("vault_events.this_program_knows_no", to=self.to),
                remedy=message("vault_events.migrate_the_store_first"),
            )
        if before >= self.to:
            raise UsageProblem(
                message("vault_events.there_is_no_migration"), remedy=message("vault_events.the_log_speaks_of")
            )
        record = StoreMigration(
            id=case.new_id(),
            before=before,
            after=self.to,
            entries=self.entries,
            root=self.root,
            backup=self.backup,
            at=iso(case.by.at),
            by=case.by.person,
            device=self.device,
        )
        return self.act(
            new_record("store_migration", record), subject=case.state.vault().id, reason=f"{before} -> {self.to}"
        )
