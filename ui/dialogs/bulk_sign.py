"""Many signatures in one signing: each decision with its own tick, opened ones ticked, the others by hand."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QCheckBox, QWidget

from domain.commands.approvals import ApproveItem
from domain.commands.command import Command
from domain.commands.requests import DecideRequest
from domain.commands.urgency import ConfirmUrgent
from domain.errors import CountersignError
from domain.messages import message
from domain.ports import WaitingApproval
from domain.session import BulkSigned
from ui.conditions import IN_BULK, why
from ui.decision_queries import Place, Together, place_of, read_together
from ui.dialogs.sign import SignDialog, Signing
from ui.request_words import waiting_word
from ui.tasks import Failed
from ui.theme import set_appearance
from ui.widgets.layout import column, scrolled
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text, error_sentence


class BulkSignDialog(SignDialog):
    """Lists everything that waits; what has to be signed by itself is listed too, and says so."""

    def __init__(
        self, services: WindowServices, parent: QWidget, waiting: tuple[WaitingApproval, ...], opened: Collection[Place]
    ) -> None:
        session = services.workspace.session
        assert session is not None, "signatures were asked for without an open vault"
        self.boxes: list[tuple[WaitingApproval, QCheckBox]] = []
        self._none = label(type_="small", wrap=True)
        self._none.setProperty("ink", "overdue")
        self._none.hide()
        lead = self._build_list(waiting, opened)
        super().__init__(
            services,
            parent,
            Signing(
                title=message("Sign several decisions"),
                verb=message("Sign each that is ticked"),
                icon="sign",
                meaning=message("the meaning stated for each"),
                person=session.person.name,
                role="",
                at=services.workspace.now(),
                facts=(),
                reason_label=message("&Reason, for all of them"),
            ),
            self._sign,
            lead=lead,
        )
        self.setMinimumWidth(680)
        self.require(self._any_ticked)
        together, vault = tuple(each for each, _ in self.boxes), services.workspace.vault
        services.tasks.run(lambda: read_together(vault, together), context=self, then=self._describe)

    def ticked(self) -> tuple[WaitingApproval, ...]:
        """The decisions that would be signed."""
        return tuple(each for each, box in self.boxes if box.isChecked())

    def _describe(self, found: dict[Place, Together]) -> None:
        """Each says what it changes; what cannot be signed here and now is not ticked, and says why."""
        for each, box in self.boxes:
            announced = found[place_of(each)]
            lines = [box.text(), *announced.lines]
            if announced.obstacle is not None:
                box.setChecked(False)
                box.setEnabled(False)
                lines.append(announced.obstacle.text)
                box.setToolTip(why(announced.obstacle))
            box.setText("\n".join(lines))

    def _build_list(self, waiting: tuple[WaitingApproval, ...], opened: Collection[Place]) -> QWidget:
        inner = QWidget()
        down = column(inner, margin=2, gap=2)
        alone = message("This is decided by itself, not together with others.")
        for each in waiting:
            text = f"{each.number}  {each.title}\n{waiting_word(each.kind)}: {each.meaning}"
            box = QCheckBox(text)
            seen = place_of(each) in opened
            if each.kind in IN_BULK:
                box.setChecked(seen)
                box.setToolTip("" if seen else message("Not opened yet: tick it only when you know what it says."))
                self.boxes.append((each, box))
            else:
                box.setEnabled(False)
                box.setText(f"{text}\n{alone}")
            down.addWidget(box)
            if each.kind in IN_BULK and not seen:
                hint = label(message("not opened yet"), type_="small", muted=True)
                hint.setContentsMargins(26, 0, 0, 4)
                down.addWidget(hint)
        down.addStretch(1)
        outer = QWidget()
        around = column(outer, gap=1)
        area = scrolled(inner)
        area.setMinimumHeight(min(280, 40 + 52 * len(waiting)))
        set_appearance(inner, surface="plain")
        around.addWidget(area)
        around.addWidget(self._none)
        return outer

    def _any_ticked(self) -> bool:
        some = bool(self.ticked())
        self._none.setText("" if some else message("Tick at least one decision."))
        self._none.setVisible(not some)
        return some

    def _sign(self, passphrase: str, reason: str, then: object, failed: Failed) -> None:
        chosen = self.ticked()
        commands = [_command(each, reason) for each in chosen]
        workspace = self.services.workspace
        vault = workspace.vault

        def done(signed: BulkSigned) -> None:
            for one in signed.signed:
                workspace.recorded.emit(one.entry)
            workspace.renew()
            title = message(
                "{signed} of {chosen} signed.", signed=count_text(len(signed.signed)), chosen=count_text(len(chosen))
            )
            lines = [f"{chosen[each.number].number}: {error_sentence(each.problem).title}" for each in signed.failed]
            workspace.announce(
                title,
                "\n".join([*lines[:6], *([message("and more, in the log")] if len(lines) > 6 else [])]),
                tone="waiting" if signed.failed else "proven",
            )
            self.accept()

        def not_done(problem: CountersignError) -> None:
            workspace.renew()
            failed(problem)

        del then  # the answer is reported here: a part of it may have been refused
        self.services.tasks.run(
            lambda: vault.perform_all(commands, passphrase=passphrase), context=self, then=done, failed=not_done
        )


def _command(waiting: WaitingApproval, reason: str) -> Command:
    if waiting.kind == "extension":
        return DecideRequest(item=waiting.item, request=waiting.about, approve=True, reason=reason)
    if waiting.kind == "confirm":
        return ConfirmUrgent(item=waiting.item, gate=waiting.gate, reason=reason)
    return ApproveItem(item=waiting.item, gate=waiting.gate, reason=reason)
