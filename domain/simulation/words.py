"""A scenario in the words of the screen: one line for each move and each check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from domain.messages import Message, message, plural_message
from domain.process.definition import Check, Move, ProcessVersion, Scenario, Transition

_LONGEST = 60
"""Characters of a value that are shown in a line."""


class Describer:
    """Describes a scenario move by move. It remembers where each item stands, so that gates have their titles."""

    def __init__(
        self, version: ProcessVersion, people: Mapping[str, tuple[str, ...]], others: Mapping[str, ProcessVersion]
    ) -> None:
        self._version = version
        self._people = people
        self._others = others
        self._items: dict[str, tuple[ProcessVersion, str]] = {}

    def move(self, move: Move) -> str:
        """The line of a move."""
        when = (
            message("words.time_goes_by.when.on", at=move.at)
            if move.at
            else message("words.time_goes_by.when.after", wait=move.wait)
            if move.wait
            else ""
        )
        if not move.does:
            return message("words.time_goes_by", when=when) if when else message("words.a_look_at_how")
        line = f"{when}{move.who} {self.phrase(move)}"
        if move.refused:
            return message("words.and_is_refused", line=line, refused=move.refused)
        self._follow(move)
        return line

    def phrase(self, move: Move) -> str:
        """What is done, without who does it."""
        return _PHRASES.get(move.does, _plain)(self, move)

    def stands_at(self, step: str) -> bool:
        """Whether some item stands at this step."""
        return any(here == step for _, here in self._items.values())

    def check(self, check: Check) -> str:
        """The line of a check."""
        return "; ".join(_expectations(self, check)) or message("words.nothing_is_expected")

    def process_of(self, item: str) -> ProcessVersion:
        """The process an item of the scenario runs through."""
        return self._items[item][0] if item in self._items else self._version

    def step_title(self, item: str, step: str) -> str:
        """The words for a step of an item's process."""
        found = self.process_of(item).step(step)
        return found.title if found else step

    def transition(self, item: str, gate: str = "", target: str = "") -> Transition | None:
        """The transition meant at an item: by its gate, by its target, else the one there with approvals."""
        process = self.process_of(item)
        if gate:
            return process.transition(gate)
        transitions = process.from_step(self._items[item][1]) if item in self._items else process.transitions
        if target:
            return next((transition for transition in transitions if transition.target == target), None)
        return next(
            (transition for transition in transitions if (found := process.gate(transition.id)) and found.approvals),
            None,
        )

    def role(self, who: str, item: str, transition: Transition | None) -> str:
        """The role somebody signs as on a way, "" when the transition asks for none of theirs."""
        process = self.process_of(item)
        gate = process.gate(transition.id) if transition else None
        held = self._people.get(who, ())
        asked = [level.role for level in (gate.approvals if gate else ()) if level.role in held]
        return process.role_title(asked[0]) if asked else ""

    def _follow(self, move: Move) -> None:
        process = self.process_of(move.item)
        if move.does == "create_item":
            process = self._others.get(str(move.args.get("process", "")), self._version)
            self._items[move.makes or move.item] = (process, process.first_step)
        elif move.does == "move_item":
            self._items[move.item] = (process, str(move.args.get("step", "")))
        elif move.does == "close_item":
            self._items[move.item] = (process, process.closure.step)
        elif move.does == "reopen_item":
            self._items[move.item] = (process, process.reopen.step)


def scenario_words(
    version: ProcessVersion, scenario: Scenario, others: Mapping[str, ProcessVersion] | None = None
) -> tuple[str, ...]:
    """A scenario as a person reads it: its people, what is given, what happens, what must hold."""
    first = next((each for each in version.scenarios if each.id == scenario.continues), None)
    people = {**(first.people if first else {}), **scenario.people}
    describer = Describer(version, people, others or {})
    lines = [f"{scenario.title}"]
    for name, roles in people.items():
        titles = ", ".join(_role_title(version, others or {}, role) for role in roles)
        lines.append(f"{name}: {titles or 'no role'}")
    if first is not None:
        for move in (*first.given, *first.when):
            describer.move(move)  # so that gates later on have their titles
            if scenario.until and describer.stands_at(scenario.until):
                break
        until = version.step(scenario.until)
        where = message("words.up_to", title=until.title) if until else ""
        lines.append(message("words.given.110", title=first.title, where=where))
    for word, moves in ((message("words.given"), scenario.given), (message("words.when"), scenario.when)):
        for move in moves:
            lines.append(f"{word}: {describer.move(move)}")
            lines += [message("words.then", check=describer.check(check)) for check in move.then]
    lines += [message("words.then.115", check=describer.check(check)) for check in scenario.then]
    return tuple(lines)


def _role_title(version: ProcessVersion, others: Mapping[str, ProcessVersion], role: str) -> str:
    titles = (process.role_title(role) for process in (version, *others.values()))
    return next((title for title in titles if title != role), role)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return plural_message("words.rows.one", "words.rows.many", len(value))
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _because(move: Move) -> str:
    reason = move.args.get("reason", "")
    return f": {_shown(reason)}" if reason else ""


def _values(move: Move) -> dict[str, Any]:
    """The fields of a move, as far as they are fields at all."""
    fields = move.args.get("fields")
    return fields if isinstance(fields, dict) else {}


def _create(_describer: Describer, move: Move) -> str:
    title = _values(move).get("title", "")
    return message("words.opens", makes=move.makes or move.item, value=f": {_shown(title)}" if title else "")


