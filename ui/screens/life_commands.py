"""What the commands of life off the straight road ask: requests, accepted risks, ties, handoffs, recurrences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from domain.gates.fields import value_of
from domain.items.governance import Link
from domain.use_cases.accept_handoff import accept_handoff
from domain.use_cases.ask_blocker import ask_blocker
from domain.use_cases.begin_recurrence import begin_recurrence
from domain.use_cases.link_items import link_items
from domain.use_cases.replace_link import replace_link
from domain.use_cases.request_cancellation import request_cancellation
from domain.use_cases.request_change import request_change
from domain.use_cases.request_extension import request_extension
from domain.use_cases.request_waiver import request_waiver
from domain.use_cases.return_handoff import return_handoff
from domain.use_cases.revoke_waiver import revoke_waiver
from domain.use_cases.unlink_items import unlink_items
from domain.use_cases.withdraw_request import withdraw_request
from ui.desk import Desk
from ui.dialogs.ask_dialog import AskDialog, Asking, Field, Question, signed_dialog
from ui.life_words import link_word, request_word, spoken
from ui.reading import ItemInFocus
from ui.widgets.day_edit import DayEdit
from ui.widgets.field_values import field_value, show_field_value
from ui.widgets.forms import choice, text_area
from ui.words import date_text

Made = QDialog | None


class LifeCommands(QObject):
    """Connects each command to its question about the item in focus; each method also stands alone."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        slots: dict[str, Callable[[ItemInFocus], Made]] = {
            "ask.cancel": self.ask_cancel,
            "ask.extend": self.ask_extension,
            "ask.change": self.ask_change,
            "ask.withdraw": self.withdraw,
            "ask.waiver": self.ask_waiver,
            "ask.revoke_risk": self.revoke_risk,
            "link.add": self.link,
            "link.replace": self.replace,
            "link.end": self.unlink,
            "link.ask": self.ask_blocker,
            "handoff.take": self.take_over,
            "handoff.return": self.give_back,
            "item.recur": self.recur,
        }
        for name, slot in slots.items():
            desk.actions[name].triggered.connect(lambda _checked=False, slot=slot: self._on(slot))

    def _on(self, slot: Callable[[ItemInFocus], Made]) -> None:
        focus = self._desk.workspace.focus
        if focus is not None:
            slot(focus)

    def ask_cancel(self, focus: ItemInFocus) -> QDialog:
        """What becomes of everything that hangs on it is part of the request."""
        rule = focus.facts.process.cancel
        fields = (
            [Field(name="code", label=self.tr("&Kind of reason"), widget=_words(rule.reasons))] if rule.reasons else []
        )
        fates = []
        for fate in rule.fates:
            widget: QWidget = _words(fate.choices) if fate.choices else QLineEdit()
            fates.append(
                Field(name=fate.id, label=fate.title, widget=widget, missing=self.tr("This has to be answered."))
            )
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="ask.cancel",
                    title=self.tr("Ask to cancel %1").replace("%1", focus.facts.file.item.number),
                    text=self.tr(
                        "Somebody else decides it, signed. Until then no step is taken; nothing is ever deleted."
                    ),
                    verb=self.tr("Ask"),
                    icon="cancel",
                ),
                use_case=request_cancellation,
                fields=(*fields, *fates, self._reason()),
                arguments=lambda given: {
                    "reason": given["reason"],
                    "code": given.get("code") or "",
                    "fates": {each.name: given[each.name] for each in fates},
                },
            ),
        )

    def ask_extension(self, focus: ItemInFocus) -> QDialog:
        """Every due day stays on record; a later one is granted by somebody else."""
        due = focus.facts.file.item.due
        text = self.tr("Due now: %1. It is locked; a later day is asked for, and every day stays on record.")
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="ask.extend",
                    title=self.tr("Ask for a later due day of %1").replace("%1", focus.facts.file.item.number),
                    text=text.replace("%1", date_text(due) if due else "–"),
                    verb=self.tr("Ask"),
                    icon="calendar",
                ),
                use_case=request_extension,
                fields=(
                    Field(name="due", label=self.tr("&New due day"), widget=DayEdit(), missing=self.tr("Name a day.")),
                    self._reason(),
                    Field(
                        name="interim_risk",
                        label=self.tr("Risk &until then, and what stands in"),
                        widget=text_area(rows=2),
                        missing=self.tr("Say what can happen until then."),
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
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="ask.change",
                    title=self.tr("Ask for a change of %1").replace("%1", item.number),
                    text=self.tr("Before and after are on record. Nothing changes until somebody else signs it."),
                    verb=self.tr("Ask"),
                    icon="designer",
                ),
                use_case=request_change,
                fields=(
                    Field(name="field", label=self.tr("&Field"), widget=which),
                    Field(
                        name="after",
                        label=self.tr("&Value asked for"),
                        widget=after,
                        hint=self.tr("The value in force stands here: change it."),
                    ),
                    self._reason(),
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
        if not mine:
            return None
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="ask.withdraw",
                    title=self.tr("Withdraw a request"),
                    text=self.tr("It stays on record as withdrawn."),
                    verb=self.tr("Withdraw"),
                    icon="back",
                ),
                use_case=withdraw_request,
                fields=(_pick("request", self.tr("&Request"), mine), *(self._reason(),)),
            ),
        )

    def ask_waiver(self, focus: ItemInFocus) -> Made:
        """For an obstacle that stands now: its risk, what stands in for the rule, and until when."""
        rule = focus.facts.process.waiver
        waivable = {f"{each.rule}|{each.about}|{each.gate}": each for each in focus.waivable}
        if rule is None or not waivable:
            return None
        which = choice(tuple((key, each.text) for key, each in waivable.items()))
        days = self.tr("%1 days at most; the day itself is included.").replace("%1", str(rule.longest_days))
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="ask.waiver",
                    title=self.tr("Ask to accept a risk"),
                    text=self.tr(
                        "Who carries the risk signs for it. While it is in force the gate says so, and the pack too."
                    ),
                    verb=self.tr("Ask"),
                    icon="overdue",
                ),
                use_case=request_waiver,
                fields=(
                    Field(name="which", label=self.tr("&What stands in the way"), widget=which),
                    Field(
                        name="risk",
                        label=self.tr("What can &happen"),
                        widget=text_area(rows=2),
                        missing=self.tr("Say what can happen."),
                    ),
                    Field(
                        name="measure",
                        label=self.tr("What stands in for the rule (&measure)"),
                        widget=text_area(rows=2),
                    ),
                    Field(
                        name="expires_on",
                        label=self.tr("Accepted &until"),
                        widget=DayEdit(),
                        missing=self.tr("Name the last day."),
                        hint=days,
                    ),
                    self._reason(),
                ),
                arguments=lambda given: {
                    "rule": waivable[given["which"]].rule,
                    "about": waivable[given["which"]].about,
                    "gate": waivable[given["which"]].gate,
                    **{name: given[name] for name in ("risk", "measure", "expires_on", "reason")},
                },
            ),
        )

    def revoke_risk(self, focus: ItemInFocus) -> Made:
        """The gate stands again."""
        rule = focus.facts.process.waiver
        in_force = [
            (each.id, f"{each.rule}: {each.risk}") for each in focus.facts.file.waivers if each.state == "in_force"
        ]
        if rule is None or not in_force:
            return None
        which = choice(tuple(in_force))
        return self._sign(
            focus,
            Asking(
                question=Question(
                    action="ask.revoke_risk",
                    title=self.tr("Take an accepted risk back"),
                    verb=self.tr("Sign and take back"),
                    icon="refused",
                    meaning=self.tr("I no longer accept this risk."),
                    reason=self.tr("&Reason"),
                ),
                use_case=revoke_waiver,
                fields=(Field(name="waiver", label=self.tr("&Accepted risk"), widget=which),),
                arguments=lambda given: {**given, "meaning": self.tr("I no longer accept this risk.")},
            ),
        )

    def link(self, focus: ItemInFocus) -> QDialog:
        """A tie to another item, named by its number."""
        kinds = ("blocked_by", "follow_up_of", "recurrence_of", "merged_into", "related")
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="link.add",
                    title=self.tr("Tie %1 to another item").replace("%1", focus.facts.file.item.number),
                    text=self.tr("What blocks it holds up its gates until it is closed; a cancelled one frees nobody."),
                    verb=self.tr("Tie"),
                    icon="new",
                ),
                use_case=link_items,
                fields=(
                    Field(
                        name="kind",
                        label=self.tr("&This item"),
                        widget=choice(tuple((each, link_word(each)) for each in kinds)),
                    ),
                    self._other(),
                    Field(name="reason", label=self.tr("&Reason"), widget=text_area(rows=2)),
                ),
            ),
        )

    def replace(self, focus: ItemInFocus) -> Made:
        """Another item in the place of the one a tie names."""
        mine = self._own_ties(focus)
        if not mine:
            return None
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="link.replace",
                    title=self.tr("Replace the item of a tie"),
                    text=self.tr("The old tie stays on record as replaced."),
                    verb=self.tr("Replace"),
                    icon="refresh",
                ),
                use_case=replace_link,
                fields=(_pick("link", self.tr("&Tie"), mine), *(self._other(), self._reason())),
            ),
        )

    def unlink(self, focus: ItemInFocus) -> Made:
        """End a tie, with a reason."""
        mine = self._own_ties(focus)
        if not mine:
            return None
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="link.end",
                    title=self.tr("End a tie"),
                    text=self.tr("It stays on record as removed, with your reason."),
                    verb=self.tr("End the tie"),
                    icon="close",
                ),
                use_case=unlink_items,
                fields=(_pick("link", self.tr("&Tie"), mine), *(self._reason(),)),
            ),
        )

    def ask_blocker(self, focus: ItemInFocus) -> Made:
        """A question to the owner of the item that this one waits for."""
        text = Field(
            name="text",
            label=self.tr("&Question"),
            widget=text_area(rows=3),
            missing=self.tr("Write what you want to know."),
        )
        mine = self._own_ties(focus, "blocked_by")
        if not mine:
            return None
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="link.ask",
                    title=self.tr("Ask whoever holds this up"),
                    text=self.tr("The owner finds the question among what waits for them."),
                    verb=self.tr("Ask"),
                    icon="help",
                ),
                use_case=ask_blocker,
                fields=(_pick("link", self.tr("&Blocked by"), mine), *(text,)),
            ),
        )

    def take_over(self, focus: ItemInFocus) -> QDialog:
        """From now on the step's own roles answer for it."""
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="handoff.take",
                    title=self.tr("Take %1 over").replace("%1", focus.facts.file.item.number),
                    text=self.tr("%1 answers for it until you take it; from then on you do.").replace(
                        "%1", focus.answers.accountable
                    ),
                    verb=self.tr("Take over"),
                    icon="assign",
                ),
                use_case=accept_handoff,
                arguments=lambda _given: {},
            ),
        )

    def give_back(self, focus: ItemInFocus) -> QDialog:
        """Back to the step and the person it came from."""
        return self._ask(
            focus,
            Asking(
                question=Question(
                    action="handoff.return",
                    title=self.tr("Return %1 to its sender").replace("%1", focus.facts.file.item.number),
                    verb=self.tr("Return"),
                    icon="back",
                ),
                use_case=return_handoff,
                fields=(self._reason(),),
            ),
        )

    def recur(self, focus: ItemInFocus) -> QDialog:
        """A new item for what came back, tied to the closed one."""
        dialog = self._sign(
            focus,
            Asking(
                question=Question(
                    action="item.recur",
                    title=self.tr("Begin a recurrence of %1").replace("%1", focus.facts.file.item.number),
                    verb=self.tr("Sign and begin"),
                    icon="reopen",
                    meaning=focus.facts.process.reopen.meaning,
                    reason=self.tr("&What came back"),
                ),
                use_case=begin_recurrence,
            ),
        )
        dialog.accepted.connect(lambda: self._desk.workspace.say(self.tr("A new item was begun.")))
        return dialog

    def _reason(self) -> Field:
        return Field(name="reason", label=self.tr("&Reason"), widget=text_area(rows=2), missing=self.tr("Say why."))

    def _other(self) -> Field:
        return Field(
            name="other",
            label=self.tr("&Number of the other item"),
            widget=QLineEdit(),
            missing=self.tr("Name the other item by its number."),
        )

    def _own_ties(self, focus: ItemInFocus, kind: str = "") -> list[tuple[str, str]]:
        ties: list[Link] = [each.link for each in focus.tied if each.outward and each.link.kind != "passed_by"]
        return [(each.id, f"{link_word(each.kind)} {each.other_number}") for each in ties if kind in ("", each.kind)]

    def _ask(self, focus: ItemInFocus, asking: Asking) -> QDialog:
        dialog = AskDialog(self._desk, self._window, focus, asking)
        dialog.open()
        return dialog

    def _sign(self, focus: ItemInFocus, asking: Asking) -> QDialog:
        dialog = signed_dialog(self._desk, self._window, focus, asking)
        dialog.open()
        return dialog


def _pick(name: str, words: str, entries: Sequence[tuple[str, str]]) -> Field:
    """A choice among records."""
    return Field(name=name, label=words, widget=choice(tuple(entries)))


def _words(values: Sequence[str]) -> QWidget:
    return choice(tuple((each, spoken(each)) for each in values))
