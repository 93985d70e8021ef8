"""Small wrong changes to a module, one at a time: what a test suite that means something must notice.

Only what a program does is changed: comparisons, conditions, numbers, byte strings, returned values, raised errors and
statements called for their effect. Words for people, type hints and docstrings are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


_Change = Callable[[], object]


class Mutant(NamedTuple):
    """A module's text with one thing wrong, the line it is in, and what was done there."""

    line: int
    what: str
    text: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    for number, (node, where) in enumerate(list(_places(tree))):
        for n, (what, _) in enumerate(_changes(node, where)):
            spoiled = copy.deepcopy(tree)
            target, role = list(_places(spoiled))[number]
            _, change = list(_changes(target, role))[n]
            change()
            yield Mutant(getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(spoiled)) + "\n")


class _Where(NamedTuple):
    """The statement list a node stands in, for statements; None inside expressions."""

    body: list[ast.stmt] | None
    place: int


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, _Where]]:
    """Nodes that run, outside type hints, docstrings, `__all__` and blocks for type checkers."""
    yield from _in_body(tree.body)


def _in_body(body: list[ast.stmt]) -> Iterator[tuple[ast.AST, _Where]]:
    for place, statement in enumerate(body):
        if isinstance(statement, ast.Import | ast.ImportFrom) or _is_for_readers(statement):
            continue
        yield statement, _Where(body, place)
        for field, value in ast.iter_fields(statement):
            if field in ("annotation", "returns", "type_params", "decorator_list", "args", "bases", "keywords"):
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _in_body(value)
            elif isinstance(value, list):
                for each in value:
                    if isinstance(each, ast.ExceptHandler | ast.match_case):
                        yield from _in_body(each.body)
                    elif isinstance(each, ast.AST):
                        yield from _in_expression(each)
            elif isinstance(value, ast.AST) and not isinstance(statement, ast.Raise):
                yield from _in_expression(value)


def _in_expression(node: ast.AST) -> Iterator[tuple[ast.AST, _Where]]:
    if isinstance(node, ast.JoinedStr):
        return
    yield node, _Where(None, 0)
    for child in ast.iter_child_nodes(node):
        yield from _in_expression(child)


def _is_for_readers(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    if isinstance(statement, ast.If) and isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING":
        return True
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id == "__all__"


def _changes(node: ast.AST, where: _Where) -> Iterator[tuple[str, _Change]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        yield "comparison turned", lambda: node.ops.__setitem__(0, _COMPARED[type(node.ops[0])]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or exchanged", lambda: setattr(node, "op", other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not taken away", lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        yield "operator exchanged", lambda: setattr(node, "op", _COUNTED[type(node.op)]())
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "constant turned", lambda: setattr(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield "number one more", lambda: setattr(node, "value", int(str(node.value)) + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        other_bytes = node.value + b"!"
        yield "bytes changed", lambda: setattr(node, "value", other_bytes)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "condition turned", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_nothing(node.value):
        yield "nothing returned", lambda: setattr(node, "value", ast.Constant(None))
    elif where.body is not None and isinstance(node, ast.Raise):
        yield "error not raised", lambda: _left_out(where)
    elif where.body is not None and isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call left out", lambda: _left_out(where)


def _is_nothing(node: ast.expr) -> bool:
    """What callers cannot know from None: False is turned elsewhere, and words are for people."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and not node.value)


def _left_out(where: _Where) -> None:
    assert where.body is not None
    where.body[where.place] = ast.Pass()
