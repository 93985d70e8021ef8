"""The whole decision on one page: what is asked, what is signed, the evidence, what others stated, and the effect."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from domain.messages import message
from domain.ports import WaitingApproval
from domain.rules.approvals import judge_approvals
from domain.rules.fields import value_of
from domain.rules.next_action import PendingApproval, pending_approvals
from domain.rules.requests import decider_of, request_of
from domain.rules.risk_acceptances import risk_acceptance_of
from ui.proposals import proposal_lines
from ui.queries import ItemInFocus
from ui.request_words import readable, value_text, waiting_word
from ui.widgets.layout import clear, column, row
from ui.widgets.pill import Pill
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import date_text, decision_mark, evidence_mark, moment_text

_AT_GATES = ("ordinary", "confirm", "urgent")


class DecisionPage(QWidget):
    """Shows one thing that waits, for the item in focus."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._down = column(self, margin=4, gap=3)

    def clear(self) -> None:
        """Show nothing."""
        clear(self._down)

    def show_waiting(self, focus: ItemInFocus, waiting: WaitingApproval) -> None:
        """Everything the decision needs, in the order a person reads it."""
        self.clear()
        facts = focus.facts
        item = facts.file.item
        self._announce(f"{item.number}   ·   {facts.process.name}   ·   {waiting_word(waiting.kind)}", muted=True)
        self._announce(item.title, type_="title")
        pending = next(
            (each for each in pending_approvals(facts) if (each.gate, each.kind) == (waiting.gate, waiting.kind)), None
        )
        role = self._role(focus, waiting, pending)
        if waiting.in_place_of:
            self._announce(
                message(
                    "You sign as {role}, in your own name for {delegator}, under a mandate.",
                    role=role,
                    delegator=waiting.in_place_of,
                )
            )
        elif role:
            self._announce(message("You sign as {role}.", role=role), muted=True)
        if waiting.kind in _AT_GATES and pending is not None:
            self._show_signature(focus, pending)
        elif waiting.kind == "question":
            self._show_question(waiting)
        elif waiting.kind == "risk_acceptance":
            self._show_risk(focus, waiting)
        else:
            self._show_request(focus, waiting)
        self._down.addStretch(1)

    def _role(self, focus: ItemInFocus, waiting: WaitingApproval, pending: PendingApproval | None) -> str:
        """The title of the role it would be signed in; "" where none is asked for."""
        facts = focus.facts
        if waiting.kind in _AT_GATES:
            return facts.process.role_title(pending.role) if pending is not None else ""
        roles: tuple[str, ...] = ()
        if waiting.kind == "risk_acceptance" and facts.process.risk_acceptance is not None:
            roles = facts.process.risk_acceptance.roles
        elif (request := request_of(facts, waiting.about)) is not None and (rule := decider_of(facts, request)):
            roles = rule.roles
        held = [facts.process.role_title(each) for each in roles if each in facts.actor.roles]
        return next(iter(held), "")

    def _show_signature(self, focus: ItemInFocus, pending: PendingApproval) -> None:
        facts = focus.facts
        item, process = facts.file.item, facts.process
        asked = message("Asked: {title} — {meaning}", meaning=pending.meaning, title=pending.title)
        self._announce(asked, type_="strong")
        if pending.due_at:
            moment = moment_text(pending.due_at)
            due = (
                message("Overdue since {moment}.", moment=moment)
                if pending.late
                else message("To be decided by {moment}.", moment=moment)
            )
            self._announce(due, muted=not pending.late)
        if pending.reason:
            code = readable(pending.code)
            self._announce(message("Urgent because: {code}. {reason}", code=code, reason=pending.reason))
        if item.description:
            self._announce(item.description)
        self._rule(message("What you sign"))
        self._down.addLayout(self._signed_fields(focus, pending))
        gate = process.gate(pending.gate)
        if gate is not None and gate.evidence:
            self._rule(message("Evidence"))
            self._down.addLayout(self._evidence_of(focus, gate.evidence))
        self._show_earlier(focus, pending)
        self._show_stated(focus)
        self._show_open(focus, pending)
        target = process.step(pending.to_step)
        step = target.title if target else pending.to_step
        self._down.addWidget(rule())
        if pending.kind == "urgent":
            effect = message(
                "If you sign, it may go to {step} now; the ordinary approvers confirm, or it comes back.", step=step
            )
        elif pending.kind == "confirm":
            effect = message(
                "It went to {step} urgently. Your signature confirms that; a refusal takes the item back.", step=step
            )
        else:
            effect = message(
                "Approved, the transition to {step} needs one signature less. Rejected, it waits until the work "
                "changes.",
                step=step,
            )
        self._announce(effect, muted=True)

    def _show_request(self, focus: ItemInFocus, waiting: WaitingApproval) -> None:
        self._announce(
            message("Asked by {asked_by}, {moment}", moment=moment_text(waiting.since), asked_by=waiting.asked_by)
        )
        self._announce(waiting.reason, type_="strong")
        request = next((each for each in focus.facts.file.requests if each.id == waiting.about), None)
        self._rule(message("Before and after") if waiting.kind != "cancellation" else message("What becomes of it"))
        lines = proposal_lines(focus.facts, waiting.about)
        if request is not None and request.interim_risk:
            lines.append((message("Risk until then"), request.interim_risk))
        self._down.addLayout(self._pairs(lines))
        self._show_stated(focus)
        self._down.addWidget(rule())
        effect = {
            "extension": message("If granted, this day is in force; every earlier one stays on record."),
            "change": message("If granted, the content changes at once, and signatures over it have to be given anew."),
            "cancellation": message("If granted, the item ends here: read only, counted and printable for ever."),
        }
        self._announce(effect.get(waiting.kind, ""), muted=True)

    def _show_risk(self, focus: ItemInFocus, waiting: WaitingApproval) -> None:
        risk_acceptance = risk_acceptance_of(focus.facts, waiting.about)
        self._announce(
            message("Asked by {asked_by}, {moment}", moment=moment_text(waiting.since), asked_by=waiting.asked_by)
        )
        self._announce(waiting.reason, type_="strong")
        if risk_acceptance is not None:
            self._rule(message("The risk"))
            self._down.addLayout(
                self._pairs(
                    [
                        (message("Rule"), risk_acceptance.rule),
                        (message("What can happen"), risk_acceptance.risk),
                        (message("What stands in"), risk_acceptance.measure or "–"),
                        (message("Until"), date_text(risk_acceptance.expires_on)),
                    ]
                )
            )
        self._down.addWidget(rule())
        self._announce(
            message("If accepted, the gate lets the item pass in spite of it until that day, visibly."), muted=True
        )

    def _show_question(self, waiting: WaitingApproval) -> None:
        asked = message("{asked_by} asks, {moment}:", moment=moment_text(waiting.since), asked_by=waiting.asked_by)
        self._announce(asked)
        self._announce(waiting.reason, type_="strong")

    def _show_earlier(self, focus: ItemInFocus, pending: PendingApproval) -> None:
        facts = focus.facts
        judged = judge_approvals(facts, pending.gate)
        earlier = [(each, True) for state in judged.levels for each in state.counted]
        earlier += [(each, False) for each in judged.overtaken]
        if not earlier:
            return
        self._rule(message("Signatures so far"))
        for approval, counts in earlier:
            across = row(gap=2)
            across.addWidget(
                Pill(self._services.theme, self._services.icons, decision_mark(approval.decision, counts=counts))
            )
            name = facts.names.get(approval.person, approval.person)
            across.addWidget(label(f"{name}, {moment_text(approval.given_at)}  {approval.reason}", wrap=True), 1)
            self._down.addLayout(across)

    def _show_open(self, focus: ItemInFocus, pending: PendingApproval) -> None:
        """What else keeps the item from passing the gate, besides signatures."""
        transition = next((each for each in focus.next if each.transition == pending.gate), None)
        still = (
            [each for each in transition.verdict.obstacles if not each.rule.startswith("approval.")]
            if transition
            else []
        )
        if still:
            self._rule(message("Still open at this gate"))
        for obstacle in still:
            self._announce(f"{obstacle.text} {obstacle.remedy}")

    def _show_stated(self, focus: ItemInFocus) -> None:
        """Questions and answers, and obstacles that exceptions and risk acceptances let pass."""
        facts = focus.facts
        asked = [each for each in facts.file.questions if each.cycle == facts.file.item.cycle]
        if asked:
            self._rule(message("Questions"))
        for each in asked:
            who, of = (facts.names.get(person, person) for person in (each.asked_by, each.asked_of))
            self._announce(f"{who} → {of}: {each.text}")
            self._announce(each.answer or message("Not answered yet."), muted=not each.answer)
        passed = [each for transition in focus.next for each in transition.verdict.passed]
        if passed:
            self._rule(message("Passed visibly"))
        for let_through in dict.fromkeys(passed):
            self._announce(
                message(
                    "{text} ({by}, until {date})",
                    text=let_through.text,
                    by=let_through.number or readable(let_through.kind),
                    date=date_text(let_through.until),
                )
            )

    def _signed_fields(self, focus: ItemInFocus, pending: PendingApproval) -> QGridLayout:
        facts = focus.facts
        process = facts.process
        gate = process.gate(pending.gate)
        named = (*process.required_fields(pending.gate), *(gate.signs if gate else ()))
        signed = tuple(each.id for each in process.fields if each.signed)
        names = dict(facts.names)
        lines = [
            (process.title_of(field), value_text(process, field, value, names))
            for field in dict.fromkeys((*named, *signed))
            if (value := value_of(facts.file.item, field))
        ]
        return self._pairs(lines)

    def _pairs(self, lines: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for n, (title, text) in enumerate(lines):
            name = label(title, muted=True, wrap=True)
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            name.setMinimumWidth(176)
            grid.addWidget(name, n, 0)
            shown = label(text, wrap=True, select=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, n, 1)
        return grid

    def _evidence_of(self, focus: ItemInFocus, requirements: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        facts = focus.facts
        place = 0
        for requirement in requirements:
            definition = facts.process.requirement(requirement)
            given = tuple(each for each in facts.file.evidence if each.requirement == requirement)
            for each in given or (None,):
                mark = evidence_mark(each.state if each else "")
                grid.addWidget(Pill(self._services.theme, self._services.icons, mark), place, 0)
                text = f"{definition.title if definition else requirement}: {each.file_name if each else '–'}"
                grid.addWidget(label(text, wrap=True, select=True), place, 1)
                place += 1
        return grid

    def _rule(self, title: str) -> None:
        self._down.addWidget(rule())
        self._down.addWidget(label(title, type_="strong"))

    def _announce(self, text: str, *, type_: str = "", muted: bool = False) -> None:
        self._down.addWidget(label(text, type_=type_, muted=muted, wrap=True, select=True))
