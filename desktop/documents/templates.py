"""The processes shipped with this program, from `resources/processes`, and the sets in which they are offered."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec

from domain.errors import UsageProblem
from domain.messages import message
from domain.process.decode import decode_process, process_hash, process_text
from domain.process.definition import ProcessVersion
from domain.services import ProcessSet

_SETS: Final = "sets.json"
_NOT_A_PROCESS: Final = ("schema.json", _SETS)


def shipped_versions() -> tuple[ProcessVersion, ...]:
    """Every shipped process, by file name."""
    folder = files("resources") / "processes"
    return tuple(
        decode_process(file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".json") and file.name not in _NOT_A_PROCESS
    )


def shipped_processes() -> tuple[tuple[str, str], ...]:
    """(canonical definition text, SHA-256 of it) of every shipped process."""
    return tuple((process_text(version), process_hash(version)) for version in shipped_versions())


def process_sets() -> tuple[ProcessSet, ...]:
    """The sets of shipped processes, in the order in which they are offered: the first is proposed."""
    text = (files("resources") / "processes" / _SETS).read_bytes()
    titles = {version.id: version.title for version in shipped_versions()}
    return tuple(
        ProcessSet(
            id=name,
            title=each["title"],
            description=each["description"],
            processes=tuple(each["processes"]),
            titles=tuple(titles[process] for process in each["processes"]),
        )
        for name, each in msgspec.json.decode(text).items()
    )


def processes_of_set(name: str) -> tuple[ProcessVersion, ...]:
    """The shipped processes of a set, by their id; all of them for "".

    Raises:
        UsageProblem: there is no set of that name.
    """
    versions = shipped_versions()
    if not name:
        return versions
    sets = {each.id: each for each in process_sets()}
    if name not in sets:
        raise UsageProblem(
            message("There is no set of processes '{name}'.", name=name),
            remedy=message("Sets: {list}.", list=", ".join(sets)),
        )
    return tuple(version for version in versions if version.id in sets[name].processes)
