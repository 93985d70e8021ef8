"""How often rules are passed by exception: too often, and it is the rule that should be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.days import days_after
from domain.identity import parse_iso
from domain.process.decode import decode_process
from domain.records.item import ItemFile
from domain.rules.site_day import site_day
from domain.state import ItemFilter, State


class ExceptionCount(msgspec.Struct, frozen=True, kw_only=True):
    """Exceptions of one rule of one process: `granted` within the days its process looks back, `in_force` today, and
    `transition_records` that used one. `proposes_change`: there were as many as the process calls too many.
    """

    process: str
    rule: str
    granted: int
    in_force: int
    transition_records: int
    threshold: int
    within_days: int
    proposes_change: bool
    numbers: tuple[str, ...]


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """One exception that was granted: the first day on which it stood at its step, and whether it stands there yet."""

    number: str
    item: str
    process: str
    rule: str
    day: str
    standing: bool
    expires_on: str


def granted_exceptions(register: State) -> Iterator[Granted]:
    """Every exception ever granted in the vault."""
    versions = (decode_process(each.definition) for each in register.process_versions())
    steps = {(version.id, step.id) for version in versions for step in version.steps if step.effect == "exception"}
    for process in sorted({process for process, _ in steps}):
        for line in register.items(ItemFilter(process=process)):
            file = register.item_file(line.id)
            at = _granted_at(file, {step for of, step in steps if of == process})
            if at:
                values = file.item.values
                yield Granted(
                    number=file.item.number,
                    item=file.item.id,
                    process=values.get("process") or "",
                    rule=values.get("rule") or "",
                    day=site_day(register, parse_iso(at)),
                    standing=file.item.state == "open" and (process, file.item.step) in steps,
                    expires_on=values.get("expires_on") or "",
                )


def _granted_at(file: ItemFile, steps: set[str]) -> str:
    return min((each.at for each in file.transition_records if each.to_step in steps), default="")


def exception_counts(register: State, today: str, process: str = "") -> tuple[ExceptionCount, ...]:
    """The count of each rule that was ever passed by exception, the most first; `today` is an ISO day."""
    rules = {
        each.process: decode_process(each.definition).exceptions
        for each in register.process_versions()
        if each.state == "in_force"
    }
    found: dict[tuple[str, str], list[Granted]] = {}
    for one in granted_exceptions(register):
        if process in ("", one.process):
            found.setdefault((one.process, one.rule), []).append(one)
    counts = []
    for (of, rule), granted in found.items():
        watched = rules.get(of)
        within, threshold = (watched.within_days, watched.threshold) if watched else (90, 0)
        since = days_after(date.fromisoformat(today), -within).isoformat()
        recent = [each for each in granted if each.day >= since]
        counts.append(
            ExceptionCount(
                process=of,
                rule=rule,
                granted=len(recent),
                in_force=sum(each.standing and each.expires_on >= today for each in granted),
                transition_records=sum(_transition_records(register, each.item, rule) for each in granted),
                threshold=threshold,
                within_days=within,
                proposes_change=bool(threshold) and len(recent) >= threshold,
                numbers=tuple(each.number for each in recent),
            )
        )
    return tuple(sorted(counts, key=lambda each: (-each.granted, each.process, each.rule)))


def _transition_records(register: State, exception: str, rule: str) -> int:
    links = register.links_about(exception)
    return sum(
        each.kind == "passed_by" and each.other == exception and each.reason.startswith(f"{rule}:") for each in links
    )
