"""When a due day is locked: from then on only an extension moves it, by whatever entrance."""

from __future__ import annotations

from domain.process.definition import ProcessVersion
from domain.records.item import ItemFile


def due_is_locked(file: ItemFile, process: ProcessVersion, today: str) -> bool:
    """Whether the due day is moved by an extension only: from the first time the item came to the step named, and once
    the day has passed, wherever it came from; `today` is the ISO day at the site ("" = nothing has passed).

    A day that was never given is given without one.
    """
    rule, due = process.extension, file.item.due
    if rule is None or not due:
        return False
    return (
        due < today
        or rule.locked_from in (process.first_step, file.item.step)
        or any(each.to_step == rule.locked_from for each in file.transition_records)
    )
