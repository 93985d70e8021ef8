"""The closure standard of a process version, read against what the log recorded.

The gate judged before closing; this reads the same rules again from the replayed records alone, so that a
pack states what was met and a verifier finds the same. Who else held a role at that time is not in a pack:
a level that asks for "all" is shown with the signatures that were given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from domain.closure.pack import StandardLine
from domain.process.definition import CORE_FIELDS, LEVELS, ApprovalLevel, Condition, ProcessVersion, Separation
from domain.records.governance import Link, Obligation
from domain.records.item import Approval, Closure, Evidence, Item, Passage


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The replayed records of one item, for its present cycle, and its closure if it has one.

    `passed` are obstacles that an exception or a waiver let it close in spite of: (rule, about) -> by what.
    """

    item: Item
    passages: tuple[Passage, ...]
    approvals: tuple[Approval, ...]
    evidence: tuple[Evidence, ...]
    closure: Closure | None
    names: Mapping[str, str]
    passed: Mapping[tuple[str, str], str] = msgspec.field(default_factory=dict)


def standard_lines(process: ProcessVersion, recorded: Recorded) -> tuple[StandardLine, ...]:
    """Every rule of the closure standard with its outcome, in the order of the definition.

    Of an item that was cancelled only that is told: no standard is asked of it.
    """
    closing = recorded.closure
    if closing is not None and closing.outcome == "cancelled":
        who = f"{_name(recorded, closing.closed_by)}, {role_words(process, closing.role)}"
        return (
            _line("cancelled", "Ended without its outcome in a signing ceremony", True, f"{who}: {closing.summary}"),
        )
    gate = process.closure.gate
    return (
        _line(
            "closed",
            "Closed in a signing ceremony",
            closing is not None and recorded.item.state == "closed",
            f"{_name(recorded, closing.closed_by)}, {role_words(process, closing.role)}" if closing else "not closed",
        ),
        *_outcome(process, recorded),
        *_fields(process, recorded),
        *(_condition(recorded, condition) for condition in gate.conditions),
        *(_evidence(process, recorded, requirement) for requirement in gate.evidence),
        *_approvals(process, recorded, _closing_gate(process, recorded), gate.approvals),
        *_still_approved(process, recorded),
        *_separation(process, recorded),
    )


def gate_words(process: ProcessVersion, gate: str) -> str:
    """A gate's id as people read it: the titles of the steps it lies between."""
    steps = [process.step(step) for step in gate.split("->")]
    return " → ".join(step.title for step in steps if step) if all(steps) else gate


def owed_words(process: ProcessVersion, links: Sequence[Link], obligation: Obligation) -> str:
    """What is owed, without a full stop; the words on record where it has some. `links` are those of the item."""
    if obligation.text:
        return obligation.text
    if obligation.kind == "re_decide_blocker":
        link = next((each for each in links if each.id == obligation.about), None)
        number = link.other_number if link else "another item"
        return f"decide what becomes of waiting for {number}, which was cancelled"
    if obligation.kind == "confirm_urgent":
        transition = process.transition(obligation.gate)
        title = transition.title if transition else obligation.gate
        return f"'{title}' was passed urgently; the ordinary approvers confirm or refuse it"
    return "a follow-up"


def role_words(process: ProcessVersion, role: str) -> str:
    """A role, or a person's place in the item, as people read it."""
    return {"owner": "Owner of the item", "creator": "Creator of the item"}.get(role) or process.role_title(role)


def _line(rule: str, text: str, met: bool, detail: str) -> StandardLine:  # noqa: FBT001 - a private builder of rows
    return StandardLine(rule=rule, text=text, met=met, detail=detail)


def _name(recorded: Recorded, person: str) -> str:
    return recorded.names.get(person, person)


def _closing_gate(process: ProcessVersion, recorded: Recorded) -> str:
    into = [passage for passage in recorded.passages if passage.to_step == process.closure.step]
    if into:
        return f"{into[-1].from_step}->{into[-1].to_step}"
    return f"{recorded.item.step}->{process.closure.step}"  # not closed yet: the gate ahead, as a preview shows it


def _outcome(process: ProcessVersion, recorded: Recorded) -> Iterator[StandardLine]:
    closing = recorded.closure
    rule = next((each for each in process.closure.outcomes if closing and each.outcome == closing.outcome), None)
    titles = " / ".join(each.title for each in process.closure.outcomes)
    yield _line("outcome", f"An outcome the standard knows: {titles}", rule is not None, rule.title if rule else "none")
    for condition in rule.conditions if rule else ():
        yield _condition(recorded, condition)


def _required(process: ProcessVersion, recorded: Recorded) -> tuple[str, ...]:
    closing = recorded.closure
    fields = dict.fromkeys(process.closure.gate.fields)
    fields |= dict.fromkeys(each.id for each in process.fields if process.closure.step in each.required_at)
    for rule in process.closure.outcomes:
        if closing and rule.outcome == closing.outcome:
            fields |= dict.fromkeys(rule.fields)
    return tuple(field for field in fields if _demanded(process, recorded.item, field))


