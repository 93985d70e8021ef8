"""Filters of lists and reports: a value that nothing can have is an error that names those there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
import typer

from domain.errors import UsageProblem
from domain.messages import message
from domain.ports import Register
from domain.process.decode import decode_process
from domain.rules.fields import is_day

FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
"""What stands for a side that was left open."""
FromDay = Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day.")]
ToDay = Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day, itself included.")]


class DayRange(msgspec.Struct, frozen=True, kw_only=True):
    """Days from `first` to `last`, both included, as ISO days; "" leaves that side open."""

    first: str = ""
    last: str = ""

    def __contains__(self, moment: object) -> bool:
        """Whether the day of an ISO day or instant lies here; an unknown day ("") lies in the open range only."""
        day = str(moment)[:10]
        if not day:
            return not self
        return (not self.first or self.first <= day) and (not self.last or day <= self.last)

    def __bool__(self) -> bool:
        """Whether it keeps anything out."""
        return bool(self.first or self.last)


def day_range(first: str, last: str) -> DayRange:
    """The range that --from and --to name.

    Raises:
        UsageProblem: a value is no day, or the range ends before it begins.
    """
    for option, day in (("--from", first), ("--to", last)):
        if day and not is_day(day):
            raise UsageProblem(
                message("{day!r} is no day.", day=day), where=option, remedy=message("Give a day as 2026-11-30.")
            )
    if first and last and last < first:
        raise UsageProblem(
            message("The days end before they begin: {first} to {last}.", first=first, last=last),
            where="--to",
            remedy=message("Exchange --from and --to."),
        )
    return DayRange(first=first, last=last)


def must_be_known(value: str, known: Iterable[str], *, option: str) -> None:
    """Go on only when a filter is left out, or has a value that something can have.

    Raises:
        UsageProblem: it has another one; those there are are named.
    """
    if not value:
        return
    choices = list(dict.fromkeys(known))
    if value not in choices:
        raise UsageProblem(
            message("Nothing here is called {value!r}.", value=value),
            where=option,
            remedy=message("Use one of: {list}.", list=", ".join(choices) or message("none there are")),
        )


def processes_of(register: Register) -> list[str]:
    """The ids of all processes of a vault."""
    return sorted({each.process for each in register.process_versions()})


def must_be_process(register: Register, process: str) -> None:
    """Go on only when no process is named, or one of the vault.

    Raises:
        UsageProblem: it has none of this id.
    """
    must_be_known(process, processes_of(register), option="--process")


def must_be_step(register: Register, step: str, process: str = "") -> None:
    """Go on only when no step is named, or one of any version of the process ("" = of any process).

    Raises:
        UsageProblem: none has it.
    """
    if not step:
        return
    versions = [each for each in register.process_versions() if process in ("", each.process)]
    known = (each.id for version in versions for each in decode_process(version.definition).steps)
    must_be_known(step, known, option="--step")
