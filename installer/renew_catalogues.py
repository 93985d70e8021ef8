"""Bring the message catalogues up to date with the code: `python installer/renew_catalogues.py [LANGUAGE...]`.

Every call of `message`, `plural_message`, `Message` and `obstacle` names some, and so does the help of the command
line: the docstring of every function that is a command, and `help` of its arguments and options. They are gathered
into `locale/countersign.pot`; each catalogue gets those it lacks, loses those that no code names, and is compiled. A
language that is named and has no catalogue yet begins one. Of the domain's messages the id is a name; their English
text stands above them as a comment. Needs Babel, which belongs to the requirements for tests.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from resources.texts.catalogue import ENGLISH, LOCALE, NAME  # noqa: E402 (the project need not be installed)

ROOMS: Final = ("domain", "ui", "desktop")
FUNCTIONS: Final = frozenset({"message", "Message", "plural_message", "obstacle"})
"""What names messages; an obstacle is named by its rule, and has a text and a remedy."""
COMMAND_LINE: Final = ("desktop/cli", "desktop/__main__.py")
"""Where help of the command line stands."""
REGISTERS: Final = frozenset({"command", "callback"})
"""What makes a command of a function: as its decorator, or called with it."""


def calls(source: str) -> Iterator[ast.Call]:
    """The calls of a source file that name messages; also those within another one, which Babel's reader misses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield node


def messages_of(call: ast.Call) -> list[str | tuple[str, str]]:
    """The ids of the messages that a call names, a singular with its plural; none where they are not written out."""
    ids = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    function = call.func.id if isinstance(call.func, ast.Name) else ""
    if function == "plural_message":
        return [(ids[0], ids[1])] if len(ids) > 1 else []
    if function == "obstacle":
        return [".".join((ids[0], part, *ids[1:2])) for part in ("text", "remedy")] if ids else []
    return [*ids[:1]]


def command_line_sources() -> Iterator[tuple[str, ast.Module]]:
    """The modules of the command line by their names, parsed."""
    for place in COMMAND_LINE:
        found = ROOT / place
        for file in sorted(found.rglob("*.py")) if found.is_dir() else (found,):
            yield file.stem, ast.parse(file.read_text(encoding="utf-8"))


def help_texts(sources: Iterable[tuple[str, ast.Module]]) -> Iterator[str]:
    """The help of a command line: of commands, arguments and options, as it is spoken."""
    modules = dict(sources)
    registered = set(commands_in_tables(modules))
    for module, tree in modules.items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Call(func=ast.Attribute(attr=attr)), args=[named]) if attr in REGISTERS:
                    registered.add(place_of(named, module))
                case ast.keyword(arg="help", value=ast.Constant(value=str(text))):
                    yield inspect.cleandoc(text)
                case _:
                    pass
    for module, tree in modules.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and ((module, node.name) in registered or is_command(node)):
                yield ast.get_docstring(node) or ""


def is_command(function: ast.FunctionDef) -> bool:
    """Whether a decorator makes the function a command."""
    made = (each.func for each in function.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Attribute) and each.attr in REGISTERS for each in made)


def place_of(named: ast.expr, module: str) -> tuple[str, str]:
    """The module and the function that an expression in a module names."""
    match named:
        case ast.Attribute(value=ast.Name(id=other), attr=function):
            return other, function
        case ast.Name(id=function):
            return module, function
    return module, ""


def commands_in_tables(modules: Mapping[str, ast.Module]) -> Iterator[tuple[str, str]]:
    """The commands that the first words of the command line name: (module, function, help)."""
    for node in ast.walk(modules["nouns"]) if "nouns" in modules else ():
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(module)), ast.Constant(value=str(function)), ast.Call()]):
                yield module, function
            case _:
                pass


def gathered() -> Catalog:
    """Every message that the code names, without places in files: those would change with every line."""
    found = Catalog(project="Countersign", charset="utf-8")
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for call in calls(file.read_text(encoding="utf-8")):
                for named in messages_of(call):
                    found.add(named)
    for text in help_texts(command_line_sources()):
        if text:
            found.add(text)
    return found


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file; an empty one where there is none."""
    source = po_file(language)
    if not source.exists():
        return Catalog(locale=language, project="Countersign")
    with source.open("rb") as text:
        return read_po(text, locale=language)


def po_file(language: str) -> Path:
    """Where the texts of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / f"{NAME}.po"


class _Compiled(Catalog):
    """A catalogue whose head says what a reader needs, and not which Babel wrote it on which day."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue in the form that gettext reads; the same bytes with every version of Babel."""
    plain = _Compiled(locale=catalogue.locale)
    for each in catalogue:
        if each.id and not lacks_text(each):
            plain.add(each.id, each.string)
    made = io.BytesIO()
    write_mo(made, plain)
    return made.getvalue()


def is_a_name(message_id: object) -> bool:
    """Whether a message is named rather than written out: the domain's are."""
    first = message_id[0] if isinstance(message_id, (tuple, list)) else message_id
    return isinstance(first, str) and " " not in first and "." in first.rstrip(".")


def lacks_text(each: Message) -> bool:
    """Whether a message of a catalogue has no text, or not one for each of its plurals."""
    return not all(each.string) if isinstance(each.string, (tuple, list)) else not each.string


def main() -> int:
    """Renew all catalogues. Returns the exit code: 1 where English lacks a text."""
    template, english = gathered(), read(ENGLISH)
    for each in template:
        known = english.get(each.id) if each.id and is_a_name(each.id) else None
        if known is not None and not lacks_text(known):
            each.auto_comments = [known.string if isinstance(known.string, str) else known.string[-1]]
    languages = {ENGLISH, *sys.argv[1:], *(each.name for each in LOCALE.iterdir() if each.is_dir())}
    for language in sorted(languages):
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        if language == ENGLISH:
            # What is written out in English in the code needs no English text.
            for message_id in [each.id for each in catalogue if each.id and not is_a_name(each.id)]:
                catalogue.delete(message_id)
        for each in catalogue:
            each.auto_comments = [] if language == ENGLISH else each.auto_comments
        target = po_file(language)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, omit_header=False, ignore_obsolete=True)
        target.with_suffix(".mo").write_bytes(compiled(catalogue))
    missing = [each.id for each in read(ENGLISH) if each.id and lacks_text(each)]
    for message_id in missing:
        print(f"{po_file(ENGLISH).relative_to(ROOT)}: no English text for {message_id}", file=sys.stderr)
    with (LOCALE / f"{NAME}.pot").open("wb") as file:
        write_po(file, template, width=120, sort_output=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
