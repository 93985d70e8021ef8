"""The processes shipped with this program, from `resources/processes`."""

from __future__ import annotations

from importlib.resources import files

from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion

_NOT_A_PROCESS = "schema.json"


def shipped_versions() -> tuple[ProcessVersion, ...]:
    """Every shipped process, by file name."""
    folder = files("resources") / "processes"
    return tuple(
        decode_process(file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".json") and file.name != _NOT_A_PROCESS
    )


def shipped_processes() -> tuple[tuple[str, str], ...]:
    """(canonical definition text, SHA-256 of it) of every shipped process."""
    return tuple((process_text(version), process_hash(version)) for version in shipped_versions())
