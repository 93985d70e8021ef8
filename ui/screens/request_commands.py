"""What the commands of requests ask: ending work, a later due day, other content, and risks to be accepted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from domain.commands.requests import RequestCancellation, RequestChange, RequestExtension, WithdrawRequest
from domain.commands.risk_acceptance import RequestRiskAcceptance, RevokeRiskAcceptance
from domain.messages import message, plural_message
from domain.rules.fields import value_of
from resources.texts.meanings import MEANINGS
from ui.dialogs.ask_dialog import Asking, Field, Question
from ui.queries import ItemInFocus
from ui.request_words import readable, request_word
from ui.screens.focus_commands import FocusCommands, Made
from ui.widgets.day_edit import DayEdit
from ui.widgets.field_values import field_value, show_field_value
from ui.widgets.forms import choice, text_area
from ui.window_services import WindowServices
from ui.words import date_text


class RequestCommands(FocusCommands):
    """Requests and risks: asked here, decided by others."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(services, window)
        self.connect_all(
            {
                "ask.cancel": self.ask_cancel,
                "ask.extend": self.ask_extension,
                "ask.change": self.ask_change,
                "ask.withdraw": self.withdraw,
                "ask.risk_acceptance": self.ask_risk_acceptance,
                "ask.revoke_risk": self.revoke_risk,
            }
        )

    def ask_cancel(self, focus: ItemInFocus) -> QDialog:
        """What becomes of everything that hangs on it is part of the request."""
        rule = focus.facts.process.cancel
        fields = (
            [Field(name="code", label=message("&Kind of reason"), widget=_words(rule.reasons))] if rule.reasons else []
        )
        dispositions = []
        for disposition in rule.dispositions:
            widget: QWidget = _words(disposition.choices) if disposition.choices else QLineEdit()
            dispositions.append(
                Field(
                    name=disposition.id,
                    label=disposition.title,
                    widget=widget,
                    missing=message("This has to be answered."),
                )
            )
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="ask.cancel",
                    title=message("Ask to cancel {number}", number=focus.facts.file.item.number),
                    text=message(
                        "Somebody else decides it, signed. Until then no step is taken; nothing is ever deleted."
                    ),
                    verb=message("Ask"),
                    icon="cancel",
                ),
                command=RequestCancellation,
                fields=(*fields, *dispositions, self.reason()),
                arguments=lambda given: {
                    "reason": given["reason"],
                    "code": given.get("code") or "",
                    "dispositions": {each.name: given[each.name] for each in dispositions},
                },
            ),
        )

    def ask_extension(self, focus: ItemInFocus) -> QDialog:
        """Every due day stays on record; a later one is granted by somebody else."""
        due = focus.facts.file.item.due
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="ask.extend",
                    title=message("Ask for a later due day of {number}", number=focus.facts.file.item.number),
                    text=message(
                        "Due now: {date}. It is locked; a later day is asked for, and every day stays on record.",
                        date=date_text(due) if due else "–",
                    ),
                    verb=message("Ask"),
                    icon="calendar",
                ),
                command=RequestExtension,
                fields=(
                    Field(name="due", label=message("&New due day"), widget=DayEdit(), missing=message("Name a day.")),
                    self.reason(),
                    Field(
                        name="interim_risk",
                        label=message("Risk &until then, and what stands in"),
                        widget=text_area(rows=2),
                        missing=message("Say what can happen until then."),
                    ),
                ),
            ),
        )

    def ask_change(self, focus: ItemInFocus) -> QDialog:
        """One field with its value before and after."""
        facts = focus.facts
        item, process = facts.file.item, facts.process
        simple = [each for each in process.fields if each.kind != "table"]
        names = {"title": process.title_of("title"), "description": process.title_of("description")}
        names |= {each.id: each.title for each in simple}
        which, after = choice(tuple(names.items())), text_area(rows=3)

        def show_before() -> None:
            show_field_value(after, str(value_of(item, field_value(which)) or ""))

        which.currentIndexChanged.connect(lambda _index: show_before())
        show_before()
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="ask.change",
                    title=message("Ask for a change of {number}", number=item.number),
                    text=message("Before and after are on record. Nothing changes until somebody else signs it."),
                    verb=message("Ask"),
                    icon="designer",
                ),
                command=RequestChange,
                fields=(
                    Field(name="field", label=message("&Field"), widget=which),
                    Field(
                        name="after",
                        label=message("&Value asked for"),
                        widget=after,
                        hint=message("The value in force stands here: change it."),
                    ),
                    self.reason(),
                ),
                arguments=lambda given: {"fields": {given["field"]: given["after"]}, "reason": given["reason"]},
            ),
        )

    def withdraw(self, focus: ItemInFocus) -> Made:
        """One's own request, while nobody has decided it."""
        mine = [
            (each.id, f"{request_word(each.kind)}: {each.reason}")
            for each in focus.facts.file.requests
            if each.state == "asked" and each.asked_by == focus.facts.actor.person
        ]
        return self.ask_about_one(
            focus,
            Question(
                action="ask.withdraw",
                title=message("Withdraw a request"),
                text=message("It stays on record as withdrawn."),
                verb=message("Withdraw"),
                icon="back",
            ),
            WithdrawRequest,
            self.reason(),
            name="request",
            label=message("&Request"),
            among=mine,
        )

    def ask_risk_acceptance(self, focus: ItemInFocus) -> Made:
        """For an obstacle that stands now: its risk, what stands in for the rule, and until when."""
        rule = focus.facts.process.risk_acceptance
        waivable = {f"{each.rule}|{each.about}|{each.gate}": each for each in focus.waivable}
        if rule is None or not waivable:
            return None
        which = choice(tuple((key, each.text) for key, each in waivable.items()))
        days = plural_message(
            "{count} day at most; the day itself is included.",
            "{count} days at most; the day itself is included.",
            rule.longest_days,
        )
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="ask.risk_acceptance",
                    title=message("Ask to accept a risk"),
                    text=message(
                        "Who carries the risk signs for it. While it is in force the gate says so, and the pack too."
                    ),
                    verb=message("Ask"),
                    icon="overdue",
                ),
                command=RequestRiskAcceptance,
                fields=(
                    Field(name="which", label=message("&What stands in the way"), widget=which),
                    Field(
                        name="risk",
                        label=message("What can &happen"),
                        widget=text_area(rows=2),
                        missing=message("Say what can happen."),
                    ),
                    Field(
                        name="measure",
                        label=message("What stands in for the rule (&measure)"),
                        widget=text_area(rows=2),
                    ),
                    Field(
                        name="expires_on",
                        label=message("Accepted &until"),
                        widget=DayEdit(),
                        missing=message("Name the last day."),
                        hint=days,
                    ),
                    self.reason(),
                ),
                arguments=lambda given: {
                    "rule": waivable[given["which"]].rule,
                    "concerns": waivable[given["which"]].about,
                    "gate": waivable[given["which"]].gate,
                    **{name: given[name] for name in ("risk", "measure", "expires_on", "reason")},
                },
            ),
        )

    def revoke_risk(self, focus: ItemInFocus) -> Made:
        """The gate stands again."""
        rule = focus.facts.process.risk_acceptance
        in_force = [
            (each.id, message("{risk} (rule {rule})", risk=each.risk, rule=each.rule))
            for each in focus.facts.file.risk_acceptances
            if each.state == "in_force"
        ]
        if rule is None or not in_force:
            return None
        which = choice(tuple(in_force))
        return self.sign(
            focus,
            Asking(
                question=Question(
                    action="ask.revoke_risk",
                    title=message("Take an accepted risk back"),
                    verb=message("Sign and take back"),
                    icon="refused",
                    meaning=MEANINGS["revoke_risk_acceptance"],
                    reason=message("&Reason"),
                ),
                command=RevokeRiskAcceptance,
                fields=(Field(name="risk_acceptance", label=message("&Accepted risk"), widget=which),),
                arguments=lambda given: {**given, "meaning": MEANINGS["revoke_risk_acceptance"]},
            ),
        )


def _words(values: Sequence[str]) -> QWidget:
    return choice(tuple((each, readable(each)) for each in values))
