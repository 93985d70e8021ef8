"""Texts for people can be found by the translators' tool: plain literals, never put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "ui"
FILES = sorted(UI.rglob("*.py"))
SETTERS = {"setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setAccessibleName", "addTab", "setTitle"}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(UI).as_posix())
def test_what_is_translated_is_a_literal(file: Path) -> None:
    wrong = []
    for name, call in calls(file):
        if name == "tr" and not is_literal(call.args[0]):
            wrong.append(call.lineno)
        if name in {"translate", "_tr"} and len(call.args) > 1:
            shown_later = isinstance(call.args[1], ast.Attribute | ast.Name) and file.name in {
                "actions.py",
                "conditions.py",
                "main_window.py",
            }  # the texts of the command table are marked where they stand
            if not is_literal(call.args[1]) and not shown_later:
                wrong.append(call.lineno)
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(UI).as_posix())
def test_no_words_are_shown_without_being_translatable(file: Path) -> None:
    wrong = [
        (call.lineno, argument.value)
        for name, call in calls(file)
        if name in SETTERS
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and any(letter.isalpha() for letter in argument.value)
    ]
    assert wrong == []
