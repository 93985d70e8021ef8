"""The diagram of a version: drawn from its parts, walked by arrow keys, shown to screen readers step by step."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from domain.messages import message, plural_message
from domain.process.definition import ProcessVersion
from domain.process.layout import Diagram, Node, lay_out
from domain.process.layout_pins import place_of

ARROW = 6.0
GRID = 12
"""Pixels between the places at which a step can be pinned by hand."""


class DiagramView(QWidget):
    """Boxes and lines; `chosen` carries the id of the step under the cursor.

    `placed` carries a step and where it was put by hand, as its `place`; "" = let go. It is drawn there once the draft
    says so.
    """

    chosen = Signal(str)
    placed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._version: ProcessVersion | None = None
        self._diagram: Diagram | None = None
        self._step = ""
        self._zoom = 1.0
        self._grip: QPointF | None = None
        self._moved: QPointF | None = None
        self.setToolTip(message("Drag a step to pin it, Ctrl+arrows move it, Home lets it go; Ctrl+0, + and - zoom."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(message("Diagram of the process"))

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
        self._fit()

    def _fit(self) -> None:
        if self._diagram is not None:
            self.setMinimumSize(round(self._diagram.width * self._zoom), round(self._diagram.height * self._zoom))
        self.update()

    def zoom(self, factor: float) -> None:
        """Draw larger or smaller; 0 draws as large as it was laid out."""
        self._zoom = min(max(self._zoom * factor, 0.4), 2.5) if factor else 1.0
        self._fit()

    def choose(self, step: str) -> None:
        """Put the cursor on a step."""
        self._step = step
        self.setAccessibleDescription(self.described())
        self.update()

    def described(self) -> str:
        """The step under the cursor in words: "Step 3 of 9, Verify, Quality, 2 days"."""
        steps = self._version.steps if self._version else ()
        for number, step in enumerate(steps, 1):
            if step.id == self._step:
                place = message("Step {number} of {count}", count=len(steps), number=number)
                days = plural_message("{count} working day", "{count} working days", step.sla_days)
                days = days if step.sla_days else ""
                return ", ".join(each for each in (place, step.title, step.responsible, days) if each)
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk the steps, Enter opens the one under the cursor; with Ctrl arrows move it and pin it."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._shifted(Qt.Key(event.key())):
            return
        if event.key() == Qt.Key.Key_Home and self._step:
            self.placed.emit(self._step, "")
            return
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

    def _shifted(self, key: Qt.Key) -> bool:
        """Move the step under the cursor by one grid step, or zoom."""
        zooms = {Qt.Key.Key_0: 0.0, Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8}
        if key in zooms:
            self.zoom(zooms[key])
            return True
        transitions = {
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Up: (0, -1),
        }
        node = self._node(self._step)
        if key not in transitions or node is None:
            return False
        across, down = transitions[key]
        self.placed.emit(node.id, place_of(node.x + across * GRID, node.y + down * GRID))
        return True

    def _node(self, step: str) -> Node | None:
        nodes = self._diagram.nodes if self._diagram else ()
        return next((each for each in nodes if each.id == step), None)

    def _at(self, event: QMouseEvent) -> QPointF:
        return event.position() / self._zoom

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens a step; keeping the button down takes hold of it."""
        where = self._at(event)
        for node in self._diagram.nodes if self._diagram else ():
            if QRectF(node.x, node.y, node.w, node.h).contains(where):
                self._grip = where - QPointF(node.x, node.y)
                self.choose(node.id)
                self.chosen.emit(node.id)
                return

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the step would be put."""
        node = self._node(self._step)
        if self._grip is not None and node is not None:
            corner = self._at(event) - self._grip
            far = (corner - QPointF(node.x, node.y)).manhattanLength() > GRID // 2
            self._moved = corner if far or self._moved is not None else None
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Pin the step where it was let down, on the grid."""
        moved, self._grip, self._moved = self._moved, None, None
        if moved is not None:
            self.placed.emit(self._step, place_of(*(GRID * round(each / GRID) for each in (moved.x(), moved.y()))))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines first, boxes over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._zoom, self._zoom)
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

        held = self._node(self._step)
        if self._moved is not None and held is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.highlight().color(), 1.4, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self._moved.x(), self._moved.y(), held.w, held.h), 6, 6)

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
