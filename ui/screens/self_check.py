"""The self-check: Part 11 and Annex 11 clause by clause, with the entries of this vault that show each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from domain.compliance.judge import ClauseResult, SelfCheck
from domain.errors import Cancelled, CountersignError
from domain.messages import message
from domain.services import Progress
from ui.dialogs.choose_file import ask_target
from ui.dialogs.document_dialog import DocumentDialog
from ui.models.columns import Column
from ui.models.lines import LinesModel
from ui.screens.audit_log import AuditLogScreen
from ui.theme import set_appearance
from ui.tokens import Tone
from ui.widgets.buttons import ActionButton, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.grid import Grid
from ui.widgets.layout import bar, clear, column, row, scrolled
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label, rule
from ui.window_services import WindowServices
from ui.words import Mark, count_text, moment_text

MOST_ENTRIES = 8


class SelfCheckScreen(QWidget):
    """Evidence of one vault at one moment; it certifies nothing about the organisation, and says so."""

    def __init__(self, services: WindowServices, log: AuditLogScreen) -> None:
        super().__init__()
        self._services, self._log = services, log
        self.result: SelfCheck | None = None
        self.printout: DocumentDialog | None = None
        self._model = LinesModel(self._columns(), self)
        down = column(self, gap=0)
        down.addWidget(self._build_bar())
        self.bar = MessageBar(services.icons)
        around = column(margin=2)
        around.addWidget(self.bar)
        down.addLayout(around)
        self._empty = EmptyState(
            services.icons,
            icon="verify",
            title=message("Not checked yet"),
            text=message(
                "The check verifies the log and then looks, clause by clause, at what this vault can show for 21 "
                "CFR Part 11 and EU GMP Annex 11."
            ),
        )
        self._empty.add_button(button(message("Check now"), self.check, icons=services.icons, icon="verify"))
        self._content = self._build_content()
        self._content.hide()
        down.addWidget(self._empty, 1)
        down.addWidget(self._content, 1)
        services.workspace.locked.connect(self._on_locked)
        services.actions["self.check"].triggered.connect(self._on_asked)

    def focus_content(self) -> None:
        """Put the cursor into the clauses."""
        (self.grid if self.result is not None else self._empty).setFocus()

    def check(self) -> None:
        """Verify the whole log and judge every clause."""
        vault = self._services.workspace.vault
        self.bar.announce(message("Checking…"), tone="open")

        def work(progress: Progress) -> SelfCheck:
            return vault.self_check(progress=progress)

        self._services.tasks.run_long(
            work, label=message("Self-check"), context=self, then=self._on_checked, failed=self._on_failed
        )

    def clauses(self) -> tuple[ClauseResult, ...]:
        """What is shown."""
        return self._model.lines

    def choose(self, clause: str) -> None:
        """Put the cursor on a clause."""
        for n, each in enumerate(self._model.lines):
            if each.clause == clause:
                self.grid.choose_row(n)

    def open_entry(self, seq: int) -> None:
        """Show an entry that a clause refers to, in the audit log."""
        self._services.workspace.go("log")
        self._log.show_entry(seq)

    def save_to(self, out: Path) -> None:
        """Write the check as JSON, as the command line gives it; it goes on record."""
        if self.result is None:
            return
        data = msgspec.json.format(msgspec.json.encode(self.result), indent=2)
        documents = self._services.workspace.vault.documents

        def written(_on_record: bool) -> None:  # noqa: FBT001 (the worker hands over one plain answer)
            self.bar.announce(message("The self-check is written."), str(out), tone="proven")
            self._services.workspace.renew()

        self._services.tasks.run(
            lambda: documents.give_out(data, kind="self_check", name=out.name, purpose="", out=out),
            context=self,
            then=written,
            failed=self._on_failed,
        )

    def print(self) -> None:
        """Lay the check out as pages and show them, to be printed or saved."""
        result = self.result
        if result is None:
            return
        documents = self._services.workspace.vault.documents
        self._services.tasks.run(
            lambda: documents.self_check(result), context=self, then=self._on_printout, failed=self._on_failed
        )

    def _build_bar(self) -> QFrame:
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Self-check"), type_="title"))
        across.addStretch(1)
        icons = self._services.icons
        self._save = button(message("Save as JSON…"), self._on_save, icons=icons, icon="save")
        self._print = button(message("Print or save as PDF…"), self.print, icons=icons, icon="print")
        for transition in (self._save, self._print):
            transition.setEnabled(False)
            across.addWidget(transition)
        check = self._services.actions["self.check"]
        across.addWidget(ActionButton(check, icons, text=message("Check now"), icon="verify", primary=True))
        return top

    def _build_content(self) -> QSplitter:
        services = self._services
        self.grid = Grid(services.theme, services.icons, name=message("Clauses"))
        self.grid.setModel(self._model)
        self.grid.size_columns(tuple(each.width for each in self._model.columns), stretch=3)
        self.grid.chosen.connect(self._on_chosen)
        inner = QWidget()
        self._pane = column(inner, margin=4, gap=2)
        area = scrolled(inner)
        set_appearance(area, surface="plain")
        area.setMinimumWidth(360)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.grid)
        split.addWidget(area)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        return split

    def _on_asked(self) -> None:
        self._services.workspace.go("self_check")
        self.check()

    def _on_checked(self, result: SelfCheck) -> None:
        self.result = result
        self._save.setEnabled(True)
        self._print.setEnabled(True)
        self._model.show_lines(result.clauses)
        self._empty.hide()
        self._content.show()
        counted = Counter(each.result for each in result.clauses)
        counts = message(
            "Clauses shown by this vault: {held}. Asking for attention: {attention}. With nothing to show yet: "
            "{unshown}. Staying with you: {yours}.",
            held=count_text(counted["holds"]),
            attention=count_text(counted["attention"]),
            unshown=count_text(counted["unshown"]),
            yours=count_text(counted["organisation"]),
        )
        tone: Tone = "waiting" if counted["attention"] else "open" if counted["unshown"] else "proven"
        note = message(
            "Evidence of one vault at one moment, {moment}; it certifies nothing about the organisation.",
            moment=moment_text(result.at),
        )
        self.bar.announce(counts, note, tone=tone)
        first = next((n for n, each in enumerate(result.clauses) if each.result == "attention"), 0)
        self.grid.choose_row(first)
        self._services.workspace.renew()

    def _on_failed(self, problem: CountersignError) -> None:
        if isinstance(problem, Cancelled):
            self.bar.announce(message("Cancelled; nothing was judged."), tone="done")
        else:
            self.bar.show_error(problem)

    def _on_printout(self, data: bytes) -> None:
        name = self.result.name if self.result else ""
        title = message("Self-check {name}", name=name)
        self.printout = DocumentDialog(
            self._services, self.window(), data=data, title=title, kind="self_check", name=f"{title}.pdf"
        )
        self.printout.open()

    def _on_locked(self) -> None:
        self.result = None
        self._model.show_lines(())
        self._save.setEnabled(False)
        self._print.setEnabled(False)
        self._content.hide()
        self._empty.show()
        clear(self._pane)
        self.bar.clear()

    def _on_save(self) -> None:
        name = self.result.name if self.result else ""
        ask_target(
            self,
            title=message("Save the self-check as"),
            name=message("Self-check {name}.json", name=name),
            patterns=message("JSON (*.json)"),
            then=self.save_to,
        )

    def _on_chosen(self, index: QModelIndex) -> None:
        clause = self._model.line(index.row())
        clear(self._pane)
        if not isinstance(clause, ClauseResult):
            return
        self._pane.addWidget(label(f"{clause.rule}  {clause.clause}", type_="title", wrap=True))
        for words, text in (
            (message("It asks"), clause.demand),
            (message("Looked at"), clause.checked),
            (message("Found"), clause.found),
            (message("Stays with you"), clause.organisation),
        ):
            self._pane.addWidget(label(words, muted=True, type_="small"))
            self._pane.addWidget(label(text, wrap=True, select=True))
        if clause.entries:
            self._pane.addWidget(rule())
            self._pane.addWidget(label(message("Shown by"), muted=True, type_="small"))
            for seq in clause.entries[:MOST_ENTRIES]:
                self._pane.addWidget(self._entry_button(seq), 0, Qt.AlignmentFlag.AlignLeft)
        self._pane.addStretch(1)

    def _entry_button(self, seq: int) -> QWidget:
        words = message("Entry {number}", number=count_text(seq))
        return button(words, lambda: self.open_entry(seq), icons=self._services.icons, icon="forward", quiet=True)

    def _columns(self) -> tuple[Column, ...]:
        def mark(clause: ClauseResult) -> Mark:
            if clause.result == "holds":
                return Mark(word=message("Holds"), icon="closed", tone="proven")
            if clause.result == "attention":
                return Mark(word=message("Attention"), icon="overdue", tone="waiting")
            if clause.result == "unshown":
                return Mark(word=message("Not shown yet"), icon="waiting", tone="open")
            return Mark(word=message("Stays with you"), icon="people", tone="done")

        return (
            Column(header=message("Rule"), text=lambda c: c.rule, width=128),
            Column(header=message("Clause"), text=lambda c: c.clause, width=120),
            Column(header=message("Result"), text=lambda c: mark(c).word, mark=mark, width=132),
            Column(header=message("It asks"), text=lambda c: c.demand, tip=lambda c: c.demand, stretch=True),
        )
