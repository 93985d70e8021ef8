"""Small wrong changes to a module of rules or commands, each named by its line, made one at a time when asked for.

Finer than `mutants`: conditions are made always true or always false, parts of a condition, elements of a tuple and
named arguments are left out, words that the program reads (ids of rules, states, kinds) are changed. Words for people
and the messages they come from, type hints, docstrings, imports, assertions and the arguments of an error are left
alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

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
FOR_PEOPLE = {"text", "remedy"}
"""Arguments and variables that hold words for people."""
MESSAGES = {"message", "plural_message", "Message"}
"""Calls that are words for people wherever they stand: the id of a message and what fills its places."""
OBSTACLE, OF_OBSTACLE = "obstacle", {"about", "responsible"}
"""Of a call that makes an obstacle, its rule's id and these arguments are no words: the case of the rule and what is
given besides choose and fill its texts.
"""
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


_Found = tuple[_Statement, ast.AST, str, Change]
_What = Iterator[tuple[str, Change]]


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


def _changes(tree: ast.Module) -> Iterator[_Found]:
    yield from _in_body(tree.body, level="<module>", returns="")


def _in_body(body: list[ast.stmt], *, level: str, returns: str) -> Iterator[_Found]:
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
            if field not in NOT_RUN and field != "target":
                yield from _in_field(statement, value, level=inner, returns=gives)


def _in_field(statement: _Statement, value: object, *, level: str, returns: str) -> Iterator[_Found]:
    """What a part of a statement holds: statements, handlers, cases, expressions."""
    parts = value if isinstance(value, list) else [value]
    if parts and isinstance(parts[0], ast.stmt):
        yield from _in_body(parts, level=level, returns=returns)
        return
    for each in parts:
        if isinstance(each, ast.ExceptHandler | ast.match_case):
            yield from _in_body(each.body, level=level, returns=returns)
        elif isinstance(each, ast.expr):
            yield from _in_expression(statement, each)


def _of_several_names(node: ast.stmt) -> list[ast.expr] | None:
    """The values of an assignment to as many names: one value fewer is no change that could go unseen."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        return node.value.elts
    return None


def _in_expression(statement: _Statement, node: ast.AST) -> Iterator[_Found]:
    if isinstance(node, ast.JoinedStr) or _is_message(node):
        return
    for what, change in _of_expression(node):
        yield statement, node, what, change
    for field, value in ast.iter_fields(node):
        if field in NOT_RUN and not isinstance(node, ast.Call):
            continue
        if field == "args" and _makes_obstacle(node):
            value = value[:2]  # noqa: PLW2901 (the facts and the rule's id)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.keyword) and _is_for_people(node, each):
                continue
            if isinstance(each, ast.keyword):
                yield from _in_expression(statement, each.value)
            elif isinstance(each, ast.expr | ast.comprehension):
                yield from _in_expression(statement, each)


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MESSAGES


def _makes_obstacle(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == OBSTACLE


def _is_for_people(call: ast.AST, given: ast.keyword) -> bool:
    return given.arg not in OF_OBSTACLE if _makes_obstacle(call) else given.arg in FOR_PEOPLE


def _is_for_readers(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in {"__all__", *FOR_PEOPLE}


def _of_statement(statement: _Statement) -> _What:
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


def _of_expression(node: ast.AST) -> _What:
    for kind, changes in _BY_KIND.items():
        if isinstance(node, kind):
            yield from changes(node)


def _of_compare(node: ast.Compare) -> _What:
    for n, each in enumerate(node.ops):
        if (other := COMPARED.get(type(each))) is not None:
            yield f"becomes {other.__name__}", lambda n=n, other=other: node.ops.__setitem__(n, other())


def _of_and_or(node: ast.BoolOp) -> _What:
    is_and = isinstance(node.op, ast.And)
    yield f"becomes {'or' if is_and else 'and'}", lambda: setattr(node, "op", ast.Or() if is_and else ast.And())
    for n, part in enumerate(node.values):
        neutral = ast.Constant(is_and)
        yield _left_out(part), lambda n=n, neutral=neutral: node.values.__setitem__(n, neutral)


def _of_not(node: ast.UnaryOp) -> _What:
    if isinstance(node.op, ast.Not):
        yield "not dropped", lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _of_sum(node: ast.BinOp) -> _What:
    if type(node.op) in COUNTED:
        yield "operator exchanged", lambda: setattr(node, "op", COUNTED[type(node.op)]())


def _of_choice(node: ast.IfExp) -> _What:
    yield "condition always false", lambda: setattr(node, "test", ast.Constant(False))
    yield "condition always true", lambda: setattr(node, "test", ast.Constant(True))


def _of_comprehension(node: ast.comprehension) -> _What:
    for n, part in enumerate(node.ifs):
        yield f"condition {_left_out(part)}", lambda n=n: node.ifs.__setitem__(n, ast.Constant(True))


def _of_display(node: ast.Tuple | ast.List | ast.Set) -> _What:
    if not isinstance(getattr(node, "ctx", None), ast.Store):
        for n, part in enumerate(node.elts):
            yield _left_out(part), lambda n=n: node.elts.pop(n)


def _left_out(part: ast.expr) -> str:
    return f"left out: {ast.unparse(part)[:60]}"


def _of_constant(node: ast.Constant) -> _What:
    value = node.value
    if isinstance(value, bool):
        yield f"becomes {not value}", lambda: setattr(node, "value", not value)
    elif isinstance(value, int):
        yield f"becomes {value + 1}", lambda: setattr(node, "value", value + 1)
    elif isinstance(value, str) and " " not in value:
        yield f"becomes {value + '_x'!r}", lambda: setattr(node, "value", value + "_x")


def _of_call(node: ast.Call) -> _What:
    if isinstance(node.func, ast.Name) and node.func.id in EXCHANGED:
        other = ast.Name(EXCHANGED[node.func.id], ast.Load())
        yield f"becomes {other.id}", lambda: setattr(node, "func", other)
    for n, part in enumerate(node.keywords):
        if not _is_for_people(node, part):
            yield f"argument left out: {part.arg or '**'}", lambda n=n: node.keywords.pop(n)
    for n, each in enumerate(node.args):
        if isinstance(each, ast.Starred):
            yield f"argument left out: {ast.unparse(each)[:60]}", lambda n=n: node.args.pop(n)


_BY_KIND: dict[Any, Callable[[Any], _What]] = {
    ast.Compare: _of_compare,
    ast.BoolOp: _of_and_or,
    ast.UnaryOp: _of_not,
    ast.BinOp: _of_sum,
    ast.IfExp: _of_choice,
    ast.comprehension: _of_comprehension,
    ast.Constant: _of_constant,
    ast.Tuple | ast.List | ast.Set: _of_display,
    ast.Call: _of_call,
}
