"""What happened to an item, shown from its changes in log order: one line for each thing that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.act import Change, Values
from domain.closure.described_changes import describe_change
from domain.closure.pack import TimelineLine
from domain.closure.proof import ReadEntry, belongs
from domain.closure.standard import gate_words, role_words
from domain.commands.act_words import act_word
from domain.messages import Message, message
from domain.process.definition import ProcessVersion

_STATES = {
    "on_hold": Message("timeline.states.on_hold"),
    "cancelled": Message("timeline.states.cancelled"),
    "closed": Message("timeline.states.closed"),
    "closed_before": Message("timeline.states.closed_before"),
}
_EVIDENCE = {
    "accepted": Message("timeline.evidence.accepted"),
    "rejected": Message("timeline.evidence.rejected"),
    "withdrawn": Message("timeline.evidence.withdrawn"),
}
_DECISIONS = {
    "approved": Message("timeline.decisions.approved"),
    "changes_requested": Message("timeline.decisions.changes_requested"),
    "abstained": Message("timeline.decisions.abstained"),
}
_LONGEST = 120
"""Characters of a value in the line of its change."""
_FOLLOWS = frozenset({"step", "step_since", "closed", "cycle", "hold", "state", "took_part"})


class Describer:
    """Describes one item's scenario: within one entry what was done comes before what the item became.

    It remembers records as they stood, since changes carry only differences. `values` says whether the line of an edit
    shows what each field said before and says now.
    """

    def __init__(self, item: str, process: ProcessVersion, names: Mapping[str, str], *, values: bool = True) -> None:
        self._item_id = item
        self._process = process
        self._names = names
        self._values = values
        self._records: dict[tuple[str, str], Values] = {}

    def lines(self, read_entries: tuple[ReadEntry, ...]) -> Iterator[TimelineLine]:
        """One line for each thing that happened, in log order."""
        for one in read_entries:
            header = one.entry.header
            if header.behind:
                yield TimelineLine(
                    at=header.at,
                    zone=header.zone,
                    who=self._names.get(header.by, header.by),
                    role="",
                    what=message("timeline.clock_behind"),
                    detail=message("timeline.clock_behind_the_log", latest=header.behind),
                    seq=header.seq,
                )
            for change in sorted(one.changes, key=lambda change: change.record == "item"):
                before = self._records.get((change.record, change.id), {})
                now = {**before, **change.values()}
                self._records[change.record, change.id] = now
                if not belongs(change, now, self._item_id):
                    continue
                for what, detail in self._describe(change, before, now, header.reason):
                    yield TimelineLine(
                        at=header.at,
                        zone=header.zone,
                        who=self._names.get(header.by, header.by),
                        role=role_words(self._process, header.role),
                        what=what,
                        detail=detail or header.reason,
                        seq=header.seq,
                    )

    def _describe(self, change: Change, before: Values, now: Values, reason: str) -> Iterator[tuple[str, str]]:
        match change.record:
            case "item":
                yield from self._item(change, before, now, reason)
            case "transition_record" if now.get("from_step"):
                steps = self._step(now.get("from_step")), self._step(now.get("to_step"))
                yield message("timeline.moved", steps=steps[0], steps_2=steps[1]), str(now.get("reason", ""))
            case "approval":
                yield self._approval(now)
            case "evidence":
                yield self._evidence(change, now)
            case "refusal":
                yield message("timeline.refused_command", act=act_word(str(now.get("act", "")))), _obstacles(now)
            case "pack":
                yield message("timeline.closure_pack_printed"), f"SHA-256 {now.get('file', '')}"
            case _:
                yield from describe_change(change, now, self._names)

    def _item(self, change: Change, before: Values, now: Values, reason: str) -> Iterator[tuple[str, str]]:
        if change.before is None:
            yield (
                (message("timeline.imported_from_a_tracker") if now.get("source") else message("timeline.recorded")),
                "",
            )
            return
        if now.get("cycle") != before.get("cycle"):
            word = message("timeline.reopened") if "state" in change.after else message("timeline.not_effective")
            yield message("timeline.cycle_begins", word=word, cycle=now.get("cycle")), ""
        elif now.get("state") != before.get("state"):
            yield str(_STATES.get(str(now.get("state")), message("timeline.taken_up_again"))), _hold(now)
        edited = [name for name in change.after if name not in _FOLLOWS and name != "values"]
        edited += [name for name in _values_changed(before, now) if name not in edited]
        if "owner" in edited or "owner_name" in edited:
            owner = str(now.get("owner") or "")
            yield message("timeline.owner", owner=self._names.get(owner, owner) or now.get("owner_name", "")), ""
        edited = [name for name in edited if name not in {"owner", "owner_name"}]
        if edited:
            edited = [name for name in edited if name != "earlier_dues"]
            yield (
                message("timeline.changed", edited=", ".join(self._process.title_of(name) for name in edited)),
                "\n".join(part for part in (*self._pairs(before, now, edited), reason) if part),
            )

    def _pairs(self, before: Values, now: Values, edited: list[str]) -> Iterator[str]:
        """What each changed field said before and says now, where it said something before; long text is cut."""
        for name in edited if self._values else ():
            old, new = _value(before, name), _value(now, name)
            if old:
                changed = message("timeline.from_to", title=self._process.title_of(name), old=old, new=new or "—")
                yield changed

    def _approval(self, now: Values) -> tuple[str, str]:
        verb = _DECISIONS.get(str(now.get("decision")), message("timeline.rejected"))
        words = [f"“{now.get('meaning', '')}”", str(now.get("reason", ""))]
        gate = gate_words(self._process, str(now.get("gate", "")))
        return message("timeline.at_level", verb=verb, gate=gate, level=now.get("level", "")), "\n".join(
            word for word in words if word
        )

    def _evidence(self, change: Change, now: Values) -> tuple[str, str]:
        name = message("timeline.revision", file_name=now.get("file_name", ""), revision=now.get("revision", ""))
        if change.before is None:
            return message("timeline.evidence_added"), name
        note = str(change.after.get("review_note", ""))
        what = str(_EVIDENCE.get(str(now.get("state")), message("timeline.evidence_changed")))
        return what, f"{name}. {note}" if note else name

    def _step(self, step: object) -> str:
        found = self._process.step(str(step))
        return found.title if found else str(step)


def _values_changed(before: Values, now: Values) -> list[str]:
    old, new = before.get("values"), now.get("values")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _value(values: Values, name: str) -> str:
    """A field's value as one line; tables are not written out."""
    own = values.get("values")
    value = values.get(name) if name in values else own.get(name) if isinstance(own, dict) else None
    if isinstance(value, list):
        return message("timeline.rows", count=len(value)) if value else ""
    return shortened(" ".join(str(value or "").split()), _LONGEST)


def shortened(text: str, longest: int) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _hold(now: Values) -> str:
    hold = now.get("hold")
    if not isinstance(hold, dict):
        return ""
    review = message("timeline.review_on", hold=hold["review_on"]) if hold.get("review_on") else ""
    return f"{hold.get('reason', '')}{review}"


def _obstacles(now: Values) -> str:
    found = now.get("obstacles")
    texts = [str(each.get("text", "")) for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return " ".join(texts)
