"""Commands about versions of processes: begin a draft, change it, prove it, put a shipped process in force."""

from __future__ import annotations

from typing import Any, ClassVar

from domain.act import Act, Change
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, VaultCommand
from domain.errors import UsageProblem
from domain.identity import iso
from domain.messages import message
from domain.obstacle import Obstacle
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.process.edit import edited
from domain.records.governance import VersionDraft
from domain.records.people import ADMINISTRATOR, ProcessRecord, ProcessVersionRecord
from domain.rules.facts import VaultFacts, gather_version
from domain.rules.rights import role_used
from domain.rules.vault_rules import publish_obstacles
from domain.rules.version_rules import (
    draft_obstacles,
    drafters,
    edit_draft_obstacles,
)
from domain.rules.versions_carried import CarriedVersion


class DraftProcess(VaultCommand, frozen=True, kw_only=True):
    """Begin the next version of `process`: from `definition` (JSON), else from the version put in force last;
    `changes` are applied to it (see `domain.process.edit`). It gets the next number, whatever number it says.
    """

    long_text: ClassVar[frozenset[str]] = frozenset({"definition"})

    process: str
    definition: str = ""
    changes: dict[str, Any] | None = None
    reason: str = ""

    def gather(self, case: Case) -> VaultFacts:
        return gather_version(case.state, case.by, process=self.process)

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right to draft it, or there is a draft already."""
        return draft_obstacles(facts, self.process)

    def decide(self, case: Case) -> Act:
        facts, state, at = self.gather(case), case.state, iso(case.by.at)
        versions = [each for each in state.process_versions() if each.process == self.process]
        # What was drafted from is the version put in force last, though its day may be still to come.
        signed = [each for each in versions if each.state in ("in_force", "retired")]
        base = max(signed, key=lambda each: (each.in_force_from, each.version), default=None)
        text = self.definition or (base.definition if base else "")
        if not text:
            raise UsageProblem(
                message("process_versions.there_is_no_version", process=self.process),
                remedy=message("process_versions.give_the_definition_of"),
            )
        number = max((each.version for each in versions), default=0) + 1
        version = _changed(text, self.process, number, self.changes)
        draft = VersionDraft(
            id=version_id(version),
            base=base.id if base else "",
            item="",
            authors=[case.by.person],
            revision=1,
            drafted_at=at,
            changed_at=at,
            tested="",
            scenarios=[],
        )
        known = versions or any(each.id == version.id for each in state.all_of(ProcessRecord))
        return self.act(
            None if known else new_record("process", ProcessRecord(id=version.id, title=version.title)),
            new_record("process_version", version_record(version, state="draft", in_force_from="")),
            new_record("version_draft", draft),
            role=role_used(facts, drafters(facts.process)),
            subject=draft.id,
            process_version=draft.id,
        )


class DraftCommand(VaultCommand, frozen=True, kw_only=True):
    """A command about a drafted version, named by its id."""

    version: str

    def gather(self, case: Case) -> VaultFacts:
        process = case.state.process_version(self.version).process
        return gather_version(case.state, case.by, process=process, version=self.version)

    def on_draft(self, facts: VaultFacts, *changes: Change | None) -> Act:
        """The act of this command on its version."""
        role = role_used(facts, drafters(facts.process))
        return self.act(*changes, role=role, subject=self.version, process_version=self.version)


class EditDraft(DraftCommand, frozen=True, kw_only=True):
    """Give a draft another `definition` (JSON), or other values at places of it (`changes`, see
    `domain.process.edit`). Whoever does so is one of its authors. `rebase` says that it holds what the version put in
    force last has.
    """

    long_text: ClassVar[frozenset[str]] = frozenset({"definition"})

    definition: str = ""
    changes: dict[str, Any] | None = None
    rebase: bool = False
    reason: str = ""

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """No right, in review, or in force: those are never edited."""
        return edit_draft_obstacles(facts, self.version)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        there = there_is(facts, self.version)
        record, draft = there.record, there.draft
        new = _changed(self.definition or record.definition, record.process, record.version, self.changes)
        base = there.newest if self.rebase else draft.base
        if process_hash(new) == record.sha256 and base == draft.base:
            raise UsageProblem(
                message("process_versions.nothing_would_change"),
                where=self.version,
                remedy=message("process_versions.change_something_of_the"),
            )
        return self.on_draft(
            facts,
            record_changed(
                "process_version", record, state="draft", definition=process_text(new), sha256=process_hash(new)
            ),
            record_changed(
                "version_draft",
                draft,
                base=base,
                item="",
                authors=list(dict.fromkeys((*draft.authors, case.by.person))),
                revision=draft.revision + 1,
                changed_at=iso(case.by.at),
                tested="",
                scenarios=[],
            ),
        )


class PublishProcess(VaultCommand, frozen=True, kw_only=True):
    """Put the process written in `definition` (JSON) in force as it is shipped, in a vault without a version of it."""

    long_text: ClassVar[frozenset[str]] = frozenset({"definition"})

    definition: str

    def obstacles(self, facts: VaultFacts) -> tuple[Obstacle, ...]:
        """Not an administrator, or the process has a version here already."""
        return publish_obstacles(facts, decode_process(self.definition).id)

    def decide(self, case: Case) -> Act:
        version = decode_process(self.definition)
        id_ = version_id(version)
        records = process_records(version, at=iso(case.by.at))
        return self.act(*records, role=ADMINISTRATOR, subject=id_, process_version=id_)


def version_id(version: ProcessVersion) -> str:
    """The id of a version's record, such as capa@1."""
    return f"{version.id}@{version.version}"


def version_record(version: ProcessVersion, *, state: Any, in_force_from: str) -> ProcessVersionRecord:
    """The record of a new version."""
    return ProcessVersionRecord(
        id=version_id(version),
        process=version.id,
        version=version.version,
        state=state,
        definition=process_text(version),
        sha256=process_hash(version),
        in_force_from=in_force_from,
    )


def process_records(version: ProcessVersion, *, at: str) -> tuple[Change, ...]:
    """The records of a process whose first version is in force from `at` on."""
    return (
        new_record("process", ProcessRecord(id=version.id, title=version.title)),
        new_record("process_version", version_record(version, state="in_force", in_force_from=at)),
    )


def _changed(text: str, process: str, number: int, changes: dict[str, Any] | None) -> ProcessVersion:
    """The definition with these changes, as the version of this number of the process.

    Raises:
        UsageProblem: it contradicts itself, or is of another process.
    """
    version = edited(decode_process(text), {**(changes or {}), "version": number})
    if version.id != process:
        raise UsageProblem(
            message("process_versions.the_definition_is_of", version=version.id, process=process),
            remedy=message("process_versions.draft_that_process"),
        )
    return version


def there_is(facts: VaultFacts, version: str) -> CarriedVersion:
    """The draft that a command is about.

    Raises:
        UsageProblem: there is none.
    """
    if facts.version is None:
        raise UsageProblem(
            message("process_versions.is_no_draft_of", version=version),
            remedy=message("process_versions.draft_the_next_version"),
        )
    return facts.version
