"""Which version of a process is in force when: shown by the day it takes effect, whatever was recorded since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from domain.identity import iso
from domain.records.people import ProcessVersionRecord

VersionState = Literal["draft", "in_review", "scheduled", "in_force", "retired"]


def version_at(versions: Iterable[ProcessVersionRecord], process: str, at: datetime) -> ProcessVersionRecord | None:
    """The version of a process in force at the moment; None: there is none.

    Of several that have taken effect, it is the one whose day is the latest.
    """
    now = iso(at)
    signed = [
        each
        for each in versions
        if each.process == process and each.state in ("in_force", "retired") and each.in_force_from <= now
    ]
    newest = max(signed, key=_order, default=None)
    # A version that was retired without another in its place leaves the process without one.
    return newest if newest is not None and newest.state == "in_force" else None


def in_force_at(versions: Iterable[ProcessVersionRecord], at: datetime) -> tuple[ProcessVersionRecord, ...]:
    """The version of each process in force at the moment."""
    known = tuple(versions)
    found = (version_at(known, process, at) for process in dict.fromkeys(each.process for each in known))
    return tuple(each for each in found if each is not None)


def state_at(version: ProcessVersionRecord, versions: Iterable[ProcessVersionRecord], at: datetime) -> VersionState:
    """How a version stands at the moment: `scheduled` before its day, `retired` once another one has followed."""
    if version.state != "in_force":
        return version.state
    if version.in_force_from > iso(at):
        return "scheduled"
    current = version_at(versions, version.process, at)
    return "in_force" if current is not None and current.id == version.id else "retired"


def _order(version: ProcessVersionRecord) -> tuple[str, int]:
    return version.in_force_from, version.version
