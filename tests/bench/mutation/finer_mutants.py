"""Small wrong changes to a module of rules or commands, each named by its line, made one at a time when asked for.

Finer than `mutants`: conditions are made always true or always false, parts of a condition, elements of a tuple and
named arguments are left out, words that the program reads (ids of rules, states, kinds) are changed. Words for people,
type hints, docstrings, imports, assertions and the arguments of an error are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
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
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
EXCHANGED = {"any": "all", "all": "any", "min": "max", "max": "min"}
FOR_PEOPLE = {"text", "cure"}
"""Arguments and variables that hold words for people."""
NOT_RUN = ("annotation", "returns", "type_params", "decorator_list", "args", "bases", "keywords", "slice", "msg", "exc")
Change = Callable[[], object]


class Site(NamedTuple):
    """One change that can be made to a module: where, which statement it is in (first and last line), and what."""

    number: int
    line: int
    first: int
    last: int
    level: str
    names: tuple[str, ...]
    before: str
    what: str


class _Statement(NamedTuple):
    node: ast.stmt
    body: list[ast.stmt]
    place: int
    level: str
    returns: str


def sites(source: str) -> list[Site]:
    """Every change that can be made, in the order of the text."""
    return [_site(n, *each[:3]) for n, each in enumerate(_changes(ast.parse(source)))]


def mutated(source: str, number: int) -> ast.Module:
    """The module with the change of this number made."""
    tree = ast.parse(source)
    for n, (_, _, _, change) in enumerate(_changes(tree)):
        if n == number:
            change()
            return ast.fix_missing_locations(tree)
    raise LookupError(number)


def _site(number: int, statement: _Statement, node: ast.AST, what: str) -> Site:
    stmt = statement.node
    inner = getattr(stmt, "body", None)
    last = inner[0].lineno - 1 if isinstance(inner, list) and inner else stmt.end_lineno or stmt.lineno
    first = stmt.lineno
    names: tuple[str, ...] = ()
    if statement.level:
        targets = stmt.targets if isinstance(stmt, ast.Assign) else [getattr(stmt, "target", None)]
        names = tuple(each.id for each in targets if isinstance(each, ast.Name))
    line = getattr(node, "lineno", first)
    return Site(number, line, first, max(first, last), statement.level, names, ast.unparse(node)[:100], what)


def _changes(tree: ast.Module) -> Iterator[tuple[_Statement, ast.AST, str, Change]]:
    yield from _in_body(tree.body, level="<module>", returns="")


def _in_body(body: list[ast.stmt], *, level: str, returns: str) -> Iterator[tuple[_Statement, ast.AST, str, Change]]:
    for place, node in enumerate(list(body)):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert) or _is_for_readers(node):
            continue
        statement = _Statement(node, body, place, level, returns)
        for what, change in _of_statement(statement):
            yield statement, node, what, change
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            for each in node.value.elts:  # one value fewer than there are names is no change that could go unseen
                yield from _in_expression(statement, each)
            continue
        inner, gives = level, returns
        if isinstance(node, ast.ClassDef):
            inner = node.name
        elif isinstance(node, ast.FunctionDef):
            inner, gives = "", ast.unparse(node.returns) if node.returns else ""
        for field, value in ast.iter_fields(node):
            if field in NOT_RUN:
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _in_body(value, level=inner, returns=gives)
            elif isinstance(value, list):
                for each in value:
                    if isinstance(each, ast.ExceptHandler | ast.match_case):
                        yield from _in_body(each.body, level=inner, returns=gives)
                    elif isinstance(each, ast.expr):
                        yield from _in_expression(statement, each)
            elif isinstance(value, ast.expr) and field != "target":
                yield from _in_expression(statement, value)


def _in_expression(statement: _Statement, node: ast.AST) -> Iterator[tuple[_Statement, ast.AST, str, Change]]:
    if isinstance(node, ast.JoinedStr):
        return
    for what, change in _of_expression(node):
        yield statement, node, what, change
    for field, value in ast.iter_fields(node):
        if field in NOT_RUN and not isinstance(node, ast.Call):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.keyword) and each.arg in FOR_PEOPLE:
                continue
            if isinstance(each, ast.keyword):
                yield from _in_expression(statement, each.value)
            elif isinstance(each, ast.expr | ast.comprehension):
                yield from _in_expression(statement, each)


def _is_for_readers(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in {"__all__", *FOR_PEOPLE}


def _of_statement(statement: _Statement) -> Iterator[tuple[str, Change]]:
    node, body, place = statement.node, statement.body, statement.place
    never = ast.If(test=ast.Constant(False), body=[node], orelse=[])
    if isinstance(node, ast.Raise):
        yield "error not raised", lambda: body.__setitem__(place, ast.Pass())
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield "statement left out", lambda: body.__setitem__(place, never)
    elif isinstance(node, ast.If | ast.While):
        yield "condition always false", lambda: setattr(node, "test", ast.Constant(False))
        if isinstance(node, ast.If):
            yield "condition always true", lambda: setattr(node, "test", ast.Constant(True))
    elif isinstance(node, ast.Return) and node.value is not None:
        other = _another_answer(node.value, statement.returns)
        if other is not None:
            yield f"returns {ast.unparse(other)[:40]}", lambda: setattr(node, "value", other)


def _another_answer(value: ast.expr, returns: str) -> ast.expr | None:
    """Another value of the kind the function gives; None where there is none that differs."""
    if returns.startswith("tuple[") and returns.endswith("...]"):
        return None if ast.unparse(value) == "()" else ast.Tuple(elts=[], ctx=ast.Load())
    if returns == "bool" and not isinstance(value, ast.Constant):
        return ast.UnaryOp(ast.Not(), value)
    if returns.endswith("| None") and not (isinstance(value, ast.Constant) and value.value is None):
        return ast.Constant(None)
    return None


def _of_expression(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for n, each in enumerate(node.ops):
            if (other := COMPARED.get(type(each))) is not None:
                yield f"becomes {other.__name__}", lambda n=n, other=other: node.ops.__setitem__(n, other())
    elif isinstance(node, ast.BoolOp):
        is_and = isinstance(node.op, ast.And)
        yield f"becomes {'or' if is_and else 'and'}", lambda: setattr(node, "op", ast.Or() if is_and else ast.And())
        for n, part in enumerate(node.values):
            neutral = ast.Constant(is_and)
            what = f"left out: {ast.unparse(part)[:60]}"
            yield what, lambda n=n, neutral=neutral: node.values.__setitem__(n, neutral)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield "operator exchanged", lambda: setattr(node, "op", COUNTED[type(node.op)]())
    elif isinstance(node, ast.IfExp):
        yield "condition always false", lambda: setattr(node, "test", ast.Constant(False))
        yield "condition always true", lambda: setattr(node, "test", ast.Constant(True))
    elif isinstance(node, ast.comprehension):
        for n, part in enumerate(node.ifs):
            what = f"condition left out: {ast.unparse(part)[:60]}"
            yield what, lambda n=n: node.ifs.__setitem__(n, ast.Constant(True))
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set) and not isinstance(getattr(node, "ctx", None), ast.Store):
        for n, part in enumerate(node.elts):
            yield f"left out: {ast.unparse(part)[:60]}", lambda n=n: node.elts.pop(n)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"becomes {not value}", lambda: setattr(node, "value", not value)
    elif isinstance(value, int):
        yield f"becomes {value + 1}", lambda: setattr(node, "value", value + 1)
    elif isinstance(value, str) and " " not in value:
        yield f"becomes {value + '_x'!r}", lambda: setattr(node, "value", value + "_x")


def _of_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    if isinstance(node.func, ast.Name) and node.func.id in EXCHANGED:
        other = ast.Name(EXCHANGED[node.func.id], ast.Load())
        yield f"becomes {other.id}", lambda: setattr(node, "func", other)
    for n, part in enumerate(node.keywords):
        if part.arg not in FOR_PEOPLE:
            yield f"argument left out: {part.arg or '**'}", lambda n=n: node.keywords.pop(n)
    for n, each in enumerate(node.args):
        if isinstance(each, ast.Starred):
            yield f"argument left out: {ast.unparse(each)[:60]}", lambda n=n: node.args.pop(n)
