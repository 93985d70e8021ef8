"""Life outside the normal path: who answers now, every due day, request, accepted risk, obligation, hold and
handoff.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from domain.messages import Message, message
from domain.records.dues import due_days
from domain.rules.approvals import gate_title
from domain.rules.facts import Facts
from domain.rules.obligations import obligation_words
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.proposals import proposal_lines
from ui.queries import ItemInFocus
from ui.request_words import readable, request_mark, request_word
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import Mark, date_text, moment_text, outcome_word


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One record: when it began, what it is, who stands for it, how it stands, and its words."""

    at: str
    what: str
    who: str
    mark: Mark
    text: str


class RequestsTab(QWidget):
    """Everything in one list, the newest first; what can be done about it stands below."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._model = LinesModel(self._columns(), self)
        self._answers = label(wrap=True, select=True)
        self._answers.setContentsMargins(12, 8, 12, 8)
        self.grid = Grid(services.theme, services.icons, name=message("Requests and changes of the item"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=4)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(
            EmptyState(
                services.icons,
                icon="log",
                title=message("On the normal path"),
                text=message(
                    "Requests, risk acceptances, obligations, holds and handoffs of this item will be listed here."
                ),
            )
        )
        down = column(self, gap=0)
        down.addWidget(self._answers)
        down.addWidget(self._stack, 1)
        foot = QFrame()
        set_appearance(foot, surface="foot")
        transitions = row(foot, margin=2, gap=2)
        for name in ("handoff.take", "decide.request", "decide.risk", "ask.withdraw", "ask.revoke_risk"):
            transitions.addWidget(ActionButton(services.actions[name], services.icons))
        transitions.addStretch(1)
        down.addWidget(foot)

    def show_item(self, focus: ItemInFocus) -> None:
        """Who answers for it, and every record around it."""
        answers = focus.answers
        text = message(
            "Answers for it: {accountable}. Does the work: {responsible}.",
            accountable=answers.accountable or "–",
            responsible=answers.responsible or "–",
        )
        if answers.offered_to:
            text += " " + message(
                "Handed over to {offered_to}, who has not taken it yet.", offered_to=answers.offered_to
            )
        self._answers.setText(text)
        lines = sorted(self._lines(focus), key=lambda each: each.at, reverse=True)
        self._model.show_lines(tuple(lines))
        self._stack.setCurrentIndex(0 if lines else 1)

    def _lines(self, focus: ItemInFocus) -> Iterator[HistoryLine]:
        facts, today = focus.facts, self._services.workspace.today()
        yield from self._asked(focus)
        yield from self._risks(facts, today)
        yield from self._obligations(facts, today)
        yield from self._holds(facts)
        yield from self._dues(facts)

    def _asked(self, focus: ItemInFocus) -> Iterator[HistoryLine]:
        facts = focus.facts
        for each in facts.file.requests:
            proposed = "; ".join(f"{title}: {text}" for title, text in proposal_lines(focus.facts, each.id))
            decided = f"  {self._name(facts, each.decided_by)}: {each.decision_reason}" if each.decided_by else ""
            what = f"{request_word(each.kind)} ({each.nth})"
            text = f"{proposed}. {each.reason} {each.interim_risk}{decided}"
            yield self._line(facts, each.asked_at, what, each.asked_by, request_mark(each.state), text)
        for question in facts.file.questions:
            mark = request_mark("ended" if question.answered_at else "asked")
            text = f"{question.text} → {self._name(facts, question.asked_of)}: {question.answer or '…'}"
            yield self._line(facts, question.asked_at, message("Question"), question.asked_by, mark, text)

    def _risks(self, facts: Facts, today: str) -> Iterator[HistoryLine]:
        for each in facts.file.risk_acceptances:
            state = "expired" if each.state == "in_force" and each.expires_on < today else each.state
            text = message(
                "Until {date}: {risk} {measure} {ended} Rule: {rule}",
                date=date_text(each.expires_on),
                risk=_ended(each.risk),
                measure=_ended(each.measure),
                ended=_ended(each.ended_reason),
                rule=each.rule,
            )
            who = each.accepted_by or each.asked_by
            yield self._line(facts, each.asked_at, message("Accepted risk"), who, request_mark(state), text)
        for granted in facts.exceptions:
            text = message(
                "Passed by {number} until {date}. Rule: {rule}",
                rule=granted.rule,
                number=granted.number,
                date=date_text(granted.expires_on),
            )
            yield self._line(facts, "", message("Exception"), "", request_mark("in_force"), text)
        for urgency in facts.file.urgencies:
            text = f"{gate_title(facts, urgency.gate)}: {readable(urgency.code)}. {urgency.reason}"
            mark = request_mark(urgency.state)
            yield self._line(facts, urgency.marked_at, message("Urgent path"), urgency.marked_by, mark, text)

    def _obligations(self, facts: Facts, today: str) -> Iterator[HistoryLine]:
        for each in facts.file.obligations:
            state = "late" if each.state == "open" and each.due and each.due[:10] < today else each.state
            due = message("Due {date}.", date=date_text(each.due)) if each.due else ""
            who = each.person or each.created_by
            text = f"{_ended(obligation_words(facts, each))} {due} {each.ended_reason}"
            yield self._line(facts, each.created_at, message("Obligation"), who, request_mark(state), text)

    def _holds(self, facts: Facts) -> Iterator[HistoryLine]:
        for each in facts.file.holds:
            clock = message("The clock stands still.") if each.stops_clock == "yes" else message("The clock runs on.")
            until = message("Look again on {date}.", date=date_text(each.review_on)) if each.review_on else ""
            mark = request_mark("ended" if each.until else "open")
            text = f"{_ended(each.reason)} {_ended(each.waiting_for)} {clock} {until}"
            yield self._line(facts, each.since, message("On hold"), each.by, mark, text)
        for handoff in facts.file.handoffs:
            step = facts.process.step(handoff.step)
            text = f"{step.title if step else handoff.step} {handoff.reason}"
            what = message("Handoff")
            yield self._line(facts, handoff.offered_at, what, handoff.sender, request_mark(handoff.state), text)
        for closure in facts.file.closures:
            text = message("Cycle {cycle}: {summary}", cycle=closure.cycle, summary=closure.summary)
            mark = Mark(word=outcome_word(closure.outcome), icon="closed", tone="proven")
            yield self._line(facts, closure.closed_at, message("Closure"), closure.closed_by, mark, text)

    def _dues(self, facts: Facts) -> Iterator[HistoryLine]:
        days = due_days(facts.file)
        for each in days:
            mark = request_mark("in_force" if each is days[-1] else "ended")
            day = date_text(each.day) if each.day else message("no day")
            text = _HOW[each.how].filled(date=day, reason=each.reason)
            yield self._line(facts, each.decided_at, message("Due day"), each.decided_by, mark, text)

    def _line(self, facts: Facts, at: str, what: str, who: str, mark: Mark, text: str) -> HistoryLine:  # noqa: PLR0917 (a row, cell by cell)
        return HistoryLine(at=at, what=what, who=self._name(facts, who), mark=mark, text=" ".join(text.split()))

    def _name(self, facts: Facts, person: str) -> str:
        return facts.names.get(person, person)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("When"), text=lambda each: moment_text(each.at) if each.at else "", width=140),
            Column(header=message("What"), text=lambda each: each.what, width=150),
            Column(header=message("Who"), text=lambda each: each.who, width=130),
            Column(header=message("State"), text=lambda each: each.mark.word, mark=lambda each: each.mark, width=120),
            Column(header=message("Words"), text=lambda each: each.text, tip=lambda each: each.text, width=300),
        )


_HOW = {
    "promised": Message("{date}, first promised. {reason}"),
    "extension": Message("{date}, by an extension. {reason}"),
    "change": Message("{date}, changed. {reason}"),
}


def _ended(words: str) -> str:
    """Words as a sentence that another one can follow; nothing for none."""
    words = words.strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."
