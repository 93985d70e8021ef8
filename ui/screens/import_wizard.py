"""Importing a tracker in four steps: source, columns, check, import. The file is only read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QSpinBox, QStackedWidget, QWidget

from domain.errors import Cancelled, CountersignError
from domain.log.entry import Entry
from domain.messages import message, plural_message
from domain.session import TrackerReading
from domain.trackers.plan import ImportPlan
from ui.dialogs.choose_file import ask_file
from ui.screens.import_check import CheckPage
from ui.screens.import_columns import ColumnsPage
from ui.theme import set_appearance
from ui.widgets.buttons import button
from ui.widgets.forms import FormRow, PassphraseEdit, choice
from ui.widgets.layout import bar, card, column, row
from ui.widgets.message_bar import MessageBar
from ui.widgets.text import label
from ui.window_services import WindowServices
from ui.words import count_text

SOURCE, COLUMNS, CHECK, RESULT = range(4)


class ImportScreen(QWidget):
    """Going back loses nothing; nothing is changed before the last step, and then all of it or none."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._file: Path | None = None
        self._tracker: TrackerReading | None = None
        self._plan: ImportPlan | None = None
        self._file_passphrase: str | None = None
        self.setAcceptDrops(True)
        down = column(self, gap=0)
        top = bar()
        across = row(top, margin=3, gap=3)
        across.addWidget(label(message("Import a tracker"), type_="title"))
        self._named = label(muted=True)
        across.addWidget(self._named, 1)
        down.addWidget(top)
        middle = row(gap=0)
        middle.addWidget(self._build_steps())
        body = QWidget()
        set_appearance(body, surface="plain")
        self._body = column(body, margin=4, gap=3)
        self.bar = MessageBar(services.icons)
        self._pages = QStackedWidget()
        self.columns, self.check = ColumnsPage(services), CheckPage(services)
        for page in (self._build_source(), self.columns, self.check, self._build_result()):
            self._pages.addWidget(page)
        self._body.addWidget(self.bar)
        self._body.addWidget(self._pages, 1)
        self._body.addLayout(self._build_foot())
        middle.addWidget(body, 1)
        down.addLayout(middle, 1)
        self.columns.changed.connect(self._on_columns_changed)
        services.workspace.session_changed.connect(self._on_session_changed)
        services.workspace.locked.connect(self.begin)
        self._show_step(SOURCE)
        self._on_session_changed()

    @property
    def step(self) -> int:
        """The step shown: SOURCE, COLUMNS, CHECK or RESULT."""
        return self._pages.currentIndex()

    def focus_content(self) -> None:
        """Put the cursor on what comes next."""
        (self._choose if self.step == SOURCE else self._next).setFocus()

    def begin(self) -> None:
        """Start anew with no file."""
        self._file = self._tracker = self._plan = None
        self._file_passphrase = None
        self._named.clear()
        self.bar.clear()
        self.columns.forget()
        self._secret.clear()
        self._show_step(SOURCE)

    def choose(self) -> None:
        """Ask for a tracker."""
        ask_file(
            self,
            title=message("Choose the tracker"),
            patterns=message("Spreadsheets (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv)"),
            then=self.read,
        )

    def read(self, file: Path, *, sheet: str = "", header_row: int = 0) -> None:
        """Read a tracker and propose its table and columns."""
        if not self._services.workspace.is_open:
            return
        vault = self._services.workspace.vault
        if not self._secret.is_empty:
            self._file_passphrase = self._secret.take()
        passphrase = self._file_passphrase
        if file != self._file:
            self.columns.forget()
        self._file = file
        self._named.setText(file.name)
        self.bar.clear()
        self._services.tasks.run_long(
            lambda _progress: vault.read_tracker(file, sheet=sheet, header_row=header_row, file_passphrase=passphrase),
            label=message("Reading the tracker"),
            context=self,
            then=self._on_read,
            failed=self._on_failed,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One local file can be dropped here."""
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped file is read as the tracker."""
        self.read(Path(event.mimeData().urls()[0].toLocalFile()))

    def _build_steps(self) -> QWidget:
        self._steps = QListWidget()
        self._steps.setAccessibleName(message("Steps of the import"))
        set_appearance(self._steps, nav=True)
        self._steps.setFixedWidth(160)
        self._steps.addItems([message("1  Source"), message("2  Columns"), message("3  Check"), message("4  Import")])
        self._steps.itemClicked.connect(self._on_step_chosen)
        self._steps.itemActivated.connect(self._on_step_chosen)
        return self._steps

    def _build_source(self) -> QWidget:
        page = QWidget()
        down = column(page, gap=3)
        frame = card()
        frame.setMaximumWidth(720)
        inside = column(frame, margin=6, gap=3)
        inside.addWidget(label(message("Choose the spreadsheet you work with today"), type_="title", wrap=True))
        inside.addWidget(
            label(
                message(
                    "Excel, LibreOffice or CSV; or drop it here. The file is only read, macros never run. You see "
                    "what becomes of every row before anything is recorded."
                ),
                muted=True,
                wrap=True,
            )
        )
        self._processes: QComboBox = choice(())
        self._process_row = FormRow(message("Rows become items of &process"), self._processes)
        self._secret = PassphraseEdit(self._services.icons)
        self._secret_row = FormRow(message("&Password of the workbook, if it has one"), self._secret)
        self._choose = button(
            message("Choose a file…"), self.choose, icons=self._services.icons, icon="import", primary=True
        )
        inside.addWidget(self._process_row)
        inside.addWidget(self._secret_row)
        across = row()
        across.addWidget(self._choose)
        across.addStretch(1)
        inside.addLayout(across)
        down.addWidget(frame)
        down.addStretch(1)
        return page

    def _build_result(self) -> QWidget:
        page = QWidget()
        down = column(page, gap=3)
        self._result = label(type_="title", wrap=True)
        self._result_text = label(wrap=True)
        down.addWidget(self._result)
        down.addWidget(self._result_text)
        across = row(gap=2)
        icons = self._services.icons
        self._show_items = button(
            message("Show the register"), lambda: self._services.workspace.go("register"), icons=icons, icon="register"
        )
        across.addWidget(self._show_items)
        across.addWidget(button(message("Import another"), self.begin, icons=icons, icon="import"))
        across.addStretch(1)
        down.addLayout(across)
        down.addStretch(1)
        return page

    def _build_foot(self) -> QHBoxLayout:
        foot = row(gap=2)
        self._table = QWidget()
        table = row(self._table, gap=2)
        self._sheet: QComboBox = choice(())
        self._sheet.setAccessibleName(message("Sheet"))
        self._sheet.setMinimumContentsLength(24)
        self._header_row = QSpinBox()
        self._header_row.setRange(1, 100_000)
        self._header_row.setAccessibleName(message("Row of the column names"))
        table.addWidget(label(message("Sheet"), muted=True))
        table.addWidget(self._sheet)
        table.addWidget(label(message("Column names in row"), muted=True))
        table.addWidget(self._header_row)
        self._again = button(message("Look there"), self._on_look_there)
        table.addWidget(self._again)
        foot.addWidget(self._table)
        foot.addStretch(1)
        self._back = button(message("Back"), self._on_back)
        self._next = button(message("Check every row"), self.go_on, primary=True)
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        return foot

    def _show_step(self, step: int) -> None:
        self._pages.setCurrentIndex(step)
        self._steps.setCurrentRow(step)
        reached = RESULT if step == RESULT else (CHECK if self._plan else COLUMNS if self._tracker else SOURCE)
        for n in range(self._steps.count()):
            item = self._steps.item(n)
            usable = n <= reached and (step != RESULT or n == RESULT)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if usable else Qt.ItemFlag.NoItemFlags)
        self._table.setVisible(step == COLUMNS)
        self._back.setVisible(step in {COLUMNS, CHECK})
        self._next.setVisible(step in {COLUMNS, CHECK})
        self._announce_next()

    def _announce_next(self) -> None:
        if self.step == COLUMNS:
            self._next.setText(message("Check every row"))
            self._next.setEnabled(not self.columns.trouble)
        elif self.step == CHECK:
            number = self.check.count("new") + self.check.count("changed")
            self._next.setText(
                plural_message("Import {count} row", "Import {count} rows", number, count=count_text(number))
            )
            self._next.setEnabled(number > 0)

    def _on_session_changed(self) -> None:
        session = self._services.workspace.session
        processes = session.processes if session else ()
        if [self._processes.itemData(n) for n in range(self._processes.count())] != [p.id for p in processes]:
            self._processes.clear()
            for each in processes:
                self._processes.addItem(each.title, each.id)
            self._processes.setCurrentIndex(max(self._processes.findData(session.busiest if session else ""), 0))

    def _on_step_chosen(self) -> None:
        wanted = self._steps.currentRow()
        if wanted < self.step:
            self._show_step(wanted)
        elif wanted == CHECK and self._plan is None:
            self.go_on()
        elif wanted > self.step and wanted != RESULT:
            self._show_step(wanted)

    def _on_back(self) -> None:
        self._show_step(max(self.step - 1, SOURCE))

    def go_on(self) -> None:
        """Do what the main button says: check every row, or import."""
        if self.step == COLUMNS:
            self._check_rows()
        elif self.step == CHECK:
            self._import()

    def _on_look_there(self) -> None:
        if self._file is not None:
            self.read(self._file, sheet=self._sheet.currentData() or "", header_row=self._header_row.value())

    def _on_read(self, tracker: TrackerReading) -> None:
        self._tracker, self._plan = tracker, None
        self.columns.show_tracker(tracker)
        self._sheet.clear()
        for name, visible, rows in tracker.sheets:
            counted = count_text(rows)
            text = (
                plural_message("{name} ({count} row)", "{name} ({count} rows)", rows, name=name, count=counted)
                if visible
                else plural_message(
                    "{name} ({count} row, hidden)", "{name} ({count} rows, hidden)", rows, name=name, count=counted
                )
            )
            self._sheet.addItem(text, name)
        self._sheet.setCurrentIndex(max(self._sheet.findData(tracker.table.sheet), 0))
        self._header_row.setValue(tracker.table.header_row)
        self._show_step(COLUMNS)
        if tracker.warnings:
            self.bar.announce(
                message("About this file"), "\n".join(f"•  {w}" for w in tracker.warnings), tone="waiting"
            )
        self._next.setFocus()

    def _on_columns_changed(self) -> None:
        self._plan = None
        self._show_step(COLUMNS)

    def _check_rows(self) -> None:
        file, tracker, vault = self._file, self._tracker, self._services.workspace.vault
        if file is None or tracker is None or self.columns.trouble:
            return
        process, mapping = self._processes.currentData(), self.columns.mapping()
        day_first, passphrase = self.columns.day_first, self._file_passphrase
        table = tracker.table
        self.bar.clear()
        self._services.tasks.run_long(
            lambda progress: vault.plan_import(
                file,
                process=process,
                mapping=mapping,
                sheet=table.sheet,
                header_row=table.header_row,
                day_first=day_first,
                file_passphrase=passphrase,
                progress=progress,
            ),
            label=message("Checking every row"),
            context=self,
            then=self._on_planned,
            failed=self._on_failed,
        )

    def _on_planned(self, plan: ImportPlan) -> None:
        self.columns.show_plan(plan)
        if plan.ambiguous and self.columns.day_first is None:
            self._show_step(COLUMNS)
            self.bar.announce(
                message("One question before the check"),
                message("Day and month cannot be distinguished by the whole column; choose below."),
                tone="waiting",
            )
            return
        self._plan = plan
        self.check.show_plan(plan)
        self._show_step(CHECK)
        self._next.setFocus()

    def _import(self) -> None:
        plan, file, vault = self._plan, self._file, self._services.workspace.vault
        if plan is None or file is None:
            return
        process, closed_words = self._processes.currentData(), self.check.closed_words()
        self.bar.clear()
        self._next.setEnabled(False)
        self._services.tasks.run_long(
            lambda progress: vault.run_import(
                plan, file, process=process, closed_words=closed_words, progress=progress
            ),
            label=message("Importing"),
            context=self,
            then=self._on_imported,
            failed=self._on_failed,
        )

    def _on_imported(self, entry: Entry) -> None:
        plan = self._plan
        if plan is None:
            return
        self._services.workspace.recorded.emit(entry)
        self._services.workspace.renew()
        self._result.setText(
            plural_message(
                "{count} new item, {changed} changed",
                "{count} new items, {changed} changed",
                len(plan.new),
                count=count_text(len(plan.new)),
                changed=count_text(len(plan.changed)),
            )
        )
        self._result_text.setText(
            message(
                "One signed entry, number {number}. Rows that were there already: {same}. Refused with their reasons: "
                "{refused}.",
                number=count_text(entry.header.seq),
                same=count_text(len(plan.same)),
                refused=count_text(len(plan.refused)),
            )
        )
        self._show_step(RESULT)
        self._show_items.setFocus()

    def _on_failed(self, problem: CountersignError) -> None:
        self._announce_next()
        if isinstance(problem, Cancelled):
            self.bar.announce(message("Cancelled. Nothing was changed."), tone="done")
        else:
            self.bar.show_error(problem)
