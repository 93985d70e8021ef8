"""The words after `countersign`: which module answers to each. A module is loaded when its word is typed."""

from __future__ import annotations

import gc
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group_from_info
from typer.models import TyperInfo

from domain.messages import message

_HERE = "desktop.cli"

VERBS = {
    "approve": ("act", "approve", message("Sign an approval (or a rejection) at the gate ahead.")),
    "approve-many": ("approval", "approve_many", message("Sign approvals of several items in one signing.")),
    "batch": ("batch", "batch", message("Many commands with one unlock, each an act of its own.")),
    "close": ("act", "close", message("Close an item, signed, and print its closure pack.")),
    "demo": ("demo", "demo", message("The whole main job on the embedded sample, in a new folder.")),
}
"""Word, and the module and function that it calls, with its help."""

NOUNS = {
    "vault": (("vault",), message("Make, check and sample vaults.")),
    "people": (("people",), message("Who acts here, and as what.")),
    "process": (("process", "process_control"), message("How work flows: the processes.")),
    "category": (("category",), message("Categories of a process: proposed, approved, chosen from a day.")),
    "import": (("import_",), message("Bring a legacy tracker in.")),
    "item": (("item", "item_requests", "item_can"), message("Pieces of work.")),
    "evidence": (("evidence",), message("Files that prove something.")),
    "approval": (("approval",), message("Signatures: what waits, what was signed, questions before deciding.")),
    "urgent": (("urgent",), message("The urgent path: one signature now, confirmed afterwards.")),
    "delegation": (("delegation",), message("Delegations: who signs in whose place, until when.")),
    "alerts": (("alerts",), message("What people have to hear of, and when it was raised.")),
    "report": (("report", "report_requests"), message("Late work and breaches, with what they are made of.")),
    "calendar": (("calendar_",), message("The working time of the site.")),
    "log": (("log",), message("The signed log.")),
    "pack": (("pack",), message("Closure packs.")),
    "self": (("self_",), message("What rules ask, and what a vault shows for it.")),
    "diag": (("diag",), message("For whoever helps: a bundle without content.")),
}
"""Word, and the modules whose commands stand under it, with its help."""

_HELP = {word: entry[-1] for word, entry in {**VERBS, **NOUNS}.items()}


def new_app(**settings: Any) -> typer.Typer:
    """A part of the command line, set as all of them are: plain help, plain errors, no completion scripts."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **settings)


class Nouns(TyperGroup):
    """The first words of the command line. Their help comes from the tables above, so that it loads nothing."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _LoadedWhenAsked()

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the words with their help."""
        with formatter.section(message("Commands")):
            formatter.write_dl(list(_HELP.items()))


class _LoadedWhenAsked(MutableMapping[str, Any]):
    """The commands by their words."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, word: str) -> Any:
        if word not in _HELP:
            raise KeyError(word)
        if word not in self._loaded:
            with _no_collecting():
                self._loaded[word] = _verb(word) if word in VERBS else _noun(word)
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
    module, function, described = VERBS[word]
    app = new_app()
    app.command(word, help=described)(getattr(import_module(f"{_HERE}.{module}"), function))
    return get_command(app)


def _noun(word: str) -> Any:
    (first, *others), described = NOUNS[word]
    app = import_module(f"{_HERE}.{first}").app
    for module in others:
        app.add_typer(import_module(f"{_HERE}.{module}").app)
    return get_group_from_info(
        TyperInfo(app, name=word, help=described),
        pretty_exceptions_short=False,
        suggest_commands=True,
        rich_markup_mode=None,
    )
