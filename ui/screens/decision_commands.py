"""What the commands around decisions ask: every way to answer, the urgent path, many at once, what was signed."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from domain.commands.approvals import AnswerQuestion, ApproveItem, AskQuestion, ResubmitItem, RevokeApproval
from domain.commands.requests import DecideRequest
from domain.commands.risk_acceptance import DecideRiskAcceptance
from domain.messages import message
from domain.rules.approvals import gate_title
from domain.rules.requests import decider_of, request_of
from domain.rules.risk_acceptances import risk_acceptance_of
from resources.texts.meanings import MEANINGS
from ui.decision_queries import Place, SignatureLine, read_own_signatures
from ui.dialogs.ask_dialog import Asking, Field, Question
from ui.dialogs.bulk_sign import BulkSignDialog
from ui.dialogs.sign import SignDialog
from ui.dialogs.signatures_dialog import SignaturesDialog, signatures_at
from ui.proposals import proposal_lines
from ui.queries import ItemInFocus
from ui.request_words import request_word, role_signed
from ui.screens.focus_commands import FocusCommands, Made
from ui.widgets.forms import choice, text_area
from ui.window_services import WindowServices
from ui.words import date_text


class DecisionCommands(FocusCommands):
    """Connects each command to its signing or question; `opened` are decisions that were looked at in this session."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(services, window)
        self.opened: set[Place] = set()
        self.connect_all(
            {
                "decide.changes": self.request_changes,
                "decide.abstain": self.abstain,
                "decide.ask": self.ask_before,
                "decide.answer": self.answer,
                "decide.resubmit": self.resubmit,
                "decide.request": self.decide_request,
                "decide.risk": self.decide_risk,
                "decide.shown": self.show_signed,
                "decide.take_back": self.take_back,
            }
        )
        services.actions["decide.many"].triggered.connect(lambda _checked=False: self.sign_many())
        services.actions["decide.own"].triggered.connect(lambda _checked=False: self.show_own())
        services.workspace.locked.connect(self.opened.clear)

    def sign_many(self) -> Made:
        """One signing for everything that waits and may be signed together."""
        session = self.services.workspace.session
        if session is None or not session.waiting:
            return None
        dialog = BulkSignDialog(self.services, self.window, session.waiting, self.opened)
        dialog.open()
        return dialog

    def show_signed(self, focus: ItemInFocus) -> QDialog:
        """Every signature, opened as it was."""
        dialog = SignaturesDialog(self.services, self.window, signatures_at(focus), own=False)
        dialog.open()
        return dialog

    def show_own(self) -> None:
        """Everything this person signed at gates, whatever the item."""
        workspace = self.services.workspace
        if workspace.is_open:
            vault = workspace.vault
            self.services.tasks.run(lambda: read_own_signatures(vault), context=self, then=self._list_own)

    def _list_own(self, lines: tuple[SignatureLine, ...]) -> None:
        if lines:
            SignaturesDialog(self.services, self.window, lines, own=True).open()
        else:
            self.services.workspace.announce(message("You have signed nothing at a gate yet."), tone="open")

    def request_changes(self, focus: ItemInFocus) -> Made:
        """The content has to change, or be explained, before it is decided."""
        return self._decide(
            focus, "decide.changes", "changes_requested", message("Request changes"), message("&What has to change")
        )

    def abstain(self, focus: ItemInFocus) -> Made:
        """Signed as well: one does not decide, and says why."""
        return self._decide(focus, "decide.abstain", "abstained", message("Abstain"), message("&Reason"))

    def _decide(self, focus: ItemInFocus, action: str, decision: str, title: str, reason: str) -> Made:
        meaning = MEANINGS[f"approve_item.{decision}"]
        pending = focus.pending
        if pending is None:
            return None
        return self.sign(
            focus,
            Asking(
                question=Question(
                    action=action,
                    title=f"{title}: {focus.facts.file.item.number}",
                    verb=message("Sign: {title}", title=title),
                    icon="sign",
                    meaning=meaning,
                    role=role_signed(focus.facts, pending),
                    facts=((message("Gate"), gate_title(focus.facts, pending.gate)),),
                    reason=reason,
                ),
                command=ApproveItem,
                arguments=lambda given: {
                    "gate": pending.gate,
                    "decision": decision,
                    "meaning": meaning,
                    "reason": given["reason"],
                },
            ),
        )

    def ask_before(self, focus: ItemInFocus) -> QDialog:
        """A question before deciding; the deadline stands still where the process says so."""
        facts = focus.facts
        people = [facts.file.item.owner, *sorted(facts.active, key=lambda each: facts.names.get(each, each))]
        others = [each for each in dict.fromkeys(people) if each in facts.active and each != facts.actor.person]
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="decide.ask",
                    title=message("Ask before deciding on {number}", number=facts.file.item.number),
                    text=message("Question and answer stay on record with the decision."),
                    verb=message("Ask"),
                    icon="help",
                ),
                command=AskQuestion,
                fields=(
                    Field(
                        name="of",
                        label=message("&Asked of"),
                        widget=choice(tuple((each, facts.names.get(each, each)) for each in others)),
                        missing=message("Choose a person."),
                    ),
                    Field(
                        name="text",
                        label=message("&Question"),
                        widget=text_area(rows=3),
                        missing=message("Write what you want to know."),
                    ),
                ),
            ),
        )

    def answer(self, focus: ItemInFocus) -> Made:
        """One of the questions that are open and asked of this person."""
        facts = focus.facts
        mine = [each for each in facts.file.questions if not each.answered_at and each.asked_of == facts.actor.person]
        if not mine:
            return None
        entries = tuple((each.id, f"{facts.names.get(each.asked_by, '')}: {each.text}") for each in mine)
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="decide.answer",
                    title=message("Answer a question about {number}", number=facts.file.item.number),
                    text=entries[0][1],
                    verb=message("Answer"),
                    icon="info",
                ),
                command=AnswerQuestion,
                fields=(
                    Field(name="question", label=message("&Question"), widget=choice(entries)),
                    Field(
                        name="answer",
                        label=message("&Answer"),
                        widget=text_area(rows=4),
                        missing=message("Write an answer."),
                    ),
                ),
            ),
        )

    def resubmit(self, focus: ItemInFocus) -> QDialog:
        """Ask for a decision on the work as it stands, with a reason instead of a change."""
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="decide.resubmit",
                    title=message("Resubmit {number} as it stands", number=focus.facts.file.item.number),
                    text=message("Changes were asked for. Say why it should be decided without them."),
                    verb=message("Resubmit"),
                    icon="resume",
                ),
                command=ResubmitItem,
                fields=(self.reason(),),
            ),
        )

    def decide_request(self, focus: ItemInFocus, request: str = "", *, grant: bool = True) -> Made:
        """Grant or refuse what was asked for, with before and after in view."""
        facts = focus.facts
        asked = [each for each in facts.file.requests if each.state == "asked"]
        found = request_of(facts, request) if request else next(iter(asked), None)
        rule = decider_of(facts, found) if found else None
        if found is None or rule is None:
            return None
        names, process = dict(facts.names), facts.process
        lines = [
            (message("Asked by"), f"{names.get(found.asked_by, '')}: {found.reason}"),
            *((title, text) for title, text in proposal_lines(focus.facts, found.id)),
        ]
        if found.interim_risk:
            lines.append((message("Risk until then"), found.interim_risk))
        verdict = choice((("yes", message("Grant it")), ("no", message("Refuse it, with a reason"))))
        verdict.setCurrentIndex(0 if grant else 1)
        refused = MEANINGS["decide_request.rejected"]
        return self._sign_verdict(
            focus,
            verdict,
            refused,
            Asking(
                question=Question(
                    action="decide.request",
                    title=f"{request_word(found.kind)}: {facts.file.item.number}",
                    verb=message("Sign the decision"),
                    icon="sign",
                    meaning=rule.meaning,
                    role=", ".join(process.role_title(each) for each in rule.roles),
                    facts=tuple(lines),
                    reason=message("&Reason (a refusal needs one)"),
                    reason_required=False,
                ),
                command=DecideRequest,
                fields=(Field(name="verdict", label=message("&Decision"), widget=verdict),),
                arguments=lambda given: {
                    "request": found.id,
                    "approve": given["verdict"] == "yes",
                    "meaning": rule.meaning if given["verdict"] == "yes" else refused,
                    "reason": given["reason"],
                },
            ),
        )

    def decide_risk(self, focus: ItemInFocus, risk_acceptance: str = "", *, accept: bool = True) -> Made:
        """Sign for a risk, or refuse to."""
        facts = focus.facts
        asked = [each for each in facts.file.risk_acceptances if each.state == "asked"]
        found = risk_acceptance_of(facts, risk_acceptance) if risk_acceptance else next(iter(asked), None)
        rule = facts.process.risk_acceptance
        if found is None or rule is None:
            return None
        verdict = choice((("yes", message("Accept the risk")), ("no", message("Refuse it, with a reason"))))
        verdict.setCurrentIndex(0 if accept else 1)
        refused = MEANINGS["decide_risk_acceptance.rejected"]
        return self._sign_verdict(
            focus,
            verdict,
            refused,
            Asking(
                question=Question(
                    action="decide.risk",
                    title=message("Accept a risk: {number}", number=facts.file.item.number),
                    verb=message("Sign the decision"),
                    icon="sign",
                    meaning=rule.meaning,
                    role=", ".join(facts.process.role_title(each) for each in rule.roles),
                    facts=(
                        (message("Asked by"), f"{facts.names.get(found.asked_by, '')}: {found.reason}"),
                        (message("Rule"), found.rule),
                        (message("What can happen"), found.risk),
                        (message("What stands in"), found.measure or "–"),
                        (message("Until"), date_text(found.expires_on)),
                    ),
                    reason=message("&Reason (a refusal needs one)"),
                    reason_required=False,
                ),
                command=DecideRiskAcceptance,
                fields=(Field(name="verdict", label=message("&Decision"), widget=verdict),),
                arguments=lambda given: {
                    "risk_acceptance": found.id,
                    "accept": given["verdict"] == "yes",
                    "meaning": rule.meaning if given["verdict"] == "yes" else refused,
                    "reason": given["reason"],
                },
            ),
        )

    def _sign_verdict(self, focus: ItemInFocus, verdict: QComboBox, refused: str, asking: Asking) -> SignDialog:
        """A signing whose meaning is that of the verdict chosen: `refused`, or the one the process states."""
        dialog = self.sign(focus, asking)

        def show_meaning() -> None:
            dialog.meaning.setText(asking.question.meaning if verdict.currentData() == "yes" else refused)

        verdict.currentIndexChanged.connect(lambda _index: show_meaning())
        show_meaning()
        return dialog

    def take_back(self, focus: ItemInFocus) -> Made:
        """One's own signature, before its gate is passed."""
        facts = focus.facts
        gone = {each.approval for each in facts.file.revocations}
        mine = [
            (each.id, f"{gate_title(facts, each.gate)}, {date_text(each.given_at)}: {each.meaning}")
            for each in reversed(facts.file.approvals)
            if each.person == facts.actor.person and each.id not in gone
        ]
        if not mine:
            return None
        return self.sign(
            focus,
            Asking(
                question=Question(
                    action="decide.take_back",
                    title=message("Take a signature back"),
                    verb=message("Sign and take it back"),
                    icon="refused",
                    meaning=MEANINGS["revoke_approval"],
                    reason=message("&Reason"),
                ),
                command=RevokeApproval,
                fields=(Field(name="approval", label=message("&Signature"), widget=choice(tuple(mine))),),
                arguments=lambda given: {**given, "meaning": MEANINGS["revoke_approval"]},
            ),
        )
