"""Judging a command and deciding what it changes: the same for whoever asks and for whoever replays the log."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.act import Act, Actor, Change, IncomingFile
from domain.commands.backward_clock import backward_clock
from domain.commands.command import Case, Command, must_be_text
from domain.commands.law import law_decided_under
from domain.errors import Refused, UsageProblem
from domain.law.letters import is_blank
from domain.log.canonical import CanonicalError
from domain.messages import message
from domain.records.people import Declaration
from domain.rules.people_rules import undeclared
from domain.rules.verdict import GateVerdict
from domain.state import State

FILE_CHUNK = 256 * 1024
"""Bytes of a stored file kept in one piece."""


def judge(command: Command, state: State, by: Actor) -> GateVerdict:
    """What stands in the way of a command now.

    Raises:
        UsageProblem: it holds text that cannot be kept, or names something that is not there.
    """
    must_be_text(command)
    return _judged(command, Case(state, by))


def decide(command: Command, state: State, by: Actor, *, nonce: bytes) -> Act:
    """What the command changes, with the header's words and its own leaves.

    Raises:
        Refused: a rule refused it, with every obstacle.
        UsageProblem: it makes no sense as things are, or nothing would change.
    """
    must_be_text(command)
    case = Case(state, by, nonce=nonce)
    verdict = _judged(command, case)
    if not verdict.allowed:
        raise Refused(verdict.obstacles[0].text, verdict.obstacles, where=_subject(command, case))
    case.passed = verdict.passed
    act = command.decide(case)
    if command.signing and is_blank(act.meaning):
        raise UsageProblem(
            message("deciding.a_signature_needs_a"), where="meaning", remedy=message("deciding.say_what_is_signed")
        )
    return msgspec.structs.replace(
        act,
        changes=(*_new_files(act, state), *act.changes),
        command=_leaves(command, nonce),
        law=law_decided_under(command, state),
    )


def _leaves(command: Command, nonce: bytes) -> tuple[bytes, ...]:
    try:
        return command.leaves(nonce)
    except CanonicalError as problem:
        remedy = message("deciding.give_whole_numbers_text")
        raise UsageProblem(
            message("deciding.the_command_cannot_be", problem=problem), where=command.word, remedy=remedy
        ) from problem


def _judged(command: Command, case: Case) -> GateVerdict:
    """The command's verdict; one that signs is also refused while the clock is behind the log, and while its person has
    not declared that signatures bind (21 CFR 11.100(c)). The first entry of a log can follow no declaration.
    """
    verdict, by = command.judge(case), case.by
    found = (*backward_clock(command, case), *verdict.obstacles)
    signs = command.signing and not command.declares and case.state.log_size() > 0
    if signs and not any(each.person == by.person for each in case.state.all_of(Declaration)):
        found = (*found, undeclared(by, command.word))
    return msgspec.structs.replace(verdict, obstacles=found)


def _subject(command: Command, case: Case) -> str:
    item = getattr(command, "item", "")
    return case.state.item(item).number if item else ""


def _new_files(act: Act, state: State) -> tuple[Change, ...]:
    """The records of files that arrive with the act and are not stored yet, in their order.

    Raises:
        UsageProblem: a stored file is stated to have another size.
    """
    files = {file.sha256: file for file in act.files}
    stored = {sha256: state.file_size(sha256) for sha256 in files}
    for sha256, size in stored.items():
        if size not in (None, files[sha256].size):
            raise UsageProblem(
                message("deciding.the_file_has_bytes", size=size, size_2=files[sha256].size), where=sha256
            )
    return tuple(
        Change(
            "file",
            sha256,
            None,
            {"size": file.size, "chunk_size": FILE_CHUNK, "chunks": -(-file.size // FILE_CHUNK)},
        )
        for sha256, file in files.items()
        if stored[sha256] is None
    )


def with_bytes(act: Act, files: Iterable[IncomingFile]) -> Act:
    """The act, whose files are named by their hashes, with the files that bring their bytes.

    Raises:
        UsageProblem: a file that the act names was not brought.
    """
    brought = {file.sha256: file for file in files}
    missing = [file.sha256 for file in act.files if file.sha256 not in brought]
    if missing:
        raise UsageProblem(message("deciding.the_file_that_this"), where=missing[0])
    return msgspec.structs.replace(act, files=tuple(brought[file.sha256] for file in act.files))
