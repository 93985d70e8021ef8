"""Write the schema that this program declares, as the frozen text of its store format.

Run it only while a format has not been given to anyone: afterwards a change of the schema is a migration.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from desktop.store.engine import STORE_FORMAT  # noqa: E402 (the project is found first)
from desktop.store.tables import schema_statements  # noqa: E402 (same)


def declared() -> str:
    """Every statement that makes an empty store, one a line."""
    return "".join(f"{statement};\n" for statement in schema_statements())


def frozen_file(number: int = STORE_FORMAT) -> Path:
    """The file with the frozen schema of a format."""
    return HERE / f"schema_v{number}.sql"


if __name__ == "__main__":
    frozen_file().write_text(declared(), encoding="utf-8")
    print(frozen_file().name)
