"""Commands about evidence: put a file on record, judge it, let a copy of it leave the vault."""

from __future__ import annotations

from domain.act import Act, IncomingFile
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, ItemCommand
from domain.errors import UsageProblem
from domain.identity import iso
from domain.law.letters import is_blank
from domain.log.digest import is_digest
from domain.messages import message
from domain.obstacle import Obstacle
from domain.records.item import Evidence
from domain.records.oversight import Export
from domain.rules.evidence import add_obstacles, review_obstacles, speaks_for_reopening
from domain.rules.facts import Facts
from domain.rules.passed_obstacles import verdict_on
from domain.rules.rights import role_used, roles_for
from domain.rules.verdict import GateVerdict

LONGEST_FILE_NAME = 255
"""Characters of a file name kept on record."""


class AddEvidence(ItemCommand, frozen=True, kw_only=True):
    """Put a file on record for a requirement; it waits for its reviewer. Earlier revisions stay.

    `file` is the SHA-256 of its bytes (hex) and `size` how many there are; the bytes come beside the command.
    """

    requirement: str
    file: str
    size: int
    file_name: str
    media_type: str = "application/octet-stream"
    note: str = ""

    def takes_closed(self, facts: Facts) -> bool:
        return self.requirement in facts.process.reopen.evidence

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        return add_obstacles(facts, self.requirement)

    def decide(self, case: Case) -> Act:
        if self.size <= 0:
            raise UsageProblem(
                message("evidence.an_empty_file_proves"),
                where=self.file_name,
                remedy=message("evidence.choose_the_file_that"),
            )
        if not is_plain_file_name(self.file_name):
            raise UsageProblem(
                message("evidence.is_not_a_plain", file_name=self.file_name),
                remedy=message("evidence.rename_the_file_and"),
            )
        if not is_digest(self.file):
            raise UsageProblem(
                message("evidence.the_file_is_not"), where=self.file_name, remedy=message("evidence.add_it_again")
            )
        facts = self.gather(case)
        found = facts.file.item
        evidence = Evidence(
            id=case.new_id(),
            item=found.id,
            cycle=found.cycle,
            requirement=self.requirement,
            revision=1 + sum(each.requirement == self.requirement for each in facts.file.evidence),
            file_name=self.file_name,
            media_type=self.media_type,
            size=self.size,
            file=self.file,
            note=self.note,
            added_by=case.by.person,
            added_at=iso(case.by.at),
            state="submitted",
            reviewed_by="",
            reviewed_at="",
            review_note="",
        )
        return self.about(
            facts,
            new_record("evidence", evidence),
            role=role_used(facts, roles_for(facts.process, "add_evidence", found.step)),
            reason=self.note,
            files=(IncomingFile(sha256=self.file, size=self.size),),
        )


def is_plain_file_name(name: str) -> bool:
    """Whether a name can be shown and holds no path: no control characters, slashes or marks of direction."""
    marks = "/\\\u200e\u200f\u061c\u2028\u2029\ufeff"
    return (
        0 < len(name) <= LONGEST_FILE_NAME
        and not any(mark in name for mark in marks)
        and all(
            " " <= letter != "\x7f"
            and not "\x80" <= letter <= "\x9f"
            and not "\u202a" <= letter <= "\u202e"
            and not "\u2066" <= letter <= "\u2069"
            and not "\ud800" <= letter <= "\udfff"
            for letter in name
        )
    )


class ReviewEvidence(ItemCommand, frozen=True, kw_only=True):
    """Accept or reject a file (`evidence` is its record's id). A judgement is final; a new revision gets a new one."""

    evidence: str
    accept: bool
    note: str = ""

    def takes_closed(self, facts: Facts) -> bool:
        return any(each.id == self.evidence and speaks_for_reopening(facts, each) for each in facts.file.evidence)

    def obstacles(self, facts: Facts) -> tuple[Obstacle, ...]:
        return review_obstacles(facts, self.evidence, accept=self.accept, note=self.note)

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found = next(each for each in facts.file.evidence if each.id == self.evidence)
        requirement = facts.process.requirement(found.requirement)
        change = record_changed(
            "evidence",
            found,
            state="accepted" if self.accept else "rejected",
            reviewed_by=case.by.person,
            reviewed_at=iso(case.by.at),
            review_note=self.note,
        )
        return self.about(facts, change, role=requirement.reviewer_role if requirement else "", reason=self.note)


class _EvidenceLeaves(ItemCommand, frozen=True, kw_only=True):
    """A copy of a stored evidence file leaves the vault's protection: an export, with its hash and purpose.

    Whoever may read an item may take a copy of what is on file about it.
    """

    evidence: str
    purpose: str

    def judge_by(self, facts: Facts) -> GateVerdict:
        return verdict_on(facts, ())

    def decide(self, case: Case) -> Act:
        facts = self.gather(case)
        found = next((each for each in facts.file.evidence if each.id == self.evidence), None)
        if found is None:
            raise UsageProblem(
                message("evidence.the_item_has_no", evidence=self.evidence), where=facts.file.item.number
            )
        record = Export(
            id=case.new_id(),
            kind="evidence",
            name=found.file_name,
            sha256=found.file,
            size=found.size,
            purpose=self.purpose,
            at=iso(case.by.at),
            by=case.by.person,
        )
        return self.about(facts, new_record("export", record), reason=self.purpose)


class OpenEvidence(_EvidenceLeaves, frozen=True, kw_only=True):
    """Open a stored evidence file in another program; the copy is gone when the vault is locked."""


class GetEvidence(_EvidenceLeaves, frozen=True, kw_only=True):
    """Write a copy of a stored evidence file outside the vault, for good."""

    def decide(self, case: Case) -> Act:
        if is_blank(self.purpose):
            raise UsageProblem(
                message("evidence.a_copy_that_leaves"), where="purpose", remedy=message("evidence.say_for_whom_it")
            )
        return super().decide(case)