def _demanded(process: ProcessVersion, item: Item, field: str) -> bool:
    """Whether the field is demanded of this item: some are only while others hold certain values."""
    definition = process.field(field)
    wanted = definition.required_when if definition else {}
    return all(value_of(item, other) in values for other, values in wanted.items())


def value_of(item: Item, field: str) -> object:
    """The item's value of a core field or of the process's own field; None when it has none."""
    if field in CORE_FIELDS:
        return item.owner or item.owner_name if field == "owner" else getattr(item, field)
    return item.values.get(field)


def _fields(process: ProcessVersion, recorded: Recorded) -> Iterator[StandardLine]:
    required = _required(process, recorded)
    if not required:
        return
    empty = [field for field in required if value_of(recorded.item, field) in (None, "", [], {})]
    passed = {field: words for field in empty if (words := _passed(recorded, "field.missing", field))}
    text = f"Recorded: {', '.join(process.title_of(field) for field in required)}"
    detail = (
        f"empty: {', '.join(process.title_of(field) for field in empty)}" if empty else f"all {len(required)} filled"
    )
    detail += "".join(f"; '{process.title_of(field)}' {words}" for field, words in passed.items())
    yield _line("fields", text, len(empty) == len(passed), detail)


def _condition(recorded: Recorded, condition: Condition) -> StandardLine:
    value = value_of(recorded.item, condition.field)
    met, shown = value in condition.one_of, str(value or "empty")
    return _visibly(
        _line(f"condition.{condition.field}", condition.text, met, shown),
        _passed(recorded, "condition.unmet", condition.field),
    )


def _passed(recorded: Recorded, rule: str, about: str) -> str:
    return recorded.passed.get((rule, about)) or recorded.passed.get((rule, ""), "")


def _visibly(line: StandardLine, words: str) -> StandardLine:
    """The line of a rule that is not met, but was passed visibly."""
    if line.met or not words:
        return line
    return msgspec.structs.replace(line, met=True, detail=f"{line.detail}; {words}")


def _evidence(process: ProcessVersion, recorded: Recorded, requirement: str) -> StandardLine:
    found = process.requirement(requirement)
    accepted = [each for each in recorded.evidence if each.requirement == requirement and each.state == "accepted"]
    detail = ", ".join(f"{each.file_name}, accepted by {_name(recorded, each.reviewed_by)}" for each in accepted)
    title = found.title if found else requirement
    rules = ("evidence.missing", "evidence.unreviewed", "evidence.rejected", "evidence.expired")
    words = next((words for rule in rules if (words := _passed(recorded, rule, requirement))), "")
    line = _line(f"evidence.{requirement}", f"Evidence accepted: {title}", bool(accepted), detail or "none accepted")
    return _visibly(line, words)


def _approvals(
    process: ProcessVersion, recorded: Recorded, gate: str, levels: tuple[ApprovalLevel, ...]
) -> Iterator[StandardLine]:
    below: set[str] = set()
    apart = False
    for level in levels:
        signed = dict.fromkeys(
            each.person
            for each in recorded.approvals
            if each.gate == gate and each.level == level.level and each.decision == "approved"
        )
        excluded = _worn(recorded, gate, level.separate_from)
        if apart or LEVELS in level.separate_from:
            excluded |= below
        counted = [person for person in signed if person not in excluded]
        text = f"Signed at {gate_words(process, gate)}, level {level.level}: {role_words(process, level.role)}"
        names = ", ".join(_name(recorded, person) for person in signed)
        met = len(counted) >= (level.n if level.need == "n" else 1)
        rules = ("approval.missing", "approval.overtaken", "approval.expired")
        words = next((words for rule in rules if (words := _passed(recorded, rule, ""))), "")
        yield _visibly(_line(f"approval.{gate}.{level.level}", text, met, names or "no signature"), words)
        below |= set(counted)
        apart = apart or LEVELS in level.separate_from


def _worn(recorded: Recorded, gate: str, separated: tuple[Separation, ...]) -> set[str]:
    """The people who wear one of the separated hats at a gate: creator, owner, mover, approvers."""
    arrived = [each for each in recorded.passages if each.to_step == gate.split("->", maxsplit=1)[0]]
    signed = [each for each in recorded.approvals if each.gate == gate and each.decision == "approved"]
    hats: dict[str, set[str]] = {
        "creator": {recorded.item.created_by},
        "owner": {recorded.item.owner},
        "mover": {arrived[-1].by} if arrived else set(),
        "approvers": {each.person for each in signed},
    }
    return {person for hat in separated for person in hats.get(hat, set())} - {""}


def _still_approved(process: ProcessVersion, recorded: Recorded) -> Iterator[StandardLine]:
    for name in process.closure.gate.still_approved:
        gate = process.gate(name)
        yield from _approvals(process, recorded, name, gate.approvals if gate else ())


def _separation(process: ProcessVersion, recorded: Recorded) -> Iterator[StandardLine]:
    separated = process.closure.separate_from
    if not separated:
        return
    closer = recorded.closure.closed_by if recorded.closure else ""
    met = bool(closer) and closer not in _worn(recorded, _closing_gate(process, recorded), separated)
    text = f"Closed by somebody else than the {' and the '.join(separated)}"
    yield _line("separation", text, met, "separate people" if met else _name(recorded, closer) or "not closed")
