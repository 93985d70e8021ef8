"""The parts of a definition as a tree."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from domain.messages import message
from domain.process.drafting import PartNode

PATH = Qt.ItemDataRole.UserRole


class PartsTree(QTreeWidget):
    """Every part by its words; the cursor keeps its place while parts come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(message("Parts of the process"))

    def path(self) -> str | None:
        """The place under the cursor; None without one."""
        item = self.currentItem()
        return str(item.data(0, PATH)) if item is not None else None

    def show_nodes(self, nodes: Iterable[PartNode]) -> None:
        """Show these parts; the cursor stays where it was, or goes to the nearest part above."""
        here = self.path() or ""
        self.blockSignals(True)
        self.clear()
        above: list[QTreeWidgetItem] = []
        for node in nodes:
            del above[node.depth :]
            item = QTreeWidgetItem([node.words])
            item.setData(0, PATH, node.path)
            if above:
                above[-1].addChild(item)
            else:
                self.addTopLevelItem(item)
            above.append(item)
            item.setExpanded(node.depth < 2)
        self.blockSignals(False)
        self.choose(here)

    def choose(self, path: str) -> None:
        """Put the cursor on a part, or on the nearest one above it."""
        found = self._find(path)
        while found is None and path:
            path = path.rpartition("[")[0] if path.endswith("]") else path.rpartition(".")[0]
            found = self._find(path)
        if found is not None:
            self.setCurrentItem(found)
            self.scrollToItem(found)

    def _find(self, path: str) -> QTreeWidgetItem | None:
        found = self.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive)
        return next((item for item in found if item.data(0, PATH) == path), None)
