"""Rules ask the law's tables about text, never those of the Python that runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain

HOME = Path(domain.__file__).parent
ROOMS = ("rules", "commands", "process", "replay", "law")
FORBIDDEN = {
    "casefold",
    "isalnum",
    "isalpha",
    "isdecimal",
    "isidentifier",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "swapcase",
    "upper",
}
MODULES = {"unicodedata", "locale", "random", "secrets", "time"}
WITHOUT_TABLES = {"word_of"}
"""Functions that make small letters of the program's own words only."""


def _found(tree: ast.Module) -> Iterator[str]:
    mine = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef) and outer.name in WITHOUT_TABLES
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {each.name for each in node.names} | {getattr(node, "module", None) or ""}
            yield from sorted(names & MODULES)
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\\[dwsb](?![a-z])", node.value)
        ):
            yield f"pattern {node.value}"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node in mine:
            continue
        name, bare = node.func.attr, not node.args
        if name in FORBIDDEN or (name == "lower" and bare) or (name == "strip" and bare and not _is_own(node.func)):
            yield f"{name} in line {node.lineno}"


def _is_own(function: ast.Attribute) -> bool:
    """Text that the code itself puts together, at whose ends no other white space than its own can be."""
    return isinstance(function.value, ast.JoinedStr)


@pytest.mark.parametrize("room", ROOMS)
def test_no_rule_asks_the_tables_of_this_python(room: str) -> None:
    files = sorted((HOME / room).glob("*.py"))
    assert files
    assert {file.name: found for file in files if (found := list(_found(ast.parse(file.read_text("utf-8")))))} == {}


@pytest.mark.parametrize(
    "line",
    ["a.casefold()", "a.strip()", "import unicodedata", "re.compile(r'\\d+')", "a.lower()", "f(b.isprintable())"],
)
def test_what_would_ask_them_is_found(line: str) -> None:
    assert list(_found(ast.parse(line)))
