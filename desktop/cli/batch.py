"""`countersign batch`: many commands with one unlock, each an act of its own with an answer of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from desktop.cli.batch_line import LONGEST_LINE, line_in, values_in
from desktop.cli.frame import CHECK_FAILED, OK, Call, describe_problem, disk_errors_named, exit_code_of, in_vault
from desktop.cli.output import announce, error_value, print_json_line, print_text
from domain.errors import Cancelled, CountersignError, Damaged, UsageProblem
from domain.log.entry import Entry
from domain.messages import message


@in_vault
def batch(
    call: Call,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="One command a line, in JSON or in words; - is standard input.")
    ],
    *,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Go on behind a line that failed.")] = False,
) -> None:
    """Perform many commands with one unlock. Each line is an act of its own: what was done stands, whatever follows.

    A line is a JSON object {"command": WORD, FIELD: VALUE ...} or WORD [ITEM] [NAME=VALUE ...]; empty lines and lines
    that begin with # are passed over. Items go by number or id, people by name or id. add_evidence takes path=FILE.
    With --json every line is answered by one JSON line, and a last one counts them. Exit code 1: a line was refused or
    failed; 6 and 7: damage, or a key pressed, ended it.
    """
    code = done = failed = 0
    for number, raw in _lines(file):
        answer, problem = _performed(call, number, raw)
        _describe(call, number, answer, problem)
        if problem is None:
            done += 1
            continue
        failed += 1
        code = max(code, _code_of(problem))
        if not keep_going or isinstance(problem, Cancelled):
            break
    if call.as_json:
        print_json_line({"count": done + failed, "done": done, "failed": failed, "notices": call.vault.notices})
    stopped = "" if keep_going or not failed else message("; it stopped there")
    announce(message("countersign: {done} done, {failed} failed{stopped}.", done=done, failed=failed, stopped=stopped))
    if code != OK:
        raise typer.Exit(code)


def _code_of(problem: CountersignError) -> int:
    """The exit code of a batch with a line that failed so."""
    return exit_code_of(problem) if isinstance(problem, Damaged | Cancelled) else CHECK_FAILED


def _lines(file: str) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers from 1, as they come in."""
    with _source(file) as source:
        number = 0
        while raw := source.readline(LONGEST_LINE + 1):
            number += 1
            if raw.strip() and not raw.lstrip().startswith(b"#"):
                yield number, raw
            if len(raw) > LONGEST_LINE:
                return


@contextmanager
def _source(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with disk_errors_named():
        opened = Path(file).open("rb")  # noqa: SIM115 (closed below; only opening is a question of the file)
    with opened as source:
        yield source


def _performed(call: Call, number: int, raw: bytes) -> tuple[dict[str, Any], CountersignError | None]:
    """What became of one line: its answer, and what stopped it."""
    answer: dict[str, Any] = {"line": number, "command": ""}
    try:
        with disk_errors_named():
            values = values_in(_text_of(raw))
            answer["command"] = values["command"]
            line = line_in(values, call.vault)
            return {**answer, **_answer_of(call, line.perform(call.vault, call.secret))}, None
    except CountersignError as problem:
        return {**answer, "error": error_value(problem)}, problem
    except KeyboardInterrupt:
        stopped = Cancelled(message("Cancelled at this line. What was done before it stands."))
        return {**answer, "error": error_value(stopped)}, stopped


def _text_of(raw: bytes) -> str:
    if len(raw) > LONGEST_LINE:
        raise UsageProblem(
            message("The line is longer than {longest_line:,} bytes.", longest_line=LONGEST_LINE),
            remedy=message("Give this command by itself."),
        )
    try:
        return raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise UsageProblem(
            message("The line is no UTF-8 text."), remedy=message("Save the file as UTF-8.")
        ) from problem


def _answer_of(call: Call, entry: Entry) -> dict[str, Any]:
    """Entry and subject of what was done, and where the item stands that it was about."""
    header = entry.header
    described: dict[str, Any] = {"entry": header.seq, "subject": header.subject}
    try:
        item = call.vault.register.item(header.subject)
    except UsageProblem:  # it was about something else than an item
        return described
    return {**described, "number": item.number, "step": item.step, "state": item.state}


def _describe(call: Call, number: int, answer: dict[str, Any], problem: CountersignError | None) -> None:
    """One answer: a JSON line when that was asked for, and words for people."""
    if problem is not None:
        word = answer["command"]
        describe_problem(
            problem, place=message("Line {number}{value}: ", number=number, value=f", {word}" if word else "")
        )
    elif not call.as_json:
        place = f" {answer['number']}: {answer['step']}, {answer['state']}" if "number" in answer else ""
        print_text(
            message(
                "Line {number}: {answer}{place} (entry {answer_2}).",
                number=number,
                answer=answer["command"],
                place=place,
                answer_2=answer["entry"],
            )
        )
    if call.as_json:
        print_json_line(answer)
