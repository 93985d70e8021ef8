"""The steps of a process version as a bar: done, now, to come. Each has a word, a mark and a name to speak."""

from __future__ import annotations

from itertools import pairwise

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.messages import message
from ui.theme import Theme


class StepMark(msgspec.Struct, frozen=True, kw_only=True):
    """One step: its title, whether it was passed, whether the item stands there, and when it was entered."""

    title: str
    done: bool
    now: bool
    note: str = ""


class StepBar(QWidget):
    """Painted, not clicked: moving is a command with a gate."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._steps: tuple[StepMark, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_steps(self, steps: tuple[StepMark, ...]) -> None:
        """Show the steps of the process version in force for the item."""
        self._steps = steps
        readable = message(
            "Step {number} of {all}, {title}",
            number=next((n for n, step in enumerate(steps, 1) if step.now), 0),
            all=len(steps),
            title=next((step.title for step in steps if step.now), ""),
        )
        self.setAccessibleName(readable)
        self.setToolTip(readable)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the dots and two lines of words."""
        return QSize(400, 16 + 2 * self.fontMetrics().lineSpacing() + 10)

    def minimumSizeHint(self) -> QSize:
        """As low as it is wide enough."""
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dots on a line, titles below, the present one in bold."""
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        width = self.width() / len(self._steps)
        small = QFont(self.font())
        small.setPointSizeF(self.font().pointSizeF() * 0.9)
        centres = [QPointF(12 + n * width, 10) for n in range(len(self._steps))]
        for n, (here, after) in enumerate(pairwise(centres)):
            passed = self._steps[n + 1].done or self._steps[n + 1].now
            painter.setPen(QPen(QColor(tokens.tones["proven"].ink if passed else tokens.line), 2))
            painter.drawLine(here + QPointF(9, 0), after - QPointF(9, 0))
        for centre, step in zip(centres, self._steps, strict=True):
            self._paint_dot(painter, centre, step)
            font = QFont(small)
            font.setBold(step.now)
            painter.setFont(font)
            painter.setPen(QColor(tokens.text if step.now or step.done else tokens.muted))
            line = painter.fontMetrics().lineSpacing()
            room = QRectF(centre.x() - 8, 21, width - 8, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, self._fit(painter, step.title, room.width()))
            painter.setFont(small)
            painter.setPen(QColor(tokens.muted))
            painter.drawText(room.translated(0, line), Qt.AlignmentFlag.AlignLeft, step.note)
        painter.end()

    def _paint_dot(self, painter: QPainter, centre: QPointF, step: StepMark) -> None:
        tokens = self._theme.tokens
        if step.now:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(QColor(tokens.accent_wash))
            painter.drawEllipse(centre, 7, 7)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(centre, 2.5, 2.5)
        elif step.done:
            painter.setPen(QPen(QColor(tokens.tones["proven"].ink), 2))
            painter.setBrush(QColor(tokens.tones["proven"].wash))
            painter.drawEllipse(centre, 7, 7)
            painter.drawPolyline([centre + QPointF(-3, 0), centre + QPointF(-0.8, 2.4), centre + QPointF(3.2, -2.4)])
        else:
            painter.setPen(QPen(QColor(tokens.field_line), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 6, 6)

    @staticmethod
    def _fit(painter: QPainter, text: str, width: float) -> str:
        return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))
