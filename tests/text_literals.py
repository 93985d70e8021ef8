"""Which literals of a source file are text for people, as far as their form shows, and which the catalogue holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

SAID_BY: Final = frozenset({"message", "Message", "plural_message", "obstacle"})
"""The functions that name a message of the catalogue."""
_PROGRAMMERS: Final = frozenset(
    {
        "ValueError",
        "TypeError",
        "KeyError",
        "AssertionError",
        "RuntimeError",
        "LookupError",
        "IndexError",
    }
)
"""Errors that only a fault of the program raises: no person is meant to read them."""
_NAMES: Final = frozenset({"TypeVar", "NewType", "ContextVar", "getLogger", "compile", "cast"})
"""Calls whose literals are names or patterns."""
_SENTENCE: Final = re.compile(r"[A-Za-z]+[,:;.’']? [A-Za-z(“'‘][A-Za-z]*")
_WORD: Final = re.compile(r"[A-Z][a-z]+[.:!?…]?")
_BESIDE_A_VALUE: Final = re.compile(r"(?:^|[ (“'‘])[A-Za-z]{2,}(?:[ :.,;)!?…’']|$)")
_TECHNICAL: Final = re.compile(
    r"^(?:SELECT|INSERT|PRAGMA|CREATE|UPDATE|ATTACH|DETACH|BEGIN|DELETE|DROP|ALTER|COMMIT|ROLLBACK|VACUUM)\b"
    r"|BEGIN SELECT|= \?|CROSS JOIN|^<\?|^countersign[ /-]|^[^ ]*\\[WwdSs]"
)


class Literal(msgspec.Struct, frozen=True):
    """A literal with its line; `text` has {} where an f-string has a value."""

    line: int
    text: str


def is_text(text: str) -> bool:
    """Whether a literal reads like text for people: words in a row, a word beside a value, or a word with a capital."""
    if _TECHNICAL.search(text):
        return False
    beside = "{}" in text and " " in text and _BESIDE_A_VALUE.search(text)
    return bool(_SENTENCE.search(text) or _WORD.fullmatch(text) or beside)


def text_outside_the_catalogue(source: str) -> Iterator[Literal]:
    """The literals that read like text for people and are no message: neither docstrings nor annotations nor names."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if is_text(text) and not _stands_apart(node, parents):
            yield Literal(node.lineno, text)


def _stands_apart(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while node in parents:
        inner, node = node, parents[node]
        if _sets_apart(node, inner):
            return True
    return False


def _sets_apart(node: ast.AST, inner: ast.AST) -> bool:
    """Whether what stands in this part of a node is no text of its own: documentation, a message, a name, a key."""
    if isinstance(node, ast.Call):
        return inner is not node.func and _called(node) in SAID_BY | _PROGRAMMERS | _NAMES
    whole = isinstance(node, (ast.Expr, ast.JoinedStr, ast.Compare, ast.arg, ast.MatchValue))
    help_text = isinstance(node, ast.keyword) and node.arg in {"help", "metavar"}
    annotation = inner is getattr(node, "annotation", None) or inner is getattr(node, "returns", None)
    key = (isinstance(node, ast.Dict) and inner in node.keys) or (
        isinstance(node, ast.Subscript) and inner is node.slice
    )
    exported = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    asserted = isinstance(node, ast.Assert) and inner is node.msg
    return whole or help_text or annotation or key or exported or asserted


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def sources(root: Path, *rooms: str) -> Iterator[Path]:
    """The source files of some rooms."""
    for room in rooms:
        yield from sorted((root / room).rglob("*.py"))
