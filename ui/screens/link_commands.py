"""What the commands of links and handoffs ask: what an item waits for, who takes it over, what came back."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from domain.commands.closure import BeginFollowUp
from domain.commands.handoffs import AcceptHandoff, ReturnHandoff
from domain.commands.links import AskBlocker, LinkItems, ReplaceLink, UnlinkItems
from domain.messages import message
from domain.records.governance import Link
from ui.dialogs.ask_dialog import Asking, Field, Question
from ui.queries import ItemInFocus
from ui.request_words import link_word
from ui.screens.focus_commands import FocusCommands, Made
from ui.widgets.forms import choice, text_area
from ui.window_services import WindowServices


class LinkCommands(FocusCommands):
    """Links between items, handoffs, and what came back."""

    def __init__(self, services: WindowServices, window: QWidget) -> None:
        super().__init__(services, window)
        self.connect_all(
            {
                "link.add": self.link,
                "link.replace": self.replace,
                "link.end": self.unlink,
                "link.ask": self.ask_blocker,
                "handoff.take": self.take_over,
                "handoff.return": self.give_back,
                "item.follow-up": self.follow_up,
            }
        )

    def link(self, focus: ItemInFocus) -> QDialog:
        """A link to another item, named by its number."""
        kinds = ("blocked_by", "follow_up_of", "continuation_of", "merged_into", "related")
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="link.add",
                    title=message("Link {number} to another item", number=focus.facts.file.item.number),
                    text=message("What blocks it holds up its gates until it is closed; a cancelled one frees nobody."),
                    verb=message("Link"),
                    icon="new",
                ),
                command=LinkItems,
                fields=(
                    Field(
                        name="kind",
                        label=message("&This item"),
                        widget=choice(tuple((each, link_word(each)) for each in kinds)),
                    ),
                    self._other(),
                    Field(name="reason", label=message("&Reason"), widget=text_area(rows=2)),
                ),
            ),
        )

    def replace(self, focus: ItemInFocus) -> Made:
        """Another item in the place of the one a link names."""
        return self.ask_about_one(
            focus,
            Question(
                action="link.replace",
                title=message("Replace the item of a link"),
                text=message("The old link stays on record as replaced."),
                verb=message("Replace"),
                icon="refresh",
            ),
            ReplaceLink,
            self._other(),
            self.reason(),
            name="link",
            label=message("&Link"),
            among=self._own_links(focus),
        )

    def unlink(self, focus: ItemInFocus) -> Made:
        """End a link, with a reason."""
        return self.ask_about_one(
            focus,
            Question(
                action="link.end",
                title=message("End a link"),
                text=message("It stays on record as removed, with your reason."),
                verb=message("End the link"),
                icon="close",
            ),
            UnlinkItems,
            self.reason(),
            name="link",
            label=message("&Link"),
            among=self._own_links(focus),
        )

    def ask_blocker(self, focus: ItemInFocus) -> Made:
        """A question to the owner of the item that this one waits for."""
        text = Field(
            name="text",
            label=message("&Question"),
            widget=text_area(rows=3),
            missing=message("Write what you want to know."),
        )
        return self.ask_about_one(
            focus,
            Question(
                action="link.ask",
                title=message("Ask whoever holds this up"),
                text=message("The owner finds the question among what waits for them."),
                verb=message("Ask"),
                icon="help",
            ),
            AskBlocker,
            text,
            name="link",
            label=message("&Blocked by"),
            among=self._own_links(focus, "blocked_by"),
        )

    def take_over(self, focus: ItemInFocus) -> QDialog:
        """From now on the step's own roles answer for it."""
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="handoff.take",
                    title=message("Take {number} over", number=focus.facts.file.item.number),
                    text=message(
                        "{accountable} answers for it until you take it; from then on you do.",
                        accountable=focus.answers.accountable,
                    ),
                    verb=message("Take over"),
                    icon="assign",
                ),
                command=AcceptHandoff,
                arguments=lambda _given: {},
            ),
        )

    def give_back(self, focus: ItemInFocus) -> QDialog:
        """Back to the step and the person it came from."""
        return self.ask(
            focus,
            Asking(
                question=Question(
                    action="handoff.return",
                    title=message("Return {number} to its sender", number=focus.facts.file.item.number),
                    verb=message("Return"),
                    icon="back",
                ),
                command=ReturnHandoff,
                fields=(self.reason(),),
            ),
        )

    def follow_up(self, focus: ItemInFocus) -> QDialog:
        """A new item for what came back, linked to the closed one."""
        dialog = self.sign(
            focus,
            Asking(
                question=Question(
                    action="item.follow-up",
                    title=message("Begin a follow-up of {number}", number=focus.facts.file.item.number),
                    verb=message("Sign and begin"),
                    icon="reopen",
                    meaning=focus.facts.process.reopen.meaning,
                    reason=message("&What came back"),
                ),
                command=BeginFollowUp,
            ),
        )
        dialog.accepted.connect(lambda: self.services.workspace.announce(message("A new item was begun.")))
        return dialog

    def _other(self) -> Field:
        return Field(
            name="other",
            label=message("&Number of the other item"),
            widget=QLineEdit(),
            missing=message("Name the other item by its number."),
        )

    def _own_links(self, focus: ItemInFocus, kind: str = "") -> list[tuple[str, str]]:
        links: list[Link] = [each.link for each in focus.linked if each.outward and each.link.kind != "passed_by"]
        return [(each.id, f"{link_word(each.kind)} {each.other_number}") for each in links if kind in ("", each.kind)]
