"""The frame of every command: options, secrets, results on stdout, everything else on stderr, exit codes."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, NoReturn, ParamSpec

import typer

from desktop.application.application import CountersignApplication
from desktop.cli.output import announce, error_value, print_json, print_text, remember_notices
from desktop.machine.program_events import note_event
from desktop.session.unlocked_session import UnlockedSession
from domain.act import IncomingFile
from domain.commands.command import Command
from domain.errors import (
    Cancelled,
    CountersignError,
    Damaged,
    FileProblem,
    InUse,
    NewerFormat,
    Refused,
    Unavailable,
    UsageProblem,
    WrongPassphrase,
)
from domain.log.entry import Entry
from domain.messages import message

Given = ParamSpec("Given")

_DAMAGED: Final = ContextVar("damaged", default=False)
"""Whether the vault of this command is damaged."""
OK, CHECK_FAILED, USAGE, LOCKED, WRONG_SECRET, REFUSED, INTEGRITY, CANCELLED, FILE = range(9)
# most specific first
_EXIT_CODES: tuple[tuple[type[CountersignError], int], ...] = (
    (WrongPassphrase, WRONG_SECRET),
    (InUse, LOCKED),
    (FileProblem, FILE),
    (NewerFormat, FILE),
    (Unavailable, FILE),
    (Refused, REFUSED),
    (Damaged, INTEGRITY),
    (Cancelled, CANCELLED),
    (UsageProblem, USAGE),
)

VaultPath = Annotated[Path, typer.Argument(metavar="VAULT", help="The vault's folder, NAME.vault.")]
ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="The item's number or id.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who you are. Needed when the vault has several people.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="First line = your passphrase; else you are asked."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the signed entry.")]
Inspect = Annotated[
    bool, typer.Option("--inspect", help="Open the vault for reading only, damaged or not; nothing is written.")
]


def exit_code_of(problem: CountersignError) -> int:
    """The fixed exit code of an error."""
    return next((code for kind, code in _EXIT_CODES if isinstance(problem, kind)), USAGE)


@contextmanager
def errors_explained(*, as_json: bool) -> Iterator[None]:
    """Turn our errors into words on stderr, JSON on stdout if asked, and the fixed exit code.

    Whatever a command answers about a damaged vault, it ends with the exit code for broken integrity; a command that is
    refused there keeps its own.
    """
    remember_notices(None)
    _DAMAGED.set(False)
    try:
        with disk_errors_named(), _damage_decides():
            yield
    except CountersignError as problem:
        fail(problem, as_json=as_json)
    except KeyboardInterrupt:
        fail(Cancelled(message("Cancelled. Nothing was changed.")), as_json=as_json)


@contextmanager
def _damage_decides() -> Iterator[None]:
    try:
        yield
    except typer.Exit as ended:
        if _DAMAGED.get() and ended.exit_code in (OK, CHECK_FAILED):
            raise typer.Exit(INTEGRITY) from ended
        raise
    if _DAMAGED.get():
        raise typer.Exit(INTEGRITY)


@contextmanager
def disk_errors_named() -> Iterator[None]:
    """Turn what the system says about a file into a FileProblem."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read our output has heard enough; that is no error of a file
    except OSError as problem:
        what = message(
            "A file or folder cannot be used: {strerror}.", strerror=problem.strerror or message("input/output error")
        )
        remedy = message("Check that it exists, that there is free space and that you may use it.")
        raise FileProblem(what, where=str(problem.filename or ""), remedy=remedy) from problem


def fail(problem: CountersignError, *, as_json: bool) -> NoReturn:
    """Say what went wrong and end with its exit code."""
    describe_problem(problem)
    if as_json:
        print_json({"error": error_value(problem)})
    raise typer.Exit(exit_code_of(problem))


def describe_problem(problem: CountersignError, *, place: str = "") -> None:
    """Say what went wrong, on standard error: `place` first, and for a refusal every obstacle with rule and remedy."""
    note_event("command", type(problem).__name__)
    announce(f"countersign: {place}{problem}")
    if isinstance(problem, Refused):
        for obstacle in problem.obstacles:
            if obstacle.text != problem.what:
                announce(f"  - {obstacle.text}")
            announce(
                message(
                    "    rule {rule}; remedy: {remedy}{value}",
                    rule=obstacle.rule,
                    remedy=obstacle.remedy,
                    value=f" ({obstacle.responsible})" if obstacle.responsible else "",
                )
            )


