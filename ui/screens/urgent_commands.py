"""What the commands of the urgent path ask: marked by one, signed by another, confirmed or refused afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QWidget

from domain.commands.urgency import ApproveUrgent, MarkUrgent, RefuseUrgent, WithdrawUrgent
from domain.messages import message, plural_message
from domain.rules.approvals import gate_title
from domain.rules.next_action import pending_approvals
from domain.rules.urgencies import marked_urgency
from domain.rules.urgent_rules import urgent_gates, urgent_role
from resources.texts.meanings import MEANINGS
from ui.dialogs.ask_dialog import Asking, Field, Question
from ui.queries import ItemInFocus
from ui.request_words import readable, role_signed
from ui.screens.focus_commands import FocusCommands, Made
from ui.widgets.forms import choice
from ui.window_services import WindowServices


class UrgentCommands(FocusCommands):
    """Connects each command to its question or signing about the item in focus."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(services, window)
        self.connect_all(
            {
                "urgent.mark": self.mark_urgent,
                "urgent.approve": self.approve_urgent,
                "urgent.refuse": self.refuse_urgent,
                "urgent.withdraw": self.withdraw_urgent,
            }
        )

    def mark_urgent(self, focus: ItemInFocus) -> Made:
        """Ask for the urgent path: a code, words, and the gate."""
        facts = focus.facts
        rule = facts.process.urgent
        gates = urgent_gates(facts.process, facts.file.item.step)
        if rule is None or not gates:
            return None
        text = plural_message(
            "{role} signs alone now; the ordinary approvers confirm within {count} working hour, or it comes back.",
            "{role} signs alone now; the ordinary approvers confirm within {count} working hours, or it comes back.",
            rule.confirm_hours,
            role=facts.process.role_title(urgent_role(facts, rule)),
        )
        fields = [
            Field(name="gate", label=message("&Gate"), widget=_choice(gates, lambda each: gate_title(facts, each)))
        ]
        if rule.reasons:
            fields.append(Field(name="code", label=message("&Kind of reason"), widget=_choice(rule.reasons, readable)))
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="urgent.mark",
                    title=message("Mark {number} urgent", number=facts.file.item.number),
                    text=text,
                    verb=message("Mark urgent"),
                    icon="alerts",
                ),
                command=MarkUrgent,
                fields=(*fields, self.reason()),
                arguments=lambda given: {"code": "", **given},
            ),
        )

    def approve_urgent(self, focus: ItemInFocus) -> Made:
        """The one signature that lets the item pass now."""
        facts = focus.facts
        rule, urgency = facts.process.urgent, marked_urgency(facts.file)
        pending = next((each for each in pending_approvals(facts) if each.kind == "urgent"), None)
        if rule is None or urgency is None or pending is None:
            return None
        return self.sign(
            focus,
            Asking(
                question=Question(
                    action="urgent.approve",
                    title=message("Approve {number} urgently", number=facts.file.item.number),
                    verb=message("Sign the urgent approval"),
                    icon="sign",
                    meaning=rule.meaning,
                    role=role_signed(facts, pending),
                    facts=(
                        (message("Gate"), gate_title(facts, urgency.gate)),
                        (message("Urgent because"), f"{readable(urgency.code)}: {urgency.reason}"),
                        (message("Marked by"), facts.names.get(urgency.marked_by, "")),
                    ),
                    reason=message("&Remark"),
                    reason_required=False,
                ),
                command=ApproveUrgent,
            ),
        )

    def refuse_urgent(self, focus: ItemInFocus) -> Made:
        """What was passed is not confirmed: the item comes back."""
        facts = focus.facts
        passed = [each.gate for each in facts.file.urgencies if each.state == "passed"]
        if not passed:
            return None
        return self.sign(
            focus,
            Asking(
                question=Question(
                    action="urgent.refuse",
                    title=message("Refuse the urgent transition of {number}", number=facts.file.item.number),
                    verb=message("Sign: not confirmed"),
                    icon="reject",
                    meaning=MEANINGS["refuse_urgent"],
                    facts=(
                        (message("Effect"), message("The item returns to the step before the gate; work is kept.")),
                    ),
                    reason=message("&Reason"),
                ),
                command=RefuseUrgent,
                fields=(
                    Field(
                        name="gate",
                        label=message("&Gate"),
                        widget=_choice(passed, lambda each: gate_title(facts, each)),
                    ),
                ),
                arguments=lambda given: {**given, "meaning": MEANINGS["refuse_urgent"]},
            ),
        )

    def withdraw_urgent(self, focus: ItemInFocus) -> QDialog:
        """Give the urgent path up: the ordinary approvals are asked again."""
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="urgent.withdraw",
                    title=message("Withdraw the urgency of {number}", number=focus.facts.file.item.number),
                    verb=message("Withdraw"),
                    icon="back",
                ),
                command=WithdrawUrgent,
                fields=(self.reason(),),
            ),
        )


def _choice(values: Sequence[str], words: Callable[[str], str]) -> QWidget:
    return choice(tuple((each, words(each)) for each in values))
