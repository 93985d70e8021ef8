"""What differs between two versions of a process, part by part: as lines in words, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from domain.messages import Message, message
from domain.process.definition import ProcessVersion

Kind = Literal["added", "removed", "changed"]

_TITLES: Final[Mapping[str, Message]] = {
    "roles": Message("diff.titles.roles"),
    "steps": Message("diff.titles.steps"),
    "transitions": Message("diff.titles.transitions"),
    "rights": Message("diff.titles.rights"),
    "fields": Message("diff.titles.fields"),
    "evidence": Message("diff.titles.evidence"),
    "escalation": Message("diff.titles.escalation"),
    "alerts": Message("diff.titles.alerts"),
    "metrics": Message("diff.titles.metrics"),
    "risk_controls": Message("diff.titles.risk_controls"),
    "reporting": Message("diff.titles.reporting"),
    "scenarios": Message("diff.titles.scenarios"),
    "outcomes": Message("diff.titles.outcomes"),
    "approvals": Message("diff.titles.approvals"),
    "columns": Message("diff.titles.columns"),
    "conditions": Message("diff.titles.conditions"),
    "reasons": Message("diff.titles.reasons"),
    "dispositions": Message("diff.titles.dispositions"),
    "from": Message("diff.titles.from"),
    "to": Message("diff.titles.to"),
}
_NOT_COMPARED: Final = ("version",)
_LONGEST: Final = 120


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `part` is the member of the definition, `name` the step, way, field ... by its words, `what` the
    member of that; `before` and `after` are as a person reads them ("" = nothing). `text` says it in one line.
    """

    part: str
    id: str
    name: str
    what: str
    kind: Kind
    before: str
    after: str

    @property
    def text(self) -> str:
        """The difference in words."""
        title = str(_TITLES.get(self.part, self.part.replace("_", " ").capitalize()))
        subject = f"{title} '{self.name}'" if self.name else title
        what = f", {self.what}" if self.what else ""
        if self.kind == "added":
            return message("diff.is_new", subject=subject, what=what, after=self.after)
        if self.kind == "removed":
            return message("diff.is_gone_it_was", subject=subject, what=what, before=self.before)
        return f"{subject}{what}: {self.before} → {self.after}"


def diff_versions(old: ProcessVersion, new: ProcessVersion) -> tuple[Difference, ...]:
    """Every difference, in the order of the definition; rights, gates and signatures are spelled out."""
    before, after = _plain(old), _plain(new)
    found: list[Difference] = []
    for part in before:
        if part not in _NOT_COMPARED:
            found += _of_part(part, before[part], after[part])
    return tuple(found)


def _plain(version: ProcessVersion) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(version))
    return plain


class _Place(msgspec.Struct, frozen=True):
    """What a difference is about: the part, and the step, way, field ... of it."""

    part: str
    id: str = ""
    name: str = ""


def _of_part(part: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if _are_parts(before) or _are_parts(after):
        yield from _of_list(part, before, after)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _of_members(_Place(part), before, after)
    else:
        yield _difference(_Place(part), "", before, after)


def _of_list(part: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old, new = _by_id(part, before), _by_id(part, after)
    for id_ in dict.fromkeys((*old, *new)):
        place = _Place(part, id_, _name(part, new.get(id_) or old[id_]))
        if id_ in old and id_ in new:
            yield from _of_members(place, old[id_], new[id_])
        else:
            yield _difference(place, "", old.get(id_), new.get(id_))
    common_old = [id_ for id_ in old if id_ in new]
    common_new = [id_ for id_ in new if id_ in old]
    if part in ("steps", "fields") and common_old != common_new:
        yield _difference(_Place(part), "order", ", ".join(common_old), ", ".join(common_new))


def _of_members(
    place: _Place, before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = ""
) -> Iterator[Difference]:
    for member in dict.fromkeys((*before, *after)):
        old, new = before.get(member), after.get(member)
        if old == new:
            continue
        what = f"{prefix}{member.replace('_', ' ')}"
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _of_members(place, old, new, f"{what}: ")
        elif _are_parts(old) or _are_parts(new):
            yield from _of_inner(place, what, _by_id(member, old or []), _by_id(member, new or []))
        else:
            yield _difference(place, what, old, new)


def _of_inner(place: _Place, what: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    """Parts of a part: the signatures of a gate, the columns of a table."""
    for inner in dict.fromkeys((*old, *new)):
        title = f"{what} {inner}"
        if inner in old and inner in new:
            yield from _of_members(place, old[inner], new[inner], f"{title}: ")
        else:
            yield _difference(place, title, old.get(inner), new.get(inner))


def _are_parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _by_id(part: str, parts: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, each in enumerate(parts, 1):
        key = _key(part, each)
        found[key if key and key not in found else f"{key} ({number})".strip()] = each
    return found


def _key(part: str, each: Any) -> str:
    if not isinstance(each, dict):
        return str(each)
    if part == "transitions":
        return f"{each['from']}->{each['to']}"
    if part == "rights":
        steps = message("diff.at", list=", ".join(each["steps"])) if each["steps"] else ""
        return f"{each['verb']}{steps}"
    for name in ("id", "level", "outcome", "field", "cadence", "at_percent"):
        if each.get(name) not in (None, ""):
            return str(each[name])
    return ""


def _name(part: str, each: Mapping[str, Any]) -> str:
    return str(each.get("title") or each.get("id") or _key(part, each))


def _difference(place: _Place, what: str, before: Any, after: Any) -> Difference:
    kind: Kind = "added" if _is_nothing(before) else "removed" if _is_nothing(after) else "changed"
    return Difference(
        part=place.part,
        id=place.id,
        name=place.name,
        what=what,
        kind=kind,
        before=spelled(before),
        after=spelled(after),
    )


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def spelled(value: Any) -> str:
    """A value of a definition as a person reads it; a part by its members that say something."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(
            f"{name.replace('_', ' ')} {spelled(inner)}"
            for name, inner in value.items()
            if not _is_nothing(inner) and inner is not False and inner != 0
        )
    if isinstance(value, list):
        return ", ".join(f"({spelled(each)})" if isinstance(each, dict) else spelled(each) for each in value)
    return str(value)


def shortened(text: str) -> str:
    """A value for a narrow column."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
