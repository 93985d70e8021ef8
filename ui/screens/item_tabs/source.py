"""Where an imported item came from: file, sheet, row, and the raw text of every cell."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from domain.messages import message
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.queries import ItemInFocus
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import column
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import field_word


class SourceTab(QWidget):
    """Read only: what the tracker stated stays as it was."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._model = LinesModel(
            (
                Column(header=message("Field or column"), text=lambda c: c[0], width=220),
                Column(header=message("Cell"), text=lambda c: c[1], width=72),
                Column(header=message("Text in the tracker"), text=lambda c: c[2], tip=lambda c: c[2], width=400),
                Column(header=message("Use"), text=lambda c: c[3], width=160),
            ),
            self,
        )
        self.grid = Grid(services.theme, services.icons, name=message("Cells of the tracker"))
        self.grid.setModel(self._model)
        self.grid.size_columns((220, 72, 400, 160), stretch=2)
        self._where = label(muted=True, wrap=True, select=True)
        self._where.setContentsMargins(16, 8, 16, 8)
        page = QWidget()
        down = column(page, gap=0)
        down.addWidget(self._where)
        down.addWidget(self.grid, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(
            EmptyState(
                services.icons,
                icon="import",
                title=message("Not imported"),
                text=message("This item was created here. Imported items show each cell they came from."),
            )
        )
        column(self).addWidget(self._stack)

    def show_item(self, focus: ItemInFocus) -> None:
        """The cells of the item's row: those mapped to fields, then the others."""
        item = focus.facts.file.item
        source = item.source
        if not source:
            self._stack.setCurrentIndex(1)
            return
        self._where.setText(
            message(
                "Sheet {sheet}, row {row}. Status in the tracker: {status}.",
                sheet=source.get("sheet", ""),
                row=source.get("row", ""),
                status=item.legacy_status or "–",
            )
        )
        legacy = {tuple(each[:3]) for each in item.legacy}
        cells = [(*(str(part) for part in each[:3]), message("field")) for each in source.get("cells", [])]
        shown = [each for each in cells if each[:3] not in legacy]
        kept = [(*each[:3], message("kept as written")) for each in item.legacy]
        self._model.show_lines(tuple((field_word(each[0]), *each[1:]) for each in [*shown, *kept]))
        self._stack.setCurrentIndex(0)
