"""The diagram of a version: drawn from its parts, walked by arrow keys, told to screen readers step by step."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from domain.process.definition import ProcessVersion
from domain.process.layout import Diagram, lay_out

ARROW = 6.0


class DiagramView(QWidget):
    """Boxes and lines; `chosen` carries the id of the step under the cursor."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._version: ProcessVersion | None = None
        self._diagram: Diagram | None = None
        self._step = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Diagram of the process"))

    @property
    def diagram(self) -> Diagram | None:
        """What is drawn."""
        return self._diagram

    def show_version(self, version: ProcessVersion | None) -> None:
        """Draw a version; one that does not fit the schema leaves the last drawing in place."""
        if version is None:
            return
        self._version = version
        self._diagram = lay_out(version)
        self.setMinimumSize(self._diagram.width, self._diagram.height)
        self.update()

    def choose(self, step: str) -> None:
        """Put the cursor on a step."""
        self._step = step
        self.setAccessibleDescription(self.told())
        self.update()

    def told(self) -> str:
        """The step under the cursor in words: "Step 3 of 9, Verify, Quality, 2 days"."""
        steps = self._version.steps if self._version else ()
        for number, step in enumerate(steps, 1):
            if step.id == self._step:
                place = self.tr("Step %1 of %2").replace("%1", str(number)).replace("%2", str(len(steps)))
                days = self.tr("%1 working days").replace("%1", str(step.sla_days)) if step.sla_days else ""
                return ", ".join(each for each in (place, step.title, step.responsible, days) if each)
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk the steps, Enter opens the one under the cursor."""
        steps = [each.id for each in self._version.steps] if self._version else []
        here = steps.index(self._step) if self._step in steps else -1
        ahead = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if ahead and steps:
            self.choose(steps[max(0, min(len(steps) - 1, here + ahead))])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._step:
            self.chosen.emit(self._step)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens a step."""
        for node in self._diagram.nodes if self._diagram else ():
            if QRectF(node.x, node.y, node.w, node.h).contains(event.position()):
                self.choose(node.id)
                self.chosen.emit(node.id)
                return

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines first, boxes over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self.palette()
        line, text = colours.placeholderText().color(), colours.text().color()
        for edge in self._diagram.edges if self._diagram else ():
            path = QPainterPath(QPointF(*edge.points[0]))
            for point in edge.points[1:]:
                path.lineTo(QPointF(*point))
            painter.setPen(QPen(line, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
            self._arrow(painter, edge.points[-2], edge.points[-1], line)
            painter.setPen(text)
            width = painter.fontMetrics().horizontalAdvance(edge.title) + 6
            where = QRectF(edge.label[0] - width / 2, edge.label[1] - 9, width, 18)
            painter.fillRect(where, colours.base())
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, edge.title)
        for node in self._diagram.nodes if self._diagram else ():
            box = QRectF(node.x, node.y, node.w, node.h)
            under_cursor = node.id == self._step
            painter.setPen(QPen(colours.highlight().color() if under_cursor else line, 2.4 if under_cursor else 1.4))
            painter.setBrush(colours.alternateBase() if node.kind == "closed" else colours.base())
            painter.drawRoundedRect(box, 6, 6)
            painter.setPen(text)
            painter.drawText(
                box.adjusted(6, 4, -6, -4), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), node.title
            )

    @staticmethod
    def _arrow(painter: QPainter, before: tuple[int, int], tip: tuple[int, int], colour: QColor) -> None:
        along = QPointF(tip[0] - before[0], tip[1] - before[1])
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1.0)
        unit = along / length
        side = QPointF(-unit.y(), unit.x()) * (ARROW / 2)
        end = QPointF(*tip)
        painter.setBrush(colour)
        painter.drawPolygon([end, end - unit * ARROW + side, end - unit * ARROW - side])


def scrolling(view: DiagramView) -> QScrollArea:
    """The diagram in an area that scrolls; the area itself takes no focus."""
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