def _edit(describer: Describer, move: Move) -> str:
    process = describer.process_of(move.item)
    written = (f"{process.title_of(field)}: {_shown(value)}" for field, value in _values(move).items())
    return message("words.writes_in", item=move.item, written="; ".join(written))


def _assign(_describer: Describer, move: Move) -> str:
    return message("words.makes_the_owner_of", person=move.args.get("person", ""), item=move.item)


def _move(describer: Describer, move: Move) -> str:
    target = str(move.args.get("step", ""))
    transition = describer.transition(move.item, target=target)
    title = transition.title if transition else describer.step_title(move.item, target)
    return message("words.takes_for", title=title, item=move.item, because=_because(move))


def _approve(describer: Describer, move: Move) -> str:
    transition = describer.transition(move.item, gate=str(move.args.get("gate", "")))
    role = describer.role(move.who, move.item, transition)
    verb = {
        "rejected": "rejects",
        "changes_requested": message("words.asks_for_changes_at"),
        "abstained": message("words.abstains_at"),
    }.get(str(move.args.get("decision", "")), "approves")
    return message(
        "words.for", verb=verb, title=transition.title if transition else move.args.get("gate", ""), item=move.item
    ) + (message("words.as", role=role) if role else "")


def _evidence_title(describer: Describer, move: Move, name: str) -> str:
    requirement = describer.process_of(move.item).requirement(str(move.args.get(name, "")))
    return requirement.title if requirement else str(move.args.get(name, ""))


def _add_evidence(describer: Describer, move: Move) -> str:
    return message("words.adds_to", evidence=_evidence_title(describer, move, "requirement"), item=move.item)


def _review_evidence(describer: Describer, move: Move) -> str:
    verb = "accepts" if move.args.get("accept") else "rejects"
    return message("words.of", verb=verb, evidence=_evidence_title(describer, move, "evidence"), item=move.item)


def _close(describer: Describer, move: Move) -> str:
    outcome = move.args.get("outcome", "")
    rules = describer.process_of(move.item).closure.outcomes
    title = next((rule.title for rule in rules if rule.outcome == outcome), outcome)
    return message("words.closes", item=move.item, title=title)


def _hold(_describer: Describer, move: Move) -> str:
    until = move.args.get("review_on", "")
    return message(
        "words.puts_on_hold", item=move.item, value=f" until {until}" if until else "", because=_because(move)
    )


def _plain(_describer: Describer, move: Move) -> str:
    details = ", ".join(
        f"{name.replace('_', ' ')} {_shown(value)}" for name, value in move.args.items() if isinstance(value, str)
    )
    about = message("words.for.209", item=move.item) if move.item else ""
    return message(
        "words.does", does=move.does.replace("_", " "), about=about, value=f" ({details})" if details else ""
    )


def _simple(phrase: Message) -> Callable[[Describer, Move], str]:
    return lambda _describer, move: phrase.filled(item=move.item, because=_because(move))


_PHRASES: Final[Mapping[str, Callable[[Describer, Move], str]]] = {
    "create_item": _create,
    "edit_item": _edit,
    "assign_item": _assign,
    "move_item": _move,
    "approve_item": _approve,
    "add_evidence": _add_evidence,
    "review_evidence": _review_evidence,
    "close_item": _close,
    "hold_item": _hold,
    "resume_item": _simple(Message("words.resumes")),
    "cancel_item": _simple(Message("words.cancels")),
    "reopen_item": _simple(Message("words.reopens")),
    "mark_urgent": _simple(Message("words.marks_as_urgent")),
    "approve_urgent": _simple(Message("words.signs_urgently")),
    "request_cancellation": _simple(Message("words.asks_to_cancel")),
    "request_extension": _simple(Message("words.asks_for_a_later")),
    "request_change": _simple(Message("words.asks_for_a_change")),
}


def _expectations(describer: Describer, check: Check) -> Iterator[str]:
    who, item = check.who, check.item
    if check.step:
        yield message("words.stands_at", item=item, step=describer.step_title(item, check.step))
    if check.state:
        yield message("words.is", item=item, state=check.state.replace("_", " "))
    if check.cycle:
        yield message("words.is_in_cycle", item=item, cycle=check.cycle)
    process = describer.process_of(item)
    for field, value in check.fields.items():
        yield message(
            "words.of_is", title=process.title_of(field), item=item, shown=_shown(value) or message("words.empty")
        )
    attempt = describer.phrase(Move(who=who, does=check.does, item=item, args=check.args)) if check.does else ""
    if check.obstacle:
        yield message("words.stands_in_the_way", obstacle=check.obstacle, who=who, attempt=attempt)
    if check.free:
        yield message("words.nothing_stands_in_the", who=who, attempt=attempt)
    if check.passes:
        yield message("words.is_passed_visibly", passes=check.passes)
    if check.alert:
        yield message(
            "words.gets",
            role=describer.process_of(item).role_title(check.role) or message("words.somebody"),
            alert=check.alert.replace("_", " "),
        )
    for asked, number in check.counts.items():
        record, _, state = asked.partition(":")
        yield f"{number} × {record.replace('_', ' ')}{f' {state}' if state else ''}{f' of {item}' if item else ''}"
    for version, state in check.versions.items():
        yield message("words.is.262", version=version, state=state.replace("_", " "))