def passphrase_from(file: Path | None, *, prompt: str) -> str:
    """A passphrase from the first line of a file, or typed at a terminal; never from the arguments."""
    if file is not None:
        try:
            with file.open(encoding="utf-8") as source:
                text = source.readline(4096).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as problem:
            raise FileProblem(message("The passphrase file cannot be read."), where=str(file)) from problem
        if not text:
            raise UsageProblem(message("The passphrase file is empty."), where=str(file))
        return text
    if not sys.stdin.isatty():
        raise UsageProblem(
            message("{prompt} is needed.", prompt=prompt),
            remedy=message("Give --passphrase-file FILE or run at a terminal."),
        )
    try:
        return getpass.getpass(f"{prompt}: ", stream=sys.stderr)
    except EOFError as problem:
        raise Cancelled(message("Cancelled. Nothing was changed.")) from problem


def who(folder: Path, name: str) -> str:
    """The person to unlock as: the one named, or the only one there is."""
    if name:
        return name
    people = CountersignApplication().people_of(folder)
    if len(people) == 1:
        return people[0]
    raise UsageProblem(
        message("This vault has several people."), remedy=message("Say --as NAME ({list}).", list=", ".join(people))
    )


@contextmanager
def opened(
    folder: Path, *, name: str, passphrase_file: Path | None, inspect: bool = False
) -> Iterator[tuple[UnlockedSession, str]]:
    """The unlocked vault and the passphrase it was unlocked with (for signatures); locked again at the end."""
    person = who(folder, name)
    passphrase = passphrase_from(passphrase_file, prompt=message("Passphrase of {person}", person=person))
    application = CountersignApplication()
    open_it = application.inspect if inspect else application.unlock
    vault = open_it(folder, person=person, passphrase=passphrase)
    try:
        remember_notices(vault.notices)
        for notice in vault.notices:
            announce(f"countersign: {notice}")
        vault.people_service.before_declaring = lambda text: announce(
            message("Your first signature here also declares: {text}", text=text)
        )
        _DAMAGED.set(vault.damaged)
        yield vault, passphrase
        if not vault.read_only:
            _copy_when_due(vault)
    finally:
        vault.lock()


class Call:
    """One command while its vault is open: `vault`, the `secret` it was unlocked with, and how the answer is wanted."""

    def __init__(self, vault: UnlockedSession, *, folder: Path, secret: str, as_json: bool) -> None:
        self.vault = vault
        self.folder = folder
        self.secret = secret
        self.as_json = as_json

    def perform(self, command: Command, *, files: Sequence[IncomingFile] = ()) -> Entry:
        """Ask a command and record its act; where it is a signature, the passphrase proves presence."""
        return self.vault.perform(command, passphrase=self.secret, files=files)

    def answer(self, value: Any, text: str) -> None:
        """Print the result: `value` for programs, `text` for people."""
        if self.as_json:
            print_json(value)
        else:
            print_text(text)


def in_vault(command: Callable[Concatenate[Call, Given], None]) -> Callable[..., None]:
    """Frame a command that works in an open vault: first argument VAULT; `--as`, `--passphrase-file`, `--json`."""
    return _framed(command, inspecting=False)


def reads(command: Callable[Concatenate[Call, Given], None]) -> Callable[..., None]:
    """As `in_vault`, for a command that only reads: with `--inspect` it also looks into a damaged vault. Of a damaged
    vault it says so, and ends with the exit code for broken integrity.
    """
    return _framed(command, inspecting=True)


def _framed(command: Callable[..., None], *, inspecting: bool) -> Callable[..., None]:
    own = list(signature(command, eval_str=True).parameters.values())[1:]
    around = [
        Parameter("name", Parameter.KEYWORD_ONLY, default="", annotation=As),
        Parameter("passphrase_file", Parameter.KEYWORD_ONLY, default=None, annotation=PassphraseFile),
        *([Parameter("inspect", Parameter.KEYWORD_ONLY, default=False, annotation=Inspect)] if inspecting else []),
        Parameter("as_json", Parameter.KEYWORD_ONLY, default=False, annotation=Json),
    ]
    framed = Signature([Parameter("folder", Parameter.POSITIONAL_OR_KEYWORD, annotation=VaultPath), *own, *around])

    @wraps(command)
    def run(*positional: Any, **named: Any) -> None:
        bound = framed.bind(*positional, **named)
        bound.apply_defaults()
        given = bound.arguments
        folder, as_json = given.pop("folder"), given.pop("as_json")
        place = {"name": given.pop("name"), "passphrase_file": given.pop("passphrase_file")}
        if inspecting:
            place["inspect"] = given.pop("inspect")
        with errors_explained(as_json=as_json), opened(folder, **place) as (vault, secret):
            command(Call(vault, folder=folder, secret=secret, as_json=as_json), **given)

    # What typer reads: the command's own parameters between those of the frame.
    run.__signature__ = framed  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in framed.parameters.values()}
    return run


def _copy_when_due(vault: UnlockedSession) -> None:
    """The automatic copy; what was asked for is done, so a copy that fails is stated and changes no exit code."""
    try:
        vault.maybe_snapshot()
    except CountersignError as problem:
        announce(f"countersign: The automatic backup was not made: {problem}")
