"""The schema as declared, as frozen, and the step between: what two formats of the store differ by.

    python tests/golden/frozen_schema.py

writes the step to the newest format anew. Run it after every change of the tables while that format is open.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(PROJECT))

from desktop.store.engine import STORE_FORMAT  # noqa: E402 (the project is found first)
from desktop.store.tables import schema_statements  # noqa: E402 (same)


def declared() -> str:
    """Every statement that makes an empty store, one a line."""
    return "".join(f"{statement};\n" for statement in schema_statements())


def step_to(number: int = STORE_FORMAT) -> str:
    """Every statement by which the declared tables differ from the frozen schema of the format before.

    Tables and indexes that were changed rather than added cannot be said like this: the migration would refuse.
    """
    before = set(frozen_file(number - 1).read_text(encoding="utf-8").splitlines())
    return "".join(f"{line}\n" for line in declared().splitlines() if line not in before)


def write_step() -> None:
    """Write the statements that lead to the newest format from the one before."""
    if STORE_FORMAT > 1:
        step_file().write_text(step_to(), encoding="utf-8")
        print(f"The step to format {STORE_FORMAT} is written.")


def step_file(number: int = STORE_FORMAT) -> Path:
    """The file with the statements of the step to a format."""
    return PROJECT / "desktop" / "store" / "migrations" / f"m{number:04}.sql"


def is_open(number: int = STORE_FORMAT) -> bool:
    """Whether a format is not frozen yet: its schema may still change."""
    return not frozen_file(number).exists()


def frozen_file(number: int = STORE_FORMAT) -> Path:
    """The file with the frozen schema of a format."""
    return HERE / f"schema_v{number}.sql"


if __name__ == "__main__":
    write_step()
