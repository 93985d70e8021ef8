"""What is stated about a draft while it is written: diagram, problems, scenarios, changes, and a trial of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QTabWidget, QWidget

from domain.messages import message
from domain.process.advice import lint
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.process.diff import diff_versions
from domain.records.people import ProcessVersionRecord
from domain.simulation.run import ScenarioResult, run_scenarios
from ui.screens.designer.diagram_view import DiagramView, scrolling
from ui.screens.designer.trial import TrialPanel
from ui.widgets.buttons import button
from ui.widgets.layout import column
from ui.window_services import WindowServices

PATH = Qt.ItemDataRole.UserRole

Records = tuple[ProcessVersionRecord, ...]


class ProofTabs(QTabWidget):
    """`pointed` carries the place that a problem or a box of the diagram is about; `kept` a scenario from a trial."""

    pointed = Signal(str)
    kept = Signal(object)

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._version: ProcessVersion | None = None
        self._whole: ProcessVersion | None = None
        self._records: Records = ()
        self.diagram = DiagramView()
        self.diagram.chosen.connect(self._on_step_chosen)
        self.problems = QListWidget()
        self.problems.setWordWrap(True)
        self.problems.setAccessibleName(message("Problems"))
        self.problems.itemActivated.connect(self._on_problem)
        self.problems.itemClicked.connect(self._on_problem)
        self.scenario_runs = QListWidget()
        self.scenario_runs.setWordWrap(True)
        self.scenario_runs.setAccessibleName(message("Scenarios"))
        self.run = button(message("Run all scenarios"), self.run_all)
        described = QWidget()
        stacked = column(described, margin=2, gap=2)
        stacked.addWidget(self.run)
        stacked.addWidget(self.scenario_runs, 1)
        self.changes = QPlainTextEdit()
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setAccessibleName(message("Changes to the version in force"))
        self.trial = TrialPanel(services.icons)
        self.trial.kept.connect(self.kept)
        self.addTab(scrolling(self.diagram), message("Diagram"))
        self.addTab(self.problems, message("Problems"))
        self.addTab(described, message("Scenarios"))
        self.addTab(self.changes, message("Changes"))
        self.addTab(self.trial, message("Try it"))

    def begin(self, whole: ProcessVersion | None) -> None:
        """Another version is looked at: nothing was run, nobody has walked yet."""
        self._whole = whole
        self.trial.start(whole)
        self._list_scenarios()

    def judge(self, version: ProcessVersion | None, whole: ProcessVersion | None, records: Records) -> None:
        """Say what is so of a draft. `version` fits the schema, `whole` holds together too; None: it does not."""
        self._version, self._records = version, records
        self.problems.clear()
        if version is None:
            self.problems.addItem(message("A value does not fit its place yet."))
            return
        self.diagram.show_version(version)
        advice = lint(version)
        for each in advice:
            item = QListWidgetItem(f"{'✗' if each.weight == 'must' else '•'} {each.text} {each.remedy}", self.problems)
            item.setData(PATH, each.place)
        musts = sum(each.weight == "must" for each in advice)
        self.setTabText(1, message("Problems ({musts})", musts=musts) if musts else message("Problems"))
        before = [each for each in records if each.process == version.id and each.state == "in_force"]
        described = diff_versions(decode_process(before[-1].definition), version) if before else ()
        self.changes.setPlainText("\n".join(each.text for each in described))
        if whole != self._whole:
            self.begin(whole)

    def run_all(self) -> None:
        """Run every scenario of what stands here, off the window's thread."""
        version = self._whole
        if version is None:
            return
        others = {each.process: decode_process(each.definition) for each in self._records if each.state == "in_force"}
        self._services.tasks.run(
            lambda: tuple(run_scenarios(version, others)), context=self, then=self._on_scenarios_run
        )

    def _on_scenarios_run(self, results: tuple[ScenarioResult, ...]) -> None:
        self.scenario_runs.clear()
        for each in results:
            failed = f": {each.failure.text}" if each.failure else ""
            self.scenario_runs.addItem(f"{'✓' if each.passed else '✗'} {each.title}{failed}")

    def _list_scenarios(self) -> None:
        self.scenario_runs.clear()
        for each in self._whole.scenarios if self._whole else ():
            self.scenario_runs.addItem(each.title)

    def _on_problem(self, item: QListWidgetItem) -> None:
        place: Any = item.data(PATH)
        if place:
            self.pointed.emit(place)

    def _on_step_chosen(self, step: str) -> None:
        for number, each in enumerate(self._version.steps if self._version else ()):
            if each.id == step:
                self.pointed.emit(f"steps[{number}]")
