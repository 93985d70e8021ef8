"""Questions made of a few fields that end in one act at an item, with a signature or without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from domain.commands.command import Command
from domain.messages import message
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.sign import SignDialog, Signing
from ui.drafts import form_place
from ui.queries import ItemInFocus
from ui.widgets.field_values import field_value
from ui.widgets.forms import FormRow
from ui.widgets.layout import column
from ui.window_services import WindowServices

MakesCommand = Callable[..., Command]
Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a question: the field of the command it gives, its label, and what is stated when it is empty.

    `missing` "" = it may stay empty.
    """

    name: str
    label: str
    widget: QWidget
    missing: str = ""
    hint: str = ""

    def row(self) -> FormRow:
        """The field with its label."""
        return FormRow(self.label, self.widget, hint=self.hint, required=bool(self.missing))

    def value(self) -> Any:
        """What stands in it, without blanks around."""
        value = field_value(self.widget)
        return value.strip() if isinstance(value, str) else value


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: title, explanation, the verb of the button, its icon, and the command it belongs to.

    `meaning`: what a signature under it declares; "" = the act asks for none. `reason`: the label of a reason that is
    part of the signature, `reason_required` whether it may stay empty.
    """

    action: str
    title: str
    verb: str
    icon: str
    text: str = ""
    meaning: str = ""
    reason: str = ""
    reason_required: bool = True
    role: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A whole question: its words, its fields, the command it ends in, and how the values become its fields."""

    question: Question
    command: MakesCommand
    fields: Sequence[Field] = ()
    arguments: Callable[[Values], Mapping[str, Any]] = dict


class AskDialog(FormDialog):
    """A question without a signature."""

    def __init__(self, services: WindowServices, parent: QWidget, focus: ItemInFocus, asking: Asking) -> None:
        question, fields = asking.question, asking.fields
        super().__init__(
            services, parent, title=question.title, text=question.text, verb=question.verb, icon=question.icon
        )
        self.fields = {each.name: each.widget for each in fields}
        item = focus.facts.file.item.id
        for each in fields:
            shown = self.add_field(each.label, each.widget, hint=each.hint, required=bool(each.missing))
            if each.missing:
                self.demand(shown, lambda each=each: bool(each.value()), each.missing)  # type: ignore[misc]
        self.keep_drafts(form_place(question.action, item), **self.fields)
        self.on_submit(
            lambda then, failed: services.workspace.perform(
                asking.command(item=item, **asking.arguments({each.name: each.value() for each in fields})),
                context=self,
                then=then,
                failed=failed,
            )
        )
        if fields:
            fields[0].widget.setFocus()


def signed_dialog(services: WindowServices, parent: QWidget, focus: ItemInFocus, asking: Asking) -> SignDialog:
    """The same as a signing: fields first, then the reason, then the passphrase. `arguments` gets `reason` too."""
    question, fields, facts = asking.question, asking.fields, focus.facts
    item = facts.file.item
    what = (message("What"), f"{item.number}  {item.title}")
    signing = Signing(
        title=question.title,
        verb=question.verb,
        icon=question.icon,
        meaning=question.meaning,
        person=facts.actor.name,
        role=question.role,
        at=services.workspace.now(),
        facts=(what, *question.facts, (message("By"), facts.process.name)),
        reason_label=question.reason,
        reason_required=question.reason_required and bool(question.reason),
        draft_place=form_place(question.action, item.id),
    )
    rows = [(each, each.row()) for each in fields]
    lead = QWidget()
    down = column(lead, gap=3)
    for _, shown in rows:
        down.addWidget(shown)
    dialog = SignDialog(
        services,
        parent,
        signing,
        lambda passphrase, reason, then, failed: services.workspace.perform(
            asking.command(
                item=item.id, **asking.arguments({"reason": reason, **{each.name: each.value() for each in fields}})
            ),
            context=parent,
            then=then,
            failed=failed,
            passphrase=passphrase,
        ),
        lead=lead if fields else None,
    )
    for each, shown in rows:
        if each.missing:
            dialog.demand(shown, lambda each=each: bool(each.value()), each.missing)  # type: ignore[misc]
    return dialog
