"""The words after `countersign`: which module answers to each. A module is loaded when its word is typed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer._click.exceptions import ClickException
from typer.core import TyperGroup
from typer.main import get_command, get_group_from_info
from typer.models import TyperInfo

from desktop.cli.output import announce, print_json
from desktop.cli.spoken_help import speak_help
from domain.messages import Message, message

_HERE = "desktop.cli"

VERBS = {
    "approve": ("act", "approve", Message("Sign an approval (or a rejection) at the gate ahead.")),
    "approve-many": ("approval", "approve_many", Message("Sign approvals of several items in one signing.")),
    "batch": ("batch", "batch", Message("Many commands with one unlock, each an act of its own.")),
    "close": ("act", "close", Message("Close an item, signed, and print its closure pack.")),
    "demo": ("demo", "demo", Message("The whole main job on the embedded sample, in a new folder.")),
}
"""Word, and the module and function that it calls, with its help."""

NOUNS = {
    "vault": (("vault",), Message("Make, check and sample vaults.")),
    "people": (("people",), Message("Who acts here, and as what.")),
    "process": (("process", "process_control"), Message("How work flows: the processes.")),
    "category": (("category",), Message("Categories of a process: proposed, approved, chosen from a day.")),
    "import": (("import_",), Message("Bring a legacy tracker in.")),
    "item": (("item", "item_requests", "item_can"), Message("Pieces of work.")),
    "evidence": (("evidence",), Message("Files that prove something.")),
    "approval": (("approval",), Message("Signatures: what waits, what was signed, questions before deciding.")),
    "urgent": (("urgent",), Message("The urgent path: one signature now, confirmed afterwards.")),
    "delegation": (("delegation",), Message("Delegations: who signs in whose place, until when.")),
    "alerts": (("alerts",), Message("What people have to hear of, and when it was raised.")),
    "report": (("report", "report_requests"), Message("Late work and breaches, with what they are made of.")),
    "calendar": (("calendar_",), Message("The working time of the site.")),
    "log": (("log",), Message("The signed log.")),
    "pack": (("pack",), Message("Closure packs.")),
    "self": (("self_",), Message("What rules ask, and what a vault shows for it.")),
    "diag": (("diag",), Message("For whoever helps: a bundle without content.")),
}
"""Word, and the modules whose commands stand under it, with its help."""

_JSON = "--json"
_HELP = {word: entry[-1] for word, entry in {**VERBS, **NOUNS}.items()}


def new_app(**settings: Any) -> typer.Typer:
    """A part of the command line, set as all of them are: plain help, plain errors, no completion scripts."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **settings)


class Nouns(TyperGroup):
    """The first words of the command line. Their help comes from the tables above, so that it loads nothing."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        speak_help(self)
        self.commands = _LoadedWhenAsked()

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 (the signature is typer's)
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 (same)
        **extra: Any,
    ) -> Any:
        """Run the command line. With `--json` a word or option that is not understood is an error in JSON too."""
        given = list(sys.argv[1:] if args is None else args)
        as_json = standalone_mode and _JSON in given
        try:
            ended = super().main(
                args if args is None else given,
                prog_name,
                complete_var,
                standalone_mode=standalone_mode and not as_json,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except ClickException as problem:
            if not as_json:
                raise
            _describe_usage(problem)
            sys.exit(problem.exit_code)
        except typer.Abort:
            if not as_json:
                raise
            sys.exit(1)
        return sys.exit(ended or 0) if as_json else ended

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the words with their help."""
        with formatter.section(message("Commands")):
            formatter.write_dl([(word, str(described)) for word, described in _HELP.items()])


class _LoadedWhenAsked(MutableMapping[str, Any]):
    """The commands by their words."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, word: str) -> Any:
        if word not in _HELP:
            raise KeyError(word)
        if word not in self._loaded:
            with _no_collecting():
                found = _verb(word) if word in VERBS else _noun(word)
            speak_help(found)
            self._loaded[word] = found
        return self._loaded[word]

    def __setitem__(self, word: str, command: Any) -> None:
        self._loaded[word] = command

    def __delitem__(self, word: str) -> None:
        del self._loaded[word]

    def __iter__(self) -> Iterator[str]:
        return iter(_HELP)

    def __len__(self) -> int:
        return len(_HELP)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Loading modules makes many objects and hardly any garbage; looking for it would take a tenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _verb(word: str) -> Any:
    module, function, _ = VERBS[word]
    app = new_app()
    app.command(word)(getattr(import_module(f"{_HERE}.{module}"), function))
    return get_command(app)


def _noun(word: str) -> Any:
    (first, *others), described = NOUNS[word]
    app = import_module(f"{_HERE}.{first}").app
    for module in others:
        app.add_typer(import_module(f"{_HERE}.{module}").app)
    return get_group_from_info(
        TyperInfo(app, name=word, help=str(described)),
        pretty_exceptions_short=False,
        suggest_commands=True,
        rich_markup_mode=None,
    )


def _describe_usage(problem: ClickException) -> None:
    """What was not understood: words on standard error, and the error as JSON on standard output."""
    what, context = problem.format_message(), getattr(problem, "ctx", None)
    where = context.command_path if context is not None else ""
    remedy = message("Type {where} --help to see how it is used.", where=where or "countersign")
    announce(f"countersign: {what} {remedy}")
    print_json({"error": {"kind": "UsageProblem", "what": what, "where": where, "remedy": remedy}})
