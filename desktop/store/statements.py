"""Statements built with SQLAlchemy Core, compiled once and kept: a hot one costs what its text costs the driver."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Executable, bindparam, false, literal

from desktop.store.dialect import DIALECT


class Kept:
    """A statement with its text for the driver and the order in which its values are bound, compiled when first asked.

    `names` are the bound parameters in the order in which a caller gives their values (without them, in the order of
    the text); other values stand in the text. Results come as the driver gives them, without conversion.
    """

    __slots__ = ("_names", "_places", "_text", "statement")

    def __init__(self, statement: Executable, *names: str) -> None:
        self.statement = statement
        self._names = names
        self._text = ""
        self._places: tuple[int, ...] | None = None

    @property
    def text(self) -> str:
        """The text for the driver."""
        return self._text or self._compile()

    def _compile(self) -> str:
        text, order = compiled_for(self.statement, DIALECT)
        names = self._names or tuple(dict.fromkeys(order))
        if set(names) != set(order):
            raise ValueError(f"{sorted(order)} are bound, {sorted(names)} are given: {text}")
        if order != names:
            self._places = tuple(names.index(name) for name in order)
        self._text = text
        return text

    def values(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """The values in the order in which the text binds them."""
        places = self._places
        return given if places is None else tuple(given[at] for at in places)

    def on(self, sql: Any, *given: Any) -> Any:
        """Ask on the driver's connection or cursor; its cursor comes back."""
        return sql.execute(self._text or self._compile(), self.values(given))

    def through(self, connection: Connection, *given: Any) -> Any:
        """Ask through SQLAlchemy's connection: rows come one after the other, its events fire."""
        return connection.exec_driver_sql(self.text, self.values(given))

    def many_on(self, sql: Any, rows: Iterable[tuple[Any, ...]]) -> Any:
        """Carry it out for many rows of values, given in the order of the text."""
        return sql.executemany(self.text, rows)


def one_of(column: ColumnElement[str], *values: str) -> ColumnElement[bool]:
    """Whether a column holds one of a few values that stand in the statement."""
    return column.in_([literal(value) for value in values])


def given_in(column: ColumnElement[str], name: str, count: int) -> tuple[ColumnElement[bool], tuple[str, ...]]:
    """Whether a column holds one of `count` values that a caller gives, and the names these are bound by (none: no)."""
    if not count:
        return false(), ()
    names = tuple(f"{name}_{n}" for n in range(count))
    return column.in_([bindparam(each) for each in names]), names


class _InText:
    """What stands in a statement stands in its text: a bound constant would have the database plan it each time."""

    def visit_bindparam(self, bindparam: BindParameter[Any], **how: Any) -> str:
        """Bind what a caller gives, write everything else as a literal."""
        compiler: Any = super()
        if bindparam.required:
            return str(compiler.visit_bindparam(bindparam, **how))
        return str(compiler.render_literal_bindparam(bindparam, **how))


def compiled_for(statement: Executable, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """The text for a dialect that binds by place, and the names in the order in which it binds them."""
    compiled = type("_Compiler", (_InText, dialect.statement_compiler), {})(dialect, statement)
    return str(compiled), tuple(compiled.positiontup or ())
