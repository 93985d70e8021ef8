"""The box on top of an item: what can happen next, what stands in the way, what remedies it, and who."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from domain.messages import message, plural_message
from domain.rules.next_action import NextAction
from ui.queries import ItemInFocus
from ui.request_words import role_signed
from ui.theme import set_appearance
from ui.widgets.buttons import ActionButton
from ui.widgets.layout import clear, column, row
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import date_text, moment_text, outcome_word

MOST_LINES = 6
"""Obstacles listed per way; further ones are counted."""


class NextActionBox(QFrame):
    """Never without a sentence: an item on hold says why it is on hold."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        set_appearance(self, surface="card")
        across = row(self, margin=3, gap=4)
        self._words = column(gap=1)
        across.addLayout(self._words, 1)
        self._buttons = column(gap=2)
        across.addLayout(self._buttons)
        self.announced: list[str] = []

    def show_item(self, focus: ItemInFocus) -> None:
        """Say what is next for an item, as its process version and the present facts have it."""
        clear(self._words)
        clear(self._buttons)
        self.announced = []
        item = focus.facts.file.item
        if item.state == "closed":
            self._show_closed(focus)
        elif item.state == "closed_before":
            text = message("Closed before it came into this vault: the tracker stated so, nobody signed it here.")
            self._announce(text, strong=True)
        elif item.state == "cancelled":
            self._announce(message("Cancelled. The item stays readable, counted and printable."), strong=True)
        elif item.state == "on_hold":
            self._show_hold(focus)
        else:
            self._show_transitions(focus)
        self._words.addStretch(1)
        self._buttons.addStretch(1)
        self.setAccessibleName(message("Next action"))
        self.setAccessibleDescription("\n".join(self.announced))

    def _show_closed(self, focus: ItemInFocus) -> None:
        closure = focus.facts.file.closures[-1] if focus.facts.file.closures else None
        if closure is not None:
            closed = message(
                "Closed on {moment} by {person}. Intended outcome: {outcome}.",
                moment=moment_text(closure.closed_at),
                person=focus.facts.names.get(closure.closed_by, closure.closed_by),
                outcome=outcome_word(closure.outcome),
            )
            self._announce(closed, strong=True)
            if closure.summary:
                self._announce(closure.summary)
        self._offer("item.close", message("Closure pack…"), icon="print", primary=True)
        self._offer("item.reopen", message("Reopen…"), icon="reopen")

    def _show_hold(self, focus: ItemInFocus) -> None:
        hold = focus.facts.file.item.hold or {}
        held = message(
            "On hold since {moment}: {reason}",
            moment=moment_text(str(hold.get("since", ""))),
            reason=hold.get("reason", ""),
        )
        self._announce(held, strong=True)
        if hold.get("review_on"):
            self._announce(message("To be looked at again on {date}.", date=date_text(str(hold["review_on"]))))
        self._offer("item.resume", message("Resume…"), icon="resume", primary=True)

    def _show_transitions(self, focus: ItemInFocus) -> None:
        facts = focus.facts
        forward = _forward_first(focus)
        primary_given = False
        pending = focus.pending
        if pending is not None and pending.open_to(facts.actor.person):
            asked = message(
                "Your signature is asked for: {title}, as {role}.",
                title=pending.title,
                role=role_signed(facts, pending),
            )
            self._announce(asked, strong=True)
            self._offer("item.approve", message("Approve and sign…"), icon="sign", primary=True)
            self._offer("item.reject", message("Reject…"), icon="reject")
            primary_given = True
        for transition in forward:
            self._show_transition(focus, transition)
            if transition.verdict.allowed and not primary_given:
                if transition.closes:
                    self._offer("item.close", message("Close…"), icon="closed", primary=True)
                else:
                    self._offer("item.move", transition.title + "…", icon="move", primary=True)
                primary_given = True
        for act, command, text, icon in self._answers():
            verdict = focus.verdicts.get(act)
            if verdict is not None and verdict.allowed:
                self._offer(command, text, icon=icon)
        rules = {
            obstacle.rule.partition(".")[0] for transition in forward[:1] for obstacle in transition.verdict.obstacles
        }
        if "evidence" in rules:
            self._offer("item.add_evidence", message("Add evidence…"), icon="evidence")
        if "owner" in rules:
            self._offer("item.assign", message("Assign the owner…"), icon="assign")
        if not forward:
            self._announce(message("No step follows this one."), strong=True)

    def _answers(self) -> tuple[tuple[str, str, str, str], ...]:
        """Acts that answer to somebody: act, command, words, icon."""
        return (
            ("approve_urgent", "urgent.approve", message("Approve urgently…"), "sign"),
            ("answer_question", "decide.answer", message("Answer a question…"), "info"),
            ("resubmit_item", "decide.resubmit", message("Resubmit as it stands…"), "resume"),
            ("decide_request", "decide.request", message("Decide a request…"), "approvals"),
            ("decide_risk_acceptance", "decide.risk", message("Decide on a risk…"), "overdue"),
        )

    def _show_transition(self, focus: ItemInFocus, transition: NextAction) -> None:
        step = focus.facts.process.step(transition.to_step)
        title = step.title if step else transition.to_step
        obstacles = transition.verdict.obstacles
        if not obstacles:
            self._announce(message("Ready for {title}: nothing stands in the way.", title=title), strong=True)
            return
        self._announce(message("To go to {title}:", title=title), strong=True)
        for obstacle in obstacles[:MOST_LINES]:
            who = f"  —  {obstacle.responsible}" if obstacle.responsible else ""
            self._announce(f"•  {obstacle.text} {obstacle.remedy}{who}")
        if len(obstacles) > MOST_LINES:
            self._announce(plural_message("and {count} more", "and {count} more", len(obstacles) - MOST_LINES))

    def _announce(self, text: str, *, strong: bool = False) -> QLabel:
        line = label(text, type_="strong" if strong else "", wrap=True, select=True)
        self._words.addWidget(line)
        self.announced.append(text)
        return line

    def _offer(self, action: str, text: str, *, icon: str, primary: bool = False) -> QPushButton:
        made = ActionButton(self._services.actions[action], self._services.icons, text=text, icon=icon, primary=primary)
        self._buttons.addWidget(made)
        return made


def _forward_first(focus: ItemInFocus) -> list[NextAction]:
    """Transitions to later steps; transitions back are offered by the move command only."""
    order = {step.id: place for place, step in enumerate(focus.facts.process.steps)}
    here = order.get(focus.facts.file.item.step, 0)
    ahead = [transition for transition in focus.next if order.get(transition.to_step, 0) > here]
    return ahead or list(focus.next)
