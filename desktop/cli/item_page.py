"""`countersign item show` for people: everything on file about an item, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop.cli.item_clock import clock_facts, clock_words
from desktop.cli.words import field_title, in_words, link_words, short_value, step_title, value_lines
from desktop.session.unlocked_session import UnlockedSession
from domain.closure.standard import gate_words, role_words
from domain.messages import Message, message, plural_message
from domain.records.dues import due_days
from domain.records.item import Approval
from domain.rules.approvals import judge_approvals
from domain.rules.facts import Facts
from domain.rules.handoffs import answers_for
from domain.rules.mandates import delegator_of
from domain.rules.next_action import next_actions
from domain.rules.obligations import obligation_words

_CORE = ("due", "severity", "priority", "raised", "closed", "legacy_status")
_SHOWN_OF_TRACKER = 40


def standings(facts: Facts) -> dict[str, str]:
    """How each signature on the item stands, by its id: whether it counts, and if not, why."""
    judged = {each.gate: judge_approvals(facts, each.gate) for each in facts.file.approvals}
    revoked = {each.approval for each in facts.file.revocations}

    def standing(each: Approval) -> str:
        state = judged[each.gate]
        if each.id in revoked:
            return message("taken back")
        if any(each in level.counted for level in state.levels):
            return message("counts")
        if each in state.stopped:
            return message("stops the item")
        if each in state.expired:
            return message("expired")
        return message("overtaken") if each in state.overtaken else message("does not count")

    return {each.id: standing(each) for each in facts.file.approvals}


_HOW = {
    "promised": Message("first promised"),
    "extension": Message("granted by {name}: {reason}"),
    "change": Message("changed by {name}: {reason}"),
}


class ItemPage:
    """An item as a page of text, part by part; parts of which nothing is on file are left out."""

    def __init__(self, vault: UnlockedSession, facts: Facts) -> None:
        self._vault = vault
        self._facts = facts
        self._file = facts.file
        self._item = facts.file.item
        self._process = facts.process

    def lines(self) -> Iterator[str]:
        """Every line of the page."""
        yield f"{self._item.number}  {self._item.title}"
        yield from self._head()
        for heading, lines in (
            (message("Fields"), self._fields()),
            (message("From the tracker"), self._tracker()),
            (message("Obligations"), self._obligations()),
            (message("Evidence"), self._evidence()),
            (message("Signatures"), self._signatures()),
            (message("Questions"), self._questions()),
            (message("Requests"), self._requests()),
            (message("Due days"), self._dues()),
            (message("Risk acceptances"), self._risks()),
            (message("Urgent transitions"), self._urgencies()),
            (message("Links"), self._links()),
            (message("Handoffs"), self._handoffs()),
            (message("Times on hold"), self._holds()),
            (message("Steps passed"), self._transitions()),
            (message("Closings"), self._closures()),
            (message("Closure packs"), self._packs()),
        ):
            yield from _part(heading, lines)
        yield from self._next()
        count = len(self._vault.register.entries_about(self._item.id))
        yield plural_message(
            "{count} entry in the log; countersign item history shows it.",
            "{count} entries in the log; countersign item history shows them.",
            count,
        )

    def _name(self, person: str) -> str:
        return self._facts.names.get(person, person)

    def _head(self) -> Iterator[str]:
        item = self._item
        yield _line(message("process"), self._process.name)
        yield _line(message("step"), step_title(self._process, item.step))
        yield _line(message("state"), in_words(item.state))
        if item.hold:
            until = message("until {day}", day=item.hold.get("review_on") or message("unknown"))
            yield _line(message("on hold"), f"{until}: {item.hold.get('reason', '')}")
        yield _line(message("owner"), self._name(item.owner) if item.owner else item.owner_name or message("nobody"))
        responsible = answers_for(self._facts)
        if responsible.accountable != (self._name(item.owner) if item.owner else ""):
            yield _line(message("answers for it"), responsible.accountable)
        if responsible.offered_to:
            yield _line(message("offered to"), responsible.offered_to)
        for field in _CORE:
            if value := getattr(item, field):
                yield _line(field_title(self._process, field).lower(), value)
        if item.cycle > 1:
            yield _line(message("cycle"), str(item.cycle))
        clock = clock_facts(self._facts)
        if clock["limit_minutes"]:
            yield _line(message("step time"), clock_words(clock))
        created = message("{at} by {name}", at=item.created_at[:16], name=self._name(item.created_by))
        yield _line(message("on record since"), created)
        yield from (f"  {line}" for line in item.description.splitlines())

    def _fields(self) -> Iterator[str]:
        defined = [field.id for field in self._process.fields]
        values = self._item.values
        for field in (*(each for each in defined if each in values), *sorted(set(values) - set(defined))):
            if values[field] in (None, "", [], {}):
                continue
            title, unit = (
                field_title(self._process, field),
                list(value_lines(self._process, field, values[field], self._facts.names)),
            )
            if len(unit) == 1:
                yield f"{title}: {unit[0]}"
            else:
                yield f"{title}:"
                yield from (f"  {line}" for line in unit)

    def _tracker(self) -> Iterator[str]:
        source = self._item.source
        if source:
            batch = next((each for each in self._vault.register.imports() if each.id == source.get("import")), None)
            yield message(
                "{file}, sheet {sheet}, row {row}",
                file=batch.file_name if batch else source.get("import", ""),
                sheet=source.get("sheet", ""),
                row=source.get("row", ""),
            )
        for header, cell, text, *_ in self._item.legacy[:_SHOWN_OF_TRACKER]:
            yield f"{header} ({cell}): {text}"

    def _obligations(self) -> Iterator[str]:
        for one in self._file.obligations:
            until = message(", until {due}", due=one.due[:16].replace("T", " ")) if one.due else ""
            ended = f"; {self._name(one.ended_by)}: {one.ended_reason}".rstrip(": ") if one.ended_by else ""
            yield f"{obligation_words(self._facts, one)}{until}: {in_words(one.state)}{ended}"

    def _evidence(self) -> Iterator[str]:
        titles = {each.id: each.title for each in self._process.evidence}
        for one in self._file.evidence:
            yield message(
                "{requirement}: {file}, revision {revision}, {state}",
                requirement=titles.get(one.requirement, one.requirement),
                file=one.file_name,
                revision=one.revision,
                state=in_words(one.state),
            )
            added = message("added by {name}, {at}", name=self._name(one.added_by), at=one.added_at[:16])
            yield f"  {added}{f': {one.note}' if one.note else ''}"
            if one.reviewed_by:
                who, at = self._name(one.reviewed_by), one.reviewed_at[:16]
                looked_at = message("reviewed by {name}, {at}", name=who, at=at)
                yield f"  {looked_at}{f': {one.review_note}' if one.review_note else ''}"
            yield message("  {size:,} bytes, SHA-256 {sha256}", size=one.size, sha256=one.file)

    def _signatures(self) -> Iterator[str]:
        standing = standings(self._facts)
        for one in self._file.approvals:
            mandate = delegator_of(self._facts, one.mandate) if one.mandate else ""
            yield message(
                "{at}  {name}{for_whom}: {decision} at {gate}, level {level} ({standing})",
                at=one.given_at[:16],
                name=self._name(one.person),
                for_whom=message(" for {name}", name=self._name(mandate)) if mandate else "",
                decision=in_words(one.decision),
                gate=gate_words(self._process, one.gate),
                level=one.level,
                standing=standing[one.id],
            )
            yield f"  “{one.meaning}”{f' {one.reason}' if one.reason else ''}"
        for taken in self._file.revocations:
            yield message(
                "{at}  {name} took a signature back: {reason}",
                at=taken.at[:16],
                name=self._name(taken.person),
                reason=taken.reason,
            )
        for again in self._file.resubmissions:
            yield message(
                "{at}  {name} asked for a decision on the work as it stands: {reason}",
                at=again.at[:16],
                name=self._name(again.by),
                reason=again.reason,
            )

    def _questions(self) -> Iterator[str]:
        for one in self._file.questions:
            of = message(" of {name}", name=self._name(one.asked_of)) if one.asked_of else ""
            yield message(
                "{at}  {name} asked{of}: {text}",
                at=one.asked_at[:16],
                name=self._name(one.asked_by),
                of=of,
                text=one.text,
            )
            if one.answer:
                yield f"  {self._name(one.answered_by)}, {one.answered_at[:16]}: {one.answer}"
            else:
                yield message("  not answered")

    def _requests(self) -> Iterator[str]:
        for one in self._file.requests:
            yield message(
                "{at}  {name} asks for {what}{code}: {reason} ({state})",
                at=one.asked_at[:16],
                name=self._name(one.asked_by),
                what=in_words(one.kind),
                code=f" ({one.code})" if one.code else "",
                reason=one.reason,
                state=in_words(one.state),
            )
            for field, pair in one.proposal.items():
                if isinstance(pair, list) and len(pair) == 2:
                    yield f"  {self._changed(field, *pair)}"
                else:
                    yield f"  {field.replace('_', ' ')}: {short_value(self._process, field, pair, self._facts.names)}"
            if one.interim_risk:
                yield message("  risk until then: {risk}", risk=one.interim_risk)
            if one.decided_by:
                yield f"  {self._name(one.decided_by)}, {one.decided_at[:16]}: {one.decision_reason}".rstrip(": ")

    def _changed(self, field: str, before: object, after: object) -> str:
        shown = (short_value(self._process, field, each, self._facts.names) for each in (before, after))
        return f"{field_title(self._process, field)}: {' -> '.join(shown)}"

    def _dues(self) -> Iterator[str]:
        days = due_days(self._file)
        for one in days if len(days) > 1 else ():
            how = _HOW[one.how].filled(name=self._name(one.decided_by), reason=one.reason or message("no reason given"))
            yield f"{one.day or message('no day')}  {how}"

    def _risks(self) -> Iterator[str]:
        for one in self._file.risk_acceptances:
            gate = message(" at {gate}", gate=gate_words(self._process, one.gate)) if one.gate else ""
            yield message(
                "{rule}{gate}, until {until}, asked by {name}: {reason} ({state})",
                rule=one.rule,
                gate=gate,
                until=one.expires_on,
                name=self._name(one.asked_by),
                reason=one.reason,
                state=in_words(one.state),
            )
            for label, text in ((message("risk"), one.risk), (message("measure"), one.measure)):
                if text:
                    yield f"  {label}: {text}"
            for who, at in ((one.accepted_by, one.accepted_at), (one.ended_by, one.ended_at)):
                if who:
                    yield f"  {self._name(who)}, {at[:16]}"

    def _urgencies(self) -> Iterator[str]:
        for one in self._file.urgencies:
            yield message(
                "{at}  {name} asked to pass {gate} urgently ({code}): {reason} ({state})",
                at=one.marked_at[:16],
                name=self._name(one.marked_by),
                gate=gate_words(self._process, one.gate),
                code=one.code,
                reason=one.reason,
                state=in_words(one.state),
            )
            if one.signed_by:
                yield message("  signed by {name}: {meaning}", name=self._name(one.signed_by), meaning=one.meaning)

    def _links(self) -> Iterator[str]:
        for one in self._file.links:
            ended = f"; {self._name(one.ended_by)}: {one.ended_reason}" if one.ended_by else ""
            yield f"{link_words(one)}{f': {one.reason}' if one.reason else ''} ({in_words(one.state)}){ended}"

    def _handoffs(self) -> Iterator[str]:
        for one in self._file.handoffs:
            receiver = self._name(one.receiver) if one.receiver else role_words(self._process, one.role)
            yield message(
                "{at}  {step}: from {sender} to {receiver} ({state})",
                at=one.offered_at[:16],
                step=step_title(self._process, one.step),
                sender=self._name(one.sender),
                receiver=receiver,
                state=in_words(one.state),
            )
            if one.ended_by:
                yield f"  {self._name(one.ended_by)}, {one.ended_at[:16]}: {one.reason}".rstrip(": ")

    def _holds(self) -> Iterator[str]:
        for one in self._file.holds:
            yield message(
                "{since} to {until}, by {name}: {reason}",
                since=one.since[:16],
                until=one.until[:16] or message("now"),
                name=self._name(one.by),
                reason=one.reason,
            )
            if one.waiting_for:
                yield message("  waiting for {what}", what=one.waiting_for)

    def _transitions(self) -> Iterator[str]:
        for one in self._file.transition_records:
            steps = " -> ".join(step_title(self._process, each) for each in (one.from_step, one.to_step) if each)
            yield f"{one.at[:16]}  {steps}, {self._name(one.by)}{f': {one.reason}' if one.reason else ''}"

    def _closures(self) -> Iterator[str]:
        for one in self._file.closures:
            yield message(
                "{at}  cycle {cycle} by {name}, {role}: {outcome}{summary}",
                at=one.closed_at[:16],
                cycle=one.cycle,
                name=self._name(one.closed_by),
                role=role_words(self._process, one.role),
                outcome=in_words(one.outcome),
                summary=f". {one.summary}" if one.summary else "",
            )

    def _packs(self) -> Iterator[str]:
        for one in self._file.packs:
            yield message(
                "{at}  printed by {name}, {size:,} bytes, SHA-256 {sha256}",
                at=one.made_at[:16],
                name=self._name(one.made_by),
                size=one.size,
                sha256=one.file,
            )

    def _next(self) -> Iterator[str]:
        for action in next_actions(self._facts):
            verdict = action.verdict
            free = "" if verdict.obstacles else message(": nothing stands in the way")
            target = step_title(self._process, action.to_step)
            yield message("Next: {title} ({step}){free}", title=action.title, step=target, free=free)
            for obstacle in verdict.obstacles:
                yield f"  - {obstacle.text}"
                yield message(
                    "    rule {rule}; remedy: {remedy}{who}",
                    rule=obstacle.rule,
                    remedy=obstacle.remedy,
                    who=f" ({obstacle.responsible})" if obstacle.responsible else "",
                )
            for passed in verdict.passed:
                yield f"  + {passed.text}"


def _line(label: str, text: str) -> str:
    return f"  {label:22} {text}"


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{heading}:"
        yield from (f"  {line}" for line in found)
