"""Signatures at each gate of the process version: asked, given, superseded."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QStackedWidget, QWidget

from domain.messages import message
from domain.records.item import Approval
from domain.rules.approvals import gate_title, judge_approvals
from domain.rules.facts import Facts
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import ItemInFocus
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column
from ui.window_services import WindowServices
from ui.words import Mark, decision_mark, moment_text


class ApprovalLine(msgspec.Struct, frozen=True, kw_only=True):
    """One level of a gate with a signature, or with those who can give it."""

    gate: str
    level: int
    role: str
    who: str
    mark: Mark
    meaning: str
    reason: str
    at: str


class ApprovalsTab(QWidget):
    """Read only: signing is a command."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._model = LinesModel(self._columns(), self)
        self.grid = Grid(services.theme, services.icons, name=message("Approvals"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=6)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(
            EmptyState(
                services.icons,
                icon="approvals",
                title=message("No signatures are asked for"),
                text=message("No gate of this process version asks for an approval."),
            )
        )
        column(self).addWidget(self._stack)

    def show_item(self, focus: ItemInFocus) -> None:
        """Each gate with approvals, its levels in order, then signatures that no longer count."""
        lines = tuple(line for gate in _gates(focus.facts) for line in self._lines(focus.facts, gate))
        self._model.show_lines(lines)
        self._stack.setCurrentIndex(0 if lines else 1)

    def _lines(self, facts: Facts, gate: str) -> list[ApprovalLine]:
        judged = judge_approvals(facts, gate)
        title = gate_title(facts, gate)
        lines: list[ApprovalLine] = []
        for state in judged.levels:
            lines += [_signed(facts, title, each, counts=True) for each in state.counted]
            if not state.complete:
                names = ", ".join(facts.names.get(each, each) for each in state.candidates)
                lines.append(
                    ApprovalLine(
                        gate=title,
                        level=state.level.level,
                        role=facts.process.role_title(state.level.role),
                        who=names or message("nobody holds this role"),
                        mark=Mark(word=message("Not given"), icon="waiting", tone="waiting"),
                        meaning=state.level.meaning,
                        reason="",
                        at="",
                    )
                )
        lines += [_signed(facts, title, each, counts=True) for each in judged.rejected]
        lines += [_signed(facts, title, each, counts=False) for each in judged.overtaken]
        return lines

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(header=message("Gate"), text=lambda i: i.gate, tip=lambda i: i.gate, width=136),
            Column(header=message("Level"), text=lambda i: str(i.level), right=True, width=56),
            Column(header=message("Role"), text=lambda i: i.role, width=116),
            Column(header=message("Person"), text=lambda i: i.who, tip=lambda i: i.who, width=144),
            Column(header=message("State"), text=lambda i: i.mark.word, mark=lambda i: i.mark, width=124),
            Column(header=message("Signed"), text=lambda i: i.at, width=148),
            Column(header=message("Meaning, reason"), text=_why, tip=_why, width=200),
        )


def _why(line: ApprovalLine) -> str:
    """What the signature stands for, and what the person added."""
    return "  –  ".join(part for part in (line.meaning, line.reason) if part)


def _gates(facts: Facts) -> tuple[str, ...]:
    process = facts.process
    all_gates = (*(each.id for each in process.transitions), "cancel", "reopen")
    return tuple(each for each in all_gates if (gate := process.gate(each)) is not None and gate.approvals)


def _signed(facts: Facts, title: str, approval: Approval, *, counts: bool) -> ApprovalLine:
    return ApprovalLine(
        gate=title,
        level=approval.level,
        role=facts.process.role_title(approval.role),
        who=facts.names.get(approval.person, approval.person),
        mark=decision_mark(approval.decision, counts=counts),
        meaning=approval.meaning,
        reason=approval.reason,
        at=moment_text(approval.given_at),
    )
